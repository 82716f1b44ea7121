/** The versions and the retries of functions, without their processes. */
import { LogGroups } from '../../../../local/aws/cloudwatch-logs/log-groups';
import { ServiceError } from '../../../../local/aws/http/service-error';
import type { FunctionConfiguration } from '../../../../local/aws/lambda/function-configuration';
import { FunctionInstances, type FunctionInstancesOptions } from '../../../../local/aws/lambda/function-instances';
import type { Invocation, InvocationOutcome } from '../../../../local/aws/lambda/function-process';
import { LambdaFunctions, type LambdaFunctionsOptions } from '../../../../local/aws/lambda/lambda-functions';
import { VirtualClock } from '../../../../local/clock';

const arn = 'arn:aws:lambda:eu-west-1:210987654321:function:f';
let clock: VirtualClock;
let logs: LogGroups;
let functions: LambdaFunctions;
/** The invocations with their times. */
let invocations: (Omit<Invocation, 'timeoutSeconds'> & { readonly at: number; readonly listener: unknown })[];
let outcome: (attempt: number) => InvocationOutcome;
let ended: [instances: FunctionInstances, atOnce?: boolean][];
let provisioned: [instances: FunctionInstances, concurrency: number][];

beforeEach(() => {
  clock = new VirtualClock(0);
  logs = new LogGroups(clock);
  functions = newFunctions();
  invocations = [];
  ended = [];
  provisioned = [];
  outcome = () => ({ payload: '"answer"' });
  jest.spyOn(FunctionInstances.prototype, 'invoke').mockImplementation(async (invocation, listener) => {
    invocations.push({ ...invocation, at: clock.now(), listener });
    return outcome(invocations.length);
  });
  jest.spyOn(FunctionInstances.prototype, 'end').mockImplementation(async function (this: unknown, atOnce) {
    ended.push([this as FunctionInstances, atOnce]);
  });
  jest.spyOn(FunctionInstances.prototype, 'provision').mockImplementation(async function (this: unknown, concurrency) {
    provisioned.push([this as FunctionInstances, concurrency]);
  });
  functions.put(configuration());
});
afterAll(() => jest.restoreAllMocks());

const configuration = (more: Partial<FunctionConfiguration> = {}) => ({
  name: 'f', arn, version: '$LATEST', description: 'latest', logGroupName: '/aws/lambda/f', ...more,
} as FunctionConfiguration);
const newFunctions = (options: Partial<LambdaFunctionsOptions> = {}) => new LambdaFunctions({
  clock, region: 'eu-west-1', accountId: '210987654321', retryDelays: [1000, 5000], logs, ...options,
} as Partial<LambdaFunctionsOptions> as LambdaFunctionsOptions);
const functionError = (error: object): InvocationOutcome =>
  ({ payload: JSON.stringify(error), functionError: 'Unhandled' });
const settle = () => new Promise(setImmediate);
const throttle = (): never => {
  throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
};

/** Moves the clock, and returns the times of the invocations since the start. */
async function timesUntil(...times: number[]): Promise<number[]> {
  // A millisecond before each time, an invocation would be too early.
  for (const time of times.flatMap((each) => [each - 1, each])) {
    await settle();
    clock.advance(Math.max(0, time - clock.now()));
  }
  await settle();
  return invocations.map(({ at }) => at);
}

test.each([
  ['f', undefined, arn, '$LATEST'],
  ['f', '$LATEST', `${arn}:$LATEST`, '$LATEST'],
  ['f', '1', `${arn}:1`, '1'],
  ['f:live', undefined, `${arn}:live`, '1'],
  ['f:live', '1', `${arn}:1`, '1'],
  [`${arn}:1`, undefined, `${arn}:1`, '1'],
  ['210987654321:function:f:live', undefined, `${arn}:live`, '1'],
])('the function %s with the qualifier %s is invoked as %s', async (name, qualifier, functionArn, executedVersion) => {
  functions.publish('f', '');
  functions.setAlias('f', 'live', '1');
  const [listener, clientContext] = [{ began() {}, ended() {} }, { a: 1 }];
  const details = { qualifier, requestId: 'the-request', clientContext, initialization: listener };
  expect(await functions.invoke(name, '{}', details))
    .toEqual({ requestId: 'the-request', executedVersion, payload: '"answer"' });
  expect(invocations).toEqual([
    { requestId: 'the-request', payload: '{}', functionArn, clientContext, at: 0, listener },
  ]);
});

