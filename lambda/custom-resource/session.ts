import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import type { Effects } from './effects';

/** Why a call may be made again after it failed. */
export type Again = 'when refused for its rate only' | 'whenever it may help';

const LONGEST_PAUSE = 10_000;

/** The time ran out; nothing may be started any more. */
export class TimeIsUp extends Error {
  override readonly name = 'TimeIsUp';
}

/**
 * One invocation: knows until when it may work, what it is doing, and what is known of the resource by now.
 *
 * Every outside call goes through it, so that nothing starts after the time is up: an invocation that is frozen with a
 * call yet to come would make it in the middle of the next one.
 */
export class Session {
  /** What is being done, for the reason of a failure. */
  step = 'Starting';
  private readonly over = new AbortController();

  constructor(readonly effects: Effects, private readonly deadline: number) {
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

  /** Makes a call, again and again while that may help and time is left. */
  async call<Result>(step: string, again: Again, operation: () => Promise<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt++) {
      if (this.remaining === 0) throw this.timeIsUp();
      this.step = step;
      try {
        return await operation();
      } catch (error) {
        const throttled = isThrottlingError(error as never);
        const worthIt = throttled || (again === 'whenever it may help' && (isTransientError(error as never) || isServerError(error as never)));
        const pause = this.pauseAfter(attempt, throttled ? 1000 : 200);
        if (!worthIt || pause >= this.remaining) throw error;
        await this.pause(pause);
      }
    }
  }

  async pause(milliseconds: number): Promise<void> {
    await this.effects.sleep(Math.min(milliseconds, this.remaining), this.over.signal);
    if (this.remaining === 0) throw this.timeIsUp();
  }

  /** Exponential, with full jitter above half, so that two stacks at one quota do not march in step. */
  private pauseAfter(attempt: number, base: number): number {
    const longest = Math.min(LONGEST_PAUSE, base * 2 ** attempt);
    return longest * (0.5 + this.effects.random() / 2);
  }

  private timeIsUp(): TimeIsUp {
    return new TimeIsUp(`the time ran out during: ${this.step}`);
  }
}
