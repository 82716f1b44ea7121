/** Compares the attempts, delays and results of both clients for each fault, on a virtual clock. */
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { bothClients, CREDENTIALS, type Answer, type OperationName } from './captured';
import { INPUTS } from './inputs';
import { AmbiguousOutcomeError } from '../../../lambda/client';

type Fault = Answer | Error | 'hangs';
type Client = 'ours' | 'sdk';

interface Course {
  /** The time of each attempt, in milliseconds after the first one. */
  times: number[];
  outcome: string;
  attempts?: number;
  totalRetryDelay?: number;
}

const START = Date.UTC(2026, 0, 1);

const code = (name: string, message = name) => Object.assign(new Error(message), { code: name });
const named = (name: string) => Object.assign(new Error(name), { name });
const outer = (cause: unknown) => Object.assign(new Error('outer'), { cause });
const retryable = ($retryable: object) => Object.assign(new Error('again'), { $retryable });

const refused = (statusCode: number, type?: string, headers: Record<string, string> = {}): Answer =>
  ({ statusCode, headers: { ...type && { 'x-amzn-errortype': type }, ...headers }, body: '{"message":"no"}' });
const retryAfter = (value: string) => refused(503, undefined, { 'retry-after': value });
const at = (offset: number) => new Date(START + offset).toUTCString();

/** Returns an error with a reset connection as its innermost cause. */
const causedBy = (depth: number): Error => {
  const cause = depth === 0 ? code('ECONNRESET') : causedBy(depth - 1);
  return Object.assign(new Error(`at depth ${depth}`), { cause });
};

