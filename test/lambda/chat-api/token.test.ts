/** The token function, on a local IVS Chat and an in-memory DynamoDB. */
import { claimsOf, startApi, type Api } from './api';
import { enterRoom } from '../../../examples/live-chat/enter-room';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const problem = (name: string) => `https://cdk-ivs-chat.dev/problems/${name}`;

test('CreateChatToken answers with a token that the official messaging client connects with', async () => {
  const { status, headers, body } = await api.call(
    'CreateChatToken', { ...claimsOf('ada'), name: 'Ada' }, { room: 'lobby' });
  expect(status).toBe(200);
  expect(headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  expect(body).toEqual({
    token: expect.any(String),
    sessionExpirationTime: expect.any(String),
    tokenExpirationTime: body.sessionExpirationTime,
    userId: 'ada',
    displayName: 'Ada',
    role: 'viewer',
    capabilities: ['SEND_MESSAGE'],
    room: 'lobby',
  });
  const room = await enterRoom(api.ivsChat.messaging, async () => ({
    token: body.token,
    sessionExpirationTime: new Date(body.sessionExpirationTime),
    tokenExpirationTime: new Date(body.tokenExpirationTime),
  }));
  room.disconnect();
});

test('a ban results in the final problem `banned` with its end, in the banned room alone', async () => {
  const moderator = claimsOf('mia', 'moderator');
  const ban = await api.call('BanUser', moderator, { userId: 'bob', room: 'lobby', durationInMinutes: 5 });
  expect(ban).toMatchObject({ status: 204, body: undefined });
  expect(await api.call('CreateChatToken', claimsOf('bob'), { room: 'lobby' })).toMatchObject({
    status: 403, body: { type: problem('banned'), bannedUntil: expect.any(String) },
  });
  expect((await api.call('CreateChatToken', claimsOf('bob'), { room: 'stage' })).status).toBe(200);

  await api.call('UnbanUser', moderator, { userId: 'bob', room: 'lobby' });
  expect((await api.call('CreateChatToken', claimsOf('bob'), { room: 'lobby' })).status).toBe(200);
});

test('a mute results in a token without capabilities and the end of the mute', async () => {
  await api.call('MuteUser', claimsOf('mia', 'moderator'), { userId: 'cyd', durationInMinutes: 5 });
  const { body } = await api.call('CreateChatToken', claimsOf('cyd'), { room: 'stage' });
  expect(body).toMatchObject({ capabilities: [], mutedUntil: expect.any(String) });
});

test('a viewer cannot ban, and nothing is written', async () => {
  expect(await api.call('BanUser', claimsOf('eve'), { userId: 'ada' })).toMatchObject({
    status: 403, body: { type: problem('forbidden') },
  });
  expect((await api.call('CreateChatToken', claimsOf('ada'), { room: 'lobby' })).status).toBe(200);
});

test('DisconnectUser answers 204', async () => {
  const request = { userId: 'ada', room: 'lobby' };
  expect((await api.call('DisconnectUser', claimsOf('mia', 'moderator'), request)).status).toBe(204);
});

test('a guest gets a token without capabilities and a generated user ID', async () => {
  const { status, body } = await api.call('CreateGuestChatToken', undefined, { room: 'lobby' });
  expect({ status, ...body }).toMatchObject({
    status: 200, userId: expect.stringMatching(/^guest-[0-9a-f-]{36}$/), role: 'guest', capabilities: [], room: 'lobby',
  });
});

test('the room can be omitted if the API has one', async () => {
  expect((await api.call('CreateChatToken', claimsOf('ada'))).body.errors)
    .toEqual([{ field: 'room', message: 'is required, because the API has several rooms' }]);
  const { rooms } = api.effects.configuration;
  const one = await startApi({ rooms: { lobby: rooms.lobby! } });
  Object.assign(one.effects, { client: api.effects.client });
  expect((await one.call('CreateChatToken', claimsOf('ada'))).body.room).toBe('lobby');
  await one.close();
});

test('a user cannot send messages before accepting the terms', async () => {
  const policy = { contact: 'help@example.com', termsUrl: 'https://example.com/terms' };
  const strict = await startApi({ requiredTerms: '2', policy });
  const ask = async () => (await strict.call('CreateChatToken', claimsOf('ada'), { room: 'lobby' })).body;
  const accept = (version: string) => strict.call('AcceptTerms', claimsOf('ada'), { version });

  expect((await strict.call('GetPolicy', claimsOf('ada'))).body).toEqual({
    ...policy,
    requiredTerms: '2',
    categories: [
      'CHILD_SAFETY', 'SELF_HARM', 'VIOLENCE', 'HATE', 'HARASSMENT', 'SEXUAL_CONTENT', 'PRIVACY', 'SPAM', 'ILLEGAL',
      'OTHER',
    ],
  });
  expect(await ask()).toMatchObject({ capabilities: [], requiresTerms: '2' });
  expect(await accept('1')).toMatchObject({
    status: 400, body: { errors: [{ field: 'version', message: 'must be the `requiredTerms` of the policy' }] },
  });
  expect((await accept('2')).status).toBe(204);
  const { capabilities, requiresTerms } = await ask();
  expect({ capabilities, requiresTerms }).toEqual({ capabilities: ['SEND_MESSAGE'], requiresTerms: undefined });
  await strict.close();
});

test('a deleted room is final for users who could enter it, and does not stop a ban from all rooms', async () => {
  const other = await startApi();
  await other.ivsChat.call('DeleteRoom', { identifier: other.effects.configuration.rooms.stage! });
  expect(await other.call('CreateChatToken', claimsOf('ada'), { room: 'stage' })).toMatchObject({
    status: 410, body: { type: problem('room-deleted') },
  });
  expect((await other.call('CreateChatToken', claimsOf('ada'), { room: 'unknown' })).status).toBe(403);
  const { body } = await other.call('CreateChatToken', claimsOf('bob'), { room: 'lobby' });
  const lobby = await enterRoom(other.ivsChat.messaging, async () => ({
    token: body.token, sessionExpirationTime: new Date(body.sessionExpirationTime),
  }));
  const disconnected = new Promise((resolve) => lobby.addListener('disconnect', resolve));
  expect((await other.call('BanUser', claimsOf('mia', 'moderator'), { userId: 'bob' })).status).toBe(204);
  await disconnected;
  await other.close();
});
