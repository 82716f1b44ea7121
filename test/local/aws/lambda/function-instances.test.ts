import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Identities } from '../../../../local/aws/http/identities';
import type { FunctionConfiguration } from '../../../../local/aws/lambda/function-configuration';
import {
  FunctionInstances,
  type FunctionInstancesOptions,
  type InitializationListener,
} from '../../../../local/aws/lambda/function-instances';
import { CountingClock } from '../../../counting-clock';

jest.setTimeout(60_000);

/** Files are the signals between the test and the instances. */
const code = `
  const { existsSync, writeFileSync } = require('node:fs');
  const sleep = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  writeFileSync('started-' + process.pid, '');
  while (existsSync('hold')) sleep();
  if (existsSync('broken')) throw new Error('broken');

  const print = async () => {
    process.stdout.write('  \u00e4');
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.stdout.write('\u20ac  \\n\\nend');
    return process.env;
  };

  exports.handler = async ({ until }) => {
    if (until === 'printed') return print();
    writeFileSync('invoked-' + process.pid, '');
    while (until && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 10));
    return process.pid;
  };
`;

function newFunction(
  configuration: Partial<FunctionConfiguration> = {},
  options: Partial<FunctionInstancesOptions> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'ivs-chat-instances-'));
  writeFileSync(join(folder, 'index.js'), code);
  const clock = new CountingClock();
  const output: [stream: string, line: string][] = [];
  const identities = new Identities();
  const assumeRole = jest.spyOn(identities, 'assumeRole');
  const instances = new FunctionInstances(
    {
      name: 'the-function',
      version: '$LATEST',
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      roleArn: 'arn:aws:iam::123456789012:role/r',
      timeoutSeconds: 30,
      memorySize: 128,
      environment: {},
      layers: [],
      codeDirectory: folder,
      ...configuration,
    } as Partial<FunctionConfiguration> as FunctionConfiguration,
    {
      clock,
      region: 'us-west-2',
      accountId: '123456789012',
      identities,
      nodePath: process.execPath,
      endpoint: 'http://127.0.0.1:1',
      responseHost: 'response.example',
      extraEnvironment: {},
      coldStartMilliseconds: 0,
      allowsOf: () => () => true,
      onOutput: (...line) => output.push(line),
      ...options,
    },
  );
  const pids = (prefix: string) => readdirSync(folder)
    .filter((name) => name.startsWith(prefix)).map((name) => Number(name.slice(prefix.length)));
  return {
    clock,
    instances,
    folder,
    output,
    /** The arguments of the sessions of the instances. */
    sessions: () => assumeRole.mock.calls,
    /** Invokes the function, which returns its process ID when the file exists. */
    async invoke(until?: string, listener?: InitializationListener): Promise<any> {
      const { payload } = await instances.invoke({
        requestId: 'r',
        payload: JSON.stringify({ until }),
        functionArn: 'arn:aws:lambda:us-west-2:123456789012:function:the-function',
      }, listener);
      return JSON.parse(payload);
    },
    /** The number of instances with valid credentials. */
    credentials: () => assumeRole.mock.results.filter(({ value }) => identities.find(value.accessKeyId)).length,
    started: () => pids('started-'),
    invoked: () => pids('invoked-'),
    signal: (name: string) => writeFileSync(join(folder, name), ''),
    withdraw: (name: string) => rmSync(join(folder, name)),
    async close() {
      await instances.end(true);
      rmSync(folder, { recursive: true });
    },
  };
}

let fn: ReturnType<typeof newFunction>;
beforeEach(() => {
  fn = newFunction();
});
afterEach(() => fn.close());

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const becomes = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
};
const ended = (pid: number) => becomes(() => !isRunning(pid));
const times = <Result>(count: number, run: () => Result) => Array.from({ length: count }, run);

