import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { synthesizeThings } from './fixtures/synthesize';
import type { DeployEvent } from '../../../local/aws/deploy-event';
import { startLocalDeploy, type LocalDeploy } from '../../../local/aws/start-local-deploy';

// These tests run the unmodified AWS CDK CLI against the local endpoint.
jest.setTimeout(120_000);

const directory = mkdtempSync(path.join(tmpdir(), 'cdk-cli-test-'));
const assembly = (name: string) => path.join(directory, name);
/** While this file exists, the delete of one resource of the second assembly fails. */
const flag = path.join(directory, 'flag');
const events: DeployEvent[] = [];
let deploy: LocalDeploy;

beforeAll(async () => {
  deploy = await startLocalDeploy({ log: (event) => events.push(event) });
  writeFileSync(flag, '');
  synthesizeThings(assembly('first'), { One: { Name: 'one', Count: 5 }, Two: { Name: 'two' } });
  synthesizeThings(assembly('second'), {
    One: { Name: 'one', Count: 6, FailOn: 'Delete', While: flag },
    Two: { Name: 'three' },
  });
  if (!process.env.LONG_TESTS) return;
  synthesizeThings(assembly('failing'), { One: { Name: 'four' }, Two: { Name: 'three', FailOn: 'Update' } });
  synthesizeThings(assembly('changed'), { One: { Name: 'one', Count: 5 }, Two: { Name: 'two' } }, { again: true });
});

afterAll(async () => {
  await deploy.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the CLI in a separate environment. */
function cdk(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    process.execPath,
    [require.resolve('aws-cdk/bin/cdk'), '--no-notices', '--no-version-reporting', '--ci', ...args],
    {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: directory, CDK_DISABLE_CLI_TELEMETRY: '1', ...deploy.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

/** Returns the requests that the function has logged since the last call. */
function requests(): string[] {
  const lines = events
    .splice(0)
    .flatMap((event) => (event.kind === 'function-output' ? [event.line] : []))
    .flatMap((line) => line.match(/\{"notice":"request".*/) ?? []);
  return lines
    .map((line) => JSON.parse(line) as { [key: string]: unknown })
    .map(({ RequestType, id, name }) => [RequestType, id, name].filter(Boolean).join(' '));
}

const ok = expect.objectContaining({ code: 0 });

// Each command takes 1 to 3 s, so tests that other tests partly cover run with LONG_TESTS only.
const long = process.env.LONG_TESTS ? test : test.skip;

long(
  'seeded, without bootstrap: a failing update rolls back, and the CLI says why, with the log of the function',
  async () => {
    expect(await cdk('deploy', '--app', assembly('first'), '--require-approval', 'never')).toEqual(ok);
    const result = await cdk('deploy', '--app', assembly('failing'), '--require-approval', 'never');
    expect(result.code).toBe(1);
    expect(result.output).toContain('UPDATE_ROLLBACK_IN_PROG');
    expect(result.output).toContain('Message returned: asked to fail on Update');
    expect(result.output).toContain('"notice":"request"');
    expect(requests()).toEqual([
      'Create one',
      'Create two',
      'Update thing-one four',
      'Update thing-two three',
      // the rollback uses the ID of the failed update
      'Update thing-four one',
      'Update thing-three two',
      'Delete thing-three three',
      'Delete thing-four four',
    ]);
  },
);

long('--no-rollback stops where it failed; rollback takes it back', async () => {
  const result = await cdk('deploy', '--app', assembly('failing'), '--require-approval', 'never', '--no-rollback');
  expect(result.code).toBe(1);
  expect(requests()).toEqual(['Update thing-one four', 'Update thing-two three']);
  expect(await cdk('rollback', '--app', assembly('failing'))).toEqual(ok);
  expect(requests()).toEqual([
    'Update thing-four one',
    'Update thing-three two',
    'Delete thing-three three',
    'Delete thing-four four',
  ]);
});

long('--hotswap changes the code of the function without a deployment', async () => {
  const result = await cdk('deploy', '--app', assembly('changed'), '--require-approval', 'never', '--hotswap');
  expect(result).toEqual(ok);
  expect(result.output).toContain('hotswapped!');
  expect(events.some((event) => event.kind === 'stack' && event.event.ResourceStatus === 'UPDATE_IN_PROGRESS')).toBe(
    false,
  );
  expect(await cdk('destroy', '--app', assembly('first'), '--force')).toEqual(ok);
  expect(requests()).toEqual(['Delete thing-two two again', 'Delete thing-one one again']);
});

test('bootstrap succeeds in a bootstrapped account, and the CLI uses its roles afterward', async () => {
  const result = await cdk('bootstrap', `aws://${deploy.accountId}/${deploy.region}`);
  expect(result).toEqual(ok);
  expect(result.output).toContain('bootstrapped');
});

test('deploy creates a stack with a change set', async () => {
  const outputs = path.join(directory, 'outputs.json');
  const result = await cdk(
    'deploy',
    '--app',
    assembly('first'),
    '--require-approval',
    'never',
    '--outputs-file',
    outputs,
  );
  expect(result).toEqual(ok);
  expect(result.output).not.toMatch(/could not be used to assume|Proceeding anyway/);
  expect(JSON.parse(readFileSync(outputs, 'utf8'))).toEqual({ Things: { OneName: 'one', TwoName: 'two' } });
  expect(requests()).toEqual(['Create one', 'Create two']);
});

test('deploy without changes does nothing', async () => {
  const result = await cdk('deploy', '--app', assembly('first'), '--require-approval', 'never');
  expect(result).toEqual(ok);
  expect(result.output).toContain('(no changes)');
  expect(requests()).toEqual([]);
});

test('diff shows the changes of a change set', async () => {
  const result = await cdk('diff', '--app', assembly('second'), '--fail');
  expect(result.code).toBe(1);
  expect(result.output).toMatch(/Custom::Thing One One may be replaced/);
  expect(result.output).not.toContain('Could not create a change set');
  expect(requests()).toEqual([]);
});

test('deploy --method=direct updates a resource, replaces another and deletes its predecessor', async () => {
  expect(await cdk('deploy', '--app', assembly('second'), '--require-approval', 'never', '--method=direct')).toEqual(
    ok,
  );
  expect(requests()).toEqual(['Update thing-one one', 'Update thing-two three', 'Delete thing-two two']);
});

test('destroy fails when a delete fails', async () => {
  const result = await cdk('destroy', '--app', assembly('second'), '--force');
  expect(result.code).toBe(1);
  expect(result.output).toContain('asked to fail on Delete');
  expect(requests()).toEqual(['Delete thing-three three', 'Delete thing-one one']);
});

test('destroy succeeds when deletes no longer fail', async () => {
  rmSync(flag);
  expect(await cdk('destroy', '--app', assembly('second'), '--force')).toEqual(ok);
  expect(requests()).toEqual(['Delete thing-one one']);
});
