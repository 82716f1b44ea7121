/**
 * Generates the tables of the contract and of the client: `npx projen generate`.
 *
 * With a path, it first replaces the committed model: `npx projen generate MODEL`. MODEL is the Smithy model of Amazon
 * IVS Chat in the JSON format, as AWS publishes it in https://github.com/aws/api-models-aws.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { generate } from './generate';
import { reduced, toJson } from './service-model';

const root = resolve(__dirname, '..', '..');
const committed = join(__dirname, 'service-model.json');
const [source = committed] = process.argv.slice(2);

const model = reduced(JSON.parse(readFileSync(source, 'utf8')));
const { files, undocumented } = generate(model);
write(committed, toJson(model));
for (const [path, content] of Object.entries(files)) write(join(root, path), content);
if (undocumented.length > 0) {
  const names = undocumented.join('\n  ');
  console.warn(`These names have no docstring in projenrc/service-model/documentation.ts:\n  ${names}`);
}

/** Writes a file if its content changes. An unchanged file needs no new build. */
function write(file: string, content: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  console.log(`Wrote ${relative(root, file)}`);
}
