import type { Clock } from '../clock';

/** A rate limit with a burst of one second (generic cell rate algorithm). */
export class RateLimit {
  /** The time that the counted requests take together, after the last of them. It is a small number, to be exact. */
  private ahead = 0;
  private last = 0;

  /** Counts a request at this time, in milliseconds. Returns false if the request exceeds the rate. */
  take(perSecond: number, now: number): boolean {
    const interval = 1000 / perSecond;
    const ahead = Math.max(0, this.ahead - (now - this.last));
    if (ahead > 1000 - interval + 1e-6) return false;
    this.ahead = ahead + interval;
    this.last = now;
    return true;
  }
}

const REMEMBERED = 10_000;

/** Rate limits by name. */
export class RateLimits {
  private limits = new Map<string, RateLimit>();

  constructor(private readonly clock: Clock) {}

  /** Counts a request. Returns false if the request exceeds the rate. */
  take(name: string, perSecond: number): boolean {
    if (perSecond === Infinity) return true;
    let limit = this.limits.get(name);
    if (!limit) {
      // A forgotten limit allows at most the requests of one more second.
      if (this.limits.size >= REMEMBERED) this.limits.delete(this.limits.keys().next().value!);
      this.limits.set(name, limit = new RateLimit());
    }
    return limit.take(perSecond, this.clock.now());
  }
}

/** Returns the name of a rate limit that all rooms of an account and Region share. */
export function accountWide(operation: string, roomArn: string): string {
  return `${operation} ${roomArn.slice(0, roomArn.lastIndexOf(':'))}`;
}