test('at most 4 idle instances stay warm, for 10 minutes after their last invocation', async () => {
  const invocations = times(7, () => fn.invoke('seven'));
  await becomes(() => fn.invoked().length === 7);
  fn.signal('seven');
  const pids: number[] = await Promise.all(invocations);
  expect(new Set(pids).size).toBe(7);
  expect(pids.filter(isRunning)).toHaveLength(4);

  fn.clock.advance(9 * 60_000);
  const warm = await fn.invoke();
  expect(pids).toContain(warm);
  // The last one that was idle is the first one to be used.
  expect(await fn.invoke()).toBe(warm);
  fn.clock.advance(9 * 60_000);
  for (const pid of pids.filter((other) => other !== warm)) await ended(pid);
  expect(isRunning(warm)).toBe(true);
  expect(await fn.invoke()).toBe(warm);

  fn.clock.advance(10 * 60_000);
  await ended(warm);
  expect(await fn.invoke()).not.toBe(warm);
});

test('the invocation that has waited for the longest time gets the first instance', async () => {
  fn.signal('hold');
  const order: number[] = [];
  const numbers = Array.from({ length: availableParallelism() + 2 }, (_, index) => index);
  const invocations = numbers.map((index) => fn.invoke(undefined, { began() {}, ended: () => order.push(index) }));
  fn.withdraw('hold');
  await Promise.all(invocations);
  expect(order).toEqual(numbers);
});

test('provisioned instances do not end while they are idle, and additional instances do', async () => {
  await fn.instances.provision(1);
  const pid = await fn.invoke();
  fn.clock.advance(60 * 60_000);
  expect(await fn.invoke()).toBe(pid);

  const invocations = times(2, () => fn.invoke('both'));
  await becomes(() => fn.invoked().length === 2);
  fn.signal('both');
  const pids: number[] = await Promise.all(invocations);
  expect(pids).toContain(pid);
  fn.clock.advance(60 * 60_000);
  await Promise.race(pids.map(ended));
  expect(pids.filter(isRunning)).toHaveLength(1);

  await fn.instances.provision(0);
  const last = await fn.invoke();
  fn.clock.advance(10 * 60_000);
  await ended(last);
});

test('an instance has the environment, the session and the output of its version', async () => {
  const allows = () => true;
  const allowsOf = jest.fn(() => allows);
  const version = newFunction({
    version: '3',
    roleArn: 'arn:aws:iam::123456789012:role/team/chat/r',
    memorySize: 512,
    logGroupName: '/own',
    logFormat: 'JSON',
    layers: [{ arn: 'one', directory: '/layers/one' }, { arn: 'two', directory: '/layers/two' }],
    environment: {
      AWS_ACCESS_KEY_ID: 'own',
      AWS_SECRET_ACCESS_KEY: 'own',
      AWS_SESSION_TOKEN: 'own',
      AWS_ENDPOINT_URL: 'own',
      AWS_EC2_METADATA_DISABLED: 'own',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'own',
      STAGE: 'own',
      COLOR: 'own',
    },
  }, { allowsOf, extraEnvironment: { AWS_EC2_METADATA_DISABLED: 'extra', COLOR: 'extra' } });
  try {
    const environment = await version.invoke('printed');
    const [[stream]] = version.output as [[string, string]];
    expect(stream).toMatch(/^\d{4}\/\d\d\/\d\d\/\[3\][0-9a-f]{32}$/);
    expect(environment).toMatchObject({
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_FUNCTION_VERSION: '3',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_GROUP_NAME: '/own',
      AWS_LAMBDA_LOG_STREAM_NAME: stream,
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SECRET_ACCESS_KEY: expect.not.stringMatching(/^own$/),
      AWS_SESSION_TOKEN: expect.not.stringMatching(/^own$/),
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_EC2_METADATA_DISABLED: 'extra',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'own',
      STAGE: 'own',
      COLOR: 'extra',
      NODE_PATH: [
        '/layers/one/nodejs/node_modules', '/layers/one/nodejs', '/layers/two/nodejs/node_modules',
        '/layers/two/nodejs', join(version.folder, 'node_modules'),
      ].join(delimiter),
    });
    expect(environment).not.toHaveProperty('HOME');
    expect(version.sessions()).toEqual([['arn:aws:sts::123456789012:assumed-role/r/the-function', allows]]);
    expect(allowsOf.mock.calls).toEqual([['arn:aws:iam::123456789012:role/team/chat/r']]);
    await version.instances.end(true);
    await becomes(() => version.output.length === 6);
    expect(version.output.map(([of, line]) => [of === stream, line])).toEqual([
      [true, 'START RequestId: r Version: 3'], [true, '  \u00e4\u20ac  '], [true, ''], [true, 'END RequestId: r'],
      [true, expect.stringMatching(/^REPORT RequestId: r\tDuration: \d+\.\d\d ms\t.*\tMemory Size: 512 MB$/)],
      [true, 'end'],
    ]);
    const [, duration, billed] = /Duration: ([\d.]+) ms\tBilled Duration: (\d+) ms/.exec(version.output[4]![1])!;
    expect(Number(billed)).toBeGreaterThanOrEqual(Number(duration));
    expect(Number(billed)).toBeLessThan(Number(duration) + 1.01);
  } finally {
    await version.close();
  }
});

