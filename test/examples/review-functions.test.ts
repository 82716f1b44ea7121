/** The review functions of live-chat and moderated-chat, without AWS: their answer to each message. */
import { handler as reviewOfLiveChat } from '../../examples/live-chat/review-function';
import { handler as reviewOfModeratedChat } from '../../examples/moderated-chat/review-function';

/** The questions about users, such as `isBanned`, and the users for whom the answer is yes. */
const mockQuestions: [name: string, user: { readonly userId: string }][] = [];
const mockRestricted: { [name: string]: string[] } = {};
function mockAsk(name: string) {
  return async (user: { readonly userId: string }) => {
    mockQuestions.push([name, user]);
    if (!mockRestricted[name]) throw new Error('no connection');
    return mockRestricted[name].includes(user.userId);
  };
}
jest.mock('cdk-ivs-chat/runtime', () => ({
  ...jest.requireActual('cdk-ivs-chat/runtime'), isBanned: mockAsk('isBanned'), isMuted: mockAsk('isMuted'),
}));

const RoomArn = 'arn:aws:ivschat:us-west-2:123456789012:room/abcdefghijkl';
const eventOf = (Content: string, UserId = 'ada') =>
  ({ Content, MessageId: 'AAAAAAAAAAA1', RoomArn, Attributes: { a: 'b' }, Sender: { UserId, Ip: '192.0.2.1' } });
const before = { ...process.env };

beforeEach(() => {
  mockQuestions.length = 0;
  Object.assign(mockRestricted, { isBanned: ['bob'], isMuted: ['mia'] });
  process.env.BAN_LIST = 'bans';
  jest.spyOn(console, 'error').mockImplementation();
});
afterEach(() => {
  process.env = before;
  jest.restoreAllMocks();
});

const allowed = (Content: string) => ({ ReviewResult: 'ALLOW', Content, Attributes: { a: 'b' } });
const denied = (Content: string, Reason: string) => ({ ReviewResult: 'DENY', Content, Attributes: { Reason } });
const failed = (Content: unknown) => ({ ReviewResult: 'DENY', Content, Attributes: { a: 'b' } });
const profanity = 'The message contains a blocked word.';
const links = 'Links are not allowed.';

test.each([
  ['Good evening', allowed('Good evening')],
  ['Scunthorpe: see example.com', allowed('Scunthorpe: see example.com')],
  ['See http://example.com', denied('See http://example.com', links)],
  ['HTTPS:x', denied('HTTPS:x', links)],
  ['WWW.example.com', denied('WWW.example.com', links)],
  ['What an a$$hole', denied('What an a$$hole', profanity)],
  [undefined as never, failed(undefined)],
])('live-chat answers the message %j', async (content, expected) => {
  expect(await reviewOfLiveChat(eventOf(content))).toEqual(expected);
});

test.each([
  ['Good evening', 'ada', allowed('Good evening')],
  ['See http://example.com', 'ada', allowed('See http://example.com')],
  ['What an a$$hole', 'ada', denied('What an a$$hole', profanity)],
  ['Hi', 'bob', denied('Hi', 'A moderator has muted you.')],
  ['Hi', 'mia', denied('Hi', 'A moderator has muted you.')],
])('moderated-chat answers the message %j of %s', async (content, userId, expected) => {
  expect(await reviewOfModeratedChat(eventOf(content, userId))).toEqual(expected);
  const user = { banList: 'bans', userId, roomIdentifier: RoomArn };
  expect(mockQuestions).toEqual(content.includes('$') ? [] : [['isBanned', user], ['isMuted', user]]);
});

test('moderated-chat denies the messages if the ban list cannot be read', async () => {
  delete mockRestricted.isMuted;
  expect(await reviewOfModeratedChat(eventOf('Hi'))).toEqual(failed('Hi'));
});
