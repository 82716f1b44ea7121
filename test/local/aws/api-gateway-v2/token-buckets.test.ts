import { TokenBuckets } from '../../../../local/aws/api-gateway-v2/token-buckets';
import { VirtualClock } from '../../../../local/clock';

const clock = new VirtualClock();
const buckets = new TokenBuckets(clock);

/** Returns the number of tokens that a bucket has, up to 20. */
const taken = (name: string, throttle: Parameters<TokenBuckets['take']>[1]) =>
  Array.from({ length: 20 }, () => buckets.take(name, throttle)).filter(Boolean).length;

test('a bucket is refilled at the rate, up to its size', () => {
  const throttle = { rateLimit: 2, burstLimit: 5 };
  expect(taken('a', throttle)).toBe(5);
  clock.advance(1000);
  expect(taken('a', throttle)).toBe(2);
  clock.advance(250);
  expect(taken('a', throttle)).toBe(0);
  clock.advance(250);
  expect(taken('a', throttle)).toBe(1);
  clock.advance(60_000);
  expect(taken('a', throttle)).toBe(5);
  expect(taken('b', throttle)).toBe(5);
});

test('a bucket without a size has the requests of one second, but at least one', () => {
  expect(taken('second', { rateLimit: 3 })).toBe(3);
  expect(taken('fraction', { rateLimit: 2.1 })).toBe(3);
  expect(taken('slow', { rateLimit: 0.5 })).toBe(1);
});

test('a bucket without a rate is full again at the next moment', () => {
  expect(taken('burst', { burstLimit: 19 })).toBe(19);
  clock.advance(1);
  expect(taken('burst', { burstLimit: 19 })).toBe(19);
});

test('a limit of 0 refuses all requests', () => {
  expect(taken('no burst', { rateLimit: 5, burstLimit: 0 })).toBe(0);
  expect(taken('no rate', { rateLimit: 0 })).toBe(0);
});

test('a route without limits is not throttled', () => {
  expect(taken('free', {})).toBe(20);
});
