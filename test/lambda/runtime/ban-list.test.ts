/** The functions for bans, mutes, blocks and reports: the check of their input, and their writes. */
import * as runtime from '../../../lambda/runtime';

const room = 'arn:aws:ivschat:eu-west-1:123456789012:room/AAAAAAAAAAAA';
const stage = room.replace('AAAAAAAAAAAA', 'BBBBBBBBBBBB');
const reportId = '00000000-0000-4000-8000-000000000000';
const NOW = Date.UTC(2026, 0, 5, 12);
const TIME = '2026-01-05T12:00:00.000Z';
const TOMORROW = '2026-01-06T12:00:00.000Z';

const restriction = {
  banList: 'bans',
  userId: 'bob',
  roomIdentifiers: [room, stage],
  durationInMinutes: 2,
  reason: 'rude',
  moderatorId: 'mia',
};
const { durationInMinutes, reason, moderatorId, ...ended } = restriction;
const userInRoom = { banList: 'bans', userId: 'bob', roomIdentifier: room };
const block = { banList: 'bans', userId: 'ada', blockedUserId: 'bob' };
const userReport = {
  banList: 'bans', reporterId: 'ada', userId: 'bob', roomIdentifier: room, category: 'SPAM', comment: 'please',
};
const messageReport = { ...userReport, messageId: 'AAAAAAAAAAA1', content: 'Buy!' };
const resolution = {
  banList: 'bans',
  reportId,
  moderatorId: 'mia',
  decision: 'USER_BANNED',
  facts: 'A message',
  ground: 'Rule 3',
  automatedDecision: 'PARTIALLY_AUTOMATED',
};
const appeal = { banList: 'bans', reportId, userId: 'ada', comment: 'No' };

/** The inputs of the functions, and the fields that are optional. */
const inputs: { readonly [name: string]: readonly [input: { [field: string]: unknown }, optional: string[]] } = {
  banUser: [restriction, ['durationInMinutes', 'reason', 'moderatorId']],
  muteUser: [restriction, ['durationInMinutes', 'reason', 'moderatorId']],
  unbanUser: [ended, []],
  unmuteUser: [ended, []],
  isBanned: [userInRoom, []],
  isMuted: [userInRoom, []],
  blockUser: [block, []],
  unblockUser: [block, []],
  reportUser: [userReport, ['roomIdentifier', 'comment']],
  reportMessage: [messageReport, ['roomIdentifier', 'comment', 'content']],
  resolveReport: [resolution, ['automatedDecision']],
  appealDecision: [appeal, []],
};

const user = 'u'.repeat(129);
const between = (minimum: number, maximum: number, got: number, unit = ' characters') =>
  `must be between ${minimum} and ${maximum}${unit}, got ${got}`;
const decisions =
  'must be one of NO_ACTION, MESSAGE_DELETED, USER_MUTED, USER_BANNED, APPEAL_ACCEPTED, APPEAL_REJECTED, got "X"';
const longComment = [`x${'x'.repeat(1000)}`, 'must be at most 1000 characters, got 1001'] as const;
const wrong: { readonly [field: string]: readonly [value: unknown, message: string] } = {
  banList: ['', 'must be at least 1 characters, got 0'],
  userId: [user, between(1, 128, 129)],
  moderatorId: [user, between(1, 128, 129)],
  blockedUserId: [user, between(1, 128, 129)],
  reporterId: [user, between(1, 128, 129)],
  durationInMinutes: [525_601, between(1, 525_600, 525_601, '')],
  reason: ['x'.repeat(257), between(1, 256, 257)],
  category: ['X', 'must be one of '],
  comment: longComment,
  facts: longComment,
  ground: longComment,
  content: ['x'.repeat(501), 'must be at most 500 characters, got 501'],
  messageId: ['x', 'must be exactly 12 characters, got 1'],
  reportId: [`${reportId.slice(1)}X`, `must be the ID of a report, got "${reportId.slice(1)}X"`],
  decision: ['X', decisions],
  automatedDecision: ['X', 'must be one of NOT_AUTOMATED, PARTIALLY_AUTOMATED, FULLY_AUTOMATED, got "X"'],
  roomIdentifier: ['x', 'must be the ARN of a room'],
  roomIdentifiers: [[room, 'x'], 'must be the ARN of a room'],
};

