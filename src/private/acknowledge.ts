import { Stack, Validations, type CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Tells cdk-nag why a finding is meant to be so, where its versions look for that: up to 2 in the resource's metadata, from
 * 3 on among CDK's acknowledgements. The library does not depend on it.
 *
 * @param findings which, where a rule has several: `Resource::*`
 */
export function acknowledge(construct: Construct, rule: string, reason: string, findings?: string[]): void {
  const resource = construct.node.defaultChild as CfnResource;
  const before = resource.getMetadata('cdk_nag')?.rules_to_suppress ?? [];
  resource.addMetadata('cdk_nag', { rules_to_suppress: [...before, { id: rule, reason, ...findings && { applies_to: findings } }] });
  const ids = findings?.map((finding) => `${rule}[${finding}]`) ?? [rule];
  // not by `acknowledge`, which refuses the `::` of a finding
  resource.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, Object.fromEntries(ids.map((id) => [id, reason])));
}

/** A value as cdk-nag writes it in a finding: what is known at deployment only by its name, in angle brackets. */
export function asInFinding(construct: Construct, value: unknown): string {
  const resolved = Stack.of(construct).resolve(value);
  if (typeof resolved === 'string') return resolved;
  if (resolved.Ref) return `<${resolved.Ref}>`;
  return resolved['Fn::Join'][1].map((part: unknown) => asInFinding(construct, part)).join(resolved['Fn::Join'][0]);
}
