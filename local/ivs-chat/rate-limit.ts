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
