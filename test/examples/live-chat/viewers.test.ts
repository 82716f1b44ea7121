/** The viewers that the page of the example can bring in. */
import timers from 'node:timers/promises';
import { FakeWebSocket, replaceWebSocket } from './fake-web-socket';
import { bringViewers, VIEWER_NAMES } from '../../../examples/live-chat/viewers';
import { sleep, VirtualClock } from '../../../local/clock';

const SPAM = 'CHEAP FOLLOWERS, write to me now!!! Only today!!!';
const MEAN_PAUSE = 1_050;

let restoreWebSocket: () => void;
let clock: VirtualClock;
let leaving: AbortController;
let requests: { url: string; user: string; body: unknown }[];
const signIn = jest.fn(async ({ name }: { name: string }) => name);

beforeEach(() => {
  clock = new VirtualClock(0);
  leaving = new AbortController();
  requests = [];
  FakeWebSocket.all = [];
  jest.spyOn(timers, 'setTimeout').mockImplementation((milliseconds, _, options) =>
    sleep(clock, milliseconds!, options!.signal) as Promise<never>);
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, options) => {
    const user = new Headers(options!.headers).get('authorization')!.slice('Bearer '.length);
    requests.push({ url: String(url), user: decodeURIComponent(user), body: JSON.parse(options!.body as string) });
    return new Response(JSON.stringify({ token: `token-of-${user}`, capabilities: ['SEND_MESSAGE'] }));
  });
  restoreWebSocket = replaceWebSocket(class extends FakeWebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      setImmediate(() => this.fire('open'));
    }
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  restoreWebSocket();
});

const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
};
async function advance(milliseconds: number) {
  for (let time = 0; time < milliseconds; time += 50) {
    clock.advance(50);
    await settled();
  }
}
function bring(random: () => number) {
  signIn.mockImplementation(async ({ name }) => encodeURIComponent(name));
  const { signal } = leaving;
  return bringViewers({ chatUrl: 'http://api.test/', messaging: 'ws://chat.test', signIn, signal, random });
}
const frames = () => FakeWebSocket.all.flatMap(({ sent }) => sent.map((data) => JSON.parse(data)));
const contents = () => frames().map(({ Content }) => Content);
const receive = (frame: object) => FakeWebSocket.all.forEach((socket) =>
  socket.fire('message', { data: JSON.stringify({ RequestId: '', SendTime: new Date().toISOString(), ...frame }) }));

test('20 viewers sign in one after the other, and leave when they are sent away', async () => {
  const viewers = bring(() => 0.5);
  await advance(100 * 18 + 50);
  expect(requests).toHaveLength(19);
  await advance(150);
  expect(requests).toEqual(VIEWER_NAMES.map((user) => ({ url: 'http://api.test/create-chat-token', user, body: {} })));
  expect(signIn.mock.calls.slice(0, 2)).toEqual([
    [{ userId: 'viewer-amara', name: 'Amara', role: 'viewer' }],
    [{ userId: 'viewer-bjørn', name: 'Bjørn', role: 'viewer' }],
  ]);
  expect(FakeWebSocket.all.map(({ url }) => url)).toEqual(Array(20).fill('ws://chat.test'));
  expect(FakeWebSocket.all[0]!.protocol).toBe('token-of-Amara');
  leaving.abort();
  expect(await viewers).toBeUndefined();
  while (!FakeWebSocket.all.every(({ isClosed }) => isClosed)) await settled();
});

test('they write lines, each third time a reaction, and the eighth time spam', async () => {
  const viewers = bring(() => 0.5);
  await advance(10 * MEAN_PAUSE);
  const line = 'This is my favorite part';
  expect(contents().sort()).toEqual([SPAM, ...Array(6).fill(line), '👏', '👏', '👏']);
  expect(frames().find(({ Content }) => Content === '👏').Attributes).toEqual({ reaction: '👏' });
  leaving.abort();
  await viewers;
});

test('one message in 25 is spam', async () => {
  let value = 0;
  const viewers = bring(() => value = (value + 0.37) % 1); // Many viewers write.
  await advance(40 * MEAN_PAUSE);
  expect(contents().filter((content) => content === SPAM)).toHaveLength(2);
  leaving.abort();
  await viewers;
});

