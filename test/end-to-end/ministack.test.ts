/**
 * The example token-function on ministack, an AWS emulator from PyPI, with IVS Chat from the local service. `npx projen
 * test:ministack` installs ministack and runs this test.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetRoomCommand, IvschatClient, ListRoomsCommand } from '@aws-sdk/client-ivschat';
import { cdk } from '../../examples/live-chat/cdk-cli';
import { startLocalIvsChat } from '../../local';

jest.setTimeout(300_000);

const python = process.env.MINISTACK_PYTHON;
if (!python) console.warn('SKIPPED: the test with ministack. `npx projen test:ministack` installs and runs it.');

const region = 'us-west-2';
const folder = mkdtempSync(join(tmpdir(), 'ministack-'));
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
let chat: Awaited<ReturnType<typeof startLocalIvsChat>>;
let emulator: ChildProcess | undefined;
let environment: { [name: string]: string };
let ivsChat: IvschatClient;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function startEmulator(): Promise<string> {
  const port = await freePort();
  emulator = spawn(python!, ['-m', 'ministack'], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: region,
      GATEWAY_PORT: String(port),
      AWS_ENDPOINT_URL_IVSCHAT: chat.controlPlane, // the functions inherit it
    },
    stdio: 'ignore',
  });
  const endpoint = `http://127.0.0.1:${port}`;
  while (emulator.exitCode === null) {
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return endpoint;
    await sleep(100);
  }
  throw new Error(`ministack ended with exit code ${emulator.exitCode}`);
}

function run(command: string, ...args: string[]): Promise<void> {
  const context = ['pageOrigin=http://localhost:3000', 'moderatorKey=the key of the moderators', ...args];
  return cdk([
    command, '--app', `node --import tsx ${join(__dirname, 'app', 'token-function.ts')}`,
    '--output', join(folder, 'cdk.out'),
    ...command === 'deploy' ? ['--require-approval', 'never', '--outputs-file', join(folder, 'outputs.json')] : [],
    ...command === 'destroy' ? ['--force'] : [],
    ...context.flatMap((pair) => ['--context', pair]),
  ], { environment });
}

const outputs = () => JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')).TokenFunction;
const rooms = async () => (await ivsChat.send(new ListRoomsCommand({}))).rooms ?? [];

(python ? describe : describe.skip)('on ministack', () => {
  beforeAll(async () => {
    chat = await startLocalIvsChat({ region, accountId: '000000000000', verifySignatures: false });
    const endpoint = await startEmulator();
    environment = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    ivsChat = new IvschatClient({ region, endpoint: chat.controlPlane, credentials });
    await run('bootstrap');
  });

  afterAll(async () => {
    ivsChat.destroy();
    if (emulator?.kill()) await once(emulator, 'exit');
    await chat.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the room is created', async () => {
    await run('deploy');
    expect(await ivsChat.send(new GetRoomCommand({ identifier: outputs().RoomArn }))).toMatchObject({
      maximumMessageLength: 500, tags: { 'cdk-ivs-chat:owner': expect.stringMatching(/./) },
    });
    expect(await rooms()).toHaveLength(1);
  });

  test('the room is updated in place', async () => {
    const { RoomArn } = outputs();
    await run('deploy', 'maximumMessageLength=100');
    expect(outputs().RoomArn).toBe(RoomArn);
    const room = await ivsChat.send(new GetRoomCommand({ identifier: RoomArn }));
    expect(room).toMatchObject({ maximumMessageLength: 100 });
    expect(await rooms()).toHaveLength(1);
  });

  test('the room is deleted with the stack', async () => {
    await run('destroy');
    expect(await rooms()).toEqual([]);
  });
});
