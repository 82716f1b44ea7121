/** The size and the contents of functions that use a part of cdk-ivs-chat/runtime, as an application bundles them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

function bundled(source: string): string {
  const options = ['--bundle', '--minify', '--target=es2022', '--format=cjs', '--platform=node'];
  return execFileSync(join(root, 'node_modules', '.bin', 'esbuild'), options, {
    cwd: root, input: source, encoding: 'utf8', env: { PATH: process.env.PATH },
  });
}

const SIGNER = 'AWS4-HMAC-SHA256';
const IVS_CHAT_CLIENT = 'callTimeout';
const DYNAMODB = 'DynamoDB_20120810';

test('a message review function contains neither a client nor a signer', () => {
  const code = bundled(`
    import { allow, deny, reviewMessage } from './lib/runtime/index.mjs';
    export const handler = reviewMessage(({ Content }) => (Content === 'x' ? deny() : allow()), { onError: 'DENY' });`);
  for (const text of [SIGNER, IVS_CHAT_CLIENT, DYNAMODB]) expect(code).not.toContain(text);
  expect(code.length).toBeLessThan(5000);
});

test('isBanned contains the client for DynamoDB and none for IVS Chat', () => {
  const code = bundled(`
    import { isBanned } from './lib/runtime/index.mjs';
    export const handler = (user) => isBanned(user);`);
  expect(code).toContain(SIGNER);
  expect(code).toContain(DYNAMODB);
  expect(code).not.toContain(IVS_CHAT_CLIENT);
});

test.each(['chat-api-token', 'chat-api-moderation'])('assets/%s is one file below 60 kB without imports', (name) => {
  const code = readFileSync(join(root, 'assets', name, 'index.js'), 'utf8');
  expect(code.length).toBeLessThan(60_000);
  expect(code).not.toMatch(/require\("(?!node:)/);
});
