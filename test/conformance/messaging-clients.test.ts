/** Compares cdk-ivs-chat/session with the official messaging client, with the same token function and local service. */
import { ChatRoom, SendMessageRequest, type ChatToken } from 'amazon-ivs-chat-messaging';
import { WebSocket } from 'ws';
import { createChatSession } from '../../front-end/session';
import { VirtualClock } from '../../local/clock';
import { Fixture } from '../local/ivs-chat/fixture';

type Token = () => Promise<ChatToken>;

/** The interface of a client that the tests use. */
interface MessagingClient {
  readonly isConnected: () => boolean;
  send(content: string): Promise<{ readonly content: string }>;
  close(): void;
}

/** One clock for the service, both clients and the test. Timers of the official client are those of Jest. */
class JestClock extends VirtualClock {
  override now = () => Date.now();
  override setTimeout = (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds);
  override clearTimeout = (timer: unknown) => clearTimeout(timer as NodeJS.Timeout);
}

const clients: { readonly [name: string]: (endpoint: string, token: Token) => MessagingClient } = {
  official(regionOrUrl, tokenProvider) {
    const room = new ChatRoom({ regionOrUrl, tokenProvider });
    room.logger = { info: () => {}, debug: () => {}, error: () => {}, warn: () => {} } as never;
    room.connect();
    return {
      isConnected: () => room.state === 'connected',
      send: (content) => room.sendMessage(new SendMessageRequest(content)),
      close: () => room.disconnect(),
    };
  },
  session(endpoint, token) {
    const session = createChatSession({ endpoint, token, WebSocket: WebSocket as never, random: () => 0.5 });
    session.join();
    return {
      isConnected: () => session.status === 'connected',
      send: (content) => session.send(content),
      close: () => session.leave(),
    };
  },
};

let fixture: Fixture;
let roomArn: string;
let client: MessagingClient;
let tokens: number;
let isOut: boolean;

beforeEach(async () => {
  (globalThis as any).WebSocket = WebSocket;
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  fixture = await Fixture.start({ clock: new JestClock() });
  roomArn = await fixture.createRoom();
  tokens = 0;
  isOut = false;
});
afterEach(async () => {
  client.close();
  jest.advanceTimersByTime(1);
  jest.useRealTimers();
  await fixture.end();
  delete (globalThis as any).WebSocket;
});

/** Lets the network work without a change of the time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function connect(name: string): Promise<void> {
  client = clients[name]!(fixture.chat.messaging, async () => {
    tokens++;
    if (isOut) throw new Error('outage');
    const { token, tokenExpirationTime, sessionExpirationTime } = await fixture.chat.call('CreateChatToken', {
      roomIdentifier: roomArn, userId: 'ada', capabilities: ['SEND_MESSAGE'],
    }) as any;
    return {
      token,
      tokenExpirationTime: new Date(tokenExpirationTime),
      sessionExpirationTime: new Date(sessionExpirationTime),
    };
  });
  await settle();
  expect(client.isConnected()).toBe(true);
}

/** Advances the time in steps, and returns the milliseconds until the client is connected, or Infinity. */
async function timeBack(longest: number): Promise<number> {
  const start = Date.now();
  while (Date.now() - start < longest) {
    await settle();
    if (client.isConnected()) return Date.now() - start;
    jest.advanceTimersByTime(100);
  }
  return Infinity;
}

test.each([['official', 100, 130], ['session', 1, 2]])(
  'with the answer of CreateChatToken, the %s client takes %i to %i tokens an hour', async (name, least, most) => {
    await connect(name);
    for (let second = 0; second < 60 * 60; second += 10) {
      jest.advanceTimersByTime(10_000);
      await settle();
    }
    expect(client.isConnected()).toBe(true);
    expect(tokens).toBeGreaterThanOrEqual(least);
    expect(tokens).toBeLessThanOrEqual(most);
  }, 120_000);

test.each(['official', 'session'])('after a drop, the %s client is back within a second', async (name) => {
  await connect(name);
  fixture.chat.dropConnections();
  await settle();
  expect(await timeBack(60_000)).toBeLessThanOrEqual(1_000);
  await expect(Promise.all([client.send('back'), settle()])).resolves.toMatchObject([{ content: 'back' }, undefined]);
});

test.each([['official', false], ['session', true]])(
  'after a clean close, the %s client is back: %s', async (name, isBack) => {
    await connect(name);
    await fixture.chat.call('DisconnectUser', { roomIdentifier: roomArn, userId: 'ada' });
    await settle();
    expect(client.isConnected()).toBe(false);
    expect(await timeBack(60_000) < Infinity).toBe(isBack);
  });

test.each([
  ['official', 1, Infinity], ['official', 10, Infinity], ['official', 60, Infinity],
  ['session', 1, 2], ['session', 10, 16], ['session', 60, 61],
])('when the connection drops in an outage of the token function, the %s client is back: %i s -> %d s', async (
  name, outage, longest,
) => {
  await connect(name);
  isOut = true;
  setTimeout(() => {
    isOut = false;
  }, outage * 1_000);
  fixture.chat.dropConnections();
  await settle();
  const back = await timeBack(200_000) / 1_000;
  if (longest === Infinity) expect(back).toBe(Infinity);
  else expect(back).toBeLessThanOrEqual(longest);
  expect(back).toBeGreaterThanOrEqual(outage);
});
