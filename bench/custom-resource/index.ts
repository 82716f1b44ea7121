/**
 * The custom resource's function: what it weighs, how long a cold start has to load it, and how often it calls IVS Chat.
 *
 * Beside it: the least that a handler on the official SDK would be (the client and its commands, bundled the same way).
 * Read the ratios. `npm run bench:custom-resource -- --rounds 20`
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { Harness } from '../../test/lambda/custom-resource/world/harness';

const root = resolve(__dirname, '../..');
const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1 || Infinity] ?? 15);
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const sdk = `
  import { IvschatClient, CreateRoomCommand, DeleteRoomCommand, GetRoomCommand, ListRoomsCommand, TagResourceCommand, UntagResourceCommand, UpdateRoomCommand,
    CreateLoggingConfigurationCommand, DeleteLoggingConfigurationCommand, GetLoggingConfigurationCommand, ListLoggingConfigurationsCommand,
    UpdateLoggingConfigurationCommand } from '@aws-sdk/client-ivschat';
  const client = new IvschatClient({});
  export const handler = (event) => client.send(new [CreateRoomCommand, DeleteRoomCommand, GetRoomCommand, ListRoomsCommand, TagResourceCommand,
    UntagResourceCommand, UpdateRoomCommand, CreateLoggingConfigurationCommand, DeleteLoggingConfigurationCommand, GetLoggingConfigurationCommand,
    ListLoggingConfigurationsCommand, UpdateLoggingConfigurationCommand][event.operation](event.input));
`;
/** Loads a script as Lambda does, and says how long that took. */
const load = `const start = performance.now(); require(process.argv[2]); const took = performance.now() - start;
  console.log(JSON.stringify({ milliseconds: took, megabytes: process.memoryUsage().rss / 1e6 })); process.exit();`;

async function weigh(folder: string): Promise<void> {
  const options = {
    bundle: true, minify: true, platform: 'node', target: 'node22', format: 'cjs', legalComments: 'none', logLevel: 'warning',
  } as const;
  const { pureSmithy } = await import(join(root, 'projenrc/pure-smithy.mjs'));
  await build({
    ...options, ...pureSmithy, entryPoints: [join(root, 'lambda/custom-resource/index.ts')], outfile: join(folder, 'ours.js'),
  });
  await build({ ...options, mainFields: pureSmithy.mainFields, stdin: { contents: sdk, resolveDir: root }, outfile: join(folder, 'sdk.js') });
  writeFileSync(join(folder, 'empty.js'), 'exports.handler = async () => {};');
  writeFileSync(join(folder, 'load.js'), load);

  const subjects = ['empty', 'ours', 'sdk'];
  const samples = new Map(subjects.map((name) => [name, { milliseconds: [] as number[], megabytes: [] as number[] }]));
  for (let round = 0; round < rounds; round++) {
    for (const name of subjects) { // in turns, so that the machine's moods hit all alike
      const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'load.js'), join(folder, `${name}.js`)], { env: { AWS_REGION: 'us-west-2' } });
      const { milliseconds, megabytes } = JSON.parse(stdout);
      samples.get(name)!.milliseconds.push(milliseconds);
      samples.get(name)!.megabytes.push(megabytes);
    }
  }
  console.table(Object.fromEntries(subjects.slice(1).map((name) => {
    const code = readFileSync(join(folder, `${name}.js`));
    return [name === 'ours' ? 'the whole custom resource' : 'the SDK\'s client alone', {
      'kB': (code.length / 1000).toFixed(1),
      'kB gzip': (gzipSync(code).length / 1000).toFixed(1),
      'load ms': (median(samples.get(name)!.milliseconds) - median(samples.get('empty')!.milliseconds)).toFixed(1),
      'memory MB': (median(samples.get(name)!.megabytes) - median(samples.get('empty')!.megabytes)).toFixed(1),
    }];
  })));
}

async function count(): Promise<void> {
  const kinds = {
    'a room': {},
    'a logging configuration': {
      resourceType: 'Custom::IVSChatLoggingConfiguration', properties: { DestinationConfiguration: { S3: { BucketName: 'bucket' } } },
    },
  };
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, options] of Object.entries(kinds)) {
    const harness = new Harness(options);
    const calls = async (row: string) => {
      const { length } = harness.chatOperations;
      rows[`${name}: ${row}`] = { 'IVS Chat': length, 'CloudFormation': harness.operations.length - length - 1 }; // one is the response
      await harness.wait(3600); // what is younger is made sure of
      harness.reset();
    };
    await harness.create({ Tags: { a: '1' } });
    await calls('create');
    await harness.update({ Name: 'stage', Tags: { a: '1' } }, { Tags: { a: '1' } });
    await calls('update');
    await harness.update({ Name: 'stage', Tags: { b: '1' } }, { Name: 'stage', Tags: { a: '1' } });
    await calls('update of the tags only');
    await harness.delete({ Name: 'stage', Tags: { b: '1' } });
    await calls('delete');
  }
  console.table(rows);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-custom-resource-'));
  try {
    await weigh(folder);
    await count();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
