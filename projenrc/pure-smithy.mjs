import { readFileSync } from 'node:fs';

const plugin = {
  name: 'pure-smithy',
  setup: ({ onLoad }) => {
    // esbuild keeps a module that calls a function when it loads. These calls only create classes and functions.
    onLoad({ filter: /@smithy\/core\/dist-es\/submodules\/\w+\/index(\.\w+)?\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/(= |extends )(bind\w+\()/g, '$1/* @__PURE__ */ $2'),
    }));
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
