import type { Clock } from './clock';

/** So many per second, and as many at once (generic cell rate algorithm: the state is one number). */
export class RateLimit {
  private theoreticalArrival = 0;

  /** Counts one at this time (milliseconds), or says that it is one too many. */
  take(perSecond: number, now: number): boolean {
    const interval = 1000 / perSecond;
    const arrival = Math.max(this.theoreticalArrival, now);
    if (arrival - now > 1000 - interval + 1e-6) return false;
    this.theoreticalArrival = arrival + interval;
    return true;
  }
}

const REMEMBERED = 10_000;

/** The limits of many things, each by its name. */
export class RateLimits {
  private limits = new Map<string, RateLimit>();

  constructor(private readonly clock: Clock) {}

  /** Counts one, or says that it is one too many. */
  take(name: string, perSecond: number): boolean {
    if (perSecond === Infinity) return true;
    let limit = this.limits.get(name);
    if (!limit) {
      // Forgetting one only lets a second's worth through.
      if (this.limits.size >= REMEMBERED) this.limits.delete(this.limits.keys().next().value!);
      this.limits.set(name, limit = new RateLimit());
    }
    return limit.take(perSecond, this.clock.now());
  }
}

/** The name of a limit that all rooms of an account and Region share. */
export function accountWide(operation: string, roomArn: string): string {
  return `${operation} ${roomArn.slice(0, roomArn.lastIndexOf(':'))}`;
}
