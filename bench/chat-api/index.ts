/**
 * Measures the token function of the chat API beside a function that an application writes with the official SDKs:
 * `npx projen bench:chat-api [RUNS]`.
 *
 * - cold: from the start of a process to the first response, with the start of Node.js
 * - warm: the response time of later requests in the same process
 *
 * IVS Chat and DynamoDB are local, so the times contain no network. It also measures message review functions, and the
 * blocklist.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { createBlocklist } from '../../lambda/blocklist';
import { CreateRoomCommand, IvschatClient } from '../../lambda/client';
import { startLocalIvsChat } from '../../local/ivs-chat/start-local-ivs-chat';
import type { ChatApiConfiguration } from '../../src/contract/chat-api/configuration';
import { startDynaliteTable } from '../../test/lambda/dynamodb/dynalite-table';

const SUBJECTS = ['empty', 'token-only', 'chat-api', 'official-sdks', 'review', 'review-with-blocklist'];
const CALLS = 300;
const runs = Number(process.argv[2] ?? 15);

const run = promisify(execFile);
const quantile = (values: readonly number[], part: number) =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length * part)]!;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-chat-api-'));
  const ivsChat = await startLocalIvsChat({ region: 'eu-west-1' });
  const database = await startDynaliteTable();
  const { accessKeyId, secretAccessKey } = ivsChat.identities.administrator;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new IvschatClient({ region: 'eu-west-1', endpoint: ivsChat.controlPlane, credentials });
  const { arn } = await client.send(new CreateRoomCommand({}));
  const configuration: ChatApiConfiguration = {
    rooms: { lobby: arn! },
    table: database.table,
    roles: {},
    defaultRole: 'viewer',
    claims: { userId: 'sub' },
    sessionDurationInMinutes: 60,
  };
  const environment = {
    PATH: process.env.PATH,
    CHAT_API: JSON.stringify(configuration),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_IVSCHAT: ivsChat.controlPlane,
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
  };

  const bundle = (subject: string) => join(folder, `${subject}.js`);
  const measure = async (subject: string, calls: number): Promise<number[]> => {
    const args = [join(__dirname, 'measure.cjs'), bundle(subject), String(calls)];
    const { stdout } = await run(process.execPath, args, { env: environment });
    return JSON.parse(stdout);
  };
  for (const subject of SUBJECTS) {
    await build({
      mainFields: ['module', 'main'],
      external: ['@smithy/core/event-streams'],
      entryPoints: [join(__dirname, 'subjects', `${subject}.ts`)],
      outfile: bundle(subject),
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
    });
  }

  const cold: Record<string, number[]> = {};
  for (let count = 0; count < runs; count++) {
    for (const subject of SUBJECTS) {
      const start = performance.now();
      await measure(subject, 1);
      (cold[subject] ??= []).push(performance.now() - start);
    }
  }
  const rows = [];
  for (const subject of SUBJECTS) {
    const warm = (await measure(subject, CALLS)).slice(CALLS / 3);
    rows.push({
      'subject': subject,
      'bundle kB': (statSync(bundle(subject)).size / 1000).toFixed(1),
      'cold ms (median)': quantile(cold[subject]!, 0.5).toFixed(0),
      'cold ms without Node.js': (quantile(cold[subject]!, 0.5) - quantile(cold.empty!, 0.5)).toFixed(0),
      'warm ms (median)': quantile(warm, 0.5).toFixed(2),
      'warm ms (p99)': quantile(warm, 0.99).toFixed(2),
    });
  }
  console.table(rows);
  measureBlocklist();

  client.destroy();
  await database.close();
  await ivsChat.close();
  rmSync(folder, { recursive: true });
}

function measureBlocklist(): void {
  const start = performance.now();
  const blocklist = createBlocklist();
  const created = performance.now() - start;
  const messages = ['hello everyone, what a goal!', 'f.u.c.k', 'привет как дела '.repeat(30), 'a b c d e '.repeat(50)];
  const durations: number[] = [];
  for (let count = 0; count < 4000; count++) {
    const before = performance.now();
    blocklist.matches(messages[count % messages.length]!);
    durations.push(performance.now() - before);
  }
  const warm = durations.slice(400);
  console.log(`blocklist: created in ${created.toFixed(1)} ms, a message in ${quantile(warm, 0.5).toFixed(3)} ms `
    + `(median), ${quantile(warm, 0.99).toFixed(3)} ms (p99)`);
}

void main();
