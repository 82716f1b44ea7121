import { mutants } from './simulation/mutants';
import { deadly } from './simulation/schedule';
import { simulate } from './simulation/simulate';
import { quiet, worlds, worldsOfDenial } from './simulation/worlds';

/** `npx projen simulate` runs a million schedules. `SEED=n npx projen simulate` prints the events of one schedule. */
const SCHEDULES = Number(process.env.SCHEDULES ?? 1100);

test('no resource is orphaned, lost, stuck or wrong in any world', async () => {
  const count = Math.ceil(SCHEDULES / 2);
  const { bad, schedules, creates, failedCreates, abandoned } = await simulate({ schedules: count, first: 0 });
  expect(bad).toEqual([]);
  expect(schedules).toBe(count);
  expect(creates).toBeGreaterThan(count);
  expect(failedCreates / creates).toBeLessThan(0.1); // the function crashes three times, or IAM refuses it for too long
  // After three crashes, no invocation is left that could remove a resource for which no Delete comes.
  expect(abandoned / count).toBeLessThan(0.01);
}, 600_000);

test('every request succeeds in a world without faults', async () => {
  const tally = await simulate({ schedules: 300, first: 0, worlds: { quiet } });
  expect(tally).toMatchObject({ bad: [], failedCreates: 0, failedUpdates: 0, failedDeletes: 0 });
}, 600_000);

test.each(Object.entries(worldsOfDenial))('no resource is left in a world where %s', async (_, rates) => {
  const { bad, failedCreates } = await simulate({ schedules: 200, first: 0, worlds: { denial: rates } });
  expect(bad).toEqual([]);
  expect(failedCreates).toBeGreaterThan(0);
}, 600_000);

test('two runs of a schedule with the same seed have the same result', async () => {
  const once = await simulate({ schedules: 1, first: 4711 });
  expect(await simulate({ schedules: 1, first: 4711 })).toEqual(once);
}, 600_000);

test('every world has its share of the schedules', () => {
  expect(Object.keys(worlds).length).toBeGreaterThan(10);
});

describe('a known-wrong design fails', () => {
  test.each(mutants)('$name', async ({ harm, world, ...mutant }) => {
    const options = { first: 0, worlds: { world } };
    const wrong = await simulate({
      ...options, schedules: SCHEDULES, mutant: { harm, world, ...mutant }, enough: 1, until: harm,
    });
    expect(wrong[harm]).toBeGreaterThan(0);

    // The right design does no such harm in the same world.
    const right = await simulate({ ...options, schedules: Math.ceil(SCHEDULES / 22) });
    expect(right.bad).toEqual([]);
    expect(right[harm]).toBe(0);
  }, 600_000);
});

test('each deadly result has a known-wrong design, except for the results without one', () => {
  const shown = new Set(mutants.map(({ harm }) => harm));
  expect(deadly.filter((harm) => !shown.has(harm))).toEqual(['late', 'replaced', 'unexplained']);
});
