import { CHAT_API_OPERATIONS, type ChatApiOperation } from '../../../../src/contract/chat-api/operations';

const TOKEN = ['CreateChatToken', 'CreateGuestChatToken', 'GetPolicy', 'AcceptTerms'];
const operations = Object.entries<ChatApiOperation>(CHAT_API_OPERATIONS);

test('each operation has these members, and those before the line are required', () => {
  const members = operations.map(([name, { input: { members: all, required = [] } }]) =>
    [name, `${required.join(' ')} | ${Object.keys(all).filter((member) => !required.includes(member)).join(' ')}`]);
  expect(Object.fromEntries(members)).toEqual({
    CreateChatToken: ' | room',
    CreateGuestChatToken: ' | room',
    GetPolicy: ' | ',
    AcceptTerms: 'version | ',
    SendEvent: 'eventName | room attributes',
    DeleteMessage: 'messageId | room reason',
    DisconnectUser: 'userId | room reason',
    BanUser: 'userId | room reason durationInMinutes',
    UnbanUser: 'userId | room',
    ListBans: ' | maxResults nextToken',
    MuteUser: 'userId durationInMinutes | room reason',
    UnmuteUser: 'userId | room',
    BlockUser: 'userId | ',
    UnblockUser: 'userId | ',
    ListBlockedUsers: ' | maxResults nextToken',
    ReportMessage: 'messageId userId category | room content comment',
    ReportUser: 'userId category | room comment',
    ListReports: ' | status maxResults nextToken',
    ResolveReport: 'reportId decision facts ground | automatedDecision',
    ListDecisions: ' | maxResults nextToken',
    AppealDecision: 'reportId comment | ',
  });
});

test('the token function has four operations, and the moderation function has the others', () => {
  const ofToken = operations.filter(([, operation]) => operation.function === 'token');
  expect(ofToken.map(([name]) => name)).toEqual(TOKEN);
});

test('one operation is public, one has the method GET, and those with an output answer 200', () => {
  const withMember = (member: keyof ChatApiOperation, value: unknown) =>
    operations.filter(([, operation]) => operation[member] === value).map(([name]) => name);
  expect(withMember('isPublic', true)).toEqual(['CreateGuestChatToken']);
  expect(withMember('method', 'GET')).toEqual(['GetPolicy']);
  expect(withMember('status', 200)).toEqual([
    'CreateChatToken', 'CreateGuestChatToken', 'GetPolicy', 'SendEvent', 'DeleteMessage', 'ListBans',
    'ListBlockedUsers', 'ReportMessage', 'ReportUser', 'ListReports', 'ListDecisions',
  ]);
});
