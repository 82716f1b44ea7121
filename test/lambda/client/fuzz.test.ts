/** For all inputs and responses, each call ends with one output or one error, and neither contains a secret. */
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { OPERATIONS, REGION } from './captured';
import { runs, validBody, validInput } from './generated';
import { INPUTS } from './inputs';
import * as ours from '../../../lambda/client';
import { errors } from '../../../src/contract/generated/errors';

/** The number of calls. The long form has 100,000. */
const RUNS = runs(1500, 100_000);

/** The time after which the test fails because a call has not ended. */
const HANGS_MILLISECONDS = 30_000;

const SECRETS = ['CANARYACCESSKEY', 'canary-secret-key', 'canary-session-token'];
const credentials = { accessKeyId: SECRETS[0]!, secretAccessKey: SECRETS[1]!, sessionToken: SECRETS[2]! };

const anyJson = fc.json({ maxDepth: 4 });
const evilKeys = fc.constantFrom(
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'name', 'message', 'stack',
  '$metadata', '$fault', '$response', 'cause', 'code', '__type', 'Message', 'tags', 'rooms', 'arn', 'createTime',
  'nextToken',
);
const evilObject = fc.array(fc.tuple(evilKeys, anyJson), { maxLength: 6 })
  .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`);

const body = (operation: (typeof OPERATIONS)[number]) => fc.oneof(
  validBody(operation).map((value) => JSON.stringify(value)),
  // Bodies that are cut off.
  validBody(operation).chain((value) => fc.nat(200).map((at) => JSON.stringify(value).slice(0, at))),
  evilObject, anyJson, fc.string(), fc.constant(''),
  // Bytes that are not UTF-8.
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(
    '<html>', '[[[['.repeat(5000), '{"a":'.repeat(5000), '1e400', '{"maximumMessageLength":1e400}', '\ufeff{}', 'null',
    '{}{}',
  ),
);
const oddHeaders = ['', '#', ':', ',', '__proto__', 'constructor', '-1', '1e9', 'Infinity', new Date().toUTCString()];
const headers = fc.dictionary(
  fc.constantFrom(
    'x-amzn-errortype', 'x-amzn-requestid', 'date', 'retry-after', 'x-amz-retry-after', 'content-type', '__proto__',
  ),
  fc.oneof(fc.constantFrom(...Object.keys(errors), ...oddHeaders), fc.string()));
const answer = (operation: (typeof OPERATIONS)[number]) => fc.record({
  statusCode: fc.oneof(
    fc.constantFrom(200, 204, 301, 400, 403, 404, 429, 500, 503),
    fc.integer({ min: 100, max: 999 }),
  ),
  headers,
  body: body(operation),
});
const failure = fc.oneof(
  fc.constantFrom('ECONNRESET', 'ENOTFOUND', 'EPIPE', 'HPE_INVALID_CONSTANT')
    .map((code) => Object.assign(new Error(code), { code })),
  fc.anything(), fc.constant(Object.freeze(new Error('frozen'))), fc.constant(undefined), fc.constant(null),
);
const outcome = (operation: (typeof OPERATIONS)[number]) => fc.oneof(
  { weight: 8, arbitrary: answer(operation).map((value) => ({ answer: value })) },
  { weight: 1, arbitrary: failure.map((value) => ({ failure: value })) },
);

const input = (operation: (typeof OPERATIONS)[number]) => fc.oneof(
  { weight: 4, arbitrary: fc.constant(INPUTS[operation]) }, { weight: 2, arbitrary: validInput(operation) },
  { weight: 1, arbitrary: fc.object({ key: evilKeys }) }, { weight: 1, arbitrary: fc.anything() },
);

const operationCase = fc.oneof(...OPERATIONS.map((operation) => fc.record({
  operation: fc.constant(operation),
  input: input(operation),
  outcomes: fc.array(outcome(operation), { minLength: 1, maxLength: 3 }),
  validateInput: fc.boolean(),
})));

test(`each of ${RUNS} calls with generated inputs and responses ends before its deadline`, async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  const clean = Object.getOwnPropertyNames(Object.prototype).join();
  let now = Date.UTC(2026, 0, 1);
  const timers = new Set<unknown>();
  // Pauses pass at once. The deadline of an attempt passes only if the call hangs, because each attempt has an answer.
  let deadlines = 0;
  const clock: ours.Clock = {
    now: () => now,
    setTimeout: (callback, milliseconds) => {
      const isDeadline = milliseconds >= 3000;
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (isDeadline) deadlines++;
        now += milliseconds;
        callback();
      }, isDeadline ? HANGS_MILLISECONDS : 0);
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => {
      timers.delete(timer);
      clearTimeout(timer);
    },
  };

  await fc.assert(fc.asyncProperty(operationCase, async ({ operation, input: given, outcomes, validateInput }) => {
    let attempt = 0;
    const client = new ours.IvschatClient({
      region: REGION,
      credentials,
      validateInput,
      clock,
      random: () => 0,
      retryStrategy: {
        acquireInitialRetryToken: async () => ({ getRetryCount: () => 0, getRetryDelay: () => 0 }),
        refreshRetryTokenForRetry: async (_, { errorType }) => {
          if (attempt >= outcomes.length || errorType === 'CLIENT_ERROR') throw new Error('no more');
          return { getRetryCount: () => attempt, getRetryDelay: () => 0 };
        },
        recordSuccess() {},
      },
      requestHandler: {
        handle: async () => {
          const next = outcomes[Math.min(attempt++, outcomes.length - 1)]!;
          if ('failure' in next) throw next.failure;
          return { response: next.answer as any };
        },
      },
    });
    let result: any;
    let failed = false;
    try {
      result = await client.send(new (ours as any)[`${operation}Command`](given));
    } catch (error) {
      failed = true;
      result = error;
    }
    expect(deadlines).toBe(0);
    if (failed) {
      expect(typeof result).toBe('object');
      expect(typeof result.name).toBe('string');
      const printed = inspect(result, { depth: 12, showHidden: false })
        + JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
      for (const secret of SECRETS) expect(printed).not.toContain(secret);
    } else {
      expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
      expect(result.$metadata).toMatchObject({ attempts: attempt });
    }
    expect(({} as any).polluted).toBeUndefined();
  }), { numRuns: RUNS, endOnFailure: true });

  await new Promise(setImmediate);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(clean);
  expect(timers.size).toBe(0);
}, 3_600_000);