test('an instance has the system variables of its parent', async () => {
  const own = { PATH: process.env.PATH!, SystemRoot: 'C:\\Windows', TEMP: join(tmpdir(), 'temp'), TMPDIR: tmpdir() };
  const replaced = jest.replaceProperty(process, 'env', { ...process.env, ...own, SECRET: 'secret' });
  const { TZ: _, ...environment } = await fn.invoke('printed');
  expect(environment.LANG).toBe('en_US.UTF-8');
  replaced.restore();
  const system = ['PATH', 'SystemRoot', 'TEMP', 'TMPDIR'];
  expect(Object.fromEntries(system.map((name) => [name, environment[name]]))).toEqual(own);
  expect(Object.keys(environment).filter((name) => !/^(AWS_|LAMBDA_|LANG$|NODE_PATH$|_)/.test(name)).sort())
    .toEqual(system);
});

test('at most 4 instances are provisioned', async () => {
  await fn.instances.provision(6);
  expect(fn.started()).toHaveLength(4);
});

test('a provisioned instance that could not start is not used', async () => {
  fn.signal('broken');
  await fn.instances.provision(1);
  fn.withdraw('broken');
  const [broken] = fn.started();
  const pid = await fn.invoke();
  expect(pid).not.toBe(broken);
  await ended(broken!);
  expect(await fn.invoke()).toBe(pid);
});

test('no timer and no credentials remain after the end', async () => {
  const invocations = times(2, () => fn.invoke('both'));
  await becomes(() => fn.invoked().length === 2);
  fn.signal('both');
  await Promise.all(invocations);
  expect([fn.clock.pending.size, fn.credentials()]).toEqual([2, 2]);
  await fn.instances.end();
  expect([fn.clock.pending.size, fn.credentials()]).toEqual([0, 0]);
});

test('a cold start takes its time after the process has started, and a warm instance has none', async () => {
  const cold = newFunction({ reservedConcurrency: 1 }, { coldStartMilliseconds: 400 });
  const told: string[] = [];
  const listener = {
    began: () => told.push(`began ${cold.started().length}`),
    ended: () => told.push(`ended ${cold.started().length}`),
  };
  try {
    const first = cold.invoke(undefined, listener);
    await becomes(() => cold.clock.pending.size === 1);
    expect(told).toEqual(['began 0', 'ended 1']);
    // The instance is busy during its cold start.
    await expect(cold.invoke()).rejects.toThrow('Rate Exceeded.');
    cold.clock.advance(399);
    await new Promise(setImmediate);
    expect(cold.output).toEqual([]);
    cold.clock.advance(1);
    const pid = await first;
    expect(await cold.invoke(undefined, listener)).toBe(pid);
    expect(told).toHaveLength(2);
  } finally {
    await cold.close();
  }
});

