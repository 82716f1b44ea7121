import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { allows } from '../../local/aws/iam/policy-evaluation';
import { ChatRoom, LoggingConfiguration, LoggingDestination } from '../../src';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { regions } from '../../src/contract/regions';
import { DEPLOYED_TO, STACK_UUID, providerPolicies, providerPoliciesById } from './provider-policy';
import { problemsOf, type Statement } from './service-authorization';
import { newStack, onlyResource } from './stack';

const { accountId: ACCOUNT, region: REGION, stackId: STACK_ID } = DEPLOYED_TO;

/** Returns the statements of the policies of the provider, by the construct IDs of the policies. */
function statements(stack: Stack): { [id: string]: Statement[] } {
  const documents = Object.entries(providerPoliciesById(stack));
  return Object.fromEntries(documents.map(([id, { Statement }]) => [id, Statement as Statement[]]));
}

const ARNS = [
  `arn:aws:ivschat:*:${ACCOUNT}:room/*`,
  `arn:aws:ivschat:*:${ACCOUNT}:logging-configuration/*`,
];

/** The default policy of the role. */
const rolePolicy = (creates: { Room?: string[]; LoggingConfiguration?: string[] }): Statement[] => [
  {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: expect.stringMatching('log-group:IvsChatControlPlaneProviderLogGroup') as never,
  },
  {
    Sid: 'AskCloudFormation',
    Effect: 'Allow',
    Action: [
      'cloudformation:DescribeStackResource',
      'cloudformation:DescribeStackEvents',
      'cloudformation:ListStackResources',
    ],
    Resource: STACK_ID,
  },
  {
    Sid: 'TagOnCreate',
    Effect: 'Allow',
    Action: 'ivschat:TagResource',
    Resource: ARNS,
    Condition: {
      StringLike: {
        'aws:RequestTag/cdk-ivs-chat:owner': `${STACK_UUID}/*`,
        'aws:RequestTag/cdk-ivs-chat:created-by': `${STACK_UUID}/*`,
      },
      StringLikeIfExists: { 'aws:ResourceTag/cdk-ivs-chat:owner': `${STACK_UUID}/*` },
    },
  },
  { Sid: 'List', Effect: 'Allow', Action: ['ivschat:ListRooms', 'ivschat:ListLoggingConfigurations'], Resource: '*' },
  { Sid: 'Read', Effect: 'Allow', Action: ['ivschat:GetRoom', 'ivschat:GetLoggingConfiguration'], Resource: ARNS },
  {
    Sid: 'ChangeOwn',
    Effect: 'Allow',
    Action: [
      'ivschat:UpdateRoom',
      'ivschat:DeleteRoom',
      'ivschat:UpdateLoggingConfiguration',
      'ivschat:DeleteLoggingConfiguration',
      'ivschat:TagResource',
      'ivschat:UntagResource',
    ],
    Resource: ARNS,
    Condition: { StringLike: { 'aws:ResourceTag/cdk-ivs-chat:owner': `${STACK_UUID}/*` } },
  },
  ...Object.entries(creates).map(([kind, inRegions]) => ({
    Sid: `Create${kind}`,
    Effect: 'Allow',
    Action: `ivschat:Create${kind}`,
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:RequestedRegion': inRegions },
      StringLike: { 'aws:RequestTag/cdk-ivs-chat:owner': `${STACK_UUID}/*` },
    },
  })),
];

const logDelivery: Statement = {
  Sid: 'LogDelivery',
  Effect: 'Allow',
  Action: [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
  ],
  Resource: '*',
};

/** Adds one logging configuration for each destination. */
function log(stack: Stack, ...destinations: LoggingDestination[]): LoggingConfiguration[] {
  return destinations.map((destination, index) => new LoggingConfiguration(stack, `Logging${index}`, { destination }));
}

test('a stack with several rooms has one provider', () => {
  const stack = newStack();
  for (const id of ['Lobby', 'Stage', 'Backstage']) new ChatRoom(stack, id);
  const template = Template.fromStack(stack);
  const counts = {
    'AWS::Lambda::Function': 1,
    'AWS::IAM::Role': 1,
    'AWS::IAM::Policy': 1,
    'AWS::Logs::LogGroup': 1,
    'Custom::IVSChatRoom': 3,
  };
  for (const [type, count] of Object.entries(counts)) template.resourceCountIs(type, count);
});

