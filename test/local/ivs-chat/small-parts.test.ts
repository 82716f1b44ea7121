import fs from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { VirtualClock } from '../../../local/clock';
import { maximumConnections } from '../../../local/ivs-chat/connection-limit';
import { faultKinds, faultOperations, Faults, type Fault } from '../../../local/ivs-chat/faults';
import { newId, systemRandom } from '../../../local/ivs-chat/ids';
import { ChatTokens } from '../../../local/ivs-chat/messaging/chat-tokens';
import { encodeFrame, SendTimes, type ErrorFrame } from '../../../local/ivs-chat/messaging/frames';
import { FrameLog } from '../../../local/ivs-chat/messaging/frame-log';
import { refuseUpgrade } from '../../../local/ivs-chat/messaging/handshake';
import { parseJson } from '../../../local/ivs-chat/parse-json';
import { defaultQuotas, requestRate, serviceQuotas } from '../../../local/ivs-chat/quotas';
import { accountWide, RateLimit, RateLimits } from '../../../local/ivs-chat/rate-limit';
import { RecentItems } from '../../../local/ivs-chat/recent-items';
import { RequestGuard } from '../../../local/ivs-chat/request-guard';
import * as contract from '../../../src/contract/generated/operations';

const ROOM = 'arn:aws:ivschat:us-west-2:123456789012:room/AAAAAAAAAAAA';

describe('the quotas', () => {
  test('have the documented values, and account-wide rates only with the quotas of the service', () => {
    const always = {
      rooms: 50_000, loggingConfigurations: 10, concurrentConnections: 50_000, messagingRequestsPerConnection: 10,
    };
    expect(defaultQuotas).toEqual({
      ...always,
      sendMessagePerSecond: Infinity,
      deleteMessagePerSecond: Infinity,
      disconnectUserPerSecond: Infinity,
      requestRates: false,
    });
    expect(serviceQuotas).toEqual({
      ...always,
      sendMessagePerSecond: 1000,
      deleteMessagePerSecond: 100,
      disconnectUserPerSecond: 100,
      requestRates: true,
    });
  });

  test('limit each operation to its documented rate', () => {
    expect(Object.fromEntries(Object.keys(contract).map((name) => [name, requestRate(name)]))).toEqual({
      CreateChatToken: 200,
      SendEvent: 100,
      DeleteMessage: 100,
      DisconnectUser: 100,
      TagResource: 10,
      UntagResource: 10,
      ListTagsForResource: 10,
      CreateRoom: 5,
      GetRoom: 5,
      UpdateRoom: 5,
      DeleteRoom: 5,
      ListRooms: 5,
      CreateLoggingConfiguration: 3,
      GetLoggingConfiguration: 3,
      UpdateLoggingConfiguration: 3,
      DeleteLoggingConfiguration: 3,
      ListLoggingConfigurations: 3,
    });
  });
});

describe('a rate limit', () => {
  const taken = (limit: RateLimit, perSecond: number, times: readonly number[]) =>
    times.map((now) => limit.take(perSecond, now));

  test('allows the requests of one second at once, and then one for each interval', () => {
    const times = [1000, 1000, 1000, 1000, 1000, 1249, 1250, 1250, 3000, 3000, 3000, 3000, 3000];
    expect(taken(new RateLimit(), 4, times)).toEqual([
      true, true, true, true, false, false, true, false, true, true, true, true, false,
    ]);
  });

  test('allows exactly its rate at once, also at a time since 1970', () => {
    for (let rate = 1; rate <= 200; rate++) {
      const limit = new RateLimit();
      const at = (now: number, count: number) => taken(limit, rate, Array<number>(count).fill(now));
      const all = Array<boolean>(rate).fill(true);
      expect([rate, at(1_790_000_000_007, rate + 1)]).toEqual([rate, [...all, false]]);
      expect([rate, at(1_790_000_001_007, rate + 1)]).toEqual([rate, [...all, false]]);
    }
  });

  test('does not allow more after its clock goes back', () => {
    expect(taken(new RateLimit(), 2, [5000, 5000, 4000, 5499, 5500])).toEqual([true, true, false, false, true]);
  });

  test('allows every second request of a rate of 1 that comes twice as often', () => {
    expect(taken(new RateLimit(), 1, [0, 500, 1000, 1500, 2000])).toEqual([true, false, true, false, true]);
  });

  test('counts each name apart, never limits an infinite rate, and forgets the oldest of 10,000 names', () => {
    const limits = new RateLimits(new VirtualClock(0));
    expect(['a', 'a', 'b'].map((name) => limits.take(name, 1))).toEqual([true, false, true]);
    expect([1, 2, 3].map(() => limits.take('a', Infinity))).toEqual([true, true, true]);
    for (let count = 2; count < 10_000; count++) limits.take(`more ${count}`, 1);
    expect(limits.take('a', 1)).toBe(false);
    limits.take('one too many', 1);
    expect([limits.take('b', 1), limits.take('a', 1)]).toEqual([false, true]);
  });

  test('of an account is the same for all its rooms in a Region, and for one operation', () => {
    const name = accountWide('SendMessage', ROOM);
    expect(accountWide('SendMessage', ROOM.replace('AAAA', 'BBBB'))).toBe(name);
    for (const [operation, arn] of [
      ['DeleteMessage', ROOM],
      ['SendMessage', ROOM.replace('us-west-2', 'us-east-1')],
      ['SendMessage', ROOM.replace('123456789012', '210987654321')],
    ] as const) {
      expect(accountWide(operation, arn)).not.toBe(name);
    }
  });
});

