import { WebSocket } from 'ws';
import type { ConsoleUpdate, ShownRequest } from '../../../../local/ivs-chat/console/console-update';
import { commandsOf } from '../../../../local/ivs-chat/console/page/commands';
import {
  activeFaultOf, faultSwitches, faultTitle, turnOn,
} from '../../../../local/ivs-chat/console/page/fault-switches';
import {
  bytesText, counted, durationText, fromNow, lastPart, matches, shortName, timeOfDay,
} from '../../../../local/ivs-chat/console/page/format';
import { emptyData, LiveConsole, nameKey, updatedData } from '../../../../local/ivs-chat/console/page/live-console';
import { hrefTo, parseRoute } from '../../../../local/ivs-chat/console/page/route';
import { createToken, sendAs, sendToServer } from '../../../../local/ivs-chat/console/page/service-requests';
import { showError, showToast, watchToasts, type Toast } from '../../../../local/ivs-chat/console/page/toasts';
import type { Fault } from '../../../../local/ivs-chat/faults';
import { Fixture } from '../fixture';

const roomArn = 'arn:aws:ivschat:us-west-2:123456789012:room/abc123DEF456';

describe('texts', () => {
  test.each<[string, string]>([
    [lastPart(roomArn), 'abc123DEF456'],
    [lastPart('arn:aws:lambda:us-west-2:123456789012:function:review'), 'review'],
    [lastPart('plain'), 'plain'],
    [shortName('LiveChat-ReviewDAFB1C41-M9NP93FN2ZGZ'), 'Review'],
    [shortName('my-own-name'), 'my-own-name'],
    [fromNow('1970-01-01T00:01:29.400Z', 0), 'in 89 s'],
    [fromNow('1970-01-01T00:01:30Z', 0), 'in 2 min'],
    [fromNow('1970-01-01T01:29:00Z', 0), 'in 89 min'],
    [fromNow('1970-01-01T01:30:00Z', 0), 'in 2 h'],
    [fromNow('1970-01-01T00:00:00Z', 0), 'in 0 s'],
    [fromNow('1970-01-01T00:00:00Z', 12_000), '12 s ago'],
    [bytesText(999), '999 B'],
    [bytesText(1000), '1.0 kB'],
    [bytesText(12_345), '12.3 kB'],
    [durationText(9.94), '9.9 ms'],
    [durationText(10), '10 ms'],
    [durationText(1234.5), '1235 ms'],
    [counted(0, 'message'), '0 messages'],
    [counted(1, 'message'), '1 message'],
    [counted(2, 'message'), '2 messages'],
  ])('%s', (text, expected) => expect(text).toBe(expected));

  test('the time of day has its milliseconds apart', () => {
    const [time, milliseconds] = timeOfDay('2026-01-01T10:20:30.007Z');
    expect(time).toMatch(/^\d\d:\d0:30$/);
    expect(milliseconds).toBe('007');
  });

  test.each([
    [{ a: { b: 'Hello' } }, 'hello', true],
    [{ a: 'hello' }, 'HELLO', true],
    [{ a: 'hello' }, 'bye', false],
    [undefined, '', true],
  ])('%j matches "%s": %s', (item, text, expected) => expect(matches(item, text)).toBe(expected));
});

describe('routes', () => {
  test.each([
    [
      '#/people/room1/user%2F1?q=a%26b&show=',
      { page: 'people', path: ['room1', 'user/1'], query: { q: 'a&b', show: '' } },
    ],
    ['#requests/7', { page: 'requests', path: ['7'], query: {} }],
    ['#/frames//?q=x?y', { page: 'frames', path: [], query: { q: 'x' } }],
    ['#/nothing/1', { page: 'overview', path: ['1'], query: {} }],
    ['#/rooms/%E0%A4%A', { page: 'rooms', path: ['%E0%A4%A'], query: {} }],
  ])('%s is read', (hash, route) => expect(parseRoute(hash)).toEqual(route));

  test('have no empty parameters', () => {
    expect(hrefTo('rooms')).toBe('#/rooms');
    expect(hrefTo('requests', [7], { q: '' })).toBe('#/requests/7');
    expect(hrefTo('people', ['a/b'], { q: 'x', show: '' })).toBe('#/people/a%2Fb?q=x');
  });
});