beforeEach(() => {
  jest.useFakeTimers({ now: START, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Sends one command to a service that fails with each fault in turn, and then succeeds. */
async function course(who: Client, operation: OperationName, faults: Fault[], options: object = {}): Promise<Course> {
  jest.setSystemTime(START);
  const { transports, send } = bothClients({ retryMode: 'standard', defaultsMode: 'legacy', ...options } as object);

  const times: number[] = [];
  transports[who].answer = () => {
    times.push(Date.now() - START);
    const fault = faults[times.length - 1];
    if (fault === 'hangs') return new Promise(() => {});
    if (fault instanceof Error) {
      // A client can add members to an error, so each attempt gets a copy.
      throw Object.assign(Object.create(fault), fault, { message: fault.message, name: fault.name });
    }
    return fault ?? { body: '{}' };
  };

  const ended = (outcome: string, metadata?: { attempts?: number; totalRetryDelay?: number }) =>
    ({ times, outcome, attempts: metadata?.attempts, totalRetryDelay: metadata?.totalRetryDelay });
  return settled<Course>(send[who](operation, INPUTS[operation]).then(
    (output) => ended('success', output.$metadata),
    (error) => ended(error.name, error.$metadata),
  )) as Promise<Course>;
}

/** Advances the clock until the promise is settled. */
async function settled<T>(promise: Promise<T>): Promise<T | Error> {
  let result: [T | Error] | undefined;
  promise.then((value) => result = [value], (error) => result = [error]);
  for (let timers = 0; !result; timers++) {
    if (timers > 50_000) throw new Error('the call does not end');
    await new Promise(setImmediate);
    await jest.advanceTimersToNextTimerAsync();
  }
  return result[0];
}

/** The fault of every attempt. No call has more attempts by default. */
const always = (fault: Fault) => Array<Fault>(5).fill(fault);

const THROTTLING = [
  'ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown',
  'BandwidthLimitExceeded', 'LimitExceededException', 'RequestThrottled', 'RequestThrottledException',
  'ThrottledException', 'PriorRequestNotComplete', 'ProvisionedThroughputExceededException',
  'TransactionInProgressException', 'EC2ThrottledException',
];
const TIMEOUTS = ['RequestTimeout', 'RequestTimeoutException', 'TimeoutError'];
const CONNECTION_ERRORS = [
  'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
];
/** The names of errors that contain the name of a retryable error. */
const SIMILAR_TYPES = [
  'NotThrottling', 'ThrottlingTwice', 'ThrottledExceptions', 'RequestThrottledByMe', 'MyRequestThrottled', 'Throttle',
  'MyTimeoutError', 'TimeoutErrors', 'RequestTimeoutExceptions', 'MyRequestTimeout',
];
const SIMILAR_CODES = ['XECONNRESET', 'ECONNRESETX', 'XENOTFOUND', 'ENOTFOUNDX'];
const EXPIRED = '{"message":"Signature expired: now"}';

const FAULTS: Array<[string, Fault[]]> = [
  ['no fault', []],
  ['one 500', [refused(500)]],
  ['two 500s', [refused(500), refused(500)]],
  ...[500, 502, 503, 504].map((status): [string, Fault[]] => [`always ${status}`, always(refused(status))]),
  ['always InternalServerException', always(refused(500, 'InternalServerException'))],
  ['always 429', always(refused(429))],
  ['one 429', [refused(429)]],
  ...THROTTLING.map((type): [string, Fault[]] => [`one 400 ${type}`, [refused(400, type)]]),
  ['always 503 SlowDown', always(refused(503, 'SlowDown'))],
  ...TIMEOUTS.map((type): [string, Fault[]] => [`one 400 ${type}`, [refused(400, type)]]),

  ...CONNECTION_ERRORS.map((name): [string, Fault[]] => [`one ${name}`, [code(name)]]),
  ['one refused HTTP/2 stream', [
    code('ERR_HTTP2_STREAM_ERROR', 'Stream closed with error code NGHTTP2_REFUSED_STREAM'),
  ]],
  ['always another error of an HTTP/2 stream', always(
    code('ERR_HTTP2_STREAM_ERROR', 'Stream closed with error code NGHTTP2_INTERNAL_ERROR'),
  )],
  ['always ECONNRESET', always(code('ECONNRESET'))],
  ['one TimeoutError of the request handler', [named('TimeoutError')]],

  ['one error with the cause ECONNRESET', [outer(code('ECONNRESET'))]],
  ...[0, 1, 9, 10, 11].map((depth): [string, Fault[]] =>
    [`an error with ECONNRESET at cause ${depth + 1}`, [causedBy(depth)]]),
  ['an error with text as its cause', always(outer('ECONNRESET'))],
  ['an error with a plain object as its cause', [outer({ code: 'EPIPE' })]],
  ['an error with an AbortError as its cause', always(
    outer(Object.assign(named('AbortError'), { code: 'ECONNRESET' })),
  )],
  ['an error with an invalid signature without a message as its cause', always(
    outer({ name: 'InvalidSignatureException' }),
  )],

  ...SIMILAR_TYPES.map((type): [string, Fault[]] => [`always the unknown 400 ${type}`, always(refused(400, type))]),
  ...SIMILAR_CODES.map((name): [string, Fault[]] => [`always the unknown ${name}`, always(code(name))]),
  ['one error that is marked as retryable', [retryable({})]],
  ['always an error that is marked as throttling', always(retryable({ throttling: true }))],
  ['always an error that is marked as not throttling', always(retryable({ throttling: false }))],

  ['InvalidSignatureException with an expired signature', [
    { statusCode: 403, headers: { 'x-amzn-errortype': 'InvalidSignatureException' }, body: EXPIRED },
  ]],
  ['AccessDeniedException with an expired signature', always(
    { statusCode: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: EXPIRED },
  )],
  ['CERT_HAS_EXPIRED', always(code('CERT_HAS_EXPIRED'))],
  ['an unknown error of the request handler', always(new Error('strange'))],
  ...[400, 401, 402, 403, 404, 409, 413].map((status): [string, Fault[]] => [`${status}`, always(refused(status))]),
  ['403 PendingVerification', always(refused(403, 'PendingVerification'))],
  ['402 ServiceQuotaExceededException', always(refused(402, 'ServiceQuotaExceededException'))],

  ['Retry-After: 2', [retryAfter('2')]],
  ['Retry-After: 600', [retryAfter('600')]],
  ['Retry-After: 0', [retryAfter('0')]],
  ['Retry-After: 1.5', [retryAfter('1.5')]],
  ['Retry-After: 1.25', [retryAfter('1.25')]],
  ['a redirect with Retry-After: 1', [refused(300, undefined, { 'retry-after': '1' })]],
  ['Retry-After with a later date', [retryAfter(at(3000))]],
  ['Retry-After with an earlier date', [retryAfter(at(-3000))]],
  ['Retry-After: soon', [retryAfter('soon')]],
  ['x-amz-retry-after: 3000', [refused(503, undefined, { 'x-amz-retry-after': '3000' })]],
  ['x-amz-retry-after: 60000', [refused(429, undefined, { 'x-amz-retry-after': '60000' })]],
  ['x-amz-retry-after: soon', [refused(503, undefined, { 'x-amz-retry-after': 'soon' })]],

  ['an invalid signature', [refused(403, 'InvalidSignatureException')]],
  ['InvalidSignatureException, and the clock is 10 minutes behind', [
    refused(403, 'InvalidSignatureException', { date: at(600_000) }),
  ]],
  ['AccessDeniedException, and the clock is 10 minutes ahead', [
    refused(403, 'AccessDeniedException', { date: at(-600_000) }),
  ]],
  ['InvalidSignatureException, and the clock is 4 minutes behind', [
    refused(403, 'InvalidSignatureException', { date: at(240_000) }),
  ]],
];

describe('attempts, delays and results are those of the SDK', () => {
  test.each(FAULTS)('after %s', async (_, faults) => {
    expect(await course('ours', 'GetRoom', faults)).toEqual(await course('sdk', 'GetRoom', faults));
  });

  test.each([1, 2, 5, 8])('with maxAttempts %d', async (maxAttempts) => {
    const faults = Array(10).fill(refused(503));
    const ours = await course('ours', 'GetRoom', faults, { maxAttempts });
    expect(ours.times).toHaveLength(maxAttempts);
    expect(ours).toEqual(await course('sdk', 'GetRoom', faults, { maxAttempts }));
  });

  test('with the largest random numbers', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.999999);
    const ours = await course('ours', 'GetRoom', always(refused(429)), { maxAttempts: 5 });
    expect(ours.times).toEqual([0, 999, 2998, 6997, 14996]);
    expect(ours).toEqual(await course('sdk', 'GetRoom', always(refused(429)), { maxAttempts: 5 }));
  });
});

test('no delay of the client or the SDK is longer than 20 seconds, without the random part', async () => {
  const options = { maxAttempts: 8, callTimeout: 100_000 };
  const faults = Array(8).fill(refused(429));
  const ours = await course('ours', 'GetRoom', faults, options);
  expect(ours.times).toEqual([0, 500, 1500, 3500, 7500, 15_500, 25_500, 35_500]);
  expect(ours).toEqual(await course('sdk', 'GetRoom', faults, options));
});

test('the option random sets the jitter of the delays', async () => {
  const numbers = [0.2, 0.9];
  const random = () => numbers.shift()!;
  expect((await course('ours', 'GetRoom', [refused(503), refused(503)], { random })).times).toEqual([0, 10, 100]);
});

describe('the retry budget is the budget of the SDK', () => {
  /** Returns the number of attempts of each call. */
  const attempts = async (who: Client, calls: number, answer: (call: number, attempt: number) => Answer) => {
    const { transports, send } = bothClients({ retryMode: 'standard', defaultsMode: 'legacy' } as object);
    const counts: number[] = [];
    for (let call = 0; call < calls; call++) {
      let attempt = 0;
      transports[who].answer = () => answer(call, ++attempt);
      await settled(send[who]('GetRoom', INPUTS.GetRoom));
      counts.push(attempt);
    }
    return counts;
  };

  test('failures use it up', async () => {
    const ours = await attempts('ours', 25, () => refused(503));
    expect(ours.slice(0, 17)).toEqual(Array(17).fill(3));
    expect(ours.slice(18)).toEqual(Array(7).fill(1));
    expect(ours).toEqual(await attempts('sdk', 25, () => refused(503)));
  });

  test('throttling uses all of it', async () => {
    const ours = await attempts('ours', 55, () => refused(429));
    expect(ours).toEqual([...Array(50).fill(3), ...Array(5).fill(1)]);
    expect(ours).toEqual(await attempts('sdk', 55, () => refused(429)));
  });

  test('each success adds one, up to the initial budget', async () => {
    const fails = (call: number) => call < 20 || (call >= 34 && call < 40) || call >= 640;
    const answer = (call: number) => (fails(call) ? refused(503) : { body: '{}' });
    const ours = await attempts('ours', 670, answer);
    expect(ours.slice(34, 40)).toEqual([2, 1, 1, 1, 1, 1]); // 10 were left, and 14 successes added one each
    expect(ours.slice(640)).toEqual([...Array(17).fill(3), 2, ...Array(12).fill(1)]);
    expect(ours).toEqual(await attempts('sdk', 670, answer));
  });
});

test('a retry that succeeds returns its cost to the budget', async () => {
  const { transports, send } = bothClients();
  for (let call = 0; call < 60; call++) {
    let attempts = 0;
    transports.ours.answer = () => (++attempts < 2 ? refused(503) : { body: '{}' });
    await settled(send.ours('GetRoom', INPUTS.GetRoom));
    expect(attempts).toBe(2);
  }
});

test('a request with a response that is too long is not repeated', async () => {
  const { transports, send } = bothClients({ maximumResponseBytes: 5 } as object);
  transports.ours.answer = () => ({ body: '{"arn":"long"}' });
  expect(await settled(send.ours('GetRoom', INPUTS.GetRoom))).toMatchObject({ name: 'ResponseTooLargeError' });
  expect(transports.ours.requests).toHaveLength(1);
});

test('the client follows the clock of the service as the SDK does, if it differs by five minutes or more', async () => {
  const differences = [299, 300, 310, 620, undefined, 900, 321, -60, 0];
  const dates = async (who: Client) => {
    const { transports, send } = bothClients({ maxAttempts: 1 });
    for (const seconds of differences) {
      jest.setSystemTime(START);
      const headers: Record<string, string> = seconds === undefined ? {} : { date: at(seconds * 1000) };
      transports[who].answer = () => ({ body: '{}', headers });
      await settled(send[who]('GetRoom', INPUTS.GetRoom));
    }
    return transports[who].requests.map(({ headers }) => headers['x-amz-date']);
  };
  const ours = await dates('ours');
  expect(ours.map((date) => date.slice(9, 15)))
    .toEqual(['000000', '000000', '000500', '000500', '001020', '001020', '001020', '001020', '235900']);
  expect(ours).toEqual(await dates('sdk'));
});

describe('deliberate differences from the SDK', () => {
  test.each([501, 505, 529])('an operation without side effects is repeated after %d', async (status) => {
    const faults = [refused(status)];
    expect(await course('ours', 'GetRoom', faults)).toMatchObject({ times: [0, 25], outcome: 'success' });
    expect(await course('sdk', 'GetRoom', faults)).toMatchObject({ times: [0], outcome: 'Unknown' });
  });

  test.each([
    '{"arn":', '<html>', '"text"', '{"createTime":"now"}',
  ])('an operation without side effects is repeated after the unreadable response %s', async (body) => {
    expect(await course('ours', 'GetRoom', [{ body }])).toMatchObject({ times: [0, 25], outcome: 'success' });
    expect((await course('sdk', 'GetRoom', [{ body }])).times).toEqual([0]);
  });

  test('an error with null as its cause is thrown unchanged', async () => {
    const faults = always(outer(null));
    expect(await course('ours', 'GetRoom', faults)).toMatchObject({ times: [0], outcome: 'Error' });
    expect(await course('sdk', 'GetRoom', faults)).toMatchObject({ times: [0], outcome: 'TypeError' });
  });

  test('each attempt has a deadline', async () => {
    expect(await course('ours', 'GetRoom', ['hangs']))
      .toMatchObject({ times: [0, 5025], outcome: 'success', attempts: 2, totalRetryDelay: 25 });
    expect(await course('ours', 'GetRoom', always('hangs')))
      .toMatchObject({ times: [0, 5025, 10075], outcome: 'TimeoutError', attempts: 3 });
  });

  test('the call has a deadline', async () => {
    const ours = await course('ours', 'GetRoom', Array(50).fill('hangs'), { maxAttempts: 50 });
    expect(ours.outcome).toBe('TimeoutError');
    expect(Date.now() - START).toBe(30_000);
    expect(ours.times).toHaveLength(6);
  });

  test.each(['region', 'endpoint', 'credentials'])('a call and an abort do not wait for %s', async (name) => {
    const { send } = bothClients({ [name]: () => new Promise(() => {}) });
    expect(await settled(send.ours('GetRoom', INPUTS.GetRoom)))
      .toMatchObject({ name: 'TimeoutError', $metadata: { attempts: 3 } });

    const { signal: abortSignal, abort } = abortAfter(100);
    const start = Date.now();
    expect(await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal }))).toMatchObject({ name: 'AbortError' });
    expect(Date.now() - start).toBe(100);
    expect(abort).toHaveBeenCalledTimes(1);
  });

  test('no delay starts that would end after the deadline of the call', async () => {
    const faults = always(refused(429, undefined, { 'retry-after': '5' }));
    const ours = await course('ours', 'GetRoom', faults, { maxAttempts: 50, callTimeout: 12_000 });
    expect(ours).toMatchObject({ times: [0, 5000, 10_000], outcome: 'Unknown', attempts: 3, totalRetryDelay: 10_000 });
    expect(Date.now() - START).toBe(10_000);
  });

  test('no delay starts that would end at the deadline of the call', async () => {
    const faults = always(refused(429, undefined, { 'retry-after': '5' }));
    const ours = await course('ours', 'GetRoom', faults, { callTimeout: 5000 });
    expect(ours).toMatchObject({ times: [0], outcome: 'Unknown', attempts: 1 });
  });

  test('a call that has no time at all fails, and is not repeated', async () => {
    const ours = await course('ours', 'GetRoom', always('hangs'), { callTimeout: 0 });
    expect(ours).toMatchObject({ outcome: 'TimeoutError', attempts: 1, totalRetryDelay: 0 });
  });
});

