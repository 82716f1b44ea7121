import { allows, type PolicyDocument, type PolicyStatement } from '../allows';
import type { Identity } from '../identities';

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trustPolicy: PolicyDocument;
  readonly inlinePolicies: readonly PolicyDocument[];
  readonly managedPolicyArns: readonly string[];
}

/** What the AWS managed policies that templates commonly name allow. Others allow nothing here. */
const awsManagedPolicies: { readonly [name: string]: readonly string[] } = {
  'AdministratorAccess': ['*'],
  'service-role/AWSLambdaBasicExecutionRole': ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  'service-role/AWSLambdaVPCAccessExecutionRole': ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
  'AWSXRayDaemonWriteAccess': ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:GetSamplingStatisticSummaries'],
  'AWSCloudFormationReadOnlyAccess': [
    'cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*', 'cloudformation:Detect*', 'cloudformation:ValidateTemplate',
    'cloudformation:EstimateTemplateCost',
  ],
  'ReadOnlyAccess': ['*:Get*', '*:List*', '*:Describe*'],
};

/** The IAM roles of deployed stacks and what they may do; policies attached later count from then on. */
export class Roles {
  private readonly roles = new Map<string, Role>();
  /** Policies by an id of the policy: the roles they are attached to, and what they say. */
  private readonly attached = new Map<string, { readonly roles: readonly string[]; readonly document: PolicyDocument }>();
  private readonly managed = new Map<string, PolicyDocument>();

  constructor(private readonly accountId: string) {}

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

  /** Whether there is such a managed policy here: one deployed, or an AWS managed policy whose content is known. */
  knowsManagedPolicy(arn: string): boolean {
    return this.managed.has(arn) || awsManagedDocument(arn) !== undefined;
  }

  /** What a session of the role is allowed, always by the policies of the moment. */
  allowsOf(nameOrArn: string): NonNullable<Identity['allows']> {
    return (action, resource, context) => {
      const role = this.get(nameOrArn);
      return role !== undefined && allows(this.documentsOf(role))(action, resource, context);
    };
  }

  /** Whether the role's trust policy lets this principal assume it. */
  trusts(role: Role, principalArn: string): boolean {
    return [role.trustPolicy.Statement ?? []].flat().some((statement: PolicyStatement & { readonly Principal?: unknown }) => {
      const { Principal: principal } = statement;
      const named = principal === '*' ? ['*'] : typeof principal === 'object' && principal !== null ? [(principal as { AWS?: string | string[] }).AWS ?? []].flat() : [];
      return statement.Effect === 'Allow' && named.some((name) => name === '*' || name === this.accountId || name === `arn:aws:iam::${this.accountId}:root` || name === principalArn);
    });
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
