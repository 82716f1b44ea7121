import { parentPort, workerData } from 'node:worker_threads';
import { deadly, none, Schedule, STACK_UUIDS, type Verdict } from './schedule';
import { permissionsOfStack } from '../world/permissions';
import { adversarial, type Rates } from './worlds';

export interface Work {
  readonly first: number;
  readonly count: number;
  readonly step: number;
  /** The worlds of the schedules. Consecutive seeds use consecutive worlds. */
  readonly worlds: { readonly [name: string]: Partial<Rates> };
  /** The policies of the provider of the first stack. */
  readonly policies: string;
  readonly enough: number;
  /** The work ends after this result. */
  readonly until?: keyof Verdict;
  readonly trace: boolean;
}

export interface Tally extends Verdict {
  schedules: number;
  /** Schedules in which something deadly happened, by their seeds. */
  bad: { seed: number; world: string; verdict: Verdict }[];
}

async function work({ first, count, step, worlds, policies, enough, until, trace }: Work): Promise<Tally> {
  const tally: Tally = { ...none, schedules: 0, bad: [] };
  const names = Object.keys(worlds);
  const permissionsIn = ({ denied }: Partial<Rates>) =>
    STACK_UUIDS.map((uuid) => permissionsOfStack(policies, uuid, denied));
  const permissions = new Map(names.map((name) => [name, permissionsIn(worlds[name]!)]));
  const isDone = () => tally.bad.length >= enough || Boolean(until && tally[until] > 0);
  for (let index = 0; index < count && !isDone(); index++) {
    const seed = first + index * step;
    const world = names[seed % names.length]!;
    const rates = { ...adversarial, ...worlds[world] };
    const verdict = await new Schedule(seed, rates, permissions.get(world)!, trace ? tell : undefined).run();
    tally.schedules++;
    for (const name of Object.keys(verdict) as (keyof Verdict)[]) tally[name] += verdict[name];
    if (deadly.some((name) => verdict[name] > 0)) tally.bad.push({ seed, world, verdict });
  }
  return tally;
}

function tell(time: number, who: string, what: string): void {
  const seconds = (time - Date.UTC(2026, 0, 5, 12)) / 1000;
  process.stdout.write(`${seconds.toFixed(2).padStart(9)}  ${who.padEnd(24)} ${what}\n`);
}

Error.stackTraceLimit = 0; // stack traces are not used, and they would take most of the time
void work(workerData as Work).then((tally) => parentPort!.postMessage(tally));
