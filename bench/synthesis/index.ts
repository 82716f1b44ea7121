/**
 * Measures the synthesis of rooms, beside the same work without this library.
 *
 * The first room of a stack adds the provider function. It is beside a stack with a Lambda function, and beside a
 * custom resource of the CDK with a function of its own. Each further room is beside a `CfnRoom`, beside a construct
 * that only contains a `CfnRoom`, and beside a `CustomResource` of the CDK.
 *
 * Each stack is synthesized in a process of its own. The stacks take turns, because the speed of the machine varies.
 *
 *     npx projen bench:synthesis --rounds 15
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1 || Infinity] ?? 9);
const MANY = 401;
const FURTHER = ['CfnRoom', 'Resource with CfnRoom', 'CustomResource', 'ChatRoom'];
const stacks: [names: string, count: number][] = [
  ['function', 1], ['function,CustomResource', 1], ['function,ChatRoom', 1],
  ...FURTHER.flatMap((name): [string, number][] => [[name, 1], [name, MANY]]),
];

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

/** Returns a row of a table for each figure, with the figure of the duration and the figure of the CPU time. */
function table(figures: string[], figure: (name: string, of: (key: string) => number) => string) {
  const column = (kind: keyof Sample) => (name: string) =>
    figure(name, (key) => median(samples.get(key)!.map((sample) => sample[kind])));
  const [duration, cpu] = [column('milliseconds'), column('cpu')];
  const rows = figures.map((name) => [name, { 'duration': duration(name), 'CPU time': cpu(name) }]);
  console.table(Object.fromEntries(rows));
}

console.log(`Synthesis, ${rounds} rounds, medians in milliseconds; node ${process.version}`);

console.log('A stack with one function, and how much longer other stacks take:');
table(['function', 'CustomResource', 'ChatRoom', 'function,CustomResource', 'function,ChatRoom'], (name, of) =>
  (name === 'function' ? of('function 1').toFixed(0) : (of(`${name} 1`) - of('function 1')).toFixed(0)));

console.log('Each further resource, and its ratio to a CfnRoom:');
table(FURTHER, (name, of) => {
  const further = (resource: string) => (of(`${resource} ${MANY}`) - of(`${resource} 1`)) / (MANY - 1);
  return `${further(name).toFixed(2)} (${(further(name) / further('CfnRoom')).toFixed(2)})`;
});
