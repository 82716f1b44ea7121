import { join } from 'node:path';
import { Aws, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { nagFindingText, suppressNagRule } from '../nag-suppressions';
import { AdoptPermissions } from './adopt-permissions';
import { LogDeliveryPermissions } from './log-delivery-permissions';
import { changePermissions, createPermission, type ResourceKind } from './resource-permissions';

/**
 * The Lambda function that handles all custom resources of a stack.
 *
 * Its logical id must never change: CloudFormation refuses to change the ServiceToken of a custom resource.
 */
export class ControlPlaneProvider extends Construct {
  /** Returns the provider of the scope's stack. The first resource of the stack creates it. */
  static of(scope: Construct): ControlPlaneProvider {
    const stack = Stack.of(scope);
    const id = 'IvsChatControlPlaneProvider';
    return (stack.node.tryFindChild(id) as ControlPlaneProvider | undefined) ?? new ControlPlaneProvider(stack, id);
  }

  /**
   * The time that CloudFormation waits for a response. It is longer than the timeout of the function and shorter than
   * the default of one hour.
   */
  readonly serviceTimeout = Duration.minutes(20);

  private readonly role: iam.Role;
  private readonly function: lambda.Function;
  private readonly regions = new Map<ResourceKind, Set<string>>();
  private adoptedArns = 0;

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
    this.addRolePermissions(stack);

    this.function = new lambda.Function(this, 'Function', {
      description: 'Creates, updates and deletes the Amazon IVS Chat resources of this stack (cdk-ivs-chat)',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      // A stack can have 450 rooms, which share a quota of 5 requests per second for each operation.
      timeout: Duration.minutes(10),
      code: lambda.Code.fromAsset(join(__dirname, '..', '..', '..', 'assets', 'custom-resource')),
      handler: 'index.handler',
      role: this.role,
      logGroup,
      // After a crash, Lambda sends the request again, and the retry finds the resource that the first attempt created.
      retryAttempts: 2,
      maxEventAge: Duration.minutes(10),
    });
    const noQueue = 'CloudFormation reports a lost request after the service timeout.'
      + ' A queue would only store the ResponseURL, which is a secret';
    suppressNagRule(this.function, 'Serverless-LambdaDLQ', noQueue);
    const invokeConfig = this.function.node.findChild('EventInvokeConfig');
    suppressNagRule(invokeConfig, 'Serverless-LambdaAsyncFailureDestination', noQueue);
    suppressNagRule(this.function, 'Serverless-LambdaTracing',
      'The function runs during deployments only, and its log contains every step.'
      + ' Tracing requires two more permissions on all resources');
  }

  /** The value of the ServiceToken property of the custom resources. */
  get serviceToken(): string {
    return this.function.functionArn;
  }

  /** Allows the provider to create resources of a kind in a Region. */
  allowCreate(kind: ResourceKind, region: string): void {
    const regions = this.regions.get(kind) ?? new Set();
    if (regions.size === 0) {
      this.regions.set(kind, regions);
      const sorted = Lazy.list({ produce: () => [...regions].sort() });
      this.role.addToPrincipalPolicy(createPermission(kind, sorted));
    }
    regions.add(region);
  }

  /** Allows the provider to adopt an existing resource. The resource that adopts it depends on the result. */
  allowAdopt(arn: string): AdoptPermissions {
    const id = `AdoptPermissions${Math.floor(this.adoptedArns / AdoptPermissions.MAXIMUM_ARNS) + 1}`;
    this.adoptedArns++;
    const existing = this.node.tryFindChild(id) as AdoptPermissions | undefined;
    const permissions = existing ?? new AdoptPermissions(this, id, this.role);
    permissions.allowAdopt(arn);
    return permissions;
  }

  /** The permissions to deliver logs. Logging configurations depend on them. */
  get logDelivery(): LogDeliveryPermissions {
    const id = 'LogDeliveryPermissions';
    const existing = this.node.tryFindChild(id) as LogDeliveryPermissions | undefined;
    return existing ?? new LogDeliveryPermissions(this, id, this.role);
  }

  /** Adds the permissions that the function always needs to the default policy of the role. */
  private addRolePermissions(stack: Stack): void {
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({
      // The function checks whether CloudFormation still waits for a request, and which resources the stack records.
      sid: 'AskCloudFormation',
      actions: [
        'cloudformation:DescribeStackResource',
        'cloudformation:DescribeStackEvents',
        'cloudformation:ListStackResources',
      ],
      resources: [Aws.STACK_ID],
    }));
    const statements = changePermissions(stack);
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);

    const resources = statements.flatMap((statement) => statement.resources);
    const findings = resources.map((resource) => `Resource::${nagFindingText(this, resource)}`);
    suppressNagRule(this.role.node.findChild('DefaultPolicy') as Construct, 'AwsSolutions-IAM5',
      'The ids of resources are not known before they are created, and some of these actions require the resource *.'
      + ' Conditions on the owner tag limit updates and deletes to the resources of the stack', [...new Set(findings)]);
  }
}
