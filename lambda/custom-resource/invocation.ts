import type { Effects } from './effects';
import { timingOf } from './timing';
import { AmbiguousOutcomeError } from '../client';
import { type AttemptError, isThrottlingError, isTransientError, retryAfter } from '../http/retry';

/** The longest pause between two attempts, in milliseconds. A `Retry-After` header can ask for a longer one. */
const LONGEST_PAUSE = 10_000;
/** Time between two requests for the same status, in milliseconds. */
const ASK_EVERY = 2000;

/** The service refuses a review function without permission to invoke it. A new permission takes time to propagate. */
export const INVALID_PERMISSION = /invalid lambda permission/i;

/** The invocation is out of time. No further call may start. */
export class DeadlineExceededError extends Error {}

/** Whether IAM refused the call. CloudFormation and IVS Chat use different names for that. */
export function isAccessDenied({ name }: Error): boolean {
  return name === 'AccessDeniedException' || name === 'AccessDenied';
}

/**
 * One invocation of the function, with its deadline and its current step.
 *
 * All calls to services go through it, so no call starts after the deadline. Lambda freezes a function after it
 * returns, and a pending call would continue during the next invocation.
 */
export class Invocation {
  /** The current step, for the reason of a failure. */
  step = 'Starting';
  private readonly over = new AbortController();
  private readonly permissionsSettleAt: number;
  private readonly conflictsEndAt: number;

  constructor(readonly effects: Effects, readonly deadline: number) {
    const { permissionDelay, conflictDelay } = timingOf(effects);
    this.permissionsSettleAt = effects.now() + permissionDelay;
    this.conflictsEndAt = effects.now() + conflictDelay;
  }

  get remaining(): number {
    return this.over.signal.aborted ? 0 : Math.max(0, this.deadline - this.effects.now());
  }

  /** Runs the work. Throws `DeadlineExceededError` at the deadline, whatever the work is doing. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const deadline = this.effects.sleep(this.remaining, this.over.signal).then(() => {
      throw this.deadlineExceeded();
    });
    try {
      return await Promise.race([work(), deadline]);
    } finally {
      this.over.abort();
      deadline.catch(() => undefined); // the work ended first
    }
  }

  /** Makes a call once. */
  async once<Result>(step: string, operation: () => Promise<Result>): Promise<Result> {
    if (this.remaining === 0) throw this.deadlineExceeded();
    this.step = step;
    return operation();
  }

  /** Makes a call, and repeats it while a retry can succeed and time is left. */
  async call<Result>(step: string, operation: () => Promise<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(step, operation);
      } catch (error) {
        this.step = step; // the operation may have made other calls
        if (!this.mayPass(error as Error)) throw error;
        await this.backOff(attempt, error as Error);
      }
    }
  }

  /** Whether a retry can succeed and is safe: the failed call had no effect, or its effect may happen twice. */
  mayPass(error: Error): boolean {
    if (error instanceof AmbiguousOutcomeError) return false;
    const attempt = error as AttemptError;
    if (isThrottlingError(attempt) || isTransientError(attempt) || isUnreadable(attempt)) return true;

    const now = this.effects.now();
    if (error.name === 'ConflictException') return now < this.conflictsEndAt;
    return (isAccessDenied(error) || INVALID_PERMISSION.test(error.message)) && now < this.permissionsSettleAt;
  }

  /** Waits before the next attempt. Throws the error if there is no time for one. */
  async backOff(attempt: number, error: Error): Promise<void> {
    const now = this.effects.now();
    const base = isTransientError(error as AttemptError) && !isThrottlingError(error as AttemptError) ? 200 : 1000;
    const longest = Math.min(LONGEST_PAUSE, base * 2 ** attempt);
    // The jitter keeps stacks that share a quota from sending at the same time.
    const pause = Math.max(longest * (0.5 + this.effects.random() / 2), wanted(error, now) - now);
    if (pause >= this.remaining) throw error;
    await this.pause(pause);
  }

  async pause(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    await this.effects.sleep(Math.min(milliseconds, this.remaining), this.over.signal);
    if (this.remaining === 0) throw this.deadlineExceeded();
  }

  /** Waits until a time, in milliseconds since 1970. */
  async pauseUntil(time: number, step: string): Promise<void> {
    this.step = step;
    await this.pause(time - this.effects.now());
  }

  /** Waits before CloudFormation is asked again, because its answer was older than the question. */
  async pauseBeforeAskingAgain(step: string): Promise<void> {
    this.step = step;
    await this.pause(ASK_EVERY);
  }

  private deadlineExceeded(): DeadlineExceededError {
    return new DeadlineExceededError(`the time ran out during this step: ${this.step}`);
  }
}

/** Whether the call succeeded but its response could not be parsed. */
function isUnreadable({ $response }: AttemptError): boolean {
  return $response !== undefined && $response.statusCode < 300;
}

/** Returns the time from the `Retry-After` header, in milliseconds since 1970. Returns 0 without the header. */
function wanted(error: Error & { $response?: Parameters<typeof retryAfter>[0] }, now: number): number {
  return retryAfter(error.$response, now)?.getTime() ?? 0;
}