/** The calls of the database and of Amazon IVS Chat. */
let calls: [operation: string, input: unknown][];
/** The item that the database has, for each key. */
let items: { [key: string]: object };
beforeEach(() => {
  calls = [];
  items = {};
});
const record = (operation: string, answer?: (input: any) => unknown) => async (input: object) => {
  calls.push([operation, input]);
  return answer?.(input);
};
const options = {
  database: {
    putItem: record('put'),
    deleteItem: record('delete'),
    getItem: record('get', ({ Key: { pk } }) => items[pk]),
    query: record('query', () => ({ Items: [] })),
  },
  client: { send: (command: any) => record(command.operation.name)(command.input) },
  now: () => NOW,
} as never;
const call = (name: string, input: unknown): Promise<any> => (runtime as any)[name](input, options);

describe.each(Object.entries(inputs))('%s', (name, [input, optional]) => {
  const failure = async (changed: object) => call(name, { ...input, ...changed }).catch((error) => error);
  /** `isBanned` and `isMuted` check a list with one room. */
  const shown = (field: string) => (name.startsWith('is') ? field.replace(/Identifier$/, 'Identifiers[0]') : field)
    .replace(/Identifiers$/, 'Identifiers[1]');

  test.each(Object.keys(input))('refuses a wrong %s, before it writes anything', async (field) => {
    const [value, message] = wrong[field]!;
    const error = await failure({ [field]: value });
    expect(error).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`${name}: ${shown(field)} ${message}`),
      fieldList: [{ name: shown(field), message: expect.stringContaining(message) }],
    });
    expect(calls).toEqual([]);
  });

  test('names all fields that are required', async () => {
    const missing = [];
    for (const field of Object.keys(input)) {
      const error = await failure({ [field]: undefined });
      if (/ValidationException/.test(error?.name)) missing.push(field);
      calls.length = 0;
    }
    expect(missing).toEqual(Object.keys(input).filter((field) => !optional.includes(field)));
  });
});

test.each(Object.entries(inputs))('%s passes an error of the database on', async (name, [input]) => {
  const outage = new Error('outage');
  const failing = () => Promise.reject(outage);
  const database = { putItem: failing, deleteItem: failing, getItem: failing, query: failing };
  const given = { ...options as object, database };
  expect(await (runtime as any)[name](input, given).catch((thrown: Error) => thrown)).toBe(outage);
  expect(calls).toEqual([]);
});

const put = (Item: object, condition = {}) => ['put', { TableName: 'bans', Item, ...condition }];
const conditionOf = ({ list, listOrder }: { list: string; listOrder: string }) => ({
  ConditionExpression: '#list = :list AND listOrder = :order',
  ExpressionAttributeNames: { '#list': 'list' },
  ExpressionAttributeValues: { ':list': list, ':order': listOrder },
});

test.each([['BAN', 'banUser', 'unbanUser'], ['MUTE', 'muteUser', 'unmuteUser']])(
  'a %s is written for each room or for all rooms, and deleted', async (type, restrict, end) => {
    const item = (roomIdentifier: string, changed: object = {}) => put({
      pk: 'USER#bob',
      sk: `${type}#${roomIdentifier}`,
      list: 'RESTRICTIONS',
      listOrder: `${TIME}#bob`,
      expiresAt: NOW / 1000 + 120,
      type,
      userId: 'bob',
      roomIdentifier,
      reason: 'rude',
      moderatorId: 'mia',
      creationTime: TIME,
      ...changed,
    });
    const disconnects = [room, stage].map((roomIdentifier) => ['DisconnectUser', { roomIdentifier, userId: 'bob' }]);
    expect(await call(restrict, restriction)).toBeUndefined();
    expect(calls).toEqual([item(room), item(stage), ...disconnects]);
    calls = [];
    await call(restrict, { ...ended, allRooms: true });
    const without = { expiresAt: undefined, reason: undefined, moderatorId: undefined };
    expect(calls).toEqual([item('*', without), ...disconnects]);
    calls = [];
    const deleted = (roomIdentifier: string) =>
      ['delete', { TableName: 'bans', Key: { pk: 'USER#bob', sk: `${type}#${roomIdentifier}` } }];
    await call(end, ended);
    await call(end, { ...ended, allRooms: true });
    expect(calls).toEqual([room, stage, '*', room, stage].map(deleted));
  });

