// Bundles all code that jsii does not compile. NOTICE lists the inlined packages with their licenses.
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { pureSmithy } from './pure-smithy.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** For browsers and React Native, platform.browser.ts replaces platform.ts. */
const browserPlatform = {
  name: 'browser-platform',
  setup: ({ onResolve }) => onResolve({ filter: /^(\.|\.\.\/http)\/platform$/ }, ({ path, resolveDir }) => ({
    path: join(resolveDir, `${path}.browser.ts`),
  })),
};

const node = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  ...pureSmithy,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  absWorkingDir: root,
};
const cjs = { ...node, format: 'cjs' };
const esm = { ...node, format: 'esm', outExtension: { '.js': '.mjs' } };

/** Returns the bundles of a subpath of the package: one for CommonJS and one for ES modules. */
const subpath = (name, source) => [
  { ...cjs, entryPoints: { index: `${source}/index.ts` }, outdir: `lib/${name}` },
  { ...esm, entryPoints: { index: `${source}/index.ts` }, outdir: `lib/${name}` },
];

/** Returns the bundles of a subpath that runs in browsers, in React Native and in Node.js. */
const frontEnd = (name, options = {}) => subpath(name, `front-end/${name}`).map((bundle) => ({
  ...bundle, platform: 'neutral', target: 'es2022', ...options,
}));

/** cdk-ivs-chat/react uses the same module as an application that imports cdk-ivs-chat/session. */
const sessionModule = {
  name: 'session-module',
  setup: ({ initialOptions: { format }, onResolve }) => onResolve({ filter: /^\.\.\/session$/ }, () => ({
    path: `../session/index.${format === 'esm' ? 'mjs' : 'js'}`, external: true,
  })),
};

/** Returns the bundles of a subpath for browsers, React Native, workers and edge runtimes. */
const browser = (name) => [cjs, esm].map((format) => ({
  ...format,
  platform: 'browser',
  target: 'es2022',
  mainFields: ['browser', 'module', 'main'],
  plugins: [...pureSmithy.plugins, browserPlatform],
  entryPoints: { browser: `lambda/${name}/index.ts` },
  outdir: `lib/${name}`,
}));

/** Old versions of Node.js can read it, up to the message of node-version.cjs. It needs only the engines of package.json. */
const program = {
  ...cjs,
  target: 'es2015',
  entryPoints: { 'ivs-chat-local': 'local/bin/ivs-chat-local.ts' },
  outdir: 'lib/local/bin',
  external: [...node.external, '../index'],
  plugins: [...pureSmithy.plugins, {
    name: 'engines',
    setup: ({ onLoad, onResolve }) => {
      onLoad({ filter: /package\.json$/ }, ({ path }) => {
        const { engines } = JSON.parse(readFileSync(path, 'utf8'));
        return { loader: 'json', contents: JSON.stringify({ engines }) };
      });
      // The package has no side effects except this one.
      onResolve({ filter: /node-version\.cjs$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path), sideEffects: true }));
    },
  }],
};

const require = createRequire(import.meta.url);
const consolePage = require('../local/ivs-chat/console/console-page.cjs').consolePage();

/** The local services contain the page of the console as text. */
const consolePageAsText = {
  name: 'console-page',
  setup: ({ onLoad }) => onLoad({ filter: /console-page\.cjs$/ }, () => {
    const { html, style, script } = consolePage;
    return { contents: `exports.consolePage = () => (${JSON.stringify({ html, style, script })});` };
  }),
};

const bundles = [
  { ...cjs, entryPoints: { index: 'lambda/custom-resource/index.ts' }, outdir: 'assets/custom-resource', minify: true },
  { ...cjs, entryPoints: { index: 'lambda/chat-api/token/index.ts' }, outdir: 'assets/chat-api-token', minify: true },
  {
    ...cjs,
    entryPoints: { index: 'lambda/chat-api/moderation/index.ts' },
    outdir: 'assets/chat-api-moderation',
    minify: true,
  },
  ...subpath('client', 'lambda/client'),
  ...browser('client'),
  ...subpath('runtime', 'lambda/runtime'),
  ...browser('runtime'),
  ...subpath('blocklist', 'lambda/blocklist'),
  ...frontEnd('session'),
  ...frontEnd('react', {
    external: ['react'],
    plugins: [sessionModule],
    banner: { js: "'use client';" }, // Components of a React server can import it.
  }),
  {
    ...cjs,
    entryPoints: { index: 'local/index.ts' },
    outdir: 'lib/local',
    plugins: [...pureSmithy.plugins, consolePageAsText],
  },
  program,
];

// Removes the files of earlier bundles. The declarations stay, because another step creates them.
for (const folder of new Set(bundles.map(({ outdir }) => join(root, outdir)))) {
  for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
    if (!/\.d\.m?ts$/.test(entry)) rmSync(join(folder, entry), { recursive: true });
  }
}

const inlined = new Set();
/** Adds the packages of the sources to those that NOTICE and sbom.cdx.json name. */
const addInlined = (inputs) => {
  for (const input of inputs) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
    if (name) inlined.add(name);
  }
};
addInlined(consolePage.inputs);
for (const options of bundles) {
  const { metafile } = await build(options);
  for (const [output, { imports, inputs }] of Object.entries(metafile.outputs)) {
    // esbuild keeps no code of some inputs.
    addInlined(Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0));
    const left = imports.find(({ path, external }) => external && path.startsWith('@'));
    if (left) throw new Error(`${output} still imports ${left.path}`);
    const content = readFileSync(join(root, output));
    console.log(`${output}  ${(content.length / 1000).toFixed(1)} kB (${(gzipSync(content).length / 1000).toFixed(1)} kB gzip)`);
  }
}

// The local services load this program from their own folder, so there is only one bundle of them. It is CommonJS, and
// the ES module exports its names.
cpSync(join(root, 'local/aws/lambda/lambda-host.cjs'), join(root, 'lib/local/lambda-host.cjs'));
const names = Object.keys(require(join(root, 'lib/local/index.js')));
writeFileSync(join(root, 'lib/local/index.mjs'), `export { ${names.join(', ')} } from './index.js';\n`);

const packages = [...inlined].sort().map((name) => {
  const folder = join(root, 'node_modules', name);
  const { version, license, homepage = '' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} cannot be inlined, because it has no license file`);
  return { name, version, license, homepage, text: readFileSync(join(folder, file), 'utf8').trim() };
});
const notices = packages.map(({ name, version, license, homepage, text }) =>
  `${'='.repeat(80)}\n${name} ${version} (${license}) ${homepage}\n\n${text}\n`);
writeFileSync(join(root, 'NOTICE'), `cdk-ivs-chat
Copyright the cdk-ivs-chat authors

What ships contains code of the packages below, inlined by esbuild.

${notices.join('\n')}`);

// The software bill of materials, in the format of CycloneDX.
const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const component = (entry, extra) => {
  const [short, group] = entry.name.split('/').reverse();
  const reference = purl(entry.name, entry.version);
  const licenses = [{ license: { id: entry.license } }];
  return { 'type': 'library', 'bom-ref': reference, group, 'name': short, 'version': entry.version, licenses, 'purl': reference, ...extra };
};
const references = packages.map((entry) => purl(entry.name, entry.version));
writeFileSync(join(root, 'sbom.cdx.json'), `${JSON.stringify({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: component({ name, version, license }) },
  components: packages.map((entry) => component(entry, { scope: 'required' })),
  dependencies: [{ ref: purl(name, version), dependsOn: references }, ...references.map((ref) => ({ ref }))],
}, null, 2)}\n`);
