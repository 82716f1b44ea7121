/** The CDK CLI as the example runs it. The tests use the real CLI. */
import * as childProcess from 'node:child_process';
import { cdk } from '../../../examples/live-chat/cdk-cli';

jest.mock('node:child_process', () => {
  const actual = jest.requireActual('node:child_process');
  return { ...actual, spawn: jest.fn(actual.spawn) };
});

const spawn = jest.mocked(childProcess.spawn);

test('an aborted call ends the CLI', async () => {
  const ending = new AbortController();
  const failure = cdk(['--version'], { environment: {}, signal: ending.signal }).catch((error) => error);
  const child = spawn.mock.results[0]!.value as childProcess.ChildProcess;
  const exit = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  try {
    ending.abort();
    expect(child.killed).toBe(true);
    expect(await exit).toEqual({ code: null, signal: 'SIGTERM' });
    expect((await failure).name).toBe('AbortError');
  } finally {
    child.kill('SIGKILL');
  }
});

test('a failure throws an error with the lines that the CLI printed', async () => {
  const lines: string[] = [];
  const call = { environment: { IVS_CHAT_TEST: 'value' }, print: (line: string) => lines.push(line) };
  const error = await cdk(['no-such-command'], call).catch((thrown) => thrown);
  expect(error.summary).toBe('cdk no-such-command ended with 1');
  expect(error.message.split('\n').slice(0, -1)).toEqual([`${error.summary}:`, ...lines]);
  expect(lines.join('\n')).toContain('no-such-command');
  expect(spawn.mock.calls[0]![2].env).toMatchObject({ IVS_CHAT_TEST: 'value', PATH: process.env.PATH });
});

test('the requests to local endpoints do not use a proxy', async () => {
  const before = process.env.NO_PROXY;
  process.env.NO_PROXY = 'internal.example.com';
  try {
    await cdk(['--version'], { environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } });
    await cdk(['--version'], { environment: {} });
  } finally {
    if (before === undefined) delete process.env.NO_PROXY;
    else process.env.NO_PROXY = before;
  }
  const proxies = spawn.mock.calls.slice(-2).map(([, , { env }]) => env!.NO_PROXY);
  expect(proxies).toEqual(['internal.example.com,127.0.0.1,localhost', 'internal.example.com']);
});