/** Faults after which the client does not know whether the service has handled the request. */
const LOST: Array<[string, Fault]> = [
  ...[500, 501, 502, 503, 504].map((status): [string, Fault] => [`${status}`, refused(status)]),
  ['InternalServerException', refused(500, 'InternalServerException')],
  ...['ECONNRESET', 'EPIPE', 'ETIMEDOUT'].map((name): [string, Fault] => [name, code(name)]),
  ['the deadline of an attempt', 'hangs'],
  ['an unknown error of the request handler', new Error('strange')],
  ['bad JSON with another 2xx status', { statusCode: 299, body: '<html>' }],
  ['bad JSON', { body: '{"arn":' }],
  ['an invalid time', { body: '{"createTime":5}' }],
];
/** Faults that prove that the service has not handled the request. */
const NOT_DONE: Array<[string, Fault]> = [
  ['429', refused(429)],
  ['400 ThrottlingException', refused(400, 'ThrottlingException')],
  ['503 SlowDown', refused(503, 'SlowDown')],
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']
    .map((name): [string, Fault] => [name, code(name)]),
  ['a connection that was never established', Object.assign(code('ETIMEDOUT', 'TLS'), { $sent: false })],
];
const REFUSALS: Array<[string, Fault, string]> = [
  ['409', refused(409, 'ConflictException'), 'ConflictException'],
  ['402', refused(402, 'ServiceQuotaExceededException'), 'ServiceQuotaExceededException'],
  ['403', refused(403, 'AccessDeniedException'), 'AccessDeniedException'],
  ['400', refused(400, 'ValidationException'), 'ValidationException'],
  ['429', refused(429, 'ThrottlingException'), 'ThrottlingException'],
  ['300', refused(300), 'Unknown'],
];
const UNREPEATABLE = ['CreateRoom', 'CreateLoggingConfiguration', 'SendEvent'] as const;

