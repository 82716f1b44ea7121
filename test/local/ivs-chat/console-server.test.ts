import * as sdk from '@aws-sdk/client-ivschat';
import { Fixture } from './fixture';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.end());

const url = (path: string) => `${fixture.chat.console}${path}`;

test('GET /_local/health answers without credentials, also to pages of another origin', async () => {
  const response = await fetch(url('health'), {
    headers: { 'origin': 'http://localhost:1', 'sec-fetch-site': 'cross-site' },
  });
  expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }]);
  expect((await fetch(url('health'), { method: 'POST' })).status).toBe(404);
});

test('a browser that opens the address of the service is sent to the console, and a client is not', async () => {
  const open = (accept: string) => fetch(fixture.chat.controlPlane, { headers: { accept }, redirect: 'manual' });
  const response = await open('text/html,application/xhtml+xml');
  expect([response.status, response.headers.get('location')]).toEqual([302, '/_local/']);
  expect((await open('application/json')).status).not.toBe(302);
});

test('POST /_local/reset removes all resources, messages and faults, and drops connections', async () => {
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
