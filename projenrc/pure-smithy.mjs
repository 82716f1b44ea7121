import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { resolve } = createRequire(import.meta.url);

const plugin = {
  name: 'pure-smithy',
  setup: ({ onLoad, onResolve }) => {
    // esbuild keeps a module that calls functions when it is loaded. These calls only create classes, functions and
    // text.
    onLoad({ filter: /@smithy\/(core\/dist-es\/submodules\/\w+\/index(\.\w+)?|signature-v4\/dist-es\/constants)\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/(= |extends )(bind\w+\(|\w+\.toLowerCase\(\))/g, '$1/* @__PURE__ */ $2'),
    }));
    // The signature only converts text to bytes. The build for browsers does this with TextEncoder, which needs less
    // code.
    onResolve({ filter: /^@smithy\/core\/serde$/ }, ({ importer }) => (importer.includes('signature-v4') ? {
      path: join(resolve('@smithy/core/package.json'), '../dist-es/submodules/serde/index.browser.js'), sideEffects: false,
    } : undefined));
  },
};

/** The options of esbuild that remove the unused code of @smithy. */
export const pureSmithy = {
  // By default, esbuild prefers CommonJS for Node.js, and cannot remove unused code from it. docs/decisions/0010 has
  // the sizes.
  mainFields: ['module', 'main'],
  // Only unused code imports this module. The import is dynamic, and would prevent esbuild from removing the code
  // around it.
  external: ['@smithy/core/event-streams'],
  plugins: [plugin],
};