describe.each(UNREPEATABLE)('%s', (operation) => {
  test.each(LOST)('is not repeated after %s', async (_, fault) => {
    const isReadable = operation === 'SendEvent' && (fault as Answer).body === '{"createTime":5}';
    expect(await course('ours', operation, always(fault))).toMatchObject({
      times: [0],
      outcome: isReadable ? 'success' : 'AmbiguousOutcomeError',
      attempts: 1,
      totalRetryDelay: 0,
    });
  });

  test.each(NOT_DONE)('is repeated after %s, because the service has not handled the request', async (_, fault) => {
    const ours = await course('ours', operation, [fault]);
    expect(ours).toMatchObject({ outcome: 'success', attempts: 2 });
    expect(ours.times).toHaveLength(2);
  });

  test.each(REFUSALS)('throws the exception of the service after %s', async (_, fault, name) => {
    expect((await course('ours', operation, always(fault))).outcome).toBe(name);
  });
});

test('the SDK sends CreateRoom three times', async () => {
  expect((await course('sdk', 'CreateRoom', always(refused(504)))).times).toHaveLength(3);
});

test.each([
  'CreateChatToken', 'UpdateRoom', 'DeleteRoom', 'TagResource', 'UntagResource', 'DisconnectUser',
] as const)('%s is repeated', async (operation) => {
  expect((await course('ours', operation, [refused(504)])).times).toHaveLength(2);
});

