import { parentPort, workerData } from 'node:worker_threads';
import { adversarial, type Rates } from './rates';
import { runSchedule, type Verdict } from './schedule';

export interface Work {
  readonly first: number;
  readonly count: number;
  readonly step: number;
  readonly rates?: Partial<Rates>;
  /** Enough is enough: how many bad schedules end the work. */
  readonly enough: number;
}

export interface Tally extends Omit<Verdict, 'milliseconds'> {
  schedules: number;
  /** Seeds of schedules that must not be. */
  bad: { seed: number; verdict: Verdict }[];
  milliseconds: Verdict['milliseconds'];
}

export const deadly = ['orphans', 'siblings', 'lost', 'stuck', 'wrong', 'foreign', 'replaced'] as const;

async function work({ first, count, step, rates, enough }: Work): Promise<Tally> {
  const tally = { schedules: 0, bad: [], milliseconds: { create: 0, update: 0, delete: 0 } } as unknown as Tally;
  for (let index = 0; index < count && tally.bad.length < enough; index++) {
    const seed = first + index * step;
    const verdict = await runSchedule(seed, { ...adversarial, ...rates });
    tally.schedules++;
    for (const [name, value] of Object.entries(verdict)) {
      if (name !== 'milliseconds') (tally as any)[name] = ((tally as any)[name] ?? 0) + value;
    }
    for (const name of ['create', 'update', 'delete'] as const) tally.milliseconds[name] += verdict.milliseconds[name];
    if (deadly.some((name) => verdict[name] > 0)) tally.bad.push({ seed, verdict });
  }
  return tally;
}

parentPort?.once('message', () => undefined);
void work(workerData as Work).then((tally) => parentPort!.postMessage(tally));
