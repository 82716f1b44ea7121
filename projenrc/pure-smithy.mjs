import { readFileSync } from 'node:fs';

/** For esbuild, which keeps the modules that call functions as they load. These calls only make classes, functions and text. */
export const pureSmithy = {
  name: 'pure-smithy',
  setup: ({ onLoad }) => onLoad({ filter: /@smithy\/(core\/dist-es\/submodules\/\w+\/index(\.\w+)?|signature-v4\/dist-es\/constants)\.js$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8').replace(/(= |extends )(bind\w+\(|\w+\.toLowerCase\(\))/g, '$1/* @__PURE__ */ $2'),
  })),
};
