/** `npm start` before the deployment: its options, the build and its errors. The tests replace the other parts. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { transformSync } from 'esbuild';
import { Terminal } from '../../../examples/live-chat/terminal';

const folder = join(__dirname, '../../../examples/live-chat');
/** The program imports a part of itself when it runs, which Jest cannot. */
const { code } = transformSync(readFileSync(join(folder, 'start.ts'), 'utf8'), {
  loader: 'ts', format: 'cjs', platform: 'node', supported: { 'dynamic-import': false },
});

afterEach(() => {
  process.exitCode = undefined;
  jest.restoreAllMocks();
});

/** Starts the program. The build ends with a code, and then the chat with its effect. */
async function start(args: string[], { buildCode = 0, chat = async () => {} } = {}) {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const error = jest.spyOn(console, 'error').mockReturnValue();
  const calls: unknown[][] = [];
  const modules: { readonly [name: string]: object } = {
    'node:child_process': {
      spawn(...values: unknown[]) {
        calls.push(['spawn', ...values]);
        const child = new EventEmitter();
        setImmediate(() => child.emit('close', buildCode));
        return child;
      },
    },
    './run-chat.js': {
      async runChat(terminal: unknown, ...values: unknown[]) {
        calls.push(['runChat', ...values]);
        expect(terminal).toEqual(new Terminal(process.stdout, { verbose: args.includes('--verbose') }));
        await chat();
      },
    },
    './terminal': { Terminal },
    'node:path': { join },
    'node:util': { parseArgs: (config: ParseArgsConfig) => parseArgs({ args, ...config }) },
  };
  // eslint-disable-next-line no-new-func
  new Function('require', 'module', '__dirname', code)((name: string) => modules[name], {}, folder);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  return {
    calls,
    exits: exit.mock.calls.flat(),
    exitCode: process.exitCode,
    printed: write.mock.calls.map(([text]) => text).join('').replace(/\d+\.\d s/, 'TIME'),
    errors: error.mock.calls.flat(),
  };
}

const build = ['spawn', process.execPath, [join(folder, '../../projenrc/build-missing.mjs'), '--javascript'], {
  stdio: 'inherit',
}];
const printed = '✔ Build the library  TIME\n';

test.each([
  [[], { once: false, noOpen: false }],
  [['--once'], { once: true, noOpen: false }],
  [['--no-open', '--verbose'], { once: false, noOpen: true }],
])('with %j, the chat starts after the build', async (args, options) => {
  const calls = [build, ['runChat', { ...options, parent: process.ppid }]];
  expect(await start(args)).toEqual({ calls, exits: [], exitCode: undefined, printed, errors: [] });
});

test.each(['--help', '-h'])('with %s, the program prints its options and ends', async (option) => {
  const print = jest.spyOn(console, 'log').mockReturnValue();
  expect(await start([option])).toEqual({ calls: [], exits: [], exitCode: undefined, printed: '', errors: [] });
  const [[text]] = print.mock.calls as [[string]];
  expect(text.match(/--?\w[-\w]*(?=[ ,])/g)).toEqual(['--once', '--no-open', '--verbose', '-h', '--help']);
});

test('an option that does not exist is an error', async () => {
  const { calls, exitCode, errors } = await start(['--onec']);
  expect([calls, exitCode, errors]).toEqual([[], 1, [expect.stringContaining("Unknown option '--onec'")]]);
});

test('the build step shows its elapsed time while it runs', async () => {
  const summaries: string[] = [];
  jest.spyOn(Terminal.prototype, 'step').mockImplementation((_name, work) =>
    work({ detail() {}, summary: (text) => summaries.push(text) }));
  await start([]);
  expect(summaries).toEqual(['a few seconds after a change of the sources', '']);
});

test('a failed build, which has printed its reason, ends the program', async () => {
  expect((await start([], { buildCode: 2 })).exits).toEqual([1]);
});

test.each([
  ['the end by the user', new DOMException('This operation was aborted', 'AbortError'), [], undefined],
  ['a failure', new Error('no port is free'), ['\nno port is free'], 1],
  [ // The step has printed the output of the CDK CLI.
    'a failure of the CDK CLI',
    Object.assign(new Error('cdk deploy ended with 1:\nno credentials'), { summary: 'cdk deploy ended with 1' }),
    ['\ncdk deploy ended with 1'], 1,
  ],
])('%s has its text and its exit code', async (_what, failure, errors, exitCode) => {
  const chat = () => Promise.reject(failure);
  expect(await start([], { chat })).toMatchObject({ exits: [], exitCode, printed, errors });
});
