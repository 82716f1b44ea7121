/** Where the local service takes its time from. */
export interface Clock {
  /** Milliseconds since 1970. */
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
 * A clock that stands still until it is told to move, so that tests of a session's end need not wait for it.
 *
 * @example
 * const clock = new VirtualClock();
 * const chat = await startLocalIvsChat({ clock });
 * clock.advance(60 * 60_000); // an hour later
 */
export class VirtualClock implements Clock {
  private timers: { readonly due: number; readonly callback: () => void }[] = [];

  /** Starts at the given time in milliseconds since 1970. Default: the present, so that real clients' signatures are in time. */
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

  /** Lets the time pass: runs what falls due, in order, each at its own time. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const next = this.timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.clearTimeout(next);
      this.time = Math.max(this.time, next.due);
      next.callback();
    }
    this.time = end;
  }
}
