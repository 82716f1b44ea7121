/** The examples of the README in other languages. `npx projen test:languages` compiles the apps that they come from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const examples = join(root, 'examples', 'languages');

/** The lines without their indentation, because an app has the example in a class or a function. */
const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean).join('\n');

test.each([
  ['python', 'python/app.py'],
  ['java', 'java/src/main/java/com/example/chat/ChatStack.java'],
  ['go', 'go/main.go'],
  ['csharp', 'dotnet/Program.cs'],
])('the room in %s is the one of examples/languages/%s', (language, file) => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code!);
  expect(blocks).toHaveLength(1);

  const [imported, room] = blocks[0]!.split('\n\n') as [string, string];
  const app = lines(readFileSync(join(examples, file), 'utf8'));
  expect(app).toContain(lines(room));
  const name = /[\w.]*cdk_?ivs_?chat\b.*$/im.exec(imported)![0].split(' ')[0]!;
  expect(app).toContain(name);
});
