/** `npm start` after the build: the deployment, the page, the keys and the end. The tests replace the parts. */
import * as childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CdkCall } from '../../../examples/live-chat/cdk-cli';
import { runChat } from '../../../examples/live-chat/run-chat';
import { Terminal } from '../../../examples/live-chat/terminal';

/** The calls of the parts, in their order. */
const mockCalls: [name: string, ...values: any[]][] = [];
/** Changes what a part does. Otherwise, it succeeds. */
const mockEffects: { [name: string]: (...values: any[]) => unknown } = {};
const mockPart = (name: string, result?: unknown) => async (...values: any[]) => {
  mockCalls.push([name, ...values]);
  return await mockEffects[name]?.(...values) ?? result;
};
const mockOutputs = { RoomArn: 'arn', ChatUrl: 'http://api.test/', UserPoolId: 'pool' };
const mockLocal = {
  environment: { AWS_REGION: 'us-west-2' },
  messaging: 'ws://chat.test',
  console: 'http://console.test/',
  issueToken: mockPart('issueToken', 'an ID token'),
  close: mockPart('close local'),
};
const mockPage = {
  origin: 'http://page.test',
  configure: (...values: any[]) => void mockCalls.push(['configure', ...values]),
  close: mockPart('close page'),
};
const mockParts = {
  startLocal: mockPart('startLocal', mockLocal),
  cdk: mockPart('cdk'),
  servePage: mockPart('servePage', mockPage),
  bringViewers: mockPart('bringViewers'),
  roundTrip: mockPart('roundTrip'),
};
/** The modules are loaded before the parts are defined. */
function mockModule(name: keyof typeof mockParts) {
  return { [name]: (...values: unknown[]) => mockParts[name](...values) };
}
jest.mock('cdk-ivs-chat/local', () => mockModule('startLocal'));
jest.mock('../../../examples/live-chat/cdk-cli', () => mockModule('cdk'));
jest.mock('../../../examples/live-chat/serve-page', () => mockModule('servePage'));
jest.mock('../../../examples/live-chat/viewers', () => mockModule('bringViewers'));
jest.mock('../../../examples/live-chat/round-trip', () => mockModule('roundTrip'));
jest.mock('node:child_process', () => ({ ...jest.requireActual('node:child_process'), spawn: jest.fn() }));
const spawn = jest.mocked(childProcess.spawn);

/** The properties of `process` that the tests replace. */
const replaced = ['ppid', 'stdin', 'stdout', 'platform', 'env'] as const;
const before = replaced.map((name) => [name, Object.getOwnPropertyDescriptor(process, name)!] as const);
const setProcess = (name: typeof replaced[number], value: unknown) =>
  Object.defineProperty(process, name, { value, configurable: true });
const signals = ['SIGINT', 'SIGTERM'] as const;
const listenersBefore = signals.map((signal) => process.listeners(signal));
let printed: string;
let unref: jest.Mock;
let failed: Error | undefined;
let hasColors: boolean;

beforeEach(() => {
  hasColors = false;
  mockCalls.length = 0;
  for (const name of Object.keys(mockEffects)) delete mockEffects[name];
  mockEffects.cdk = (args: string[]) => {
    if (args[0] === 'deploy') {
      writeFileSync(args[args.indexOf('--outputs-file') + 1]!, JSON.stringify({ LiveChat: mockOutputs }));
    }
  };
  printed = '';
  unref = jest.fn();
  spawn.mockReset().mockReturnValue({ on: (name: string) => (name === 'error' ? { unref } : undefined) } as never);
  setProcess('ppid', 10);
  setProcess('stdin', { isTTY: false });
  setProcess('stdout', { isTTY: false });
  setProcess('env', {});
  setProcess('platform', 'linux');
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'Date', 'performance'] });
});
afterEach(() => {
  jest.useRealTimers();
  for (const [name, descriptor] of before) Object.defineProperty(process, name, descriptor);
  signals.forEach((signal, index) => {
    const added = process.listeners(signal).filter((listener) => !listenersBefore[index]!.includes(listener));
    for (const listener of added) process.removeListener(signal, listener);
  });
});

