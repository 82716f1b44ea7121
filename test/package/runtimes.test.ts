/**
 * Bundles a token function as applications do, and runs it in several runtimes against the local service. `npx projen
 * test:runtimes` installs the runtimes from the npm registry. This Node.js always runs it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { startLocalIvsChat, type LocalIvsChat } from '../../local';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'runtimes-'));
const installed = process.env.RUNTIMES && resolve(root, process.env.RUNTIMES, 'node_modules');

/** The command of a runtime that runs a file. */
const commands: Record<string, readonly string[]> = {
  'this Node.js': [process.execPath],
  ...Object.fromEntries(['22', '24', '26'].map((version) =>
    [`Node.js ${version}`, [join(installed ?? '', `node${version}`, 'bin', 'node')]])),
  'Bun': [join(installed ?? '', '.bin', 'bun'), 'run'],
  'Deno': [join(installed ?? '', '.bin', 'deno'), 'run', '--allow-env', '--allow-net=127.0.0.1'],
};
const workerd = join(installed ?? '', '.bin', 'workerd');

const missing = Object.entries({ ...commands, workerd: [workerd] })
  .flatMap(([name, [program]]) => (existsSync(program!) ? [] : [name]));
if (missing.length > 0) {
  console.warn(`SKIPPED: a token function in ${missing.join(', ')}. \`npx projen test:runtimes\` runs them.`);
}

let chat: LocalIvsChat;
const requests: string[] = [];
let environment: Record<string, string>;

beforeAll(async () => {
  // The package as the project of an application finds it.
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'cdk-ivs-chat'));
  chat = await startLocalIvsChat({ onRequest: ({ operation }) => requests.push(operation) });
  const { arn } = await chat.call('CreateRoom', {}) as { arn: string };
  const { accessKeyId, secretAccessKey } = chat.identities.administrator;
  environment = {
    AWS_REGION: chat.region,
    AWS_ENDPOINT_URL_IVSCHAT: chat.controlPlane,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ROOM_ARN: arn,
  };
});

afterAll(async () => {
  await chat.close();
  rmSync(folder, { recursive: true, force: true });
});

async function bundle(name: string, source: string, options: object): Promise<string> {
  const entry = join(folder, `${name}.source.mjs`);
  const outfile = join(folder, `${name}.mjs`);
  writeFileSync(entry, source);
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', minify: true, ...options });
  return outfile;
}

/** Runs a program to its end, and returns its output. */
async function run([program, ...args]: readonly string[], file: string): Promise<string> {
  const child = spawn(program!, [...args, file], {
    cwd: folder, env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output += data);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`);
  return output;
}

const functions = {
  'createChatToken of cdk-ivs-chat/runtime': `
    import { createChatToken } from 'cdk-ivs-chat/runtime';
    const { token } = await createChatToken({ roomIdentifier: process.env.ROOM_ARN, userId: 'ada' });
    console.log(token);`,
  'IvschatClient of cdk-ivs-chat/client': `
    import { CreateChatTokenCommand, IvschatClient } from 'cdk-ivs-chat/client';
    const client = new IvschatClient({});
    const command = new CreateChatTokenCommand({ roomIdentifier: process.env.ROOM_ARN, userId: 'ada' });
    console.log((await client.send(command)).token);
    client.destroy();`,
};

const present = Object.keys(commands).filter((name) => !missing.includes(name));
describe.each(Object.entries(functions))('%s', (_, source) => {
  test.each(present)('creates a token in %s', async (name) => {
    const file = await bundle('function', source, { platform: 'node', target: 'node22' });
    requests.length = 0;
    expect(await run(commands[name]!, file)).toMatch(/^\S{100,}\n$/);
    expect(requests).toEqual(['CreateChatToken']);
  });
});

(missing.includes('workerd') ? test.skip : test)('createChatToken creates a token in workerd', async () => {
  await bundle('worker', `
    import { IvschatClient } from 'cdk-ivs-chat/client';
    import { createChatToken } from 'cdk-ivs-chat/runtime';
    export default {
      async fetch(_, env) {
        const client = new IvschatClient({
          region: env.AWS_REGION,
          endpoint: env.AWS_ENDPOINT_URL_IVSCHAT,
          credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
        });
        const { token } = await createChatToken({ roomIdentifier: env.ROOM_ARN, userId: 'ada' }, { client });
        return new Response(token);
      },
    };`, { platform: 'neutral', conditions: ['workerd', 'worker', 'browser'], target: 'es2022' });
  const bindings = Object.entries(environment).map(([name, text]) =>
    `(name = "${name}", text = ${JSON.stringify(text)})`);
  writeFileSync(join(folder, 'config.capnp'), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.mjs")],
      compatibilityDate = "2025-01-01",
      bindings = [${bindings.join(', ')}],
    )),
    (name = "internet", network = (allow = ["local", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`);
  const server: ChildProcess = spawn(workerd, ['serve', '--control-fd=1', join(folder, 'config.capnp')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface({ input: server.stdout! }), 'line');
    const response = await fetch(`http://127.0.0.1:${JSON.parse(line).port}/`);
    expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^\S{100,}$/)]);
  } finally {
    server.kill();
    await once(server, 'exit');
  }
});
