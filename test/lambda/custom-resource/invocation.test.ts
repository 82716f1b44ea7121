import { Harness } from './world/harness';
import { fault } from './world/ivs-chat';
import { VirtualClock } from './world/virtual-clock';
import { AmbiguousOutcomeError } from '../../../lambda/client';
import { effectsOf } from '../../../lambda/custom-resource/effects';
import { DeadlineExceededError, Invocation } from '../../../lambda/custom-resource/invocation';

const NO_LAG = { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' };

function invocation({ seconds = 300, random = 0, environment = {} as Record<string, string> } = {}) {
  const clock = new VirtualClock();
  const effects = effectsOf({
    transport: { handle: () => Promise.reject(new Error('no network')) },
    clock,
    credentials: async () => ({ accessKeyId: 'x', secretAccessKey: 'y' }),
    environment: { AWS_REGION: 'us-west-2', ...environment },
    random: () => random,
    log: () => undefined,
  });
  const start = clock.now();
  const made = new Invocation(effects, start + seconds * 1000);
  /** Makes a call that always fails. Returns the times of the attempts and the final error. */
  const attemptsWith = async (error: unknown) => {
    const at: number[] = [];
    const outcome = made.call('Get room', () => {
      at.push(clock.now() - start);
      return Promise.reject(error);
    }).catch((thrown) => thrown);
    await clock.run();
    return { at, thrown: await outcome };
  };
  return { invocation: made, clock, start, attemptsWith };
}

function failure(name: string, httpStatusCode?: number, headers: Record<string, string> = {}) {
  const response = { $metadata: { httpStatusCode }, $response: { statusCode: httpStatusCode, headers, body: '' } };
  return Object.assign(new Error(name), { name, ...(httpStatusCode ? response : {}) });
}

const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const unreadable = failure('SyntaxError', 200);
const transientTimes = [0, 100, 300, 700, 1500, 3100, 6300, 11_300, 16_300];
const slowTimes = [0, 500, 1500, 3500, 7500, 12_500, 17_500];

describe('a call that failed is repeated', () => {
  test.each([
    ['a throttled call', failure('ThrottlingException', 429), slowTimes],
    ['a throttled call with HTTP 503', failure('ThrottlingException', 503), slowTimes],
    ['a reset connection', reset, transientTimes],
    ['HTTP 500', failure('InternalServerException', 500), transientTimes],
    ['HTTP 501', failure('NotImplemented', 501), transientTimes],
    ['a 200 response that cannot be read', unreadable, slowTimes],
    ['a 204 response that cannot be read', failure('SyntaxError', 204), slowTimes],
  ])('after %s at intervals that grow to ten seconds', async (_, error, expected) => {
    const { at, thrown } = await invocation({ seconds: 20 }).attemptsWith(error);
    expect(at).toEqual(expected);
    expect(thrown).toBe(error);
  });

  test('at intervals that the jitter makes up to twice as long', async () => {
    const { at } =
      await invocation({ seconds: 20, random: 0.999999 }).attemptsWith(failure('ThrottlingException', 429));
    expect(at.map(Math.round)).toEqual([0, 1000, 3000, 7000, 15_000]);
  });

  test('not before the time that the service requests', async () => {
    const { at } =
      await invocation({ seconds: 100 }).attemptsWith(failure('ThrottlingException', 429, { 'retry-after': '30' }));
    expect(at).toEqual([0, 30_000, 60_000, 90_000]);
  });

  test('at its own intervals if the service requests a shorter one', async () => {
    const { at } =
      await invocation({ seconds: 20 }).attemptsWith(failure('ThrottlingException', 429, { 'retry-after': '1' }));
    expect(at).toEqual([0, 1000, 2000, 4000, 8000, 13_000, 18_000]);
  });

  test('until it succeeds', async () => {
    const { invocation: made, clock } = invocation();
    let times = 0;
    const outcome = made.call('Get room', async () => {
      if (++times < 3) throw reset;
      return 'a room';
    });
    await clock.run();
    expect(await outcome).toBe('a room');
    expect(times).toBe(3);
  });
});

describe('a call is not repeated', () => {
  test.each([
    ['ValidationException', 400], ['PendingVerification', 403], ['ServiceQuotaExceededException', 402],
    ['ResourceNotFoundException', 404], ['SyntaxError', 300], ['SyntaxError', undefined],
  ])('after %s (HTTP %s)', async (name, status) => {
    const error = failure(name, status);
    expect(await invocation().attemptsWith(error)).toEqual({ at: [0], thrown: error });
  });

  test('if its first attempt may have taken effect', async () => {
    for (const $response of [undefined, { statusCode: 200, headers: {}, body: '' }]) {
      const members = { name: 'TimeoutError', message: 'no answer', $response };
      const error = Object.assign(Object.create(AmbiguousOutcomeError.prototype), members);
      expect(await invocation().attemptsWith(error)).toEqual({ at: [0], thrown: error });
    }
  });
});

describe('a refusal that can pass', () => {
  test.each([
    ['AccessDeniedException of IVS Chat', failure('AccessDeniedException', 403)],
    ['AccessDenied of CloudFormation', failure('AccessDenied', 403)],
    ['an invalid Lambda permission',
      Object.assign(failure('ValidationException', 400), { message: 'uri: Invalid lambda permission' })],
  ])('such as %s is repeated for 240 seconds, and not at all with the settling time 0', async (_, error) => {
    const { at, thrown } = await invocation().attemptsWith(error);
    expect(at.at(-1)).toBeGreaterThanOrEqual(240_000);
    expect(at.at(-2)).toBeLessThan(240_000);
    expect(thrown).toBe(error);
    expect((await invocation({ environment: NO_LAG }).attemptsWith(error)).at).toEqual([0]);
  });

  test('such as a conflict is repeated until the deadline, and not at all with the settling time 0', async () => {
    const error = failure('ConflictException', 409);
    expect((await invocation({ seconds: 600 }).attemptsWith(error)).at.at(-1)).toBeGreaterThan(590_000);
    expect((await invocation({ environment: NO_LAG }).attemptsWith(error)).at).toEqual([0]);
  });
});

describe('at the deadline', () => {
  test('the work ends, and the error names the step', async () => {
    const { invocation: made, clock, start } = invocation({ seconds: 10 });
    let ended = 0;
    const outcome = made.run(() => made.once('Get room', () => new Promise<never>(() => undefined))).catch((error) => {
      ended = clock.now() - start;
      return error;
    });
    await clock.run();
    expect(await outcome).toBeInstanceOf(DeadlineExceededError);
    expect((await outcome).message).toBe('the time ran out during this step: Get room');
    expect(ended).toBe(10_000);
  });

  test('no call starts any more', async () => {
    const { invocation: made, clock } = invocation({ seconds: 10 });
    const begun: string[] = [];
    const begin = (step: string) => made.once(step, async () => {
      begun.push(step);
    });
    await begin('one');
    clock.setTimeout(() => {}, 9_999);
    await clock.run();
    await begin('two');
    clock.setTimeout(() => {}, 2);
    await clock.run();
    await expect(begin('three')).rejects.toThrow('the time ran out during this step: two');
    expect(begun).toEqual(['one', 'two']);
  });

  test('a pause ends with an error', async () => {
    const { invocation: made, clock, start } = invocation({ seconds: 10 });
    const outcome = made.pauseUntil(start + 60_000, 'Waiting').catch((error) => error);
    await clock.run();
    expect((await outcome).message).toBe('the time ran out during this step: Waiting');
    expect(clock.now() - start).toBe(10_000);
  });

  test('a call that has no time for another attempt reports its own error', async () => {
    const { thrown } =
      await invocation({ seconds: 1 }).attemptsWith(failure('ThrottlingException', 429, { 'retry-after': '1' }));
    expect(thrown.name).toBe('ThrottlingException');
  });
});

describe('after the work has ended', () => {
  test('no call starts any more', async () => {
    const { invocation: made } = invocation();
    await made.run(async () => undefined);
    expect(made.remaining).toBe(0);
    await expect(made.once('Get room', async () => undefined)).rejects.toThrow(DeadlineExceededError);
  });

  test('no rejection is left without a handler, because it would end the process', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    await invocation().invocation.run(async () => undefined);
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('a pause does not keep the function running', async () => {
    const { invocation: made, clock, start } = invocation();
    const outcome = made.run(async () => {
      void made.pause(60_000).catch(() => undefined);
      await clock.sleep(1000);
      return 'done';
    });
    await clock.run();
    expect(await outcome).toBe('done');
    expect(clock.now() - start).toBe(1000);
  });
});

test('a pause until a time in the past ends immediately', async () => {
  const { invocation: made, start } = invocation();
  await made.pauseUntil(start, 'Waiting');
  await made.pauseUntil(start - 1000, 'Waiting again');
  expect(made.step).toBe('Waiting again');
});

test('the step is the name of the last call', async () => {
  const { invocation: made } = invocation();
  expect(made.step).toBe('Starting');
  await made.call('List rooms', async () => undefined);
  expect(made.step).toBe('List rooms');
});

describe('a request without a permission', () => {
  /** Delivers a request to a room that was created an hour ago, without the permission for the action. */
  async function deniedTo(type: 'create' | 'update' | 'delete', action: string, until = Infinity) {
    const harness = new Harness();
    if (type !== 'create') await harness.create();
    await harness.wait(3600);
    harness.reset();
    const { allowed } = harness;
    const deniedUntil = harness.clock.now() + until;
    harness.allowed = (name, ...rest) =>
      (harness.clock.now() >= deniedUntil || !name.endsWith(`:${action}`)) && allowed(name, ...rest);
    const properties = { MaximumMessageLength: '7', Tags: { team: 'x' } };
    const answer =
      await (type === 'update' ? harness.update(properties) : harness[type](type === 'create' ? properties : {}));
    return { answer, harness };
  }

  const refused: ['create' | 'update' | 'delete', string, string][] = [
    ['create', 'DescribeStackResource', 'DescribeStackResource failed: AccessDenied: '],
    ['create', 'ListRooms', 'List rooms failed: AccessDeniedException: '],
    ['create', 'CreateRoom', 'Create room failed: AccessDeniedException: '],
    ['create', 'TagResource', 'Create room failed: AccessDeniedException: '],
    ['create', 'GetRoom', 'Get room failed: AccessDeniedException: '],
    ['update', 'DescribeStackResource', 'DescribeStackResource failed: AccessDenied: '],
    ['update', 'GetRoom', 'Get room failed: AccessDeniedException: '],
    ['update', 'UpdateRoom', 'Update room failed: AccessDeniedException: '],
    ['update', 'TagResource', 'TagResource failed: AccessDeniedException: '],
    ['delete', 'GetRoom', 'Get room failed: AccessDeniedException: '],
    ['delete', 'ListRooms', 'List rooms failed: AccessDeniedException: '],
    ['delete', 'DeleteRoom', 'Delete room failed: AccessDeniedException: '],
  ];

  test.each(refused)('for %s of %s fails after 240 seconds and names the call', async (type, action, reason) => {
    const { answer, harness } = await deniedTo(type, action);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason!.slice(0, reason.length)).toBe(reason);
    expect(answer.Reason).toContain('look for a permissions boundary or a service control policy');
    const answered = harness.calls.find(({ operation }) => operation === 'PUT')!.time - harness.calls[0]!.time;
    expect(answered).toBeGreaterThanOrEqual(240_000);
    expect(answered).toBeLessThan(265_000);
    expect(harness.service.rooms).toHaveLength(type === 'create' ? 0 : 1);
  });

  test.each(refused)('for %s of %s succeeds if the permission arrives within 220 seconds', async (type, action) => {
    const { answer, harness } = await deniedTo(type, action, 220_000);
    expect(answer.Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeGreaterThanOrEqual(220_000);
    expect(harness.service.rooms).toHaveLength(type === 'delete' ? 0 : 1);
  });
});

describe('a 200 response that cannot be parsed', () => {
  const bodies = ['{', 'null', '<html>', '{"rooms":', '{"rooms":[{}]}', '', '{}', '{"arn":"a"}'];

  test.each([
    ['ListRooms', [...bodies, '{"rooms":null}']], ['GetRoom', bodies], ['UpdateRoom', bodies],
  ])('of %s is repeated', async (operation, read) => {
    for (const body of read) {
      const harness = new Harness();
      let left = 0;
      harness.intercept = (call, ordinary) => {
        if (call.operation !== operation || left-- <= 0) return undefined;
        ordinary();
        return { status: 200, body };
      };
      left = 1;
      expect((await harness.create()).Status).toBe('SUCCESS');
      left = 1;
      expect((await harness.update({ MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
      left = 1;
      expect((await harness.delete({ MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
      expect(harness.operations.filter((name) => name === 'CreateRoom')).toHaveLength(1);
      expect(harness.service.rooms).toEqual([]);
    }
  });

  test('of CreateRoom is not repeated: the room is found by its tags', async () => {
    for (const body of bodies) {
      const harness = new Harness();
      harness.intercept = ({ operation }, ordinary) => {
        if (operation !== 'CreateRoom') return undefined;
        ordinary();
        return { status: 200, body };
      };
      expect((await harness.create()).Status).toBe('SUCCESS');
      expect(harness.operations.filter((name) => name === 'CreateRoom')).toHaveLength(1);
      expect(harness.owned.map(({ arn }) => arn)).toEqual([harness.recorded]);
    }
  });

  test('of CloudFormation is repeated', async () => {
    for (const body of ['', '<DescribeStackResourceResponse><Descr', '<html>']) {
      const harness = new Harness();
      let left = 1;
      harness.intercept = ({ operation }) => (
        operation === 'DescribeStackResource' && left-- > 0 ? { status: 200, body } : undefined);
      expect((await harness.create()).Status).toBe('SUCCESS');
    }
  });

  test('of every attempt fails the request at the deadline and names the call', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => (operation === 'ListRooms' ? { status: 200, body: '{' } : undefined);
    const answer = await harness.create();
    expect(answer.Reason).toMatch(/^List rooms failed: SyntaxError: /);
    expect(harness.operations).not.toContain('CreateRoom');
  });
});

test('a request does not repeat a call that IAM denies permanently', async () => {
  const harness = new Harness();
  await harness.create();
  await harness.wait(3600);
  harness.reset();
  harness.intercept = ({ operation }) => (operation === 'GetRoom' ? fault('SomethingNewException', 400) : undefined);
  expect((await harness.delete()).Reason).toBe(
    'Get room failed: SomethingNewException: SomethingNewException (request id a1b2c3)');
  expect(harness.chatOperations).toEqual(['GetRoom']);
});