test('one of them reports spam, and all vote once in an open poll', async () => {
  let value = 0.5;
  const viewers = bring(() => value);
  await advance(100 * 20);
  requests.length = 0;
  receive({ Type: 'MESSAGE', Id: 'id-1', Content: SPAM, Sender: { UserId: 'viewer-sven', Attributes: {} } });
  receive({ Type: 'MESSAGE', Id: 'id-2', Content: 'Hi', Sender: { UserId: 'viewer-sven', Attributes: {} } });
  await settled();
  expect(requests).toEqual([{
    url: 'http://api.test/report-message',
    user: 'Amara',
    body: { messageId: 'id-1', userId: 'viewer-sven', content: SPAM, category: 'SPAM' },
  }]);
  value = 0.72;
  let events = 0;
  const event = (EventName: string, state: string, id = 'p1') => receive({
    Type: 'EVENT', Id: `e${++events}`, EventName, Attributes: { id, state, options: '["Yes","No","Later"]' },
  });
  event('poll', 'closed', 'p0');
  event('vote', 'open', 'p0');
  event('poll', 'open');
  event('poll', 'open'); // The host repeats the poll.
  const votes = () => frames().filter(({ Attributes }) => Attributes.poll);
  await advance(8_700);
  expect(votes()).toEqual([]);
  await advance(100);
  // The square of the random number prefers the first option.
  expect(votes()).toEqual(Array(20).fill({
    Action: 'SEND_MESSAGE', RequestId: expect.any(String), Content: 'No', Attributes: { poll: 'p1', option: '1' },
  }));
  value = 0.3;
  event('poll', 'open', 'p2');
  await advance(4_000);
  // One of them has written so much that the session delays its vote.
  expect(votes().filter(({ Attributes }) => Attributes.poll === 'p2').length).toBeGreaterThanOrEqual(19);
  leaving.abort();
  await viewers;
});

test('a failed report does not stop the viewers', async () => {
  const viewers = bring(() => 0.5);
  await advance(100 * 20);
  jest.mocked(fetch).mockRejectedValue(new TypeError('fetch failed'));
  receive({ Type: 'MESSAGE', Id: 'id-1', Content: SPAM, Sender: { UserId: 'viewer-sven', Attributes: {} } });
  await settled();
  const before = frames().length;
  await advance(MEAN_PAUSE);
  expect(frames()).toHaveLength(before + 1);
  leaving.abort();
  await viewers;
});

test('the next viewer waits while another viewer reconnects', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(0); // The sessions connect again at once.
  const answer = jest.mocked(fetch).getMockImplementation()!;
  jest.mocked(fetch).mockImplementation(async (...request) => {
    await answer(...request);
    if (requests.length > 1) await new Promise(() => {});
    return new Response('{}', { status: 500 });
  });
  const viewers = bring(() => 0.5);
  await advance(500);
  expect(requests.map(({ user }) => user)).toEqual(['Amara', 'Amara']);
  leaving.abort();
  await viewers;
});

test('a viewer with a failed vote votes again when the host repeats the poll', async () => {
  const viewers = bring(() => 0);
  await advance(100 * 20);
  const open = (Id: string) => receive({
    Type: 'EVENT', Id, EventName: 'poll', Attributes: { id: 'p1', state: 'open', options: '["Yes","No"]' },
  });
  const votes = () => frames().filter(({ Attributes }) => Attributes.poll);
  open('e1');
  await advance(500);
  expect(votes()).toHaveLength(20);
  const { RequestId } = votes()[0];
  receive({ Type: 'ERROR', RequestId, ErrorCode: 429, ErrorMessage: 'too fast' });
  await settled();
  open('e2');
  await advance(500);
  expect(votes()).toHaveLength(21);
  leaving.abort();
  await viewers;
});

test('an address that is no address of a room is an error', async () => {
  const { signal } = leaving;
  const viewers = bringViewers({ chatUrl: 'http://api.test/', messaging: 'nowhere', signIn, signal });
  await expect(viewers).rejects.toThrow('endpoint must be a Region or a wss:// or ws:// URL, got nowhere');
  leaving.abort();
});

test('they also leave while one of them waits for a connection', async () => {
  jest.mocked(fetch).mockImplementation(() => new Promise(() => {}));
  const viewers = bring(() => 0.5);
  await advance(100);
  leaving.abort();
  expect(await viewers).toBeUndefined();
});

test('a viewer without a connection does not send messages, now or later', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(0); // The sessions connect again at once.
  const viewers = bring(() => 0.5);
  await advance(100 * 20);
  const answer = jest.mocked(fetch).getMockImplementation()!;
  const waiting: (() => void)[] = [];
  jest.mocked(fetch).mockImplementation(async (...request) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return answer(...request);
  });
  FakeWebSocket.all.splice(0).forEach((socket) => socket.fire('close'));
  await advance(3 * MEAN_PAUSE);
  expect([waiting.length, FakeWebSocket.all.length]).toEqual([20, 0]);
  waiting.forEach((resolve) => resolve());
  await settled();
  expect([FakeWebSocket.all.length, frames()]).toEqual([20, []]);
  await advance(MEAN_PAUSE);
  expect(frames()).toHaveLength(1);
  leaving.abort();
  await viewers;
});

test('a viewer who is refused does not keep the others out', async () => {
  const answer = jest.mocked(fetch).getMockImplementation()!;
  jest.mocked(fetch).mockImplementation(async (url, options) => {
    const response = await answer(url, options);
    return requests.length === 1 ? new Response('{}', { status: 403 }) : response;
  });
  const viewers = bring(() => 0.5);
  await advance(100 * 3);
  expect(requests.map(({ user }) => user)).toEqual(VIEWER_NAMES.slice(0, 3));
  expect(FakeWebSocket.all).toHaveLength(2);
  leaving.abort();
  await viewers;
});
