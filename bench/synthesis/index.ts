/**
 * Measures the synthesis of rooms: the first room of a stack beside a Lambda function, and each further room beside a
 * `CfnRoom`.
 *
 * Each stack is synthesized in a process of its own. The stacks take turns, because the speed of the machine varies.
 *
 *     npx projen bench:synthesis --rounds 15
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1 || Infinity] ?? 9);
const MANY = 401;
const stacks = [
  ['function', 1], ['ChatRoom', 1], ['function,ChatRoom', 1], ['CfnRoom', 1], ['CfnRoom', MANY], ['ChatRoom', MANY],
] as const;

interface Sample {
  readonly milliseconds: number;
  readonly cpu: number;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const samples = new Map<string, Sample[]>();
for (let round = 0; round < rounds; round++) {
  for (const [names, count] of stacks) {
    const output = execFileSync(process.execPath, [join(__dirname, 'measure.cjs'), names, String(count)]);
    const key = `${names} ${count}`;
    samples.set(key, [...samples.get(key) ?? [], JSON.parse(String(output))]);
  }
}

const of = (key: string, kind: keyof Sample) => median(samples.get(key)!.map((sample) => sample[kind]));
const results = (kind: keyof Sample) => {
  const further = (name: string) => (of(`${name} ${MANY}`, kind) - of(`${name} 1`, kind)) / (MANY - 1);
  return {
    'stack with one function': of('function 1', kind).toFixed(0),
    'stack with one room': of('ChatRoom 1', kind).toFixed(0),
    'more than a function': (of('ChatRoom 1', kind) - of('function 1', kind)).toFixed(0),
    'a room in the stack of the function': (of('function,ChatRoom 1', kind) - of('function 1', kind)).toFixed(0),
    'each further CfnRoom': further('CfnRoom').toFixed(2),
    'each further room': further('ChatRoom').toFixed(2),
    'ratio': (further('ChatRoom') / further('CfnRoom')).toFixed(2),
  };
};
console.log(`Synthesis, ${rounds} rounds, medians in milliseconds; node ${process.version}`);
console.table({ 'duration': results('milliseconds'), 'CPU time': results('cpu') });
