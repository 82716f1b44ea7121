/** Tests of the command line in this process. test/package/ivs-chat-local.test.ts runs the command itself. */
import { helpText } from '../../../local/bin/command-line-options';
import type { Local, LocalOptions } from '../../../local/start-local';
import { serviceQuotas } from '../../../local/ivs-chat/quotas';

const local: Local = {
  controlPlane: 'http://127.0.0.1:1',
  messaging: 'ws://127.0.0.1:1',
  console: 'http://127.0.0.1:1/_local/key/',
  deploy: 'http://127.0.0.1:2',
  issuer: 'http://127.0.0.1:2/issuer',
  issueToken: jest.fn(),
  environment: { AWS_REGION: 'us-west-2', AWS_ENDPOINT_URL: 'http://127.0.0.1:2' },
  close: jest.fn(),
};
const isolated = { argv: process.argv, environment: process.env };
let out: jest.SpyInstance;
let failed: jest.SpyInstance;
let exit: jest.SpyInstance;
let intervals: jest.SpyInstance;
let listeners: jest.SpyInstance;
let printed: string[];

beforeEach(() => {
  printed = [];
  out = jest.spyOn(console, 'log').mockImplementation(() => {});
  failed = jest.spyOn(console, 'error').mockImplementation(() => {});
  exit = jest.spyOn(process, 'exit').mockImplementation((() => {}) as () => never);
  listeners = jest.spyOn(process, 'on').mockReturnThis();
  intervals = jest.spyOn(globalThis, 'setInterval');
  jest.spyOn(process.stderr, 'write').mockImplementation((line) => printed.push(String(line)) > 0);
});
afterEach(() => {
  for (const { value: timer } of intervals.mock.results) clearInterval(timer);
  jest.restoreAllMocks();
  process.argv = isolated.argv;
  process.env = isolated.environment;
});

/** Runs the command, and returns the options with which it starts the services. */
async function run(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  start: () => Promise<Local> = async () => local,
): Promise<LocalOptions | undefined> {
  const startLocal = jest.fn(start as (options: LocalOptions) => Promise<Local>);
  process.argv = ['node', 'ivs-chat-local', ...args];
  process.env = environment;
  jest.isolateModules(() => {
    jest.doMock('../../../local/index', () => ({ serviceQuotas, startLocal }));
    require('../../../local/bin/ivs-chat-local'); // eslint-disable-line @typescript-eslint/no-require-imports
  });
  await new Promise(setImmediate);
  return startLocal.mock.calls[0]?.[0];
}

test('without options, the services have the documented ports and their own defaults', async () => {
  expect(await run([])).toEqual({
    port: 4920,
    verifySignatures: true,
    ivsChat: { onRequest: expect.any(Function) },
    deploy: { port: 4921 },
  });
});

test('each option reaches its service', async () => {
  const options = await run([
    '--host', '0.0.0.0', '--port', '0', '--deploy-port', '7', '--region', 'eu-west-1', '--account', '000000000000',
    '--state-file', 'state', '--log-folder', 'logs', '--credentials', 'key:secret', '--any-credentials', '--quotas',
    '--allowed-host', 'chat.test', '--allowed-origin', 'https://app.test', '--review-handler', 'http://localhost:1/',
    '--allow-unknown-resource-types', '*', '--upstream', 'http://127.0.0.1:4566', '--verbose',
  ]);
  expect(options).toEqual({
    port: 0,
    region: 'eu-west-1',
    accountId: '000000000000',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    reviewHandler: 'http://localhost:1/',
    verifySignatures: false,
    ivsChat: {
      host: '0.0.0.0',
      stateFile: 'state',
      quotas: serviceQuotas,
      logFolder: 'logs',
      allowedHosts: ['chat.test'],
      allowedOrigins: ['https://app.test'],
      onRequest: expect.any(Function),
    },
    deploy: { port: 7, allowUnknownResourceTypes: ['*'], upstream: 'http://127.0.0.1:4566' },
    log: expect.any(Function),
  });
  expect(await run([], { IVS_CHAT_LOCAL_PORT: '5' })).toMatchObject({ port: 5 });
});