const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};
const terminalOf = () => new Terminal({
  hasColors: () => hasColors,
  write(text: string) {
    printed += text.replace(/ +\d+\.\d s\n/, '\n');
    return true;
  },
} as never, { verbose: false });
/** Runs the chat until it waits for its end. */
async function run(options = {}) {
  let isEnded = false;
  failed = undefined;
  const running = runChat(terminalOf(), { once: false, noOpen: false, parent: 10, ...options })
    .catch((error) => failed = error).finally(() => isEnded = true);
  await settled();
  return {
    isEnded: () => isEnded,
    async end() {
      process.listeners('SIGINT').at(-1)!('SIGINT');
      await running;
    },
  };
}
const calls = (name: string) => mockCalls.filter(([called]) => called === name).map(([, ...values]) => values);
const opened = () => spawn.mock.calls.map(([program, args]) => [program, ...args].join(' '));
const steps = [
  '✔ Start a local IVS Chat and an endpoint for the CDK CLI',
  '✔ cdk deploy',
];

test('deploys the stack, serves the page, prints the addresses, and ends', async () => {
  const { isEnded, end } = await run();
  expect(isEnded()).toBe(false);
  expect(calls('startLocal')).toEqual([[{ port: 3001 }]]);
  expect(calls('servePage')).toEqual([[]]);
  const [[args, { print, ...call }]] = calls('cdk') as [[string[], CdkCall]];
  const outputsFile = args[args.indexOf('--outputs-file') + 1]!;
  const folder = dirname(outputsFile);
  expect(folder).toMatch(/live-chat-\w+$/);
  expect(args).toEqual([
    'deploy', '--require-approval', 'never', '--progress', 'events', '--output', `${folder}/cdk.out`,
    '--outputs-file', `${folder}/outputs.json`, '--context', 'pageOrigin=http://page.test',
  ]);
  expect(call).toEqual({ environment: mockLocal.environment, signal: expect.any(AbortSignal) });
  expect(call.signal!.aborted).toBe(false);
  expect(printed.split('\n')).toEqual([
    ...steps,
    '',
    `╭${'─'.repeat(54)}╮`,
    '│  Chat       http://page.test                         │',
    '│  Moderator  http://page.test/#moderator              │',
    '│  Console    http://console.test/                     │',
    '│                                                      │',
    '│  Everything runs on this machine and costs nothing.  │',
    '│  Ctrl-C ends everything.                             │',
    `╰${'─'.repeat(54)}╯`,
    '',
  ]);
  expect([opened(), jest.getTimerCount(), existsSync(folder)]).toEqual([[], 0, true]);
  await end();
  expect(call.signal!.aborted).toBe(true);
  expect(printed.split('\n').slice(-3)).toEqual(['', 'Ending ...', '']);
  expect(mockCalls.slice(-2)).toEqual([['close page'], ['close local']]);
  expect([failed, existsSync(folder)]).toEqual([undefined, false]);
});

test('with colors, the names of the addresses are bold, and the hint is dim', async () => {
  hasColors = true;
  const { end } = await run();
  const [bold, dim] = [1, 2].map((style) => (text: string) => `\x1b[${style}m${text}\x1b[22m`);
  for (const name of ['Chat', 'Moderator', 'Console']) expect(printed).toContain(`  ${bold!(name)}  `);
  expect(printed).toContain(`  ${dim!('Ctrl-C ends everything.')}  `);
  await end();
});

