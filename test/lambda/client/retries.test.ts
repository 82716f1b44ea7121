/** Fault by fault: how often, how long apart and with which end both clients try, on a clock that jumps. */
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { bothClients, CREDENTIALS, type Answer, type OperationName } from './captured';
import { INPUTS } from './inputs';
import { AmbiguousOutcomeError } from '../../../lambda/client';

type Fault = Answer | Error | 'hangs';
interface Course {
  /** Milliseconds between the first attempt and each. */
  times: number[];
  outcome: string;
  attempts?: number;
  totalRetryDelay?: number;
}

const START = Date.UTC(2026, 0, 1);
const code = (name: string, message = name) => Object.assign(new Error(message), { code: name });
const named = (name: string) => Object.assign(new Error(name), { name });
const refused = (statusCode: number, type?: string, headers: Record<string, string> = {}): Answer =>
  ({ statusCode, headers: { ...type && { 'x-amzn-errortype': type }, ...headers }, body: '{"message":"no"}' });

/** An error of a cause of a cause: the innermost is a connection that was reset. */
const causedBy = (depth: number): Error => Object.assign(new Error(`at depth ${depth}`), { cause: depth === 0 ? code('ECONNRESET') : causedBy(depth - 1) });

beforeEach(() => {
  jest.useFakeTimers({ now: START, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Sends one command to a service that fails so often in this way, then succeeds. */
async function course(who: 'ours' | 'sdk', operation: OperationName, faults: Fault[], options: object = {}): Promise<Course> {
  jest.setSystemTime(START);
  const { transports, send } = bothClients({ retryMode: 'standard', defaultsMode: 'legacy', ...options } as object);
  const times: number[] = [];
  transports[who].answer = () => {
    times.push(Date.now() - START);
    const fault = faults[times.length - 1];
    if (fault === 'hangs') return new Promise(() => {});
    if (fault instanceof Error) throw Object.assign(Object.create(fault), fault, { message: fault.message, name: fault.name });
    return fault ?? { body: '{}' };
  };
  return settled<Course>(send[who](operation, INPUTS[operation]).then(
    ({ $metadata }) => ({ times, outcome: 'success', attempts: $metadata.attempts, totalRetryDelay: $metadata.totalRetryDelay }),
    (error) => ({ times, outcome: error.name, attempts: error.$metadata?.attempts, totalRetryDelay: error.$metadata?.totalRetryDelay }),
  )) as Promise<Course>;
}

/** Lets time pass until the promise has settled. */
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

const three = (fault: Fault) => [fault, fault, fault, fault, fault];

const FAULTS: Array<[string, Fault[]]> = [
  ['nothing', []],
  ['one 500', [refused(500)]],
  ['two 500s', [refused(500), refused(500)]],
  ...[500, 502, 503, 504].map((status) => [`${status} all the time`, three(refused(status))] as [string, Fault[]]),
  ['InternalServerException all the time', three(refused(500, 'InternalServerException'))],
  ['429 all the time', three(refused(429))],
  ['429, then success', [refused(429)]],
  ...['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown', 'BandwidthLimitExceeded',
    'LimitExceededException', 'RequestThrottled', 'RequestThrottledException', 'ThrottledException', 'PriorRequestNotComplete',
    'ProvisionedThroughputExceededException', 'TransactionInProgressException', 'EC2ThrottledException'].map((type) => [`400 ${type}, then success`, [refused(400, type)]] as [string, Fault[]]),
  ['503 SlowDown all the time', three(refused(503, 'SlowDown'))],
  ...['RequestTimeout', 'RequestTimeoutException', 'TimeoutError'].map((type) => [`400 ${type}, then success`, [refused(400, type)]] as [string, Fault[]]),
  ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']
    .map((name) => [`${name}, then success`, [code(name)]] as [string, Fault[]]),
  ['a refused HTTP/2 stream, then success', [code('ERR_HTTP2_STREAM_ERROR', 'Stream closed with error code NGHTTP2_REFUSED_STREAM')]],
  ['an HTTP/2 stream that failed otherwise', three(code('ERR_HTTP2_STREAM_ERROR', 'Stream closed with error code NGHTTP2_INTERNAL_ERROR'))],
  ['ECONNRESET all the time', three(code('ECONNRESET'))],
  ['a TimeoutError of the handler, then success', [named('TimeoutError')]],
  ['an error caused by ECONNRESET, then success', [Object.assign(new Error('outer'), { cause: code('ECONNRESET') })]],
  ...[0, 1, 9, 10, 11].map((depth) => [`an error with ECONNRESET ${depth + 1} causes deep`, [causedBy(depth)]] as [string, Fault[]]),
  ['an error whose cause is text', three(Object.assign(new Error('outer'), { cause: 'ECONNRESET' }))],
  ['an error whose cause is plain', [Object.assign(new Error('outer'), { cause: { code: 'EPIPE' } })]],
  ...['NotThrottling', 'ThrottlingTwice', 'ThrottledExceptions', 'RequestThrottledByMe', 'MyRequestThrottled', 'Throttle', 'MyTimeoutError', 'TimeoutErrors',
    'RequestTimeoutExceptions', 'MyRequestTimeout'].map((type) => [`400 ${type}, which only sounds like it`, three(refused(400, type))] as [string, Fault[]]),
  ...['XECONNRESET', 'ECONNRESETX', 'XENOTFOUND', 'ENOTFOUNDX'].map((name) => [`${name}, which only sounds like it`, three(code(name))] as [string, Fault[]]),
  ['an error caused by an abort of somebody else', three(Object.assign(new Error('outer'), { cause: Object.assign(named('AbortError'), { code: 'ECONNRESET' }) }))],
  ['an error caused by a signature, without a message', three(Object.assign(new Error('outer'), { cause: { name: 'InvalidSignatureException' } }))],
  ['an error that says it may be tried again, then success', [Object.assign(new Error('again'), { $retryable: {} })]],
  ['an error that says it was throttled', three(Object.assign(new Error('again'), { $retryable: { throttling: true } }))],
  ['an error that says it was not throttled', three(Object.assign(new Error('again'), { $retryable: { throttling: false } }))],
  ['InvalidSignatureException, Signature expired', [{ statusCode: 403, headers: { 'x-amzn-errortype': 'InvalidSignatureException' }, body: '{"message":"Signature expired: now"}' }]],
  ['AccessDeniedException, Signature expired', three({ statusCode: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: '{"message":"Signature expired: now"}' })],
  ['CERT_HAS_EXPIRED', three(code('CERT_HAS_EXPIRED'))],
  ['an unknown error of the handler', three(new Error('strange'))],
  ...[400, 401, 402, 403, 404, 409, 413].map((status) => [`${status}`, three(refused(status))] as [string, Fault[]]),
  ['403 PendingVerification', three(refused(403, 'PendingVerification'))],
  ['402 ServiceQuotaExceededException', three(refused(402, 'ServiceQuotaExceededException'))],
  ['Retry-After: 2', [refused(503, undefined, { 'retry-after': '2' })]],
  ['Retry-After: 600', [refused(503, undefined, { 'retry-after': '600' })]],
  ['Retry-After: 0', [refused(503, undefined, { 'retry-after': '0' })]],
  ['Retry-After: 1.5', [refused(503, undefined, { 'retry-after': '1.5' })]],
  ['Retry-After: 1.25', [refused(503, undefined, { 'retry-after': '1.25' })]],
  ['Retry-After: 300', [refused(300, undefined, { 'retry-after': '1' })]],
  ['Retry-After: a date', [refused(503, undefined, { 'retry-after': new Date(START + 3000).toUTCString() })]],
  ['Retry-After: a date that is over', [refused(503, undefined, { 'retry-after': new Date(START - 3000).toUTCString() })]],
  ['Retry-After: soon', [refused(503, undefined, { 'retry-after': 'soon' })]],
  ['x-amz-retry-after: 3000', [refused(503, undefined, { 'x-amz-retry-after': '3000' })]],
  ['x-amz-retry-after: 60000', [refused(429, undefined, { 'x-amz-retry-after': '60000' })]],
  ['x-amz-retry-after: soon', [refused(503, undefined, { 'x-amz-retry-after': 'soon' })]],
  ['a signature that has expired', [refused(403, 'InvalidSignatureException')]],
  ['a clock that is 10 minutes behind, with InvalidSignatureException', [
    refused(403, 'InvalidSignatureException', { date: new Date(START + 600_000).toUTCString() }),
  ]],
  ['a clock that is 10 minutes ahead, with AccessDeniedException', [
    refused(403, 'AccessDeniedException', { date: new Date(START - 600_000).toUTCString() }),
  ]],
  ['a clock that is 4 minutes behind', [refused(403, 'InvalidSignatureException', { date: new Date(START + 240_000).toUTCString() })]],
];

describe('the same as the SDK\'s', () => {
  test.each(FAULTS)('%s', async (_, faults) => {
    expect(await course('ours', 'GetRoom', faults)).toEqual(await course('sdk', 'GetRoom', faults));
  });

  test.each([1, 2, 5, 8])('with maxAttempts %d', async (maxAttempts) => {
    const faults = Array(10).fill(refused(503));
    const ours = await course('ours', 'GetRoom', faults, { maxAttempts });
    expect(ours.times).toHaveLength(maxAttempts);
    expect(ours).toEqual(await course('sdk', 'GetRoom', faults, { maxAttempts }));
  });

  test('with the highest jitter', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.999999);
    const ours = await course('ours', 'GetRoom', three(refused(429)), { maxAttempts: 5 });
    expect(ours.times).toEqual([0, 999, 2998, 6997, 14996]);
    expect(ours).toEqual(await course('sdk', 'GetRoom', three(refused(429)), { maxAttempts: 5 }));
  });
});

describe('the budget of retries is the SDK\'s', () => {
  /** How many attempts each of the calls gets. */
  const attempts = async (who: 'ours' | 'sdk', calls: number, answer: (call: number, attempt: number) => Answer) => {
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

  test('when failures have used it up there are none', async () => {
    const ours = await attempts('ours', 25, () => refused(503));
    expect(ours.slice(0, 17)).toEqual(Array(17).fill(3));
    expect(ours.slice(18)).toEqual(Array(7).fill(1));
    expect(ours).toEqual(await attempts('sdk', 25, () => refused(503)));
  });

  test('throttling may use it to the last', async () => {
    const ours = await attempts('ours', 55, () => refused(429));
    expect(ours).toEqual([...Array(50).fill(3), ...Array(5).fill(1)]);
    expect(ours).toEqual(await attempts('sdk', 55, () => refused(429)));
  });

  test('successes refill it, by one each, and not above what it was', async () => {
    const answer = (call: number) => (call < 20 || (call >= 34 && call < 40) || call >= 640 ? refused(503) : { body: '{}' });
    const ours = await attempts('ours', 670, answer);
    expect(ours.slice(34, 40)).toEqual([2, 1, 1, 1, 1, 1]); // what was left was 10, and 14 came back
    expect(ours.slice(640)).toEqual([...Array(17).fill(3), 2, ...Array(12).fill(1)]);
    expect(ours).toEqual(await attempts('sdk', 670, answer));
  });
});

test('what succeeds after a retry gives back what it cost', async () => {
  const { transports, send } = bothClients();
  for (let call = 0; call < 60; call++) {
    let attempts = 0;
    transports.ours.answer = () => (++attempts < 2 ? refused(503) : { body: '{}' });
    await settled(send.ours('GetRoom', INPUTS.GetRoom));
    expect(attempts).toBe(2);
  }
});

test('an answer that is too long is not asked for again', async () => {
  const { transports, send } = bothClients({ maximumResponseBytes: 5 } as object);
  transports.ours.answer = () => ({ body: '{"arn":"long"}' });
  expect(await settled(send.ours('GetRoom', INPUTS.GetRoom))).toMatchObject({ name: 'ResponseTooLargeError' });
  expect(transports.ours.requests).toHaveLength(1);
});

test('the service\'s clock is followed as the SDK follows it: from five minutes on, forward and back', async () => {
  const differences = [299, 300, 310, 620, undefined, 900, 321, -60, 0];
  const dates = async (who: 'ours' | 'sdk') => {
    const { transports, send } = bothClients({ maxAttempts: 1 });
    for (const seconds of differences) {
      jest.setSystemTime(START);
      transports[who].answer = () => ({ body: '{}', headers: { ...seconds !== undefined && { date: new Date(START + seconds * 1000).toUTCString() } } });
      await settled(send[who]('GetRoom', INPUTS.GetRoom));
    }
    return transports[who].requests.map(({ headers }) => headers['x-amz-date']);
  };
  const ours = await dates('ours');
  expect(ours.map((date) => date.slice(9, 15)))
    .toEqual(['000000', '000000', '000500', '000500', '001020', '001020', '001020', '001020', '235900']);
  expect(ours).toEqual(await dates('sdk'));
});

describe('where ours is better', () => {
  test.each([501, 505, 529])('%d is tried again when that can do no harm', async (status) => {
    expect(await course('ours', 'GetRoom', [refused(status)])).toMatchObject({ times: [0, 25], outcome: 'success' });
    expect(await course('sdk', 'GetRoom', [refused(status)])).toMatchObject({ times: [0], outcome: 'Unknown' });
  });

  test.each(['{"arn":', '<html>', '"text"', '{"createTime":"now"}'])('an answer that cannot be read (%s) is asked for again when that can do no harm', async (body) => {
    expect(await course('ours', 'GetRoom', [{ body }])).toMatchObject({ times: [0, 25], outcome: 'success' });
    expect((await course('sdk', 'GetRoom', [{ body }])).times).toEqual([0]);
  });

  test('an error whose cause is null stays what it is', async () => {
    const fault = three(Object.assign(new Error('outer'), { cause: null }));
    expect(await course('ours', 'GetRoom', fault)).toMatchObject({ times: [0], outcome: 'Error' });
    expect(await course('sdk', 'GetRoom', fault)).toMatchObject({ times: [0], outcome: 'TypeError' });
  });

  test('an attempt has a deadline, and the next one its own', async () => {
    expect(await course('ours', 'GetRoom', ['hangs'])).toMatchObject({ times: [0, 5025], outcome: 'success', attempts: 2, totalRetryDelay: 25 });
    expect(await course('ours', 'GetRoom', three('hangs'))).toMatchObject({ times: [0, 5025, 10075], outcome: 'TimeoutError', attempts: 3 });
  });

  test('the call as a whole has a deadline', async () => {
    const ours = await course('ours', 'GetRoom', Array(50).fill('hangs'), { maxAttempts: 50 });
    expect(ours.outcome).toBe('TimeoutError');
    expect(Date.now() - START).toBe(30_000);
    expect(ours.times).toHaveLength(6);
  });

  test.each(['region', 'endpoint', 'credentials'])('%s that nobody gives do not keep a call, nor an abort, waiting', async (name) => {
    const { send } = bothClients({ [name]: () => new Promise(() => {}) });
    expect(await settled(send.ours('GetRoom', INPUTS.GetRoom))).toMatchObject({ name: 'TimeoutError', $metadata: { attempts: 3 } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const start = Date.now();
    expect(await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: controller.signal }))).toMatchObject({ name: 'AbortError' });
    expect(Date.now() - start).toBe(100);
  });

  test('no wait begins that would end after the deadline of the call', async () => {
    const ours = await course('ours', 'GetRoom', three(refused(429, undefined, { 'retry-after': '5' })), { maxAttempts: 50, callTimeout: 12_000 });
    expect(ours).toMatchObject({ times: [0, 5000, 10_000], outcome: 'Unknown', attempts: 3, totalRetryDelay: 10_000 });
    expect(Date.now() - START).toBe(10_000);
  });

  test('nor one that would end with it', async () => {
    const ours = await course('ours', 'GetRoom', three(refused(429, undefined, { 'retry-after': '5' })), { callTimeout: 5000 });
    expect(ours).toMatchObject({ times: [0], outcome: 'Unknown', attempts: 1 });
  });
});

/** Faults after which nobody knows whether the thing was made. */
const LOST: Array<[string, Fault]> = [
  ['500', refused(500)], ['502', refused(502)], ['503', refused(503)], ['504', refused(504)], ['501', refused(501)],
  ['InternalServerException', refused(500, 'InternalServerException')],
  ['ECONNRESET', code('ECONNRESET')], ['EPIPE', code('EPIPE')], ['ETIMEDOUT', code('ETIMEDOUT')], ['a deadline', 'hangs'],
  ['an unknown error of the handler', new Error('strange')],
  ['bad JSON with another 2xx', { statusCode: 299, body: '<html>' }],
  ['bad JSON', { body: '{"arn":' }], ['a wrong time', { body: '{"createTime":5}' }],
];
const UNREPEATABLE = ['CreateRoom', 'CreateLoggingConfiguration', 'SendEvent'] as const;

describe.each(UNREPEATABLE)('%s is never repeated blindly', (operation) => {
  test.each(LOST)('after %s', async (_, fault) => {
    const expected = operation === 'SendEvent' && (fault as Answer).body === '{"createTime":5}' ? 'success' : 'AmbiguousOutcomeError';
    expect(await course('ours', operation, three(fault))).toMatchObject({ times: [0], outcome: expected, attempts: 1, totalRetryDelay: 0 });
  });

  test.each<[string, Fault]>([
    ['429', refused(429)], ['400 ThrottlingException', refused(400, 'ThrottlingException')], ['503 SlowDown', refused(503, 'SlowDown')],
    ['ECONNREFUSED', code('ECONNREFUSED')], ['ENOTFOUND', code('ENOTFOUND')], ['EAI_AGAIN', code('EAI_AGAIN')],
    ['EHOSTUNREACH', code('EHOSTUNREACH')], ['ENETUNREACH', code('ENETUNREACH')],
    ['a connection that was never made', Object.assign(new Error('TLS'), { code: 'ETIMEDOUT', $sent: false })],
  ])('but is tried again after %s, when it cannot have been done', async (_, fault) => {
    const ours = await course('ours', operation, [fault]);
    expect(ours).toMatchObject({ outcome: 'success', attempts: 2 });
    expect(ours.times).toHaveLength(2);
  });

  test.each<[string, Fault, string]>([
    ['409', refused(409, 'ConflictException'), 'ConflictException'], ['402', refused(402, 'ServiceQuotaExceededException'), 'ServiceQuotaExceededException'],
    ['403', refused(403, 'AccessDeniedException'), 'AccessDeniedException'], ['400', refused(400, 'ValidationException'), 'ValidationException'],
    ['429', refused(429, 'ThrottlingException'), 'ThrottlingException'], ['300', refused(300), 'Unknown'],
  ])('and %s stays what it is', async (_, fault, name) => {
    expect((await course('ours', operation, three(fault))).outcome).toBe(name);
  });
});

test('the SDK makes three rooms of one call', async () => {
  expect((await course('sdk', 'CreateRoom', three(refused(504)))).times).toHaveLength(3);
});

test.each(['CreateChatToken', 'UpdateRoom', 'DeleteRoom', 'TagResource', 'UntagResource', 'DisconnectUser'] as const)('%s is repeated', async (operation) => {
  expect((await course('ours', operation, [refused(504)])).times).toHaveLength(2);
});

describe('an ambiguous outcome', () => {
  test('says what was tried and what happened, with the metadata of the answer', async () => {
    const { transports, send } = bothClients();
    transports.ours.answer = () => refused(503, undefined, { 'x-amzn-requestid': 'id' });
    const error: any = await settled(send.ours('CreateRoom', {}));
    expect(error).toBeInstanceOf(AmbiguousOutcomeError);
    expect(error).toMatchObject({
      operation: 'CreateRoom', $metadata: { httpStatusCode: 503, requestId: 'id', attempts: 1 }, cause: { name: 'Unknown', $fault: 'server' },
    });
    expect(error.message).toMatch(/^CreateRoom was sent but its outcome is not known \(Unknown: no\); look for the resource before you try again/);
  });

  test('is none when the credentials cannot be had: nothing was sent', async () => {
    const { transports, send } = bothClients({ credentials: async () => { throw new Error('no credentials'); } });
    const error: any = await settled(send.ours('CreateRoom', {}));
    expect(error.message).toBe('no credentials');
    expect(transports.ours.requests).toHaveLength(0);
  });

  test('is none when the credentials are not had in time', async () => {
    const { send } = bothClients({ credentials: () => new Promise(() => {}), maxAttempts: 1 });
    expect(await settled(send.ours('CreateRoom', {}))).toMatchObject({ name: 'TimeoutError' });
  });

  test('is none when the credentials come after an attempt\'s time: only the next attempt is sent, and makes one room', async () => {
    const { transports, send } = bothClients({ credentials: () => new Promise((resolve) => setTimeout(resolve, 6000, CREDENTIALS)) });
    expect(await settled(send.ours('CreateRoom', {}))).toMatchObject({ $metadata: { attempts: 2 } });
    expect(transports.ours.requests).toHaveLength(1);
  });
});

describe('abort', () => {
  test('before the call sends nothing', async () => {
    const { transports, send } = bothClients();
    const error = await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: AbortSignal.abort() }));
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(transports.ours.requests).toHaveLength(0);
  });

  test('while the call waits for its credentials: nothing is sent when they come', async () => {
    const { transports, send } = bothClients({ credentials: () => new Promise((resolve) => setTimeout(resolve, 200, CREDENTIALS)) });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    expect(await settled(send.ours('CreateRoom', {}, { abortSignal: controller.signal }))).toMatchObject({ name: 'AbortError' });
    await jest.advanceTimersByTimeAsync(1000);
    expect(transports.ours.requests).toHaveLength(0);
  });

  test.each(['GetRoom', 'CreateRoom'] as const)('while %s waits for its answer ends it at once', async (operation) => {
    const { transports, send } = bothClients();
    const controller = new AbortController();
    transports.ours.answer = () => {
      setTimeout(() => controller.abort(new Error('enough')), 100);
      return new Promise(() => {});
    };
    jest.setSystemTime(START);
    const error = await settled(send.ours(operation, INPUTS[operation], { abortSignal: controller.signal }));
    expect(error).toMatchObject({ name: 'AbortError', message: 'Request aborted', cause: { message: 'enough' }, $metadata: { attempts: 1 } });
    expect(Date.now() - START).toBe(100);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('while it waits for the next attempt ends it at once, and leaves no timer', async () => {
    const { transports, send } = bothClients();
    const controller = new AbortController();
    transports.ours.answer = () => {
      setTimeout(() => controller.abort(), 100);
      return refused(429);
    };
    jest.setSystemTime(START);
    expect(await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: controller.signal }))).toMatchObject({ name: 'AbortError' });
    expect(Date.now() - START).toBe(100);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('is not asked for with null, either', async () => {
    const { send } = bothClients();
    expect(await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: null }))).toMatchObject({ $metadata: { attempts: 1 } });
  });

  test('takes the SDK\'s old form of a signal', async () => {
    const { transports, send } = bothClients();
    const signal = { aborted: false, onabort: null as any };
    transports.ours.answer = () => {
      setTimeout(() => signal.onabort(), 100);
      return new Promise(() => {});
    };
    expect(await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: signal }))).toMatchObject({ name: 'AbortError' });
  });

  test('leaves no listener behind', async () => {
    const { send } = bothClients();
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    await settled(send.ours('GetRoom', INPUTS.GetRoom, { abortSignal: signal }));
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });
});

