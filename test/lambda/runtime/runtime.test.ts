import { inspect } from 'node:util';
import type { ChatRoom } from 'amazon-ivs-chat-messaging';
import { enterRoom, next } from '../../../examples/live-chat/enter-room';
import {
  CreateChatTokenCommand,
  CreateRoomCommand,
  IvschatClient,
  ResourceNotFoundException,
  ValidationException,
} from '../../../lambda/client';
import { createChatToken, deleteMessage, disconnectUser, sendEvent } from '../../../lambda/runtime';
import { startLocalIvsChat, type LocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';

const before = { ...process.env };
let ivsChat: LocalIvsChat;
let roomIdentifier: string;
const rooms: ChatRoom[] = [];

beforeAll(async () => {
  ivsChat = await startLocalIvsChat({ region: 'eu-west-1' });
  const { accessKeyId, secretAccessKey } = ivsChat.identities.administrator;
  // The environment of a Lambda function in another Region than the room.
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

test('createChatToken is a token provider for the official messaging client', async () => {
  const token = await createChatToken({ roomIdentifier, userId: 'ada' });
  expect(token.sessionExpirationTime.getTime()).toBeGreaterThan(Date.now() + 59 * 60_000);
  expect(token.tokenExpirationTime).toEqual(token.sessionExpirationTime);
  await listener('ada');
});

describe('a token', () => {
  test.each([
    ['guest', []],
    ['viewer', ['SEND_MESSAGE']],
    ['moderator', ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER']],
    ['host', ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER']],
  ] as const)('with the role %s has the capabilities %j', async (role, capabilities) => {
    const inputs: any[] = [];
    const client: any = { send: async ({ input }: any) => inputs.push(input) };
    await createChatToken({ roomIdentifier, userId: 'ada', role, capabilities: [] }, { client });
    expect(inputs).toMatchObject([{ roomIdentifier, userId: 'ada', capabilities }]);
  });

  test.each(['admin', 'constructor', 5])('is refused for the role %j', async (role) => {
    const request = { roomIdentifier, userId: 'ada', role: role as never };
    const error = await createChatToken(request).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ValidationException);
    expect(error.message).toBe('createChatToken: role must be one of guest, viewer, moderator, host');
  });
});

describe('the official messaging client opens its next connection', () => {
  /** Returns the time until the client opens its next connection, in seconds. */
  async function secondsUntilNextConnection(tokenProvider: () => Promise<any>): Promise<number> {
    const { setTimeout } = globalThis;
    const delays: number[] = [];
    globalThis.setTimeout = ((callback: () => void, delay: number) => {
      if (new Error().stack!.includes('scheduleReconnect')) delays.push(delay);
      return setTimeout(callback, delay);
    }) as typeof setTimeout;
    try {
      rooms.push(await enterRoom(ivsChat.messaging, tokenProvider));
    } finally {
      globalThis.setTimeout = setTimeout;
    }
    expect(delays).toHaveLength(1);
    return delays[0]! / 1000;
  }

  test('one minute before the end of the session, with the response of createChatToken', async () => {
    const provider = () => createChatToken({ roomIdentifier, userId: 'ada', sessionDurationInMinutes: 20 });
    const seconds = await secondsUntilNextConnection(provider);
    expect(seconds).toBeGreaterThan(18.9 * 60);
    expect(seconds).toBeLessThanOrEqual(19 * 60);
  });

  test('one minute before the end of the session, with the response as the JSON of a token function', async () => {
    const provider = async () => JSON.parse(JSON.stringify(await createChatToken({ roomIdentifier, userId: 'ada' })));
    expect(await secondsUntilNextConnection(provider)).toBeGreaterThan(58.9 * 60);
  });

  test('after 30 seconds, with the unchanged response of CreateChatToken', async () => {
    const client = new IvschatClient({ region: 'eu-west-1' });
    const command = new CreateChatTokenCommand({ roomIdentifier, userId: 'ada' });
    expect(await secondsUntilNextConnection(() => client.send(command))).toBeLessThanOrEqual(30);
    client.destroy();
  });
});

test('JSON.stringify includes the chat token, and util.inspect hides it', async () => {
  const token = await createChatToken({ roomIdentifier, userId: 'ada' });
  expect(JSON.parse(JSON.stringify(token)).token).toBe(token.token);
  const printed = inspect({ nested: token }, { depth: 5 });
  expect(printed).not.toContain(token.token);
  expect(printed).toContain('sessionExpirationTime: ' + inspect(token.sessionExpirationTime));
});

test('sendEvent and deleteMessage send an event to a user in the room and return its ID', async () => {
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

test('disconnectUser succeeds for a user without a connection', async () => {
  await expect(disconnectUser({ roomIdentifier, userId: 'nobody' })).resolves.toBeUndefined();
});

test('invalid input fails before any request with all problems, and the error does not show the user ID', async () => {
  const wrong = createChatToken({
    roomIdentifier,
    userId: 'u'.repeat(129),
    sessionDurationInMinutes: 181,
    capabilities: [5 as never],
  });
  await expect(wrong).rejects.toBeInstanceOf(ValidationException);
  await expect(wrong).rejects.toMatchObject({ $metadata: { attempts: 0 } });
  await expect(wrong).rejects.toThrow(new RegExp('userId must be between 1 and 128 characters, got 129.*'
    + 'capabilities\\[0\\] must be a string, got 5.*'
    + 'sessionDurationInMinutes must be between 1 and 180, got 181'));
  await expect(wrong).rejects.not.toThrow('uuuu');
});

test('a refusal of the service throws its exception', async () => {
  const gone = roomIdentifier.replace(/.{12}$/, 'AAAAAAAAAAAA');
  const created = createChatToken({ roomIdentifier: gone, userId: 'ada' });
  await expect(created).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('the option client replaces the client', async () => {
  const client = { send: jest.fn(async () => ({ id: 'BBBBBBBBBBBB' })) };
  expect(await sendEvent({ roomIdentifier, eventName: 'e' }, { client: client as never })).toBe('BBBBBBBBBBBB');
  expect(client.send).toHaveBeenCalledTimes(1);
});
