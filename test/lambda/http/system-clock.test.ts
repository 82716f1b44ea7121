import { systemClock } from '../../../lambda/http/system-clock';

afterEach(() => jest.useRealTimers());

test('the clock of the system has the timers of its environment, and can cancel them', () => {
  jest.useFakeTimers({ now: 1_000 });
  const rings: string[] = [];
  systemClock.setTimeout(() => rings.push('first'), 100);
  const second = systemClock.setTimeout(() => rings.push('second'), 100);
  systemClock.clearTimeout(second);
  expect([systemClock.now(), jest.getTimerCount()]).toEqual([1_000, 1]);
  jest.advanceTimersByTime(99);
  expect(rings).toEqual([]);
  jest.advanceTimersByTime(1);
  expect([rings, systemClock.now()]).toEqual([['first'], 1_100]);
});
