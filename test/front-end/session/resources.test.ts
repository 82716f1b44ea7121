/** The timers, connections, listeners and notifications of a session, counted exactly on a virtual clock. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ChatRefused, createChatSession, type ChatSession, type ChatSessionOptions } from '../../../front-end/session';
import { CountingClock } from '../../counting-clock';

/** The connections that are not closed. */
const open = new Set<FakeWebSocket>();
let opened = 0;
/** The codes with which the session has closed connections. */
const closeCodes: number[] = [];

class FakeWebSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose = () => {};
  onerror = () => {};

  constructor() {
    opened++;
    open.add(this);
  }

  close(code: number): void {
    closeCodes.push(code);
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
  closeCodes.length = 0;
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
  for (const name of ['addEventListener', 'removeEventListener', 'document', 'requestAnimationFrame']) {
    delete (globalThis as any)[name];
  }
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
  const last = await connect();
  expect([tokens, opened, open.size, clock.pending.size]).toEqual([1_001, 1_001, 1, 1]);
  expect([...pageListeners]).toEqual([['online', 1], ['offline', 1]]);
  session.leave();
  clock.advance(0);
  expect([session.status, open.size, clock.pending.size]).toEqual(['closed', 0, 0]);
  expect([closeCodes, last.onopen, last.onmessage]).toEqual([[1000], null, null]);
  expect([...pageListeners]).toEqual([['online', 0], ['offline', 0]]);
  expect(signals.every(({ aborted }, index) => aborted === (index === 1_000))).toBe(true);
});

test('the keys of messages and the back-off are random', async () => {
  const random = jest.spyOn(Math, 'random').mockReturnValue(0.25);
  const own = createChatSession({ endpoint: 'ws://localhost', clock, token: async () => Promise.reject() });
  own.join();
  void own.send('text');
  expect(own.messages.map(({ key }) => key)).toEqual(['9-1']);
  await new Promise(setImmediate);
  expect(own.getSnapshot().retryAt).toEqual(new Date(clock.now() + 125));
  own.leave();
  clock.advance(0);
  random.mockRestore();
});

test('a caller can ignore the failure of a request', async () => {
  void session.send('text');
  void session.remove('id');
  void session.disconnect('bob');
  // Jest fails this test if a rejection has no handler.
  await new Promise(setImmediate);
  expect(session.getSnapshot().error).toMatchObject({ code: 'notConnected' });
});

test.each(['onerror', 'onclose'] as const)('a connection is lost with %s alone', async (event) => {
  session.join();
  const socket = await connect();
  socket[event]();
  expect(session.status).toBe('reconnecting');
});

