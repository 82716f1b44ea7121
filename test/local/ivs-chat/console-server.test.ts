import * as sdk from '@aws-sdk/client-ivschat';
import { VirtualClock } from '../../../local/clock';
import { Identities } from '../../../local/aws/http/identities';
import { Fixture, type TestConnection } from './fixture';
import { keyPage } from '../../../local/ivs-chat/console/key-page';
import { MASK } from '../../../local/ivs-chat/console/mask-secrets';
import { faultKinds } from '../../../local/ivs-chat/faults';
import { Messaging } from '../../../local/ivs-chat/messaging/messaging';
import * as contract from '../../../src/contract/generated/operations';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.end());

const url = (path: string) => `${fixture.chat.console}${path}`;

test('GET /_local/health answers without credentials, also to pages of another origin', async () => {
  const health = `${fixture.chat.controlPlane}/_local/health`;
  const response = await fetch(health, {
    headers: { 'origin': 'http://localhost:1', 'sec-fetch-site': 'cross-site' },
  });
  expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }]);
  expect((await fetch(health, { method: 'POST' })).status).toBe(403);
  expect((await fetch(`${health}y`)).status).toBe(403);
});

describe('without the key of its address', () => {
  const key = () => /^\/_local\/([0-9a-f]{16})\/$/.exec(new URL(fixture.chat.console).pathname)![1]!;
  const wrongKeys = () => ['', 'state', `${key()}`, `${key().slice(1)}/`, `${key().toLowerCase()}x/`, `/${key()}/`];

  test('the console refuses programs, and shows a page with the reason to browsers', async () => {
    const { controlPlane } = fixture.chat;
    for (const path of ['/', ...wrongKeys().map((wrong) => `/_local/${wrong}`)]) {
      const response = await fetch(controlPlane + path, { headers: { accept: 'text/html,application/xhtml+xml' } });
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path, 403, 'text/html; charset=utf-8',
      ]);
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
      );
      const text = await response.text();
      expect(text).toBe(keyPage);
      expect(text).toContain('its address has a key');
    }
    for (const wrong of wrongKeys()) {
      const init = { method: 'POST', headers: { accept: 'text/html' } };
      const response = await fetch(`${controlPlane}/_local/${wrong}`, wrong === 'state' ? init : {});
      expect([response.status, await response.json()]).toEqual([403, {
        code: 'Forbidden',
        message: 'The address of the console has a key. Use the address that the service printed at its start',
      }]);
    }
  });

  test('programs cannot reset the service, inject faults or read its state', async () => {
    const room = await fixture.createRoom();
    const { controlPlane } = fixture.chat;
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const fault = { ...init, body: JSON.stringify({ kind: 'throttle', operation: 'ListRooms' }) };
    expect((await fetch(`${controlPlane}/_local/reset`, init)).status).toBe(403);
    expect((await fetch(`${controlPlane}/_local/faults`, fault)).status).toBe(403);
    expect((await fetch(`${controlPlane}/_local/state`)).status).toBe(403);
    expect((await fixture.client.send(new sdk.ListRoomsCommand({}))).rooms).toMatchObject([{ arn: room }]);
  });

  test('the key does not change with the same credentials, and does with others', async () => {
    const keyWith = async (secretAccessKey: string) => {
      const identities = new Identities(undefined, { accessKeyId: 'test', secretAccessKey });
      const other = await Fixture.start({ identities });
      const { pathname } = new URL(other.chat.console);
      await other.end();
      return pathname;
    };
    const first = await keyWith('secret');
    expect(first).not.toContain('secret');
    expect(await keyWith('secret')).toBe(first);
    expect(await keyWith('other')).not.toBe(first);
  });
});

test('POST reset removes all resources, messages and faults, and drops connections', async () => {
  const destinationConfiguration = { s3: { bucketName: 'logs' } };
  const { arn } = await fixture.client.send(new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration }));
  await fixture.client.send(new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration }));
  await fixture.createRoom();
  const room = await fixture.createRoom({ loggingConfigurationIdentifiers: [arn!] });
  const sender = await fixture.connect(room, 'u', ['SEND_MESSAGE']);
  await sender.ask({ Action: 'SEND_MESSAGE', Content: 'x' });
  fixture.chat.faults.add({ kind: 'throttle', operation: 'CreateRoom' });

  expect((await fetch(url('reset'), { method: 'POST' })).status).toBe(200);
  expect(await sender.closed).toBe(1006);
  expect(await fixture.state()).toMatchObject({
    counts: { rooms: 0, connections: 0 },
    rooms: [],
    loggingConfigurations: [],
    connections: [],
    frames: [],
    faults: [],
  });
  expect((await fixture.firstUpdate()).frames).toMatchObject([
    { type: 'CLOSE', content: { Code: 1006, Reason: 'dropped by the console or a test' } },
  ]);
  expect((await fixture.client.send(new sdk.ListRoomsCommand({}))).rooms).toEqual([]);
  await fixture.createRoom();
});

