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
