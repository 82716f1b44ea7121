import http from 'node:http';
import type { Socket } from 'node:net';
import * as sdk from '@aws-sdk/client-ivschat';
import { failure, Fixture, ObservedClock } from './fixture';
import type { Fault } from '../../../local/ivs-chat/faults';

let clock: ObservedClock;
let fixture: Fixture;
beforeEach(async () => {
  clock = new ObservedClock();
  fixture = await Fixture.start({ clock });
});
afterEach(() => fixture.end());

const create = () => fixture.client.send(new sdk.CreateRoomCommand({}));
const rooms = async () => (await fixture.client.send(new sdk.ListRoomsCommand({}))).rooms!.length;
const inject = (fault: Fault) => fixture.chat.faults.add(fault);
const uri = 'arn:aws:lambda:us-west-2:123456789012:function:review';

describe('in the control plane', () => {
  const expired = 'The security token included in the request is expired';
  const throttled = { limit: 5, resourceId: '', resourceType: 'ROOM' };
  test.each<[Fault['kind'], number, string | undefined, string, object]>([
    ['throttle', 429, 'ThrottlingException', 'Rate exceeded', throttled],
    ['serverError', 500, 'InternalServerException', 'Internal server error', {}],
    ['expiredToken', 403, 'ExpiredTokenException', expired, {}],
    ['lostRequest', 0, undefined, 'socket hang up', {}],
    ['lostResponse', 0, undefined, 'socket hang up', {}],
  ])('%s', async (kind, status, code, message, members) => {
    inject({ kind, operation: 'CreateRoom', times: 1 });
    expect(await rooms()).toBe(0); // another operation
    expect(await failure(create())).toMatchObject({
      message: expect.stringContaining(message),
      ...code && { name: code, $metadata: { httpStatusCode: status } },
    });
    const { requests } = await fixture.firstUpdate();
    expect(requests.at(-1)).toEqual({
      number: 2,
      time: new Date(clock.now()).toISOString(),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      operation: 'CreateRoom',
      status,
      caller: fixture.chat.identities.administrator.arn,
      milliseconds: expect.any(Number),
      region: 'us-west-2',
      fault: kind,
      ...code && { error: code, message, output: { message, ...members } },
      ...kind === 'lostResponse' && { input: {}, output: expect.objectContaining({ name: '' }) },
    });
    expect(await rooms()).toBe(kind === 'lostResponse' ? 1 : 0);
    await create();
    expect(fixture.chat.faults.list()).toEqual([]);
  });

  test('a lost response makes the official SDK create two rooms', async () => {
    inject({ kind: 'lostResponse', operation: 'CreateRoom', times: 1 });
    const retrying = fixture.clientOf(fixture.chat.identities.administrator, { maxAttempts: 3 });
    await retrying.send(new sdk.CreateRoomCommand({}));
    expect(await rooms()).toBe(2);
  });

  test('latency of a request that its client gives up ends early, and is a second by default', async () => {
    inject({ kind: 'latency', operation: 'CreateRoom' });
    const [set, cleared] = [jest.spyOn(clock, 'setTimeout'), jest.spyOn(clock, 'clearTimeout')];
    const abort = new AbortController();
    const given = fixture.client.send(new sdk.CreateRoomCommand({}), { abortSignal: abort.signal });
    await clock.timer(1000);
    abort.abort();
    expect(await failure(given)).toMatchObject({ name: 'AbortError' });
    while (!(await fixture.state()).requests.some(({ operation }) => operation === 'CreateRoom')) {
      await new Promise(setImmediate);
    }
    expect(cleared.mock.calls).toEqual([[set.mock.results[0]!.value]]);
  });

  test('several faults apply one after the other, and the latency applies to the first request', async () => {
    const kinds = ['lostRequest', 'expiredToken', 'serverError', 'throttle', 'lostResponse'] as const;
    for (const kind of [...kinds, 'latency'] as const) inject({ kind, operation: 'GetRoom', milliseconds: 7 });
    const others = fixture.chat.faults.list().length;
    for (const kind of [...kinds].reverse()) inject({ kind, operation: 'CreateRoom', times: 1 });
    inject({ kind: 'latency', operation: 'CreateRoom', times: 1 });
    const first = failure(create());
    await clock.timer(1000);
    expect(fixture.chat.faults.list()).toHaveLength(others + kinds.length); // The request has not been lost yet.
    clock.advance(1000);
    await first;
    for (let count = 1; count < kinds.length; count++) await failure(create());
    const { requests } = await fixture.firstUpdate();
    expect(requests.map(({ fault }) => fault)).toEqual(kinds);
  });

  test('latency can be 0, and leaves no listener on the connection, which the next request uses, too', async () => {
    const created = jest.spyOn(http, 'createServer');
    await fixture.end();
    fixture = await Fixture.start({ clock });
    const server = created.mock.results[0]!.value as http.Server;
    const sockets: Socket[] = [];
    server.on('connection', (socket: Socket) => sockets.push(socket));
    inject({ kind: 'latency', operation: 'CreateRoom', milliseconds: 0 });
    const counts: number[] = [];
    for (let count = 0; count < 3; count++) {
      const before = clock.countOf(0);
      const creating = create();
      while (clock.countOf(0) === before) await new Promise(setImmediate);
      clock.advance(0);
      await creating;
      counts.push(sockets[0]!.listenerCount('close'));
    }
    expect([sockets.length, counts]).toEqual([1, [counts[0], counts[0], counts[0]]]);
    created.mockRestore();
  });

  test('latency uses the time of the clock', async () => {
    inject({ kind: 'latency', milliseconds: 5000, times: 1 });
    let answered = false;
    const creating = create().then(() => {
      answered = true;
    });
    await clock.timer(5000);
    clock.advance(4999);
    await rooms(); // is answered at once, because the fault is used up
    expect(answered).toBe(false);
    clock.advance(1);
    await creating;
  });

  test('permissionNotPropagated rejects the message review handler', async () => {
    const asked: string[] = [];
    await fixture.end();
    fixture = await Fixture.start({
      clock,
      functionPolicy(functionArn) {
        asked.push(functionArn);
        return { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*' }] };
      },
    });
    inject({ kind: 'permissionNotPropagated', times: 2 });
    const associate = (given = uri) =>
      fixture.client.send(new sdk.CreateRoomCommand({ messageReviewHandler: { uri: given } }));
    expect(await failure(associate(uri.replace('us-west-2', 'eu-west-1')))).toMatchObject({
      message: expect.stringContaining('must be a function in the account'),
    });
    for (let i = 0; i < 2; i++) {
      expect(await failure(associate())).toMatchObject({
        name: 'ValidationException',
        message: expect.stringContaining('invalid lambda permission'),
      });
    }
    expect(asked).toEqual([]);
    expect(await associate()).toMatchObject({ messageReviewHandler: { uri } });
    expect(asked).toEqual([uri]);
  });

  test('a fault occurs with its probability', async () => {
    inject({ kind: 'serverError', operation: 'GetRoom', probability: 0.5 });
    const { arn: identifier } = await create();
    const outcomes = await Promise.all(
      [...Array(60)].map(() =>
        fixture.client.send(new sdk.GetRoomCommand({ identifier })).then(
          () => 1,
          () => 0,
        ),
      ),
    );
    const fine = outcomes.filter(Boolean).length;
    expect(fine).toBeGreaterThan(5);
    expect(fine).toBeLessThan(55);
  });
});

describe('in messaging', () => {
  const send = { Action: 'SEND_MESSAGE', Content: 'x', RequestId: 'r' };
  test.each<[Fault['kind'], number, string, string | undefined]>([
    ['throttle', 429, 'rate limit exceeded', 'An injected fault'],
    ['serverError', 500, 'Internal server error', undefined],
    ['expiredToken', 401, 'The session has expired', undefined],
  ])('%s is an ERROR %i', async (kind, code, text, error) => {
    const room = (await create()).arn!;
    const connection = await fixture.connect(room, 'u', ['SEND_MESSAGE']);
    inject({ kind, operation: 'SEND_MESSAGE', times: 1 });
    expect(await connection.ask(send)).toMatchObject({
      Type: 'ERROR', ErrorCode: code, ErrorMessage: text, RequestId: 'r',
    });
    expect((await fixture.firstUpdate()).requests.at(-1)).toEqual({
      number: expect.any(Number),
      time: new Date(clock.now()).toISOString(),
      requestId: 'r',
      operation: 'SEND_MESSAGE',
      status: code,
      error,
      caller: room,
      roomArn: room,
      userId: 'u',
      frame: 2,
      message: error ?? text,
      fault: kind,
    });
    expect(await connection.ask(send)).toMatchObject({ Type: 'MESSAGE' });
  });

  test('several faults apply one after the other, also to a request that is not valid', async () => {
    const connection = await fixture.connect((await create()).arn!, 'u', ['SEND_MESSAGE']);
    const kinds = ['throttle', 'serverError', 'expiredToken', 'lostRequest'] as const;
    for (const kind of [...kinds, 'latency'] as const) inject({ kind, operation: 'DELETE_MESSAGE', milliseconds: 7 });
    const others = fixture.chat.faults.list().length;
    for (const kind of [...kinds].reverse()) inject({ kind, operation: 'SEND_MESSAGE', times: 1 });
    inject({ kind: 'latency', operation: 'SEND_MESSAGE', times: 1 });
    const invalid = { Action: 'SEND_MESSAGE' };
    connection.send(invalid);
    await clock.timer(1000);
    expect(fixture.chat.faults.list()).toHaveLength(others + kinds.length); // The request has not been throttled yet.
    clock.advance(1000);
    expect(await connection.next()).toMatchObject({ ErrorCode: 429 });
    for (const ErrorCode of [500, 401]) expect(await connection.ask(invalid)).toMatchObject({ ErrorCode });
    connection.send(invalid);
    expect(await connection.closed).toBe(1006);
  });

  test('several faults apply to one handshake after the other, most of them also without a token', async () => {
    const token = await fixture.token((await create()).arn!, 'u');
    const kinds = ['lostRequest', 'serverError', 'throttle', 'expiredToken'] as const;
    for (const kind of [...kinds].reverse()) inject({ kind, operation: 'CONNECT', times: 1 });
    expect(await fixture.open().catch(() => 0)).toBe(0);
    for (const status of [500, 429, 401]) expect(await fixture.open()).toBe(status);
    expect(await fixture.open(token)).toBe(403);
    expect(await fixture.open(token)).toHaveProperty('socket');
  });

  test('a delayed message is not delivered after the session of its sender has ended', async () => {
    const room = (await create()).arn!;
    const sender = await fixture.connect(room, 'u', ['SEND_MESSAGE'], { sessionDurationInMinutes: 1 });
    const witness = await fixture.connect(room, 'w', [], { sessionDurationInMinutes: 3 });
    const viewer = await fixture.connect(room, 'v', [], { sessionDurationInMinutes: 1 });
    inject({ kind: 'latency', operation: 'SEND_MESSAGE', milliseconds: 61_000 });
    for (const [index, connection] of [sender, viewer].entries()) {
      connection.send(send);
      while (clock.countOf(61_000) <= index) await new Promise(setImmediate);
    }
    clock.advance(61_000);
    expect(await Promise.all([sender.closed, viewer.closed])).toEqual([1000, 1000]);
    expect((await fixture.firstUpdate()).requests.slice(-2)).toMatchObject(['u', 'v'].map((userId) =>
      ({ operation: 'SEND_MESSAGE', status: 401, userId, message: 'The session has expired' })));
    await fixture.client.send(new sdk.SendEventCommand({ roomIdentifier: room, eventName: 'later' }));
    expect(await witness.next()).toMatchObject({ EventName: 'later' });
    expect(sender.frames.map(({ ErrorCode }) => ErrorCode)).toEqual([401]);
  });

  test.each<[Fault['kind'], string]>([
    ['reviewFailed', 'ReviewFailed'],
    ['reviewTimedOut', 'ReviewTimedOut'],
  ])('%s applies the fallback result instead of the review', async (kind, error) => {
    await fixture.end();
    let reviews = 0;
    fixture = await Fixture.start({
      clock,
      async invokeFunction(_functionArn, { Content }) {
        reviews++;
        return { ReviewResult: 'ALLOW', Content };
      },
    });
    const { arn } = await fixture.client.send(
      new sdk.CreateRoomCommand({ messageReviewHandler: { uri, fallbackResult: 'DENY' } }),
    );
    const sender = await fixture.connect(arn!, 'u', ['SEND_MESSAGE']);
    inject({ kind, operation: 'DELETE_MESSAGE' });
    inject({ kind, operation: 'SEND_MESSAGE', times: 1 });
    sender.send(send);
    if (kind === 'reviewTimedOut') {
      await clock.timer(200);
      clock.advance(200);
    }
    expect(await sender.next()).toMatchObject({ ErrorCode: 406 });
    const { requests } = await fixture.firstUpdate();
    expect(requests.find(({ operation }) => operation === 'MessageReview')).toMatchObject({
      error,
      fault: kind,
      ...kind === 'reviewFailed' ? { message: 'An injected fault' } : {},
      output: { ReviewResult: 'DENY', FallbackResult: 'DENY' },
    });
    expect(reviews).toBe(0);
    expect(await sender.ask(send)).toMatchObject({ Type: 'MESSAGE' });
    expect(reviews).toBe(1);
  });

  test('reviewFailed applies before reviewTimedOut, which is kept for the next review', async () => {
    const { arn } = await fixture.client.send(new sdk.CreateRoomCommand({ messageReviewHandler: { uri } }));
    const sender = await fixture.connect(arn!, 'u', ['SEND_MESSAGE']);
    inject({ kind: 'reviewTimedOut', times: 1 });
    inject({ kind: 'reviewFailed', times: 1 });
    expect(await sender.ask(send)).toMatchObject({ Type: 'MESSAGE' });
    expect(fixture.chat.faults.list()).toMatchObject([{ kind: 'reviewTimedOut' }]);
  });

  test.each<[Fault['kind'], number]>([
    ['lostRequest', 0],
    ['lostResponse', 1],
  ])('%s drops the connection, after %i deliveries', async (kind, deliveries) => {
    const room = (await create()).arn!;
    const [sender, witness] = [await fixture.connect(room, 'u', ['SEND_MESSAGE']), await fixture.connect(room, 'w')];
    inject({ kind, operation: 'SEND_MESSAGE', times: 1 });
    sender.send(send);
    expect(await sender.closed).toBe(1006);
    if (deliveries) await witness.next();
    expect(witness.frames).toHaveLength(deliveries);
    expect(sender.frames).toEqual([]);
    inject({ kind, operation: 'DELETE_MESSAGE' });
    const next = await fixture.connect(room, 'n', ['SEND_MESSAGE']);
    expect(await next.ask(send)).toMatchObject({ Type: 'MESSAGE' });
    next.send({ ...send, Action: 'PING' });
    expect(await next.next()).toMatchObject({ ErrorCode: 400 });
    const { parts: { activity }, requests } = await fixture.firstUpdate();
    expect(requests.find(({ operation }) => operation === 'SEND_MESSAGE')).toMatchObject({
      status: deliveries ? 200 : 0, fault: kind,
    });
    expect(activity!.at(-1)).toMatchObject({ errors: deliveries ? 1 : 2, connections: 2 }); // with the error of PING
  });

  test.each<[Fault['kind'], number, string]>([
    ['expiredToken', 403, 'The chat token has expired'],
    ['throttle', 429, 'Rate exceeded'],
    ['serverError', 500, 'Internal server error'],
    ['lostRequest', 0, 'An injected fault'],
  ])('%s refuses the handshake with %i, and does not use the token', async (kind, status, error) => {
    const token = await fixture.token((await create()).arn!, 'u');
    inject({ kind, operation: 'CONNECT', times: 1 });
    expect(await fixture.open(token).catch(() => 0)).toBe(status);
    expect((await fixture.firstUpdate()).requests.at(-1)).toMatchObject({
      operation: 'CONNECT', status, error, fault: kind,
    });
    inject({ kind, operation: 'SEND_MESSAGE' });
    expect(await fixture.open(token)).toHaveProperty('socket');
  });

  test.each([
    [undefined, 1000],
    [0, 0],
    [2000, 2000],
  ])('latency of %s ms delays the handshake by %d ms', async (given, delay) => {
    const token = await fixture.token((await create()).arn!, 'u');
    inject({ kind: 'latency', operation: 'SEND_MESSAGE', milliseconds: 7 });
    inject({ kind: 'latency', operation: 'CONNECT', milliseconds: given, times: 1 });
    const start = clock.now();
    const opening = fixture.open(token);
    await clock.timer(delay);
    clock.advance(Math.max(0, delay - 1));
    if (delay) expect((await fixture.state()).counts.connections).toBe(0);
    clock.advance(1);
    expect(await opening).toHaveProperty('socket');
    const connectedAt = new Date(start + delay).toISOString();
    expect((await fixture.state()).connections).toMatchObject([{ connectedAt }]);
  });

  test('a delayed handshake to a room that was deleted meanwhile is a 404', async () => {
    const room = (await create()).arn!;
    const token = await fixture.token(room, 'u');
    inject({ kind: 'latency', operation: 'CONNECT' });
    const opening = fixture.open(token);
    await clock.timer(1000);
    await fixture.chat.call('DeleteRoom', { identifier: room });
    clock.advance(1000);
    expect(await opening).toBe(404);
    expect((await fixture.state()).counts.connections).toBe(0);
  });

  test('latency is a second by default for a frame', async () => {
    const sender = await fixture.connect((await create()).arn!, 'u', ['SEND_MESSAGE']);
    inject({ kind: 'latency', operation: 'SEND_MESSAGE', times: 1 });
    sender.send(send);
    await clock.timer(1000);
    clock.advance(1000);
    expect(await sender.next()).toMatchObject({ Type: 'MESSAGE' });
  });
});

describe('over HTTP', () => {
  const admin = (method: string, path: string, body?: unknown, headers: object = {}) =>
    fetch(`${fixture.chat.console}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });

  test('faults can be added, listed and removed', async () => {
    const { id } = (await (await admin('POST', 'faults', { kind: 'throttle', operation: 'CreateRoom' })).json()) as {
      id: number;
    };
    expect(await (await admin('GET', 'faults')).json()).toEqual([{ id, kind: 'throttle', operation: 'CreateRoom' }]);
    expect(await failure(create())).toBeInstanceOf(sdk.ThrottlingException);
    expect((await admin('DELETE', `faults/${id}`)).status).toBe(200);
    await create();
    await admin('POST', 'faults', { kind: 'throttle' });
    await admin('DELETE', 'faults');
    await create();
    expect((await admin('DELETE', `faults/${id}`)).status).toBe(404);
  });

  test.each([
    {},
    [],
    'x',
    { kind: 'unknown' },
    { kind: 'throttle', operation: 'CreatRoom' },
    { kind: 'throttle', times: 0 },
    { kind: 'latency', milliseconds: -1 },
    { kind: 'throttle', probability: 2 },
  ])('the fault %j is refused', async (fault) => {
    expect((await admin('POST', 'faults', fault)).status).toBe(400);
    expect(() => fixture.chat.faults.add(fault as Fault)).toThrow(/^Not a valid fault: /);
    expect(fixture.chat.faults.list()).toEqual([]);
  });

  test('the connections of one room or of all rooms can be dropped', async () => {
    const [one, two] = [(await create()).arn!, (await create()).arn!];
    const [first, second] = [await fixture.connect(one, 'u'), await fixture.connect(two, 'u')];
    await admin('POST', 'drop-connections', { roomArn: one });
    expect(await first.closed).toBe(1006);
    expect(second.socket.readyState).toBe(second.socket.OPEN);
    await admin('POST', 'drop-connections', {});
    expect(await second.closed).toBe(1006);
  });

  test('the connections of one user can be dropped', async () => {
    const [room, other] = [(await create()).arn!, (await create()).arn!];
    const [ada, bob] = [await fixture.connect(room, 'ada'), await fixture.connect(room, 'bob')];
    const elsewhere = await fixture.connect(other, 'ada');
    expect((await fixture.state()).rooms.map(({ connections }) => connections)).toEqual([1, 2]);
    await admin('POST', 'drop-connections', { roomArn: room, userId: 'ada' });
    expect(await ada.closed).toBe(1006);
    expect([bob, elsewhere].map(({ socket }) => socket.readyState)).toEqual([1, 1]);
    fixture.chat.dropConnections(other);
    expect(await elsewhere.closed).toBe(1006);
    expect(bob.socket.readyState).toBe(1);
  });

  test('pages of other origins are refused, with fetch and with a form', async () => {
    for (const origin of ['http://localhost:3000', 'https://attacker.example', 'null']) {
      for (const [method, path] of [
        ['GET', 'state'], ['GET', 'events'], ['POST', 'call'], ['POST', 'clock'], ['POST', 'faults'],
        ['DELETE', 'faults'],
        ['GET', ''],
      ] as const) {
        expect(
          (await admin(method, path, method === 'POST' ? { kind: 'throttle' } : undefined, { origin })).status,
        ).toBe(403);
      }
    }
    expect((await admin('GET', 'state', undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await admin('POST', 'faults', { kind: 'throttle' }, { 'content-type': 'text/plain' })).status).toBe(415);
    expect(fixture.chat.faults.list()).toEqual([]);
  });
});