const post = (path: string, body: unknown) =>
  fetch(url(path), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const uri = 'arn:aws:lambda:us-west-2:123456789012:function:review';
const s3 = { s3: { bucketName: 'logs' } };

/** Fills a service with one thing of each kind at most, at the time 1970-01-01T00:01:00Z. */
async function fill() {
  await fixture.end();
  const clock = new VirtualClock(0);
  fixture = await Fixture.start({
    clock,
    verifySignatures: false,
    logDestinations: { putObject: () => {}, putLogEvents: () => {}, putRecordBatch: () => {} },
    deployState: () => ({
      stacks: ['Chat', 'More'].map((name) =>
        ({ name, status: 'CREATE_COMPLETE', lastUpdated: '', outputs: [], resources: [], events: [] })),
      logLines: [{ id: '1', time: '', logGroupName: 'review', message: 'hello' }],
    }),
  });
  const { call, faults, flushLogs } = fixture.chat;
  const { arn: logging } = await call('CreateLoggingConfiguration', { name: 'archive', destinationConfiguration: s3 });
  const lobby: string = (await call('CreateRoom', {
    name: 'lobby',
    maximumMessageLength: 5,
    maximumMessageRatePerSecond: 7,
    messageReviewHandler: { uri, fallbackResult: 'DENY' },
    loggingConfigurationIdentifiers: [logging],
  })).arn;
  const other: string = (await call('CreateRoom')).arn;
  const user = { roomIdentifier: lobby, sessionDurationInMinutes: 3 };
  await call('CreateChatToken', { ...user, userId: 'late' });
  clock.advance(60_000);
  await call('CreateChatToken', { ...user, roomIdentifier: other, userId: 'bob', attributes: { a: 'b' } });
  const { token } = await call('CreateChatToken', {
    ...user, userId: 'ada', attributes: { displayName: 'Ada' }, capabilities: ['SEND_MESSAGE'],
  });
  const ada = await fixture.open(token) as TestConnection;
  await call('SendEvent', { roomIdentifier: lobby, eventName: 'first', attributes: { token } });
  await call('SendEvent', { roomIdentifier: other, eventName: 'second' });
  const event = await ada.next();
  await flushLogs();
  faults.add({ kind: 'throttle', operation: 'GetRoom', times: 2 });
  const identifier = lobby.replace(/.{12}$/, 'AAAAAAAAAAAA');
  await post('call', { operation: 'GetRoom', input: { identifier } });
  return { lobby, other, logging: logging as string, event, token, identifier };
}

/** Returns the parts of the state that the page and programs receive. */
const parts = ({ lobby, other, logging }: Awaited<ReturnType<typeof fill>>) => ({
  counts: { rooms: 2, connections: 1, deliveries: 1 },
  rooms: [
    {
      arn: other,
      name: '',
      connections: 0,
      maximumMessageLength: 500,
      maximumMessageRatePerSecond: 10,
      loggingConfigurations: 0,
    },
    {
      arn: lobby,
      name: 'lobby',
      connections: 1,
      maximumMessageLength: 5,
      maximumMessageRatePerSecond: 7,
      messageReviewHandler: uri,
      fallbackResult: 'DENY',
      loggingConfigurations: 1,
    },
  ],
  loggingConfigurations: [{ arn: logging, name: 'archive', state: 'ACTIVE', destination: 's3: logs' }],
  connections: [{
    userId: 'ada',
    roomArn: lobby,
    attributes: { displayName: 'Ada' },
    capabilities: ['SEND_MESSAGE'],
    address: '127.0.0.1',
    connectedAt: '1970-01-01T00:01:00.000Z',
    sessionExpirationTime: '1970-01-01T00:04:00.000Z',
  }],
  tokens: [
    {
      userId: 'ada',
      roomArn: lobby,
      attributes: { displayName: 'Ada' },
      capabilities: ['SEND_MESSAGE'],
      tokenExpirationTime: '1970-01-01T00:02:00.000Z',
      state: 'used',
    },
    {
      userId: 'bob',
      roomArn: other,
      attributes: { a: 'b' },
      capabilities: [],
      tokenExpirationTime: '1970-01-01T00:02:00.000Z',
      state: 'unused',
    },
    {
      userId: 'late',
      roomArn: lobby,
      attributes: {},
      capabilities: [],
      tokenExpirationTime: '1970-01-01T00:01:00.000Z',
      state: 'expired',
    },
  ],
  logDeliveries: [{
    time: '1970-01-01T00:01:00.000Z',
    loggingConfigurationArn: logging,
    roomArn: lobby,
    records: 1,
    destination: expect.stringMatching(/^s3:\/\/logs\/AWSLogs\/123456789012\/.*\.log\.gz$/),
  }],
  faults: [{ id: 1, kind: 'throttle', operation: 'GetRoom', times: 2 }],
  faultKinds,
});

test('GET state returns everything, and the newest of each list first', async () => {
  const filled = await fill();
  const { lobby, other, event } = filled;
  const administrator = fixture.chat.identities.administrator.arn;
  expect(await fixture.state()).toEqual({
    ...parts(filled),
    now: '1970-01-01T00:01:00.000Z',
    frames: [
      { roomArn: other, frame: expect.objectContaining({ EventName: 'second', Attributes: null }) },
      { roomArn: lobby, frame: event },
    ],
    requests: [
      {
        time: '1970-01-01T00:01:00.000Z',
        requestId: '',
        operation: 'GetRoom',
        status: 404,
        error: 'ResourceNotFoundException',
        caller: administrator,
      },
      { time: '1970-01-01T00:01:00.000Z', requestId: '', operation: 'CONNECT', status: 101, caller: lobby },
    ],
  });
});

test('GET events begins with everything, and the oldest frame and request first', async () => {
  const filled = await fill();
  const { lobby, other, event, identifier } = filled;
  const time = '1970-01-01T00:01:00.000Z';
  const bytes = (content: object) => Buffer.byteLength(JSON.stringify(content));
  const connected = {
    UserId: 'ada', Attributes: { displayName: 'Ada' }, Capabilities: ['SEND_MESSAGE'], Address: '127.0.0.1',
  };
  expect(await fixture.firstUpdate()).toEqual({
    now: time,
    isFirst: true,
    parts: {
      ...parts(filled),
      service: {
        region: 'us-west-2',
        accountId: '123456789012',
        virtualTime: time,
        hasStacks: true,
        faultOperations: [
          ...Object.keys(contract), 'CONNECT', 'SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER',
        ],
      },
      activity: [{ second: 60, messages: 0, requests: 2, errors: 1, connections: 1 }],
      stacks: ['Chat', 'More'].map((name) => expect.objectContaining({ name })),
    },
    frames: [
      {
        number: 1,
        time,
        direction: 'connection',
        type: 'CONNECT',
        roomArn: lobby,
        userId: 'ada',
        content: connected,
        bytes: bytes(connected),
      },
      {
        number: 2,
        time,
        direction: 'sent',
        type: 'first',
        roomArn: lobby,
        recipients: 1,
        bytes: bytes(event),
        content: { ...event, Attributes: { token: MASK } },
      },
      expect.objectContaining({ number: 3, type: 'second', roomArn: other, recipients: 0 }),
    ],
    requests: [
      {
        number: 1,
        time,
        requestId: '',
        operation: 'CONNECT',
        status: 101,
        caller: lobby,
        roomArn: lobby,
        userId: 'ada',
      },
      {
        number: 2,
        time,
        requestId: '',
        operation: 'GetRoom',
        status: 404,
        error: 'ResourceNotFoundException',
        caller: fixture.chat.identities.administrator.arn,
        region: 'us-west-2',
        input: { identifier },
        message: `Resource: ${identifier} not found`,
        output: {
          message: `Resource: ${identifier} not found`, resourceId: 'AAAAAAAAAAAA', resourceType: 'ROOM',
        },
      },
    ],
    logLines: [{ id: '1', time: '', logGroupName: 'review', message: 'hello' }],
  });
});

test('the newest is first in each list of the state, and the clock of the service ends transitions', async () => {
  await fixture.end();
  const clock = new VirtualClock(0);
  fixture = await Fixture.start({
    clock,
    verifySignatures: false,
    transitionMilliseconds: 1_000,
    logDestinations: { putObject: () => {}, putLogEvents: () => {}, putRecordBatch: () => {} },
  });
  const { call, flushLogs } = fixture.chat;
  const logging: string[] = [];
  for (const name of ['first', 'second']) {
    logging.unshift((await call('CreateLoggingConfiguration', { name, destinationConfiguration: s3 })).arn);
  }
  const states = async () => (await fixture.state()).loggingConfigurations.map(({ name, state }) => [name, state]);
  expect(await states()).toEqual([['second', 'CREATING'], ['first', 'CREATING']]);
  clock.advance(999);
  expect(await states()).toEqual([['second', 'CREATING'], ['first', 'CREATING']]);
  clock.advance(1);
  expect(await states()).toEqual([['second', 'ACTIVE'], ['first', 'ACTIVE']]);

  for (const loggingConfigurationIdentifiers of [[logging[1]!], [logging[0]!]]) {
    const room = await fixture.createRoom({ loggingConfigurationIdentifiers });
    await call('SendEvent', { roomIdentifier: room, eventName: 'event' });
    await flushLogs();
  }
  const room = await fixture.createRoom();
  for (const name of ['ada', 'bob', 'carl']) await fixture.connect(room, name);
  const { connections, tokens, logDeliveries } = await fixture.state();
  expect([connections, tokens].map((list) => list.map(({ userId }) => userId))).toEqual([
    ['carl', 'bob', 'ada'], ['carl', 'bob', 'ada'],
  ]);
  expect(logDeliveries.map(({ loggingConfigurationArn }) => loggingConfigurationArn)).toEqual(logging);
  await call('UpdateLoggingConfiguration', { identifier: logging[0], name: 'renamed' });
  expect(await states()).toEqual([['renamed', 'UPDATING'], ['first', 'ACTIVE']]);
});

test('GET state returns at most 200 items of each list, the newest', async () => {
  const { call, controlPlane } = fixture.chat;
  const arns: string[] = [];
  for (let count = 0; count < 201; count++) {
    arns.unshift((await call('CreateRoom')).arn);
    await call('SendEvent', { roomIdentifier: arns[0], eventName: 'e' });
  }
  await Promise.all(arns.map(() => fetch(`${controlPlane}/ListRooms`, { method: 'POST' })));
  await fetch(`${controlPlane}/Newest`);
  const { counts, rooms, frames, requests } = await fixture.state();
  expect(counts.rooms).toBe(201);
  expect(rooms.map(({ arn }) => arn)).toEqual(arns.slice(0, 200));
  expect(frames.map(({ roomArn }) => roomArn)).toEqual(arns.slice(0, 200));
  expect(requests).toHaveLength(200);
  expect(requests[0]!.operation).toBe('GET (unknown)');
});

test('an expired token is shown for a minute', async () => {
  await fixture.end();
  const clock = new VirtualClock(0);
  fixture = await Fixture.start({ clock });
  const { arn: roomIdentifier } = await fixture.chat.call('CreateRoom');
  await fixture.chat.call('CreateChatToken', { roomIdentifier, userId: 'u' });
  clock.advance(59_999);
  expect((await fixture.state()).tokens).toMatchObject([{ state: 'unused' }]);
  clock.advance(60_000);
  expect((await fixture.state()).tokens).toMatchObject([{ state: 'expired' }]);
  clock.advance(1);
  expect((await fixture.state()).tokens).toEqual([]);
});

test('each request that is done has a JSON answer', async () => {
  const json = { 'content-type': 'application/json' };
  const send = async (method: string, path: string, body?: object) => {
    const response = await fetch(url(path), { method, ...body && { headers: json, body: JSON.stringify(body) } });
    return [response.status, response.headers.get('content-type'), await response.json()];
  };
  const done = (answer: unknown) => [200, 'application/json', answer];
  expect(await send('POST', 'faults', { kind: 'throttle' })).toEqual(done({ id: 1 }));
  expect(await send('POST', 'faults', { kind: 'latency' })).toEqual(done({ id: 2 }));
  expect(await send('GET', 'faults')).toEqual(done([{ id: 1, kind: 'throttle' }, { id: 2, kind: 'latency' }]));
  expect((await send('DELETE', 'faults/1x'))[0]).toBe(404);
  expect(await send('DELETE', 'faults/1')).toEqual(done({}));
  expect(await send('GET', 'faults')).toEqual(done([{ id: 2, kind: 'latency' }]));
  expect(await send('DELETE', 'faults')).toEqual(done({}));
  expect(await send('GET', 'faults')).toEqual(done([]));
  expect(await send('POST', 'drop-connections', {})).toEqual(done({}));
  expect(await send('POST', 'call', { operation: 'ListRooms' })).toEqual(done({ rooms: [] }));
  expect(await send('POST', 'reset')).toEqual(done({}));
});

test('the streams of the console and the connections end with the service', async () => {
  const connection = await fixture.connect(await fixture.createRoom(), 'u');
  const response = await fetch(url('events'));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const closeConnection = jest.spyOn(Messaging.prototype, 'close');
  const [first, code] = (await Promise.all([response.text(), connection.closed, fixture.chat.close()]));
  const reasons = closeConnection.mock.calls.map(([, reason]) => reason);
  closeConnection.mockRestore();
  expect(code).toBe(1000);
  expect(reasons).toEqual(['the service ended']);
  expect(first.match(/^data: /gm)!.length).toBeGreaterThanOrEqual(1);
});

const noObject = 'The body must be a JSON object';
const noCall = 'operation must be a string, and input must be an object';
const noClock = 'The service has the system clock. To move the time, use a VirtualClock';
const unknownKind = 'Request member: kind failed to satisfy the constraints: must be one of '
  + `${Object.keys(faultKinds).join(', ')}, got "none"`;
test.each<[string, unknown, number, string, string]>([
  ['POST faults', 'text', 400, 'BadRequest', noObject],
  ['POST faults', null, 400, 'BadRequest', noObject],
  ['POST faults', { kind: 'none' }, 400, 'ValidationException', unknownKind],
  [
    'POST faults', { kind: 'none', probability: 2 }, 400, 'ValidationException',
    `${unknownKind}; Request member: probability failed to satisfy the constraints: must be between 0 and 1, got 2`,
  ],
  ['POST call', { operation: 1 }, 400, 'BadRequest', noCall],
  ['POST call', { operation: 'GetRoom', input: 'x' }, 400, 'BadRequest', noCall],
  ['POST call', { operation: 'GetRoom', input: null }, 400, 'BadRequest', noCall],
  ['POST call', { operation: 'DropTables' }, 400, 'ValidationException', 'There is no operation DropTables'],
  ['POST clock', { milliseconds: 1 }, 409, 'Conflict', noClock],
  [
    'POST call', { operation: 'x'.repeat(16 * 1024) }, 413, 'RequestEntityTooLargeException',
    'The body must be at most 16384 bytes',
  ],
  ['GET nothing', undefined, 404, 'NotFound', 'There is no GET /nothing'],
  ['GET reset', undefined, 404, 'NotFound', 'There is no GET /reset'],
  ['GET faults?x', undefined, 404, 'NotFound', 'There is no GET /faults?x'],
  ['DELETE faults/7', undefined, 404, 'NotFound', 'There is no DELETE /faults/7'],
  ['DELETE faults/x', undefined, 404, 'NotFound', 'There is no DELETE /faults/x'],
])('%s with %j is a %i', async (what, body, status, code, message) => {
  const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
  const [method, path] = what.split(' ') as [string, string];
  const response = body === undefined ? await fetch(url(path), { method }) : await post(path, body);
  expect([response.status, await response.json()]).toEqual([status, { code, message }]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

test('a body of up to 16 KiB is read', async () => {
  const json = { 'content-type': 'application/json' };
  const send = (size: number) =>
    fetch(url('call'), { method: 'POST', headers: json, body: '{"operation":"ListRooms"}'.padEnd(size) });
  expect([(await send(16 * 1024)).status, (await send(16 * 1024 + 1)).status]).toEqual([200, 413]);
});

test('an unexpected error is a 500 without its text, which is printed', async () => {
  const problem = new Error('secret detail');
  const broken = await Fixture.start({ functionPolicy: () => Promise.reject(problem) });
  const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
  const response = await fetch(`${broken.chat.console}call`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operation: 'CreateRoom', input: { messageReviewHandler: { uri } } }),
  });
  expect([response.status, await response.json()]).toEqual([
    500, { code: 'InternalServerException', message: 'An unexpected error occurred' },
  ]);
  expect(printed.mock.calls).toEqual([['Local IVS Chat: unexpected error:', problem]]);
  printed.mockRestore();
  await broken.end();
});

test('POST call performs an operation as the administrator, and it is a request of the console', async () => {
  const created = await post('call', { operation: 'CreateRoom', input: { name: 'lobby' } });
  const room = await created.json() as { arn: string };
  expect((await fixture.client.send(new sdk.GetRoomCommand({ identifier: room.arn }))).name).toBe('lobby');
  const identifier = room.arn.replace(/.{12}$/, 'AAAAAAAAAAAA');
  const refused = await post('call', { operation: 'GetRoom', input: { identifier } });
  expect([refused.status, await refused.json()]).toEqual([
    404, { code: 'ResourceNotFoundException', message: expect.stringContaining('not found') },
  ]);
  expect((await post('call', { operation: 'DropTables' })).status).toBe(400);
  expect((await post('call', {})).status).toBe(400);
  expect((await fixture.state()).requests.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
    'DropTables 400', 'GetRoom 404', 'GetRoom 200', 'CreateRoom 200',
  ]);
  const { parts: { service }, requests: [request] } = await fixture.firstUpdate();
  expect(request).toMatchObject({ operation: 'CreateRoom', input: { name: 'lobby' }, output: room });
  expect(service).not.toHaveProperty('virtualTime');
});

