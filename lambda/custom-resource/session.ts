import { AmbiguousOutcomeError } from '../client';
import type { Effects } from './effects';
import { timesOf } from './times';
import { type AttemptError, isThrottlingError, isTransientError, retryAfter } from '../client/retry';

const LONGEST_PAUSE = 10_000;

/** The service refuses a review function that it may not invoke, as it does shortly after that was permitted. */
export const INVALID_PERMISSION = /invalid lambda permission/i;

/** The time ran out; nothing may be started any more. */
export class TimeIsUp extends Error {}

/**
 * One invocation: knows until when it may work and what it is doing.
 *
 * Every outside call goes through it, so that nothing starts after the time is up: an invocation that is frozen with a
 * call yet to come would make it in the middle of the next one.
 */
export class Session {
  /** What is being done, for the reason of a failure. */
  step = 'Starting';
  private readonly over = new AbortController();
  private readonly permissionsKnown: number;
  private readonly conflictsPass: number;

  constructor(readonly effects: Effects, private readonly deadline: number, deleting: boolean) {
    const { propagation, conflict } = timesOf(effects);
    this.permissionsKnown = deleting ? 0 : effects.now() + propagation; // what has existed has its permissions
    this.conflictsPass = effects.now() + conflict;
  }

  get remaining(): number {
    return this.over.signal.aborted ? 0 : Math.max(0, this.deadline - this.effects.now());
  }

  /** Runs the work; throws `TimeIsUp` at the deadline, whatever the work is doing. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const timeIsUp = this.effects.sleep(this.remaining, this.over.signal).then(() => { throw this.timeIsUp(); });
    try {
      return await Promise.race([work(), timeIsUp]);
    } finally {
      this.over.abort();
      timeIsUp.catch(() => undefined); // the race has been run
    }
  }

  /** Makes a call once. */
  async once<Result>(step: string, operation: () => Promise<Result>): Promise<Result> {
    if (this.remaining === 0) throw this.timeIsUp();
    this.step = step;
    return operation();
  }

  /** Makes a call that may be repeated: again and again while that may help and time is left. */
  async call<Result>(step: string, operation: () => Promise<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(step, operation);
      } catch (error) {
        if (!this.mayPass(error as Error)) throw error;
        await this.backOff(attempt, error as Error);
      }
    }
  }

  /** Whether what the call was refused for may pass, so that the same call succeeds later. It had no effect, or none that it must not have twice. */
  mayPass(error: Error): boolean {
    if (error instanceof AmbiguousOutcomeError) return false;
    if (isThrottlingError(error as AttemptError) || isTransientError(error as AttemptError)) return true;
    const now = this.effects.now();
    if (error.name === 'ConflictException') return now < this.conflictsPass;
    const unknownPermission = error.name === 'AccessDeniedException' || INVALID_PERMISSION.test(error.message);
    return unknownPermission && now < this.permissionsKnown;
  }

  /** Waits before the next attempt; throws the error if there is no time for one. */
  async backOff(attempt: number, error: Error): Promise<void> {
    const now = this.effects.now();
    const base = isThrottlingError(error as AttemptError) || !isTransientError(error as AttemptError) ? 1000 : 200;
    const longest = Math.min(LONGEST_PAUSE, base * 2 ** attempt);
    // Jitter above half, so that two stacks at one quota do not march in step.
    const pause = Math.max(longest * (0.5 + this.effects.random() / 2), wanted(error, now) - now);
    if (pause >= this.remaining) throw error;
    await this.pause(pause);
  }

  async pause(milliseconds: number): Promise<void> {
    await this.effects.sleep(Math.min(milliseconds, this.remaining), this.over.signal);
    if (this.remaining === 0) throw this.timeIsUp();
  }

  private timeIsUp(): TimeIsUp {
    return new TimeIsUp(`the time ran out during: ${this.step}`);
  }
}

/** When the service wants to be asked again; 0 if it does not say. */
function wanted(error: Error & { $response?: Parameters<typeof retryAfter>[0] }, now: number): number {
  return retryAfter(error.$response, now)?.getTime() ?? 0;
}
