/** Reads the exports of all modules: a name has one meaning in the repository, and a file is found by its name. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as ts from 'typescript';

const root = join(__dirname, '..');
const folders = ['src', 'lambda', 'front-end', 'local', 'bench', 'verify', 'examples'];

/** Names that several modules export, and the reason. The pattern of the modules includes all of them. */
const sharedNames: { readonly names: RegExp; readonly modules: RegExp; readonly reason: string }[] = [
  {
    names: /^[A-Z]/,
    modules: /^(src|lambda\/(client|runtime)|local\/ivs-chat)\//,
    reason: 'The contract, the client and the local service have the operations and shapes of the service model.',
  },
  {
    names: /^ChatToken$/,
    modules: /^(src\/contract|lambda\/runtime|front-end\/session)\//,
    reason: 'front-end/ must not import the others, and all of them have this term of the service.',
  },
  {
    names: /^Toast$/,
    modules: /^(local\/ivs-chat\/console|examples\/live-chat)\/page\//,
    reason: 'The console and the chat page are two applications.',
  },
  { names: /^handler$/, modules: /./, reason: 'Lambda calls the export `handler` of a function.' },
  {
    names: /./,
    modules: /^lambda\/(client|http)\/(platform(\.browser)?|sha256)\.ts$/,
    reason: 'In the bundle for browsers, platform.browser.ts replaces the other module.',
  },
  {
    names: /^(requestHandler|RequestHandlerOptions)$/,
    modules: /^lambda\/(client|http)\/(node|fetch)-request-handler\.ts$/,
    reason: 'In the bundle for browsers, one request handler replaces the other.',
  },
  {
    names: /^(Clock|systemClock|reviewMessage|StackResource|CustomResourceEvent|Invocation|Properties|Tags|ResourceType|ServiceError)$/,
    modules: /^(lambda|local|src\/contract)\//,
    reason: 'lambda/ and local/ must not import each other, and both have this term of AWS.',
  },
  {
    names: /^(ResourceKind|LogDelivery|FunctionPolicy|LogEvent|Service|authorize|readBody|described|Report)$/,
    modules: /./,
    reason: 'The modules are in parts that must not import each other, or in different services of local/.',
  },
];

/** Files with one exported value and another name, and the reason. */
const otherFileNames: { readonly files: RegExp; readonly reason: string }[] = [
  { files: /^(verify\/app|bench\/chat-api\/subjects)\//, reason: 'Each file is a Lambda function, and Lambda calls its export `handler`.' },
  { files: /\/exceptions\.ts$/, reason: 'The file also exports the exceptions of the service model.' },
  { files: /\/models\.ts$/, reason: 'The file contains the types of all shapes, and one of them has a value.' },
  { files: /-resource-types\.ts$/, reason: 'The export returns the resource types of a service.' },
  { files: /\/parameters\.ts$/, reason: 'The file is about the parameters of a template, and exports their values.' },
  { files: /\/connection-limit\.ts$/, reason: 'The export is the limit: the maximum number of connections.' },
  { files: /\/ivs-chat-error\.ts$/, reason: 'The export is the ServiceError of the local IVS Chat.' },
  { files: /\/message-review-permission\.ts$/, reason: 'The export is a question about the permission.' },
  { files: /\/pagination\.ts$/, reason: 'The export returns one page.' },
  { files: /\/policy-evaluation\.ts$/, reason: 'The export is the result of the evaluation.' },
  { files: /^src\/private\/(tags|property-injection)\.ts$/, reason: 'The export is a function of this feature.' },
];

interface Exports {
  readonly names: string[];
  /** The names of functions, classes and constants. */
  readonly values: string[];
}

/** Returns the names that a module itself declares. A re-export does not count, because its meaning is the same. */
function exportsOf(file: string): Exports {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const names = new Set<string>();
  const values = new Set<string>();
  for (const statement of source.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) ?? [] : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    for (const name of declaredNames(statement)) {
      names.add(name);
      if (!isType) values.add(name);
    }
  }
  return { names: [...names], values: [...values] };
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesOf(name));
  }
  const { name } = statement as ts.DeclarationStatement;
  return name ? [name.text] : [];
}

function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));
}

const modules = folders
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.split('\\').join('/')}`))
  .filter((file) => /\.ts$/.test(file) && !/\.d\.ts$|node_modules|cdk\.out/.test(file))
  .map((file) => ({ file, ...exportsOf(file) }));

test('an exported name has one module, except for the shared names', () => {
  const modulesOf = new Map<string, string[]>();
  for (const { file, names } of modules) {
    for (const name of names) modulesOf.set(name, [...modulesOf.get(name) ?? [], file]);
  }
  const isShared = (name: string, files: string[]) => sharedNames.some((shared) =>
    shared.names.test(name) && files.every((file) => shared.modules.test(file)));
  const problems = [...modulesOf].filter(([name, files]) => files.length > 1 && !isShared(name, files));
  expect(problems).toEqual([]);
});

test('a module with one exported value has its name, except for the listed files', () => {
  const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase();
  const isNamedAfter = (file: string, name: string) => {
    const [stem, plainName] = [plain(basename(file, '.ts')), plain(name)];
    return stem.includes(plainName) || plainName.includes(stem);
  };
  const problems = modules
    .filter(({ file, values }) => values.length === 1 && basename(file) !== 'index.ts'
      && !otherFileNames.some(({ files }) => files.test(file)))
    .filter(({ file, names }) => !names.some((name) => isNamedAfter(file, name)));
  expect(problems.map(({ file, values }) => `${file} exports ${values[0]}`)).toEqual([]);
});

test('the checks read the modules and all forms of exports', () => {
  expect(modules.length).toBeGreaterThan(150);
  expect(modules.find(({ file }) => file === 'src/chat-room.ts')).toMatchObject({
    names: expect.arrayContaining(['ChatRoom', 'IChatRoom']), values: ['ChatRoom'],
  });
});