test('each stack has its own provider', () => {
  const app = new App();
  const stacks = ['One', 'Two'].map((id) => new Stack(app, id));
  for (const stack of stacks) new ChatRoom(stack, 'Lobby');
  for (const stack of stacks) Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
});

test('the function has these properties', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby');
  const { Code, Role, ...properties } = onlyResource(stack, 'AWS::Lambda::Function').Properties;
  expect(properties).toEqual({
    Description: 'Creates, updates and deletes the Amazon IVS Chat resources of this stack (cdk-ivs-chat)',
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 256,
    Timeout: 600,
    LoggingConfig: { LogGroup: { Ref: expect.stringMatching('LogGroup') } },
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 600,
  });
  template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
  expect(existsSync(join(__dirname, '..', '..', 'assets', 'custom-resource', 'index.js'))).toBe(true);
});

test('CloudFormation waits for 20 minutes, which is longer than the timeout of the function', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby');
  expect(onlyResource(stack, 'Custom::IVSChatRoom').Properties.ServiceTimeout).toBe('1200');
  expect(onlyResource(stack, 'AWS::Lambda::Function').Properties.Timeout).toBeLessThan(1200);
});

describe('the default policy of the role', () => {
  test('allows these actions for rooms, and no others', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby');
    new ChatRoom(stack, 'Stage');
    expect(statements(stack)).toEqual({ RoleDefaultPolicy: rolePolicy({ Room: [REGION] }) });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('limits creates, and nothing else, to the Regions and kinds in the template', () => {
    const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
    new ChatRoom(stack, 'Stage', { region: 'us-east-1' });
    new ChatRoom(stack, 'Backstage', { region: 'us-east-1' });
    new ChatRoom(stack, 'Lobby', { region: REGION });
    log(stack, LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup')));
    const creates = { Room: [REGION, 'us-east-1'], LoggingConfiguration: [REGION] };
    expect(statements(stack).RoleDefaultPolicy).toEqual(rolePolicy(creates));
  });

  test('does not depend on the order of the constructs in its Regions', () => {
    const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
    new ChatRoom(stack, 'Lobby');
    new ChatRoom(stack, 'Stage', { region: 'ap-south-1' });
    expect(statements(stack).RoleDefaultPolicy).toEqual(rolePolicy({ Room: ['ap-south-1', REGION] }));
  });

  test('is created before the function and before each room', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby');
    const { DependsOn } = onlyResource(stack, 'AWS::Lambda::Function');
    expect(DependsOn).toContainEqual(expect.stringMatching('RoleDefaultPolicy'));
  });
});

describe('the policy for log delivery', () => {
  const bucketArn = (name: string) => `arn:aws:s3:::${name}`;
  const logGroupPolicy: Statement = {
    Sid: 'LogGroupPolicy',
    Effect: 'Allow',
    Action: ['logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:PutResourcePolicy'],
    Resource: '*',
  };

  test.each<[string, (stack: Stack) => LoggingDestination, Statement[]]>([
    ['a bucket', (stack) => LoggingDestination.s3(new s3.CfnBucket(stack, 'Bucket')),
      [{ Sid: 'ReadBucketPolicy', Effect: 'Allow', Action: 's3:GetBucketPolicy', Resource: bucketArn('Bucket') }]],
    ['a bucket without a declared policy',
      (stack) => LoggingDestination.s3(s3.Bucket.fromBucketName(stack, 'Bucket', 'my-bucket')), [
        { Sid: 'ReadBucketPolicy', Effect: 'Allow', Action: 's3:GetBucketPolicy', Resource: bucketArn('my-bucket') },
        { Sid: 'WriteBucketPolicy', Effect: 'Allow', Action: 's3:PutBucketPolicy', Resource: bucketArn('my-bucket') },
      ]],
    ['a log group', (stack) => LoggingDestination.cloudWatchLogs(new logs.CfnLogGroup(stack, 'LogGroup')),
      [logGroupPolicy]],
    ['a log group without a declared policy', (stack) => {
      const logGroup = new logs.CfnLogGroup(stack, 'LogGroup');
      return LoggingDestination.cloudWatchLogs(logGroup, { manageDeliveryPermissions: false });
    }, [logGroupPolicy]],
    ['a delivery stream', (stack) => LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'Stream')), [
      {
        Sid: 'TagDeliveryStream',
        Effect: 'Allow',
        Action: 'firehose:TagDeliveryStream',
        Resource: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/Stream`,
      },
      {
        Sid: 'LogDeliveryRole',
        Effect: 'Allow',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/`
          + 'delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery',
        Condition: { StringEquals: { 'iam:AWSServiceName': 'delivery.logs.amazonaws.com' } },
      },
    ]],
  ])('allows only the actions that %s requires', (_, destination, expected) => {
    const stack = newStack();
    log(stack, destination(stack));
    expect(statements(stack).LogDeliveryPermissions).toEqual([logDelivery, ...expected]);
  });

  test('has one statement for all buckets in all Regions', () => {
    const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
    const buckets = ['One', 'Two'].map((id) => new s3.CfnBucket(stack, id));
    log(stack, ...buckets.map((bucket) => LoggingDestination.s3(bucket)));
    const elsewhere = s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'three', region: 'us-east-1' });
    new LoggingConfiguration(stack, 'Elsewhere', {
      region: 'us-east-1',
      destination: LoggingDestination.s3(elsewhere, { manageDeliveryPermissions: false }),
    });
    expect(statements(stack).LogDeliveryPermissions).toEqual([
      logDelivery,
      {
        Sid: 'ReadBucketPolicy',
        Effect: 'Allow',
        Action: 's3:GetBucketPolicy',
        Resource: [bucketArn('One'), bucketArn('Two'), bucketArn('three')],
      },
      { Sid: 'WriteBucketPolicy', Effect: 'Allow', Action: 's3:PutBucketPolicy', Resource: bucketArn('three') },
    ]);
    expect(statements(stack).RoleDefaultPolicy).toEqual(rolePolicy({ LoggingConfiguration: [REGION, 'us-east-1'] }));
  });

  test('names the delivery stream in the Region of the logging configuration', () => {
    const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
    const streamArn = `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/Stream`;
    const imports = new Stack(App.of(stack) as App, 'Imports', { env: { account: ACCOUNT, region: 'us-east-1' } });
    const stream = firehose.DeliveryStream.fromDeliveryStreamArn(imports, 'Stream', streamArn);
    new LoggingConfiguration(stack, 'Elsewhere', {
      region: 'us-east-1', destination: LoggingDestination.firehose(stream),
    });
    expect(statements(stack).LogDeliveryPermissions).toContainEqual(
      expect.objectContaining({ Sid: 'TagDeliveryStream', Resource: streamArn }),
    );
  });

  test('is a dependency of the logging configurations', () => {
    const stack = newStack();
    log(stack, LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'Stream')));
    const { DependsOn } = onlyResource(stack, 'Custom::IVSChatLoggingConfiguration');
    expect(DependsOn).toContainEqual(expect.stringMatching('LogDeliveryPermissions'));
  });
});