describe('the live console', () => {
  const update = (over: object = {}) =>
    ({ now: new Date().toISOString(), isFirst: false, parts: {}, frames: [], requests: [], logLines: [], ...over }) as
      unknown as ConsoleUpdate;
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => ({
    number: from + index, roomArn, type: 'x', content: {},
  }));

  test('adds new items, replaces parts, and forgets everything at the first update', () => {
    const first = updatedData(emptyData, update({
      isFirst: true,
      parts: { rooms: [1], faults: [2] },
      frames: numbers(1, 2),
      requests: numbers(1, 1),
      logLines: numbers(1, 1),
    }));
    expect(first).toMatchObject({
      status: 'live',
      rooms: [1],
      faults: [2],
      frames: numbers(1, 2),
      requests: numbers(1, 1),
      logLines: numbers(1, 1),
      stacks: [],
    });
    const second = updatedData(first, update({ parts: { rooms: [3] }, frames: numbers(3, 3) }));
    expect(second).toMatchObject({ rooms: [3], faults: [2], frames: numbers(1, 3), requests: numbers(1, 1) });
    expect(second.requests).toBe(first.requests);
    const named = { ...second, names: new Map([['a', 'b']]) };
    const again = updatedData(named, update({ isFirst: true, frames: numbers(1, 1) }));
    expect(again).toMatchObject({
      rooms: [], faults: [], frames: numbers(1, 1), requests: [], logLines: [], names: new Map(),
    });
  });

  test('keeps the last 1000 frames, 500 requests and 500 lines', () => {
    const { frames, requests, logLines } = updatedData(emptyData, update({
      frames: numbers(1, 1001), requests: numbers(1, 501), logLines: numbers(1, 501),
    }));
    expect([frames, requests, logLines]).toEqual([numbers(2, 1001), numbers(2, 501), numbers(2, 501)]);
  });

  test('knows how far the clock of the service is ahead', () => {
    jest.useFakeTimers({ now: 1000 });
    expect(updatedData(emptyData, update({ now: '1970-01-01T00:00:05.000Z' })).clockOffset).toBe(4000);
    jest.useRealTimers();
  });

  test('learns names from messages, connections and tokens, of one room each', () => {
    const other = roomArn.replace('abc', 'xyz');
    const frame = (type: string, content: object) => ({ roomArn, type, content });
    const { names } = updatedData(emptyData, update({
      frames: [
        frame('CONNECT', { UserId: 'a', Attributes: { username: 'Old' } }),
        frame('MESSAGE', { Sender: { UserId: 'a', Attributes: { name: 'x', username: 'y', displayName: 'Ada' } } }),
        frame('CONNECT', { UserId: 'b', Attributes: { displayName: '', name: 'Bob' } }),
        frame('CONNECT', { UserId: 'c', Attributes: { displayName: 7 } }),
        frame('MESSAGE', { Sender: { UserId: 'd', Attributes: null } }),
        frame('aws:DISCONNECT_USER', { UserId: 'e', Attributes: { name: 'Nobody' } }),
        frame('MESSAGE', { EventName: 'MESSAGE', Attributes: null }),
        frame('CONNECT', { EventName: 'CONNECT', UserId: 'e', Attributes: { name: 'Nobody' } }),
      ],
      parts: {
        tokens: [{ roomArn, userId: 'f', attributes: { username: 'Frances' } }],
        connections: [{ roomArn: other, userId: 'a', attributes: { name: 'Another' } }],
      },
    }));
    expect(Object.fromEntries(names)).toEqual({
      [nameKey(roomArn, 'a')]: 'Ada',
      [nameKey(roomArn, 'b')]: 'Bob',
      [nameKey(roomArn, 'f')]: 'Frances',
      [nameKey(other, 'a')]: 'Another',
    });
  });

  test('knows a user by the name of the newest connection, and otherwise of the newest token', () => {
    const named = (userId: string, displayName: string) => ({ roomArn, userId, attributes: { displayName } });
    const { names } = updatedData(emptyData, update({
      parts: {
        tokens: [named('a', 'Newest token'), named('b', 'Newest'), named('b', 'Oldest'), named('a', 'Oldest token')],
        connections: [named('a', 'Newest'), named('a', 'Oldest')],
      },
    }));
    expect(Object.fromEntries(names)).toEqual({ [nameKey(roomArn, 'a')]: 'Newest', [nameKey(roomArn, 'b')]: 'Newest' });
  });

  test('forgets the oldest of more than 2000 names', () => {
    const tokens = Array.from({ length: 2001 }, (_, index) => ({
      roomArn, userId: `u${index}`, attributes: { name: 'N' },
    }));
    const { names } = updatedData(emptyData, update({ parts: { tokens } }));
    expect([names.size, ...['u0', 'u1999', 'u2000'].map((userId) => names.has(nameKey(roomArn, userId)))]).toEqual([
      2000, true, true, false,
    ]);
  });

  test('reads the stream while the page is visible, and a second after the end of the stream', () => {
    jest.useFakeTimers();
    const sources: { url: string; closed: boolean; onmessage?: (event: object) => void; onerror?: () => void }[] = [];
    let changeVisibility = () => {};
    const page = {
      hidden: true,
      addEventListener: (name: string, listener: () => void) => {
        expect(name).toBe('visibilitychange');
        changeVisibility = listener;
      },
    };
    class Source {
      closed = false;

      constructor(readonly url: string) {
        sources.push(this);
      }

      close() {
        this.closed = true;
      }
    }
    Object.assign(globalThis, { document: page, EventSource: Source });
    try {
      const seen: string[] = [];
      const live = new LiveConsole(({ status, rooms }) => seen.push(`${status} ${rooms.length}`));
      live.start();
      expect(sources).toHaveLength(0);
      page.hidden = false;
      changeVisibility();
      expect(sources).toMatchObject([{ url: 'events', closed: false }]);
      sources[0]!.onmessage!({ data: JSON.stringify(update({ parts: { rooms: [1] } })) });
      sources[0]!.onerror!();
      expect(seen).toEqual(['live 1', 'offline 1']);
      expect(sources[0]!.closed).toBe(true);
      jest.advanceTimersByTime(999);
      expect(sources).toHaveLength(1);
      jest.advanceTimersByTime(1);
      expect(sources).toMatchObject([{ closed: true }, { closed: false }]);
      sources[1]!.onerror!();
      page.hidden = true;
      changeVisibility();
      jest.advanceTimersByTime(10_000);
      expect(sources).toHaveLength(2);
      expect(live.data.rooms).toEqual([1]);
      page.hidden = false;
      changeVisibility();
      changeVisibility();
      expect(sources.map(({ closed }) => closed)).toEqual([true, true, true, false]);
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
      Reflect.deleteProperty(globalThis, 'EventSource');
      jest.useRealTimers();
    }
  });
});