/** Returns credentials after a delay on the virtual clock. */
const lateCredentials = (milliseconds: number) => () =>
  new Promise<typeof CREDENTIALS>((resolve) => setTimeout(resolve, milliseconds, CREDENTIALS));

describe('AmbiguousOutcomeError', () => {
  test('names the operation and the failure, and has the metadata of the response', async () => {
    const { transports, send } = bothClients();
    transports.ours.answer = () => refused(503, undefined, { 'x-amzn-requestid': 'id' });
    const error: any = await settled(send.ours('CreateRoom', {}));
    expect(error).toBeInstanceOf(AmbiguousOutcomeError);
    expect(error).toMatchObject({
      operation: 'CreateRoom',
      $metadata: { httpStatusCode: 503, requestId: 'id', attempts: 1 },
      cause: { name: 'Unknown', $fault: 'server' },
      message: 'CreateRoom was sent but its outcome is not known (Unknown: no); '
        + 'look for the resource before you try again',
    });
  });

  test('is not thrown if there are no credentials, because nothing was sent', async () => {
    const credentials = () => Promise.reject(new Error('no credentials'));
    const { transports, send } = bothClients({ credentials });
    const error: any = await settled(send.ours('CreateRoom', {}));
    expect(error.message).toBe('no credentials');
    expect(transports.ours.requests).toHaveLength(0);
  });

  test('is not thrown if a later attempt has no credentials, because the first one was refused', async () => {
    const expiration = new Date(START);
    const identities = [{ ...CREDENTIALS, expiration }];
    const credentials = async () => {
      const identity = identities.shift();
      if (!identity) throw Object.assign(new Error('no credentials'), { code: 'ECONNRESET' });
      return identity;
    };
    const { transports, send } = bothClients({ credentials });
    transports.ours.answer = () => refused(429);
    expect(await settled(send.ours('CreateRoom', {}))).toMatchObject({
      name: 'Error', message: 'no credentials', $metadata: { attempts: 3 },
    });
    expect(transports.ours.requests).toHaveLength(1);
  });

  test('is not thrown if the credentials arrive after the deadline of the attempt', async () => {
    const { send } = bothClients({ credentials: () => new Promise(() => {}), maxAttempts: 1 });
    expect(await settled(send.ours('CreateRoom', {}))).toMatchObject({ name: 'TimeoutError' });
  });

  test('is not thrown if a later attempt has credentials, and only that attempt sends a request', async () => {
    const { transports, send } = bothClients({ credentials: lateCredentials(6000) });
    expect(await settled(send.ours('CreateRoom', {}))).toMatchObject({ $metadata: { attempts: 2 } });
    expect(transports.ours.requests).toHaveLength(1);
  });
});

