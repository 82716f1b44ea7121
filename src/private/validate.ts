import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { check } from '../contract/check';
import type { Shape } from '../contract/shape';

/**
 * What is wrong with the properties, in the words that the user wrote; all problems at once.
 *
 * What is not known before deployment (a token) is left to the custom resource, which checks it with the same table.
 */
export function problems(shapes: { [property: string]: Shape }, properties: object): string[] {
  const known = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, withoutTokens(value)]));
  return check({ type: 'structure', members: shapes }, known).map(({ path, message }) => `\`${path}\` ${message}`);
}

/** Throws when a property breaks a constraint. */
export function validate(scope: IConstruct, shapes: { [property: string]: Shape }, properties: object): void {
  const found = problems(shapes, properties);
  if (found.length > 0) throw new Error(`${found.join('; ')} (at ${scope.node.path})`);
}

function withoutTokens(value: unknown): unknown {
  if (Token.isUnresolved(value)) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key, text]) => !Token.isUnresolved(key) && !Token.isUnresolved(text)));
}