test('requestTimeout of one call', async () => {
  const { transports, send } = bothClients({ maxAttempts: 1 });
  transports.ours.answer = () => new Promise(() => {});
  jest.setSystemTime(START);
  expect(await settled(send.ours('GetRoom', INPUTS.GetRoom, { requestTimeout: 250 }))).toMatchObject({ name: 'TimeoutError', message: 'no response within 250 ms' });
  expect(Date.now() - START).toBe(250);
});

test('a retry strategy of the application decides and waits as it likes', async () => {
  const ours = await course('ours', 'GetRoom', three(refused(503)), { retryStrategy: new ConfiguredRetryStrategy(4, () => 70), defaultsMode: 'legacy' });
  const sdk = await course('sdk', 'GetRoom', three(refused(503)), { retryStrategy: new ConfiguredRetryStrategy(4, () => 70), defaultsMode: 'legacy' });
  expect(ours.times).toHaveLength(4);
  expect(ours).toEqual(sdk);
});

test('credentials are asked for again before they expire, also between attempts', async () => {
  let asked = 0;
  const credentials = async () => ({ ...CREDENTIALS, accessKeyId: `AKID${++asked}`, expiration: new Date(Date.now() + 300_500) });
  const { transports, send } = bothClients({ credentials });
  transports.ours.answer = () => (transports.ours.requests.length === 1 ? refused(503, undefined, { 'retry-after': '2' }) : { body: '{}' });
  await settled(send.ours('GetRoom', INPUTS.GetRoom));
  expect(transports.ours.requests.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization)![1])).toEqual(['AKID1', 'AKID2']);
});