test.each([
  ['g', undefined, 'arn:aws:lambda:eu-west-1:210987654321:function:g'],
  ['f', 'live', `${arn}:live`],
  ['f:2', undefined, `${arn}:2`],
  ['f', '', `${arn}:`],
])('the function %s with the qualifier %j does not exist', async (name, qualifier, missing) => {
  const refusal = { code: 'ResourceNotFoundException', status: 404, message: `Function not found: ${missing}` };
  expect(() => functions.configuration(name, qualifier)).toThrow(expect.objectContaining(refusal));
  expect(() => functions.invokeAsynchronously(name, '{}', qualifier)).toThrow(expect.objectContaining(refusal));
  expect(invocations).toEqual([]);
});

test('versions, aliases, policies and configurations need a function that exists', async () => {
  for (const add of [
    () => functions.publish('none', ''),
    () => functions.setAlias('none', 'live', '1'),
    () => functions.policy('none'),
    () => functions.setEventInvokeConfiguration('none', '$LATEST', {}),
    () => functions.provision('none', '$LATEST', 0),
    () => functions.provision('f', 'live', 0),
  ]) {
    await expect((async () => add())()).rejects.toThrow('Function not found');
  }
  expect(functions.exists('none')).toBe(false);
});

test('a version has the next number, its own description, and the configuration of its time', async () => {
  expect(functions.publish('f', '')).toEqual(configuration({ version: '1' }));
  expect(functions.publish(arn, 'second')).toEqual(configuration({ version: '2', description: 'second' }));
  functions.setAlias('f', 'live', '2');
  functions.setAlias('f', 'old', '1');
  functions.put(configuration({ description: 'newer', tags: { a: '1' } }));
  expect(functions.configuration('f')).toEqual(configuration({ description: 'newer', tags: { a: '1' } }));
  expect(functions.configuration('f:live').description).toBe('second');
  functions.setAlias('f', 'live', undefined);
  expect(functions.configuration('f:old').version).toBe('1');
  await functions.removeVersion(arn, '2');
  expect(() => functions.configuration('f:2')).toThrow('Function not found');
  expect(functions.publish('f', '')).toEqual(configuration({ version: '3', description: 'newer', tags: { a: '1' } }));
  await functions.removeVersion('none', '1');
  functions.put(configuration({ description: 'newest' }));
  expect(functions.publish('f', '').description).toBe('newest');
});

test('the instances of a version end with it, and those of all versions with the function or the service', async () => {
  functions.publish('f', '');
  functions.publish('f', '');
  functions.setAlias('f', 'live', '1');
  await functions.provision('f', 'live', 2);
  await functions.provision(arn, '2', 3);
  await functions.provision('f', '$LATEST', 4);
  expect(provisioned.map(([, concurrency]) => concurrency)).toEqual([2, 3, 4]);
  const [one, two, latest] = provisioned.map(([instances]) => instances);
  await functions.provision('f', '1', 5);
  expect(provisioned[3]![0]).toBe(one);

  functions.put(configuration());
  expect(ended).toEqual([[latest, undefined]]);
  await functions.removeVersion('f', '2');
  expect(ended.slice(1)).toEqual([[two, undefined]]);
  await functions.provision('f', '$LATEST', 1);
  const newest = provisioned[4]![0];
  await functions.remove('f');
  expect(ended.slice(2)).toEqual([[one, undefined], [newest, undefined]]);
  expect(functions.exists('f')).toBe(false);
  await functions.close();
  expect(ended.slice(4)).toEqual([one, two, latest, newest].map((instances) => [instances, true]));
  await functions.remove('none');
});

