/**
 * The published bundles in lib/client: their size, their contents, and their use in Node.js, browsers and React Native.
 * `npx projen bundle` builds them.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { CREDENTIALS, REGION } from './captured';
import { ROOM } from './inputs';
import { verifySignature } from '../../../local/aws/http/verify-signature';
import { chromiumPath, launchChromium } from '../../chromium';

const root = join(__dirname, '..', '..', '..');
const lib = join(root, 'lib', 'client');
const identity = { ...CREDENTIALS, accountId: '123456789012' };

/** Bundles and minifies the source, like the bundler of an application. */
function bundled(source: string, ...options: string[]): string {
  const esbuild = join(root, 'node_modules', '.bin', 'esbuild');
  return execFileSync(esbuild, ['--bundle', '--minify', '--target=es2022', ...options], {
    cwd: root,
    input: source,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
}
const wholeClient = () => bundled('export * from \'./lib/client/index.mjs\'', '--format=esm', '--platform=node');

const kilobytes = (bytes: { length: number }) => bytes.length / 1000;
const tokenFunction = (from: string) => `
  import { CreateChatTokenCommand, IvschatClient } from '${from}';
  const client = new IvschatClient({});
  export const handler = async ({ userId }) => {
    const input = { roomIdentifier: process.env.ROOM_ARN, userId };
    return (await client.send(new CreateChatTokenCommand(input))).token;
  };`;
const runtimeTokenFunction = `
  import { createChatToken } from './lib/runtime/index.mjs';
  export const handler = async ({ userId }) =>
    (await createChatToken({ roomIdentifier: process.env.ROOM_ARN, userId })).token;`;

describe('size', () => {
  test('the whole client is below its limits', () => {
    const code = wholeClient();
    expect(kilobytes(code)).toBeLessThanOrEqual(27);
    expect(kilobytes(gzipSync(code, { level: 9 }))).toBeLessThanOrEqual(11.3);
  });

  test.each([
    ['IvschatClient', 21.1, tokenFunction('./lib/client/index.mjs')],
    ['createChatToken', 20, runtimeTokenFunction],
  ])('a function that creates tokens with %s is below its limit and has no other operations', (_, limit, source) => {
    const otherOperations = [
      'UpdateRoom', 'SendEvent', 'DeleteMessage', '/tags/', 'maximumMessageLength', 'logGroupName', 'nextToken',
    ];
    const code = bundled(source, '--format=cjs', '--platform=node');
    const whole = wholeClient();
    expect(kilobytes(code)).toBeLessThanOrEqual(limit);
    for (const part of otherOperations) {
      expect(code).not.toContain(part);
      expect(whole).toContain(part);
    }
  });
});

describe.each(['browser.js', 'browser.mjs'])('%s', (file) => {
  const code = readFileSync(join(lib, file), 'utf8');

  test('uses no module and no global of Node.js', () => {
    expect(code).not.toMatch(/node:|getBuiltinModule|\bprocess\b|\brequire\(/);
  });
});

test.each(['browser', 'react-native'])('the condition %s selects the bundle without Node.js', (condition) => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(exports['./client'][condition].import.default).toBe('./lib/client/browser.mjs');
  expect(exports['./client'][condition].require.default).toBe('./lib/client/browser.js');
  const options = ['--format=iife', '--platform=neutral', `--conditions=${condition}`];
  const code = bundled(tokenFunction('cdk-ivs-chat/client'), ...options);
  expect(code).not.toMatch(/node:|getBuiltinModule/);
});

/** The globals of React Native: no crypto, no streams, no TextDecoder, and a URL without its getters. */
function reactNative(fetch: (url: string, request: object) => Promise<object>) {
  return createContext({
    module: { exports: {} },
    TextEncoder,
    AbortController,
    setTimeout,
    clearTimeout,
    URL: class {
      get hostname() {
        throw new Error('URL.hostname is not implemented');
      }
    },
    fetch,
  });
}

test('the browser bundle works with the globals of React Native', async () => {
  const sent: any[] = [];
  const answers: Record<string, object> = {
    '/CreateChatToken': { status: 200, text: async () => '{"token":"tök€n"}' },
    '/GetRoom': { status: 404, text: async () => '{"message":"no"}' },
  };
  const context = reactNative(async (url, request) => {
    sent.push({ url, ...request });
    const answer = answers[new URL(url).pathname];
    if (!answer) throw new TypeError('Network request failed'); // React Native has this error for all failures
    return { headers: new Headers({ 'x-amzn-errortype': 'ResourceNotFoundException' }), ...answer };
  });
  const program = `${readFileSync(join(lib, 'browser.js'), 'utf8')}; module.exports`;
  const { IvschatClient, ...commands }: typeof import('../../../lambda/client') = runInContext(program, context);
  const client = new IvschatClient({ region: REGION, credentials: CREDENTIALS });

  const token = await client.send(new commands.CreateChatTokenCommand({ roomIdentifier: ROOM, userId: 'ü€😀' }));
  expect(token).toMatchObject({ token: 'tök€n' });
  await expect(client.send(new commands.GetRoomCommand({ identifier: ROOM })))
    .rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'no' });
  await expect(client.send(new commands.CreateRoomCommand({})))
    .rejects.toMatchObject({ name: 'AmbiguousOutcomeError', $metadata: { attempts: 1 } });
  await expect(client.send(new commands.ListRoomsCommand({})))
    .rejects.toMatchObject({ message: 'Network request failed', $metadata: { attempts: 3 } });

  const { url, method, headers, body } = sent[0];
  expect(url).toBe(`https://ivschat.${REGION}.amazonaws.com/CreateChatToken`);
  const rawHeaders = Object.entries<string>({ host: new URL(url).host, ...headers }).flat();
  const { refusal } = verifySignature({ url: '/CreateChatToken', method, rawHeaders }, {
    identities: { find: () => identity } as any,
    body: Buffer.from(body),
    service: 'ivschat',
    region: REGION,
    now: Date.now(),
  });
  expect(refusal).toBeUndefined();
});