describe('the policy for adoption', () => {
  const roomArn = (id: string) => `arn:aws:ivschat:${REGION}:${ACCOUNT}:room/${id}`;
  const loggingConfigurationArn = `arn:aws:ivschat:${REGION}:${ACCOUNT}:logging-configuration/abcdefghijkl`;
  const adopt = (stack: Stack, id: string, arn: string) =>
    new ChatRoom(stack, id, { existingRoom: ChatRoom.fromRoomArn(stack, `Existing${id}`, arn) });

  test('contains the ARNs of the adopted resources, which depend on it', () => {
    const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
    adopt(stack, 'Lobby', roomArn('aaaaaaaaaaaa'));
    new LoggingConfiguration(stack, 'Logging', {
      destination: LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup')),
      existingLoggingConfiguration: LoggingConfiguration.fromLoggingConfigurationArn(
        stack, 'ExistingLogging', loggingConfigurationArn,
      ),
    });
    expect(statements(stack).AdoptPermissions1).toEqual([{
      Sid: 'Adopt',
      Effect: 'Allow',
      Action: 'ivschat:TagResource',
      Resource: [roomArn('aaaaaaaaaaaa'), loggingConfigurationArn],
      Condition: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['cdk-ivs-chat:owner', 'cdk-ivs-chat:updated-by'] },
        'StringLike': { 'aws:RequestTag/cdk-ivs-chat:owner': `${STACK_UUID}/*` },
        'StringLikeIfExists': { 'aws:ResourceTag/cdk-ivs-chat:owner': `${STACK_UUID}/*` },
      },
    }]);
    for (const type of ['Custom::IVSChatRoom', 'Custom::IVSChatLoggingConfiguration']) {
      expect(onlyResource(stack, type).DependsOn).toContainEqual(expect.stringMatching('AdoptPermissions1'));
    }
  });

  test('does not exist in a stack that adopts nothing', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby');
    Template.fromStack(stack).resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  });

  test('can contain a room of the same stack that uses a logging configuration of the stack', () => {
    const stack = newStack();
    const [logging] = log(stack, LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup')));
    const existing = new CfnRoom(stack, 'Existing', {
      loggingConfigurationIdentifiers: [logging!.loggingConfigurationArn],
    });
    new ChatRoom(stack, 'Lobby', { existingRoom: existing });
    expect(() => Template.fromStack(stack)).not.toThrow(); // Synthesis fails on a circular dependency.
  });

  test('is split before it exceeds the 6,144 characters of a managed policy', () => {
    const stack = newStack({ env: { account: ACCOUNT, region: 'ap-northeast-1' } });
    const destination = LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup'));
    for (let index = 0; index < 130; index++) {
      // These ARNs have the maximum length.
      const arn = `arn:aws:ivschat:ap-northeast-1:${ACCOUNT}:logging-configuration/${String(index).padStart(12, 'x')}`;
      const adopted = LoggingConfiguration.fromLoggingConfigurationArn(stack, `Existing${index}`, arn);
      new LoggingConfiguration(stack, `Logging${index}`, { destination, existingLoggingConfiguration: adopted });
    }
    const policies = Object.entries(providerPoliciesById(stack)).filter(([id]) => id.startsWith('AdoptPermissions'));
    expect(policies.map(([id]) => id)).toEqual(['AdoptPermissions1', 'AdoptPermissions2', 'AdoptPermissions3']);
    for (const [, document] of policies) expect(JSON.stringify(document).length).toBeLessThan(6144);
    const arns = policies.map(([id]) => statements(stack)[id]!.flatMap(({ Resource }) => Resource));
    // Another number would move the ARNs of a deployed stack to other policies.
    expect(arns.map(({ length }) => length)).toEqual([60, 60, 10]);
    expect(new Set(arns.flat()).size).toBe(130);
  });
});

