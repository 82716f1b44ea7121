/**
 * Measures a session: its size, the time for each received message, and the memory after 100,000 messages.
 *
 *     npx projen bench:session
 */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { createSessionCore } from '../../front-end/session/session-core';

const MESSAGES = 100_000;
const ROUNDS = 5;

const bundle = (contents: string) => buildSync({
  stdin: { contents, resolveDir: join(__dirname, '..', '..') },
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
}).outputFiles[0]!.text;
for (const [name, source] of [
  ['createChatSession', "export { createChatSession } from './front-end/session'"],
  ['amazon-ivs-chat-messaging', "export * from 'amazon-ivs-chat-messaging'"],
] as const) {
  const code = bundle(source);
  const zipped = gzipSync(code, { level: 9 }).length;
  console.log(`${name}: ${(code.length / 1000).toFixed(1)} kB, ${(zipped / 1000).toFixed(2)} kB gzip`);
}

const core = createSessionCore({ hasHistory: false }, Math.random);
core.handle(['join'], 1);
core.handle(['token', 1, { userId: 'me' }], 1);
core.handle(['opened', 1], 1);
for (let round = 1; round <= ROUNDS; round++) {
  const start = performance.now();
  for (let message = 0; message < MESSAGES; message++) {
    core.handle(['frame', 1, {
      Type: 'MESSAGE',
      Id: `${round}-${message}`,
      RequestId: '',
      Content: 'Hello',
      Attributes: null,
      SendTime: '2026-01-01T00:00:00.123456789Z',
      Sender: { UserId: 'ada', Attributes: {} },
    }], 1);
  }
  const microseconds = (performance.now() - start) * 1_000 / MESSAGES;
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed / 1e6;
  console.log(`round ${round}: ${microseconds.toFixed(1)} µs for each message, heap ${heap.toFixed(1)} MB, `
    + `${core.snapshot().messages.length} messages in the list`);
}