test('at most three toasts are visible, each for six seconds', () => {
  jest.useFakeTimers();
  let visible: readonly Toast[] = [];
  watchToasts((toasts) => {
    visible = toasts;
  });
  const texts = () => visible.map(({ text, isError }) => `${text} ${isError}`);
  showToast('one');
  jest.advanceTimersByTime(1000);
  showError(new Error('two'));
  expect(texts()).toEqual(['one false', 'two true']);
  expect(new Set(visible.map(({ id }) => id)).size).toBe(2);
  showToast('three');
  showToast('four');
  expect(texts()).toEqual(['two true', 'three false', 'four false']);
  jest.advanceTimersByTime(5999);
  expect(visible).toHaveLength(3);
  jest.advanceTimersByTime(1);
  expect(visible).toEqual([]);
  showToast('again');
  jest.advanceTimersByTime(1);
  showToast('again');
  jest.advanceTimersByTime(5999);
  expect(texts()).toEqual(['again false']);
  jest.advanceTimersByTime(1);
  expect(visible).toEqual([]);
  jest.useRealTimers();
});

describe('the requests of the page', () => {
  let fixture: Fixture;
  const browserFetch = globalThis.fetch;
  beforeEach(async () => {
    fixture = await Fixture.start();
    jest.spyOn(globalThis, 'fetch').mockImplementation(
      (path, init) => browserFetch(new URL(String(path), fixture.chat.console), init));
    Object.assign(globalThis, { location: new URL(fixture.chat.console), WebSocket });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    Reflect.deleteProperty(globalThis, 'location');
    Reflect.deleteProperty(globalThis, 'WebSocket');
    await fixture.end();
  });

  test('have an answer, or the message of the service as an error', async () => {
    expect(await sendToServer('POST', 'faults', { kind: 'throttle' })).toEqual({ id: 1 });
    expect(await sendToServer('DELETE', 'faults/1')).toEqual({});
    await expect(sendToServer('DELETE', 'faults/1')).rejects.toThrow(new Error('There is no DELETE /faults/1'));
  });

  test('create a token with the properties of the user', async () => {
    const room = await fixture.createRoom();
    const user = { roomArn: room, userId: 'ada', attributes: { a: 'b' }, capabilities: ['DELETE_MESSAGE'] };
    const before = Date.now();
    const token = await createToken(user, 3);
    const { tokens: [shown] } = await fixture.state();
    expect(shown).toMatchObject(user);
    await fixture.open(token);
    const { connections: [connection] } = await fixture.state();
    const minutes = (Date.parse(connection!.sessionExpirationTime) - before) / 60_000;
    expect(Math.round(minutes)).toBe(3);
  });

  test('send a frame as a user, and return the response', async () => {
    const room = await fixture.createRoom({ maximumMessageLength: 3 });
    const witness = await fixture.connect(room, 'w');
    const user = { roomArn: room, userId: 'ada', attributes: {}, capabilities: ['SEND_MESSAGE'] };
    const send = (Content: string) => sendAs(user, { Action: 'SEND_MESSAGE', Content });
    const answer = await send('hi');
    expect(answer).toMatchObject({ Type: 'MESSAGE', Content: 'hi', RequestId: expect.stringMatching(/^console-\w+$/) });
    expect(await witness.next()).toEqual(answer);
    await expect(send('long')).rejects.toThrow(new Error('ERROR 400: Message exceeds maximum length'));
    fixture.chat.faults.add({ kind: 'lostRequest', operation: 'SEND_MESSAGE' });
    await expect(send('hi')).rejects.toThrow(new Error('The service closed the connection without a response'));
    while ((await fixture.state()).connections.length > 1) await new Promise(setImmediate);
    await expect(sendAs(user, 'nonsense')).rejects.toThrow(/^ERROR 400: A request must be a JSON object/);
  });

  test('turn on each fault, and drop everyone', async () => {
    const connection = await fixture.connect(await fixture.createRoom(), 'u');
    for (const each of faultSwitches) await turnOn(each);
    expect(await connection.closed).toBe(1006);
    const active = fixture.chat.faults.list();
    expect(active).toMatchObject(faultSwitches.map(({ fault }) => fault));
    expect(faultSwitches.map((each) => activeFaultOf(each, active)?.id)).toEqual([1, 2, 3, 4, 5]);
    expect(active.map(faultTitle)).toEqual([
      'Throttle', 'Slow 2 s', 'Drop everyone', 'Review down', 'Expire tokens',
    ]);
  });
});

