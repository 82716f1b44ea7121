/**
 * Compares the client with the AWS SDK, aws4 and aws4fetch, and with unsigned requests over node:http and undici.
 *
 * Each subject has its own bundle and runs in its own processes. The subjects take turns, because the speed of the
 * machine varies. Compare the ratios.
 *
 *     npm run bench -- --rounds 5 --calls 4000 --node /path/to/another/node
 *     npm run bench -- --profile                   the CPU time of a call, by function
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { profile } from './profile';

const option = (name: string, otherwise: string) =>
  process.argv[process.argv.indexOf(`--${name}`) + 1 || Infinity] ?? otherwise;
const rounds = Number(option('rounds', '7'));
const calls = option('calls', '12000');
const node = option('node', process.execPath);
const profiled = process.argv.includes('--profile');
const subjects = [
  'empty', 'node-http', 'undici', 'ours', 'ours-undici', 'aws4', 'undici-signed', 'aws4fetch', 'sdk', 'sdk-cached',
  'sdk-newest',
];

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-client-'));
  const { pureSmithy } = await import(join(__dirname, '../../projenrc/pure-smithy.mjs'));
  await build({
    entryPoints: {
      server: join(__dirname, 'server.ts'),
      ...Object.fromEntries(subjects.map((name) => [name, join(__dirname, 'subjects', `${name}.ts`)])),
    },
    outdir: folder,
    bundle: true,
    minify: !profiled, // a profile needs the names of functions
    platform: 'node',
    target: 'node22',
    ...pureSmithy,
    logLevel: 'warning',
  });
  const server = spawn(process.execPath, [join(folder, 'server.js')], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const port = await new Promise<string>((resolve) => {
      server.stdout.once('data', (data) => resolve(String(data).trim()));
    });
    const env = { BENCH_ENDPOINT: `http://127.0.0.1:${port}` };
    const execute = async (...args: string[]) => (await promisify(execFile)(node, args, { env })).stdout;
    const run = async (subject: string, ...mode: string[]): Promise<Record<string, number>> =>
      JSON.parse(await execute(join(folder, `${subject}.js`), ...mode));
    const version = (await execute('--version')).trim();

    if (profiled) {
      for (const subject of ['ours', 'node-http']) {
        await execute(
          '--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder,
          '--cpu-prof-name', `${subject}.cpuprofile`, join(folder, `${subject}.js`), 'warm', calls,
        );
        console.log(`CreateChatToken, ${subject}: CPU time of each call in microseconds; node ${version}`);
        console.table(profile(join(folder, `${subject}.cpuprofile`), Number(calls)));
      }
      return;
    }

    const samples: Record<string, Record<string, number[]>> = Object.fromEntries(subjects.map((name) => [name, {}]));
    const keep = (subject: string, result: Record<string, number>) => {
      for (const [key, value] of Object.entries(result)) (samples[subject]![key] ??= []).push(value);
    };
    for (let round = 0; round < rounds; round++) {
      console.error(`Round ${round + 1} of ${rounds}`);
      for (let cold = 0; cold < 3; cold++) for (const subject of subjects) keep(subject, await run(subject, 'cold'));
      for (const subject of subjects.slice(1)) keep(subject, await run(subject, 'warm', calls));
    }

    const of = (subject: string, key: string) => median(samples[subject]![key]!);
    const added = (subject: string, key: string) => of(subject, key) - of('empty', key);
    const rows = subjects.slice(1).map((subject) => ({
      subject,
      'bundle kB': (statSync(join(folder, `${subject}.js`)).size / 1000).toFixed(1),
      'first call ms': added(subject, 'first').toFixed(1),
      'first two ms': added(subject, 'second').toFixed(1),
      '× node:http': (added(subject, 'first') / added('node-http', 'first')).toFixed(2),
      'calls/s': of(subject, 'callsPerSecond').toFixed(0),
      '× SDK': (of(subject, 'callsPerSecond') / of('sdk', 'callsPerSecond')).toFixed(2),
      'CPU µs/call': of(subject, 'cpuMicrosecondsPerCall').toFixed(0),
      '× node:http CPU': (of(subject, 'cpuMicrosecondsPerCall') / of('node-http', 'cpuMicrosecondsPerCall')).toFixed(2),
    }));
    console.log(`CreateChatToken, ${rounds} rounds, medians; node ${version}`);
    console.table(Object.fromEntries(rows.map(({ subject, ...row }) => [subject, row])));
  } finally {
    server.stdin.end();
    rmSync(folder, { recursive: true });
  }
}

void main();
