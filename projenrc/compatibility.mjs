// Compares the API of the constructs with the last release. .compatignore has the reviewed exceptions.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const view = spawnSync('npm', ['view', name, 'version', '--json'], { cwd: root, encoding: 'utf8' });
if (view.status !== 0) {
  let code;
  try {
    code = JSON.parse(view.stdout).error.code;
  } catch {
    // The output is not JSON, for example without a network.
  }
  if (code !== 'E404') {
    console.error(`The npm registry did not answer with the last release of ${name}.\n${view.stdout}${view.stderr}`);
    process.exit(1);
  }
  console.log(`NOT COMPARED: ${name} has no release yet. This check passes only for that reason.`);
} else {
  const last = JSON.parse(view.stdout);
  console.log(`Comparing with ${name} ${last} ...`);
  const jsiiDiff = createRequire(import.meta.url).resolve('jsii-diff/bin/jsii-diff');
  const { status } = spawnSync(process.execPath, [
    jsiiDiff, `npm:${name}@${last}`, root, '--keys', '--ignore-file', '.compatignore', '--error-on', 'all',
  ], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error('The API is not compatible with the last release. Undo the change, or review it for .compatignore.');
    process.exit(1);
  }
}