test('the commands of a request quote its input', () => {
  const request = { operation: 'CreateChatToken', input: { userId: "it's 'it'" }, region: 'us-east-1' } as ShownRequest;
  expect(commandsOf(request, 'http://127.0.0.1:1')).toEqual({
    'AWS CLI': `aws ivschat create-chat-token \\
  --cli-input-json '{"userId":"it'\\''s '\\''it'\\''"}' \\
  --region us-east-1 \\
  --endpoint-url http://127.0.0.1:1`,
    'AWS SDK': `import { CreateChatTokenCommand, IvschatClient } from '@aws-sdk/client-ivschat';

const client = new IvschatClient({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1' });
await client.send(new CreateChatTokenCommand({
  "userId": "it's 'it'"
}));`,
    'curl': `curl 'http://127.0.0.1:1/CreateChatToken' \\
  --aws-sigv4 'aws:amz:us-east-1:ivschat' \\
  --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
  -H 'content-type: application/json' \\
  -d '{"userId":"it'\\''s '\\''it'\\''"}'`,
  });
  const withoutInput = { ...request, operation: 'ListRooms', input: undefined };
  expect(commandsOf(withoutInput, '')['AWS CLI']).toContain("list-rooms \\\n  --cli-input-json '{}'");
});

test.each<[Fault, string]>([
  [{ kind: 'throttle', operation: 'GetRoom' }, 'throttle of GetRoom'],
  [{ kind: 'throttle', times: 1 }, 'throttle of all requests'],
  [{ kind: 'throttle', probability: 0.5 }, 'throttle of all requests'],
  [{ kind: 'latency', milliseconds: 1 }, 'latency of all requests'],
  [{ kind: 'expiredToken' }, 'expiredToken of all requests'],
])('no switch has the fault %j', (fault, title) => {
  expect(faultTitle(fault)).toBe(title);
  expect(faultSwitches.map((each) => activeFaultOf(each, [fault])).filter(Boolean)).toEqual([]);
});
