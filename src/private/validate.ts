import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { check } from '../contract/check';
import type { Shape } from '../contract/shape';

/**
 * Returns every problem of the properties. The messages contain the names and values that the user wrote.
 *
 * Tokens are not checked. The custom resource checks their values against the same shapes during deployment.
 */
export function problems(shapes: { [property: string]: Shape }, properties: object): string[] {
  const known = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, withoutTokens(value)]));
  return check({ type: 'structure', members: shapes }, known).map(({ path, message }) => `\`${path}\` ${message}`);
}

/** Throws if a property violates a constraint. */
export function validate(scope: IConstruct, shapes: { [property: string]: Shape }, properties: object): void {
  const found = problems(shapes, properties);
  if (found.length > 0) throw new Error(`${found.join('; ')} (at ${scope.node.path})`);
}

function withoutTokens(value: unknown): unknown {
  if (Token.isUnresolved(value)) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;

  const known = Object.entries(value).filter(([key, text]) => !Token.isUnresolved(key) && !Token.isUnresolved(text));
  return Object.fromEntries(known);
}
