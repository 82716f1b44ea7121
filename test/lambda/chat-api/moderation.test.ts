/** The moderation function, on a local IVS Chat and an in-memory DynamoDB. */
import { claimsOf, disconnectLater, isDisconnectEvent, operationsOnOthers, startApi, type Api } from './api';
import { enterRoom, next } from '../../../examples/live-chat/enter-room';
import { CHAT_API_OPERATIONS, type ChatApiOperationName } from '../../../src/contract/chat-api/operations';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});
beforeEach(() => {
  api.invocations.length = 0;
  api.logs.length = 0;
});
afterAll(() => api.close());

const moderator = claimsOf('mia', 'moderator');
const host = claimsOf('hal', 'host');
const problem = (name: string) => `https://cdk-ivs-chat.dev/problems/${name}`;
const moderate = async (operation: ChatApiOperationName, body?: object) => {
  const answer = await api.call(operation, moderator, body);
  expect(answer).toMatchObject({ status: answer.body ? 200 : 204 });
  return answer.body;
};

/** Enters a room with a token of the API. */
async function enter(userId: string, roomKey: string) {
  const { body } = await api.call('CreateChatToken', claimsOf(userId), { room: roomKey });
  return enterRoom(api.ivsChat.messaging, async () => ({
    token: body.token, sessionExpirationTime: new Date(body.sessionExpirationTime),
  }));
}

describe('a ban from all rooms', () => {
  test('closes the connections to all rooms, refuses tokens, and ends', async () => {
    const rooms = [await enter('bob', 'lobby'), await enter('bob', 'stage')];
    const disconnected = rooms.map((room) => next(room, 'disconnect'));
    await moderate('BanUser', { userId: 'bob', reason: 'spam' });
    await Promise.all(disconnected);
    for (const room of ['lobby', 'stage']) {
      expect((await api.call('CreateChatToken', claimsOf('bob'), { room })).body.type).toBe(problem('banned'));
    }
    await moderate('UnbanUser', { userId: 'bob' });
    expect((await api.call('CreateChatToken', claimsOf('bob'), { room: 'lobby' })).status).toBe(200);
  });

  test('is ended together with the bans of single rooms', async () => {
    await moderate('BanUser', { userId: 'kim', room: 'lobby' });
    await moderate('UnbanUser', { userId: 'kim' });
    expect((await api.call('CreateChatToken', claimsOf('kim'), { room: 'lobby' })).status).toBe(200);
  });

  test('disconnects the user from all rooms once more after 62 seconds', async () => {
    const before = Date.now();
    await moderate('BanUser', { userId: 'cyd' });
    const [event] = api.invocations;
    expect(api.invocations).toHaveLength(1);
    expect(isDisconnectEvent(event)).toBe(true);
    const waits: number[] = [];
    const sent: object[] = [];
    const client: any = { send: async (command: { input: object }) => sent.push(command.input) };
    const sleep = async (wait: number) => void waits.push(wait);
    await disconnectLater(event, { ...api.effects, client, now: () => event.disconnect.time - 61_000, sleep });
    expect(event.disconnect.time).toBeGreaterThanOrEqual(before + 62_000);
    expect(waits).toEqual([61_000]);
    for (const time of [event.disconnect.time + 1, event.disconnect.time - 100_000]) {
      await disconnectLater(event, { ...api.effects, client: { send() {} } as any, now: () => time, sleep });
    }
    expect(waits.slice(1)).toEqual([0, 62_000]);
    expect(sent).toEqual(Object.values(api.effects.configuration.rooms)
      .map((roomIdentifier) => ({ roomIdentifier, userId: 'cyd' })));
  });

  test('is written and the second disconnect is scheduled if the first disconnect fails', async () => {
    const broken = await startApi();
    const failure = Object.assign(new Error('secret'), { name: 'InternalServerException' });
    Object.assign(broken.effects, { client: { send: () => Promise.reject(failure) } });
    const answer = await broken.call('BanUser', moderator, { userId: 'dan' });
    expect(answer).toMatchObject({ status: 500, body: { type: problem('internal-error') } });
    expect(broken.invocations).toHaveLength(1);
    const { body } = await broken.call('CreateChatToken', claimsOf('dan'), { room: 'lobby' });
    expect(body.type).toBe(problem('banned'));
    expect(JSON.stringify(broken.logs)).not.toContain('secret');
    await broken.close();
  });
});