describe('the size of the inline policies of the role', () => {
  /** Returns the size that IAM counts: the characters of all inline policies without whitespace. */
  function inlineSize(stack: Stack): number {
    const ids = Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const documents = Object.entries(providerPoliciesById(stack))
      .filter(([id]) => ids.some((logicalId) => logicalId.startsWith(`IvsChatControlPlaneProvider${id}`)));
    return documents.reduce((size, [, document]) => size + JSON.stringify(document).replace(/\s/g, '').length, 0);
  }

  /** Creates a stack with rooms, and with one logging configuration for each kind of destination in every Region. */
  function everywhere(roomsInRegion: number): Stack {
    const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
    for (const region of regions) {
      const imports = new Stack(stack.node.root as App, `Imports-${region}`, { env: { account: ACCOUNT, region } });
      const name = (length: number) => region.padEnd(length, 'x');
      const logGroupArn = `arn:aws:logs:${region}:${ACCOUNT}:log-group:${name(512)}`;
      const streamArn = `arn:aws:firehose:${region}:${ACCOUNT}:deliverystream/${name(64)}`;
      const [bucket, logGroup, stream] = [
        s3.Bucket.fromBucketName(imports, 'Bucket', name(63)),
        logs.LogGroup.fromLogGroupArn(imports, 'LogGroup', logGroupArn),
        firehose.DeliveryStream.fromDeliveryStreamArn(imports, 'Stream', streamArn),
      ] as const;
      const destinations = [
        LoggingDestination.s3(bucket, { manageDeliveryPermissions: false }),
        LoggingDestination.cloudWatchLogs(logGroup),
        LoggingDestination.firehose(stream),
      ];
      destinations.forEach((destination, index) => {
        new LoggingConfiguration(stack, `Logging${region}${index}`, { destination, region });
      });
      for (let index = 0; index < roomsInRegion; index++) new ChatRoom(stack, `Room${region}${index}`, { region });
    }
    return stack;
  }

  test('leaves a margin of 2,000 of the 10,240 characters in a stack that uses everything in all Regions', () => {
    const stack = everywhere(1);
    const create = statements(stack).RoleDefaultPolicy!.find(({ Sid }) => Sid === 'CreateRoom');
    expect(create!.Condition!.StringEquals!['aws:RequestedRegion']).toEqual(regions);
    expect(inlineSize(stack)).toBeGreaterThan(4000); // The size includes the policies.
    expect(inlineSize(stack)).toBeLessThan(10_240 - 2000);
  });

  test('does not grow with the number of rooms', () => {
    expect(inlineSize(everywhere(10))).toBe(inlineSize(everywhere(1)));
  });
});

