import * as sdk from '@aws-sdk/client-ivschat';
import { VirtualClock } from '../../../local/clock';
import { Identities } from '../../../local/aws/http/identities';
import { Fixture } from './fixture';

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
      expect(await response.text()).toContain('its address has a key');
    }
    for (const wrong of wrongKeys()) {
      const response = await fetch(`${controlPlane}/_local/${wrong}`);
      expect([response.status, await response.json()]).toMatchObject([403, { code: 'Forbidden' }]);
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
  expect((await fixture.client.send(new sdk.ListRoomsCommand({}))).rooms).toEqual([]);
  await fixture.createRoom();
});

const post = (path: string, body: object) =>
  fetch(url(path), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

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
});

test('POST clock advances a virtual clock only', async () => {
  expect((await post('clock', { milliseconds: 1000 })).status).toBe(409);
  await fixture.end();
  fixture = await Fixture.start({ clock: new VirtualClock(0) });
  expect((await post('clock', { milliseconds: 61_000 })).status).toBe(200);
  expect((await fixture.state()).now).toBe('1970-01-01T00:01:01.000Z');
  for (const milliseconds of [0, -1, '5', null, 25 * 3_600_000]) {
    expect((await post('clock', { milliseconds })).status).toBe(400);
  }
});

test.each([undefined, 'text/plain', 'application/x-www-form-urlencoded'])(
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
  for (const file of ['console.js', 'console.css']) expect((await fetch(url(file))).status).toBe(200);
});

test.each([
  ['another origin', { origin: 'http://localhost:1' }],
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
])('a page of %s cannot reset the service or read its state', async (_page, headers) => {
  const room = await fixture.createRoom();
  const init = { headers: headers as Record<string, string> };
  expect((await fetch(url('reset'), { method: 'POST', ...init })).status).toBe(403);
  expect((await fetch(url('state'), init)).status).toBe(403);
  expect((await fixture.client.send(new sdk.ListRoomsCommand({}))).rooms).toMatchObject([{ arn: room }]);
});
