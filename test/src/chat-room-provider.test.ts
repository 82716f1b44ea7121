import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  ChatRoom, ChatRoomProvider, LoggingConfiguration, LoggingDestination, type ChatRoomProviderOptions,
} from '../../src';
import { PROVIDER_OPTIONS } from '../../src/private/properties';
import { providerPoliciesById } from './provider-policy';
import { problemsOf, type Statement } from './service-authorization';
import { newStack, onlyResource, warningsOf } from './stack';

const FUNCTION = 'AWS::Lambda::Function';
const newApp = () => new App({ analyticsReporting: false });

/** Sets every option. */
function configureAll(stack: Stack): ChatRoomProviderOptions {
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const options: Required<ChatRoomProviderOptions> = {
    memorySize: 512,
    architecture: lambda.Architecture.X86_64,
    reservedConcurrentExecutions: 10,
    deadLetterQueue: new sqs.Queue(stack, 'Queue', { encryptionMasterKey: new kms.Key(stack, 'QueueKey') }),
    tracing: lambda.Tracing.ACTIVE,
    logRetention: logs.RetentionDays.ONE_YEAR,
    logEncryptionKey: new kms.Key(stack, 'LogKey'),
    rolePath: '/platform/chat/',
    vpc,
    vpcSubnets: { subnets: [vpc.privateSubnets[0]!] },
    securityGroups: [new ec2.SecurityGroup(stack, 'SecurityGroup', { vpc })],
  };
  expect(Object.keys(options)).toEqual(Object.keys(PROVIDER_OPTIONS));
  ChatRoomProvider.configure(stack, options);
  return options;
}

/** Returns a stack with a room and a logging configuration. */
function newChat(prepare: (stack: Stack) => void = () => {}): Stack {
  const stack = newStack();
  prepare(stack);
  const logGroup = new logs.LogGroup(stack, 'ChatLog');
  const destination = LoggingDestination.cloudWatchLogs(logGroup);
  const logging = new LoggingConfiguration(stack, 'Logging', { destination });
  const existingRoom = ChatRoom.fromRoomId(stack, 'Existing', 'abcdefghijkl');
  new ChatRoom(stack, 'Lobby', { loggingConfigurations: [logging], existingRoom });
  return stack;
}

type Resources = { [logicalId: string]: { Type: string; Properties: any; DependsOn?: string[] } };
const resourcesOf = (stack: Stack): Resources => Template.fromStack(stack).toJSON().Resources;
const ofType = (resources: Resources, prefix: string) =>
  Object.fromEntries(Object.entries(resources).filter(([, { Type }]) => Type.startsWith(prefix)));

/** Returns the properties of the provider function. */
const functionOf = (stack: Stack) => onlyResource(stack, FUNCTION).Properties;

describe('all options together', () => {
  const before = resourcesOf(newChat());
  const configured = newChat(configureAll);
  const after = resourcesOf(configured);

  test('change no room and no logging configuration', () => {
    expect(Object.keys(ofType(before, 'Custom::'))).toHaveLength(2);
    expect(ofType(after, 'Custom::')).toEqual(ofType(before, 'Custom::'));
  });

  test('keep the logical ID and the type of every resource', () => {
    const types = (resources: Resources) => Object.entries(resources).map(([id, { Type }]) => `${id} ${Type}`);
    expect(types(after)).toEqual(expect.arrayContaining(types(before)));
  });

  test('are in the template', () => {
    expect(functionOf(configured)).toMatchObject({
      MemorySize: 512,
      Architectures: ['x86_64'],
      ReservedConcurrentExecutions: 10,
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^Queue/), 'Arn'] } },
      TracingConfig: { Mode: 'Active' },
      VpcConfig: {
        SubnetIds: [{ Ref: expect.stringMatching(/^VpcPrivateSubnet1/) }],
        SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^SecurityGroup/), 'GroupId'] }],
      },
    });
    const template = Template.fromStack(configured);
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 365, KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LogKey'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::IAM::Role', { Path: '/platform/chat/' });
  });

  test('add exactly the permissions that they need', async () => {
    const statements = (stack: Stack) =>
      providerPoliciesById(stack).RoleDefaultPolicy!.Statement as unknown as Statement[];
    const existing = statements(newChat()).map((statement) => JSON.stringify(statement));
    const added = statements(configured).filter((statement) => !existing.includes(JSON.stringify(statement)));
    expect(added.map(({ Action }) => Action)).toEqual([
      [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      'sqs:SendMessage',
      ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    ]);
    const actions = added.flatMap(({ Action }) => Action);
    const problems = await problemsOf({ Effect: 'Allow', Action: actions, Resource: '*' });
    expect(problems.filter((problem) => problem.endsWith('does not exist'))).toEqual([]);
  });

  test('leave a margin of 4,000 of the 10,240 characters of inline policies', () => {
    const { RoleDefaultPolicy, LogDeliveryPermissions } = providerPoliciesById(configured);
    const size = JSON.stringify(RoleDefaultPolicy).length + JSON.stringify(LogDeliveryPermissions).length;
    expect(size).toBeGreaterThan(2000);
    expect(size).toBeLessThan(10_240 - 4000);
  });
});

