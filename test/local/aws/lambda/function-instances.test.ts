import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Identities } from '../../../../local/aws/http/identities';
import type { FunctionConfiguration } from '../../../../local/aws/lambda/function-configuration';
import { FunctionInstances } from '../../../../local/aws/lambda/function-instances';
import { VirtualClock } from '../../../../local/clock';

jest.setTimeout(60_000);

const codeDirectory = mkdtempSync(join(tmpdir(), 'ivs-chat-instances-'));
writeFileSync(
  join(codeDirectory, 'index.js'),
  'exports.handler = ({ wait }) => new Promise((resolve) => setTimeout(resolve, wait, process.pid));',
);
const clock = new VirtualClock();
const instances = new FunctionInstances(
  {
    name: 'the-function',
    version: '$LATEST',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    roleArn: 'arn:aws:iam::123456789012:role/r',
    timeoutSeconds: 30,
    memorySize: 128,
    environment: {},
    layers: [],
    codeDirectory,
  } as Partial<FunctionConfiguration> as FunctionConfiguration,
  {
    clock,
    region: 'us-west-2',
    accountId: '123456789012',
    identities: new Identities(),
    nodePath: process.execPath,
    endpoint: 'http://127.0.0.1:1',
    responseHost: 'response.example',
    extraEnvironment: {},
    coldStartMilliseconds: 0,
    allowsOf: () => () => true,
    onOutput() {},
  },
);
afterAll(async () => {
  await instances.end(true);
  rmSync(codeDirectory, { recursive: true });
});

async function invoke(wait: number): Promise<number> {
  const { payload } = await instances.invoke({
    requestId: 'r',
    payload: JSON.stringify({ wait }),
    functionArn: 'arn:aws:lambda:us-west-2:123456789012:function:the-function',
  });
  return JSON.parse(payload) as number;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const ended = async (pid: number) => {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
};

test('at most 4 idle instances stay warm, for 10 minutes after their last invocation', async () => {
  const pids = await Promise.all(Array.from({ length: 7 }, () => invoke(500)));
  expect(new Set(pids).size).toBe(7);
  expect(pids.filter(isRunning)).toHaveLength(4);

  clock.advance(9 * 60_000);
  const warm = await invoke(0);
  expect(pids).toContain(warm);
  clock.advance(9 * 60_000);
  for (const pid of pids.filter((other) => other !== warm)) await ended(pid);
  expect(isRunning(warm)).toBe(true);
  expect(await invoke(0)).toBe(warm);

  clock.advance(10 * 60_000);
  await ended(warm);
  expect(await invoke(0)).not.toBe(warm);
});
