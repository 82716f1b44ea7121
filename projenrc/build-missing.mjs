// Builds the library if it is missing or older than its sources. A new clone needs it before npm start and npm test.
import '../local/bin/node-version.cjs';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const stamp = join(root, 'lib', '.built');

const sources = ['src', 'lambda', 'front-end', 'local', 'projenrc', 'package.json', 'tsconfig.json'];
const changed = (path) => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((entry) => changed(join(path, entry))));
};

/** Runs a step. The error of a failed step contains its output. */
const run = (bin, ...args) => new Promise((done, failed) => {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => {
    printed += data;
  });
  child.on('close', (code) => (code === 0 ? done() : failed(new Error(`${bin} ${args.join(' ')}\n${printed}`))));
});

if (!existsSync(stamp) || Math.max(...sources.map((source) => changed(join(root, source)))) > statSync(stamp).mtimeMs) {
  const start = Date.now();
  console.log('Building the library. This takes half a minute, and only runs after a change of the sources ...');
  try {
    await Promise.all([
      run(require.resolve('jsii/bin/jsii'), '--silence-warnings=reserved-word'),
      run('projenrc/bundle.mjs')
        .then(() => run(require.resolve('typescript/bin/tsc'), '-p', 'projenrc/declarations.tsconfig.json'))
        .then(() => run('projenrc/declarations.mjs')),
    ]);
  } catch (error) {
    console.error(`The build failed: ${error.message}`);
    process.exit(1);
  }
  writeFileSync(stamp, '');
  console.log(`Built in ${((Date.now() - start) / 1000).toFixed(1)} s.`);
}
