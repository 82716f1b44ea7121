// Builds the packages of all languages for a release, without publishing them: node projenrc/release.mjs [LANGUAGE...]
//
// The npm package is built twice, in two clones of the committed sources. Both have to have the same bytes.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const tools = { js: 'npm', python: 'python3', java: 'mvn', go: 'go', dotnet: 'dotnet' };
const targets = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(tools);
const unknown = targets.filter((target) => !tools[target]);
if (unknown.length > 0) {
  console.error(`unknown language ${unknown.join()}; the languages are ${Object.keys(tools).join()}`);
  process.exit(1);
}

const work = mkdtempSync(join(tmpdir(), 'release-'));

/** Clones and builds the committed sources, and returns the folder. */
function build(name) {
  const clone = join(work, name);
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone]);
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(clone, 'node_modules')]);
  const run = (...args) => execFileSync(process.execPath, args, { cwd: clone, stdio: ['ignore', 'ignore', 'inherit'] });
  run('projenrc/build-missing.mjs');
  return clone;
}

/** Builds the package of one language in dist/ of the clone. */
function pack(clone, target) {
  const pacmak = join(clone, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak');
  execFileSync(process.execPath, [pacmak, '--target', target, '--outdir', 'dist', '--force-subdirectory'], {
    cwd: clone, stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function tarball(clone) {
  const folder = join(clone, 'dist', 'js');
  const bytes = readFileSync(join(folder, readdirSync(folder)[0]));
  return createHash('sha256').update(bytes).digest('hex');
}

try {
  const [first, second] = ['first', 'second'].map((name) => {
    console.log(`Building the ${name} clone ...`);
    const clone = build(name);
    pack(clone, 'js');
    return clone;
  });
  const hashes = [first, second].map(tarball);
  if (hashes[0] !== hashes[1]) throw new Error(`two builds of the npm package differ: ${hashes.join(' and ')}`);
  console.log(`npm package: two builds have the SHA-256 ${hashes[0]}`);

  const skipped = [];
  for (const target of targets.filter((one) => one !== 'js')) {
    if (spawnSync('sh', ['-c', `command -v ${tools[target]}`]).status !== 0) {
      skipped.push(target);
      continue;
    }
    pack(first, target);
    console.log(`${target}: built`);
  }
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  cpSync(join(first, 'dist'), join(root, 'dist'), { recursive: true });
  for (const target of readdirSync(join(root, 'dist'))) {
    console.log(`dist/${target}: ${readdirSync(join(root, 'dist', target)).join(' ')}`);
  }
  for (const target of skipped) console.log(`NOT BUILT: ${target}, because ${tools[target]} is not installed`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
