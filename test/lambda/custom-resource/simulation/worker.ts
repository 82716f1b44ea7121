import { parentPort, workerData } from 'node:worker_threads';
import { adversarial, type Rates } from './rates';
import { runSchedule, type Verdict } from './schedule';

export interface Work {
  readonly first: number;
  readonly count: number;
  readonly step: number;
  readonly rates?: Partial<Rates>;
  readonly enough: number;
  readonly trace: boolean;
}

export interface Tally extends Verdict {
  schedules: number;
  /** Schedules that must not be, by their seeds. */
  bad: { seed: number; verdict: Verdict }[];
}

/** What must never happen, however unkind the world is. */
const deadly = ['orphans', 'lost', 'stuck', 'foreign', 'replaced'] as const;

async function work({ first, count, step, rates, enough, trace }: Work): Promise<Tally> {
  let tally: Tally | undefined;
  for (let index = 0; index < count && (tally?.bad.length ?? 0) < enough; index++) {
    const seed = first + index * step;
    const verdict = await runSchedule(seed, { ...adversarial, ...rates }, trace ? tell : undefined);
    const bad = deadly.some((name) => verdict[name] > 0) ? [{ seed, verdict }] : [];
    tally = tally ? add(tally, verdict) : { ...verdict, schedules: 1, bad: [] };
    tally.bad.push(...bad);
  }
  return tally!;
}

function add(tally: Tally, verdict: Verdict): Tally {
  tally.schedules++;
  for (const [name, value] of Object.entries(verdict) as [keyof Verdict, any][]) {
    if (name === 'milliseconds') for (const kind of ['create', 'update', 'delete'] as const) tally.milliseconds[kind] += value[kind];
    else tally[name] += value;
  }
  return tally;
}

function tell(time: number, who: string, what: string): void {
  process.stdout.write(`${((time - Date.UTC(2026, 0, 5, 12)) / 1000).toFixed(2).padStart(9)}  ${who.padEnd(24)} ${what}\n`);
}

Error.stackTraceLimit = 0; // nobody looks at them, and they cost more than all the rest
void work(workerData as Work).then((tally) => parentPort!.postMessage(tally));
