import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { resolve } = createRequire(import.meta.url);

const plugin = {
  name: 'pure-smithy',
  setup: ({ onLoad, onResolve }) => {
    // Modules that call functions as they load are kept. These calls only make classes, functions and text.
    onLoad({ filter: /@smithy\/(core\/dist-es\/submodules\/\w+\/index(\.\w+)?|signature-v4\/dist-es\/constants)\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/(= |extends )(bind\w+\(|\w+\.toLowerCase\(\))/g, '$1/* @__PURE__ */ $2'),
    }));
    // Signing keys are made of text, which TextEncoder makes bytes in Node too. Buffer takes more code.
    onResolve({ filter: /^@smithy\/core\/serde$/ }, ({ importer }) => (importer.includes('signature-v4') ? {
      path: join(resolve('@smithy/core/package.json'), '../dist-es/submodules/serde/index.browser.js'), sideEffects: false,
    } : undefined));
  },
};

/** Options for esbuild with which of @smithy only that comes along which is called. */
export const pureSmithy = {
  // esbuild's default for Node prefers CommonJS, which does not tree-shake: with @smithy, seven times the size
  mainFields: ['module', 'main'],
  // What imports it is not used. As a dynamic import it would keep esbuild from leaving out anything around it.
  external: ['@smithy/core/event-streams'],
  plugins: [plugin],
};
