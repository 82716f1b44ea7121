/** Tests of the package as users get it, from `npm pack` and in another folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackedPackage } from './packed-package';
import { consolePage } from '../../local/ivs-chat/console/console-page.cjs';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'tarball-'));
const { tarball, files, installed } = installPackedPackage(folder);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script in a project in which only the package is installed. */
function node(name: string, script: string): string {
  writeFileSync(join(folder, name), script);
  const options = { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } } as const;
  return execFileSync(process.execPath, [join(folder, name)], options);
}

const readJson = (file: string) => JSON.parse(readFileSync(join(installed, file), 'utf8'));

test('the package has the required files and no other files', () => {
  const modules = ['index.js', 'index.mjs', 'index.d.ts', 'index.d.mts'];
  expect(files).toEqual(expect.arrayContaining([
    '.jsii', 'LICENSE', 'NOTICE', 'README.md', 'API.md', 'CHANGELOG.md', 'package.json', 'docs/local-deploy.md',
    'lib/index.js', 'lib/index.d.ts', 'assets/custom-resource/index.js',
    'lib/local/bin/ivs-chat-local.js', 'lib/local/lambda-host.cjs',
    ...['client', 'runtime', 'blocklist', 'session', 'react', 'local'].flatMap((subpath) =>
      modules.map((file) => `lib/${subpath}/${file}`)),
  ]));

  const expected = [
    /^lib\/.*\.(js|mjs|cjs|d\.ts|d\.mts)$/,
    /^assets\/[\w-]+\/index\.js$/,
    /^docs\/([\w-]+\.md|chat-api\.openapi\.json)$/,
    /^(llms\.txt|skills\/[\w-]+\/SKILL\.md)$/,
    /^(\.jsii|LICENSE|NOTICE|(README|API|CHANGELOG|SECURITY)\.md|package\.json|sbom\.cdx\.json)$/,
  ];
  expect(files.filter((file) => !expected.some((pattern) => pattern.test(file)))).toEqual([]);
});

