/** The documentation names tests, benchmarks and source files. Renames must not leave a name behind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const decisions = readdirSync(join(root, 'docs', 'decisions')).map((file) => `docs/decisions/${file}`);
const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/how-we-know.md', ...decisions];

/**
 * The paths in code spans: those that begin with a folder of the repository. Spans with blanks are commands. SERVICE
 * stands for any AWS service of local/, such as Lambda.
 */
const folders = 'src|lambda|local|test|bench|verify|projenrc|examples|docs';
const namedPaths = (text: string) =>
  [...text.matchAll(new RegExp(`\`((?:${folders})/[^\`\\s]*)\``, 'g'))]
    .map(([, path]) => path!.replaceAll('SERVICE', 'lambda'));

const linkedPaths = (text: string) => [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path!);

test.each(documents)('every path that %s names exists', (document) => {
  const paths = namedPaths(readFileSync(join(root, document), 'utf8'));
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test.each(documents)('every file that %s links exists', (document) => {
  const paths = linkedPaths(readFileSync(join(root, document), 'utf8'));
  expect(paths.filter((path) => !existsSync(join(root, dirname(document), path)))).toEqual([]);
});

test('docs/how-we-know.md names at least 40 paths, so the check reads them', () => {
  expect(namedPaths(readFileSync(join(root, 'docs/how-we-know.md'), 'utf8')).length).toBeGreaterThan(40);
});

test('ARCHITECTURE.md links every decision', () => {
  const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  expect(decisions.filter((file) => !architecture.includes(`(${file})`))).toEqual([]);
});
