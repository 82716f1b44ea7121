import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PROVISIONING } from './expectations';
import { validateArgument } from './validate';
import { Provisioning } from '../provisioning';

const CONTEXT_KEY = 'cdk-ivs-chat:provisioning';
const CONTEXT_VALUE = { ...PROVISIONING, must: `be ${Object.values(Provisioning).join(' or ')} in the context` };

/** The fix for properties that CloudFormation does not accept. */
const USE_CUSTOM_RESOURCE = 'use `provisioning: Provisioning.CUSTOM_RESOURCE`';
/** The end of the message about a value that only the custom resource accepts. */
export const LIMIT_OF_CLOUDFORMATION =
  `, because \`provisioning\` is CLOUDFORMATION; change the value, or ${USE_CUSTOM_RESOURCE}`;

export interface ProvisioningProps {
  readonly provisioning?: Provisioning;
  /** The given Region. */
  readonly region?: string;
  /** The name of the property with the existing resource to adopt, if it is given. */
  readonly existing?: string;
}

/** Returns how a resource is provisioned. Throws if CloudFormation cannot provision a resource with the properties. */
export function provisioningOf(construct: Construct, { provisioning, region, existing }: ProvisioningProps) {
  const at = `(at ${construct.node.path})`;
  const byContext = construct.node.tryGetContext(CONTEXT_KEY) ?? undefined;
  if (byContext !== undefined) validateArgument(CONTEXT_KEY, byContext, CONTEXT_VALUE, construct);
  const chosen: Provisioning = provisioning ?? byContext ?? Provisioning.CUSTOM_RESOURCE;
  if (chosen === Provisioning.CUSTOM_RESOURCE) return chosen;

  if (existing) {
    throw new Error(`\`${existing}\` requires a custom resource, and \`provisioning\` is CLOUDFORMATION; import the`
      + ` existing resource with \`cdk import\`, or ${USE_CUSTOM_RESOURCE} ${at}`);
  }
  const stack = Stack.of(construct);
  if (region !== undefined && region !== stack.region) {
    throw new Error('`region` must be the Region of the stack if `provisioning` is CLOUDFORMATION, got'
      + ` ${JSON.stringify(region)}; leave out \`region\`, or ${USE_CUSTOM_RESOURCE} ${at}`);
  }
  return chosen;
}
