/** Generated requests and schedules: no request results in a right that the policy does not give. */
import fc from 'fast-check';
import { eventOf, operationsOnOthers } from './api';
import { MemoryDatabase } from './memory-database';
import { chatApiHandler } from '../../../lambda/chat-api/chat-api-handler';
import type { ChatApiEffects } from '../../../lambda/chat-api/chat-api-effects';
import { moderationOperations } from '../../../lambda/chat-api/moderation/moderation-operations';
import { disconnectLater, isDisconnectEvent } from '../../../lambda/chat-api/moderation/second-disconnect';
import { tokenOperations } from '../../../lambda/chat-api/token/token-operations';
import type { Attributes } from '../../../lambda/dynamodb/attribute-values';
import type { ChatApiConfiguration } from '../../../src/contract/chat-api/configuration';
import { CHAT_API_OPERATIONS, type ChatApiOperationName } from '../../../src/contract/chat-api/operations';
import {
  CHAT_API_PROBLEMS, chatApiProblemType, type ChatApiProblemName,
} from '../../../src/contract/chat-api/problems';
import { STANDARD_ROLES, type StandardRole } from '../../../src/contract/chat-api/roles';

const REQUESTS = process.env.LONG_TESTS ? 100_000 : 10_000;
const SCHEDULES = process.env.LONG_TESTS ? 20_000 : 300;

const room = (name: string) => `arn:aws:ivschat:eu-west-1:123456789012:room/${name}`;
const configuration: ChatApiConfiguration = {
  rooms: { lobby: room('lobby'), stage: room('stage') },
  table: 'BanList',
  roles: { viewer: 'viewer', moderator: 'moderator', host: 'host' },
  defaultRole: 'guest',
  claims: { userId: 'sub', displayName: 'name', role: 'cognito:groups' },
  sessionDurationInMinutes: 60,
};

interface Sent {
  readonly operation: string;
  readonly input: any;
}

/** The two functions with a client that records the calls to IVS Chat. */
function functionsOf(changes: Partial<ChatApiEffects> = {}) {
  const sent: Sent[] = [];
  const client: any = {
    async send({ operation, input }: any) {
      sent.push({ operation: operation.name, input });
      return { id: 'AAAAAAAAAAA1', token: 'secret-token', sessionExpirationTime: new Date(0) };
    },
  };
  const logs: unknown[] = [];
  const effects: ChatApiEffects = {
    configuration,
    database: new MemoryDatabase(),
    client,
    now: () => 0,
    sleep: async () => {},
    invokeSelf: async () => {},
    log: (record) => logs.push(record),
    ...changes,
  };
  const handlers = {
    token: chatApiHandler('token', tokenOperations(effects), effects),
    moderation: chatApiHandler('moderation', moderationOperations(effects), effects),
  };
  const send = (name: ChatApiOperationName, event: any) => handlers[CHAT_API_OPERATIONS[name].function](event);
  return { send, sent, logs, effects };
}

const names = Object.keys(CHAT_API_OPERATIONS) as ChatApiOperationName[];
const value = fc.oneof(
  fc.constantFrom('lobby', 'stage', 'ada', 'host', 'admin', '*', '[host]', '__proto__', room('other'), 'SEND_MESSAGE'),
  fc.string({ maxLength: 200 }), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 }),
);
const member = fc.oneof(
  fc.constantFrom(
    'room', 'userId', 'role', 'capabilities', 'sub', 'attributes', 'eventName', 'messageId', 'reportId', 'reason',
    'durationInMinutes', 'category', 'comment', 'version', 'maxResults', 'nextToken', 'roomIdentifier', '__proto__',
  ),
  fc.string({ maxLength: 20 }),
);
const bodies = fc.oneof(
  fc.array(fc.tuple(member, value), { maxLength: 6 }).map((entries) =>
    `{${entries.map(([name, content]) => `${JSON.stringify(name)}:${JSON.stringify(content)}`).join()}}`),
  fc.record({
    room: fc.constantFrom('lobby', 'stage'),
    userId: fc.constantFrom('bob', 'ada'),
    durationInMinutes: fc.integer({ min: 1, max: 9 }),
  }, { requiredKeys: [] }).map((body) => JSON.stringify(body)),
  fc.json(), fc.string({ maxLength: 100 }), fc.constant('x'.repeat(5000)), fc.constant(undefined),
);
const group = fc.constantFrom('viewer', 'moderator', 'host', 'admin', 'other', 'constructor');
const groups = fc.array(group, { maxLength: 3 });
const users = fc.constantFrom('ada', 'bob', 'cyd', '', '[ada bob]');

