import { mutants } from './simulation/mutants';
import { simulate } from './simulation/simulate';

/** `npx projen simulate` runs a million; `SEED=n npx projen simulate` tells one of them. */
const SCHEDULES = Number(process.env.SCHEDULES ?? 1000);

test('however unkind the world: no orphan, no living room lost, no stack stuck, nobody else\'s room touched', async () => {
  const { bad, schedules, creates, failedCreates, siblings, wrong } = await simulate({ schedules: SCHEDULES, first: 0 });
  expect(bad).toEqual([]);
  expect(schedules).toBe(SCHEDULES);
  expect(creates).toBeGreaterThan(SCHEDULES);
  // What the world can still do to a handler that never lies, and how rarely.
  expect(failedCreates / creates).toBeLessThan(0.05); // three crashes in a row
  expect(siblings / SCHEDULES).toBeLessThan(0.002); // two deliveries at the same instant: until the next update or delete
  expect(wrong / SCHEDULES).toBeLessThan(0.01); // an update that was cancelled, and carried out after the next one
}, 600_000);

test('where nothing goes wrong, nothing fails', async () => {
  const quiet = { fault: 0, crash: 0, duplicate: 0, lateDuplicate: 0, cancel: 0 };
  const { bad, failedCreates, failedUpdates, siblings, wrong } = await simulate({ schedules: 300, first: 0, rates: quiet });
  expect({ bad, failedCreates, failedUpdates, siblings, wrong }).toEqual({ bad: [], failedCreates: 0, failedUpdates: 0, siblings: 0, wrong: 0 });
}, 600_000);

test('a schedule replays by its seed', async () => {
  const once = await simulate({ schedules: 1, first: 4711 });
  expect(await simulate({ schedules: 1, first: 4711 })).toEqual(once);
}, 600_000);

test.each(mutants)('is told from $name', async (mutant) => {
  const { rates } = mutant;
  const { bad, [mutant.harm]: harm } = await simulate({ schedules: SCHEDULES, first: 0, rates, mutant, enough: 1 });
  expect(bad).not.toEqual([]);
  expect(harm).toBeGreaterThan(0);
  // And it is not the world's fault.
  if (rates) expect((await simulate({ schedules: Math.ceil(SCHEDULES / 4), first: 0, rates })).bad).toEqual([]);
}, 600_000);