test.each([
  [['--verbose'], [
    'ivschat GetRoom 404 ResourceNotFoundException 3 ms\n',
    'ivschat CONNECT 101\n',
    'ivschat MessageReview 0 ReviewTimedOut\n',
    'review: hello\n',
    's3 GetObject 403 AccessDenied\n',
    's3 PutObject 200\n',
  ]],
  [[], ['ivschat MessageReview 0 ReviewTimedOut\n']],
])('with the options %j, the lines %j are printed', async (args, lines) => {
  const { ivsChat, log } = (await run(args))!;
  const record = { time: '', requestId: 'id', caller: 'arn' };
  const error = 'ResourceNotFoundException';
  ivsChat!.onRequest!({ ...record, operation: 'GetRoom', status: 404, error, milliseconds: 2.01 });
  ivsChat!.onRequest!({ ...record, operation: 'CONNECT', status: 101 });
  ivsChat!.onRequest!({ ...record, operation: 'MessageReview', status: 0, error: 'ReviewTimedOut' });
  type Event = Parameters<NonNullable<typeof log>>[0];
  log?.({ kind: 'function-output', functionName: 'review', line: 'hello' } as Event);
  const request = { kind: 'request', service: 's3' };
  log?.({ ...request, operation: 'GetObject', statusCode: 403, errorCode: 'AccessDenied' } as Event);
  log?.({ ...request, operation: 'PutObject', statusCode: 200 } as Event);
  log?.({ kind: 'stack' } as unknown as Event);
  expect(printed).toEqual(lines);
});

test('the addresses are printed as text, or as one line of JSON', async () => {
  await run([]);
  expect(out.mock.calls).toEqual([[`Control plane  http://127.0.0.1:1
Messaging      ws://127.0.0.1:1
Deploy         http://127.0.0.1:2
Token issuer   http://127.0.0.1:2/issuer
Console        http://127.0.0.1:1/_local/key/

To use the AWS SDKs, the AWS CLI and the CDK CLI with these endpoints, run:

export AWS_REGION=us-west-2
export AWS_ENDPOINT_URL=http://127.0.0.1:2

Press Ctrl-C to stop.`]]);
  out.mockClear();
  await run(['--json']);
  const { close, issueToken, ...addresses } = local;
  expect(out.mock.calls.map(([line]) => JSON.parse(line))).toEqual([addresses]);
  expect(out.mock.calls[0]![0]).not.toContain('\n');
  expect(exit).not.toHaveBeenCalled();
});

test('the help is printed without a start of the services', async () => {
  expect(await run(['--help'])).toBeUndefined();
  expect(out.mock.calls).toEqual([[helpText()]]);
  expect(exit).not.toHaveBeenCalled();
});

test('each problem of the options is a line, and the exit code is 1', async () => {
  await run(['--port', 'x', '--prot']);
  expect(failed.mock.calls).toEqual([
    ['ivs-chat-local: --port must be between 0 and 65535, got "x"'],
    ["ivs-chat-local: Unknown option '--prot'; see ivs-chat-local --help"],
  ]);
  expect(exit.mock.calls).toEqual([[1]]);
});

test.each<[object, string]>([
  [
    { code: 'EADDRINUSE', port: 4920 },
    'port 4920 is taken. Choose another with --port N, or any free port with --port 0',
  ],
  [
    { code: 'EADDRINUSE', port: 4921 },
    'port 4921 is taken. Choose another with --deploy-port N, or any free port with --deploy-port 0',
  ],
  [{ code: 'EACCES', port: 4920 }, 'the original message'],
])('the error %j at the start is the line %j, and the exit code is 1', async (members, line) => {
  await run([], {}, () => Promise.reject(Object.assign(new Error('the original message'), members)));
  expect(failed.mock.calls[0]).toEqual([`ivs-chat-local: ${line}`]);
  expect(exit.mock.calls[0]).toEqual([1]);
});

test.each(['SIGINT', 'SIGTERM'])('%s closes the services, and the exit code is 0', async (signal) => {
  await run([]);
  let closed = () => {};
  jest.mocked(local.close).mockReturnValue(new Promise<void>((resolve) => (closed = resolve)));
  const handlers = Object.fromEntries(listeners.mock.calls) as { [name: string]: () => void };
  expect(Object.keys(handlers)).toEqual(['SIGINT', 'SIGTERM']);
  handlers[signal]!();
  expect(local.close).toHaveBeenCalledTimes(1);
  await new Promise(setImmediate);
  expect(exit).not.toHaveBeenCalled();
  closed();
  await new Promise(setImmediate);
  expect(exit.mock.calls).toEqual([[0]]);
  expect(intervals).not.toHaveBeenCalled();
});

test('below npx, the services close when the parent has ended', async () => {
  await run([], { npm_command: 'exec' });
  jest.mocked(local.close).mockResolvedValue();
  const [[check, milliseconds]] = intervals.mock.calls as [[() => void, number]];
  expect(milliseconds).toBe(250);
  expect((intervals.mock.results[0]!.value as NodeJS.Timeout).hasRef()).toBe(false);
  check();
  expect(local.close).not.toHaveBeenCalled();
  jest.replaceProperty(process, 'ppid', process.ppid + 1);
  check();
  await new Promise(setImmediate);
  expect(local.close).toHaveBeenCalledTimes(1);
  expect(exit.mock.calls).toEqual([[0]]);
});