test(`${REQUESTS} generated requests get no capability, user ID, room or operation outside the policy`, async () => {
  const outcomes = new Map<number, number>();
  const { send, sent, logs, effects } = functionsOf();

  await fc.assert(fc.asyncProperty(
    fc.constantFrom(...names), users, groups, fc.dictionary(member, value, { maxKeys: 4 }), bodies,
    fc.dictionary(member, fc.string(), { maxKeys: 3 }), fc.boolean(), fc.constantFrom('jwt', 'lambda', undefined),
    async (name, sub, groupNames, otherClaims, body, headers, isBase64Encoded, kind) => {
      sent.length = 0;
      logs.length = 0;
      (effects.database as MemoryDatabase).items.clear();
      const text = kind === 'jwt' ? `[${groupNames.join(' ')}]` : groupNames;
      const claims = { ...otherClaims, sub, 'cognito:groups': text };
      const event = {
        ...eventOf(name, undefined, isBase64Encoded && body ? Buffer.from(body).toString('base64') : body),
        headers: { 'content-type': 'application/json', ...headers },
        queryStringParameters: headers,
        pathParameters: headers,
        isBase64Encoded,
      };
      const authorizer = kind && { [kind]: kind === 'jwt' ? { claims } : claims };
      const { statusCode, headers: answered, body: output } =
        await send(name, { ...event, requestContext: { ...event.requestContext, authorizer } });
      outcomes.set(statusCode, (outcomes.get(statusCode) ?? 0) + 1);

      // The policy, computed from the groups and not from their text.
      const roles = groupNames.filter((role) => Object.hasOwn(configuration.roles, role)) as StandardRole[];
      const rights = (roles.length > 0 ? roles : ['guest' as const]).map((role) => STANDARD_ROLES[role]);
      // The text of an array can mean two users.
      const isUser = kind !== undefined && sub !== '' && !(kind === 'jwt' && sub.startsWith('['));
      const isAllowed = name === 'CreateGuestChatToken'
        || (isUser && rights.some(({ operations }) => operations.includes(name)));
      if (!isAllowed) expect({ statusCode, sent }).toEqual({ statusCode: isUser ? 403 : 401, sent: [] });

      for (const { operation, input } of sent) {
        expect(Object.values(configuration.rooms)).toContain(input.roomIdentifier);
        if (operation !== 'CreateChatToken') continue;
        if (name === 'CreateGuestChatToken') {
          expect(input.userId).toMatch(/^guest-[0-9a-f-]{36}$/);
          expect(input.capabilities ?? []).toEqual([]);
        } else {
          expect(input.userId).toBe(sub);
          const allowed = rights.flatMap(({ capabilities }) => [...capabilities]);
          expect(input.capabilities.filter((capability: any) => !allowed.includes(capability))).toEqual([]);
        }
      }

      // Each answer is a success or a known problem, and is not stored.
      expect(answered['cache-control']).toBe('no-store');
      expect(JSON.stringify(logs)).not.toContain('secret-token');
      if (statusCode >= 300) {
        const { type, status } = JSON.parse(output!);
        const problem = (Object.keys(CHAT_API_PROBLEMS) as ChatApiProblemName[])
          .find((known) => chatApiProblemType(known) === type);
        expect({ problem, status }).toEqual({ problem, status: statusCode });
        expect(CHAT_API_PROBLEMS[problem!].status).toBe(statusCode);
        expect(statusCode).toBeLessThan(500);
      }
    },
  ), { numRuns: REQUESTS });

  // The requests reach all kinds of outcomes.
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining([200, 204, 400, 401, 403, 413]));
});

test('no HTTP request is an internal event', () => {
  const someClaims = fc.dictionary(member, fc.anything());
  const disconnect = { userId: 'ada', roomIdentifiers: [], time: 0 };
  fc.assert(fc.property(fc.constantFrom(...names), bodies, someClaims, (name, body, claims) => {
    const event = eventOf(name, { lambda: { ...claims, disconnect: {} } }, body);
    expect(isDisconnectEvent({ ...event, headers: { disconnect: '{}' } })).toBe(false);
    expect(isDisconnectEvent({ ...event, disconnect })).toBe(false);
  }));
  expect(isDisconnectEvent({ disconnect })).toBe(true);
});