test('a session keeps nothing of the attempts that had no token', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const attempts: WeakRef<AbortSignal>[] = [];
  const failing = createChatSession({
    endpoint: 'ws://localhost',
    clock,
    random: () => 0.001, // The longest back-off is 30 milliseconds.
    token: async ({ signal }) => {
      attempts.push(new WeakRef(signal));
      throw new Error('outage');
    },
  });
  failing.join();
  for (let count = 0; count < 10; count++) {
    await new Promise(setImmediate);
    clock.advance(30);
  }
  await new Promise(setImmediate);
  collectGarbage();
  expect(attempts).toHaveLength(11);
  expect(attempts.filter((attempt) => attempt.deref())).toEqual([]);
  failing.leave();
  clock.advance(0);
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

describe('a page', () => {
  let listeners: Map<string, () => void>;
  let page: { visibilityState: string };
  beforeEach(() => {
    listeners = new Map();
    const target = {
      addEventListener: (name: string, listener: () => void) => void listeners.set(name, listener),
      removeEventListener: (name: string, listener: () => void) => {
        if (listeners.get(name) === listener) listeners.delete(name);
      },
    };
    page = { visibilityState: 'visible', ...target };
    Object.assign(globalThis, { ...target, document: page });
  });
  const fire = (name: string, visibilityState = page.visibilityState) => {
    page.visibilityState = visibilityState;
    listeners.get(name)!();
  };

  test('connects at once when it becomes visible or has a network again', async () => {
    session.join();
    const socket = await connect();
    expect([...listeners.keys()]).toEqual(['online', 'offline', 'visibilitychange']);
    socket.drop();
    fire('visibilitychange', 'hidden');
    expect(tokens).toBe(1);
    fire('visibilitychange', 'visible');
    expect(tokens).toBe(2);
    const second = await connect();
    fire('offline');
    second.drop();
    clock.advance(60_000);
    expect([session.status, session.getSnapshot().retryAt, tokens]).toEqual(['reconnecting', undefined, 2]);
    fire('visibilitychange', 'visible');
    expect(tokens).toBe(2);
    fire('online');
    expect(tokens).toBe(3);
    session.leave();
    clock.advance(0);
    expect(listeners.size).toBe(0);
  });

  test('that becomes hidden is notified at once, because it shows no frames', async () => {
    let notifications = 0;
    session.subscribe(() => notifications++);
    session.join();
    const socket = await connect();
    clock.advance(16);
    notifications = 0;
    fire('visibilitychange', 'hidden');
    expect(notifications).toBe(0);
    socket.receive(1);
    fire('visibilitychange');
    expect(notifications).toBe(1);
    clock.advance(16);
    expect(notifications).toBe(1);
  });

  test('that is visible is notified with the next frame of the screen', () => {
    jest.useFakeTimers();
    const frames: (() => void)[] = [];
    Object.assign(globalThis, { requestAnimationFrame: (frame: () => void) => frames.push(frame) });
    const own = createChatSession({ endpoint: 'ws://localhost', token: () => new Promise(() => {}) });
    let notifications = 0;
    const unsubscribe = own.subscribe(() => notifications++);
    own.join();
    jest.advanceTimersByTime(16);
    expect([frames.length, notifications]).toEqual([1, 0]);
    frames[0]!();
    expect(notifications).toBe(1);
    page.visibilityState = 'hidden';
    own.leave();
    jest.advanceTimersByTime(15);
    expect([frames.length, notifications]).toEqual([1, 1]);
    jest.advanceTimersByTime(1);
    expect([frames.length, notifications, jest.getTimerCount()]).toEqual([1, 2, 0]);
    unsubscribe();
    own.join();
    own.leave();
    jest.runAllTimers();
    expect(notifications).toBe(2);
    jest.useRealTimers();
  });
});

test('a program without a page is notified after 16 milliseconds of the clock of the system', () => {
  jest.useFakeTimers();
  const own = createChatSession({ endpoint: 'ws://localhost', token: () => new Promise(() => {}) });
  let notifications = 0;
  own.subscribe(() => notifications++);
  own.join();
  jest.advanceTimersByTime(15);
  expect(notifications).toBe(0);
  jest.advanceTimersByTime(1);
  expect(notifications).toBe(1);
  own.leave();
  jest.runAllTimers();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('an error of the application does not stop the session:', () => {
  const create = (options: Partial<ChatSessionOptions>) => {
    session = createChatSession({
      endpoint: 'ws://localhost', clock, WebSocket: FakeWebSocket as never, token: async () => 'token', ...options,
    });
    session.join();
  };
  let print: jest.SpyInstance;
  const mistake = new Error('a mistake');
  const fails = () => {
    throw mistake;
  };
  beforeEach(() => {
    print = jest.spyOn(console, 'error').mockImplementation();
  });
  afterEach(() => print.mockRestore());

  test('of a subscriber, of the log, or of a WebSocket that does not write', async () => {
    create({ debug: fails });
    const heard: string[] = [];
    session.subscribe(fails);
    session.subscribe(() => heard.push(session.status));
    const socket = await connect();
    clock.advance(16);
    expect([session.status, heard]).toEqual(['connected', ['connected']]);
    (socket as any).send = fails;
    void session.send('text');
    socket.receive(1);
    expect(session.messages).toMatchObject([{ status: 'sending' }, { id: '1' }]);
    expect(new Set(print.mock.calls.flat())).toEqual(new Set([mistake]));
  });

  test('of a history that throws at once', async () => {
    const lines: string[] = [];
    create({ history: fails, debug: (line) => lines.push(line) });
    await connect();
    await new Promise(setImmediate);
    expect(lines.slice(-2)).toEqual(['opened: connected', 'history: failed']);
    expect(print).not.toHaveBeenCalled();
  });

  test('of a token function that throws at once', async () => {
    create({
      token() {
        throw new ChatRefused('no');
      },
    });
    await new Promise(setImmediate);
    expect(session.getSnapshot()).toMatchObject({ status: 'refused', reason: 'no' });
    expect(print).not.toHaveBeenCalled();
  });
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
