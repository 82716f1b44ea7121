/** docs/troubleshooting.md has each error and each warning of the code. A new message without a fix fails here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { CHAT_API_PROBLEMS } from '../../src/contract/chat-api/problems';
import { errors } from '../../src/contract/generated/errors';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'troubleshooting.md'), 'utf8');

/** The parts of a message between its values. */
type Message = { readonly at: string; readonly parts: readonly string[] };

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file));
}

/** Returns the constant parts of a text, or undefined if the expression is not a text. */
function partsOf(node: ts.Expression): string[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return partsOf(node.expression);
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.flatMap(({ expression, literal }) =>
      ['', ...partsOf(expression) ?? [], literal.text]);
    return [node.head.text, ...spans];
  }
  if (ts.isConditionalExpression(node)) {
    const [one, other] = [partsOf(node.whenTrue), partsOf(node.whenFalse)];
    return one && other && [...one, ...other];
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [partsOf(node.left) ?? [''], partsOf(node.right) ?? ['']];
  // Two constant texts are one part.
  return [...left.slice(0, -1), left.at(-1)! + right[0]!, ...right.slice(1)];
}

const isError = (node: ts.Node): node is ts.NewExpression =>
  ts.isNewExpression(node) && /(Error|Failure)$/.test(node.expression.getText());

/** Returns the messages of the errors that the files create. */
function messagesOf(files: readonly string[]): Message[] {
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);
    const found: Message[] = [];
    const visit = (node: ts.Node): void => {
      if (isError(node)) {
        const at = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
        const parts = node.arguments?.map(partsOf).find((texts) => texts && texts.join('').includes(' '));
        if (parts) found.push({ at, parts });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** The part of a message that identifies it. */
const longest = ({ parts }: Message) => parts
  .map((part) => part.replace(/ \(at $/, '').trim()) // the path of the construct follows
  .reduce((one, other) => (other.length > one.length ? other : one));

const missing = (messages: readonly Message[]) => messages
  .filter((message) => !page.includes(longest(message)))
  .map((message) => `${message.at}: ${message.parts.join('…')}`);

/** Errors that no user sees. */
const internal = [
  'no further attempt', // ends the attempts; the error of the last attempt is thrown
  'the review took too long', // reviewMessage answers with `onError`
  'a review must return allow() or deny()', // the same
];
const isVisible = (message: Message) => !internal.includes(message.parts.join(''));

test.each([
  ['constructs', ['src'], 20],
  ['custom resource', ['lambda/custom-resource'], 15],
  ['client', ['lambda/client', 'lambda/http'], 15],
  ['run-time functions', ['lambda/runtime', 'lambda/blocklist'], 8],
  ['chat session', ['front-end'], 4],
])('the page has each error of the %s', (_, folders, minimum) => {
  const messages = messagesOf(folders.flatMap(sourceFiles)).filter(isVisible);
  expect(missing(messages)).toEqual([]);
  expect(messages.length).toBeGreaterThanOrEqual(minimum);
});

test('the page has each error that only the local services have', () => {
  // All other errors of the local services are those of AWS.
  const own = messagesOf(sourceFiles('local')).filter(({ at, parts }) =>
    /local (service|IVS Chat)|state file|npm install|supports version|Repair|excludes? each other/.test(parts.join(''))
    || at.startsWith('local/aws/cognito/issue-token'));
  expect(missing(own)).toEqual([]);
  expect(own.length).toBeGreaterThanOrEqual(25);
});

test('the page has each warning of the constructs', () => {
  const sources = sourceFiles('src').map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const calls = sources.matchAll(/(?:addWarning\('cdk-ivs-chat:|warn\((?:scope, )?')(\w+)'/g);
  const warnings = [...calls].map(([, id]) => id!);
  expect(warnings.filter((id) => !page.includes(`\`cdk-ivs-chat:${id}\``))).toEqual([]);
  expect(warnings.length).toBeGreaterThanOrEqual(13);
});

test('the page has each hint of the custom resource', () => {
  const file = 'lambda/custom-resource/failure-reason.ts';
  const source = readFileSync(join(root, file), 'utf8');
  const [hints] = /const hints[^]*?^};/m.exec(source)!;
  const names = [...hints.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name!);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect(names.length).toBeGreaterThanOrEqual(6);
});

test('the page has the errors of the service, the problems of the chat API, and the codes of a session', () => {
  const read = (file: string) => readFileSync(join(root, 'front-end', 'session', file), 'utf8');
  const union = (text: string, type: string) =>
    [...new RegExp(`type ${type} =([^;]*);`).exec(text)![1]!.matchAll(/'(\w+)'/g)].map(([, name]) => name!);
  const codes = union(read('chat-error.ts'), 'ChatErrorCode');
  const statuses = union(read('chat-session.ts'), 'ChatStatus');
  const names = [...Object.keys(errors), ...Object.keys(CHAT_API_PROBLEMS), ...codes, ...statuses];
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect([codes.length, statuses.length]).toEqual([8, 8]);
});
