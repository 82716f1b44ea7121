import { inspect } from 'node:util';
import type { ChatRoom } from 'amazon-ivs-chat-messaging';
import { enterRoom, next } from '../../../examples/live-chat/enter-room';
import { CreateRoomCommand, IvschatClient, ResourceNotFoundException, ValidationException } from '../../../lambda/client';
import { createChatToken, deleteMessage, disconnectUser, sendEvent } from '../../../lambda/runtime';
import { startLocalIvsChat, type LocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';

const before = { ...process.env };
let ivsChat: LocalIvsChat;
let roomIdentifier: string;
const rooms: ChatRoom[] = [];

beforeAll(async () => {
  ivsChat = await startLocalIvsChat({ region: 'eu-west-1' });
  const { accessKeyId, secretAccessKey } = ivsChat.identities.administrator;
  // as in a Lambda function, of another Region than the room's
  Object.assign(process.env, {
    AWS_REGION: 'us-west-2',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_IVSCHAT: ivsChat.controlPlane,
  });
  delete process.env.AWS_SESSION_TOKEN;
  const client = new IvschatClient({ region: 'eu-west-1' });
  roomIdentifier = (await client.send(new CreateRoomCommand({}))).arn!;
  client.destroy();
});

afterAll(async () => {
  rooms.forEach((room) => room.disconnect());
  await ivsChat?.close();
  process.env = before;
});

async function listener(userId: string): Promise<ChatRoom> {
  const room = await enterRoom(ivsChat.messaging, () => createChatToken({ roomIdentifier, userId }));
  rooms.push(room);
  return room;
}

test('createChatToken is a token provider of the official messaging client, in the room\'s own Region', async () => {
  const token = await createChatToken({ roomIdentifier, userId: 'ada' });
  expect(token.tokenExpirationTime).toBeInstanceOf(Date);
  expect(token.sessionExpirationTime.getTime()).toBeGreaterThan(token.tokenExpirationTime.getTime());
  await listener('ada');
});

test('a chat token is in the JSON for its user, and not in what is printed', async () => {
  const token = await createChatToken({ roomIdentifier, userId: 'ada' });
  expect(JSON.parse(JSON.stringify(token)).token).toBe(token.token);
  expect(inspect({ nested: token }, { depth: 5 })).not.toContain(token.token);
});

test('sendEvent and deleteMessage reach everyone in the room, and give the id of the event', async () => {
  const room = await listener('grace');
  const event = next<{ id: string; eventName: string; attributes?: object }>(room, 'event');
  const id = await sendEvent({ roomIdentifier, eventName: 'app:POLL_OPENED', attributes: { pollId: '42' } });
  expect(await event).toMatchObject({ id, eventName: 'app:POLL_OPENED', attributes: { pollId: '42' } });

  const deleted = next<{ id: string; messageId: string; reason?: string }>(room, 'messageDelete');
  const deletion = await deleteMessage({ roomIdentifier, id: 'AAAAAAAAAAA1', reason: 'Off topic' });
  expect(await deleted).toMatchObject({ id: deletion, messageId: 'AAAAAAAAAAA1', reason: 'Off topic' });
});

test('disconnectUser closes the connections of the user', async () => {
  const room = await listener('mallory');
  const disconnected = next<string>(room, 'disconnect');
  await disconnectUser({ roomIdentifier, userId: 'mallory', reason: 'Spam' });
  expect(await disconnected).toBe('serverDisconnect');
});

test('disconnectUser succeeds for somebody who is not there', async () => {
  await expect(disconnectUser({ roomIdentifier, userId: 'nobody' })).resolves.toBeUndefined();
});

test('wrong input fails before any request, naming every field, and shows no user id', async () => {
  const wrong = createChatToken({ roomIdentifier, userId: 'u'.repeat(129), sessionDurationInMinutes: 181, capabilities: ['SHOUT' as never] });
  await expect(wrong).rejects.toBeInstanceOf(ValidationException);
  await expect(wrong).rejects.toMatchObject({ $metadata: { attempts: 0 } });
  await expect(wrong).rejects.toThrow(/userId must be between 1 and 128 characters, got 129.*SHOUT.*sessionDurationInMinutes must be between 1 and 180, got 181/);
  await expect(wrong).rejects.not.toThrow('uuuu');
});

test('what the service refuses comes as its exception', async () => {
  const gone = roomIdentifier.replace(/.{12}$/, 'AAAAAAAAAAAA');
  await expect(createChatToken({ roomIdentifier: gone, userId: 'ada' })).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('another client can be given', async () => {
  const client = { send: jest.fn(async () => ({ id: 'BBBBBBBBBBBB' })) };
  expect(await sendEvent({ roomIdentifier, eventName: 'e' }, { client: client as never })).toBe('BBBBBBBBBBBB');
  expect(client.send).toHaveBeenCalledTimes(1);
});