/** Aborts a signal after a delay on the virtual clock. */
function abortAfter(milliseconds: number, reason?: Error) {
  const controller = new AbortController();
  const abort = jest.fn(() => controller.abort(reason));
  setTimeout(abort, milliseconds);
  return { signal: controller.signal, abort };
}

describe('abort', () => {
  test('before the call sends no request', async () => {
    const { transports, send } = bothClients();
    const error = await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: AbortSignal.abort() }));
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(transports.ours.requests).toHaveLength(0);
  });

  test('during the wait for credentials sends no request when they arrive', async () => {
    const { transports, send } = bothClients({ credentials: lateCredentials(200) });
    const { signal: abortSignal } = abortAfter(100);
    expect(await settled(send.ours('CreateRoom', {}, { abortSignal }))).toMatchObject({ name: 'AbortError' });
    await jest.advanceTimersByTimeAsync(1000);
    expect(transports.ours.requests).toHaveLength(0);
  });

  test.each(['GetRoom', 'CreateRoom'] as const)('during the wait for a response ends %s at once', async (operation) => {
    const { transports, send } = bothClients();
    const controller = new AbortController();
    transports.ours.answer = () => {
      setTimeout(() => controller.abort(new Error('enough')), 100);
      return new Promise(() => {});
    };
    jest.setSystemTime(START);
    const error = await settled(send.ours(operation, INPUTS[operation], { abortSignal: controller.signal }));
    expect(error).toMatchObject({
      name: 'AbortError',
      message: 'Request aborted',
      cause: { message: 'enough' },
      $metadata: { attempts: 1 },
    });
    expect(Date.now() - START).toBe(100);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('during the delay before an attempt ends the call at once, and no timer remains', async () => {
    const { transports, send } = bothClients();
    const controller = new AbortController();
    transports.ours.answer = () => {
      setTimeout(() => controller.abort(), 100);
      return refused(429);
    };
    jest.setSystemTime(START);
    const error = await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: controller.signal }));
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(Date.now() - START).toBe(100);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('accepts null instead of a signal', async () => {
    const { send } = bothClients();
    expect(await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: null })))
      .toMatchObject({ $metadata: { attempts: 1 } });
  });

  test('accepts the old type of signals of the SDK', async () => {
    const { transports, send } = bothClients();
    const signal = { aborted: false, onabort: null as any };
    transports.ours.answer = () => {
      setTimeout(() => signal.onabort(), 100);
      return new Promise(() => {});
    };
    const error = await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: signal }));
    expect(error).toMatchObject({ name: 'AbortError' });
  });

  test('removes the listener after the call', async () => {
    const { send } = bothClients();
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: signal }));
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });
});

