import * as sdk from '@aws-sdk/client-ivschat';
import { ChatRoom, DeleteMessageRequest, DisconnectUserRequest, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { WebSocket } from 'ws';
import { Fixture } from './fixture';
import { VirtualClock } from '../../../local/clock';

const EVERYTHING = ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'];
const events = ['connecting', 'connect', 'disconnect', 'message', 'event', 'messageDelete', 'userDisconnect'] as const;

let clock: VirtualClock;
let fixture: Fixture;
let roomArn: string;
const rooms: ChatRoom[] = [];

beforeEach(async () => {
  (globalThis as any).WebSocket = WebSocket;
  clock = new VirtualClock();
  fixture = await Fixture.start({ clock });
  roomArn = await fixture.createRoom();
});
afterEach(async () => {
  for (const room of rooms.splice(0)) room.disconnect();
  await fixture.end();
  delete (globalThis as any).WebSocket;
});

/** The official client with its recorded events. */
class Participant {
  readonly told: [string, any][] = [];
  tokens = 0;
  readonly room: ChatRoom;
  private readonly waiting: (() => void)[] = [];

  constructor(userId: string, capabilities: string[] = [], tokenProvider?: () => Promise<any>) {
    this.room = new ChatRoom({
      regionOrUrl: fixture.chat.messaging,
      tokenProvider: async () => {
        this.tokens++;
        return tokenProvider
          ? tokenProvider()
          : { token: await fixture.token(roomArn, userId, capabilities, { sessionDurationInMinutes: 2 }) };
      },
    });
    this.room.logger = { info: () => {}, debug: () => {}, error: () => {}, warn: () => {} } as any;
    rooms.push(this.room);
    for (const event of events) {
      this.room.addListener(event as any, (...args: any[]) => {
        this.told.push([event, args.at(-1)]);
        this.waiting.splice(0).forEach((wake) => wake());
      });
    }
  }

  /** Returns the details of the nth event of this type. */
  async heard(event: typeof events[number], nth = 1): Promise<any> {
    for (;;) {
      const found = this.told.filter(([name]) => name === event)[nth - 1];
      if (found) return found[1];
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async connected(): Promise<this> {
    this.room.connect();
    await this.heard('connect');
    return this;
  }

  names(): string[] {
    return this.told.map(([name]) => name);
  }
}

test('sends a message to itself and to other clients', async () => {
  const alice = await new Participant('alice', EVERYTHING).connected();
  const bob = await new Participant('bob').connected();
  expect(alice.names()).toEqual(['connecting', 'connect']);
  const sent = await alice.room.sendMessage(new SendMessageRequest('Hi', { a: 'b' }));
  expect(sent).toMatchObject({
    content: 'Hi',
    attributes: { a: 'b' },
    sender: { userId: 'alice' },
    sendTime: expect.any(Date),
  });
  expect(await bob.heard('message')).toMatchObject({ id: sent.id, content: 'Hi' });
});

test('deletes a message', async () => {
  const moderator = await new Participant('m', EVERYTHING).connected();
  const { id } = await moderator.room.sendMessage(new SendMessageRequest('rude'));
  expect(await moderator.room.deleteMessage(new DeleteMessageRequest(id, 'why'))).toMatchObject({
    messageId: id,
    reason: 'why',
  });
  expect(await moderator.heard('messageDelete')).toMatchObject({ messageId: id });
});

test('disconnects a user, who does not connect again', async () => {
  const moderator = await new Participant('m', EVERYTHING).connected();
  const troll = await new Participant('troll').connected();
  expect(await moderator.room.disconnectUser(new DisconnectUserRequest('troll', 'rude'))).toMatchObject({
    userId: 'troll',
    reason: 'rude',
  });
  expect(await troll.heard('disconnect')).toBe('serverDisconnect');
  await new Participant('other').connected(); // takes at least as long as a new connection of the first client
  expect(troll.tokens).toBe(1);
  expect(troll.names()).toEqual(['connecting', 'connect', 'userDisconnect', 'disconnect']);
});

test('disconnects itself', async () => {
  const moderator = await new Participant('m', EVERYTHING).connected();
  expect(await moderator.room.disconnectUser(new DisconnectUserRequest('m'))).toMatchObject({ userId: 'm' });
  expect(await moderator.heard('disconnect')).toBe('serverDisconnect');
});

test('receives events of the application', async () => {
  const viewer = await new Participant('v').connected();
  await fixture.client.send(
    new sdk.SendEventCommand({ roomIdentifier: roomArn, eventName: 'score', attributes: { goals: '3' } }),
  );
  expect(await viewer.heard('event')).toMatchObject({ eventName: 'score', attributes: { goals: '3' } });
});

test('receives the error code of a refused request', async () => {
  const viewer = await new Participant('v').connected();
  await expect(viewer.room.sendMessage(new SendMessageRequest('x'))).rejects.toMatchObject({
    errorCode: 403,
    id: expect.any(String),
  });
  await expect(viewer.room.deleteMessage(new DeleteMessageRequest('AAAAAAAAAAA1'))).rejects.toMatchObject({
    errorCode: 403,
  });
  const sender = await new Participant('s', EVERYTHING).connected();
  await expect(sender.room.sendMessage(new SendMessageRequest('x'.repeat(501)))).rejects.toMatchObject({
    errorCode: 400,
  });
});

test('two equal errors reject two requests, because each ERROR has its own Id', async () => {
  const viewer = await new Participant('v').connected();
  for (let i = 0; i < 2; i++) {
    await expect(viewer.room.sendMessage(new SendMessageRequest('x'))).rejects.toMatchObject({ errorCode: 403 });
  }
});

test('stops after four refused tokens', async () => {
  const stale = await fixture.token(roomArn, 'u');
  clock.advance(60_000);
  const late = new Participant('u', [], async () => ({ token: stale }));
  late.room.connect();
  expect(await late.heard('disconnect')).toBe('socketError');
  expect(late.tokens).toBe(4);
});

test('connects again with a new token after a dropped connection', async () => {
  const alice = await new Participant('alice', EVERYTHING).connected();
  fixture.chat.dropConnections(roomArn);
  await alice.heard('connect', 2);
  expect(alice.tokens).toBe(2);
  expect(alice.names()).toEqual(['connecting', 'connect', 'connecting', 'connect']);
  expect(await alice.room.sendMessage(new SendMessageRequest('back'))).toMatchObject({ content: 'back' });
});

test('connects again with a new token after the end of its session', async () => {
  const alice = await new Participant('alice', EVERYTHING).connected();
  clock.advance(2 * 60_000);
  await alice.heard('connect', 2);
  await new Participant('other').connected(); // takes at least as long as a further connection of the first client
  expect(alice.tokens).toBe(2);
});

test('connects again with a new token after an ERROR 401', async () => {
  const alice = await new Participant('alice', EVERYTHING).connected();
  fixture.chat.faults.add({ kind: 'expiredToken', operation: 'SEND_MESSAGE', times: 1 });
  await expect(alice.room.sendMessage(new SendMessageRequest('x'))).rejects.toMatchObject({ errorCode: 401 });
  await alice.heard('connect', 2);
  expect(alice.tokens).toBe(2);
  expect(await alice.room.sendMessage(new SendMessageRequest('again'))).toMatchObject({ content: 'again' });
});

test('does not connect again after DeleteRoom', async () => {
  const alice = await new Participant('alice').connected();
  await fixture.client.send(new sdk.DeleteRoomCommand({ identifier: roomArn }));
  expect(await alice.heard('disconnect')).toBe('serverDisconnect');
  expect(alice.tokens).toBe(1);
});

test('receives each event once while it refreshes its token', async () => {
  let issued = 0;
  const alice = new Participant('alice', EVERYTHING, async () => {
    const { token } = await fixture.client.send(
      new sdk.CreateChatTokenCommand({ roomIdentifier: roomArn, userId: 'alice', capabilities: ['SEND_MESSAGE'] }),
    );
    // The first token appears to expire soon, so that the client opens the second connection immediately.
    return { token, tokenExpirationTime: new Date(Date.now() + (issued++ === 0 ? 1_000 : 600_000)) };
  });
  await alice.connected();
  const say = (eventName: string) =>
    fixture.client.send(new sdk.SendEventCommand({ roomIdentifier: roomArn, eventName }));
  const connections: number[] = [];
  while (!connections.includes(2) || connections.at(-1) !== 1) { // until both have been open, and the first has closed
    await say('event');
    connections.push((await fixture.state()).connections.length);
  }
  expect(await alice.room.sendMessage(new SendMessageRequest('after'))).toMatchObject({ content: 'after' });
  const ids = alice.told.filter(([name]) => name === 'event').map(([, { id }]) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
  expect(alice.names()).not.toContain('disconnect');
});
