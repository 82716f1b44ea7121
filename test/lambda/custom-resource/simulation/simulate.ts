import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build, type Plugin } from 'esbuild';
import type { Mutant } from './mutants';
import { providerPolicy } from '../world/provider-policy';
import { type Rates, worlds as allWorlds } from './worlds';
import type { Verdict } from './schedule';
import type { Tally, Work } from './worker';

const root = resolve(__dirname, '../../../..');

export interface SimulationOptions {
  readonly schedules: number;
  /** The seed of the first schedule; the others follow. */
  readonly first: number;
  readonly worlds?: { readonly [name: string]: Partial<Rates> };
  /** A wrong design to simulate instead of the right one. */
  readonly mutant?: Mutant;
  /** The number of bad schedules after which each worker stops. */
  readonly enough?: number;
  /** The simulation stops after this result. */
  readonly until?: keyof Verdict;
  readonly workers?: number;
  /** Whether each schedule prints everything that happens. */
  readonly trace?: boolean;
}

/** Runs schedules on all cores. */
export async function simulate({
  schedules, first, worlds = allWorlds, mutant, enough = 20, until, workers = availableParallelism(), trace = false,
}: SimulationOptions): Promise<Tally> {
  const code = await bundled(mutant);
  const common: Omit<Work, 'first' | 'count'> = {
    step: workers, worlds, policies: providerPolicy(), enough: until ? Infinity : enough, until, trace,
  };
  const running: Worker[] = [];
  const tallies = await Promise.all(Array.from({ length: Math.min(workers, schedules) }, async (_, index) => {
    const count = Math.ceil((schedules - index) / workers);
    const worker = new Worker(code, { eval: true, workerData: { ...common, first: first + index, count } });
    running.push(worker);
    const tally = await tallyOf(worker);
    // One worker has found the result, so the others can stop.
    if (until && tally?.[until]) await Promise.all(running.map((other) => other.terminate()));
    return tally;
  }));
  const complete = tallies.filter((tally) => tally !== undefined);
  if (complete.length < tallies.length && !complete.some((tally) => until && tally[until])) {
    throw new Error('a worker of the simulation ended without a result');
  }
  return complete.reduce(sum);
}

/** Returns the result of a worker, or undefined if the worker was stopped. */
function tallyOf(worker: Worker): Promise<Tally | undefined> {
  return new Promise((resolvePromise, reject) => {
    let tally: Tally | undefined;
    worker.once('message', (message) => {
      tally = message;
    });
    worker.once('error', reject);
    worker.once('exit', () => resolvePromise(tally)); // the output of the worker is complete by then
  });
}

const bundles = new Map<string | undefined, Promise<string>>();

/** Returns the handler and its environment as one script. It is built once, so a run always simulates the same code. */
function bundled(mutant?: Mutant): Promise<string> {
  const { name } = mutant ?? {};
  if (!bundles.has(name)) bundles.set(name, bundle(mutant));
  return bundles.get(name)!;
}

/** Builds the script. Leaves out only the signing, which would take most of the time. */
async function bundle(mutant?: Mutant): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    absWorkingDir: root,
    plugins: [withoutSigning, ...(mutant ? [mutated(mutant)] : [])],
    logLevel: 'error',
  });
  const code = outputFiles[0]!.text;
  if (code.includes('AWS4-HMAC-SHA256')) {
    throw new Error('the simulation still contains the signer; update the path in the plugin without-signing');
  }
  return code;
}

const withoutSigning: Plugin = {
  name: 'without-signing',
  setup({ onLoad }) {
    const contents = 'export const signer = () => async (request) => request.headers;';
    onLoad({ filter: /lambda\/http\/sign\.ts$/ }, () => ({ contents }));
  },
};

/** Replaces text in the sources. Text that is not found is an error, because the mutant would be the right design. */
function mutated({ name, changes }: Mutant): Plugin {
  return {
    name,
    setup({ onLoad }) {
      for (const file of new Set(changes.map((change) => change.file))) {
        onLoad({ filter: new RegExp(`lambda/custom-resource/${file}\\.ts$`) }, ({ path }) => {
          let contents = readFileSync(path, 'utf8');
          for (const change of changes) {
            if (change.file !== file) continue;
            if (contents.split(change.from).length !== 2) {
              throw new Error(`mutant "${name}": ${file}.ts must contain this text exactly once: ${change.from}`);
            }
            contents = contents.replace(change.from, () => change.to);
          }
          return { contents, loader: 'ts' };
        });
      }
    },
  };
}

function sum(a: Tally, b: Tally): Tally {
  const total = { ...a, bad: [...a.bad, ...b.bad].sort((one, other) => one.seed - other.seed) };
  for (const [name, value] of Object.entries(b)) if (typeof value === 'number') (total as any)[name] += value;
  return total;
}
