/** The permissions of the two functions: the construct grants exactly the actions that the operations use. */
import { CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Template } from 'aws-cdk-lib/assertions';
import { claimsOf, eventOf } from './api';
import { MemoryDatabase } from './memory-database';
import { chatApiHandler } from '../../../lambda/chat-api/chat-api-handler';
import type { ChatApiEffects } from '../../../lambda/chat-api/chat-api-effects';
import { moderationOperations } from '../../../lambda/chat-api/moderation/moderation-operations';
import { tokenOperations } from '../../../lambda/chat-api/token/token-operations';
import { ChatApi } from '../../../src';
import {
  CHAT_API_OPERATIONS, type ChatApiFunction, type ChatApiOperationName,
} from '../../../src/contract/chat-api/operations';
import { newStack } from '../../src/stack';

const ROOM = 'arn:aws:ivschat:eu-west-1:123456789012:room/abcdefghijkl';
const used: Record<ChatApiFunction, Set<string>> = { token: new Set(), moderation: new Set() };

/** Returns a database that records its operations, with the index if the operation uses it. */
function recordingDatabase(name: ChatApiFunction, database: MemoryDatabase): ChatApiEffects['database'] {
  const record = <Operation extends keyof ChatApiEffects['database']>(operation: Operation) => (input: any) => {
    const action = `dynamodb:${operation[0]!.toUpperCase()}${operation.slice(1)}`;
    used[name].add(`${action} ${input.IndexName ? 'index' : 'table'}`);
    return (database[operation] as (given: any) => any)(input);
  };
  return {
    query: record('query'),
    getItem: record('getItem'),
    putItem: record('putItem'),
    updateItem: record('updateItem'),
    deleteItem: record('deleteItem'),
  };
}

function newHandlers() {
  const database = new MemoryDatabase();
  const effectsOf = (name: ChatApiFunction): ChatApiEffects => ({
    configuration: {
      rooms: { lobby: ROOM },
      table: 'bans',
      roles: { viewer: 'viewer', host: 'host' },
      defaultRole: 'viewer',
      claims: { userId: 'sub', displayName: 'name', role: 'cognito:groups' },
      sessionDurationInMinutes: 60,
      requiredTerms: '1',
    },
    database: recordingDatabase(name, database),
    client: {
      send: async (command: object) => {
        used[name].add(`ivschat:${command.constructor.name.replace(/^_*|Command\d*$/g, '')} room`);
        return { token: 'token', id: 'AAAAAAAAAAA1', sessionExpirationTime: new Date() };
      },
    } as ChatApiEffects['client'],
    now: Date.now,
    sleep: async () => {},
    invokeSelf: async () => void used[name].add('lambda:InvokeFunction function'),
    log: () => {},
  });
  const [token, moderation] = [effectsOf('token'), effectsOf('moderation')];
  return {
    token: chatApiHandler('token', tokenOperations(token), token),
    moderation: chatApiHandler('moderation', moderationOperations(moderation), moderation),
  };
}

/** Returns the actions of the role of a function, with the kind of each resource. */
function granted(name: 'Token' | 'Moderation'): string[] {
  const stack = newStack();
  new ChatApi(stack, 'Chat', { rooms: { lobby: new CfnRoom(stack, 'Room') }, authorizer: new HttpIamAuthorizer() });
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const kindOf = (resource: any) => {
    const json = JSON.stringify(resource);
    if (json.includes('/index/')) return 'index';
    return ['LogGroup', 'BanList', 'Function', 'Room'].find((part) => json.includes(part))!
      .replace('BanList', 'table').toLowerCase();
  };
  return policies.filter(([id]) => id.startsWith(`Chat${name}`))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) => [Action].flat()
      .flatMap((action) => [Resource].flat().map((resource) => `${action} ${kindOf(resource)}`)))
    .filter((permission) => !permission.startsWith('logs:'))
    .sort();
}

beforeAll(async () => {
  const handlers = newHandlers();
  const call = async (name: ChatApiOperationName, userId: string, body?: object) => {
    const authorizer = { jwt: { claims: claimsOf(userId, 'host') } };
    const answer = await handlers[CHAT_API_OPERATIONS[name].function](eventOf(name, authorizer, body));
    expect([name, answer.statusCode, answer.statusCode < 300]).toEqual([name, answer.statusCode, true]);
    return answer.body ? JSON.parse(answer.body) : undefined;
  };

  await call('CreateChatToken', 'hal');
  await call('CreateGuestChatToken', 'hal');
  await call('GetPolicy', 'hal');
  await call('AcceptTerms', 'hal', { version: '1' });
  await call('SendEvent', 'hal', { eventName: 'poll' });
  await call('DeleteMessage', 'hal', { messageId: 'AAAAAAAAAAA1' });
  await call('DisconnectUser', 'hal', { userId: 'eve' });
  await call('BanUser', 'hal', { userId: 'eve' });
  await call('UnbanUser', 'hal', { userId: 'eve' });
  await call('ListBans', 'hal');
  await call('MuteUser', 'hal', { userId: 'eve', durationInMinutes: 5 });
  await call('UnmuteUser', 'hal', { userId: 'eve' });
  await call('BlockUser', 'hal', { userId: 'eve' });
  await call('UnblockUser', 'hal', { userId: 'eve' });
  await call('ListBlockedUsers', 'hal');
  await call('ReportMessage', 'ada', { userId: 'eve', messageId: 'AAAAAAAAAAA1', category: 'SPAM' });
  await call('ReportUser', 'ada', { userId: 'eve', category: 'SPAM' });
  const { reports: [report] } = await call('ListReports', 'hal');
  await call('ResolveReport', 'hal', {
    reportId: report.reportId, decision: 'NO_ACTION', facts: 'Nothing happened.', ground: 'The terms',
  });
  await call('ListDecisions', 'ada');
  await call('AppealDecision', 'ada', { reportId: report.reportId, comment: 'Look again.' });
});

test.each([['Token', 'token'], ['Moderation', 'moderation']] as const)(
  'the %s function has exactly the permissions that its operations use', (name, key) => {
    expect(granted(name)).toEqual([...used[key]].sort());
  });