test('a call can have a requestTimeout of its own', async () => {
  const { transports, send } = bothClients({ maxAttempts: 1 });
  transports.ours.answer = () => new Promise(() => {});
  jest.setSystemTime(START);
  expect(await settled(send.ours('GetRoom', INPUTS.GetRoom, { requestTimeout: 250 })))
    .toMatchObject({ name: 'TimeoutError', message: 'no response within 250 ms' });
  expect(Date.now() - START).toBe(250);
});

test('a call with the requestTimeout 0 has the one of the client', async () => {
  const { transports, send } = bothClients({ maxAttempts: 1 });
  transports.ours.answer = () => new Promise(() => {});
  expect(await settled(send.ours('GetRoom', INPUTS.GetRoom, { requestTimeout: 0 })))
    .toMatchObject({ name: 'TimeoutError', message: 'no response within 5000 ms' });
});

test('a retry strategy of the application sets the attempts and the delays', async () => {
  const options = () => ({ retryStrategy: new ConfiguredRetryStrategy(4, () => 70), defaultsMode: 'legacy' });
  const ours = await course('ours', 'GetRoom', always(refused(503)), options());
  expect(ours.times).toHaveLength(4);
  expect(ours).toEqual(await course('sdk', 'GetRoom', always(refused(503)), options()));
});

test('a retry strategy receives the error, and the time that it has waited counts as delay', async () => {
  const failures: any[] = [];
  const token = { getRetryCount: () => 0, getRetryDelay: () => 70, $retryLog: { acquisitionDelay: 30 } };
  const retryStrategy = {
    acquireInitialRetryToken: async () => token,
    async refreshRetryTokenForRetry(_: object, failure: object) {
      failures.push(failure);
      return token;
    },
    recordSuccess() {},
  };
  const ours = await course('ours', 'GetRoom', [retryAfter('2')], { retryStrategy });
  expect(ours).toMatchObject({ times: [0, 70], outcome: 'success', attempts: 2, totalRetryDelay: 100 });
  expect(failures).toEqual([{
    error: expect.objectContaining({ $metadata: expect.objectContaining({ httpStatusCode: 503 }) }),
    errorType: 'TRANSIENT',
    retryAfterHint: new Date(START + 2000),
  }]);
});

test('credentials are renewed before they expire, also between attempts', async () => {
  let renewals = 0;
  const credentials = async () => ({
    ...CREDENTIALS,
    accessKeyId: `AKID${++renewals}`,
    expiration: new Date(Date.now() + 300_500),
  });
  const { transports, send } = bothClients({ credentials });
  transports.ours.answer = () => (transports.ours.requests.length === 1 ? retryAfter('2') : { body: '{}' });
  await settled(send.ours('GetRoom', INPUTS.GetRoom));
  const accessKeyIds = transports.ours.requests
    .map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization)![1]);
  expect(accessKeyIds).toEqual(['AKID1', 'AKID2']);
});
