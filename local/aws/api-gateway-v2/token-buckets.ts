import type { Clock } from '../../clock';
import type { Throttle } from './http-api';

/** The token buckets that throttle the routes of HTTP APIs. */
export class TokenBuckets {
  private readonly buckets = new Map<string, { tokens: number; time: number }>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Takes a token from a bucket. Returns false if the bucket is empty. */
  take(name: string, { rateLimit = Infinity, burstLimit }: Throttle): boolean {
    if (rateLimit === Infinity && burstLimit === undefined) return true;
    const size = burstLimit ?? Math.ceil(rateLimit);
    const now = this.clock.now();
    const { tokens, time } = this.buckets.get(name) ?? { tokens: size, time: now };
    const elapsed = (now - time) / 1000;
    const available = Math.min(size, elapsed === 0 ? tokens : tokens + elapsed * rateLimit);
    this.buckets.set(name, { tokens: available >= 1 ? available - 1 : available, time: now });
    return available >= 1;
  }
}
