/**
 * Measures the local IVS Chat: signed requests, fan-out, and the memory of idle connections.
 *
 *     npx projen bench:local-ivs-chat                    requests and fan-out
 *     npx projen bench:local-ivs-chat fan-out            fan-out only
 *     npx projen bench:local-ivs-chat idle 15000 10      15,000 idle connections for 10 minutes
 *     npx projen bench:local-ivs-chat soak 30            requests and fan-out for 30 minutes, with the heap after each
 *
 * The service and the load run in separate processes on one machine, so they share its cores.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const [what = 'all', ...numbers] = process.argv.slice(2);
/** The speed of the clock of the service. server.ts has the reason. */
const pace = what === 'idle' ? '1' : '10';
const folder = mkdtempSync(join(tmpdir(), 'bench-local-ivs-chat-'));
/** Returns the next message of a process. */
const nextMessage = (child: ChildProcess) => new Promise<any>((resolve, reject) => {
  const ended = (code: number | null) => reject(new Error(`A process ended with the exit code ${code}`));
  child.once('exit', ended);
  child.once('message', (message) => {
    child.off('exit', ended);
    resolve(message);
  });
});
const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;
const round = (value: unknown) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value);
const rounded = (result: object) =>
  Object.fromEntries(Object.entries(result).map(([name, value]) => [name, round(value)]));

async function main() {
  await build({
    entryPoints: ['server', 'load'].map((name) => join(__dirname, `${name}.ts`)),
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  const server = fork(join(folder, 'server.js'), [pace], { execArgv: ['--expose-gc'] });
  try {
    const { controlPlane, accessKeyId, secretAccessKey } = await nextMessage(server);
    /** Returns the memory of the service, and its CPU time since the last call. */
    const usage = () => {
      server.send({});
      return nextMessage(server);
    };
    const load = (mode: string, ...counts: number[]) => fork(
      join(folder, 'load.js'), [mode, controlPlane, accessKeyId, secretAccessKey, pace, ...counts.map(String)],
    );
    const report = async (title: string, mode: string, ...counts: number[]) => {
      await usage();
      const result = await nextMessage(load(mode, ...counts));
      const { cpuSeconds, heapUsed } = await usage();
      console.log(title, rounded({ ...result, 'service CPU s': cpuSeconds, 'heap MB': megabytes(heapUsed) }));
    };
    const once = async (seconds: number) => {
      if (what !== 'fan-out') await report('signed requests, 16 at a time:', 'requests', seconds);
      await report('100 rooms x 10 users, 10 messages at a time:', 'rooms', 100, 10, 10, seconds);
      await report('1 room x 1,000 users, 10 messages at a time:', 'rooms', 1, 1000, 10, seconds);
    };
    console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]!.model}`);
    if (what === 'idle') {
      const [count, minutes] = [Number(numbers[0] ?? 15_000), Number(numbers[1] ?? 10)];
      const before = await usage();
      const connections = load('idle', count);
      await nextMessage(connections);
      for (let minute = 0; minute <= minutes; minute++) {
        const { rss, heapUsed, external, cpuSeconds } = await usage();
        const heap = heapUsed + external - before.heapUsed - before.external;
        console.log(`${count} idle connections, minute ${minute}:`, {
          'rss bytes each': Math.round((rss - before.rss) / count),
          'heap bytes each': Math.round(heap / count),
          'service CPU s': cpuSeconds,
        });
        if (minute < minutes) await wait(60);
      }
      connections.send({});
      console.log('Connections that were closed during this time:', await nextMessage(connections));
    } else if (what === 'soak') {
      const end = Date.now() + Number(numbers[0] ?? 30) * 60_000;
      while (Date.now() < end) await once(10);
    } else {
      await once(10);
    }
  } finally {
    server.disconnect();
    rmSync(folder, { recursive: true });
  }
}

void main();