describe('random', () => {
  test('IDs have 12 letters and digits, all of which occur', () => {
    const ids = Array.from({ length: 6 }, (_, index) =>
      newId((size) => Uint8Array.from({ length: size }, (__, byte) => index * 12 + byte)));
    expect(ids.join('')).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ');
    expect(ids.every((id) => id.length === 12)).toBe(true);
  });

  test('bytes do not repeat, have the requested size, and do not change later', () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    const all = Array.from({ length: 1000 }, () => systemRandom(24));
    const texts = all.map(hex);
    expect(new Set(texts).size).toBe(1000);
    expect(texts.every(({ length }) => length === 48)).toBe(true);
    for (let count = 0; count < 1000; count++) systemRandom(24);
    expect(all.map(hex)).toEqual(texts);
  });
});

describe('recent items', () => {
  test('have numbers that continue after the list is cleared', () => {
    const items = new RecentItems<string>(3);
    expect(items.newestFirst()).toEqual([]);
    expect(['a', 'b'].map((item) => items.add(item))).toEqual([1, 2]);
    expect(items.newestFirst()).toEqual(['b', 'a']);
    expect(['c', 'd'].map((item) => items.add(item))).toEqual([3, 4]);
    expect(items.newestFirst()).toEqual(['d', 'c', 'b']);
    expect(items.after(0)).toEqual([{ number: 2, item: 'b' }, { number: 3, item: 'c' }, { number: 4, item: 'd' }]);
    expect(items.after(3)).toEqual([{ number: 4, item: 'd' }]);
    expect(items.after(4)).toEqual([]);
    items.clear();
    expect(items.newestFirst()).toEqual([]);
    expect(items.add('e')).toBe(5);
    expect(items.after(0)).toEqual([{ number: 5, item: 'e' }]);
  });
});

describe('JSON', () => {
  const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
  test.each<[string, Uint8Array, unknown]>([
    ['an object', Buffer.from('{"a":[1,null],"b":"text"}'), { a: [1, null], b: 'text' }],
    ['nothing', Buffer.from(''), undefined],
    ['a broken text', Buffer.from('{"a"'), undefined],
    ['another encoding', Buffer.from([0x22, 0xff, 0x22]), undefined],
    ['a byte order mark', Buffer.from('\uFEFF{}'), {}],
    ['33 levels', nested(33), undefined],
  ])('of %s', (_what, bytes, value) => expect(parseJson(bytes)).toEqual(value));

  test('of 32 levels is read', () => expect(parseJson(nested(32))).toBeDefined());
});

describe('the connection limit', () => {
  afterEach(() => jest.restoreAllMocks());

  test.each<[string, number]>([
    ['Max cpu time  unlimited\nMax open files            1024                 4096                 files\n', 960],
    ['Max open files            64                 4096                 files\n', 1],
    ['Max open files            unlimited            unlimited            files\n', 10_000],
  ])('of the limits %j is %d', (limits, expected) => {
    const read = jest.spyOn(fs, 'readFileSync').mockReturnValue(limits);
    expect(maximumConnections()).toBe(expected);
    expect(read).toHaveBeenCalledWith('/proc/self/limits', 'utf8');
  });

  test('is 10,000 without /proc', () => {
    jest.spyOn(fs, 'readFileSync').mockImplementation(() => {
      throw new Error('ENOENT');
    });
    expect(maximumConnections()).toBe(10_000);
  });
});

