import { Stack, Validations, type CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Suppresses the findings of a cdk-nag rule and gives the reason. The library does not depend on cdk-nag.
 *
 * Versions 1 and 2 of cdk-nag read the metadata of the resource, later versions read the acknowledgments of the CDK.
 *
 * @param findings The findings to suppress, if the rule reports several, for example `Resource::*`.
 */
export function suppressNagRule(construct: Construct, rule: string, reason: string, findings?: string[]): void {
  const resource = construct.node.defaultChild as CfnResource;
  const existing = resource.getMetadata('cdk_nag')?.rules_to_suppress ?? [];
  const suppression = { id: rule, reason, ...findings && { applies_to: findings } };
  resource.addMetadata('cdk_nag', { rules_to_suppress: [...existing, suppression] });

  const ids = findings?.map((finding) => `${rule}[${finding}]`) ?? [rule];
  const acknowledged = Object.fromEntries(ids.map((id) => [id, reason]));
  // Validations.acknowledge refuses the `::` of a finding.
  resource.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, acknowledged);
}

/** Suppresses the rules against inline policies for a policy of the provider. */
export function suppressInlinePolicyRules(policy: Construct): void {
  for (const pack of ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321']) {
    suppressNagRule(policy, `${pack}-IAMNoInlinePolicy`,
      'The policy belongs to the role of one function, and CloudFormation deletes it with the role.'
      + ' A managed policy could be attached to other identities');
  }
}

/** Returns a value as cdk-nag writes it in a finding: references are names in angle brackets. */
export function nagFindingText(construct: Construct, value: unknown): string {
  const resolved = Stack.of(construct).resolve(value);
  if (typeof resolved === 'string') return resolved;
  if (resolved.Ref) return `<${resolved.Ref}>`;

  const [delimiter, parts] = resolved['Fn::Join'];
  return parts.map((part: unknown) => nagFindingText(construct, part)).join(delimiter);
}
