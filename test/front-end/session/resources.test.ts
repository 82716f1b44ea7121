/** The timers, connections, listeners and notifications of a session, counted exactly on a virtual clock. */
import { createChatSession, type ChatSession } from '../../../front-end/session';
import { CountingClock } from '../../counting-clock';

/** The connections that are not closed. */
const open = new Set<FakeWebSocket>();
let opened = 0;

class FakeWebSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose = () => {};
  onerror = () => {};

  constructor() {
    opened++;
    open.add(this);
  }

  close(): void {
    open.delete(this);
  }

  /** The network breaks the connection. */
  drop(): void {
    open.delete(this);
    this.onerror();
    this.onclose();
  }

  receive(id: number): void {
    const frame = { Type: 'MESSAGE', Id: `${id}`, Content: '', SendTime: '', Sender: { UserId: 'u' } };
    this.onmessage!({ data: JSON.stringify(frame) });
  }
}

let clock: CountingClock;
let session: ChatSession;
let tokens: number;
let signals: AbortSignal[];
/** The listeners of the page, which Node.js does not have. */
let pageListeners: Map<string, number>;

beforeEach(() => {
  clock = new CountingClock();
  open.clear();
  opened = tokens = 0;
  signals = [];
  pageListeners = new Map();
  const count = (change: number) => (name: string) => pageListeners.set(name, (pageListeners.get(name) ?? 0) + change);
  Object.assign(globalThis, { addEventListener: count(1), removeEventListener: count(-1) });
  session = createChatSession({
    endpoint: 'ws://localhost',
    clock,
    WebSocket: FakeWebSocket as never,
    token: async ({ signal }) => {
      signals.push(signal);
      return { token: `${++tokens}`, sessionExpirationTime: clock.now() + 60 * 60_000 };
    },
  });
});
afterEach(() => {
  for (const name of ['addEventListener', 'removeEventListener']) delete (globalThis as any)[name];
});

/** Waits until the token function has answered, and accepts the connection. */
async function connect(): Promise<FakeWebSocket> {
  while (!open.size) {
    clock.advance(session.status === 'reconnecting' ? 1_000 : 0);
    await new Promise(setImmediate);
  }
  const [socket] = open;
  socket!.onopen!();
  return socket!;
}

test('1,000 drops leave one connection and one timer, and the last leave leaves none', async () => {
  session.join();
  for (let drop = 0; drop < 1_000; drop++) {
    const socket = await connect();
    expect([session.status, open.size, clock.pending.size]).toEqual(['connected', 1, 1]);
    socket.drop();
    expect([session.status, open.size, clock.pending.size]).toEqual(['reconnecting', 0, 1]);
  }
  await connect();
  expect([tokens, opened, open.size, clock.pending.size]).toEqual([1_001, 1_001, 1, 1]);
  expect([...pageListeners]).toEqual([['online', 1], ['offline', 1]]);
  session.leave();
  clock.advance(0);
  expect([session.status, open.size, clock.pending.size]).toEqual(['closed', 0, 0]);
  expect([...pageListeners]).toEqual([['online', 0], ['offline', 0]]);
  expect(signals.every(({ aborted }, index) => aborted === (index === 1_000))).toBe(true);
});

test('100 messages in a frame of the screen cause one notification', async () => {
  let notifications = 0;
  session.subscribe(() => notifications++);
  session.join();
  const socket = await connect();
  clock.advance(16);
  notifications = 0;
  for (let count = 0; count < 100; count++) socket.receive(count);
  const snapshot = session.getSnapshot();
  expect(session.getSnapshot()).toBe(snapshot);
  clock.advance(15);
  expect(notifications).toBe(0);
  clock.advance(1);
  expect([notifications, session.messages.length]).toEqual([1, 100]);
  for (const data of ['{', '5', 'null', '"x"', '{}', '[]']) socket.onmessage!({ data });
  expect(session.status).toBe('connected');
});

test('100 messages a second over 10 minutes cause at most one notification for each frame of the screen', async () => {
  const times: number[] = [];
  session.subscribe(() => times.push(clock.now()));
  session.join();
  const socket = await connect();
  for (let count = 0; count < 60_000; count++) {
    socket.receive(count);
    clock.advance(10);
  }
  clock.advance(16);
  expect(times.length).toBeLessThanOrEqual(600_016 / 16);
  expect(times.every((time, index) => !index || time - times[index - 1]! >= 16)).toBe(true);
  expect(session.messages).toHaveLength(200);
  expect(session.getSnapshot().messages.at(-1)).toMatchObject({ id: '59999' });
});

test('a timer that fires too early is set again', async () => {
  let now = 1_000_000;
  let timers: { readonly callback: () => void; readonly milliseconds: number }[] = [];
  const early = createChatSession({
    endpoint: 'ws://localhost',
    clock: {
      now: () => now,
      setTimeout: (callback, milliseconds) => timers.push({ callback, milliseconds }),
      clearTimeout: () => {},
    },
    token: ({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    },
  });
  early.join();
  const [{ callback, milliseconds }] = timers as [(typeof timers)[0]];
  expect(milliseconds).toBe(10_000);
  now += 9_999;
  timers = [];
  callback();
  expect([signals[0]!.aborted, timers[0]!.milliseconds]).toEqual([false, 1]);
  now += 1;
  timers[0]!.callback();
  expect(signals[0]!.aborted).toBe(true);
});

test.each([
  ['us-west-2', 'wss://edge.ivschat.us-west-2.amazonaws.com'],
  ['us-gov-west-1', 'wss://edge.ivschat.us-gov-west-1.amazonaws.com'],
  ['ws://127.0.0.1:1234', 'ws://127.0.0.1:1234'],
  ['wss://chat.example.com/path', 'wss://chat.example.com/path'],
])('the endpoint %s is the URL %s, and the chat token is the protocol', async (endpoint, url) => {
  const connection = new Promise((resolve) => {
    class RecordingWebSocket extends FakeWebSocket {
      constructor(...values: string[]) {
        super();
        resolve(values);
      }
    }
    const connecting = createChatSession({
      endpoint, clock, WebSocket: RecordingWebSocket as never, token: async () => 'the token',
    });
    connecting.join();
  });
  expect(await connection).toEqual([url, 'the token']);
});
