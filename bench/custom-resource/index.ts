/**
 * Measures the function of the custom resource: its size, its load time, its memory, and the number of its calls.
 *
 * The comparison is a handler that only imports the client and the commands of the AWS SDK, bundled in the same way.
 * Compare the ratios.
 *
 *     npx projen bench:custom-resource --rounds 20
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

const sdkCommands = [
  'CreateRoomCommand', 'GetRoomCommand', 'ListRoomsCommand', 'UpdateRoomCommand', 'DeleteRoomCommand',
  'CreateLoggingConfigurationCommand', 'GetLoggingConfigurationCommand', 'ListLoggingConfigurationsCommand',
  'UpdateLoggingConfigurationCommand', 'DeleteLoggingConfigurationCommand',
  'TagResourceCommand', 'UntagResourceCommand',
];
const sdk = `
  import { IvschatClient, ${sdkCommands.join(', ')} } from '@aws-sdk/client-ivschat';
  const client = new IvschatClient({});
  export const handler = (event) => client.send(new [${sdkCommands.join(', ')}][event.operation](event.input));
`;
/** Loads a script as Lambda does, and prints the load time and the memory. */
const load = `
  const start = performance.now();
  require(process.argv[2]);
  const milliseconds = performance.now() - start;
  console.log(JSON.stringify({ milliseconds, megabytes: process.memoryUsage().rss / 1e6 }));
  process.exit();
`;

async function weigh(folder: string): Promise<void> {
  const options = {
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
  } as const;
  const { pureSmithy } = await import(join(root, 'projenrc/pure-smithy.mjs'));
  await build({
    ...options,
    ...pureSmithy,
    entryPoints: [join(root, 'lambda/custom-resource/index.ts')],
    outfile: join(folder, 'ours.js'),
  });
  await build({
    ...options,
    mainFields: pureSmithy.mainFields,
    stdin: { contents: sdk, resolveDir: root },
    outfile: join(folder, 'sdk.js'),
  });
  writeFileSync(join(folder, 'empty.js'), 'exports.handler = async () => {};');
  writeFileSync(join(folder, 'load.js'), load);

  const subjects = ['empty', 'ours', 'sdk'];
  const samples = new Map(subjects.map((name) => [name, { milliseconds: [] as number[], megabytes: [] as number[] }]));
  for (let round = 0; round < rounds; round++) {
    for (const name of subjects) { // The subjects take turns, because the speed of the machine varies.
      const args = [join(folder, 'load.js'), join(folder, `${name}.js`)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: { AWS_REGION: 'us-west-2' } });
      const { milliseconds, megabytes } = JSON.parse(stdout);
      samples.get(name)!.milliseconds.push(milliseconds);
      samples.get(name)!.megabytes.push(megabytes);
    }
  }
  console.table(Object.fromEntries(subjects.slice(1).map((name) => {
    const code = readFileSync(join(folder, `${name}.js`));
    return [name === 'ours' ? 'custom resource' : 'client of the AWS SDK only', {
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
      resourceType: 'Custom::IVSChatLoggingConfiguration',
      properties: { DestinationConfiguration: { S3: { BucketName: 'bucket' } } },
    },
  };
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, options] of Object.entries(kinds)) {
    const harness = new Harness(options);
    const calls = async (row: string) => {
      const { length } = harness.chatOperations;
      // One of the other operations is the response.
      rows[`${name}: ${row}`] = { 'IVS Chat': length, 'CloudFormation': harness.operations.length - length - 1 };
      await harness.wait(3600); // The delete of a younger resource makes additional calls.
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
