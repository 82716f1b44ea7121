import { VirtualClock } from './world/virtual-clock';
import { effectsOf } from '../../../lambda/custom-resource/effects';
import { Session, TimeIsUp } from '../../../lambda/custom-resource/session';
import { AmbiguousOutcomeError } from '../../../lambda/client';

function session({ seconds = 300, deleting = false, random = 0, environment = {} as Record<string, string> } = {}) {
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
  const made = new Session(effects, start + seconds * 1000, deleting);
  /** Calls what always fails; gives when it was tried, and with what it ended. */
  const triesOf = async (error: unknown) => {
    const at: number[] = [];
    const outcome = made.call('Get room', () => { at.push(clock.now() - start); return Promise.reject(error); }).catch((thrown) => thrown);
    await clock.run();
    return { at, thrown: await outcome };
  };
  return { session: made, clock, start, triesOf };
}

const failure = (name: string, httpStatusCode?: number, headers?: Record<string, string>) => Object.assign(new Error(name), {
  name, ...(httpStatusCode ? { $metadata: { httpStatusCode }, $response: { statusCode: httpStatusCode, headers: headers ?? {}, body: '' } } : {}),
});
const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

describe('a call that fails is made again', () => {
  test.each([
    ['429', failure('ThrottlingException', 429), [0, 500, 1500, 3500, 7500, 12_500, 17_500]],
    ['a reset connection', reset, [0, 100, 300, 700, 1500, 3100, 6300, 11_300, 16_300]],
    ['500', failure('InternalServerException', 500), [0, 100, 300, 700, 1500, 3100, 6300, 11_300, 16_300]],
    ['501', failure('NotImplemented', 501), [0, 100, 300, 700, 1500, 3100, 6300, 11_300, 16_300]],
  ])('after %s: soon, then at longer intervals, at most ten seconds apart', async (_, error, expected) => {
    const { at, thrown } = await session({ seconds: 20 }).triesOf(error);
    expect(at).toEqual(expected);
    expect(thrown).toBe(error);
  });

  test('at intervals that chance makes up to twice as long', async () => {
    const { at } = await session({ seconds: 20, random: 0.999999 }).triesOf(failure('ThrottlingException', 429));
    expect(at.map(Math.round)).toEqual([0, 1000, 3000, 7000, 15_000]);
  });

  test('not before the service wants it', async () => {
    const { at } = await session({ seconds: 100 }).triesOf(failure('ThrottlingException', 429, { 'retry-after': '30' }));
    expect(at).toEqual([0, 30_000, 60_000, 90_000]);
  });

  test('until it succeeds, and gives what it gave', async () => {
    const { session: made, clock } = session();
    let times = 0;
    const outcome = made.call('Get room', async () => { if (++times < 3) throw reset; return 'a room'; });
    await clock.run();
    expect(await outcome).toBe('a room');
    expect(times).toBe(3);
  });

  test.each([
    ['AccessDeniedException', 403], ['ValidationException', 400], ['PendingVerification', 403], ['ServiceQuotaExceededException', 402],
    ['ResourceNotFoundException', 404], ['SyntaxError', undefined],
  ])('but not after %s of something that has existed', async (name, status) => {
    const error = failure(name, status);
    expect(await session({ deleting: true }).triesOf(error)).toEqual({ at: [0], thrown: error });
  });

  test('nor where the first might have been carried out', async () => {
    const error = Object.assign(Object.create(AmbiguousOutcomeError.prototype), { name: 'TimeoutError', message: 'no answer' });
    expect(await session().triesOf(error)).toEqual({ at: [0], thrown: error });
  });
});

describe('what may pass', () => {
  test.each([
    ['a permission that is not known everywhere yet', failure('AccessDeniedException', 403)],
    ['a review function that may not be invoked yet', Object.assign(failure('ValidationException', 400), { message: 'uri: Invalid lambda permission' })],
  ])('%s is waited for a minute, and not at all where nothing lags', async (_, error) => {
    const { at } = await session().triesOf(error);
    expect(at.at(-1)).toBeGreaterThanOrEqual(60_000);
    expect(at.at(-2)).toBeLessThan(60_000);
    expect((await session({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } }).triesOf(error)).at).toEqual([0]);
  });

  test('a conflict is waited for as long as there is time, and not at all where nothing lags', async () => {
    const error = failure('ConflictException', 409);
    expect((await session().triesOf(error)).at.at(-1)).toBeGreaterThan(290_000);
    expect((await session({ deleting: true }).triesOf(error)).at.at(-1)).toBeGreaterThan(290_000);
    expect((await session({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } }).triesOf(error)).at).toEqual([0]);
  });
});

describe('when the time is up', () => {
  test('the work ends, whatever it is at, and the reason says what that was', async () => {
    const { session: made, clock, start } = session({ seconds: 10 });
    let ended = 0;
    const outcome = made.run(() => made.once('Get room', () => new Promise<never>(() => undefined))).catch((error) => { ended = clock.now() - start; return error; });
    await clock.run();
    expect(await outcome).toBeInstanceOf(TimeIsUp);
    expect((await outcome).message).toBe('the time ran out during: Get room');
    expect(ended).toBe(10_000);
  });

  test('nothing is begun any more, nor after the work has ended', async () => {
    const { session: made, clock } = session({ seconds: 10 });
    const begun: string[] = [];
    const begin = (step: string) => made.once(step, async () => { begun.push(step); });
    await begin('one');
    clock.setTimeout(() => {}, 9_999);
    await clock.run();
    await begin('two');
    clock.setTimeout(() => {}, 1);
    await clock.run();
    await expect(begin('three')).rejects.toThrow('the time ran out during: two');
    const ended = session();
    await ended.session.run(async () => undefined);
    expect(ended.session.remaining).toBe(0);
    await expect(ended.session.once('four', async () => undefined)).rejects.toThrow(TimeIsUp);
    expect(begun).toEqual(['one', 'two']);
  });

  test('a pause ends, and what comes after it is not begun', async () => {
    const { session: made, clock, start } = session({ seconds: 10 });
    made.step = 'Waiting';
    const outcome = made.pause(60_000).catch((error) => error);
    await clock.run();
    expect((await outcome).message).toBe('the time ran out during: Waiting');
    expect(clock.now() - start).toBe(10_000);
  });

  test('a pause ends as well when the work does, so that nothing keeps the function running', async () => {
    const { session: made, clock, start } = session();
    const outcome = made.run(async () => {
      void made.pause(60_000).catch(() => undefined);
      await clock.sleep(1000);
      return 'done';
    });
    await clock.run();
    expect(await outcome).toBe('done');
    expect(clock.now() - start).toBe(1000);
  });

  test('what went wrong is told rather than that there was no time for another attempt', async () => {
    const { thrown } = await session({ seconds: 1 }).triesOf(failure('ThrottlingException', 429, { 'retry-after': '1' }));
    expect(thrown.name).toBe('ThrottlingException');
  });
});

test('a step says what is being done', async () => {
  const { session: made } = session();
  expect(made.step).toBe('Starting');
  await made.call('List rooms', async () => undefined);
  expect(made.step).toBe('List rooms');
});
