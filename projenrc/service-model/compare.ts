/** Compares the service model with the models of the AWS SDK for JavaScript and of botocore. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { enumValues, isError, isOperation, isRequired, type ModelShape, type ServiceModel } from './service-model';

/** The statements of a model by key, for example `RoomName.maximum`: `128`. */
export type Statements = ReadonlyMap<string, string>;

/** Removes the ^ at the start and the $ at the end, which botocore leaves out. */
const withoutAnchors = (pattern: string | undefined) => pattern?.replace(/^\^|\$$/g, '');

const sorted = (names: Iterable<string>) => [...names].sort().join(', ');

/** Returns the statements of the service model of this project. */
export function statementsOf({ shapes }: ServiceModel): Statements {
  const statements = new Map<string, string>();
  const say = (key: string, value: unknown) => value !== undefined && statements.set(key, String(value));
  for (const [name, shape] of Object.entries(shapes)) {
    const { type, traits = {}, members = {}, errors = [] } = shape;
    if (isOperation(shape)) {
      const { method, uri, code = 200 } = traits['smithy.api#http'];
      say(`${name}.request`, `${method} ${uri} ${code}`);
      say(`${name}.errors`, sorted(errors.map(({ target }) => target)));
    }
    if (type === 'structure' || type === 'union') {
      say(`${name}.members`, sorted(Object.keys(members)));
      say(`${name}.required`, sorted(Object.keys(members).filter((member) => isRequired(members[member]!))));
      for (const [member, { target }] of Object.entries(members)) say(`${name}.${member}.shape`, target);
    }
    if (isError(shape)) say(`${name}.status`, traits['smithy.api#httpError']);
    sayConstraints(name, shape);
  }
  return statements;

  function sayConstraints(name: string, shape: ModelShape) {
    const { traits = {}, member, key, value } = shape;
    const { min, max } = traits['smithy.api#length'] ?? traits['smithy.api#range'] ?? {};
    say(`${name}.minimum`, shape.type === 'integer' ? min : min || undefined);
    say(`${name}.maximum`, max);
    say(`${name}.pattern`, withoutAnchors(traits['smithy.api#pattern']));
    say(`${name}.values`, enumValues(shape) && sorted(enumValues(shape)!));
    say(`${name}.sensitive`, traits['smithy.api#sensitive'] && true);
    const parts = [member, key, value].flatMap((part) => part?.target ?? []);
    say(`${name}.parts`, parts.join(', ') || undefined);
  }
}

/** Returns the statements of a service-2.json of botocore. */
export function statementsOfBotocore(model: { readonly operations: any; readonly shapes: any }): Statements {
  const statements = new Map<string, string>();
  const say = (key: string, value: unknown) => value !== undefined && statements.set(key, String(value));
  for (const [name, { http, errors = [] }] of Object.entries<any>(model.operations)) {
    say(`${name}.request`, `${http.method} ${http.requestUri} ${http.responseCode ?? 200}`);
    say(`${name}.errors`, sorted(errors.map(({ shape }: { shape: string }) => shape)));
  }
  for (const [name, shape] of Object.entries<any>(model.shapes)) {
    const { type, members, required = [], min, max, pattern, error, sensitive, member, key, value } = shape;
    if (type === 'structure') {
      say(`${name}.members`, sorted(Object.keys(members)));
      say(`${name}.required`, sorted(required));
      for (const [of, { shape: target }] of Object.entries<any>(members)) say(`${name}.${of}.shape`, target);
    }
    say(`${name}.status`, error?.httpStatusCode);
    say(`${name}.minimum`, type === 'integer' ? min : min || undefined);
    say(`${name}.maximum`, max);
    say(`${name}.pattern`, withoutAnchors(pattern));
    say(`${name}.values`, shape.enum && sorted(shape.enum));
    say(`${name}.sensitive`, sensitive || undefined);
    const parts = [member, key, value].flatMap((part) => part?.shape ?? []);
    say(`${name}.parts`, parts.join(', ') || undefined);
  }
  return statements;
}

/** The kinds of schemas in the SDK, and the bit of the trait `sensitive`. */
const [ERROR, STRUCTURE, UNION, OPERATION, SENSITIVE] = [-3, 3, 4, 9, 8];

/** Returns the statements of an installed @aws-sdk/client-ivschat, which has no limits and no required members. */
export function statementsOfSdk(folder: string): Statements {
  const statements = new Map<string, string>();
  const schemas = exportsOf(join(folder, 'dist-es', 'schemas', 'schemas_0.js'));
  for (const schema of Object.values(schemas)) {
    if (!Array.isArray(schema) || String(schema[1]).includes('synthetic')) continue;
    const [kind, , name, traits, members] = schema;
    if (kind === OPERATION) statements.set(`${name}.request`, traits.http.join(' '));
    if ([ERROR, STRUCTURE, UNION].includes(kind)) statements.set(`${name}.members`, sorted(members));
    if (kind === ERROR) statements.set(`${name}.status`, String(traits.httpError));
    if (traits === SENSITIVE) statements.set(`${name}.sensitive`, 'true');
  }
  for (const [name, values] of Object.entries(exportsOf(join(folder, 'dist-es', 'models', 'enums.js')))) {
    statements.set(`${name}.values`, sorted(Object.keys(values as object)));
  }
  return statements;
}

/** Returns the exports of a module without the modules that it imports. */
function exportsOf(path: string): { readonly [name: string]: any } {
  if (!existsSync(path)) throw new Error(`The package has no ${path}. Its structure has changed: change compare.ts.`);
  const { outputFiles } = buildSync({
    entryPoints: [path], bundle: true, packages: 'external', external: ['../models/*'], format: 'cjs', write: false,
  });
  const anything: any = new Proxy(() => anything, { get: () => anything });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0]!.text)(module, module.exports, () => anything);
  return module.exports;
}

/**
 * Returns the differences of two models in sentences.
 *
 * @param kinds The kinds of statements to compare. The others are not in both models.
 */
export function differences(ours: Statements, theirs: Statements, kinds?: readonly string[]): string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].sort()
    .filter((key) => !kinds || kinds.includes(key.slice(key.lastIndexOf('.') + 1)))
    .filter((key) => ours.get(key) !== theirs.get(key))
    .map((key) => `${key}: ${theirs.get(key) ?? 'absent'} instead of ${ours.get(key) ?? 'absent'}`);
}

/** The kinds of statements that the SDK has. */
export const KINDS_OF_SDK = ['request', 'members', 'status', 'values'];