test('a block is written and deleted', async () => {
  const Key = { pk: 'BLOCKS#ada', sk: 'bob' };
  await call('blockUser', block);
  await call('unblockUser', block);
  expect(calls).toEqual([
    put({ ...Key, blockedUserId: 'bob', creationTime: TIME }), ['delete', { TableName: 'bans', Key }],
  ]);
});

test.each([
  ['reportMessage', messageReport, 1], ['reportUser', userReport, 1],
  ['reportUser', { ...userReport, category: 'CHILD_SAFETY', roomIdentifier: undefined }, 0],
])('%s writes a report', async (name, { banList, ...report }, order) => {
  const receipt: any = await call(name, { banList, ...report });
  const id = receipt.reportId;
  expect(receipt).toEqual({ reportId: expect.stringMatching(/^[0-9a-f-]{36}$/), dueTime: new Date(TOMORROW) });
  expect(calls).toEqual([put({
    pk: `REPORT#${id}`,
    sk: 'REPORT',
    list: 'REPORTS#OPEN',
    listOrder: `${order}#${TOMORROW}#${id}`,
    reportId: id,
    ...report,
    creationTime: TIME,
    dueTime: TOMORROW,
  })]);
});

const open = {
  pk: `REPORT#${reportId}`,
  sk: 'REPORT',
  list: 'REPORTS#OPEN',
  listOrder: `1#2026-01-02#${reportId}`,
  reportId,
  reporterId: 'ada',
  userId: 'bob',
  category: 'SPAM',
  creationTime: '2026-01-01T00:00:00Z',
  dueTime: '2026-01-02T00:00:00Z',
};
const read = ['get', { TableName: 'bans', Key: { pk: open.pk, sk: 'REPORT' }, ConsistentRead: true }];

test.each([
  ['USER_BANNED', open, true, ['ada', 'bob']],
  ['NO_ACTION', open, true, ['ada']],
  ['APPEAL_REJECTED', { ...open, list: 'REPORTS#APPEALED', firstDecision: 'NO_ACTION' }, false, ['ada']],
  ['APPEAL_ACCEPTED', { ...open, list: 'REPORTS#APPEALED', firstDecision: 'NO_ACTION' }, false, ['ada', 'bob']],
  ['APPEAL_REJECTED', { ...open, list: 'REPORTS#APPEALED', firstDecision: 'USER_MUTED' }, false, ['ada', 'bob']],
])('the decision %s is written to the report and for its readers', async (decision, item, canAppeal, readers) => {
  items[open.pk] = item;
  const { banList, moderatorId: by, automatedDecision, ...rest } = resolution;
  await call('resolveReport', { banList, moderatorId: by, ...rest, decision });
  const written = {
    ...rest,
    decision,
    automatedDecision: 'NOT_AUTOMATED',
    category: 'SPAM',
    decisionTime: TIME,
    canAppeal,
    expiresAt: NOW / 1000 + 190 * 86_400,
  };
  const order = `${TIME}#${reportId}`;
  expect(calls).toEqual([
    read,
    put({
      ...item,
      ...written,
      list: 'REPORTS#RESOLVED',
      listOrder: order,
      moderatorId: by,
      firstDecision: (item as { firstDecision?: string }).firstDecision ?? decision,
    }, conditionOf(item)),
    ...readers.map((reader) => put({ pk: `DECISIONS#${reader}`, sk: order, ...written })),
  ]);
});

