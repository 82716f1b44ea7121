/** What is shipped: its size, what it leaves out, and that it runs where it is for. Of lib/client, which `npx projen bundle` makes. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { CREDENTIALS, REGION } from './captured';
import { ROOM } from './inputs';
import { verifySignature } from '../../../local/aws/http/verify-signature';

const root = join(__dirname, '..', '..', '..');
const lib = join(root, 'lib', 'client');

/** The source as an application's bundler makes a minified bundle of it. */
function bundled(source: string, ...options: string[]): string {
  return execFileSync(join(root, 'node_modules', '.bin', 'esbuild'), ['--bundle', '--minify', '--target=es2022', ...options], {
    cwd: root, input: source, encoding: 'utf8', env: { PATH: process.env.PATH },
  });
}
const sizes = (code: string) => ({ minified: code.length / 1000, gzip: gzipSync(code, { level: 9 }).length / 1000 });
const tokenFunction = (from: string) => `
  import { CreateChatTokenCommand, IvschatClient } from '${from}';
  const client = new IvschatClient({});
  export const handler = async ({ userId }) => (await client.send(new CreateChatTokenCommand({ roomIdentifier: process.env.ROOM_ARN, userId }))).token;`;
const helpedTokenFunction = `
  import { createChatToken } from './lib/runtime/index.mjs';
  export const handler = async ({ userId }) => (await createChatToken({ roomIdentifier: process.env.ROOM_ARN, userId })).token;`;

describe('size', () => {
  test('of the whole client', () => {
    const { minified, gzip } = sizes(bundled('export * from \'./lib/client/index.mjs\'', '--format=esm', '--platform=node'));
    expect(minified).toBeLessThanOrEqual(27);
    expect(gzip).toBeLessThanOrEqual(11.3);
  });

  test.each([
    ['IvschatClient', 21, tokenFunction('./lib/client/index.mjs')],
    ['createChatToken', 20, helpedTokenFunction],
  ])('of a function that only creates tokens with %s, without the other operations', (_, limit, source) => {
    const code = bundled(source, '--format=cjs', '--platform=node');
    expect(sizes(code).minified).toBeLessThanOrEqual(limit);
    for (const other of ['UpdateRoom', 'SendEvent', 'DeleteMessage', '/tags/', 'maximumMessageLength', 'logGroupName', 'nextToken']) {
      expect(code).not.toContain(other);
    }
    expect(bundled('export * from \'./lib/client/index.mjs\'', '--format=esm', '--platform=node')).toContain('logGroupName');
  });
});

describe.each(['browser.js', 'browser.mjs'])('%s', (file) => {
  const code = readFileSync(join(lib, file), 'utf8');

  test('has nothing of Node in it', () => {
    expect(code).not.toMatch(/node:|getBuiltinModule|\bprocess\b|\brequire\(/);
  });
});

test.each(['browser', 'react-native'])('the condition %s gives the bundle without Node', (condition) => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(exports['./client'][condition].import.default).toBe('./lib/client/browser.mjs');
  expect(exports['./client'][condition].require.default).toBe('./lib/client/browser.js');
  const code = bundled(tokenFunction('cdk-ivs-chat/client'), '--format=iife', '--platform=neutral', `--conditions=${condition}`);
  expect(code).not.toMatch(/node:|getBuiltinModule/);
});

test('what React Native has is enough: no crypto, streams or TextDecoder, and a URL that can only be written', async () => {
  const sent: any[] = [];
  const answers: Record<string, object> = {
    '/CreateChatToken': { status: 200, text: async () => '{"token":"tök€n"}' },
    '/GetRoom': { status: 404, text: async () => '{"message":"no"}' },
  };
  const context = createContext({
    module: { exports: {} },
    TextEncoder,
    AbortController,
    setTimeout,
    clearTimeout,
    URL: class { get hostname() { throw new Error('URL.hostname is not implemented'); } },
    fetch: async (url: string, request: object) => {
      sent.push({ url, ...request });
      const answer = answers[new URL(url).pathname];
      if (!answer) throw new TypeError('Network request failed'); // all that its fetch says, sent or not
      return { headers: new Headers({ 'x-amzn-errortype': 'ResourceNotFoundException' }), ...answer };
    },
  });
  const { IvschatClient, ...commands } = runInContext(`${readFileSync(join(lib, 'browser.js'), 'utf8')}; module.exports`, context) as typeof import('../../../lambda/client');
  const client = new IvschatClient({ region: REGION, credentials: CREDENTIALS });
  expect(await client.send(new commands.CreateChatTokenCommand({ roomIdentifier: ROOM, userId: 'ü€😀' }))).toMatchObject({ token: 'tök€n' });
  await expect(client.send(new commands.GetRoomCommand({ identifier: ROOM }))).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'no' });
  await expect(client.send(new commands.CreateRoomCommand({}))).rejects.toMatchObject({ name: 'AmbiguousOutcomeError', $metadata: { attempts: 1 } });
  await expect(client.send(new commands.ListRoomsCommand({}))).rejects.toMatchObject({ message: 'Network request failed', $metadata: { attempts: 3 } });
  const { url, method, headers, body } = sent[0];
  expect(url).toBe(`https://ivschat.${REGION}.amazonaws.com/CreateChatToken`);
  const rawHeaders = Object.entries<string>({ host: new URL(url).host, ...headers }).flat();
  expect(verifySignature({ url: '/CreateChatToken', method, rawHeaders }, {
    identities: { find: () => ({ ...CREDENTIALS, accountId: '123456789012' }) } as any,
    body: Buffer.from(body),
    service: 'ivschat',
    region: REGION,
    now: Date.now(),
  }).refusal).toBeUndefined();
});

