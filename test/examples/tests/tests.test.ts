/**
 * Runs the example tests in a project of their own. Jest always runs. `npx projen test:recipes` installs Vitest and
 * Playwright, and runs their tests as well.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { chromiumPath } from '../../chromium';

jest.setTimeout(180_000);

const root = join(__dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'example-tests-'));
/** The folder in which Vitest and Playwright are installed. */
const installed = process.env.RECIPES_JAVASCRIPT;
if (!installed) console.warn('SKIPPED: the examples for Vitest and Playwright. `npx projen test:recipes` runs them.');

beforeAll(() => {
  cpSync(join(root, 'examples', 'tests'), folder, { recursive: true });
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@playwright'), { recursive: true });
  symlinkSync(root, join(modules, 'cdk-ivs-chat'));
  symlinkSync(join(root, 'node_modules', 'jest'), join(modules, 'jest'));
  if (!installed) return;
  for (const name of ['vitest', '@playwright/test']) {
    symlinkSync(join(installed, 'node_modules', name), join(modules, name));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a test framework in a folder of the example, and returns its output. */
function run(framework: string, program: string, ...args: string[]): string {
  const { JEST_WORKER_ID, ...environment } = process.env; // Playwright does not run inside Jest.
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: join(folder, framework),
    encoding: 'utf8',
    env: { ...environment, PATH: path, CHROMIUM_PATH: chromiumPath, CI: 'true', NO_COLOR: '1' },
  });
  const output = `${stdout}${stderr}`;
  if (status !== 0) throw new Error(`${framework} ended with ${status}\n${output}`);
  return output;
}

test('the tests with Jest pass', () => {
  const program = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  expect(run('jest', program)).toContain('Tests:       5 passed, 5 total');
});

(installed ? test : test.skip)('the tests with Vitest pass', () => {
  expect(run('vitest', join(installed!, 'node_modules', 'vitest', 'vitest.mjs'), 'run')).toMatch(/Tests\s+5 passed/);
});

(installed && chromiumPath ? test : test.skip)('the tests with Playwright pass', () => {
  const program = join(installed!, 'node_modules', '@playwright', 'test', 'cli.js');
  expect(run('playwright', program, 'test')).toContain('2 passed');
});