test('ListBans returns bans and mutes, the latest first, in pages', async () => {
  await moderate('BanUser', { userId: 'list-1', room: 'lobby', reason: 'one' });
  await moderate('MuteUser', { userId: 'list-2', durationInMinutes: 1 });
  await moderate('BanUser', { userId: 'list-3', durationInMinutes: 1 });
  const first = await moderate('ListBans', { maxResults: 2 });
  const second = await moderate('ListBans', { maxResults: 1, nextToken: first.nextToken });
  const common = { moderatorId: 'mia', creationTime: expect.any(String) };
  const { creationTime, expirationTime } = first.bans[0];
  const duration = Date.parse(expirationTime) - Date.parse(creationTime);
  expect(Math.floor(duration / 1000)).toBe(60); // DynamoDB expires items at whole seconds.
  expect([...first.bans, ...second.bans]).toEqual([
    { ...common, type: 'BAN', userId: 'list-3', expirationTime: expect.any(String) },
    { ...common, type: 'MUTE', userId: 'list-2', expirationTime: expect.any(String) },
    { ...common, type: 'BAN', userId: 'list-1', room: 'lobby', reason: 'one' },
  ]);
});

test('an expired ban has no effect and is not listed, although DynamoDB has not deleted it', async () => {
  await moderate('BanUser', { userId: 'late', durationInMinutes: 1 });
  const isRefused = async () =>
    (await api.call('CreateChatToken', claimsOf('late'), { room: 'lobby' })).status === 403;
  api.advance(59_000);
  expect(await isRefused()).toBe(true);
  api.advance(2_001);
  expect((await api.call('CreateChatToken', claimsOf('late'), { room: 'lobby' })).status).toBe(200);
  expect((await moderate('ListBans')).bans.filter(({ userId }: any) => userId === 'late')).toEqual([]);
});

test('SendEvent and DeleteMessage return the ID of the event', async () => {
  expect(await api.call('SendEvent', host, { room: 'lobby', eventName: 'app:GOAL', attributes: { team: 'a' } }))
    .toMatchObject({ status: 200, body: { id: expect.any(String) } });
  const messageId = 'AAAAAAAAAAA1';
  expect(await api.call('DeleteMessage', moderator, { room: 'lobby', messageId, reason: 'spam' }))
    .toMatchObject({ status: 200, body: { id: expect.not.stringMatching(messageId) } });
  expect((await api.call('SendEvent', moderator, { room: 'lobby', eventName: 'app:GOAL' })).body.type)
    .toBe(problem('forbidden'));
});

test('SendEvent, DeleteMessage and DisconnectUser give all members of the request to the service', async () => {
  const { client, configuration: { rooms: { stage: roomIdentifier } } } = api.effects;
  const sent: object[] = [];
  const send = async (command: { input: object }) => {
    sent.push(command.input);
    return { id: 'event-1' };
  };
  Object.assign(api.effects, { client: { send } });
  await api.call('SendEvent', host, { room: 'stage', eventName: 'app:GOAL', attributes: { team: 'a' } });
  await moderate('DeleteMessage', { room: 'stage', messageId: 'AAAAAAAAAAA1', reason: 'spam' });
  await moderate('DisconnectUser', { room: 'stage', userId: 'bob', reason: 'spam' });
  Object.assign(api.effects, { client });
  expect(sent).toEqual([
    { roomIdentifier, eventName: 'app:GOAL', attributes: { team: 'a' } },
    { roomIdentifier, id: 'AAAAAAAAAAA1', reason: 'spam' },
    { roomIdentifier, userId: 'bob', reason: 'spam' },
  ]);
});

test('a user blocks others, and only the user sees the list', async () => {
  const ada = claimsOf('ada');
  for (const userId of ['troll-1', 'troll-2']) await api.call('BlockUser', ada, { userId });
  await api.call('UnblockUser', ada, { userId: 'troll-1' });
  const { body } = await api.call('ListBlockedUsers', ada, {});
  expect(body).toEqual({ blockedUsers: [{ userId: 'troll-2', creationTime: expect.any(String) }] });
  expect((await api.call('ListBlockedUsers', claimsOf('bea'), {})).body).toEqual({ blockedUsers: [] });
});