test('the options of the closest scope take precedence, each on its own', () => {
  const app = newApp();
  ChatRoomProvider.configure(app, {
    memorySize: 300, reservedConcurrentExecutions: 20, tracing: lambda.Tracing.ACTIVE,
  });
  const stage = new Stage(app, 'Production');
  const stack = new Stack(stage, 'Stack');
  ChatRoomProvider.configure(stack, { memorySize: 500, tracing: undefined });
  ChatRoomProvider.configure(stack, { reservedConcurrentExecutions: null as never }); // Plain JavaScript
  ChatRoomProvider.configure(stage, { memorySize: 400, reservedConcurrentExecutions: 30 });
  new ChatRoom(stack, 'Lobby');
  expect(functionOf(stack)).toMatchObject({
    MemorySize: 500, ReservedConcurrentExecutions: 30, TracingConfig: { Mode: 'Active' },
  });
});

test('a later call for the same scope replaces the options that it sets', () => {
  const stack = newStack();
  ChatRoomProvider.configure(stack, { memorySize: 300, reservedConcurrentExecutions: 20 });
  ChatRoomProvider.configure(stack, { memorySize: 400 });
  new ChatRoom(stack, 'Lobby');
  expect(functionOf(stack)).toMatchObject({ MemorySize: 400, ReservedConcurrentExecutions: 20 });
});

test('options of another copy of the library apply', () => {
  const stack = newStack();
  Object.defineProperty(stack, Symbol.for('cdk-ivs-chat.ChatRoomProviderOptions'), { value: { memorySize: 300 } });
  new ChatRoom(stack, 'Lobby');
  expect(functionOf(stack).MemorySize).toBe(300);
});

test('with tracing disabled, a function has the suppression of a function without tracing', () => {
  const rules = [lambda.Tracing.DISABLED, lambda.Tracing.PASS_THROUGH, undefined].map((tracing) => {
    const stack = newStack();
    ChatRoomProvider.configure(stack, { tracing });
    new ChatRoom(stack, 'Lobby');
    return onlyResource(stack, FUNCTION).Metadata.cdk_nag.rules_to_suppress.map(({ id }: { id: string }) => id);
  });
  expect(rules[0]).toContain('Serverless-LambdaTracing');
  expect(rules[1]).not.toContain('Serverless-LambdaTracing');
  expect(rules[2]).toContain('Serverless-LambdaTracing');
});

test('options of one stack do not apply to another stack', () => {
  const app = newApp();
  const [first, second] = [new Stack(app, 'First'), new Stack(app, 'Second')] as const;
  ChatRoomProvider.configure(first, { memorySize: 300 });
  new ChatRoom(first, 'Lobby');
  new ChatRoom(second, 'Lobby');
  expect([functionOf(first).MemorySize, functionOf(second).MemorySize]).toEqual([300, 256]);
});

test('an error about the options of an app names no path', () => {
  expect(() => ChatRoomProvider.configure(newApp(), { memorySize: 1 }))
    .toThrow(new Error('`memorySize` must be between 128 and 10240, got 1'));
});

test('a nested stack has its own provider function, with the options of its parent', () => {
  const parent = newStack();
  ChatRoomProvider.configure(parent, { memorySize: 300 });
  const nested = new NestedStack(parent, 'Nested');
  new ChatRoom(nested, 'Lobby');
  new ChatRoom(parent, 'Lobby');
  expect(functionOf(parent).MemorySize).toBe(300);
  expect(functionOf(nested).MemorySize).toBe(300);
});

