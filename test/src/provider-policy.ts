import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { PolicyDocument } from '../../local/aws/iam/policy-evaluation';

/** The deployment values of a stack. */
export interface DeployedTo {
  readonly accountId: string;
  readonly region: string;
  /** The ARN of the stack. */
  readonly stackId: string;
}

export const STACK_UUID = '11111111-2222-3333-4444-555555555555';

/** The default deployment values of the tests. */
export const DEPLOYED_TO: DeployedTo = {
  accountId: '123456789012',
  region: 'eu-west-1',
  stackId: `arn:aws:cloudformation:eu-west-1:123456789012:stack/Stack/${STACK_UUID}`,
};

/**
 * Evaluates the policies of the provider role, like CloudFormation does during a deployment.
 *
 * A test can enforce the documents with `allows` of `local/aws/iam/policy-evaluation.ts`.
 */
export function providerPolicies(stack: Stack, deployedTo = DEPLOYED_TO): PolicyDocument[] {
  return Object.values(providerPoliciesById(stack, deployedTo));
}

/** Evaluates the same policies, by construct ID, for example `RoleDefaultPolicy`. */
export function providerPoliciesById(stack: Stack, deployedTo = DEPLOYED_TO): { [id: string]: PolicyDocument } {
  const template = Template.fromStack(stack);
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => Object.entries(template.findResources(type)));
  const ofProvider = policies.filter(([, { Properties }]) =>
    Properties.Roles?.some((role: { Ref?: string }) => role.Ref?.startsWith('IvsChatControlPlaneProviderRole')));
  return Object.fromEntries(ofProvider.map(([id, { Properties }]) => [
    id.replace('IvsChatControlPlaneProvider', '').replace(/[0-9A-F]{8}$/, ''),
    evaluate(Properties.PolicyDocument, deployedTo) as PolicyDocument,
  ]));
}

/** Evaluates the intrinsic functions in a value of a template. The name of a resource is its logical ID. */
export function evaluate(value: unknown, deployedTo = DEPLOYED_TO): any {
  const inner = (part: unknown) => evaluate(part, deployedTo);
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== 'object' || value === null) return value;

  const [name, argument] = (Object.entries(value)[0] ?? ['', undefined]) as [string, any];
  switch (name) {
    case 'Ref': return pseudoParameters(deployedTo)[argument] ?? argument;
    case 'Fn::GetAtt': return `arn:aws:logs:${deployedTo.region}:${deployedTo.accountId}:log-group:${argument[0]}:*`;
    case 'Fn::Join': return inner(argument[1]).join(argument[0]);
    case 'Fn::Split': return inner(argument[1]).split(argument[0]);
    case 'Fn::Select': return inner(argument[1])[Number(argument[0])];
    default: return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inner(part)]));
  }
}

function pseudoParameters({ accountId, region, stackId }: DeployedTo): { readonly [name: string]: string } {
  return { 'AWS::Partition': 'aws', 'AWS::Region': region, 'AWS::AccountId': accountId, 'AWS::StackId': stackId };
}