test('a token of a page does not open the list of another user', async () => {
  for (const userId of ['one', 'two', 'three']) await api.call('BlockUser', claimsOf('cat'), { userId });
  const { body: { nextToken } } = await api.call('ListBlockedUsers', claimsOf('cat'), { maxResults: 1 });
  expect((await api.call('ListBlockedUsers', claimsOf('cat'), { nextToken })).body.blockedUsers).toHaveLength(2);
  expect((await api.call('ListBlockedUsers', claimsOf('dot'), { nextToken })).body.blockedUsers).toEqual([]);
});

test.each(['x', 'W10', 'WyJhIiwiYiIsImMiXQ', 'bnVsbA', '🙂'])('the token %s of a page is refused', async (nextToken) => {
  expect((await api.call('ListBlockedUsers', claimsOf('cat'), { nextToken })).body.errors)
    .toEqual([{ field: 'nextToken', message: 'must be a token of an earlier page' }]);
});

describe('a report', () => {
  const report = async (category: string, reporter = 'rea', userId = 'troll') => (await api.call(
    'ReportMessage', claimsOf(reporter),
    { room: 'lobby', messageId: 'AAAAAAAAAAA1', userId, category, content: 'the words', comment: 'please' },
  )).body;
  const resolve = (reportId: string, decision: string) =>
    api.call('ResolveReport', moderator, { reportId, decision, facts: 'A message', ground: 'Rule 3 of the terms' });
  const decisionsOf = async (userId: string) => (await api.call('ListDecisions', claimsOf(userId), {})).body.decisions;

  test('is due after 24 hours, and child safety is first in the queue', async () => {
    const before = Date.now();
    const spam = await report('SPAM', 'queue-1');
    const child = await report('CHILD_SAFETY', 'queue-2');
    expect(Date.parse(spam.dueTime) - before).toBeGreaterThanOrEqual(86_400_000);
    const { reports } = await moderate('ListReports', {});
    expect(reports.map(({ reportId }: any) => reportId)).toEqual([child.reportId, spam.reportId]);
    expect(reports[1]).toEqual({
      reportId: spam.reportId,
      status: 'OPEN',
      category: 'SPAM',
      reporterId: 'queue-1',
      userId: 'troll',
      room: 'lobby',
      messageId: 'AAAAAAAAAAA1',
      content: 'the words',
      comment: 'please',
      creationTime: new Date(Date.parse(spam.dueTime) - 86_400_000).toISOString(),
      dueTime: spam.dueTime,
    });
    const first = await moderate('ListReports', { maxResults: 1 });
    const second = await moderate('ListReports', { maxResults: 1, nextToken: first.nextToken });
    expect([...first.reports, ...second.reports]).toEqual(reports);
  });

  test('is resolved and appealed once, even if two users do so at the same time', async () => {
    const { reportId } = await report('HATE', 'rae', 'rex');
    const statuses = async (answers: Promise<{ status: number }>[]) =>
      (await Promise.all(answers)).map(({ status }) => status).sort();
    expect(await statuses([resolve(reportId, 'USER_MUTED'), resolve(reportId, 'USER_BANNED')])).toEqual([204, 409]);
    expect(await decisionsOf('rex')).toHaveLength(1);
    const appeal = (userId: string) => api.call('AppealDecision', claimsOf(userId), { reportId, comment: 'No' });
    expect(await statuses([appeal('rae'), appeal('rex')])).toEqual([204, 409]);
    expect((await resolve(reportId, 'APPEAL_REJECTED')).status).toBe(204);
  });

  test('without action has a decision for the reported user if an appeal is accepted', async () => {
    const { reportId } = await report('OTHER', 'sia', 'sid');
    await resolve(reportId, 'NO_ACTION');
    await api.call('AppealDecision', claimsOf('sia'), { reportId, comment: 'No' });
    expect((await resolve(reportId, 'APPEAL_ACCEPTED')).status).toBe(204);
    const { body } = await api.call('ListDecisions', claimsOf('sid'), { maxResults: 1 });
    expect(body.decisions).toMatchObject([{ decision: 'APPEAL_ACCEPTED' }]);
    const page = await api.call('ListDecisions', claimsOf('sia'), { maxResults: 1 });
    expect(page.body).toMatchObject({ decisions: [{ decision: 'APPEAL_ACCEPTED' }], nextToken: expect.any(String) });
  });

  test('is resolved once, and both users see the decision without the reporter', async () => {
    const { reportId } = await report('HATE', 'ron', 'rude');
    expect((await resolve(reportId, 'USER_MUTED')).status).toBe(204);
    expect((await resolve(reportId, 'NO_ACTION'))).toMatchObject({ status: 409, body: { type: problem('conflict') } });
    const decision = {
      reportId,
      decision: 'USER_MUTED',
      facts: 'A message',
      ground: 'Rule 3 of the terms',
      automatedDecision: 'NOT_AUTOMATED',
      category: 'HATE',
      decisionTime: expect.any(String),
      canAppeal: true,
    };
    expect(await decisionsOf('ron')).toEqual([decision]);
    expect(await decisionsOf('rude')).toEqual([decision]);
    expect(JSON.stringify(await decisionsOf('rude'))).not.toContain('ron');
  });

  test('has a decision that shows whether software made it', async () => {
    const { reportId } = await report('SPAM', 'rhea', 'ross');
    const decision = { reportId, decision: 'MESSAGE_DELETED', facts: 'A message', ground: 'Rule 3' };
    await moderate('ResolveReport', { ...decision, automatedDecision: 'FULLY_AUTOMATED' });
    expect(await decisionsOf('rhea')).toMatchObject([{ ...decision, automatedDecision: 'FULLY_AUTOMATED' }]);
  });

  test('has one appeal, and the decision on it is final', async () => {
    const { reportId } = await report('HATE', 'ray', 'rob');
    const appeal = (userId: string) => api.call('AppealDecision', claimsOf(userId), { reportId, comment: 'No' });
    expect((await appeal('ray')).status).toBe(409); // The report is open.
    await resolve(reportId, 'USER_BANNED');
    expect((await appeal('rob')).status).toBe(204);
    expect((await appeal('ray')).status).toBe(409);
    expect((await moderate('ListReports', { status: 'APPEALED' })).reports).toEqual([
      expect.objectContaining({ reportId, status: 'APPEALED', appealComment: 'No' }),
    ]);
    expect((await resolve(reportId, 'USER_BANNED')).status).toBe(409);
    expect((await resolve(reportId, 'APPEAL_ACCEPTED')).status).toBe(204);
    expect((await appeal('rob')).status).toBe(409);
    for (const user of ['ray', 'rob']) {
      expect((await decisionsOf(user)).map(({ decision, canAppeal }: any) => [decision, canAppeal]))
        .toEqual([['APPEAL_ACCEPTED', false], ['USER_BANNED', true]]);
    }
  });

  test('without action is invisible to the reported user', async () => {
    const { reportId } = await report('OTHER', 'sue', 'sam');
    await resolve(reportId, 'NO_ACTION');
    expect(await decisionsOf('sam')).toEqual([]);
    const appeal = (userId: string) => api.call('AppealDecision', claimsOf(userId), { reportId, comment: 'No' });
    const unknown = { reportId: '00000000-0000-0000-0000-000000000000', comment: 'No' };
    const missing = await api.call('AppealDecision', claimsOf('sam'), unknown);
    expect(await appeal('sam')).toEqual(missing);
    expect(await appeal('eve')).toEqual(missing);
    expect((await appeal('sue')).status).toBe(204);
    expect((await resolve(reportId, 'APPEAL_REJECTED')).status).toBe(204);
    expect(await decisionsOf('sam')).toEqual([]);
  });

  test('about the moderator is resolved by another moderator', async () => {
    const { reportId } = await report('OTHER', 'tom', 'mia');
    const { status, body } = await resolve(reportId, 'NO_ACTION');
    expect({ status, type: body.type }).toEqual({ status: 400, type: problem('invalid-input') });
  });

  test('on which the moderator has appealed is resolved by another moderator', async () => {
    const { reportId } = await report('OTHER', 'mia', 'tim');
    const decision = { reportId, facts: 'A message', ground: 'Rule 3 of the terms' };
    const other = (name: string) =>
      api.call('ResolveReport', claimsOf('max', 'moderator'), { ...decision, decision: name });
    expect((await other('NO_ACTION')).status).toBe(204);
    expect((await api.call('AppealDecision', claimsOf('mia'), { reportId, comment: 'No' })).status).toBe(204);
    expect((await resolve(reportId, 'APPEAL_ACCEPTED')).status).toBe(400);
    expect((await other('APPEAL_ACCEPTED')).status).toBe(204);
  });

  test('does not exist any more 191 days after its decision', async () => {
    const { reportId } = await report('OTHER', 'una', 'uwe');
    await resolve(reportId, 'USER_MUTED');
    const days = 191 * 86_400_000;
    api.advance(days);
    const answer = await api.call('AppealDecision', claimsOf('uwe'), { reportId, comment: 'No' });
    api.advance(-days);
    expect(answer.status).toBe(404);
  });

  test('is kept for 190 days after its decision', async () => {
    const { reportId } = await report('OTHER', 'uma', 'ugo');
    await resolve(reportId, 'MESSAGE_DELETED');
    const item = await api.effects.database.getItem({
      TableName: api.database.table, Key: { pk: `REPORT#${reportId}`, sk: 'REPORT' },
    });
    expect(Number(item!.expiresAt) * 1000).toBeGreaterThan(Date.now() + 189.9 * 86_400_000);
    const { Items: [decision] } = await api.effects.database.query({
      TableName: api.database.table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'DECISIONS#ugo' },
    });
    expect(decision!.expiresAt).toBe(item!.expiresAt);
  });

  test('is refused after 10 in a minute', async () => {
    api.advance(60_000 - api.effects.now() % 60_000); // the start of a minute
    const send = () => api.call('ReportUser', claimsOf('flood'), { userId: 'x', category: 'SPAM' });
    const answers = [];
    for (let count = 0; count < 11; count++) answers.push(await send());
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(200), 429]);
    expect(answers[10]!.body).toMatchObject({ type: problem('too-many-requests') });
    const seconds = Number(answers[10]!.headers['retry-after']);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await api.call('CreateChatToken', claimsOf('flood'), { room: 'lobby' })).status).toBe(200);
    expect((await api.call('ReportUser', claimsOf('calm'), { userId: 'x', category: 'SPAM' })).status).toBe(200);
    api.advance(seconds * 1000);
    expect((await send()).status).toBe(200);
  });
});

