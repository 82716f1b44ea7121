import type { CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Tells cdk-nag why a finding is meant to be so, in the metadata where it looks for that; the library does not depend on
 * it.
 */
export function acknowledge(construct: Construct, id: string, reason: string, findings?: string[]): void {
  const resource = construct.node.defaultChild as CfnResource;
  const before = resource.getMetadata('cdk_nag')?.rules_to_suppress ?? [];
  resource.addMetadata('cdk_nag', {
    rules_to_suppress: [...before, { id, reason, ...findings && { applies_to: findings.map((regex) => ({ regex })) } }],
  });
}
