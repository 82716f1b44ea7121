import {
  banUser, isBanned, isMuted, listBans, listBlockedUsers, muteUser, reportMessage, reportUser, unbanUser, unmuteUser,
} from '../../../lambda/runtime';
import { isCurrent, itemsOfUser } from '../../../lambda/runtime/ban-list';
import { restrictionIn } from '../../../lambda/runtime/restrictions';
import { startApi, type Api } from '../chat-api/api';

let api: Api;
let lobby: string;
let stage: string;
beforeAll(async () => {
  api = await startApi();
  ({ lobby, stage } = api.effects.configuration.rooms as { lobby: string; stage: string });
});
afterAll(() => api.close());

const options = () => api.effects;
const user = (userId: string, roomIdentifiers = [lobby]) =>
  ({ banList: api.database.table, userId, roomIdentifiers });
const isIn = async (check: typeof isBanned, userId: string, roomIdentifier: string) =>
  check({ banList: api.database.table, userId, roomIdentifier }, options());

test('a ban counts in its room until it ends', async () => {
  expect(await isIn(isBanned, 'ada', lobby)).toBe(false);
  await banUser({ ...user('ada'), durationInMinutes: 2 }, options());
  expect(await isIn(isBanned, 'ada', lobby)).toBe(true);
  expect(await isIn(isBanned, 'ada', stage)).toBe(false);
  expect(await isIn(isBanned, 'bob', lobby)).toBe(false);
  expect(await isIn(isMuted, 'ada', lobby)).toBe(false);

  api.advance(119_000);
  expect(await isIn(isBanned, 'ada', lobby)).toBe(true);
  api.advance(2000);
  expect(await isIn(isBanned, 'ada', lobby)).toBe(false);
});

test('a ban in all rooms counts in each room, and unbanUser ends it', async () => {
  await banUser({ ...user('cyd'), allRooms: true }, options());
  expect([await isIn(isBanned, 'cyd', lobby), await isIn(isBanned, 'cyd', stage)]).toEqual([true, true]);
  await unbanUser(user('cyd'), options());
  expect([await isIn(isBanned, 'cyd', lobby), await isIn(isBanned, 'cyd', stage)]).toEqual([true, true]);
  await unbanUser({ ...user('cyd'), allRooms: true }, options());
  expect([await isIn(isBanned, 'cyd', lobby), await isIn(isBanned, 'cyd', stage)]).toEqual([false, false]);
});

test.each([
  ['banUser', banUser], ['muteUser', muteUser], ['unbanUser', unbanUser], ['unmuteUser', unmuteUser],
] as const)('the error of %s for a wrong user ID names the function', async (name, call) => {
  await expect(call(user(''), options())).rejects.toMatchObject({
    name: 'ValidationException', message: expect.stringContaining(name),
  });
});

test('a report about oneself is refused, and the error names the field', async () => {
  const report = {
    banList: api.database.table, roomIdentifier: lobby, reporterId: 'ada', userId: 'ada', category: 'SPAM' as const,
  };
  const refusal = 'userId must be the ID of another user';
  await expect(reportUser(report, options())).rejects.toThrow(refusal);
  const message = { ...report, messageId: 'AAAAAAAAAAA1', content: 'Hi' };
  await expect(reportMessage(message, options())).rejects.toThrow(refusal);
});

test('a mute is not a ban', async () => {
  await muteUser(user('dan'), options());
  expect([await isIn(isMuted, 'dan', lobby), await isIn(isBanned, 'dan', lobby)]).toEqual([true, false]);
});

test.each([
  ['isBanned', isBanned], ['isMuted', isMuted],
])('the error of %s for a wrong user ID names the function', async (name, check) => {
  await expect(isIn(check, '', lobby)).rejects.toMatchObject({ message: expect.stringContaining(name) });
});

test('the restriction that ends last counts', () => {
  const item = (roomIdentifier: string, expiresAt?: number, type = 'BAN') =>
    ({ type, userId: 'eva', roomIdentifier, creationTime: '2026-01-05T12:00:00.000Z', expiresAt });
  const endIn = (...items: ReturnType<typeof item>[]) => {
    const restriction = restrictionIn('BAN', ['lobby'], items);
    return restriction && (restriction.expirationTime?.getTime() ?? 'never');
  };
  expect(endIn(item('lobby', 10), item('*', 30), item('lobby', 20))).toBe(30_000);
  expect(endIn(item('*', 10), item('lobby'), item('lobby', 20))).toBe('never');
  expect(endIn(item('stage', 10), item('lobby', 20, 'MUTE'))).toBeUndefined();
  const inBoth = restrictionIn('BAN', ['lobby', 'stage'], [item('lobby', 10), item('stage', 20), item('other', 30)]);
  expect(inBoth).toMatchObject({ roomIdentifier: 'stage', expirationTime: new Date(20_000) });
});