describe('a call after the first room of a stack is an error', () => {
  const message = (path: string, at: string) => new Error(`the stack ${path} has a provider function already;`
    + ` call \`ChatRoomProvider.configure\` before you create the first room or logging configuration${at}`);

  test('for the stack', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby');
    expect(() => ChatRoomProvider.configure(stack, { memorySize: 300 })).toThrow(message('Stack', ' (at Stack)'));
  });

  test('for a scope around the stack', () => {
    const app = newApp();
    const stage = new Stage(app, 'Stage');
    new ChatRoom(new Stack(stage, 'Stack'), 'Lobby');
    expect(() => ChatRoomProvider.configure(stage, {})).toThrow(message('Stage/Stack', ' (at Stage)'));
    // An app has no path.
    expect(() => ChatRoomProvider.configure(app, { memorySize: 300 })).toThrow(message('Stage/Stack', ''));
    const later = new Stack(app, 'Later');
    new ChatRoom(later, 'Lobby');
    expect(functionOf(later).MemorySize).toBe(256);
  });

  test('for the provider function of another copy of the library', () => {
    const stack = newStack();
    new Construct(stack, 'IvsChatControlPlaneProvider');
    expect(() => ChatRoomProvider.configure(stack, {})).toThrow(message('Stack', ' (at Stack)'));
  });

  test('but not for a stack without rooms', () => {
    const app = newApp();
    new ChatRoom(new Stack(app, 'First'), 'Lobby');
    const second = new Stack(app, 'Second');
    expect(() => ChatRoomProvider.configure(second, { memorySize: 300 })).not.toThrow();
  });
});

describe('a key for logs', () => {
  test('allows CloudWatch Logs once, also if several stacks use the key', () => {
    const app = newApp();
    const platform = new Stack(app, 'Platform');
    const key = new kms.Key(platform, 'Key');
    ChatRoomProvider.configure(app, { logEncryptionKey: key });
    const stacks = ['First', 'Second'].map((id) => new Stack(app, id));
    for (const stack of stacks) new ChatRoom(stack, 'Lobby');
    const { Statement } = onlyResource(platform, 'AWS::KMS::Key').Properties.KeyPolicy;
    expect(Statement.slice(1)).toEqual([{
      Effect: 'Allow',
      Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': {
            'Fn::Join': ['', [
              'arn:', { Ref: 'AWS::Partition' }, ':logs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' },
              ':log-group:*',
            ]],
          },
        },
      },
    }]);
    for (const stack of stacks) {
      expect(onlyResource(stack, 'AWS::Logs::LogGroup').Properties.KmsKeyId).toHaveProperty('Fn::ImportValue');
    }
  });

  test('can be imported', () => {
    const stack = newStack();
    const arn = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    ChatRoomProvider.configure(stack, { logEncryptionKey: kms.Key.fromKeyArn(stack, 'Key', arn) });
    new ChatRoom(stack, 'Lobby');
    expect(onlyResource(stack, 'AWS::Logs::LogGroup').Properties.KmsKeyId).toBe(arn);
  });

  test('must be in the Region of the stack, like the queue and the VPC', () => {
    const other = new Stack(newApp(), 'Other', { env: { account: '123456789012', region: 'us-east-1' } });
    const vpcAttributes = { vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-1'] };
    for (const [what, options] of Object.entries<ChatRoomProviderOptions>({
      'the queue of `deadLetterQueue`': {
        deadLetterQueue: sqs.Queue.fromQueueArn(other, 'Queue', 'arn:aws:sqs:us-east-1:123456789012:queue'),
      },
      'the VPC of `vpc`': { vpc: ec2.Vpc.fromVpcAttributes(other, 'Vpc', { ...vpcAttributes, region: 'us-east-1' }) },
    })) {
      const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
      ChatRoomProvider.configure(stack, options);
      expect(() => new ChatRoom(stack, 'Lobby')).toThrow(
        `${what} must be in the same Region as Stack/IvsChatControlPlaneProvider (eu-west-1), got us-east-1`);
    }

    const app = newApp();
    const key = kms.Key.fromKeyArn(new Stack(app, 'Platform'), 'Key', 'arn:aws:kms:us-east-1:123456789012:key/x');
    ChatRoomProvider.configure(app, { logEncryptionKey: key });
    const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    expect(() => new ChatRoom(stack, 'Lobby')).toThrow('the key of `logEncryptionKey` must be in the same Region as'
      + ' Stack/IvsChatControlPlaneProvider (eu-west-1), got us-east-1');
  });
});