test.each(operationsOnOthers)('%s of oneself is refused', async (operation, body) => {
  const { status, body: { errors } } = await api.call(operation, moderator, { ...body, userId: 'mia' });
  expect({ status, errors }).toEqual({
    status: 400, errors: [{ field: 'userId', message: 'must be the ID of another user' }],
  });
});

test('each request results in one audit record without content', async () => {
  await moderate('BanUser', { userId: 'zoe', room: 'lobby', reason: 'the reason', durationInMinutes: 3 });
  await api.call('BanUser', { ...claimsOf('eve'), name: 'Eve' }, { userId: 'zoe' });
  await api.call('ReportMessage', { ...claimsOf('rea'), name: 'Rea' }, {
    userId: 'zoe', messageId: 'AAAAAAAAAAA1', category: 'SPAM', content: 'the content', comment: 'the comment',
  });
  const records = api.logs.map((record) =>
    [record.operation, record.moderatorId, record.userId, record.room, record.result]);
  expect(records).toEqual([
    ['BanUser', 'mia', 'zoe', 'lobby', 'success'],
    ['BanUser', 'eve', undefined, undefined, 'forbidden'],
    ['ReportMessage', 'rea', 'zoe', undefined, 'success'],
  ]);
  expect(JSON.stringify(api.logs)).not.toMatch(/the (reason|content|comment)/);
  expect(api.logs[0]).toEqual({
    type: 'audit',
    operation: 'BanUser',
    moderatorId: 'mia',
    role: 'moderator',
    userId: 'zoe',
    room: 'lobby',
    durationInMinutes: 3,
    result: 'success',
    requestId: 'request-1',
  });
});