test('the removal of a version, of a function and of all functions waits for the end of their instances', async () => {
  const ends: (() => void)[] = [];
  jest.mocked(FunctionInstances.prototype.end).mockImplementation(() => new Promise((resolve) => ends.push(resolve)));
  functions.publish('f', '');
  await functions.provision('f', '1', 1);
  await functions.provision('f', '$LATEST', 1);
  const [, latest] = provisioned.map(([instances]) => instances);
  // The instances of the old code still end, and the new code has instances of its own.
  functions.put(configuration());
  await functions.provision('f', '$LATEST', 1);
  expect(provisioned[2]![0]).not.toBe(latest);
  for (const remove of [
    () => functions.removeVersion('f', '1'), () => functions.remove('f'), () => functions.close(),
  ]) {
    let isDone = false;
    const removal = remove().then(() => {
      isDone = true;
    });
    await settle();
    expect(isDone).toBe(false);
    ends.splice(0).forEach((end) => end());
    await removal;
  }
});

test('the output of an instance is in its log group and in the log of the endpoint', async () => {
  const lines: string[][] = [];
  functions = newFunctions({ onOutput: (...line) => lines.push(line) });
  functions.put(configuration({ logGroupName: '/own' }));
  await functions.provision('f', '$LATEST', 1);
  const { options } = provisioned[0]![0] as unknown as { options: FunctionInstancesOptions };
  options.onOutput('stream', 'line');
  expect(lines).toEqual([['f', 'line']]);
  expect(logs.list().map(({ name, events }) => [name, events[0]!.logStreamName, events[0]!.message]))
    .toEqual([['/own', 'stream', 'line']]);
});

test('the permissions of a function are replaced and removed by their ID', () => {
  const statement = (Sid: string, Action = 'a') =>
    ({ Sid, Action, Effect: 'Allow', Principal: '*', Resource: arn } as const);
  functions.put(configuration({ name: 'g' }));
  functions.addPermission(arn, statement('one'));
  functions.addPermission('f:live', statement('two'));
  functions.addPermission('f', statement('one', 'b'));
  functions.addPermission('g', statement('two'));
  const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Id: 'default', Statement });
  expect(functions.policy('f')).toEqual(policy(statement('one', 'b'), statement('two')));
  functions.removePermission(`${arn}:live`, 'two');
  functions.removePermission('none', 'one');
  expect(() => functions.addPermission('none', statement('one'))).toThrow('Function not found');
  expect([functions.policy(arn), functions.policy('g')])
    .toEqual([policy(statement('one', 'b')), policy(statement('two'))]);
});

