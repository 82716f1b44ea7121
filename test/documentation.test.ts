/** The documentation names tests, benchmarks and source files. Renames must not leave a name behind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const decisions = readdirSync(join(root, 'docs', 'decisions')).map((file) => `docs/decisions/${file}`);
const pages = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`);
const documents = [
  'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'llms.txt', 'examples/README.md', ...pages,
  ...decisions,
];

/**
 * The paths in code spans: those that begin with a folder of the repository. Spans with blanks are commands. SERVICE
 * stands for any AWS service of local/, such as Lambda.
 */
const folders = 'src|lambda|local|test|bench|verify|projenrc|examples|docs';
const namedPaths = (text: string) =>
  [...text.matchAll(new RegExp(`\`((?:${folders})/[^\`\\s]*)\``, 'g'))]
    .map(([, path]) => path!.replaceAll('SERVICE', 'lambda'));

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The files and the anchors that a document links. */
const links = (text: string) => [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
  .map(([, path, anchor]) => ({ path: path!, anchor }));

/** The anchors of the headings, as GitHub creates them. */
const anchors = (text: string) => [...text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm)]
  .map(([, heading]) => heading!.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'));

test.each(documents)('every path that %s names exists', (document) => {
  const paths = namedPaths(read(document));
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test.each(documents)('every file and every heading that %s links exists', (document) => {
  const missing = links(read(document)).filter(({ path, anchor }) => {
    const file = path ? join(dirname(document), path) : document;
    return !existsSync(join(root, file)) || (anchor && !anchors(read(file)).includes(anchor));
  });
  expect(missing).toEqual([]);
});

test.each(['docs/README.md', 'llms.txt'])('%s links each page', (index) => {
  const linked = links(read(index)).map(({ path }) => join(dirname(index), path));
  expect(pages.filter((page) => page !== 'docs/README.md' && !linked.includes(page))).toEqual([]);
});

test('examples/README.md links each example', () => {
  const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const linked = links(read('examples/README.md')).map(({ path }) => path);
  expect(examples.filter((example) => !linked.includes(example))).toEqual([]);
});

test('the README has at most 150 lines, without the examples in other languages', () => {
  const lines = read('README.md').replace(/<details>[^]*?<\/details>/g, '').split('\n');
  expect(lines.length).toBeLessThanOrEqual(150);
});

test('docs/how-we-know.md names at least 40 paths, so the check reads them', () => {
  expect(namedPaths(read('docs/how-we-know.md')).length).toBeGreaterThan(40);
});

test('ARCHITECTURE.md links every decision', () => {
  const architecture = read('ARCHITECTURE.md');
  expect(decisions.filter((file) => !architecture.includes(`(${file})`))).toEqual([]);
});
