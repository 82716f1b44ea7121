import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ownershipTags } from '../contract/ownership-tags';
import { regions } from '../contract/regions';

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

  private readonly function: lambda.Function;

  private constructor(stack: Stack, id: string) {
    super(stack, id);
    failWhereThereIsNoIvsChat(stack);

    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Creates, updates and deletes the Amazon IVS Chat resources of one stack',
    });
    logGroup.grantWrite(role);
    for (const statement of this.statements(stack)) role.addToPrincipalPolicy(statement);

    this.function = new lambda.Function(this, 'Function', {
      description: 'Creates, updates and deletes the Amazon IVS Chat resources of this stack (cdk-ivs-chat)',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      timeout: Duration.minutes(5),
      code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'assets', 'custom-resource')),
      handler: 'index.handler',
      role,
      logGroup,
      // After a crash the same request comes again, and finds what the first try left.
      retryAttempts: 2,
      maxEventAge: Duration.minutes(10),
    });
  }

  /** What `Custom::IVSChatRoom` names as its handler. */
  get serviceToken(): string {
    return this.function.functionArn;
  }

  private statements(stack: Stack): iam.PolicyStatement[] {
    const room = stack.formatArn({ service: 'ivschat', resource: 'room', resourceName: '*' });
    const owned = { Null: { [`aws:ResourceTag/${ownershipTags.owner}`]: 'false' } };
    return [
      new iam.PolicyStatement({
        sid: 'Create',
        actions: ['ivschat:CreateRoom'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:RequestedRegion': stack.region },
          Null: { [`aws:RequestTag/${ownershipTags.owner}`]: 'false' },
        },
      }),
      new iam.PolicyStatement({
        sid: 'TagOnCreate',
        actions: ['ivschat:TagResource'],
        resources: [room],
        conditions: { Null: { [`aws:RequestTag/${ownershipTags.owner}`]: 'false' } },
      }),
      new iam.PolicyStatement({
        sid: 'Find',
        actions: ['ivschat:ListRooms'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:RequestedRegion': stack.region } },
      }),
      new iam.PolicyStatement({ sid: 'Read', actions: ['ivschat:GetRoom'], resources: [room] }),
      new iam.PolicyStatement({
        sid: 'ChangeOwn',
        actions: ['ivschat:UpdateRoom', 'ivschat:DeleteRoom', 'ivschat:TagResource', 'ivschat:UntagResource'],
        resources: [room],
        conditions: owned,
      }),
      new iam.PolicyStatement({
        sid: 'Fence',
        actions: ['cloudformation:DescribeStackResource'],
        resources: [stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stack.stackName}/*` })],
      }),
    ];
  }
}

function failWhereThereIsNoIvsChat(stack: Stack): void {
  const region = stack.region;
  if (Token.isUnresolved(region) || (regions as readonly string[]).includes(region)) return;
  throw new Error(`Amazon IVS Chat is not offered in the Region ${JSON.stringify(region)} of the stack ${JSON.stringify(stack.node.path)};`
    + ` use one of ${regions.join(', ')}`);
}