test('all actions exist and support the resources and conditions', async () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby', { existingRoom: ChatRoom.fromRoomId(stack, 'Existing', 'abcdefghijkl') });
  log(stack,
    LoggingDestination.s3(s3.Bucket.fromBucketName(stack, 'Bucket', 'my-bucket')),
    LoggingDestination.cloudWatchLogs(new logs.CfnLogGroup(stack, 'LogGroup')),
    LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'Stream')));
  const problems = await Promise.all(Object.values(statements(stack)).flat().map(problemsOf));
  // The user guide says that these operations do not act on one resource, and the authorization data says that they do.
  // The resource `*` is correct in both cases.
  expect(problems.flat()).toEqual([
    'ivschat:ListRooms is allowed on *, but takes Room',
    'ivschat:ListLoggingConfigurations is allowed on *, but takes Logging-Configuration',
    'ivschat:CreateRoom is allowed on *, but takes Room',
    'ivschat:CreateLoggingConfiguration is allowed on *, but takes Logging-Configuration',
  ]);
});

test('the check finds an action, a resource or a condition key that does not exist', async () => {
  const wrong = async (Action: string, Resource: string, Condition = {}) => (
    await problemsOf({ Effect: 'Allow', Action, Resource, Condition })
  )[0];
  const ivschat = `arn:aws:ivschat:${REGION}:${ACCOUNT}`;
  expect(await wrong('ivschat:*', '*')).toBe('ivschat:* is a wildcard');
  expect(await wrong('ivschat:SingRoom', '*')).toBe('ivschat:SingRoom does not exist');
  expect(await wrong('ivschat:GetRoom', `${ivschat}:logging-configuration/x`)).toContain('does not take arn:aws:');
  const resources = [`${ivschat}:room/x`, `${ivschat}:stage/x`];
  expect(await problemsOf({ Effect: 'Allow', Action: 'ivschat:GetRoom', Resource: resources }))
    .toEqual([`no action takes ${ivschat}:stage/x`]);
  expect(await wrong('ivschat:GetRoom', `${ivschat}:room/x`, { Null: { 'ivschat:Color': 'true' } }))
    .toContain('has no condition key ivschat:Color');
});

