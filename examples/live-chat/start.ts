/**
 * npm start: deploys this example to local services with the CDK CLI, and serves the chat page.
 *
 * With --once, it runs the round trip without a person and destroys the stack.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cdk } from './cdk-cli';
import { servePage } from './serve-page';

async function main() {
  const { once } = parseArgs({ options: { once: { type: 'boolean', default: false } } }).values;
  const buildMissing = join(__dirname, '..', '..', 'projenrc', 'build-missing.mjs');
  const build = spawnSync(process.execPath, [buildMissing], { stdio: 'inherit' });
  if (build.status !== 0) process.exit(1); // The build has printed the reason.
  // This import comes after the build, which creates the module.
  const { startLocal } = await import('cdk-ivs-chat/local');

  const ending = new AbortController();
  const ended = new Promise((resolve) => ending.signal.addEventListener('abort', resolve));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort(signal));

  const output = mkdtempSync(join(tmpdir(), 'live-chat-'));
  const step = async <Result>(name: string, work: () => Promise<Result>) => {
    const start = Date.now();
    console.log(`\n▸ ${name}`);
    const result = await work();
    console.log(`  done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return result;
  };

  const local = await step('Start a local IVS Chat and a local endpoint for the CDK CLI', () => startLocal());
  const page = await servePage();
  try {
    const moderatorKey = randomUUID();
    const print = (line: string) => line.trim() && console.log(`  ${line}`);
    const call = { environment: local.environment, signal: ending.signal, print };
    const deploy = async (...context: string[]) => {
      await cdk([
        'deploy', '--require-approval', 'never', '--progress', 'events',
        '--output', join(output, 'cdk.out'), '--outputs-file', join(output, 'outputs.json'),
        '--context', `pageOrigin=${page.origin}`, '--context', `moderatorKey=${moderatorKey}`,
        ...context.flatMap((pair) => ['--context', pair]),
      ], call);
      const { LiveChat } = JSON.parse(readFileSync(join(output, 'outputs.json'), 'utf8'));
      return LiveChat as { RoomArn: string; TokenUrl: string };
    };
    const destroy = () => cdk(['destroy', '--force', '--output', join(output, 'cdk.out')], call);

    const deployed = await step('cdk deploy', () => deploy());
    page.configure({ tokenUrl: deployed.TokenUrl, messaging: local.messaging });

    if (once) {
      const { roundTrip } = await import('./round-trip.js');
      await roundTrip({ step, deploy, destroy, deployed, local, pageOrigin: page.origin, moderatorKey });
      console.log('\nThe whole trip worked.');
      return;
    }
    console.log(`
  Room        ${deployed.RoomArn}
  Token URL   ${deployed.TokenUrl}

  Chat        ${page.origin}/
  Moderator   ${page.origin}/#moderator=${moderatorKey}
  Console     ${local.console}

Open the chat in two tabs and talk. Ctrl-C ends everything.`);
    await ended;
    console.log('\nEnding ...');
  } finally {
    await page.close();
    await local.close();
    rmSync(output, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  if (error.name === 'AbortError') return;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
});
