import { VirtualClock } from '../../../../local/clock';
import { Activity } from '../../../../local/ivs-chat/console/activity';

test('counts each second, keeps the number of connections, and forgets old seconds', () => {
  const clock = new VirtualClock(0);
  const activity = new Activity(clock);
  activity.connections(2);
  activity.message();
  for (let duration = 1; duration <= 100; duration++) activity.request(duration > 98, 101 - duration);
  clock.advance(3_000);
  activity.message();
  expect(activity.recent()).toEqual([
    { second: 0, messages: 1, requests: 100, errors: 2, connections: 2, p95: 95 },
    { second: 3, messages: 1, requests: 0, errors: 0, connections: 2, p95: undefined },
  ]);
  clock.advance(999);
  activity.request(false, 0);
  expect(activity.recent().slice(1)).toEqual([
    { second: 3, messages: 1, requests: 1, errors: 0, connections: 2, p95: 0 },
  ]);
  clock.advance(1);
  for (let second = 0; second < 200; second++) {
    clock.advance(1_000);
    activity.message();
  }
  expect(activity.recent()).toHaveLength(120);
  expect(activity.recent()[0]!.second).toBe(85);
});

test('the percentile is of the first 200 requests of a second, and an empty list has no second', () => {
  const activity = new Activity(new VirtualClock(5_999));
  expect(activity.recent()).toEqual([]);
  for (let count = 0; count < 400; count++) activity.request(false, count < 189 ? 1 : 1000);
  activity.connections(3);
  activity.connections(2);
  expect(activity.recent()).toEqual([
    { second: 5, messages: 0, requests: 400, errors: 0, connections: 2, p95: 1000 },
  ]);
  const later = new Activity(new VirtualClock(5_999));
  for (let count = 0; count < 400; count++) later.request(false, count < 190 ? 1 : 1000);
  expect(later.recent()[0]!.p95).toBe(1);
});
