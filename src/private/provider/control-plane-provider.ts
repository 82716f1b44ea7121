import { ArnFormat, Aws, Duration, Lazy, RemovalPolicy, Stack, Validations, type IResolvable } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import type { ChatRoomProviderOptions } from '../../chat-room-provider-options';
import { PackagedCode } from '../../packaged-code';
import { validateSameEnvironment } from '../environment';
import { nagFindingText, suppressInlinePolicyRules, suppressNagRule } from '../nag-suppressions';
import { AdoptPermissions } from './adopt-permissions';
import { LogDeliveryPermissions } from './log-delivery-permissions';
import { providerOptions } from './provider-options';
import { changePermissions, createPermission, type ResourceKind } from './resource-permissions';

const ID = 'IvsChatControlPlaneProvider';

/**
 * The Lambda function that handles all custom resources of a stack.
 *
 * Its logical id must never change: CloudFormation refuses to change the ServiceToken of a custom resource.
 */
export class ControlPlaneProvider extends Construct {
  /** Returns the provider of the scope's stack. The first resource of the stack creates it. */
  static of(scope: Construct): ControlPlaneProvider {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(ID) as ControlPlaneProvider | undefined;
    return existing ?? new ControlPlaneProvider(stack, ID);
  }

  /** Returns the providers of all stacks in a scope. */
  static in(scope: IConstruct): ControlPlaneProvider[] {
    return scope.node.findAll().filter(({ node }) => node.id === ID) as ControlPlaneProvider[];
  }

  /**
   * The time that CloudFormation waits for a response, in seconds. It is longer than the timeout of the function and
   * shorter than the default of one hour.
   */
  readonly serviceTimeout = String(20 * 60);

  /** The value of the ServiceToken property of the custom resources. `functionArn` also handles other stacks. */
  readonly serviceToken: IResolvable;

  private readonly role: iam.Role;
  private readonly function: lambda.Function;
  private readonly regions = new Map<ResourceKind, Set<string>>();
  private adoptedArns = 0;

  private constructor(private readonly stack: Stack, id: string) {
    super(stack, id);
    const options = providerOptions(stack);
    this.validateOptions(options);
    const { deadLetterQueue, logEncryptionKey, tracing, vpc, vpcSubnets, securityGroups } = options;
    if (logEncryptionKey) this.allowLogEncryption(logEncryptionKey);
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: options.logRetention ?? logs.RetentionDays.ONE_MONTH,
      encryptionKey: logEncryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Creates, updates and deletes the Amazon IVS Chat resources of one stack',
      path: options.rolePath,
    });
    logGroup.grantWrite(this.role);
    this.addRolePermissions(stack);
    if (vpc) this.allowNetworkInterfaces();
    deadLetterQueue?.encryptionMasterKey?.grant(this.role, 'kms:Decrypt', 'kms:GenerateDataKey');

    this.function = new lambda.Function(this, 'Function', {
      description: 'Creates, updates and deletes the Amazon IVS Chat resources of this stack (cdk-ivs-chat)',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: options.architecture ?? lambda.Architecture.ARM_64,
      memorySize: options.memorySize ?? 256,
      reservedConcurrentExecutions: options.reservedConcurrentExecutions,
      deadLetterQueue,
      tracing,
      vpc,
      vpcSubnets,
      securityGroups,
      // A stack can have 450 rooms, which share a quota of 5 requests per second for each operation.
      timeout: Duration.minutes(10),
      code: new PackagedCode('custom-resource'),
      handler: 'index.handler',
      role: this.role,
      logGroup,
      // After a crash, Lambda sends the request again, and the retry finds the resource that the first attempt created.
      retryAttempts: 2,
      maxEventAge: Duration.minutes(10),
    });
    this.serviceToken = (this.function.node.defaultChild as lambda.CfnFunction).getAtt('Arn');
    const noQueue = 'CloudFormation reports a lost request after the service timeout.'
      + ' A queue would only store the ResponseURL, which is a secret';
    const invokeConfig = this.function.node.findChild('EventInvokeConfig');
    suppressNagRule(invokeConfig, 'Serverless-LambdaAsyncFailureDestination', noQueue);
    if (!deadLetterQueue) suppressNagRule(this.function, 'Serverless-LambdaDLQ', noQueue);
    if (!tracing || tracing === lambda.Tracing.DISABLED) {
      suppressNagRule(this.function, 'Serverless-LambdaTracing',
        'The function runs during deployments only, and its log contains every step.'
        + ' Tracing requires two more permissions on all resources');
    }
    if (vpc) this.warnAboutIsolatedSubnets(vpc, vpcSubnets);
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
    const policy = this.role.node.findChild('DefaultPolicy') as iam.Policy;
    suppressInlinePolicyRules(policy);
    suppressNagRule(policy, 'AwsSolutions-IAM5',
      'The ids of resources are not known before they are created, and some of these actions require the resource *.'
      + ' Conditions on the owner tag limit updates and deletes to the resources of the stack', [...new Set(findings)]);
  }

  /** Throws if the options contradict each other, or if a resource is in another account or Region. */
  private validateOptions(options: ChatRoomProviderOptions): void {
    const { vpc, logEncryptionKey, deadLetterQueue } = options;
    for (const name of ['vpcSubnets', 'securityGroups'] as const) {
      if (options[name] && !vpc) {
        throw new Error(`\`${name}\` requires \`vpc\`; set \`vpc\` with \`ChatRoomProvider.configure\``
          + ` (at ${this.stack.node.path})`);
      }
    }
    if (vpc) validateSameEnvironment(this, 'the VPC of `vpc`', vpc);
    if (logEncryptionKey) validateSameEnvironment(this, 'the key of `logEncryptionKey`', logEncryptionKey);
    if (deadLetterQueue) validateSameEnvironment(this, 'the queue of `deadLetterQueue`', deadLetterQueue);
  }

  /**
   * Allows CloudWatch Logs to use the key for the log groups of the account. A statement for one log group would result
   * in a circular dependency of the key and the log group.
   */
  private allowLogEncryption(key: kms.IKey): void {
    const { region } = this.stack;
    key.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': this.stack.formatArn({
            service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }), true);
  }

  /**
   * Allows Lambda to connect the function to a VPC. The managed policy AWSLambdaVPCAccessExecutionRole also allows
   * access to all log groups.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  private allowNetworkInterfaces(): void {
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({
      sid: 'ConnectToVpc',
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }));
  }

  private warnAboutIsolatedSubnets(vpc: ec2.IVpc, selection?: ec2.SubnetSelection): void {
    const { subnets } = vpc.selectSubnets(selection);
    if (!subnets.some((subnet) => vpc.isolatedSubnets.includes(subnet))) return;

    Validations.of(this).addWarning('cdk-ivs-chat:providerInIsolatedSubnet',
      'the provider function is in a subnet that has no route to the internet, and Amazon IVS Chat has no VPC endpoint;'
      + ' set `vpcSubnets` to subnets with a NAT gateway, or acknowledge this warning if another route exists');
  }
}