test.each([['require', 'index.js', 'require'], ['import', 'index.mjs', 'import']])('%s gives the client in Node, and loads neither fetch nor WebCrypto', (_, file, how) => {
  const script = how === 'require'
    ? `const client = require(${JSON.stringify(join(lib, file))}); done(client);`
    : `import(${JSON.stringify(join(lib, file))}).then(done);`;
  const out = execFileSync(process.execPath, ['-e', `
    function done({ IvschatClient, Ivschat }) {
      new IvschatClient({ region: 'us-west-2' });
      const loaded = process.moduleLoadList.filter((name) => /undici|webcrypto/.test(name));
      console.log(typeof Ivschat, JSON.stringify(loaded));
    }
    ${script}`], { encoding: 'utf8' });
  expect(out.trim()).toBe('function []');
});

const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
if (!executablePath) console.warn('SKIPPED: the client in a browser, because no Chromium is installed (apt-get install chromium, or CHROMIUM_PATH)');

(executablePath ? test : test.skip)('in Chromium: signed calls, errors, redirects, deadlines and abort', async () => {
  const refusals: unknown[] = [];
  const bodyOf = async (request: IncomingMessage) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const identity = { ...CREDENTIALS, accountId: '123456789012' };
  const server = createServer(async (request, response) => {
    if (request.url === '/') return void response.setHeader('content-type', 'text/html').end('<!doctype html><title>client</title>');
    if (request.url === '/browser.mjs') return void response.setHeader('content-type', 'text/javascript').end(readFileSync(join(lib, 'browser.mjs')));
    if (request.url === '/favicon.ico') return void response.writeHead(404).end();
    const { refusal } = verifySignature(request, {
      identities: { find: (accessKeyId: string) => (accessKeyId === identity.accessKeyId ? identity : undefined) } as any,
      body: await bodyOf(request),
      service: 'ivschat',
      region: REGION,
      now: Date.now(),
    });
    if (refusal) refusals.push([request.url, refusal]);
    if (request.url === '/CreateChatToken') return void response.end('{"token":"tök€n","tokenExpirationTime":"2026-01-01T00:00:00Z"}');
    if (request.url === '/GetRoom') return void response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{"message":"no"}');
    if (request.url === '/ListRooms') return void response.writeHead(302, { location: '/CreateChatToken' }).end();
    if (request.method === 'DELETE') return void response.end('');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const results = await page.evaluate(async ({ credentials, region, room }) => {
      const address = '/browser.mjs';
      const { IvschatClient, ...commands } = await import(address);
      const client = new IvschatClient({ region, credentials, endpoint: (globalThis as any).location.origin, maxAttempts: 1 });
      const { token, tokenExpirationTime } = await client.send(new commands.CreateChatTokenCommand({ roomIdentifier: room, userId: 'ü€😀' }));
      const nameOf = (promise: Promise<unknown>) => promise.then(() => 'success', (error) => `${error.name} ${error.$metadata?.httpStatusCode}`);
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 20);
      return [
        token, tokenExpirationTime.toISOString(),
        await nameOf(client.send(new commands.GetRoomCommand({ identifier: room }))),
        await nameOf(client.send(new commands.ListRoomsCommand({}))),
        await nameOf(client.send(new commands.UntagResourceCommand({ resourceArn: room, tagKeys: ['a b', 'ü&='] }))),
        await nameOf(client.send(new commands.DeleteRoomCommand({ identifier: room }), { requestTimeout: 50 })),
        await nameOf(client.send(new commands.DeleteRoomCommand({ identifier: room }), { abortSignal: controller.signal })),
      ];
    }, { credentials: CREDENTIALS, region: REGION, room: ROOM });
    expect(refusals).toEqual([]);
    expect(results).toEqual([
      'tök€n', '2026-01-01T00:00:00.000Z', 'ResourceNotFoundException 404', 'Unknown 302', 'success', 'TimeoutError undefined', 'AbortError undefined',
    ]);
  } finally {
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}, 60_000);
