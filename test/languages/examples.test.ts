/** The apps of examples/languages. `npx projen test:languages` synthesizes them and compares their templates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as library from '../../src';

const examples = join(__dirname, '..', '..', 'examples', 'languages');

test.each([
  'typescript/chat-stack.ts',
  'python/app.py',
  'java/src/main/java/com/example/chat/ChatStack.java',
  'go/main.go',
  'dotnet/Program.cs',
])('the app in %s uses each class and enum of the library', (file) => {
  const app = readFileSync(join(examples, file), 'utf8');
  // An import alone is no use: a period, a parenthesis or an underscore (in Go) follows a name that the app uses.
  const used = Object.keys(library).filter((name) => new RegExp(`\\b(?:New)?${name}[._(]`).test(app));
  expect(used).toEqual(Object.keys(library));
});

/** Returns the texts, the numbers, the constants and the Boolean values of an app, without its imports. */
function valuesOf(...files: string[]) {
  const code = files.flatMap((file) => readFileSync(join(examples, file), 'utf8').split('\n'))
    .filter((line) => !/^\s*(import|from|using|package|\/\/|\/?\*|""")|\} from |github\.com/.test(line)).join('\n')
    // In TypeScript, the keys of an object need no quotes.
    .replace(/\b(lobby|reviewed|staff|reporter|team):/g, "'$1':");
  const text = /'([^'\n]*)'|"([^"\n]*)"/g;
  const rest = code.replace(text, '');
  const all = (pattern: RegExp) => [...rest.matchAll(pattern)].map(([found]) => found.toLowerCase()).sort();
  return {
    texts: [...code.matchAll(text)].map(([, single, double]) => single ?? double).sort(),
    numbers: [...new Set(all(/(?<![\w.-])\d+(?!\w)/g))],
    constants: all(/(?<=[._])[A-Z][A-Z0-9_]{3,}\b/g),
    booleans: all(/\b(?:true|false)\b/gi),
  };
}

test.each([
  [['python/app.py']],
  [['java/src/main/java/com/example/chat/ChatStack.java', 'java/src/main/java/com/example/chat/ChatApp.java']],
  [['go/main.go']],
  [['dotnet/Program.cs']],
])('the app in %s has the values of the app in TypeScript', (files) => {
  expect(valuesOf(...files)).toEqual(valuesOf('typescript/chat-stack.ts', 'typescript/app.ts'));
});