test('the page gets the addresses, the sign-in and the viewers', async () => {
  const { end } = await run();
  const [[configuration, signIn, viewers]] = calls('configure') as any[][];
  const addresses = { chatUrl: 'http://api.test/', messaging: 'ws://chat.test' };
  expect(configuration).toEqual(addresses);
  expect(await signIn({ userId: 'ada', name: 'Ada', role: 'viewer' })).toBe('an ID token');
  await signIn({ userId: 'grace', name: 'Grace', role: 'host' });
  const token = { userPool: 'pool', tokenUse: 'id' };
  expect(calls('issueToken')).toEqual([
    [{ ...token, sub: 'ada', claims: { 'name': 'Ada', 'cognito:groups': [] } }],
    [{ ...token, sub: 'grace', claims: { 'name': 'Grace', 'cognito:groups': ['host'] } }],
  ]);
  const { signal } = new AbortController();
  await viewers(signal);
  expect(calls('bringViewers')).toEqual([[{ ...addresses, signIn, signal }]]);
  await end();
});

test('a round trip deploys with a context and destroys, and the program ends', async () => {
  mockEffects.roundTrip = async ({ deploy, destroy }) => {
    const progress = { detail() {}, summary() {} };
    expect(await deploy(progress, 'a=1', 'b=2')).toEqual(mockOutputs);
    await destroy(progress);
  };
  const { isEnded } = await run({ once: true });
  expect([isEnded(), failed]).toEqual([true, undefined]);
  const [[options]] = calls('roundTrip') as any[][];
  expect(options).toEqual({
    terminal: expect.any(Terminal),
    deploy: expect.any(Function),
    destroy: expect.any(Function),
    deployed: mockOutputs,
    local: mockLocal,
    pageOrigin: 'http://page.test',
    signIn: calls('configure')[0]![1],
  });
  const [[first, { print, ...call }], [second], [destroy, { print: other, ...destroyCall }]] =
    calls('cdk') as [string[], CdkCall][] as any;
  expect(second).toEqual([...first, '--context', 'a=1', '--context', 'b=2']);
  expect(destroy).toEqual(['destroy', '--force', '--output', first[first.indexOf('--output') + 1]]);
  expect(destroyCall).toEqual(call);
  expect([print, other]).toEqual([expect.any(Function), expect.any(Function)]);
  expect(printed.split('\n')).toEqual([...steps, '', 'The whole trip worked.', '']);
  expect(mockCalls.slice(-2)).toEqual([['close page'], ['close local']]);
});

test('the steps count the resources in the lines of the CDK CLI', async () => {
  const lines = [
    'LiveChat |  0/13 | CREATE_IN_PROGRESS | Room', '  ', 'LiveChat | 3/13 | CREATE_COMPLETE | Room',
    'LiveChat | CREATE_FAILED', 'Other | 4/13 | CREATE_COMPLETE', ' LiveChat | 5/13 | CREATE_COMPLETE',
  ];
  mockEffects.cdk = async (args, { print }: CdkCall) => {
    lines.forEach((line) => print!(line));
    if (args[0] === 'deploy') throw Object.assign(new Error('no'), { summary: 'cdk deploy ended with 1' });
  };
  await run();
  expect(failed).toMatchObject({ summary: 'cdk deploy ended with 1' });
  expect(printed.split('\n')).toEqual([
    steps[0], '✘ cdk deploy (3 of 13 resources)', ...lines.filter((line) => line.trim()).map((line) => `  ${line}`), '',
  ]);
  // The services do not stay after a failure.
  expect(mockCalls.slice(-2)).toEqual([['close page'], ['close local']]);
});

test('a destroyed stack has no number of all resources', async () => {
  const summaries: string[] = [];
  mockEffects.roundTrip = ({ destroy }) => destroy({ detail() {}, summary: (text: string) => summaries.push(text) });
  const { cdk } = mockEffects;
  mockEffects.cdk = (args, call: CdkCall) => {
    cdk!(args);
    if (args[0] === 'destroy') call.print!('LiveChat |   7 | DELETE_COMPLETE');
  };
  await run({ once: true });
  expect(summaries).toEqual(['7 resources']);
});

test('another port is used if another program uses the port', async () => {
  mockEffects.startLocal = (options) => {
    if (options) throw new Error('EADDRINUSE');
  };
  const { end } = await run();
  expect(calls('startLocal')).toEqual([[{ port: 3001 }], []]);
  await end();
});

