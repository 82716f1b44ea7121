// Builds the packages of all languages for a release, without publishing them:
// node projenrc/release.mjs [LANGUAGE...] [--go-cdk VERSION]
//
// The npm package is built twice, in two clones of the committed sources. Both have to have the same bytes. With
// --go-cdk VERSION, the Go package is compiled with a later version of the AWS CDK than the minimum. Some proxies do not
// have the minimum.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const tools = { js: 'npm', python: 'python3', java: 'mvn', go: 'go', dotnet: 'dotnet' };
const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'go-cdk': { type: 'string' } } });
const goCdk = values['go-cdk'];
const targets = positionals.length > 0 ? positionals : Object.keys(tools);
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

/** Runs a tool of jsii in the clone. */
function jsii(clone, tool, ...args) {
  execFileSync(process.execPath, [join(clone, 'node_modules', tool, 'bin', tool), ...args], {
    cwd: clone, stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Builds the package of one language in dist/ of the clone. */
function pack(clone, target) {
  const codeOnly = target === 'go' && goCdk !== undefined;
  jsii(clone, 'jsii-pacmak', '--target', target, '--outdir', 'dist', '--force-subdirectory',
    ...(target === 'js' ? [] : ['--rosetta-unknown-snippets', 'fail']), ...(codeOnly ? ['--code-only'] : []));
  if (codeOnly) compileGo(join(clone, 'dist', 'go', 'cdkivschat'));
}

/** Compiles the Go package like jsii-pacmak, with another version of the AWS CDK. */
function compileGo(cwd) {
  const go = (...args) => execFileSync('go', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const module = 'github.com/aws/aws-cdk-go/awscdk/v2';
  cpSync(join(cwd, 'go.mod'), join(cwd, 'local.go.mod'));
  try {
    // The indirect requirements belong to the version that is replaced. Some mirrors do not serve them.
    const { Require: required } = JSON.parse(go('mod', 'edit', '-json', 'local.go.mod'));
    const indirect = required.filter(({ Indirect }) => Indirect).map(({ Path }) => `-droprequire=${Path}`);
    go('mod', 'edit', `-replace=${module}=${module}@v${goCdk}`, ...indirect, 'local.go.mod');
    go('mod', 'tidy', '-modfile', 'local.go.mod');
    go('build', '-modfile', 'local.go.mod', './...');
  } finally {
    for (const file of ['local.go.mod', 'local.go.sum']) rmSync(join(cwd, file), { force: true });
  }
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

  const others = targets.filter((target) => target !== 'js');
  // The packages of the other languages contain the examples in their language.
  if (others.length > 0) jsii(first, 'jsii-rosetta', 'extract', '--strict', '.');

  const skipped = [];
  const failed = [];
  for (const target of others) {
    if (spawnSync('sh', ['-c', `command -v ${tools[target]}`]).status !== 0) {
      skipped.push(target);
      continue;
    }
    try {
      pack(first, target);
      console.log(`${target}: built`);
    } catch {
      failed.push(target);
    }
  }
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  cpSync(join(first, 'dist'), join(root, 'dist'), { recursive: true });
  for (const target of readdirSync(join(root, 'dist'))) {
    console.log(`dist/${target}: ${readdirSync(join(root, 'dist', target)).join(' ')}`);
  }
  for (const target of skipped) console.log(`NOT BUILT: ${target}, because ${tools[target]} is not installed`);
  for (const target of failed) console.log(`FAILED: ${target}; its build printed the reason above`);
  if (failed.length > 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
