// Builds the library if it is missing or older than its sources. A new clone needs it before npm start and npm test.
//
// With --javascript, it builds only the code that npm start runs: no declarations, and no API description for the other
// languages, which jsii needs half a minute for.
import '../local/bin/node-version.cjs';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const onlyJavaScript = process.argv.includes('--javascript');
const built = join(root, 'lib', '.built');
const builtJavaScript = join(root, 'lib', '.built-javascript');

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

const isUpToDate = (stamp) => existsSync(stamp)
  && Math.max(...sources.map((source) => changed(join(root, source)))) <= statSync(stamp).mtimeMs;

/** Compiles the constructs without a check of their types. */
const transpile = () => build({
  absWorkingDir: root,
  entryPoints: ['src/**/*.ts'],
  outdir: 'lib',
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  logLevel: 'error',
});

const steps = onlyJavaScript
  ? () => Promise.all([transpile(), run('projenrc/bundle.mjs')])
  : () => Promise.all([
    run(require.resolve('jsii/bin/jsii'), '--silence-warnings=reserved-word')
      .then(() => run('projenrc/bundle-constructs.mjs')),
    run('projenrc/bundle.mjs')
      .then(() => run(require.resolve('typescript/bin/tsc'), '-p', 'projenrc/declarations.tsconfig.json'))
      .then(() => run('projenrc/declarations.mjs')),
  ]);

if (!isUpToDate(built) && !(onlyJavaScript && isUpToDate(builtJavaScript))) {
  const start = Date.now();
  if (!onlyJavaScript) {
    console.log('Building the library. This takes half a minute, and only runs after a change of the sources ...');
  }
  try {
    await steps();
  } catch (error) {
    console.error(`The build failed: ${error.message}`);
    process.exit(1);
  }
  writeFileSync(onlyJavaScript ? builtJavaScript : built, '');
  if (!onlyJavaScript) console.log(`Built in ${((Date.now() - start) / 1000).toFixed(1)} s.`);
}