test.each([
  [413, 'request-too-large', JSON.stringify({ room: 'a'.repeat(4096) }), 'application/json'],
  [413, 'request-too-large', `{"room":"${'é'.repeat(2048)}"}`, 'application/json'],
  [415, 'unsupported-media-type', '{"room":"lobby"}', 'text/plain'],
  [415, 'unsupported-media-type', '{"room":"lobby"}', 'application/jsonp'],
  [415, 'unsupported-media-type', '{"room":"lobby"}', 'text/application/json'],
  [415, 'unsupported-media-type', '{"room":"lobby"}', undefined],
  [400, 'invalid-input', '["lobby"]', 'application/json'],
  [400, 'invalid-input', '"lobby"', 'Application/JSON'],
  [400, 'invalid-input', '5', 'application/json ;charset=utf-8'],
  [400, 'invalid-input', 'null', 'application/json; charset=utf-8'],
  [400, 'invalid-input', '{"room":', 'application/json'],
] as const)('the status %i and the problem %s', async (status, problem, body, type) => {
  const authorizer = { jwt: { claims: { sub: 'ada' } } };
  const event = { ...eventOf('CreateChatToken', authorizer, body), headers: { 'content-type': type } };
  const { body: output, ...answer } = await functionsOf().send('CreateChatToken', event);
  expect(answer).toEqual({
    statusCode: status, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
  const { errors, ...document } = JSON.parse(output!);
  expect(document).toEqual({ type: chatApiProblemType(problem), ...CHAT_API_PROBLEMS[problem] });
  expect(errors).toEqual(
    status === 400 ? [{ field: 'body', message: 'must be a JSON object in UTF-8' }] : undefined);
});

test.each([
  'POST /unknown', 'GET /create-chat-token', 'POST /ban-user',
])('the route %s does not exist', async (routeKey) => {
  const event = eventOf('CreateChatToken', { jwt: { claims: { sub: 'ada' } } }, { room: 'lobby' });
  const { body, ...answer } = await functionsOf().send('CreateChatToken', { ...event, routeKey });
  expect(answer).toEqual({
    statusCode: 404, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
  expect(JSON.parse(body!)).toEqual({ type: chatApiProblemType('not-found'), ...CHAT_API_PROBLEMS['not-found'] });
});

test.each([
  [undefined, undefined], ['', {}],
])('a request with the body %j does not need a content type', async (body, headers) => {
  const event = { ...eventOf('ListBans', moderator), body, headers };
  const { statusCode, headers: answered, body: output } = await functionsOf().send('ListBans', event);
  expect([statusCode, answered, output]).toEqual([
    200, { 'content-type': 'application/json', 'cache-control': 'no-store' }, '{"bans":[]}',
  ]);
});

test('the body of a GET request is not read', async () => {
  const event = { ...eventOf('GetPolicy', { jwt: { claims: { sub: 'ada' } } }, '{'), headers: {} };
  expect((await functionsOf().send('GetPolicy', event)).statusCode).toBe(200);
});

test.each(['utf8', 'base64'] as const)('a body in %s can have 4096 bytes', async (encoding) => {
  const statusOf = async (length: number) => {
    const text = '{"room":"lobby"}'.padEnd(length);
    const event = eventOf('CreateChatToken', { jwt: { claims: { sub: 'ada' } } }, Buffer.from(text).toString(encoding));
    const isBase64Encoded = encoding === 'base64';
    return (await functionsOf().send('CreateChatToken', { ...event, isBase64Encoded })).statusCode;
  };
  expect([await statusOf(4096), await statusOf(4097)]).toEqual([200, 413]);
});

const lobby = { room: 'lobby' };
const ada = { lambda: { 'sub': 'ada', 'name': 'Ada', 'cognito:groups': ['viewer'] } };
const chatToken = { token: 'secret-token', sessionExpirationTime: new Date(0), tokenExpirationTime: new Date(0) };

test('the tokens have the attributes and the session of the configuration', async () => {
  const { send, sent, logs } = functionsOf({ configuration: { ...configuration, sessionDurationInMinutes: 45 } });
  const ask = async (name: ChatApiOperationName, authorizer?: object) => {
    const { body } = await send(name, eventOf(name, authorizer, { room: 'stage' }));
    return JSON.parse(body!);
  };
  const viewer = await ask('CreateChatToken', ada);
  const nameless = await ask('CreateChatToken', { lambda: { sub: 'bob' } });
  const guest = await ask('CreateGuestChatToken');
  const common = { ...JSON.parse(JSON.stringify(chatToken)), room: 'stage' };
  expect([viewer, nameless, guest]).toEqual([
    { ...common, userId: 'ada', displayName: 'Ada', role: 'viewer', capabilities: ['SEND_MESSAGE'] },
    { ...common, userId: 'bob', role: 'guest', capabilities: [] },
    { ...common, userId: expect.stringMatching(/^guest-/), role: 'guest', capabilities: [] },
  ]);
  const input = { roomIdentifier: room('stage'), sessionDurationInMinutes: 45 };
  expect(sent.map(({ input: given }) => given)).toEqual([
    { ...input, userId: 'ada', capabilities: ['SEND_MESSAGE'], attributes: { role: 'viewer', displayName: 'Ada' } },
    { ...input, userId: 'bob', capabilities: [], attributes: { role: 'guest' } },
    { ...input, userId: guest.userId, attributes: { role: 'guest' } },
  ]);
  expect(logs).toEqual([]); // Only the requests of moderators are recorded.
});

test.each<[ChatApiOperationName, object, object]>([
  ['SendEvent', { eventName: 'poll' }, { eventName: 'poll' }],
  ['SendEvent', { eventName: 'poll', attributes: {} }, { eventName: 'poll', attributes: {} }],
  ['SendEvent', { eventName: 'poll', attributes: { id: '1' } }, { eventName: 'poll', attributes: { id: '1' } }],
  ['DeleteMessage', { messageId: 'AAAAAAAAAAA1' }, { id: 'AAAAAAAAAAA1' }],
  ['DeleteMessage', { messageId: 'AAAAAAAAAAA1', reason: 'rude' }, { id: 'AAAAAAAAAAA1', reason: 'rude' }],
  ['DisconnectUser', { userId: 'bob' }, { userId: 'bob' }],
  ['DisconnectUser', { userId: 'bob', reason: 'rude' }, { userId: 'bob', reason: 'rude' }],
])('%s of %j calls Amazon IVS Chat with the same members', async (name, body, input) => {
  const { send, sent } = functionsOf();
  const host = { lambda: { 'sub': 'mia', 'cognito:groups': ['host'] } };
  expect(await send(name, eventOf(name, host, { ...lobby, ...body }))).toMatchObject({
    statusCode: name === 'DisconnectUser' ? 204 : 200,
  });
  expect(sent).toEqual([{ operation: name, input: { roomIdentifier: room('lobby'), ...input } }]);
});

test.each<[ChatApiOperationName, object]>([
  ['CreateChatToken', {}],
  ['CreateGuestChatToken', {}],
  ['SendEvent', { eventName: 'poll' }],
  ['DeleteMessage', { messageId: 'AAAAAAAAAAA1' }],
  ['DisconnectUser', { userId: 'bob' }],
  ['BanUser', { userId: 'bob' }],
])('%s in a room that was deleted is a problem', async (name, body) => {
  const gone = Object.assign(new Error('no'), {
    name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 },
  });
  const { send } = functionsOf({ client: { send: () => Promise.reject(gone) } as never });
  const host = { lambda: { 'sub': 'mia', 'cognito:groups': ['host'] } };
  const { statusCode, body: output } = await send(name, eventOf(name, host, { ...lobby, ...body }));
  expect([statusCode, JSON.parse(output!).type]).toEqual([410, chatApiProblemType('room-deleted')]);
});

test('a user who is muted while a token is created gets another token without capabilities', async () => {
  const database = new MemoryDatabase();
  const creationTime = '2026-01-01T00:00:00Z';
  const mute = { type: 'MUTE', userId: 'ada', roomIdentifier: '*', creationTime, expiresAt: 60 };
  const reads = [[], [mute], [mute]];
  database.query = async () => ({ Items: reads.shift()! });
  const { send, sent } = functionsOf({ database });
  const { statusCode, body } = await send('CreateChatToken', eventOf('CreateChatToken', ada, lobby));
  expect([statusCode, JSON.parse(body!)]).toEqual([200, {
    ...JSON.parse(JSON.stringify(chatToken)),
    userId: 'ada',
    displayName: 'Ada',
    role: 'viewer',
    capabilities: [],
    mutedUntil: '1970-01-01T00:01:00.000Z',
    room: 'lobby',
  }]);
  expect(sent.map(({ input }) => input.capabilities)).toEqual([['SEND_MESSAGE'], []]);
});

test('a request is counted until a minute after its minute, and the answer to the next one has a delay', async () => {
  const database = new MemoryDatabase();
  const updates: object[] = [];
  database.updateItem = async (input) => {
    updates.push(input);
    throw Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
  };
  const { send, sent } = functionsOf({ database, now: () => 150_500 });
  const { body, ...answer } = await send('CreateChatToken', eventOf('CreateChatToken', ada, lobby));
  expect(updates).toEqual([{
    TableName: 'BanList',
    Key: { pk: 'RATE#ada', sk: 'TOKEN#2' },
    UpdateExpression: 'SET expiresAt = :expiresAt ADD requests :one',
    ConditionExpression: 'attribute_not_exists(requests) OR requests < :maximum',
    ExpressionAttributeValues: { ':one': 1, ':maximum': 10, ':expiresAt': 240 },
  }]);
  expect(sent).toEqual([]);
  expect(answer).toEqual({
    statusCode: 429,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'retry-after': '30' },
  });
  expect(JSON.parse(body!)).toEqual({
    type: chatApiProblemType('too-many-requests'), ...CHAT_API_PROBLEMS['too-many-requests'], retryAfterInSeconds: 30,
  });
});

test('the acceptance of the terms is written with its time', async () => {
  const { send, effects } = functionsOf({ configuration: { ...configuration, requiredTerms: '2' }, now: () => 1000 });
  await send('AcceptTerms', eventOf('AcceptTerms', ada, { version: '2' }));
  expect([...(effects.database as MemoryDatabase).items.values()]).toEqual([
    { pk: 'USER#ada', sk: 'TERMS', version: '2', acceptanceTime: '1970-01-01T00:00:01.000Z' },
  ]);
});

test('a user who has accepted another version of the terms cannot send messages', async () => {
  const { send, effects } = functionsOf({ configuration: { ...configuration, requiredTerms: '2' } });
  (effects.database as MemoryDatabase).items.set('terms', { pk: 'USER#ada', sk: 'TERMS', version: '1' });
  const { body } = await send('CreateChatToken', eventOf('CreateChatToken', ada, lobby));
  expect(JSON.parse(body!)).toMatchObject({ capabilities: [], requiresTerms: '2' });
});

test('a mute in one room has no effect in another room', async () => {
  const { send } = functionsOf();
  await send('MuteUser', eventOf('MuteUser', moderator, { userId: 'ada', room: 'stage', durationInMinutes: 5 }));
  const sessionIn = async (key: string) =>
    JSON.parse((await send('CreateChatToken', eventOf('CreateChatToken', ada, { room: key }))).body!);
  expect(await sessionIn('stage')).toMatchObject({ capabilities: [], mutedUntil: '1970-01-01T00:05:00.000Z' });
  const session = await sessionIn('lobby');
  expect([session.capabilities, session.mutedUntil]).toEqual([['SEND_MESSAGE'], undefined]);
});

test('a body that is not UTF-8 is refused', async () => {
  const body = Buffer.from('{"room":"\xff"}', 'latin1').toString('base64');
  const event = { ...eventOf('CreateChatToken', { jwt: { claims: { sub: 'ada' } } }, body), isBase64Encoded: true };
  const { body: output } = await functionsOf().send('CreateChatToken', event);
  expect(JSON.parse(output!).errors).toEqual([{ field: 'body', message: 'must be a JSON object in UTF-8' }]);
});

test('an error names each invalid and each unknown field', async () => {
  const long = 'x'.repeat(101);
  const body = { userId: '', durationInMinute: 5, room: 'a b', constructor: 1, [long]: 1 };
  const event = eventOf('BanUser', { lambda: { 'sub': 'mia', 'cognito:groups': ['moderator'] } }, body);
  const { body: output } = await functionsOf().send('BanUser', event);
  expect(JSON.parse(output!).errors).toEqual([
    { field: 'durationInMinute', message: 'is unknown, expected one of room, userId, reason, durationInMinutes' },
    { field: 'constructor', message: 'is unknown, expected one of room, userId, reason, durationInMinutes' },
    { field: long.slice(1), message: 'is unknown, expected one of room, userId, reason, durationInMinutes' },
    { field: 'room', message: 'must contain only letters, digits, hyphens and underscores, got "a b"' },
    { field: 'userId', message: 'must be between 1 and 128 characters, got 0' },
  ]);
});

test.each<[ChatApiOperationName, object]>([
  ['BanUser', {}],
  ['UnbanUser', {}],
  ['MuteUser', { durationInMinutes: 1 }],
  ['UnmuteUser', {}],
  ['DisconnectUser', {}],
])('%s answers the same for a user who exists and for one who does not', async (name, body) => {
  const answers = await Promise.all(['ada', 'nobody'].map(async (userId) => {
    const { send, effects } = functionsOf();
    await send('CreateChatToken', eventOf('CreateChatToken', { lambda: { sub: 'ada' } }, { room: 'lobby' }));
    await send('BanUser', eventOf('BanUser', moderator, { userId: 'ada' }));
    expect((effects.database as MemoryDatabase).items.size).toBeGreaterThan(0);
    return send(name, eventOf(name, moderator, { ...body, userId, room: 'lobby' }));
  }));
  const success = { statusCode: 204, headers: { 'cache-control': 'no-store' }, body: undefined };
  expect(answers).toEqual([success, success]);
});

const moderator = { lambda: { 'sub': 'mia', 'cognito:groups': ['moderator'] } };

describe('a request that is refused has no effect:', () => {
  /** Sends a request, and returns its status, its items in the table and its other effects. */
  async function effectsOf(name: ChatApiOperationName, authorizer: object, body: object, before: Attributes[] = []) {
    const database = new MemoryDatabase();
    for (const item of before) database.items.set(JSON.stringify([item.pk, item.sk]), item);
    const invokeSelf = jest.fn(async () => {});
    const changes = { database, invokeSelf, configuration: { ...configuration, requiredTerms: '2' } };
    const { send, sent } = functionsOf(changes);
    const { statusCode } = await send(name, eventOf(name, authorizer, body));
    return { statusCode, items: [...database.items.values()], sent, invocations: invokeSelf.mock.calls.length };
  }
  const nothing = { sent: [], invocations: 0 };

  test.each(operationsOnOthers)('%s of oneself', async (name, body) => {
    const mute = { pk: 'USER#mia', sk: 'MUTE#*', type: 'MUTE', roomIdentifier: '*', creationTime: '1970-01-01' };
    expect(await effectsOf(name, moderator, { ...body, userId: 'mia' }, [mute]))
      .toEqual({ ...nothing, statusCode: 400, items: [mute] });
  });

  test.each<[ChatApiOperationName, object]>([
    ['BanUser', { userId: 'ada' }],
    ['UnbanUser', { userId: 'ada' }],
    ['DeleteMessage', { messageId: 'AAAAAAAAAAA1', room: 'lobby' }],
    ['DisconnectUser', { userId: 'ada', room: 'lobby' }],
    ['ReportUser', { userId: 'ada', category: 'SPAM' }],
  ])('%s by a user who is banned', async (name, body) => {
    const ban = { type: 'BAN', roomIdentifier: '*', creationTime: '1970-01-01' };
    const bans = ['mia', 'ada'].map((userId) => ({ ...ban, pk: `USER#${userId}`, sk: 'BAN#*' }));
    expect(await effectsOf(name, moderator, body, bans)).toEqual({ ...nothing, statusCode: 403, items: bans });
  });

  test('the acceptance of another version of the terms', async () => {
    expect(await effectsOf('AcceptTerms', ada, { version: '1' })).toEqual({ ...nothing, statusCode: 400, items: [] });
  });

  test('the 11th report of a user in a minute', async () => {
    const count = { pk: 'RATE#ada', sk: 'REPORT#0', requests: 10 };
    const database = new MemoryDatabase();
    database.items.set(JSON.stringify([count.pk, count.sk]), count);
    const { send } = functionsOf({ database });
    const event = eventOf('ReportUser', ada, { userId: 'bob', category: 'SPAM' });
    expect((await send('ReportUser', event)).statusCode).toBe(429);
    expect([...database.items.values()]).toEqual([count]);
  });
});

test('an unknown room is refused like an operation without the right', async () => {
  const { send } = functionsOf();
  const unknown = await send('BanUser', eventOf('BanUser', moderator, { userId: 'ada', room: 'other' }));
  const viewer = { lambda: { sub: 'ada' } };
  const forbidden = await send('BanUser', eventOf('BanUser', viewer, { userId: 'bob', room: 'lobby' }));
  expect(unknown).toEqual(forbidden);
  expect(unknown.statusCode).toBe(403);
});

test('the 11th token of a user in a minute is refused, also when all are asked for at once', async () => {
  const { send } = functionsOf();
  const ask = (sub: string) =>
    send('CreateChatToken', eventOf('CreateChatToken', { lambda: { sub } }, { room: 'lobby' }));
  const answers = await Promise.all(Array.from({ length: 15 }, () => ask('ada')));
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(10);
  expect(answers.find(({ statusCode }) => statusCode === 429)!.headers['retry-after']).toBe('60');
  expect((await ask('bob')).statusCode).toBe(200);
});

test('an error of the database is not reported as too many requests', async () => {
  const database = new MemoryDatabase();
  database.updateItem = () => Promise.reject(new Error('the database is down'));
  const { send, logs } = functionsOf({ database });
  const event = eventOf('CreateChatToken', { lambda: { sub: 'ada' } }, { room: 'lobby' });
  const { statusCode } = await send('CreateChatToken', event);
  expect(statusCode).toBe(500);
  expect(logs).toEqual([{
    level: 'ERROR', operation: 'CreateChatToken', requestId: 'request-1', error: 'Error', frames: expect.any(Array),
  }]);
});

test('a ban is written, and is an error, if the second disconnect cannot be scheduled', async () => {
  const failure = Object.assign(new Error('no'), { name: 'HTTP403' });
  const { send, logs, effects } = functionsOf({ invokeSelf: () => Promise.reject(failure) });
  const { statusCode } = await send('BanUser', eventOf('BanUser', moderator, { userId: 'ada', room: 'lobby' }));
  expect(statusCode).toBe(500);
  expect(logs).toMatchObject([{ operation: 'BanUser', error: 'HTTP403' }, { type: 'audit', result: 'internal-error' }]);
  expect([...(effects.database as MemoryDatabase).items.values()]).toMatchObject([{ type: 'BAN', userId: 'ada' }]);
});

test.each([
  ['lobby', [room('lobby')]], [undefined, [room('lobby'), room('stage')]],
])('the second disconnect from %s is 62 seconds after the ban, by the clock of the function', async (key, rooms) => {
  const invokeSelf = jest.fn(async () => {});
  const { send } = functionsOf({ invokeSelf, now: () => 1000 });
  await send('BanUser', eventOf('BanUser', moderator, { userId: 'ada', room: key }));
  expect(invokeSelf.mock.calls).toEqual([[{ disconnect: { userId: 'ada', roomIdentifiers: rooms, time: 63_000 } }]]);
});

test.each([[5, '1970-01-01T00:05:00.000Z'], [undefined, undefined]])(
  'a user who is banned for %j minutes knows the end of the ban', async (durationInMinutes, bannedUntil) => {
    const { send, sent } = functionsOf();
    await send('BanUser', eventOf('BanUser', moderator, { userId: 'ada', room: 'lobby', durationInMinutes }));
    sent.length = 0;
    const { statusCode, body } = await send('CreateChatToken', eventOf('CreateChatToken', ada, lobby));
    expect([statusCode, JSON.parse(body!)]).toEqual([403, {
      type: chatApiProblemType('banned'), ...CHAT_API_PROBLEMS.banned, ...bannedUntil && { bannedUntil },
    }]);
    expect(sent).toEqual([]);
  });

test('the lists do not name the rooms of other APIs that share the table', async () => {
  const { send, effects } = functionsOf();
  const { items } = effects.database as MemoryDatabase;
  const time = '1970-01-01T00:00:00.000Z';
  const ban = { type: 'BAN', userId: 'ada', creationTime: time };
  const times = { creationTime: time, dueTime: time };
  const report = { reportId: '1', userId: 'ada', reporterId: 'bob', category: 'SPAM', ...times };
  for (const name of ['stage', 'other']) {
    const roomIdentifier = room(name);
    items.set(`ban in ${name}`, { ...ban, roomIdentifier, list: 'RESTRICTIONS' });
    items.set(`report in ${name}`, { ...report, roomIdentifier, list: 'REPORTS#OPEN' });
  }
  const bodyOf = async (name: ChatApiOperationName) =>
    JSON.parse((await send(name, eventOf(name, moderator, {}))).body!);
  expect(await bodyOf('ListBans')).toEqual({ bans: [{ ...ban, room: 'stage' }, ban] });
  const reported = { ...report, status: 'OPEN' };
  expect(await bodyOf('ListReports')).toEqual({ reports: [{ ...reported, room: 'stage' }, reported] });
});

test(`in ${SCHEDULES} schedules of a ban and tokens, no session outlives the second disconnect`, async () => {
  const times = (length: number, max: number) =>
    fc.array(fc.integer({ min: 0, max }), { minLength: length, maxLength: length });
  const viewer = { lambda: { 'sub': 'ada', 'cognito:groups': 'viewer' } };
  let handedOut = 0;
  let refused = 0;
  await fc.assert(fc.asyncProperty(
    fc.scheduler(), fc.integer({ min: 0, max: 6 }), times(4, 60_000), times(30, 3000),
    async (scheduler, banAt, connectAfter, delays) => {
      let now = 1_000_000;
      let step = 0;
      // Each operation takes a time, and other requests can run before and after it.
      const pause = () => scheduler.schedule(Promise.resolve()).then(() => {
        now += delays[step++ % delays.length]!;
      });
      const tokens: { readonly created: number; isHandedOut?: boolean }[] = [];
      const disconnects: number[] = [];
      const client: any = {
        async send({ operation }: any) {
          await pause();
          const created = now;
          if (operation.name === 'DisconnectUser') disconnects.push(created);
          else tokens.push({ created });
          const index = String(tokens.length - 1);
          await pause();
          return { token: index, sessionExpirationTime: new Date(0) };
        },
      };
      const database = new MemoryDatabase(pause);
      let internalEvent: any;
      const { send, effects } = functionsOf({
        database, client, now: () => now, invokeSelf: async (event) => void (internalEvent = event),
      });

      const ask = async () => {
        const { statusCode, body } =
          await send('CreateChatToken', eventOf('CreateChatToken', viewer, { room: 'lobby' }));
        if (statusCode === 200) tokens[Number(JSON.parse(body!).token)]!.isHandedOut = true;
        else refused++;
      };
      const ban = async () => {
        for (let count = 0; count < banAt; count++) await pause();
        await send('BanUser', eventOf('BanUser', moderator, { userId: 'ada' }));
      };
      await scheduler.waitFor(Promise.all([ask(), ask(), ban(), ask(), ask()]));
      const banEnd = now;

      let slept = 0;
      const sleep = async (milliseconds: number) => {
        slept = milliseconds;
        now += milliseconds;
      };
      const counted = { send: async () => disconnects.push(now) };
      await disconnectLater(internalEvent, { ...effects, client: counted as any, sleep });
      expect(slept).toBeLessThanOrEqual(62_000);

      const last = Math.max(...disconnects);
      for (const [index, { created, isHandedOut }] of tokens.entries()) {
        if (!isHandedOut) continue;
        handedOut++;
        // The user connects as late as the token allows.
        const connected = created + connectAfter[index % connectAfter.length]!;
        expect(connected).toBeLessThan(last);
      }
      // From the response of the ban on, nobody gets a token.
      await Promise.all([scheduler.waitFor(ask()), scheduler.waitAll()]);
      expect(tokens.filter(({ created, isHandedOut }) => isHandedOut && created > banEnd)).toEqual([]);
    },
  ), { numRuns: SCHEDULES });
  expect(handedOut).toBeGreaterThan(SCHEDULES / 10);
  expect(refused).toBeGreaterThan(SCHEDULES);
});
