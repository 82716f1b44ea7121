import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { allows } from '../../local/allows';
import { ChatRoom, LoggingConfiguration, LoggingDestination } from '../../src';
import { problemsOf, type Statement } from './service-authorization';
import { newStack, onlyResource } from './stack';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const UUID = '11111111-2222-3333-4444-555555555555';
const STACK_ID = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/Stack/${UUID}`;

/** What CloudFormation makes of a template's value; a resource is called by its logical id. */
function evaluated(value: any): any {
  if (Array.isArray(value)) return value.map(evaluated);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined]] = Object.entries(value) as [string, any][];
  switch (name) {
    case 'Ref': return ({ 'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT, 'AWS::StackId': STACK_ID } as any)[argument] ?? argument;
    case 'Fn::GetAtt': return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${argument[0]}:*`;
    case 'Fn::Join': return evaluated(argument[1]).join(argument[0]);
    case 'Fn::Split': return evaluated(argument[1]).split(argument[0]);
    case 'Fn::Select': return evaluated(argument[1])[Number(argument[0])];
    default: return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, evaluated(inner)]));
  }
}

/** The statements of the policies that the provider's role has, by the beginning of the policy's id. */
function statements(stack: Stack): { [policy: string]: Statement[] } {
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return Object.fromEntries(policies.map(([id, { Properties }]) => [
    id.replace('IvsChatControlPlaneProvider', '').replace(/[0-9A-F]{8}$/, ''), evaluated(Properties.PolicyDocument.Statement),
  ]));
}

const roomPermissions = (region = REGION): Statement[] => [
  {
    Sid: 'Create',
    Effect: 'Allow',
    Action: 'ivschat:CreateRoom',
    Resource: '*',
    Condition: { StringEquals: { 'aws:RequestedRegion': region }, StringLike: { 'aws:RequestTag/cdk-ivs-chat:owner': `${UUID}/*` } },
  },
  {
    Sid: 'Own',
    Effect: 'Allow',
    Action: 'ivschat:TagResource',
    Resource: `arn:aws:ivschat:${region}:${ACCOUNT}:room/*`,
    Condition: {
      StringLike: { 'aws:RequestTag/cdk-ivs-chat:owner': `${UUID}/*` },
      StringLikeIfExists: { 'aws:ResourceTag/cdk-ivs-chat:owner': `${UUID}/*` },
    },
  },
  { Sid: 'List', Effect: 'Allow', Action: 'ivschat:ListRooms', Resource: '*', Condition: { StringEquals: { 'aws:RequestedRegion': region } } },
  { Sid: 'Read', Effect: 'Allow', Action: 'ivschat:GetRoom', Resource: `arn:aws:ivschat:${region}:${ACCOUNT}:room/*` },
  {
    Sid: 'ChangeOwn',
    Effect: 'Allow',
    Action: ['ivschat:UpdateRoom', 'ivschat:DeleteRoom', 'ivschat:TagResource', 'ivschat:UntagResource'],
    Resource: `arn:aws:ivschat:${region}:${ACCOUNT}:room/*`,
    Condition: { StringLike: { 'aws:ResourceTag/cdk-ivs-chat:owner': `${UUID}/*` } },
  },
];

const loggingConfigurationPermissions = JSON.parse(JSON.stringify(roomPermissions())
  .replaceAll('CreateRoom', 'CreateLoggingConfiguration').replaceAll('"ivschat:ListRooms"', '["ivschat:ListLoggingConfigurations","ivschat:ListRooms"]')
  .replaceAll('GetRoom', 'GetLoggingConfiguration').replaceAll('UpdateRoom', 'UpdateLoggingConfiguration')
  .replaceAll('DeleteRoom', 'DeleteLoggingConfiguration').replaceAll(':room/', ':logging-configuration/'));
const logDelivery = {
  Sid: 'LogDelivery',
  Effect: 'Allow',
  Action: ['logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries'],
  Resource: '*',
};

test('there is one provider, whatever the number of rooms', () => {
  const stack = newStack();
  for (const id of ['Lobby', 'Stage', 'Backstage']) new ChatRoom(stack, id);
  const template = Template.fromStack(stack);
  for (const [type, count] of Object.entries({ 'AWS::Lambda::Function': 1, 'AWS::IAM::Role': 1, 'AWS::IAM::Policy': 2, 'AWS::Logs::LogGroup': 1, 'Custom::IVSChatRoom': 3 })) {
    template.resourceCountIs(type, count);
  }
});

test('each stack has a provider of its own', () => {
  const app = new App();
  const stacks = ['One', 'Two'].map((id) => new Stack(app, id));
  for (const stack of stacks) new ChatRoom(stack, 'Lobby');
  for (const stack of stacks) Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
});