test('an invocation that gets the instance of another invocation has no cold start', async () => {
  const cold = newFunction({}, { coldStartMilliseconds: 400 });
  try {
    const first = cold.invoke('end');
    await becomes(() => cold.clock.pending.size === 1);
    cold.clock.advance(400);
    await becomes(() => cold.invoked().length === 1);
    cold.signal('hold');
    const second = cold.invoke();
    cold.signal('end');
    expect(await second).toBe(await first);
    cold.withdraw('hold');
  } finally {
    await cold.close();
  }
});

test('the credentials of an instance end with the instance', async () => {
  const busy = fn.invoke('end');
  await becomes(() => fn.invoked().length === 1);
  await fn.instances.end();
  expect(fn.credentials()).toBe(1);
  fn.signal('end');
  await ended(await busy);
  expect(fn.credentials()).toBe(0);
});

test('the concurrency is limited to the reservation', async () => {
  const reserved = newFunction({ reservedConcurrency: 2 });
  try {
    const invocations = times(2, () => reserved.invoke());
    await expect(reserved.invoke()).rejects.toThrow('Rate Exceeded.');
    await Promise.all(invocations);
    await reserved.invoke();
  } finally {
    await reserved.close();
  }
});

describe('a burst of invocations', () => {
  /** The number of invocations that is larger than the number of instances that start at the same time. */
  const many = availableParallelism() + 3;

  /** Invokes the function while one instance is busy and the others still start. Returns the processes that answer. */
  async function burstOnOneInstance() {
    const first = fn.invoke('end');
    await becomes(() => fn.invoked().length === 1);
    fn.signal('hold');
    const others = times(many, () => fn.invoke());
    await becomes(() => fn.started().length === 1 + availableParallelism());
    fn.signal('end');
    return Promise.all([first, ...others]);
  }

  test('starts as many instances at the same time as there are processors, and shares idle instances', async () => {
    expect(new Set(await burstOnOneInstance()).size).toBe(1);
    expect(fn.started()).toHaveLength(1 + availableParallelism());
  });

  test('gets an instance for each invocation if none of them ends', async () => {
    const invocations = times(many, () => fn.invoke('end'));
    await becomes(() => fn.invoked().length === many);
    fn.signal('end');
    expect(new Set(await Promise.all(invocations)).size).toBe(many);
  });

  test('is throttled above 50 invocations, including those that wait for an instance', async () => {
    fn.signal('hold');
    const invocations = times(50, () => fn.invoke());
    await expect(fn.invoke()).rejects.toThrow('Rate Exceeded.');
    fn.withdraw('hold');
    await Promise.all(invocations);
  });

  test('reports the error of each instance that cannot start', async () => {
    fn.signal('broken');
    const errors = await Promise.all(times(many, () => fn.invoke()));
    expect(errors.map(({ errorMessage }) => errorMessage)).toEqual(times(many, () => 'broken'));
    expect(fn.started()).toHaveLength(many);
  });

  test('leaves no instance that could not start', async () => {
    const [pid] = await burstOnOneInstance();

    fn.signal('broken');
    fn.withdraw('hold');
    for (const other of fn.started().filter((one) => one !== pid)) await ended(other);
    expect(await fn.invoke()).toBe(pid);
  });
});

describe('the end of a function', () => {
  const many = availableParallelism() + 1;
  let invocations: Promise<any>[];
  beforeEach(async () => {
    fn.signal('hold');
    invocations = times(many, () => fn.invoke());
    await becomes(() => fn.started().length === availableParallelism());
  });

  test('comes after the invocations that wait for an instance', async () => {
    await fn.instances.end();
    fn.withdraw('hold');
    for (const pid of await Promise.all(invocations)) await ended(pid);
    for (const pid of fn.started()) await ended(pid);
  });

  test('at once ends the instances that start, and refuses the invocations that wait for them', async () => {
    const settled = Promise.allSettled(invocations);
    await fn.instances.end(true);
    for (const pid of fn.started()) await ended(pid);
    expect((await settled).map((one) => one.status === 'rejected' && { ...one.reason, message: one.reason.message }))
      .toMatchObject(times(many, () => (
        { name: 'ServiceException', message: 'The service is closing.', status: 500 }
      )));
  });
});
