import { readFileSync } from 'node:fs';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
}

interface CpuProfile {
  readonly nodes: ReadonlyArray<{ readonly id: number; readonly callFrame: CallFrame }>;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const GROUPS: ReadonlyArray<readonly [string, (name: string, url: string) => boolean]> = [
  ['waiting', (name) => name === '(idle)'],
  ['writing to the socket', (name, url) => url === '' && /^write/.test(name)],
  ['hashes (node:crypto)', (_, url) => url.startsWith('node:internal/crypto')],
  ['node:http with streams and events', (_, url) => url.startsWith('node:')],
  ['garbage collector', (name) => name === '(garbage collector)'],
  ['the rest of V8 and Node.js', (_, url) => url === ''],
];

/**
 * Reads a profile that `node --cpu-prof` has written, and returns the microseconds that each group of functions takes
 * of a call. The first half of the profile is omitted, because the compiler works then.
 */
export function profile(file: string, calls: number): Record<string, string> {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const total = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const spent = new Map<string, number>();
  let time = 0;
  samples.forEach((sample, at) => {
    time += timeDeltas[at]!;
    if (time < total / 2) return;
    const { functionName, url } = frames.get(sample)!;
    const group = GROUPS.find(([, has]) => has(functionName, url))?.[0] ?? `client: ${functionName || '(anonymous)'}`;
    spent.set(group, (spent.get(group) ?? 0) + timeDeltas[at]!);
  });
  const rows = [...spent].sort(([, a], [, b]) => b - a)
    .map(([group, microseconds]) => [group, microseconds / calls] as const);
  const client = rows.filter(([group]) => group.startsWith('client: '))
    .reduce((sum, [, microseconds]) => sum + microseconds, 0);
  const shown = [...rows.filter(([, microseconds]) => microseconds >= 0.5), ['client, total', client] as const];
  return Object.fromEntries(shown.map(([group, microseconds]) => [group, microseconds.toFixed(1)]));
}