test('POST clock advances a virtual clock only', async () => {
  expect((await post('clock', { milliseconds: 1000 })).status).toBe(409);
  await fixture.end();
  fixture = await Fixture.start({ clock: new VirtualClock(0) });
  expect((await post('clock', { milliseconds: 61_000 })).status).toBe(200);
  expect((await fixture.state()).now).toBe('1970-01-01T00:01:01.000Z');
  for (const milliseconds of [0, -1, '5', null, 24 * 3_600_000 + 1]) {
    const refused = await post('clock', { milliseconds });
    expect([refused.status, await refused.json()]).toEqual([
      400, { code: 'BadRequest', message: 'milliseconds must be more than 0 and at most 86400000' },
    ]);
  }
  expect((await post('clock', { milliseconds: 24 * 3_600_000 })).status).toBe(200);
  expect((await fixture.state()).now).toBe('1970-01-02T00:01:01.000Z');
});

test.each([
  undefined, 'text/plain', 'text/json', 'application/x-www-form-urlencoded', 'text/plain; application/json',
  'application/json; charset=utf-8',
])(
  'a body with the content type %s is refused, because the form of another page can send it',
  async (type) => {
    const body = Buffer.from(JSON.stringify({ kind: 'throttle', operation: 'CreateRoom' }));
    const headers: Record<string, string> = type ? { 'content-type': type } : {};
    expect((await fetch(url('faults'), { method: 'POST', headers, body })).status).toBe(415);
    await fixture.createRoom();
  },
);