test('the package has no dependencies and two peer dependencies', () => {
  const { dependencies, bundledDependencies, peerDependencies } = readJson('package.json');
  expect({ dependencies, bundledDependencies }).toEqual({});
  expect(Object.keys(peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
});

const hasRegistry = spawnSync('npm', ['view', 'constructs', 'version'], { timeout: 60_000 }).status === 0;
if (!hasRegistry) console.warn('SKIPPED: the installation without the peers, because the npm registry does not answer');

(hasRegistry ? test : test.skip)('the local services without the peers take at most 10 MB, and run', () => {
  const options = { cwd: join(folder, 'local-only'), encoding: 'utf8' } as const;
  mkdirSync(options.cwd);
  writeFileSync(join(options.cwd, 'package.json'), '{}');
  const npm = (command: string, ...args: string[]) =>
    execFileSync('npm', [command, '--omit=peer', '--no-audit', '--no-fund', ...args], options);
  npm('install', '--cache', join(folder, 'cache'), tarball);
  const modules = join(options.cwd, 'node_modules');
  expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual(['cdk-ivs-chat']);
  const sizes = readdirSync(modules, { recursive: true, withFileTypes: true })
    .map((entry) => (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0));
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(10_000_000);

  const { version } = readJson('package.json');
  const call = ['--yes', '--cache', join(folder, 'cache'), `--package=${tarball}`];
  expect(npm('exec', ...call, '--', 'cdk-ivs-chat', '--version')).toBe(`${version}\n`);
});

test('every file that package.json names exists, and the command runs', () => {
  const { main, types, exports, bin, typesVersions } = readJson('package.json');
  const targets = textsIn([main, types, exports, bin, typesVersions]).map((text) => text.replace(/^\.\//, ''));
  expect(targets.length).toBeGreaterThan(20);
  expect(targets.filter((target) => !files.includes(target))).toEqual([]);
  expect(execFileSync(join(installed, bin['ivs-chat-local']), ['--help'], { encoding: 'utf8' })).toContain('Usage');
});

/** Returns all strings inside a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test('NOTICE names every inlined package with its license', () => {
  const notice = readFileSync(join(installed, 'NOTICE'), 'utf8');
  expect(inlinedPackages()).toEqual(expect.arrayContaining(['@smithy/core', 'fflate', 'ws', 'yaml']));
  for (const name of inlinedPackages()) expect(notice).toContain(`\n${name} `);
});

/** Returns the names of the inlined packages. esbuild writes a comment with the path before each inlined file. */
function inlinedPackages(): string[] {
  const names = files.filter((file) => /^lib\/\w+\/\w+\.m?js$/.test(file)).flatMap((file) => {
    const code = readFileSync(join(installed, file), 'utf8');
    return [...code.matchAll(/^ *\/\/ node_modules\/((?:@[^/\n]+\/)?[^/\n]+)/gm)].map(([, name]) => name!);
  });
  // The page of the console is minified.
  const page = consolePage().inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
  return [...new Set([...names, ...page])].sort();
}

test('sbom.cdx.json has exactly the inlined packages, with their versions and licenses', () => {
  const { bomFormat, metadata, components, dependencies } = readJson('sbom.cdx.json');
  expect(bomFormat).toBe('CycloneDX');
  const { name, version } = readJson('package.json');
  expect(metadata.component).toMatchObject({ name, version, purl: `pkg:npm/${name}@${version}` });

  const expected = inlinedPackages().map((inlined) => {
    const manifest = JSON.parse(readFileSync(join(root, 'node_modules', inlined, 'package.json'), 'utf8'));
    return [inlined, manifest.version, manifest.license];
  });
  expect(components.map(({ group, name: short, version: inlined, licenses }: any) =>
    [group ? `${group}/${short}` : short, inlined, licenses[0].license.id])).toEqual(expected);
  expect(dependencies[0].dependsOn).toEqual(components.map(({ purl }: { purl: string }) => purl));
});

test('the subpaths load without aws-cdk-lib, by require and by import', () => {
  const types = '[typeof client.IvschatClient, typeof runtime.createChatToken, typeof local.startLocal, '
    + 'typeof session.createChatSession]';
  const print = `console.log(${types}.join())`;
  const modules = ['client', 'runtime', 'local', 'session'];
  const required = modules.map((name) => `const ${name} = require('cdk-ivs-chat/${name}');`);
  const imported = modules.map((name) => `import * as ${name} from 'cdk-ivs-chat/${name}';`);
  expect(node('required.cjs', [...required, print].join('\n'))).toBe('function,function,function,function\n');
  expect(node('imported.mjs', [...imported, print].join('\n'))).toBe('function,function,function,function\n');
});

test('cdk-ivs-chat/react needs React only, and uses the module of cdk-ivs-chat/session', () => {
  symlinkSync(join(root, 'node_modules', 'react'), join(folder, 'node_modules', 'react'));
  const names = 'Object.keys(react).sort().join()';
  const expected = 'ChatProvider,useChat,useChatEvent,useChatSession\n';
  expect(node('react.cjs', `const react = require('cdk-ivs-chat/react'); console.log(${names})`)).toBe(expected);
  expect(node('react.mjs', `import * as react from 'cdk-ivs-chat/react'; console.log(${names})`)).toBe(expected);
  for (const [file, module] of [['index.js', '../session/index.js'], ['index.mjs', '../session/index.mjs']]) {
    const code = readFileSync(join(installed, 'lib', 'react', file!), 'utf8');
    expect(code).toMatch(/^'use client';/);
    expect(code).toContain(module);
    expect(code).not.toContain('createSessionCore');
  }
});

test('an error of one build is an instance of the class of each other build', () => {
  expect(node('instances.mjs', `
    import { createRequire } from 'node:module';
    import * as client from 'cdk-ivs-chat/client';
    import * as runtime from 'cdk-ivs-chat/runtime';
    const require = createRequire(import.meta.url);
    const builds = [client, runtime, require('cdk-ivs-chat/client'), require('cdk-ivs-chat/runtime')];
    const error = await runtime.createChatToken({}).catch((thrown) => thrown);
    console.log(
      new Set(builds.map(({ ValidationException }) => ValidationException)).size,
      builds.every(({ ValidationException }) => error instanceof ValidationException),
      builds.every(({ IvschatServiceException }) => error instanceof IvschatServiceException),
      builds.some(({ ConflictException, TimeoutError }) =>
        error instanceof ConflictException || error instanceof TimeoutError),
    );`)).toBe('4 true true false\n');
});

test('the constructs synthesize, with the packed handler as the asset', () => {
  for (const peer of ['aws-cdk-lib', 'constructs']) {
    symlinkSync(join(root, 'node_modules', peer), join(folder, 'node_modules', peer));
  }
  const output = join(folder, 'cdk.out');
  node('app.cjs', `
    const { App, Stack } = require('aws-cdk-lib');
    const { ChatRoom } = require('cdk-ivs-chat');
    const app = new App({ outdir: ${JSON.stringify(output)} });
    new ChatRoom(new Stack(app, 'Stack'), 'Room');
    app.synth();`);
  const asset = readdirSync(output).find((entry) => entry.startsWith('asset.'))!;
  const handler = readFileSync(join(installed, 'assets', 'custom-resource', 'index.js'), 'utf8');
  expect(readFileSync(join(output, asset, 'index.js'), 'utf8')).toBe(handler);
});

test('the types resolve in node10, node16 (CommonJS and ESM) and bundler', () => {
  const attw = join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
  const args = [attw, tarball, '--exclude-entrypoints', '.jsii', 'package.json'];
  execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' });
});
