/** The clock of the local service. */
export interface Clock {
  /** Returns the current time, in milliseconds since 1970. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/**
 * A clock that only moves when a test advances it, so that the test does not have to wait for the end of a session.
 *
 * @example
 * const clock = new VirtualClock();
 * const chat = await startLocalIvsChat({ clock });
 * clock.advance(60 * 60_000); // an hour later
 */
export class VirtualClock implements Clock {
  private timers: { readonly due: number; readonly callback: () => void }[] = [];

  /** @param time The start time, in milliseconds since 1970. The default is the current time. */
  constructor(private time = Date.now()) {}

  now(): number {
    return this.time;
  }

  setTimeout(callback: () => void, milliseconds: number): unknown {
    const timer = { due: this.time + milliseconds, callback };
    this.timers.push(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.timers = this.timers.filter((other) => other !== timer);
  }

  /** Moves the clock and runs the timers that become due, in order, each at its time. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const next = this.timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.clearTimeout(next);
      this.time = Math.max(this.time, next.due);
      next.callback();
    }
    this.time = Math.max(this.time, end);
  }
}

/** Waits for a duration, in milliseconds. @throws the reason of the signal when it is aborted. */
export function sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);

    const aborted = () => {
      clock.clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', aborted, { once: true });
  });
}