test('the audit record of a decision names the message, the report and the decision', async () => {
  await moderate('DeleteMessage', { room: 'lobby', messageId: 'AAAAAAAAAAA1' });
  const reportId = '00000000-0000-0000-0000-000000000000';
  await api.call('ResolveReport', moderator, { reportId, decision: 'NO_ACTION', facts: 'x', ground: 'x' });
  const common = { type: 'audit', moderatorId: 'mia', role: 'moderator', requestId: 'request-1' };
  expect(api.logs).toEqual([
    { ...common, operation: 'DeleteMessage', room: 'lobby', messageId: 'AAAAAAAAAAA1', result: 'success' },
    { ...common, operation: 'ResolveReport', reportId, decision: 'NO_ACTION', result: 'not-found' },
  ]);
});

describe('a banned moderator', () => {
  const inputs: { readonly [operation in ChatApiOperationName]?: object } = {
    SendEvent: { eventName: 'poll' },
    DeleteMessage: { messageId: 'AAAAAAAAAAA1' },
    DisconnectUser: { userId: 'eve' },
    BanUser: { userId: 'eve' },
    UnbanUser: { userId: 'max' },
    MuteUser: { userId: 'eve', durationInMinutes: 1 },
    UnmuteUser: { userId: 'eve' },
    BlockUser: { userId: 'eve' },
    UnblockUser: { userId: 'eve' },
    ReportMessage: { userId: 'eve', messageId: 'AAAAAAAAAAA1', category: 'SPAM' },
    ReportUser: { userId: 'eve', category: 'SPAM' },
    ResolveReport: { reportId: '00000000-0000-0000-0000-000000000000', decision: 'NO_ACTION', facts: 'x', ground: 'x' },
    AppealDecision: { reportId: '00000000-0000-0000-0000-000000000000', comment: 'x' },
  };
  const allowed: ChatApiOperationName[] = [
    'CreateGuestChatToken', // has no user
    'GetPolicy', 'AcceptTerms', 'BlockUser', 'UnblockUser', 'ListBlockedUsers', 'ListDecisions', 'AppealDecision',
  ];
  const max = claimsOf('max', 'host');
  const names = Object.keys(CHAT_API_OPERATIONS) as ChatApiOperationName[];
  const refused = names.filter((name) => !allowed.includes(name));
  const call = (name: ChatApiOperationName, room?: string) => {
    const hasRoom = room && Object.hasOwn(CHAT_API_OPERATIONS[name].input.members, 'room');
    return api.call(name, max, { ...inputs[name], ...hasRoom && { room } });
  };
  const refusedOperations = async (room: string) => {
    const answers: string[] = [];
    for (const name of names) answers.push((await call(name, room)).body?.type);
    return names.filter((_, index) => answers[index] === problem('banned'));
  };

  afterEach(async () => {
    await moderate('UnbanUser', { userId: 'max' });
  });

  test('from all rooms can only read decisions, appeal and manage the list of blocked users', async () => {
    await moderate('BanUser', { userId: 'max', durationInMinutes: 5 });
    expect(await refusedOperations('lobby')).toEqual(refused);
    expect(await call('UnbanUser')).toMatchObject({ status: 403, body: { bannedUntil: expect.any(String) } });
    expect(api.logs).toContainEqual(expect.objectContaining({ operation: 'UnbanUser', result: 'banned' }));
    await moderate('UnbanUser', { userId: 'max' });
    expect(await refusedOperations('lobby')).toEqual([]);
  });

  test('from one room is refused in this room, and without a room', async () => {
    await moderate('BanUser', { userId: 'max', room: 'lobby' });
    expect(await refusedOperations('lobby')).toEqual(refused);
    for (const name of ['UnbanUser', 'BanUser', 'ListBans', 'ListReports', 'ReportUser'] as const) {
      expect((await call(name)).body.type).toBe(problem('banned'));
    }
    for (const name of ['DeleteMessage', 'BanUser', 'ReportUser', 'SendEvent'] as const) {
      expect((await call(name, 'stage')).status).toBeLessThan(300);
    }
  });
});

test.each([
  ['an unknown category', { category: 'CARROT' }],
  ['a category of another type', { category: 5 }],
  ['no category', { category: null }],
])('a report with %s is refused', async (_, change) => {
  const body = { userId: 'eve', ...change };
  expect(await api.call('ReportUser', claimsOf('ann'), body)).toMatchObject({
    status: 400, body: { type: problem('invalid-input'), errors: [{ field: 'category' }] },
  });
});

test('an event with an attribute without a value is refused', async () => {
  const body = { room: 'lobby', eventName: 'app:GOAL', attributes: { team: null } };
  expect(await api.call('SendEvent', host, body)).toMatchObject({
    status: 400, body: { type: problem('invalid-input'), errors: [{ field: 'attributes.team' }] },
  });
});