describe('IAM', () => {
  const arn = (resource: string, region = REGION) => `arn:aws:ivschat:${region}:${ACCOUNT}:${resource}`;
  const [room, adopted] = [arn('room/abcdefghijkl'), arn('room/adoptedadopt')];
  const loggingConfiguration = arn('logging-configuration/abcdefghijkl');
  const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
  new ChatRoom(stack, 'Lobby', { existingRoom: ChatRoom.fromRoomArn(stack, 'Existing', adopted) });
  new ChatRoom(stack, 'Stage', { region: 'us-east-1' });
  const allowed = allows(providerPolicies(stack));

  type Tags = { readonly [key: string]: string };
  interface Call {
    readonly resource?: string;
    readonly region?: string;
    readonly has?: Tags;
    readonly sets?: Tags;
    readonly removes?: string[];
  }

  function isAllowed(operation: string, { resource = room, region = REGION, has = {}, sets = {}, removes = [] }: Call) {
    const context: { [key: string]: string | string[] } = { 'aws:RequestedRegion': region };
    for (const [key, value] of Object.entries(has)) context[`aws:ResourceTag/${key}`] = value;
    for (const [key, value] of Object.entries(sets)) context[`aws:RequestTag/${key}`] = value;
    const keys = [...Object.keys(sets), ...removes];
    if (keys.length > 0) context['aws:TagKeys'] = keys;
    return allowed(`ivschat:${operation}`, resource, context);
  }

  const { owner: OWNER, createdBy: CREATED_BY, updatedBy: UPDATED_BY } = ownershipTags;
  const OTHER_STACK = '99999999-2222-3333-4444-555555555555';
  const owned = { [OWNER]: `${STACK_UUID}/0123456789abcdef` };
  const created = { ...owned, [CREATED_BY]: `${STACK_UUID}/request/2026-01-01T00:00:00Z/Lobby` };
  const updated = { [UPDATED_BY]: '2026-01-01T00:00:00Z/request' };
  const foreign = {
    [OWNER]: `${OTHER_STACK}/0123456789abcdef`,
    [CREATED_BY]: `${OTHER_STACK}/request/2026-01-01T00:00:00Z/Lobby`,
  };
  const users = { team: 'chat' };
  const left = arn('room/abcdefghijkl', 'ap-south-1');
  const leftLogging = arn('logging-configuration/abcdefghijkl', 'ap-south-1');

  test.each<[string, string, Call]>([
    ['a create with the tags of the stack', 'CreateRoom', { sets: { ...created, ...users } }],
    ['a create in another Region that is in use', 'CreateRoom', { sets: created, region: 'us-east-1' }],
    ['the tags of a create', 'TagResource', { sets: { ...created, ...users } }],
    ['the restoration of the owner tag', 'TagResource', { sets: created, has: users }],
    ['the restoration of both tags', 'TagResource', { sets: { ...owned, [CREATED_BY]: `${STACK_UUID}/-/-/` } }],
    ['a list', 'ListRooms', {}],
    ['a list in a Region that left the template', 'ListRooms', { resource: left, region: 'ap-south-1' }],
    ['a read', 'GetRoom', {}],
    ['an update of an own room', 'UpdateRoom', { has: created }],
    ['the delete of an own room', 'DeleteRoom', { has: created }],
    ['the delete of an own room in a Region that left the template', 'DeleteRoom',
      { has: created, resource: left, region: 'ap-south-1' }],
    ['the read of the last logging configuration after it left the template', 'GetLoggingConfiguration',
      { resource: loggingConfiguration }],
    ['the list of logging configurations after the last one left the template', 'ListLoggingConfigurations',
      { resource: '*' }],
    ['the delete of the last logging configuration after it left the template', 'DeleteLoggingConfiguration',
      { has: created, resource: leftLogging, region: 'ap-south-1' }],
    ['tags on an own room', 'TagResource', { has: created, sets: { ...users, ...updated } }],
    ['the removal of tags from an own room', 'UntagResource', { has: created, removes: ['team'] }],
    ['the adoption of the room that the stack names', 'TagResource',
      { resource: adopted, has: users, sets: { ...owned, ...updated } }],
    ['the repeated adoption', 'TagResource', { resource: adopted, has: owned, sets: { ...owned, ...updated } }],
    ['the release of an adopted room', 'UntagResource',
      { resource: adopted, has: { ...owned, ...updated }, removes: [OWNER, UPDATED_BY] }],
  ])('allows %s', (_, operation, call) => {
    expect(isAllowed(operation, call)).toBe(true);
  });

  test.each<[string, string, Call]>([
    ['a create without an owner', 'CreateRoom', { sets: users }],
    ['a create for another stack', 'CreateRoom', { sets: foreign }],
    ['a create in a Region that is not in use', 'CreateRoom', { sets: created, region: 'ap-south-1' }],
    ['the create of a logging configuration in a stack that has none', 'CreateLoggingConfiguration',
      { sets: created, resource: loggingConfiguration }],
    ['tags on a room without an owner', 'TagResource', { sets: users }],
    ['the owner tag alone on a room without an owner', 'TagResource', { sets: owned }],
    ['the tags of a create on a room of another stack', 'TagResource', { has: foreign, sets: created }],
    ['an update of a room of another stack', 'UpdateRoom', { has: foreign }],
    ['an update of a room without an owner', 'UpdateRoom', { has: users }],
    ['the delete of a room of another stack', 'DeleteRoom', { has: foreign }],
    ['the delete of a room without an owner', 'DeleteRoom', {}],
    ['the removal of tags from a room of another stack', 'UntagResource', { has: foreign, removes: [OWNER] }],
    ['the removal of tags from a room without an owner', 'UntagResource', { has: users, removes: ['team'] }],
    ['the adoption of a room that the stack does not name', 'TagResource', { sets: { ...owned, ...updated } }],
    ['the adoption of the named room with further tags', 'TagResource',
      { resource: adopted, sets: { ...owned, ...updated, ...users } }],
    ['the adoption of the named room for another stack', 'TagResource',
      { resource: adopted, sets: { [OWNER]: foreign[OWNER] } }],
    ['the adoption of the named room when another stack owns it', 'TagResource',
      { resource: adopted, has: foreign, sets: { ...owned, ...updated } }],
    ['an update of the named room before its adoption', 'UpdateRoom', { resource: adopted }],
    ['a read in another account', 'GetRoom', { resource: room.replace(ACCOUNT, '999999999999') }],
    ['a chat token', 'CreateChatToken', { has: created }],
    ['an event', 'SendEvent', { has: created }],
  ])('denies %s', (_, operation, call) => {
    expect(isAllowed(operation, call)).toBe(false);
  });
});