test('resolveReport passes an error of the database on if a reader cannot see the decision', async () => {
  items[open.pk] = open;
  const outage = new Error('outage');
  const writes = [Promise.resolve(), Promise.resolve(), Promise.reject(outage)];
  const given = options as { database: object };
  const database = { ...given.database, putItem: () => writes.shift() };
  expect(await (runtime as any).resolveReport(resolution, { ...given, database }).catch((thrown: Error) => thrown))
    .toBe(outage);
});

test('an appeal is written to the report, which is due again', async () => {
  const resolved = { list: 'REPORTS#RESOLVED', decision: 'USER_BANNED', canAppeal: true };
  const item = { ...open, ...resolved, category: 'CHILD_SAFETY' };
  items[open.pk] = item;
  await call('appealDecision', { ...appeal, userId: 'bob' });
  expect(calls).toEqual([read, put({
    ...item,
    list: 'REPORTS#APPEALED',
    listOrder: `0#${TOMORROW}#${reportId}`,
    dueTime: TOMORROW,
    canAppeal: false,
    appellantId: 'bob',
    appealComment: 'No',
  }, conditionOf(item))]);
});

const conditionFailed = Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
test.each<[string, string, object, object | undefined, string, string]>([
  ['a report that does not exist', 'resolveReport', resolution, undefined, 'ReportNotFoundError',
    'the report does not exist'],
  ['a report that is over', 'resolveReport', resolution, { ...open, expiresAt: NOW / 1000 }, 'ReportNotFoundError',
    'the report does not exist'],
  ['a report that is resolved', 'resolveReport', resolution, { ...open, list: 'REPORTS#RESOLVED' }, 'ReportStatusError',
    'the decision USER_BANNED is not possible for a report with the status RESOLVED'],
  ['an appeal without an appeal', 'resolveReport', { ...resolution, decision: 'APPEAL_ACCEPTED' }, open,
    'ReportStatusError', 'the decision APPEAL_ACCEPTED is not possible for a report with the status OPEN'],
  ['a report about the moderator', 'resolveReport', resolution, { ...open, userId: 'mia' }, 'ValidationException',
    'resolveReport: reportId must be a report that another moderator resolves'],
  ['a report about the moderator that is resolved', 'resolveReport', resolution,
    { ...open, userId: 'mia', list: 'REPORTS#RESOLVED' }, 'ValidationException',
    'resolveReport: reportId must be a report that another moderator resolves'],
  ['an appeal of the moderator', 'resolveReport', resolution, { ...open, appellantId: 'mia' }, 'ValidationException',
    'resolveReport: reportId must be a report that another moderator resolves'],
  ['a decision on a report that does not exist', 'appealDecision', appeal, undefined, 'ReportNotFoundError',
    'the report does not exist'],
  ['a decision on a report of others', 'appealDecision', { ...appeal, userId: 'eve' },
    { ...open, decision: 'NO_ACTION' }, 'ReportNotFoundError', 'the report does not exist'],
  ['a report that is open', 'appealDecision', appeal, open, 'ReportStatusError', 'the decision cannot be appealed'],
  ['a decision on an appeal', 'appealDecision', appeal, { ...open, decision: 'NO_ACTION', canAppeal: false },
    'ReportStatusError', 'the decision cannot be appealed'],
])('%s is refused by %s, and nothing is written', async (_, name, input, item, error, message) => {
  if (item) items[open.pk] = item;
  const failure = await call(name, input).catch((thrown) => thrown);
  expect([failure.name, failure.message]).toEqual([error, message]);
  expect(calls).toEqual([read]);
});

test.each<[string, object, object]>([
  ['resolveReport', resolution, open],
  ['appealDecision', appeal, { ...open, list: 'REPORTS#RESOLVED', decision: 'NO_ACTION', canAppeal: true }],
])('%s reports a change in the meantime, and passes other errors on', async (name, input, item) => {
  items[open.pk] = item;
  const given = options as { database: object };
  const failing = (error: Error) => (runtime as any)[name](input, {
    ...given, database: { ...given.database, putItem: () => Promise.reject(error) },
  }).catch((thrown: Error) => thrown);
  const { name: kind, message } = await failing(conditionFailed);
  expect([kind, message]).toEqual(['ReportStatusError', 'the report was changed in the meantime']);
  const outage = new Error('outage');
  expect(await failing(outage)).toBe(outage);
});

