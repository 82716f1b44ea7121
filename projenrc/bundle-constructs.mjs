// Replaces lib/index.js, which jsii has compiled, by a bundle of all modules of the constructs. An app loads one file
// instead of fifty. It evaluates a module, and loads the modules of aws-cdk-lib that this one imports, only when the
// app uses the construct.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const index = readFileSync(join(root, 'src/index.ts'), 'utf8');
const exported = [...index.matchAll(/^export \{ (.+) \} from '(.+)';$/gm)]
  .flatMap(([, names, module]) => names.split(', ').map((name) => ({ name, module })));
const getters = exported.map(({ name, module }) =>
  `${name}: { enumerable: true, get: () => require('${module}').${name} }`);

await build({
  absWorkingDir: root,
  stdin: {
    contents: `Object.defineProperties(exports, { __esModule: { value: true }, ${getters} });`,
    resolveDir: join(root, 'lib'),
  },
  outfile: 'lib/index.js',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  external: ['aws-cdk-lib', 'constructs'],
  keepNames: true, // Errors contain the names of classes.
  logLevel: 'warning',
  // Node.js reads the names here when an ES module imports them.
  footer: { js: `0 && (module.exports = { ${exported.map(({ name }) => name).join(', ')} });` },
});

for (const source of readdirSync(join(root, 'src'), { recursive: true })) {
  if (!source.endsWith('.ts') || source === 'index.ts') continue;
  rmSync(join(root, 'lib', source.replace(/ts$/, 'js')), { force: true });
}
