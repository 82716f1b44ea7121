/**
 * Measures the memory and the time of a deployment of many rooms to the local services with the CDK CLI. Each room is a
 * custom resource, and CloudFormation sends the requests of all rooms at the same time.
 *
 * The memory is the proportional set size of the local services, of the instances of the functions and of the CDK CLI,
 * read every 200 ms from /proc (Linux only).
 *
 *     npx projen bench:local-deployment --rooms 200
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import { cdk } from '../../examples/live-chat/cdk-cli';
import { ChatRoom } from '../../src';

const { values } = parseArgs({ options: { rooms: { type: 'string', default: '100' } } });
const rooms = Number(values.rooms);

/** Returns the content of a file of a process, or nothing after its end. */
function read(id: string, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Returns the megabytes of each descendant of this process by its role. */
function memory(): { services: number; instances: number; cli: number; count: number } {
  const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    .map((id) => [id, /^PPid:\t(\d+)/m.exec(read(id, 'status'))?.[1]]));
  const isBelow = (id: string | undefined): boolean =>
    id !== undefined && (id === String(process.pid) || isBelow(parents.get(id)));

  const sum = { services: 0, instances: 0, cli: 0, count: 0 };
  for (const id of parents.keys()) {
    if (id === String(process.pid) || !isBelow(id)) continue;
    const command = read(id, 'cmdline');
    const megabytes = Number(/^Pss:\s+(\d+)/m.exec(read(id, 'smaps_rollup'))?.[1] ?? 0) / 1000;
    if (command.includes('lambda-host')) {
      sum.instances += megabytes;
      sum.count += 1;
    }
    if (command.includes('ivs-chat-local')) sum.services += megabytes;
    if (command.includes('aws-cdk')) sum.cli += megabytes;
  }
  return sum;
}

const total = ({ services, instances, cli }: ReturnType<typeof memory>) => services + instances + cli;
const described = (sample: ReturnType<typeof memory>) => `${total(sample).toFixed(0)} MB (local services `
  + `${sample.services.toFixed(0)}, ${sample.count} instances ${sample.instances.toFixed(0)}, CDK CLI `
  + `${sample.cli.toFixed(0)})`;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'local-deployment-'));
  const app = new App({ outdir: join(folder, 'assembly'), analyticsReporting: false });
  const stack = new Stack(app, 'Rooms', { env: { account: '123456789012', region: 'us-west-2' } });
  for (let index = 0; index < rooms; index += 1) new ChatRoom(stack, `Room${index}`);
  app.synth();

  const services = spawn(process.execPath, ['lib/local/bin/ivs-chat-local.js', '--json'], {
    cwd: join(__dirname, '..', '..'), stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(services.stdout.setEncoding('utf8'), 'data');
    const { environment } = JSON.parse(line);
    console.log(`idle: ${described(memory())}`);

    let peak = memory();
    const sampler = setInterval(() => {
      const sample = memory();
      if (total(sample) > total(peak)) peak = sample;
    }, 200);
    const start = performance.now();
    await cdk(['deploy', '--app', app.outdir, '--require-approval', 'never'], { environment });
    const seconds = (performance.now() - start) / 1000;
    clearInterval(sampler);
    console.log(`${rooms} rooms in ${seconds.toFixed(1)} s, peak: ${described(peak)}`);

    await sleep(60_000);
    console.log(`after a minute: ${described(memory())}`);
  } finally {
    services.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
