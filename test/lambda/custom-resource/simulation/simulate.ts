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
  /** After so many bad schedules each worker stops. */
  readonly enough?: number;
  /** Each worker stops when this has happened. */
  readonly until?: keyof Verdict;
  readonly workers?: number;
  /** Each schedule tells all that happens. */
  readonly trace?: boolean;
}

/** Runs schedules on all cores. */
export async function simulate(
  { schedules, first, worlds = allWorlds, mutant, enough = 20, until, workers = availableParallelism(), trace = false }: SimulationOptions,
): Promise<Tally> {
  const code = await bundled(mutant);
  const policies = providerPolicy();
  const tallies = await Promise.all(Array.from({ length: Math.min(workers, schedules) }, (_, index) => new Promise<Tally>((done, failed) => {
    const count = Math.ceil((schedules - index) / workers);
    const workerData: Work = { first: first + index, count, step: workers, worlds, policies, enough: until ? Infinity : enough, until, trace };
    const worker = new Worker(code, { eval: true, workerData });
    let tally: Tally;
    worker.once('message', (message) => {
      tally = message;
    });
    worker.once('error', failed);
    worker.once('exit', () => done(tally)); // by when all that it told has been printed
  })));
  return tallies.reduce(sum);
}

const bundles = new Map<string | undefined, Promise<string>>();

/**
 * The handler and the world around it as one script: made once, so that what is simulated does not change on the way.
 */
function bundled(mutant?: Mutant): Promise<string> {
  const { name } = mutant ?? {};
  if (!bundles.has(name)) bundles.set(name, bundle(mutant));
  return bundles.get(name)!;
}

/** Only the signing, which takes most of the time, is left out. */
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
  if (code.includes('AWS4-HMAC-SHA256')) throw new Error('the signer is still in the simulation; it has moved');
  return code;
}

const withoutSigning: Plugin = {
  name: 'without-signing',
  setup({ onLoad }) {
    const contents = 'export const signer = () => async (request) => request.headers;';
    onLoad({ filter: /lambda\/http\/sign\.ts$/ }, () => ({ contents }));
  },
};

/**
 * Replaces pieces of the sources. A piece that is not there (any more) is an error: the mutant would be the right
 * design.
 */
function mutated({ name, changes }: Mutant): Plugin {
  return {
    name,
    setup({ onLoad }) {
      for (const file of new Set(changes.map((change) => change.file))) {
        onLoad({ filter: new RegExp(`lambda/custom-resource/${file}\\.ts$`) }, ({ path }) => {
          let contents = readFileSync(path, 'utf8');
          for (const change of changes) {
            if (change.file !== file) continue;
            if (contents.split(change.from).length !== 2) throw new Error(`mutant "${name}": ${file}.ts does not have exactly one ${change.from}`);
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
