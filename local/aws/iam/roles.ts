import { allows, statementsFor, type PolicyDocument } from './policy-evaluation';
import type { AuthorizationContext, Identity } from '../http/identities';

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trustPolicy: PolicyDocument;
  readonly inlinePolicies: readonly PolicyDocument[];
  readonly managedPolicyArns: readonly string[];
}

/** The actions of the AWS managed policies that templates use most often. */
const awsManagedPolicies: { readonly [name: string]: readonly string[] } = {
  'AdministratorAccess': ['*'],
  'service-role/AWSLambdaBasicExecutionRole': ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  'service-role/AWSLambdaVPCAccessExecutionRole': [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  'AWSXRayDaemonWriteAccess': [
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ],
  'AWSCloudFormationReadOnlyAccess': [
    'cloudformation:Describe*',
    'cloudformation:Get*',
    'cloudformation:List*',
    'cloudformation:Detect*',
    'cloudformation:ValidateTemplate',
    'cloudformation:EstimateTemplateCost',
  ],
  'ReadOnlyAccess': ['*:Get*', '*:List*', '*:Describe*'],
};

/** The IAM roles and policies of deployed stacks. Changes of policies take effect immediately. */
export class Roles {
  private readonly roles = new Map<string, Role>();
  /** The attached policies with their roles, by policy ID. */
  private readonly attached = new Map<
    string,
    { readonly roles: readonly string[]; readonly document: PolicyDocument }
  >();
  private readonly managed = new Map<string, PolicyDocument>();

  get(nameOrArn: string): Role | undefined {
    return this.roles.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1));
  }

  put(role: Role): void {
    this.roles.set(role.name, role);
  }

  remove(name: string): void {
    this.roles.delete(name);
  }

  attach(policyId: string, roles: readonly string[], document: PolicyDocument): void {
    this.attached.set(policyId, { roles, document });
  }

  detach(policyId: string): void {
    this.attached.delete(policyId);
  }

  putManagedPolicy(arn: string, document: PolicyDocument): void {
    this.managed.set(arn, document);
  }

  removeManagedPolicy(arn: string): void {
    this.managed.delete(arn);
  }

  /** Returns whether the managed policy was deployed or is an AWS managed policy with known content. */
  knowsManagedPolicy(arn: string): boolean {
    return this.managed.has(arn) || awsManagedDocument(arn) !== undefined;
  }

  /** Returns a function that evaluates the current policies of the role. */
  allowsOf(nameOrArn: string): NonNullable<Identity['allows']> {
    return (action, resource, context) => {
      const role = this.get(nameOrArn);
      return role !== undefined && allows(this.documentsOf(role))(action, resource, context);
    };
  }

  /** Returns whether the trust policy of the role allows the caller to assume it. */
  trusts(role: Role, caller: Identity, context: AuthorizationContext): boolean {
    const account = [caller.accountId, `arn:aws:iam::${caller.accountId}:root`];
    const principals = [...this.principalsOf(caller), ...account];
    const statements = statementsFor([role.trustPolicy.Statement ?? []].flat(), principals);
    // The statements of a trust policy have no resource.
    const Statement = statements.map((statement) => ({ ...statement, Resource: '*' }));
    return allows([{ Statement }])('sts:AssumeRole', role.arn, context);
  }

  /**
   * Returns the principals that name a caller in a resource-based policy: its ARN, and the ARN of its role. A policy
   * that names the account of the caller permits nothing without a policy of the caller.
   */
  principalsOf({ arn }: Identity): string[] {
    const roleName = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
    const role = roleName === undefined ? undefined : this.get(roleName);
    return [arn, ...(role ? [role.arn] : [])];
  }

  private documentsOf(role: Role): PolicyDocument[] {
    return [
      ...role.inlinePolicies,
      ...[...this.attached.values()].filter(({ roles }) => roles.includes(role.name)).map(({ document }) => document),
      ...role.managedPolicyArns.map((arn) => this.managed.get(arn) ?? awsManagedDocument(arn) ?? {}),
    ];
  }
}

function awsManagedDocument(arn: string): PolicyDocument | undefined {
  const name = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  const actions = name !== undefined && Object.hasOwn(awsManagedPolicies, name) ? awsManagedPolicies[name] : undefined;
  return actions && { Statement: { Effect: 'Allow', Action: actions, Resource: '*' } };
}