test('the function', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby');
  const { Code, Role, ...properties } = onlyResource(stack, 'AWS::Lambda::Function').Properties;
  expect(properties).toEqual({
    Description: 'Creates, updates and deletes the Amazon IVS Chat resources of this stack (cdk-ivs-chat)',
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 256,
    Timeout: 300,
    LoggingConfig: { LogGroup: { Ref: expect.stringMatching('LogGroup') } },
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 600 });
  Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
  expect(existsSync(join(__dirname, '..', '..', 'assets', 'custom-resource', 'index.js'))).toBe(true);
});

test('CloudFormation waits longer than the function may take, and less than its hour', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby');
  const serviceTimeout = Number(onlyResource(stack, 'Custom::IVSChatRoom').Properties.ServiceTimeout);
  expect(serviceTimeout).toBeGreaterThan(onlyResource(stack, 'AWS::Lambda::Function').Properties.Timeout + 60);
  expect(serviceTimeout).toBeLessThanOrEqual(900);
});

describe('permissions', () => {
  test('are these for rooms, and no other', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby');
    new ChatRoom(stack, 'Stage');
    expect(statements(stack)).toEqual({
      RoleDefaultPolicy: [
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: expect.stringMatching('log-group:IvsChatControlPlaneProviderLogGroup') },
        { Sid: 'Fence', Effect: 'Allow', Action: 'cloudformation:DescribeStackResource', Resource: STACK_ID },
      ],
      RoomPermissions: roomPermissions(),
    });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('follow the Regions in which rooms are', () => {
    const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
    new ChatRoom(stack, 'Lobby', { region: REGION });
    new ChatRoom(stack, 'Stage', { region: 'us-east-1' });
    new ChatRoom(stack, 'Backstage', { region: 'us-east-1' });
    const { RoleDefaultPolicy, ...permissions } = statements(stack);
    expect(permissions).toEqual({ RoomPermissions: roomPermissions(), RoomPermissionsInuseast1: roomPermissions('us-east-1') });
  });

  test('are there as long as the resource is: it depends on them', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', { region: 'us-east-1' });
    new LoggingConfiguration(stack, 'Logging', { destination: LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup')) });
    expect(onlyResource(stack, 'Custom::IVSChatRoom').DependsOn).toEqual([expect.stringMatching('RoomPermissionsInuseast1')]);
    expect(onlyResource(stack, 'Custom::IVSChatLoggingConfiguration').DependsOn).toContainEqual(expect.stringMatching('LoggingConfigurationPermissions'));
  });

  describe('to log, for the destinations in use only', () => {
    const bucketArn = (name: string) => `arn:aws:s3:::${name}`;
    test.each<[string, (stack: Stack) => LoggingDestination, object[]]>([
      ['a bucket', (stack) => LoggingDestination.s3(new s3.CfnBucket(stack, 'Bucket')),
        [{ Sid: 'ReadBucketPolicy', Effect: 'Allow', Action: 's3:GetBucketPolicy', Resource: bucketArn('Bucket') }]],
      ['a bucket whose policy the stack does not declare', (stack) => LoggingDestination.s3(s3.Bucket.fromBucketName(stack, 'Bucket', 'my-bucket')), [
        { Sid: 'ReadBucketPolicy', Effect: 'Allow', Action: 's3:GetBucketPolicy', Resource: bucketArn('my-bucket') },
        { Sid: 'WriteBucketPolicy', Effect: 'Allow', Action: 's3:PutBucketPolicy', Resource: bucketArn('my-bucket') },
      ]],
      ['a log group', (stack) => LoggingDestination.cloudWatchLogs(new logs.CfnLogGroup(stack, 'LogGroup')),
        [{ Sid: 'ReadLogsPolicies', Effect: 'Allow', Action: ['logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'], Resource: '*' }]],
      ['a log group whose policy the stack does not declare',
        (stack) => LoggingDestination.cloudWatchLogs(new logs.CfnLogGroup(stack, 'LogGroup'), { manageDeliveryPermissions: false }), [
          { Sid: 'ReadLogsPolicies', Effect: 'Allow', Action: ['logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'], Resource: '*' },
          { Sid: 'WriteLogsPolicy', Effect: 'Allow', Action: 'logs:PutResourcePolicy', Resource: '*' },
        ]],
      ['a delivery stream', (stack) => LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'Stream')), [
        { Sid: 'TagDeliveryStream', Effect: 'Allow', Action: 'firehose:TagDeliveryStream', Resource: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/Stream` },
        {
          Sid: 'LogDeliveryRole',
          Effect: 'Allow',
          Action: 'iam:CreateServiceLinkedRole',
          Resource: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery`,
          Condition: { StringEquals: { 'iam:AWSServiceName': 'delivery.logs.amazonaws.com' } },
        },
      ]],
    ])('%s', (_, destination, expected) => {
      const stack = newStack();
      new LoggingConfiguration(stack, 'Logging', { destination: destination(stack) });
      expect(statements(stack).LoggingConfigurationPermissions).toEqual([...loggingConfigurationPermissions, logDelivery, ...expected]);
    });

    test('two buckets', () => {
      const stack = newStack();
      for (const id of ['One', 'Two', 'Two']) {
        const bucket = stack.node.tryFindChild(id) as s3.CfnBucket | undefined ?? new s3.CfnBucket(stack, id);
        new LoggingConfiguration(stack, `Logging${stack.node.children.length}`, { destination: LoggingDestination.s3(bucket) });
      }
      expect(statements(stack).LoggingConfigurationPermissions!.slice(6)).toEqual([
        { Sid: 'ReadBucketPolicy', Effect: 'Allow', Action: 's3:GetBucketPolicy', Resource: ['arn:aws:s3:::One', 'arn:aws:s3:::Two'] },
      ]);
    });
  });

  test('exist, and take these resources and conditions', async () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby');
    const destinations = [
      LoggingDestination.s3(s3.Bucket.fromBucketName(stack, 'Bucket', 'my-bucket')),
      LoggingDestination.cloudWatchLogs(new logs.CfnLogGroup(stack, 'LogGroup'), { manageDeliveryPermissions: false }),
      LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'Stream')),
    ];
    destinations.forEach((destination, index) => new LoggingConfiguration(stack, `Logging${index}`, { destination }));
    const problems = await Promise.all(Object.values(statements(stack)).flat().map(problemsOf));
    // The user guide says that what creates takes no resource; the authorization data says it does. `*` is right in both cases.
    expect(problems.flat()).toEqual([
      'ivschat:CreateRoom is allowed on *, but takes Room',
      'ivschat:ListRooms is allowed on *, but takes Room',
      'ivschat:CreateLoggingConfiguration is allowed on *, but takes Logging-Configuration',
      'ivschat:ListLoggingConfigurations is allowed on *, but takes Logging-Configuration',
      'ivschat:ListRooms is allowed on *, but takes Room',
    ]);
  });

  test('that are wrong would be noticed', async () => {
    const wrong = async (Action: string, Resource: string, Condition = {}) => (await problemsOf({ Effect: 'Allow', Action, Resource, Condition }))[0];
    expect(await wrong('ivschat:*', '*')).toBe('ivschat:* is a wildcard');
    expect(await wrong('ivschat:SingRoom', '*')).toBe('ivschat:SingRoom does not exist');
    expect(await wrong('ivschat:GetRoom', 'arn:aws:ivschat:eu-west-1:1:logging-configuration/x')).toContain('does not take arn:aws:');
    expect(await wrong('ivschat:GetRoom', 'arn:aws:ivschat:eu-west-1:1:room/x', { Null: { 'ivschat:Colour': 'true' } })).toContain('has no condition key ivschat:Colour');
  });

  describe('cage the provider in its stack', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby');
    const allowed = allows([{ Statement: statements(stack).RoomPermissions! as never }]);
    const room = `arn:aws:ivschat:${REGION}:${ACCOUNT}:room/abcdefghijkl`;
    const [own, others] = [`${UUID}/mine`, '99999999-2222-3333-4444-555555555555/theirs'];
    const owner = (kind: 'Resource' | 'Request', tag: string) => ({ [`aws:${kind}Tag/cdk-ivs-chat:owner`]: tag });
    const inRegion = { 'aws:RequestedRegion': REGION };

    test.each<[string, string, { [key: string]: string }, boolean]>([
      ['create what it owns', 'CreateRoom', { ...inRegion, ...owner('Request', own) }, true],
      ['create what nobody owns', 'CreateRoom', inRegion, false],
      ['create what another stack owns', 'CreateRoom', { ...inRegion, ...owner('Request', others) }, false],
      ['create in another Region', 'CreateRoom', { 'aws:RequestedRegion': 'us-east-1', ...owner('Request', own) }, false],
      ['adopt what nobody owns', 'TagResource', owner('Request', own), true],
      ['adopt what another stack owns', 'TagResource', { ...owner('Request', own), ...owner('Resource', others) }, false],
      ['tag what nobody owns', 'TagResource', {}, false],
      ['tag its own', 'TagResource', owner('Resource', own), true],
      ...['UpdateRoom', 'DeleteRoom', 'UntagResource'].flatMap((action): [string, string, { [key: string]: string }, boolean][] => [
        [`${action} of its own`, action, owner('Resource', own), true],
        [`${action} of what another stack owns`, action, owner('Resource', others), false],
        [`${action} of what nobody owns`, action, {}, false],
      ]),
      ['read', 'GetRoom', {}, true],
      ['list', 'ListRooms', inRegion, true],
      ['list in another Region', 'ListRooms', { 'aws:RequestedRegion': 'us-east-1' }, false],
      ['issue a token', 'CreateChatToken', owner('Resource', own), false],
      ['send an event', 'SendEvent', owner('Resource', own), false],
    ])('it may %s (%s, %j): %s', (_, action, context, may) => {
      expect(allowed(`ivschat:${action}`, room, context)).toBe(may);
    });

    test('another account\'s room is out of reach', () => {
      expect(allowed('ivschat:GetRoom', `arn:aws:ivschat:${REGION}:999999999999:room/abcdefghijkl`, {})).toBe(false);
    });
  });
});
