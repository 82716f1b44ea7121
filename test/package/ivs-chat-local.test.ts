/** Tests of the command `ivs-chat-local`, which run it in its own process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CreateChatTokenCommand, CreateRoomCommand, IvschatClient } from '@aws-sdk/client-ivschat';
import { WebSocket } from 'ws';

jest.setTimeout(60_000);

const bin = join(__dirname, '..', '..', 'lib', 'local', 'bin', 'ivs-chat-local.js');
const running: ChildProcess[] = [];
afterAll(() => running.forEach((child) => child.kill('SIGKILL')));

function start(...args: string[]) {
  const child = spawn(bin, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let out = '';
  let error = '';
  const ready = new Promise<string>((resolve) => child.stdout.on('data', (data) => {
    out += data;
    if (out.endsWith('\n')) resolve(out);
  }));
  child.stderr.on('data', (data) => {
    error += data;
  });
  const ended = new Promise<{ code: number | null; out: string; error: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, error }));
  });
  return { child, ready, ended };
}

test.each([
  'SIGINT', 'SIGTERM',
] as const)('the command prints JSON, serves the official SDK, and ends on %s with exit code 0', async (signal) => {
  const { child, ready, ended } = start('--json');
  const { controlPlane, messaging, deploy, console: webConsole, environment } = JSON.parse(await ready);
  expect(controlPlane).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/);
  expect(messaging).toBe(controlPlane.replace('http', 'ws'));
  expect(deploy).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/);
  expect(environment).toMatchObject({
    AWS_ENDPOINT_URL: deploy, AWS_ENDPOINT_URL_IVSCHAT: controlPlane, AWS_REGION: 'us-west-2',
  });

  const {
    AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region, AWS_ENDPOINT_URL_IVSCHAT: endpoint,
  } = environment;
  const room = new CreateRoomCommand({ name: 'from-the-sdk' });
  const client = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new IvschatClient({ region, endpoint, credentials, maxAttempts: 1 });
  const right = client({ accessKeyId, secretAccessKey });
  const wrong = client({ accessKeyId, secretAccessKey: 'not the secret' });
  const { arn: roomIdentifier, name } = await right.send(room);
  expect(name).toBe('from-the-sdk');
  const { token } = await right.send(new CreateChatTokenCommand({ roomIdentifier, userId: 'u' }));
  const webSocket = new WebSocket(messaging, token!);
  await new Promise((resolve, reject) => webSocket.on('open', resolve).on('error', reject));
  expect((await fetch(webConsole)).status).toBe(200);
  await expect(wrong.send(room)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  right.destroy();
  wrong.destroy();

  const closed = new Promise((resolve) => webSocket.on('close', resolve));
  child.kill(signal);
  expect(await closed).toBe(1000);
  expect(await ended).toEqual({ code: 0, out: await ready, error: '' });
  await expect(fetch(controlPlane)).rejects.toThrow();
});

test('without --json, the command prints the URLs and the variables to export', async () => {
  const { child, ready, ended } = start();
  expect(await ready)
    .toMatch(/^Control plane  http:.*\nMessaging      ws:.*\nDeploy         http:.*\nConsole        http:/);
  expect(await ready).toContain('export AWS_ENDPOINT_URL_IVSCHAT=http://127.0.0.1:');
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
  expect(await start('--help').ended).toMatchObject({ code: 0, out: expect.stringContaining('Usage: ivs-chat-local') });
});

test.each([
  [['--port', '65536'], '--port must be between 0 and 65535, got "65536"'],
  [['--port', 'many'], '--port must be between 0 and 65535, got "many"'],
  [['--prot', '1'], 'Unknown option \'--prot\'; see ivs-chat-local --help'],
])('the command with %j prints one line and ends with exit code 1', async (args, line) => {
  expect(await start(...args).ended).toEqual({ code: 1, out: '', error: `ivs-chat-local: ${line}\n` });
});

test('the command prints one line and ends with exit code 1 if the port is taken', async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  expect(await start('--port', String(port)).ended).toEqual({
    code: 1, out: '', error: `ivs-chat-local: port ${port} is taken; choose another, or 0 for any that is free\n`,
  });
  await new Promise((closed) => server.close(closed));
});
