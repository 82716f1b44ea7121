/**
 * Compiles the code in the documentation and in the docstrings of the subpaths with the types of the package.
 * jsii-rosetta compiles the other examples.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import * as client from '../../lambda/client';
import * as runtime from '../../lambda/runtime';
import * as local from '../../local';
import * as react from '../../front-end/react';
import * as chatSession from '../../front-end/session';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
/** Declarations of the names that examples use without a definition. */
const declarations = `
  import type { ChatToken } from 'amazon-ivs-chat-messaging';
  import type { IvschatClient } from 'cdk-ivs-chat/client';
  declare global {
    const client: IvschatClient;
    const room: string, roomIdentifier: string, session: { userId: string }, message: { id: string }, roomId: string;
    const setScore: (score: string) => void;
    /** Of Vite. */
    interface ImportMeta { readonly env: { readonly VITE_CHAT_ENDPOINT?: string } }
    /** Of React Native. */
    const AppState: { addEventListener(name: string, listener: (state: string) => void): void };
    const tokenProvider: () => Promise<ChatToken>;
    const tracer: { captureAWSv3Client<Client>(client: Client): Client };
  }
`;

/** The source texts by file name. */
const sources = new Map<string, string>([[join(root, 'docs', 'declarations.mts'), declarations]]);
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const pages = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
for (const document of ['README.md', 'skills/cdk-ivs-chat/SKILL.md', ...pages.map((page) => `docs/${page}`)]) {
  for (const { 1: language, 2: code, index } of read(document).matchAll(/^```(tsx|ts|js)\n(.*?)^```/gms)) {
    const extension = language === 'tsx' ? 'tsx' : `m${language}`;
    sources.set(join(root, `${document} at ${index}.${extension}`), code!);
  }
}
// jsii-rosetta compiles the blocks of the README and of docstrings that have a fixture, but not those of other pages.
for (const document of pages.map((page) => `docs/${page}`)) {
  for (const { 1: fixture, 2: code, index } of read(document).matchAll(/^```ts fixture=(\w+)\n(.*?)^```/gms)) {
    const imports = code!.match(/^import .*$/gm) ?? [];
    const body = code!.replace(/^import .*$/gm, '');
    const around = read(`rosetta/${fixture}.ts-fixture`).replace('/// here', () => body);
    sources.set(join(root, `${document} at ${index}.mts`), [...imports, around].join('\n'));
  }
}

const exported = {
  client: Object.keys(client),
  runtime: Object.keys(runtime),
  session: Object.keys(chatSession),
  react: Object.keys(react),
  local: Object.keys(local),
};
for (const subpath of ['client', 'runtime', 'session', 'react', 'local'] as const) {
  // The run-time functions export the errors of the client again.
  const others = subpath === 'client' ? [] : exported[subpath].filter((name) => !exported.client.includes(name));
  const imports = [
    `import { ${exported.client.join(', ')} } from 'cdk-ivs-chat/client';`,
    ...others.length > 0 ? [`import { ${others.join(', ')} } from 'cdk-ivs-chat/${subpath}';`] : [],
  ];
  const examples = read(`lib/${subpath}/index.d.ts`).matchAll(/@example\r?\n(.*?)(?=\* @|\*\/)/gs);
  for (const { 1: comment, index } of examples) {
    const code = comment!.replace(/^ *\* ?/gm, '');
    sources.set(join(root, `lib/${subpath} at ${index}.mts`), [...imports, code].join('\n'));
  }
}

test('every example compiles', () => {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    strict: true,
    noImplicitAny: false, // JavaScript has no types to write
    useUnknownInCatchVariables: false,
    allowJs: true,
    checkJs: true,
    noEmit: true,
    jsx: ts.JsxEmit.ReactJSX,
    skipLibCheck: true,
    types: ['node', 'jest'],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.getCurrentDirectory = () => root;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const source = sources.get(file);
    return source === undefined ? getSourceFile(file, version, ...rest) : ts.createSourceFile(file, source, version);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && file.text.slice(0, start).split('\n').length;
    return `${file?.fileName.slice(root.length + 1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(problems).toEqual([]);
  expect(sources.size).toBeGreaterThan(15);
});