test('the page allows only its own scripts, styles and connections, and no frames around it', async () => {
  const { headers } = await fetch(url(''));
  const { host } = new URL(fixture.chat.controlPlane);
  expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff']);
  expect(headers.get('content-security-policy')).toBe(
    `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws://${host}; img-src data:; `
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect((await fetch(url('state'))).headers.get('content-security-policy')).toBeNull();
  const types = ['', 'console.js', 'console.css'].map(
    async (file) => (await fetch(url(file))).headers.get('content-type'),
  );
  expect(await Promise.all(types)).toEqual([
    'text/html; charset=utf-8', 'text/javascript; charset=utf-8', 'text/css; charset=utf-8',
  ]);
});

test.each([
  ['another origin', { origin: 'http://localhost:1' }],
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
])('a page of %s cannot reset the service or read its state', async (_page, headers) => {
  const room = await fixture.createRoom();
  const init = { headers: headers as Record<string, string> };
  const refused = await fetch(url('reset'), { method: 'POST', ...init });
  expect([refused.status, await refused.json()]).toEqual([
    403, { code: 'Forbidden', message: 'Only programs and pages of this server can use the console' },
  ]);
  expect((await fetch(url('state'), init)).status).toBe(403);
  const withoutKey = `${fixture.chat.controlPlane}/_local/`;
  const asPage = await fetch(withoutKey, { headers: { ...init.headers, accept: 'text/html' } });
  expect([asPage.status, asPage.headers.get('content-type')]).toEqual([403, 'application/json']);
  expect((await fixture.client.send(new sdk.ListRoomsCommand({}))).rooms).toMatchObject([{ arn: room }]);
});

test.each<{ [name: string]: string }>([
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
  { origin: 'own' },
])('a page of this server can read the state with the headers %j', async (headers) => {
  const own = { ...headers, ...headers.origin && { origin: fixture.chat.controlPlane } };
  expect((await fetch(url('state'), { headers: own })).status).toBe(200);
});