describe('the request guard', () => {
  let printed: jest.SpyInstance;
  beforeEach(() => {
    printed = jest.spyOn(console, 'warn').mockImplementation(() => {});
  });
  afterEach(() => printed.mockRestore());

  const reasonOf = (guard: RequestGuard, headers: IncomingHttpHeaders) => guard.refuses({ headers } as IncomingMessage);
  const guardOf = (hosts: string[] = [], origins: string[] = []) => new RequestGuard(hosts, origins);
  const refusal = (header: string, value: string, option: string) =>
    `The ${header} ${JSON.stringify(value)} of this request is not allowed. To allow it, set the option ${option}`;

  test.each<[IncomingHttpHeaders, string | undefined]>([
    [{ host: 'localhost:1' }, undefined],
    [{ host: 'App.Test:1', origin: 'https://page.test' }, undefined],
    [{ host: 'app.test', origin: 'http://localhost:1' }, undefined],
    [{}, 'The host of this request is not allowed: it is not valid'],
    [{ host: 'a b' }, 'The host of this request is not allowed: it is not valid'],
    [{ host: 'Other.Test:1' }, refusal('host', 'other.test', 'allowedHosts (--allowed-host)')],
    [
      { host: 'app.test', origin: 'https://page.test:1' },
      refusal('origin', 'https://page.test:1', 'allowedOrigins (--allowed-origin)'),
    ],
    [
      { host: 'app.test', origin: 'x'.repeat(300) },
      refusal('origin', 'x'.repeat(253), 'allowedOrigins (--allowed-origin)'),
    ],
  ])('with the headers %j gives the reason %j', (headers, reason) => {
    expect(reasonOf(guardOf(['APP.test'], ['https://page.test']), headers)).toBe(reason);
    expect(printed.mock.calls).toEqual(reason === undefined ? [] : [[`Local IVS Chat: ${reason}`]]);
  });

  test('allows all origins with *, but not all hosts, and not with a * in an origin', () => {
    expect(reasonOf(guardOf([], ['https://*.test']), { host: 'localhost', origin: 'https://a.test' })).toBeDefined();
    const guard = guardOf(['*'], ['*']);
    expect(reasonOf(guard, { host: 'localhost', origin: 'https://any.test' })).toBeUndefined();
    expect(reasonOf(guard, { host: 'any.test' })).toBeDefined();
  });

  test('prints at most 20 different reasons', () => {
    const guard = guardOf();
    for (let count = 0; count < 21; count++) {
      reasonOf(guard, { host: `h${count}.test` });
      reasonOf(guard, { host: `h${count}.test` });
    }
    expect(printed).toHaveBeenCalledTimes(20);
  });
});