test('an item is over at the second of its end', () => {
  expect([9_999, 10_000].map((now) => isCurrent({ expiresAt: 10 }, now))).toEqual([true, false]);
  expect(isCurrent({}, Number.MAX_SAFE_INTEGER)).toBe(true);
});

describe('a list', () => {
  /** A database with these pages, which records the queries. */
  const recording = (...pages: { Items: object[]; LastEvaluatedKey?: object }[]) => {
    const queries: object[] = [];
    const query = async (input: object) => {
      queries.push(input);
      return pages.shift()!;
    };
    return { queries, options: { database: { query } as never, now: () => 20_000 } };
  };
  const filter = {
    TableName: 'bans',
    KeyConditionExpression: '#partition = :partition',
    FilterExpression: 'attribute_not_exists(#expiration) OR #expiration > :now',
  };

  test('of bans continues after a page on which all bans are over', async () => {
    const LastEvaluatedKey = { list: 'RESTRICTIONS', listOrder: 'x', pk: 'USER#ada', sk: 'BAN#*' };
    const { queries, options: given } = recording({ Items: [], LastEvaluatedKey }, { Items: [] });
    const { restrictions, nextToken } = await listBans({ banList: 'bans' }, given);
    expect(restrictions).toEqual([]);
    expect(await listBans({ banList: 'bans', maxResults: 7, nextToken }, given))
      .toEqual({ restrictions: [], nextToken: undefined });
    const common = {
      ...filter,
      IndexName: 'list',
      ExpressionAttributeNames: { '#partition': 'list', '#expiration': 'expiresAt' },
      ExpressionAttributeValues: { ':partition': 'RESTRICTIONS', ':now': 20 },
      ScanIndexForward: false,
    };
    expect(queries).toEqual([
      { ...common, Limit: 50, ExclusiveStartKey: undefined },
      { ...common, Limit: 7, ExclusiveStartKey: LastEvaluatedKey },
    ]);
  });

  test('of blocked users is read consistently', async () => {
    const block = { blockedUserId: 'bob', creationTime: '2026-01-05T12:00:00.000Z' };
    const { queries, options: given } = recording({ Items: [block] });
    expect(await listBlockedUsers({ banList: 'bans', userId: 'ada' }, given)).toEqual({
      blockedUsers: [{ userId: 'bob', creationTime: new Date(block.creationTime) }], nextToken: undefined,
    });
    expect(queries).toEqual([{
      ...filter,
      ConsistentRead: true,
      ExpressionAttributeNames: { '#partition': 'pk', '#expiration': 'expiresAt' },
      ExpressionAttributeValues: { ':partition': 'BLOCKS#ada', ':now': 20 },
      ScanIndexForward: true,
      Limit: 50,
      ExclusiveStartKey: undefined,
    }]);
  });

  test('of the items of a user has the current ones of all pages', async () => {
    const [first, second] = [{ sk: 'a' }, { sk: 'b', expiresAt: 21 }];
    const { queries, options: given } = recording(
      { Items: [], LastEvaluatedKey: first }, { Items: [first, { sk: 'c', expiresAt: 20 }], LastEvaluatedKey: second },
      { Items: [second] },
    );
    expect(await itemsOfUser('bans', 'ada', 'BAN#', given)).toEqual([first, second]);
    expect(queries).toEqual([undefined, first, second].map((ExclusiveStartKey) => ({
      TableName: 'bans',
      KeyConditionExpression: 'pk = :user AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':user': 'USER#ada', ':prefix': 'BAN#' },
      ConsistentRead: true,
      ExclusiveStartKey,
    })));
  });
});

describe('a ban from rooms that do not all exist', () => {
  const error = (name: string) => Object.assign(new Error(name), { name });
  const gone = error('ResourceNotFoundException');
  const denied = error('AccessDeniedException');
  const ban = (answers: { readonly [room: string]: Error | undefined }) => banUser({
    ...user('fay', Object.keys(answers).map((id) => lobby.replace(/[^/]*$/, id))),
  }, {
    ...options(),
    client: {
      send: async ({ input }: any) => {
        const answer = answers[input.roomIdentifier.split('/')[1]];
        if (answer) throw answer;
      },
    } as never,
  });

  test.each([
    ['succeeds without a room', {}, undefined],
    ['succeeds if one of them exists', { AAAAAAAAAAAA: gone, BBBBBBBBBBBB: undefined }, undefined],
    ['fails if none of them exists', { AAAAAAAAAAAA: gone, BBBBBBBBBBBB: gone }, gone],
    ['fails with any other error', { AAAAAAAAAAAA: gone, BBBBBBBBBBBB: denied, CCCCCCCCCCCC: undefined }, denied],
  ])('%s', async (_, answers, expected) => {
    expect(await ban(answers).catch((thrown) => thrown)).toBe(expected);
  });
});