test.each([
  ['require', `done(require(${JSON.stringify(join(lib, 'index.js'))}));`],
  ['import', `import(${JSON.stringify(join(lib, 'index.mjs'))}).then(done);`],
])('%s in Node.js loads the client without fetch and WebCrypto', (_, load) => {
  const out = execFileSync(process.execPath, ['-e', `
    function done({ IvschatClient, Ivschat }) {
      new IvschatClient({ region: 'us-west-2' });
      const loaded = process.moduleLoadList.filter((name) => /undici|webcrypto/.test(name));
      console.log(typeof Ivschat, JSON.stringify(loaded));
    }
    ${load}`], { encoding: 'utf8' });
  expect(out.trim()).toBe('function []');
});

if (!chromiumPath) {
  console.warn('SKIPPED: the client in a browser, because Chromium is not installed. '
    + 'Install it with apt-get install chromium, or set CHROMIUM_PATH.');
}

/** Serves the page, the bundle and a small IVS Chat, and collects the requests without a valid signature. */
async function startServer() {
  const refusals: unknown[] = [];
  const bodyOf = async (request: IncomingMessage) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const files: Record<string, [type: string, content: string]> = {
    '/': ['text/html', '<!doctype html><title>client</title>'],
    '/browser.mjs': ['text/javascript', readFileSync(join(lib, 'browser.mjs'), 'utf8')],
    '/favicon.ico': ['image/x-icon', ''],
  };
  const answers: Record<string, (response: ServerResponse) => void> = {
    '/CreateChatToken': (response) =>
      response.end('{"token":"tök€n","tokenExpirationTime":"2026-01-01T00:00:00Z"}'),
    '/GetRoom': (response) =>
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{"message":"no"}'),
    '/ListRooms': (response) => response.writeHead(302, { location: '/CreateChatToken' }).end(),
    '/DeleteRoom': () => {}, // It never responds.
  };

  const server = createServer(async (request, response) => {
    const file = files[request.url!];
    if (file) return void response.setHeader('content-type', file[0]).end(file[1]);

    const { refusal } = verifySignature(request, {
      identities: { find: (id: string) => (id === identity.accessKeyId ? identity : undefined) } as any,
      body: await bodyOf(request),
      service: 'ivschat',
      region: REGION,
      now: Date.now(),
    });
    if (refusal) refusals.push([request.url, refusal]);
    if (request.method === 'DELETE') return void response.end('');
    answers[request.url!]?.(response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));

  return {
    refusals,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const inChromium = chromiumPath ? test : test.skip;
inChromium('calls, errors, redirects, deadlines and aborts work in Chromium', async () => {
  const server = await startServer();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const results = await page.evaluate(async ({ credentials, region, room }) => {
      const address = '/browser.mjs';
      const { IvschatClient, ...commands } = await import(address);
      const endpoint = (globalThis as any).location.origin;
      const client = new IvschatClient({ region, credentials, endpoint, maxAttempts: 1 });
      const send = (command: unknown, options?: object): Promise<string> => client.send(command, options).then(
        () => 'success',
        (error: any) => `${error.name} ${error.$metadata?.httpStatusCode}`,
      );
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 20);

      const input = { roomIdentifier: room, userId: 'ü€😀' };
      const { token, tokenExpirationTime } = await client.send(new commands.CreateChatTokenCommand(input));
      const identifier = room;
      return {
        token,
        tokenExpirationTime: tokenExpirationTime.toISOString(),
        exception: await send(new commands.GetRoomCommand({ identifier })),
        redirect: await send(new commands.ListRoomsCommand({})),
        query: await send(new commands.UntagResourceCommand({ resourceArn: room, tagKeys: ['a b', 'ü&='] })),
        deadline: await send(new commands.DeleteRoomCommand({ identifier }), { requestTimeout: 50 }),
        abort: await send(new commands.DeleteRoomCommand({ identifier }), { abortSignal: controller.signal }),
      };
    }, { credentials: CREDENTIALS, region: REGION, room: ROOM });
    expect(server.refusals).toEqual([]);
    expect(results).toEqual({
      token: 'tök€n',
      tokenExpirationTime: '2026-01-01T00:00:00.000Z',
      exception: 'ResourceNotFoundException 404',
      redirect: 'Unknown 302',
      query: 'success',
      deadline: 'TimeoutError undefined',
      abort: 'AbortError undefined',
    });
  } finally {
    await browser.close();
    await server.close();
  }
}, 60_000);
