import { join } from 'node:path';
import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge, asInFinding } from './acknowledge';
import { ProviderPermissions } from './provider-permissions';
import { resourcePermissions, type ResourceKind } from './resource-permissions';

const permissionsIds = { 'room': 'RoomPermissions', 'logging-configuration': 'LoggingConfigurationPermissions' } as const;

/**
 * The Lambda function behind the custom resources of a stack: one, whatever the number of rooms.
 */
export class ControlPlaneProvider extends Construct {
  /** The provider of the scope's stack, made when first asked for. */
  static of(scope: Construct): ControlPlaneProvider {
    const stack = Stack.of(scope);
    const id = 'IvsChatControlPlaneProvider';
    return (stack.node.tryFindChild(id) as ControlPlaneProvider | undefined) ?? new ControlPlaneProvider(stack, id);
  }

  /**
   * CloudFormation gives up on a resource after this long. Above the function's own timeout and its two retries' first
   * minute, and far below CloudFormation's default of an hour.
   */
  readonly serviceTimeout = Duration.minutes(10);

  private readonly role: iam.Role;
  private readonly function: lambda.Function;

  private constructor(stack: Stack, id: string) {
    super(stack, id);
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Creates, updates and deletes the Amazon IVS Chat resources of one stack',
    });
    logGroup.grantWrite(this.role);
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({
      sid: 'Fence', // whether CloudFormation still waits for what a request asks
      actions: ['cloudformation:DescribeStackResource'],
      resources: [Aws.STACK_ID],
    }));

    this.function = new lambda.Function(this, 'Function', {
      description: 'Creates, updates and deletes the Amazon IVS Chat resources of this stack (cdk-ivs-chat)',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      timeout: Duration.minutes(5),
      code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'assets', 'custom-resource')),
      handler: 'index.handler',
      role: this.role,
      logGroup,
      // After a crash the same request comes again, and finds what the first try left.
      retryAttempts: 2,
      maxEventAge: Duration.minutes(10),
    });
    const noQueue = 'CloudFormation itself notices a lost request after serviceTimeout; a queue would only keep the ResponseURL, which is a secret';
    acknowledge(this.function, 'Serverless-LambdaDLQ', noQueue);
    acknowledge(this.function.node.findChild('EventInvokeConfig'), 'Serverless-LambdaAsyncFailureDestination', noQueue);
    acknowledge(this.function, 'Serverless-LambdaTracing', 'It runs during deployments only, and its log tells every step; tracing would want two'
      + ' more permissions on all resources');
  }

  /** What the custom resources name as their handler. */
  get serviceToken(): string {
    return this.function.functionArn;
  }

  /** What the provider may do to one kind of resource in a Region; the resource depends on it. */
  permissions(kind: ResourceKind, region?: string): ProviderPermissions {
    const stack = Stack.of(this);
    const id = permissionsIds[kind] + (region === undefined || region === stack.region ? '' : `In${region}`);
    const existing = this.node.tryFindChild(id) as ProviderPermissions | undefined;
    if (existing) return existing;
    const permissions = new ProviderPermissions(this, id, this.role);
    const statements = resourcePermissions(stack, kind, region ?? stack.region);
    permissions.allow(statements);
    const resources = new Set(statements.flatMap((statement) => statement.resources!).map((resource) => `Resource::${asInFinding(this, resource)}`));
    acknowledge(permissions, 'AwsSolutions-IAM5', 'Ids are not known before creation, and some of these actions take no resource: conditions on the'
      + ' Region and on the owner tag cage them in the stack', [...resources]);
    return permissions;
  }
}
