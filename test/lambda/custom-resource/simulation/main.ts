/**
 * `npx projen simulate` runs many seeded schedules. Environment variables:
 *
 * - `SCHEDULES`: the number of schedules. The default is 1,000,000.
 * - `FIRST`: the seed of the first schedule. The default is 0.
 * - `WORLD`: the name of the only world to run.
 * - `SEED`: the seed of the only schedule to run. Everything that happens in it is printed.
 * - `BEYOND=1`: runs the worlds beyond the assumptions, and only reports their failures.
 */
import { simulate } from './simulate';
import { worlds as within, worldsBeyond, worldsOfDenial } from './worlds';

async function main({ SCHEDULES = '1000000', FIRST = '0', SEED, WORLD, BEYOND }: NodeJS.ProcessEnv): Promise<void> {
  const all = BEYOND ? worldsBeyond : within;
  const worlds = WORLD === undefined ? all : { [WORLD]: { ...within, ...worldsBeyond, ...worldsOfDenial }[WORLD]! };
  if (SEED !== undefined) {
    const { bad, schedules, ...verdict } = await simulate({ schedules: 1, first: Number(SEED), worlds, trace: true });
    console.log(verdict);
    process.exitCode = bad.length > 0 ? 1 : 0;
    return;
  }

  const start = performance.now();
  const total = Number(SCHEDULES);
  const slice = Math.min(total, 5500);
  const sums: Record<string, number> = {};
  for (let done = 0; done < total; done += slice) {
    const { bad, ...tally } = await simulate({
      schedules: Math.min(slice, total - done),
      first: Number(FIRST) + done,
      worlds,
      enough: BEYOND ? Infinity : undefined,
    });
    for (const [name, value] of Object.entries(tally)) sums[name] = (sums[name] ?? 0) + value;
    for (const { seed, world, verdict } of BEYOND ? [] : bad) {
      console.log(`SEED=${seed} (${world}) ${JSON.stringify(verdict)}`);
    }
    const seconds = Math.round((performance.now() - start) / 1000);
    console.log(`${seconds} s: ${Object.entries(sums).map(([name, value]) => `${value} ${name}`).join(', ')}`);
    if (bad.length > 0 && !BEYOND) process.exitCode = 1;
  }
}

void main(process.env);
