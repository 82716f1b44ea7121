/**
 * `npx projen simulate`: many seeded schedules.
 *
 * SCHEDULES=n (1,000,000), FIRST=seed of the first (0), SEED=n to run just that one and be told all that happens.
 */
import { simulate } from './simulate';

async function main({ SCHEDULES = '1000000', FIRST = '0', SEED }: NodeJS.ProcessEnv): Promise<void> {
  if (SEED !== undefined) {
    const { bad, schedules, ...verdict } = await simulate({ schedules: 1, first: Number(SEED), trace: true });
    console.log(verdict);
    process.exitCode = bad.length > 0 ? 1 : 0;
    return;
  }
  const start = performance.now();
  const total = Number(SCHEDULES);
  const slice = Math.min(total, 5000);
  const sums: Record<string, number> = {};
  for (let done = 0; done < total; done += slice) {
    const { bad, milliseconds, ...tally } = await simulate({ schedules: Math.min(slice, total - done), first: Number(FIRST) + done });
    for (const [name, value] of Object.entries(tally)) sums[name] = (sums[name] ?? 0) + value;
    for (const { seed, verdict } of bad) console.log(`SEED=${seed} ${JSON.stringify(verdict)}`);
    const seconds = Math.round((performance.now() - start) / 1000);
    console.log(`${seconds} s: ${Object.entries(sums).map(([name, value]) => `${value} ${name}`).join(', ')}`);
    if (bad.length > 0) process.exitCode = 1;
  }
}

void main(process.env);