describe('an asynchronous invocation', () => {
  const fail = () => functionError({ errorType: 'TypeError', errorMessage: 'boom' });
  const invoke = (qualifier?: string) => {
    const result: { error?: string; isDone: boolean } = { isDone: false };
    void functions.invokeAsynchronously('f', '{"a":1}', qualifier).then(({ error }) =>
      Object.assign(result, { error, isDone: true }));
    return result;
  };

  test('is tried three times with its delays and one request ID', async () => {
    outcome = fail;
    const result = invoke();
    expect(await timesUntil(999)).toEqual([0]);
    expect(await timesUntil(1000)).toEqual([0, 1000]);
    expect(await timesUntil(5999)).toEqual([0, 1000]);
    expect(result).toEqual({ isDone: false });
    expect(await timesUntil(6000)).toEqual([0, 1000, 6000]);
    expect(result).toEqual({ error: 'TypeError: boom', isDone: true });
    expect(await timesUntil(1e9)).toHaveLength(3);
    expect(new Set(invocations.map(({ requestId }) => requestId)).size).toBe(1);
    expect(invocations[0]).toMatchObject({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), payload: '{"a":1}', functionArn: arn,
    });
  });

  test('ends with its success', async () => {
    outcome = (attempt) => attempt < 2 ? fail() : { payload: '1' };
    const result = invoke();
    expect(await timesUntil(1000, 1e9)).toEqual([0, 1000]);
    expect(result).toEqual({ error: undefined, isDone: true });
  });

  test.each([[{}, 'Error: '], [{ errorMessage: 'x' }, 'Error: x'], [{ errorType: 'T' }, 'T: ']])(
    'has the error %j as text',
    async (error, expected) => {
      functions.setEventInvokeConfiguration('f', '$LATEST', { maximumRetryAttempts: 0 });
      outcome = () => functionError(error);
      expect(await functions.invokeAsynchronously('f', '{}')).toEqual({ error: expected });
    },
  );

  test.each([[0, [0]], [1, [0, 1000]], [undefined, [0, 1000, 6000]]])(
    'with the maximum of %s retries',
    async (maximumRetryAttempts, expected) => {
      outcome = fail;
      functions.publish('f', '');
      functions.setAlias('f', 'live', '1');
      functions.setEventInvokeConfiguration('f', '$LATEST', { maximumRetryAttempts: 1 });
      functions.setEventInvokeConfiguration(arn, 'live', { maximumRetryAttempts });
      const result = invoke('live');
      expect(await timesUntil(1000, 6000, 20_000)).toEqual(expected);
      expect(result.isDone).toBe(true);
      functions.setEventInvokeConfiguration(arn, 'live', undefined);
      functions.setEventInvokeConfiguration('none', 'live', undefined);
      invocations = [];
      void functions.invokeAsynchronously(`${arn}:live`, '{}');
      expect(await timesUntil(21_000, 26_000, 50_000)).toEqual([20_000, 21_000, 26_000]);
      expect(invocations[0]!.functionArn).toBe(`${arn}:live`);
      invocations = [];
      invoke();
      expect(await timesUntil(51_000, 60_000)).toEqual([50_000, 51_000]);
    },
  );

  test.each([[1, 2], [6, 3], [5, 2]])('with a maximum age of %i s has %i attempts', async (seconds, expected) => {
    outcome = fail;
    functions.setEventInvokeConfiguration('f', '$LATEST', { maximumRetryAttempts: 0 });
    functions.setEventInvokeConfiguration('f', '$LATEST', { maximumEventAgeInSeconds: seconds });
    const result = invoke();
    expect(await timesUntil(1000, 6000)).toHaveLength(expected);
    expect(result.isDone).toBe(true);
  });

  test('waits for at most six hours while the function is throttled, and throttling is no attempt', async () => {
    outcome = (attempt) => attempt <= 2 || attempt === 5 ? throttle() : fail();
    invoke();
    expect(await timesUntil(1000, 2000, 3000, 8000, 9000, 1e6)).toEqual([0, 1000, 2000, 3000, 8000, 9000]);

    invocations = [];
    outcome = throttle;
    const start = clock.now();
    const result = invoke();
    const times = await timesUntil(...[21_599_001, 21_600_001, 1e9].map((time) => start + time));
    expect(times.map((time) => time - start)).toEqual([0, 21_599_000, 21_600_000]);
    expect(result).toEqual({ error: 'Rate Exceeded.', isDone: true });
  });

  test.each([[[1000], [0, 1000, 2000]], [[], [0, 0, 0]]])('with the delays %j', async (retryDelays, expected) => {
    outcome = fail;
    functions = newFunctions({ retryDelays });
    functions.put(configuration());
    invoke();
    await settle();
    expect(await timesUntil(...expected, 20_000)).toEqual(expected);
  });

  test('has three attempts with a reserved concurrency of 0', async () => {
    functions.put(configuration({ reservedConcurrency: 0 }));
    outcome = throttle;
    invoke();
    expect(await timesUntil(1000, 6000, 20_000)).toEqual([0, 1000, 6000]);

    // It counts from the next attempt on, also for an event that was throttled before.
    functions.put(configuration({ reservedConcurrency: 1 }));
    invocations = [];
    const result = invoke();
    expect(await timesUntil(21_000)).toEqual([20_000, 21_000]);
    functions.put(configuration({ reservedConcurrency: 0 }));
    expect(await timesUntil(22_000, 23_000, 28_000, 60_000)).toEqual([20_000, 21_000, 22_000, 23_000, 28_000]);
    expect(result.isDone).toBe(true);
  });

  test('ends with its function, and with the service', async () => {
    outcome = fail;
    const removed = invoke();
    await settle();
    await functions.remove('f');
    expect(await timesUntil(1000)).toEqual([0]);
    expect(removed.isDone).toBe(true);

    functions.put(configuration());
    const closed = invoke();
    await settle();
    await functions.close();
    await settle();
    expect(closed).toEqual({ error: 'TypeError: boom', isDone: true });
    expect(functions.exists('f')).toBe(false);
  });
});