describe('a VPC', () => {
  test('has its routes to the internet before the function exists, and until it is deleted', () => {
    const stack = newStack();
    ChatRoomProvider.configure(stack, { vpc: new ec2.Vpc(stack, 'Vpc') });
    new ChatRoom(stack, 'Lobby');
    expect(onlyResource(stack, FUNCTION).DependsOn).toContainEqual(
      expect.stringMatching(/^VpcPrivateSubnet1DefaultRoute/));
    expect(functionOf(stack).VpcConfig.SecurityGroupIds).toHaveLength(1);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('with isolated subnets only results in a warning', () => {
    const stack = newStack();
    const subnetConfiguration = [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }];
    ChatRoomProvider.configure(stack, { vpc: new ec2.Vpc(stack, 'Vpc', { subnetConfiguration }) });
    new ChatRoom(stack, 'Lobby');
    expect(warningsOf(stack)).toEqual([expect.stringContaining('cdk-ivs-chat:providerInIsolatedSubnet')]);
  });

  test('results in a warning if one of the chosen subnets is isolated, and in none if no chosen subnet is', () => {
    const warnings = (types: ec2.SubnetType[]) => {
      const stack = newStack();
      const { PRIVATE_ISOLATED: isolated, PRIVATE_WITH_EGRESS: egress, PUBLIC } = ec2.SubnetType;
      const subnetConfiguration = [isolated, egress, PUBLIC].map((subnetType) => ({ name: subnetType, subnetType }));
      const vpc = new ec2.Vpc(stack, 'Vpc', { subnetConfiguration, maxAzs: 1 });
      const subnets = types.flatMap((subnetType) => vpc.selectSubnets({ subnetType }).subnets);
      ChatRoomProvider.configure(stack, { vpc, vpcSubnets: { subnets } });
      new ChatRoom(stack, 'Lobby');
      return warningsOf(stack).length;
    };
    const { PRIVATE_ISOLATED, PRIVATE_WITH_EGRESS } = ec2.SubnetType;
    expect(warnings([PRIVATE_WITH_EGRESS])).toBe(0);
    expect(warnings([PRIVATE_WITH_EGRESS, PRIVATE_ISOLATED])).toBe(1);
  });

  test.each(['vpcSubnets', 'securityGroups'] as const)('is necessary for %s', (name) => {
    const stack = newStack();
    ChatRoomProvider.configure(stack, { [name]: name === 'vpcSubnets' ? {} : [] });
    expect(() => new ChatRoom(stack, 'Lobby')).toThrow(
      `\`${name}\` requires \`vpc\`; set \`vpc\` with \`ChatRoomProvider.configure\` (at Stack)`);
  });

  test('can be looked up', () => {
    const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
    ChatRoomProvider.configure(stack, { vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { vpcName: 'platform' }) });
    new ChatRoom(stack, 'Lobby');
    expect(functionOf(stack).VpcConfig.SubnetIds.length).toBeGreaterThan(0);
  });

  test('can be set for the app, and its subnets for a stack', () => {
    const app = newApp();
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc');
    ChatRoomProvider.configure(app, { vpc });
    const stack = new Stack(app, 'Stack');
    ChatRoomProvider.configure(stack, { vpcSubnets: { subnets: [vpc.privateSubnets[1]!] } });
    new ChatRoom(stack, 'Lobby');
    expect(functionOf(stack).VpcConfig.SubnetIds).toHaveLength(1);
  });
});

test('a permissions boundary of the CDK applies to the role of the function', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  const boundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'platform-boundary');
  iam.PermissionsBoundary.of(app).apply(boundary);
  new ChatRoom(stack, 'Lobby');
  expect(JSON.stringify(onlyResource(stack, 'AWS::IAM::Role').Properties.PermissionsBoundary))
    .toContain('policy/platform-boundary');
});
