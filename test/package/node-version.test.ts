/** Tests of the check of the Node.js version. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engines, scripts } from '../../package.json';

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'node-version-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program in a Node.js process that reports another version. */
function run(version: string, program: string) {
  const preload = join(folder, `${version}.cjs`);
  const versions = `{ ...process.versions, node: '${version}' }`;
  writeFileSync(preload, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
  const args = ['--require', preload, join(root, program)];
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
}

const check = 'local/bin/node-version.cjs';
const message = (version: string) => `cdk-ivs-chat requires Node.js 22.12.0 or later. This is Node.js ${version}. `
  + 'Install a supported version from https://nodejs.org and run the command again.\n';

test.each([
  check, 'projenrc/build-missing.mjs', 'lib/local/bin/ivs-chat-local.js',
])('%s prints one line and ends in an older version', (program) => {
  expect(run('20.20.2', program)).toMatchObject({ status: 1, stdout: '', stderr: message('20.20.2') });
});

test.each(['8.17.0', '18.20.8', '22.11.9'])('the check refuses Node.js %s', (version) => {
  expect(run(version, check)).toMatchObject({ status: 1, stdout: '', stderr: message(version) });
});

test.each(['22.12.0', '22.20.1', '24.0.0', '26.10.0', '100.0.0'])('the check accepts Node.js %s', (version) => {
  expect(run(version, check)).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('npm start and npm test check the version first', () => {
  expect(engines.node).toBe('>= 22.12.0');
  expect([scripts.prestart, scripts.pretest]).toEqual([`node ${check}`, `node ${check}`]);
});
