/** The CDK CLI as the example runs it. The tests use the real CLI. */
import * as childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
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

describe('the process of the CLI', () => {
  const program = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');
  /** Runs the CLI without a process. The function `act` prints for it and ends it. */
  async function run(act: (child: { stdout: PassThrough; stderr: PassThrough } & EventEmitter) => void, call = {}) {
    const child = Object.assign(new EventEmitter(), { stdout: new PassThrough(), stderr: new PassThrough() });
    spawn.mockReturnValueOnce(child as never);
    const lines: string[] = [];
    const running = cdk(['deploy', '--force'], { environment: {}, print: (line) => lines.push(line), ...call });
    act(child);
    const error = await running.catch((thrown: Error) => thrown);
    return { error, lines, call: spawn.mock.lastCall! };
  }
  const end = (code: number) => (child: EventEmitter) => void child.emit('close', code);

  test('has the arguments, the folder of the example and no prompts', async () => {
    const { signal } = new AbortController();
    const { error, call } = await run(end(0), { environment: { AWS_REGION: 'us-west-2', CI: 'false' }, signal });
    expect(error).toBeUndefined();
    expect(readFileSync(program, 'utf8')).toMatch(/^#!.*node/);
    const example = join(__dirname, '..', '..', '..', 'examples', 'live-chat');
    expect(call).toEqual([
      process.execPath, [program, 'deploy', '--force', '--no-color', '--no-notices', '--no-version-reporting'], {
        cwd: example,
        env: { ...process.env, AWS_REGION: 'us-west-2', CI: 'false', NODE_NO_WARNINGS: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
        signal,
        killSignal: 'SIGTERM',
      },
    ]);
    expect((await run(end(0))).call[2].env).toEqual({ ...process.env, CI: 'true', NODE_NO_WARNINGS: '1' });
  });

  test('prints whole lines, also if the parts of a line arrive one after the other', async () => {
    const text = Buffer.from('érror\n');
    const { error, lines } = await run(async (child) => {
      for (const [name, part] of [
        ['stdout', 'one\ntw'], ['stderr', text.subarray(0, 1)], ['stdout', 'o\n\nthree'], ['stderr', text.subarray(1)],
      ] as const) {
        child[name].write(part);
        await new Promise(setImmediate);
      }
      child.emit('close', 2);
    });
    expect(lines).toEqual(['one', 'two', '', 'érror']);
    const message = 'cdk deploy ended with 2:\none\ntwo\n\nthreeérror\n';
    expect(error).toMatchObject({ summary: 'cdk deploy ended with 2', message });
  });

  test('does not need a function that prints its lines', async () => {
    const { error, lines } = await run(async (child) => {
      child.stdout.write('one\ntwo\n');
      await new Promise(setImmediate);
      child.emit('close', 0);
    }, { print: undefined });
    expect([error, lines]).toEqual([undefined, []]);
  });

  test('that cannot start or is aborted is an error when it has ended', async () => {
    const failure = new Error('spawn ENOENT');
    let hasEnded = false;
    const { error } = await run(async (child) => {
      child.emit('error', failure);
      await new Promise(setImmediate);
      hasEnded = true;
      child.emit('close', null);
    });
    expect([error, hasEnded]).toEqual([failure, true]);
  });

  test.each([
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, { NO_PROXY: 'a.test' }, 'a.test,127.0.0.1,localhost'],
    [{ AWS_REGION: 'x', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, { no_proxy: 'b.test' }, 'b.test,127.0.0.1,localhost'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, { NO_PROXY: '' }, '127.0.0.1,localhost'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, {}, '127.0.0.1,localhost'],
    [{ AWS_ENDPOINT_URL: 'https://127.0.0.1:1' }, {}, undefined],
    [{}, {}, undefined],
  ])('with %j uses no proxy for local endpoints: %j', async (environment, proxies, expected) => {
    const before = { ...process.env };
    delete process.env.NO_PROXY;
    delete process.env.no_proxy;
    try {
      Object.assign(process.env, proxies);
      const { env } = (await run(end(0), { environment })).call[2];
      expect([env!.NO_PROXY, env!.no_proxy]).toEqual([expected, expected]);
    } finally {
      process.env = before;
    }
  });
});
