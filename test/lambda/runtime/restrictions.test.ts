import { banUser, isBanned, isMuted, muteUser, unbanUser, unmuteUser } from '../../../lambda/runtime';
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

test('a mute is not a ban', async () => {
  await muteUser(user('dan'), options());
  expect([await isIn(isMuted, 'dan', lobby), await isIn(isBanned, 'dan', lobby)]).toEqual([true, false]);
});
