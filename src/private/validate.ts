import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CONSTRUCT_ID, OBJECT, SCOPE, TEXT, type Expectation } from './expectations';
import { similarName } from './similar-name';
import { check, isGiven } from '../contract/check';
import type { Shape } from '../contract/shape';

/** The constraint of each property. */
export interface PropertyTable {
  readonly [name: string]: Shape | Expectation;
}

/** The constraints of all properties of a struct, and of no other property. */
type PropertiesOf<Struct, Table> = Table
  & { readonly [Name in keyof Struct]-?: Shape | Expectation }
  & { readonly [Name in Exclude<keyof Table, keyof Struct>]: never };

/**
 * Returns whether a value is not known yet: a token, or the text that `valueFromLookup` returns until the CDK CLI has
 * looked up the value.
 */
export function isUnknown(value: unknown): boolean {
  return Token.isUnresolved(value) || isLookup(value);
}

/** Returns whether a value is the text that `valueFromLookup` returns until the CDK CLI has looked up the value. */
export function isLookup(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('dummy-value-for-');
}

/**
 * Returns every problem of the properties. The messages contain the names and values that the user wrote.
 *
 * Values that are not known yet are not checked. The custom resource checks them against the same shapes during
 * deployment.
 */
export function problems(expected: PropertyTable, properties: object): string[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const expectation = expected[name];
    if (!expectation || !isGiven(value)) return [];
    if ('must' in expectation) return problem(name, expectation, value) ?? [];
    const members = { [name]: expectation };
    return check({ type: 'structure', members }, { [name]: known(value) }).map(
      ({ path, message }) => `\`${path}\` ${message}`);
  });
}

/**
 * Throws if a property violates a constraint. Absent properties are not checked.
 *
 * @param fix The end of each message.
 */
export function validate(
  at: Construct | string | undefined, expected: PropertyTable, properties: object, fix = '',
): void {
  fail(at, problems(expected, properties).map((text) => text + fix));
}

/** Throws if an argument, which cannot be absent, violates an expectation. */
export function validateArgument(
  name: string, value: unknown, expectation: Expectation, at?: Construct | string,
): void {
  const found = problem(name, expectation, value);
  if (found) fail(at, [found]);
}

/** Throws if the scope or the id of a construct has the wrong type. Returns the path of the construct. */
export function validateScope(scope: unknown, id: unknown): string {
  validateArgument('scope', scope, SCOPE);
  validateArgument('id', id, CONSTRUCT_ID);
  return `${(scope as Construct).node.path}/${id}`;
}

/**
 * Throws if the properties are no object, violate a constraint or are misspelt. Other unknown properties are accepted,
 * because the properties of a user can extend those of the library.
 *
 * @param names The names that are not misspelt.
 */
export function validateProperties<Struct extends object, Table extends PropertyTable>(
  name: string,
  properties: Struct,
  expected: PropertiesOf<Struct, Table>,
  names: readonly string[],
  at?: Construct | string,
): void {
  validateArgument(name, properties, OBJECT, at);
  const own = Object.keys(expected);
  const unknown = Object.keys(properties).filter((property) => !own.includes(property) && !names.includes(property));
  const misspelt = unknown.flatMap((property) => {
    const similar = similarName(property, own);
    return similar ? `\`${property}\` is not a property; did you mean \`${similar}\`?` : [];
  });
  fail(at, [...misspelt, ...problems(expected, properties)]);
}

/** Throws if the ID of a resource is wrong, and tells which method takes an ARN. */
export function validateId(name: string, id: string, shape: Shape, method: string, at: string): void {
  validateArgument(name, id, TEXT, at);
  const fix = id.startsWith('arn:') ? `; pass an ARN to \`${method}\`` : '';
  fail(at, problems({ [name]: shape }, { [name]: id }).slice(0, 1).map((text) => text + fix));
}

/** Returns a value for an error message. */
export function described(value: any): string {
  if (typeof value === 'string') {
    const json = JSON.stringify(value);
    return json.length > 100 ? `${json.slice(0, 100)}… (${json.length} characters)` : json;
  }
  if (typeof value === 'function') {
    const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
    return value.name ? `the ${kind} ${value.name}` : `a ${kind}`;
  }
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object' || value === null) return String(value);

  // Compilers add a digit to the name of a class that shadows another one.
  const className = value.constructor?.name?.replace(/\d+$/, '');
  if (Construct.isConstruct(value)) return `the ${className} ${value.node.path}`;
  if (className && className !== 'Object') return `an instance of ${className}`;
  const keys = Object.keys(value);
  return keys.length > 0 ? `an object with ${keys.slice(0, 5).join(', ')}` : 'an object without properties';
}

function problem(name: string, { must, pass, accepts }: Expectation, value: unknown): string | undefined {
  if (accepts(value)) return undefined;
  return `\`${name}\` must ${must}, got ${described(value)}${pass ? `; pass ${pass}` : ''}`;
}

/** Throws one error with all problems, if there are any. */
export function fail(at: Construct | string | undefined, found: string[]): void {
  if (found.length === 0) return;
  const path = typeof at === 'object' ? at.node.path : at;
  throw new Error(`${found.join('; ')}${path ? ` (at ${path})` : ''}`);
}

function known(value: unknown): unknown {
  if (isUnknown(value)) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;

  const entries = Object.entries(value).filter(([key, text]) => !isUnknown(key) && !isUnknown(text));
  return Object.fromEntries(entries);
}
