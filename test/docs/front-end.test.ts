/** Runs the code of docs/front-end.md for the official messaging client, with the local IVS Chat. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startLocalIvsChat, type LocalIvsChat } from '../../local';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'front-end.md'), 'utf8');
const [, code] = /^```js\n\/\/ official-chat\.js\n([^]*?)^```/m.exec(page)!;
const folder = mkdtempSync(join(tmpdir(), 'front-end-'));

let chat: LocalIvsChat;
let server: Server;
let roomIdentifier: string;
let chatUrl: string;
/** The number of chat tokens that were created. */
let tokens = 0;
let isRefusing = false;
let openChat: (options: object) => { send(text: string): Promise<{ content: string }>; leave(): void };

beforeAll(async () => {
  chat = await startLocalIvsChat();
  ({ arn: roomIdentifier } = await chat.call('CreateRoom', {}));
  // The chat API.
  server = createServer(async (_, response) => {
    tokens++;
    if (isRefusing) return response.writeHead(500).end('{}');
    const token = await chat.call('CreateChatToken', { roomIdentifier, userId: 'ada', capabilities: ['SEND_MESSAGE'] });
    return response.end(JSON.stringify({ ...token, tokenExpirationTime: token.sessionExpirationTime }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  chatUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const source = join(folder, 'official-chat.mjs');
  const outfile = join(folder, 'official-chat.cjs');
  writeFileSync(source, code!);
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    nodePaths: [join(root, 'node_modules')],
    alias: { 'cdk-ivs-chat/session': join(root, 'front-end', 'session', 'index.ts') },
  });
  ({ openChat } = createRequire(__filename)(outfile));
});

afterAll(async () => {
  await chat?.close();
  server?.close();
  server?.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  tokens = 0;
  isRefusing = false;
});

/** Opens the chat. `reached` waits for the next status, which can have passed since the last call. */
function open() {
  const statuses: string[] = [];
  let notify = () => {};
  const onStatus = (status: string) => {
    statuses.push(status);
    notify();
  };
  const opened = openChat({
    regionOrUrl: chat.messaging, chatUrl, idToken: () => 'an ID token', onMessage: () => {}, onStatus,
  });
  const reached = async (expected: string) => {
    while (!statuses.includes(expected)) {
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    }
    statuses.splice(0, statuses.indexOf(expected) + 1);
  };
  return { opened, reached };
}

test('the client sends a message with a token of the chat API', async () => {
  const { opened, reached } = open();
  await reached('connected');
  expect(await opened.send('Hello')).toMatchObject({ content: 'Hello' });
  expect(tokens).toBe(1);
  opened.leave();
});

test('the client connects again after a clean close', async () => {
  const { opened, reached } = open();
  await reached('connected');
  await chat.call('DisconnectUser', { roomIdentifier, userId: 'ada' });
  await reached('serverDisconnect');
  await reached('connected');
  expect(await opened.send('Back')).toMatchObject({ content: 'Back' });
  opened.leave();
});

test('the client connects again after the chat API has failed', async () => {
  isRefusing = true;
  const { opened, reached } = open();
  await reached('fetchTokenError');
  isRefusing = false;
  await reached('connected');
  opened.leave();
});

test('the client does not connect again after the user has left', async () => {
  const { opened, reached } = open();
  await reached('connected');
  opened.leave();
  await reached('clientDisconnect');
  await new Promise((resolve) => setTimeout(resolve, 1500)); // longer than the first delay
  expect(tokens).toBe(1);
});