test.each([
  [undefined], [null], [{ ...messageReport, messageId: undefined }], [{ ...messageReport, messageId: '' }],
])('a report of a message without its ID is refused: %j', async (request) => {
  const error = await call('reportMessage', request).catch((thrown) => thrown);
  expect([error.name, error.message]).toEqual(['ValidationException', 'reportMessage: messageId is required']);
  expect(calls).toEqual([]);
});

test.each([
  ['reportMessage', messageReport], ['reportUser', userReport],
])('%s about oneself is refused before anything is written', async (name, report) => {
  const error = await call(name, { ...report, userId: 'ada' }).catch((thrown) => thrown);
  expect([error.name, error.message]).toEqual([
    'ValidationException', `${name}: userId must be the ID of another user`,
  ]);
  expect(calls).toEqual([]);
});

describe('the token of a page', () => {
  const list = (key: unknown) => call('listBlockedUsers', {
    banList: 'bans', userId: 'ada', nextToken: Buffer.from(JSON.stringify(key)).toString('base64url'),
  });

  test.each([
    [[]], [['']], [[5]], [[null]], [[['bob']]], [['bob', 'bob']], [{ 0: 'bob', length: 1 }], ['b'],
    [['x'.repeat(1024)]],
  ])('cannot be %j', async (key) => {
    const error = await list(key).catch((thrown) => thrown);
    expect([error.name, error.message]).toEqual([
      'ValidationException', 'List: nextToken must be a token of an earlier page',
    ]);
    expect(calls).toEqual([]);
  });

  test.each(['b', 'x'.repeat(1023)])('can be the key %s', async (sk) => {
    await list([sk]);
    expect(calls).toEqual([['query', expect.objectContaining({ ExclusiveStartKey: { pk: 'BLOCKS#ada', sk } })]]);
  });
});

test('a ban ends at the time of the system, if no other clock is given', async () => {
  const seconds = Date.now() / 1000;
  const isBannedUntil = (expiresAt: number) => {
    const Items = [{ type: 'BAN', roomIdentifier: '*', creationTime: TIME, expiresAt }];
    return runtime.isBanned(userInRoom, { database: { query: async () => ({ Items }) } as never });
  };
  expect([await isBannedUntil(seconds + 3600), await isBannedUntil(seconds - 3600)]).toEqual([true, false]);
});

test('listReports returns the open reports by default, with all members', async () => {
  const decided = {
    ...open,
    ...{ messageId: 'AAAAAAAAAAA1', content: 'Buy!', comment: 'please', roomIdentifier: room, appealComment: 'No' },
    ...{ decision: 'NO_ACTION', facts: 'A', ground: 'B', automatedDecision: 'NOT_AUTOMATED', canAppeal: true },
    decisionTime: TIME,
  };
  const queries: any[] = [];
  const query = async (input: object) => {
    queries.push(input);
    return { Items: [open, decided] };
  };
  const { reports } = await runtime.listReports({ banList: 'bans' }, { database: { query } as never, now: () => NOW });
  expect(queries[0].ExpressionAttributeValues[':partition']).toBe('REPORTS#OPEN');
  expect(queries[0].ScanIndexForward).toBe(true);
  const common = {
    reportId,
    status: 'OPEN',
    category: 'SPAM',
    reporterId: 'ada',
    userId: 'bob',
    creationTime: new Date(open.creationTime),
    dueTime: new Date(open.dueTime),
  };
  expect(reports).toEqual([common, {
    ...common,
    roomIdentifier: room,
    messageId: 'AAAAAAAAAAA1',
    content: 'Buy!',
    comment: 'please',
    appealComment: 'No',
    decision: {
      reportId,
      decision: 'NO_ACTION',
      facts: 'A',
      ground: 'B',
      automatedDecision: 'NOT_AUTOMATED',
      category: 'SPAM',
      decisionTime: new Date(TIME),
      canAppeal: true,
    },
  }]);
});
