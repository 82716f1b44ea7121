// Builds the page of the console. projenrc/bundle.mjs replaces this module by its result, so the package does not need
// esbuild. With the sources, esbuild builds the page at its first request. Bundlers do not follow a require with
// a variable.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

/** @typedef {import('./console-page.cjs').ConsolePage} ConsolePage */

/** @type {ConsolePage | undefined} */
let built;

/** @returns {ConsolePage} */
function consolePage() {
  return (built ??= build());
}

/** @returns {ConsolePage} */
function build() {
  const folder = join(__dirname, 'page');
  const builder = 'esbuild';
  /** @type {typeof import('esbuild')} */
  const esbuild = require(builder);
  /** @param {string} file */
  const bundle = (file) => {
    const { outputFiles, metafile } = esbuild.buildSync({
      entryPoints: [join(folder, file)],
      bundle: true,
      minify: true,
      target: 'es2022',
      format: 'iife',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      legalComments: 'none',
      charset: 'utf8',
      metafile: true,
      write: false,
    });
    return { text: String(outputFiles[0]?.text), inputs: Object.keys(metafile.inputs) };
  };
  const [style, script] = [bundle('console.css'), bundle('main.tsx')];
  return {
    html: readFileSync(join(folder, 'index.html'), 'utf8'),
    style: style.text,
    script: script.text,
    inputs: script.inputs,
  };
}

module.exports = { consolePage };