test.each([
  [403, 'é 👍', 'HTTP/1.1 403 Forbidden', 21],
  [429, 'Rate exceeded', 'HTTP/1.1 429 Too Many Requests', 27],
])('a refused upgrade with the status %s and the message %s has the length of its body in bytes', (
  status, message, firstLine, length,
) => {
  const socket = new PassThrough();
  refuseUpgrade(socket, status, message);
  expect(socket.writableEnded).toBe(true);
  expect(String(socket.read())).toBe([
    firstLine,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${length}`,
    '',
    JSON.stringify({ message }),
  ].join('\r\n'));
});

describe('frames', () => {
  const frame = (ErrorMessage: string): ErrorFrame =>
    ({ Type: 'ERROR', Id: 'AAAAAAAAAAAA', RequestId: '', ErrorCode: 400, ErrorMessage });
  const empty = Buffer.byteLength(JSON.stringify(frame('')));

  test.each([
    [125, '817d'],
    [126, '817e007e'],
    [4660, '817e1234'],
  ])('of %d bytes have the header %s', (size, header) => {
    const content = frame('é'.repeat((size - empty) / 2) + 'x'.repeat((size - empty) % 2));
    const bytes = encodeFrame(content);
    expect(bytes.subarray(0, header.length / 2).toString('hex')).toBe(header);
    expect(bytes.subarray(header.length / 2).toString()).toBe(JSON.stringify(content));
  });

  test('have send times that increase, even if the clock goes back, without trailing zeros', () => {
    const times = new SendTimes();
    const at = (iso: string) => times.next(Date.parse(iso));
    const sent = [
      at('2026-01-01T00:00:00.120Z'), at('2026-01-01T00:00:00.120Z'), at('2026-01-01T00:00:00.119Z'),
      at('2026-01-01T00:00:00.121Z'), times.next(Date.parse('2026-01-01T00:00:00.121Z') + 0.5),
    ];
    const padded = sent.map((time) => time.slice(0, -1).padEnd(29, '0'));
    expect([...new Set(padded)].sort()).toEqual(padded);
    for (const time of sent) expect(time).toMatch(/^2026-01-01T00:00:00\.12[01]\d{0,5}[1-9]Z$/);
    expect(sent[0]).toMatch(/^2026-01-01T00:00:00\.120/);
    expect(sent[2]).toMatch(/^2026-01-01T00:00:00\.120/);
    expect(new SendTimes().next(0)).toBe('1970-01-01T00:00:00.000000037Z');
  });

  test('are kept up to 8 KiB of each of the last 1000', () => {
    const seen: string[] = [];
    const log = new FrameLog(new VirtualClock(7), (direction) => seen.push(direction));
    const connection = { roomArn: ROOM, userId: 'u' };
    const data = Buffer.from('x'.repeat(8 * 1024 + 1));
    expect(log.received('SEND_MESSAGE', connection, data)).toBe(1);
    expect(seen).toEqual(['received']);
    const item = {
      time: 7,
      direction: 'received',
      type: 'SEND_MESSAGE',
      ...connection,
      content: 'x'.repeat(8 * 1024),
      bytes: 8 * 1024 + 1,
    };
    expect(log.after(0)).toEqual([{ number: 1, item }]);
    for (let count = 0; count < 1000; count++) log.received('SEND_MESSAGE', connection, Buffer.from('x'));
    expect(log.after(0)).toHaveLength(1000);
    expect(log.after(0)[0]!.number).toBe(2);
    log.received('SEND_MESSAGE', connection, Buffer.from('é'.repeat(5000)));
    expect(log.after(1001)[0]!.item).toMatchObject({ content: 'é'.repeat(4096), bytes: 10_000 });
    log.clear();
    expect(log.after(0)).toEqual([]);
  });
});

describe('chat tokens', () => {
  const grant = { roomArn: ROOM, userId: 'u', attributes: {}, capabilities: [], sessionExpirationTime: 5 };

  test('have three parts, are used once within a minute, and are listed for two', () => {
    const clock = new VirtualClock(1000);
    const tokens = new ChatTokens(clock, systemRandom);
    const first = tokens.issue(grant);
    expect(first.token).toMatch(/^[\w-]{32}\.[\w-]{128}\.[\w-]{32}$/);
    expect(first.grant).toEqual({ ...grant, tokenExpirationTime: 61_000, used: false });
    clock.advance(1);
    const second = tokens.issue(grant);
    expect(tokens.redeem(second.token)).toBe(second.grant);
    expect(second.grant.used).toBe(true);
    expect([tokens.redeem(second.token), tokens.redeem('x')]).toEqual(['used', 'unknown']);
    clock.advance(59_999);
    expect(tokens.redeem(first.token)).toBe('expired');
    clock.advance(59_999);
    expect(tokens.redeem(second.token)).toBe('used');
    expect(tokens.recent()).toEqual([first.grant, second.grant]);
    clock.advance(1);
    expect(tokens.recent()).toEqual([second.grant]);
    clock.advance(1);
    tokens.issue(grant);
    expect(tokens.redeem(second.token)).toBe('unknown');
  });
});

describe('faults', () => {
  const faultsWith = (byte: number) => new Faults((size) => new Uint8Array(size).fill(byte));

  test('have a description', () => {
    expect(faultKinds).toEqual({
      throttle: 'ThrottlingException, or an ERROR 429',
      serverError: 'InternalServerException, or an ERROR 500',
      lostRequest: 'the connection is reset and the request has no effect',
      lostResponse: 'the request takes effect, and then the connection is reset',
      latency: 'the request takes `milliseconds` longer',
      expiredToken: 'the credentials, or the chat token at CONNECT, are treated as expired',
      permissionNotPropagated: 'a message review handler is rejected: invalid lambda permission',
      reviewFailed: 'the message review handler fails, and the fallback result of the room applies',
      reviewTimedOut: 'the message review handler does not answer within 200 ms, and the fallback result applies',
    });
  });

  test('affect the operations of the control plane, the handshake and the actions', () => {
    expect(faultOperations).toEqual([
      ...Object.keys(contract), 'CONNECT', 'SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER',
    ]);
  });

  test('occur for their kind and operation, the given number of times', () => {
    const faults = faultsWith(0);
    expect(faults.take('throttle', 'GetRoom')).toBeUndefined();
    const fault: Fault = { kind: 'throttle', operation: 'GetRoom', times: 2 };
    expect([faults.add(fault), faults.add({ kind: 'latency', milliseconds: 0 })]).toEqual([1, 2]);
    expect(faults.take('throttle', 'CreateRoom')).toBeUndefined();
    expect(faults.take('serverError', 'GetRoom')).toBeUndefined();
    expect(faults.take('throttle', 'GetRoom')).toBe(fault);
    expect(faults.list()).toEqual([
      { id: 1, kind: 'throttle', operation: 'GetRoom', times: 1 },
      { id: 2, kind: 'latency', milliseconds: 0, times: undefined },
    ]);
    expect(faults.take('throttle')).toBe(fault);
    expect(faults.take('throttle', 'GetRoom')).toBeUndefined();
    expect([1, 2, 3].map(() => faults.take('latency', 'CONNECT')?.kind)).toEqual(['latency', 'latency', 'latency']);
    expect(faults.list()).toEqual([{ id: 2, kind: 'latency', milliseconds: 0, times: undefined }]);
    expect([faults.remove(2), faults.remove(2)]).toEqual([true, false]);
    expect(faults.add(fault)).toBe(3);
    faults.clear();
    expect(faults.list()).toEqual([]);
    expect(faults.add(fault)).toBe(4);
  });

  test('have a probability, and the next fault applies instead', () => {
    const faults = faultsWith(128);
    faults.add({ kind: 'throttle', probability: 0.5, times: 1 });
    expect(faults.take('throttle', 'GetRoom')).toBeUndefined();
    faults.add({ kind: 'throttle', probability: 0.51 });
    expect(faults.take('throttle', 'GetRoom')?.probability).toBe(0.51);
    expect(faults.list()).toHaveLength(2);
    const always = faultsWith(255);
    always.add({ kind: 'throttle', probability: 1 });
    expect(always.take('throttle')).toBeDefined();
  });

  test.each<[object, string]>([
    [{}, 'kind is required'],
    [{ kind: 'none' }, `kind must be one of ${Object.keys(faultKinds).join(', ')}, got "none"`],
    [
      { kind: 'throttle', operation: 'CreatRoom' },
      `operation must be one of ${faultOperations.join(', ')}, got "CreatRoom"`,
    ],
    [{ kind: 'throttle', times: 0 }, 'times must be at least 1, got 0'],
    [{ kind: 'throttle', times: 1.5 }, 'times must be an integer, got 1.5'],
    [{ kind: 'latency', milliseconds: -1 }, 'milliseconds must be at most 600000, got -1'],
    [{ kind: 'latency', milliseconds: 600_001 }, 'milliseconds must be at most 600000, got 600001'],
    [{ kind: 'throttle', probability: 'often' }, 'probability must be between 0 and 1, got often'],
    [{ kind: 'throttle', probability: -0.1 }, 'probability must be between 0 and 1, got -0.1'],
    [
      { kind: 'throttle', times: 0, probability: 1.1 },
      'times must be at least 1, got 0; probability must be between 0 and 1, got 1.1',
    ],
  ])('%j is refused', (fault, problem) => {
    expect(() => faultsWith(0).add(fault as Fault)).toThrow(new RangeError(`Not a valid fault: ${problem}`));
  });

  test.each<Fault>([
    { kind: 'throttle', probability: 0 },
    { kind: 'throttle', probability: 1, times: 1 },
    { kind: 'latency', milliseconds: 0 },
    { kind: 'latency', milliseconds: 600_000 },
  ])('%j is accepted', (fault) => expect(faultsWith(0).add(fault)).toBe(1));
});
