import { readFileSync } from 'node:fs';

/** For esbuild, which keeps the modules that call functions as they load. These calls only make classes and functions. */
export const pureSmithy = {
  name: 'pure-smithy',
  setup: ({ onLoad }) => onLoad({ filter: /@smithy\/core\/dist-es\/submodules\/\w+\/index(\.\w+)?\.js$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8').replace(/(= |extends )(bind\w+\()/g, '$1/* @__PURE__ */ $2'),
  })),
};
