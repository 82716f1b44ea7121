/** The bundle of lib/session, which `npx projen bundle` makes: its size, and the engines that it needs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { ChatTokenAttributes } from '../../../src/contract/generated/constraints';
import { MAXIMUM_ATTRIBUTE_BYTES } from '../../../front-end/session/session-core';

const root = join(__dirname, '..', '..', '..');

/** Bundles a module as an application does. */
function bundled(contents: string, format: 'esm' | 'iife' = 'esm'): string {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    format,
    globalName: 'module',
    target: 'es2022',
    platform: 'browser',
    external: ['react'],
    write: false,
  });
  return outputFiles[0]!.text;
}

test('the session is smaller than 5 kB with gzip, and the hooks and the client of the chat API add 1 kB', () => {
  const size = (code: string) => gzipSync(bundled(code), { level: 9 }).length;
  const session = "export { createChatSession, ChatError, ChatRefused } from './lib/session/index.mjs';";
  expect(size(session)).toBeLessThan(5_000);
  expect(size(`${session} export * from './lib/react/index.mjs';`)).toBeLessThan(5_500);
  expect(size("export * from './lib/session/index.mjs'; export * from './lib/react/index.mjs';")).toBeLessThan(6_000);
});

test.each(['session', 'react'])('the bundle of %s contains nothing of Node.js', (name) => {
  for (const file of ['index.js', 'index.mjs']) {
    const code = readFileSync(join(root, 'lib', name, file), 'utf8').replaceAll('process.env.NODE_ENV', '');
    expect(code).not.toMatch(/node:|\bprocess\b|Buffer|setImmediate/);
  }
});

test('the limit of attributes is the limit of the contract', () => {
  expect(MAXIMUM_ATTRIBUTE_BYTES).toBe(ChatTokenAttributes.maximumBytes);
});

test('a session needs only the globals of React Native', async () => {
  const sockets: any[] = [];
  class NativeWebSocket {
    sent: string[] = [];
    constructor(readonly url: string, readonly protocol: string) { sockets.push(this); }
    send(data: string) { this.sent.push(data); }
    close() {}
  }
  const fetch = async () => ({ ok: true, status: 200, json: async () => ({ token: 't', userId: 'ada' }) });
  const globals = { AbortController, TextEncoder, setTimeout, clearTimeout, console, fetch };
  const context = createContext({ WebSocket: NativeWebSocket, ...globals });
  runInContext(bundled("export * from './lib/session/index.mjs'", 'iife'), context);
  runInContext(`
    var session = module.createChatSession({ endpoint: 'eu-west-1', token: () => fetch('https://example.com/token') });
    session.join();
  `, context);
  while (!sockets.length) await new Promise(setImmediate);
  const [socket] = sockets;
  expect([socket.url, socket.protocol]).toEqual(['wss://edge.ivschat.eu-west-1.amazonaws.com', 't']);
  socket.onopen();
  const sent = runInContext('session.send("Hi")', context);
  const { RequestId, ...frame } = JSON.parse(socket.sent[0]);
  expect(frame).toEqual({ Action: 'SEND_MESSAGE', Content: 'Hi', Attributes: {} });
  const message = {
    Type: 'MESSAGE',
    Id: 'AAAAAAAAAAA1',
    RequestId,
    Attributes: null,
    Content: 'Hi',
    SendTime: '2026-01-01T00:00:00.123456789Z',
    Sender: { UserId: 'ada', Attributes: {} },
  };
  socket.onmessage({ data: JSON.stringify(message) });
  expect(await sent).toMatchObject({ id: 'AAAAAAAAAAA1', sendTime: new Date('2026-01-01T00:00:00.123Z') });
  runInContext('session.leave()', context);
});