test.each([
  ['darwin', 'open http://page.test'], ['win32', 'cmd /c start "" http://page.test'],
  ['linux', 'xdg-open http://page.test'],
])('in a terminal, the program opens the browser of %s', async (platform, command) => {
  setProcess('platform', platform);
  setProcess('stdout', { isTTY: true });
  const { end } = await run();
  expect(opened()).toEqual([command]);
  expect(spawn.mock.lastCall![2]).toEqual({ stdio: 'ignore', detached: true });
  expect(unref).toHaveBeenCalledTimes(1);
  await end();
});

test.each<[string, object, object]>([
  ['with --no-open', { noOpen: true }, {}], ['in CI', {}, { CI: 'true' }],
])('%s, the program does not open the browser', async (_, options, env) => {
  setProcess('stdout', { isTTY: true });
  setProcess('env', env);
  const { end } = await run(options);
  expect(opened()).toEqual([]);
  await end();
});

describe('the keys', () => {
  let stdin: EventEmitter;
  let modes: unknown[];
  beforeEach(() => {
    modes = [];
    stdin = Object.assign(new EventEmitter(), {
      isTTY: true,
      ...Object.fromEntries(['setRawMode', 'setEncoding', 'resume', 'pause'].map((name) => [name, (value?: unknown) => {
        modes.push(value === undefined ? name : `${name} ${value}`);
        return stdin;
      }])),
    });
    setProcess('stdin', stdin);
  });

  test('open the pages, and deploy again', async () => {
    const { isEnded, end } = await run();
    expect(printed).toContain('Keys: o chat, m moderator, c console, r redeploy, q quit');
    expect(printed).not.toContain('Ctrl-C');
    expect(modes).toEqual(['setRawMode true', 'setEncoding utf8', 'resume']);
    for (const key of ['o', 'm', 'c', 'x', 'O', 'constructor', '\r']) stdin.emit('data', key);
    expect(opened()).toEqual(['http://page.test', 'http://page.test/#moderator', 'http://console.test/'].map((url) =>
      `xdg-open ${url}`));
    stdin.emit('data', 'r');
    await settled();
    mockEffects.cdk = () => {
      throw new Error('no');
    };
    stdin.emit('data', 'r');
    await settled();
    expect(calls('cdk')).toHaveLength(3);
    expect(printed.split('\n').slice(-3)).toEqual(['✔ cdk deploy', '✘ cdk deploy', '']);
    expect(isEnded()).toBe(false);
    await end();
    expect([failed, modes.slice(3)]).toEqual([undefined, ['setRawMode false', 'pause']]);
  });

  test.each(['q', '\u0003'])('%j ends the program', async (key) => {
    const { isEnded } = await run();
    stdin.emit('data', key);
    await settled();
    expect([isEnded(), failed]).toEqual([true, undefined]);
  });
});

test.each(signals)('%s ends the program', async (signal) => {
  const { isEnded } = await run();
  // Without its listener, a second signal ends the program at once.
  expect(process.rawListeners(signal).at(-1)).toHaveProperty('listener');
  process.listeners(signal).at(-1)!(signal);
  await settled();
  expect([isEnded(), failed]).toEqual([true, undefined]);
});

test('the end of npm ends the program', async () => {
  setProcess('env', { npm_lifecycle_event: 'start' });
  const interval = jest.spyOn(globalThis, 'setInterval');
  const { isEnded } = await run();
  expect(interval.mock.results.map(({ value }) => value.hasRef())).toEqual([false]); // It does not delay the end.
  jest.advanceTimersByTime(10_000);
  await settled();
  expect(isEnded()).toBe(false);
  setProcess('ppid', 1);
  jest.advanceTimersByTime(499);
  await settled();
  expect(isEnded()).toBe(false);
  jest.advanceTimersByTime(1);
  await settled();
  expect(isEnded()).toBe(true);
});

test('the end of another program does not end this one', async () => {
  const { isEnded, end } = await run();
  setProcess('ppid', 1);
  jest.advanceTimersByTime(10_000);
  await settled();
  expect(isEnded()).toBe(false);
  await end();
});
