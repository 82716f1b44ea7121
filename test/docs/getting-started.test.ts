/** Runs the steps of docs/getting-started.md on the local services, with the files and the commands of the page. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { startLocal, type Local } from '../../local';

jest.setTimeout(180_000);

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'getting-started.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'getting-started-'));

/** The code blocks with the name of a file in a comment on their first line. */
const files = [...page.matchAll(/^```\w+\n\/\/ (\S+)\n([^]*?)^```/gm)].map(([, name, content]) => [name!, content!]);
const commands = [...page.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block]) => block!.trim().split(/(?<!\\)\n/));

let local: Local;
let outputs: { ChatUrl: string; UserPoolId: string };

const hasAwsCli = spawnSync('aws', ['--version']).status === 0;
if (!hasAwsCli) console.warn('SKIPPED: the commands of docs/getting-started.md that need the AWS CLI');

/** Returns the commands of the page that start with a text. */
const commandsWith = (start: string) => commands.filter((command) => command.startsWith(start));

/** Runs a command of the page with values for its placeholders, and returns its standard output. */
async function run(start: string, values: { readonly [placeholder: string]: string } = {}): Promise<string> {
  const [command] = commandsWith(start).map((text) =>
    Object.entries(values).reduce((filled, [name, value]) => filled.replace(name, value), text));
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const environment = { ...process.env, ...local.environment, PATH: path, CI: 'true', NO_PROXY: '127.0.0.1' };
  const child = spawn('sh', ['-c', command!], { cwd: folder, env: environment });
  const printed: { [stream: string]: string } = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      printed[stream] += text;
    });
  }
  const code = await new Promise((closed) => child.on('close', closed));
  if (code !== 0) throw new Error(`${command} ended with ${code}\n${printed.stdout}${printed.stderr}`);
  return printed.stdout!;
}

beforeAll(async () => {
  local = await startLocal();
  for (const [name, content] of files) writeFileSync(join(folder, name!), content!);
  // The packages that the page installs.
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  for (const name of ['aws-cdk', 'aws-cdk-lib', 'constructs', 'tsx']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  symlinkSync(root, join(folder, 'node_modules', 'cdk-ivs-chat'));
  symlinkSync(join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), join(folder, 'node_modules', '.bin', 'cdk'));
});

afterAll(async () => {
  await local?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the page has the files of the app, and installs what they import', () => {
  expect(files.map(([name]) => name)).toEqual(['cdk.json', 'app.ts', 'send.mjs']);
  expect(commandsWith('npm install')[0]).toContain('cdk-ivs-chat');
});

test('the page bootstraps and deploys', async () => {
  await run('npx cdk bootstrap');
  await run('npx cdk deploy');
  outputs = JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')).MyChat;
  expect(outputs.ChatUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
});

test('the page sends a message', async () => {
  const issued = await run('curl', { USER_POOL_ID: outputs.UserPoolId });
  const { token } = JSON.parse(issued);
  const values = { 'CHAT_URL': outputs.ChatUrl, 'ID_TOKEN': token, 'us-west-2': local.messaging };
  expect(await run('node send.mjs', values)).toBe('ada: Hello from my stack\n');
});

test('the page removes the stack', async () => {
  await run('npx cdk destroy');
  const state = await (await fetch(`${local.console}state`)).json() as { rooms: unknown[] };
  expect(state.rooms).toEqual([]);
});

(hasAwsCli ? test : test.skip)('the AWS CLI accepts the commands of the page', () => {
  expect(commandsWith('aws ')).toHaveLength(3);
  for (const command of commandsWith('aws ')) {
    const check = `${command} --region us-west-2 --generate-cli-skeleton output`;
    const { stderr } = spawnSync('sh', ['-c', check], { encoding: 'utf8', cwd: folder });
    // The CLI validates the input first. It then refuses its own sample of the output of the last command.
    expect(stderr).toMatch(/^$|parameter Session, value: 7, valid min length: 20/);
  }
  const wrong = spawnSync('sh', ['-c', `${commandsWith('aws ')[0]} --unknown x --generate-cli-skeleton output`]);
  expect(String(wrong.stderr)).toContain('Unknown options');
});
