import { App, Lazy, PhysicalName, PropertyInjectors, RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnLoggingConfiguration } from 'aws-cdk-lib/aws-ivschat';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  ChatRoom, LoggingConfiguration, LoggingDestination,
  type ChatRoomProps, type LoggingConfigurationProps, type LoggingDestinationConfig,
} from '../../src';
import { newStack, onlyResource, warningsOf } from './stack';

const LOGGING_CONFIGURATION = 'Custom::IVSChatLoggingConfiguration';
const ARN = 'arn:aws:ivschat:eu-west-1:123456789012:logging-configuration/abcdefghijkl';

/** A destination with the given configuration. */
class To extends LoggingDestination {
  constructor(private readonly config: LoggingDestinationConfig) {
    super();
  }

  public bind(_scope: Construct): LoggingDestinationConfig {
    return this.config;
  }
}
const somewhere = new To({ logGroupName: 'chat' });
const make = (props: Partial<LoggingConfigurationProps> = {}, stack = newStack()) => {
  const logging = new LoggingConfiguration(stack, 'Logging', { destination: somewhere, ...props });
  return { stack, logging };
};
const resourceOf = (stack: Stack) => onlyResource(stack, LOGGING_CONFIGURATION);

test('a logging configuration with only a destination has a generated name', () => {
  const { stack } = make();
  expect(resourceOf(stack)).toEqual({
    Type: LOGGING_CONFIGURATION,
    Properties: {
      ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(/^IvsChatControlPlaneProviderFunction/), 'Arn'] },
      ServiceTimeout: '1200',
      Name: expect.stringMatching(/^Stack-Logging-[0-9A-F]{8}$/),
      DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } },
    },
    DependsOn: [expect.stringMatching('LogDeliveryPermissions')],
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
  });
});

test('the properties of a logging configuration become properties of the custom resource', () => {
  const { stack, logging } = make({
    loggingConfigurationName: 'chat-log',
    tags: { team: 'chat' },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Tags.of(stack).add('stage', 'test');
  expect(logging).toMatchObject({ loggingConfigurationName: 'chat-log', physicalName: 'chat-log' });
  expect(resourceOf(stack)).toMatchObject({
    Properties: {
      Name: 'chat-log',
      Tags: { stage: 'test', team: 'chat' },
    },
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  });
});

test('the attributes of a logging configuration are attributes of the custom resource', () => {
  const { stack, logging } = make();
  const [logicalId] = Object.keys(Template.fromStack(stack).findResources(LOGGING_CONFIGURATION));
  const { loggingConfigurationArn, loggingConfigurationId, loggingConfigurationRef } = logging;
  expect(stack.resolve([loggingConfigurationArn, loggingConfigurationId, loggingConfigurationRef])).toEqual([
    { Ref: logicalId },
    { 'Fn::GetAtt': [logicalId, 'Id'] },
    { loggingConfigurationArn: { Ref: logicalId } },
  ]);
});

test.each<[LoggingDestinationConfig, object]>([
  [{ bucketName: 'my-bucket' }, { S3: { BucketName: 'my-bucket' } }],
  [{ logGroupName: '/chat/log#1.a_b-c' }, { CloudWatchLogs: { LogGroupName: '/chat/log#1.a_b-c' } }],
  [{ deliveryStreamName: 'my_stream.1' }, { Firehose: { DeliveryStreamName: 'my_stream.1' } }],
])('the destination %j has its member in the template', (config, expected) => {
  expect(resourceOf(make({ destination: new To(config) }).stack).Properties.DestinationConfiguration).toEqual(expected);
});

test.each<[Partial<LoggingConfigurationProps>, string]>([
  [
    { destination: new To({}) },
    '`destination` must have exactly one of bucketName, logGroupName, deliveryStreamName, got none (at Stack/Logging)',
  ],
  [{ destination: new To({ bucketName: 'bucket', logGroupName: 'group' }) },
    '`destination` must have exactly one of bucketName, logGroupName, deliveryStreamName,'
    + ' got bucketName, logGroupName (at Stack/Logging)'],
  [
    { destination: new To({ bucketName: 'My-Bucket' }) },
    '`bucketName` must contain only lowercase letters, digits, hyphens and periods, got "My-Bucket" (at Stack/Logging)',
  ],
  [
    { destination: new To({ bucketName: 'ab' }) },
    '`bucketName` must be between 3 and 63 characters, got 2 (at Stack/Logging)',
  ],
  [
    { destination: new To({ logGroupName: 'x'.repeat(513) }) },
    '`logGroupName` must be between 1 and 512 characters, got 513 (at Stack/Logging)',
  ],
  [
    { destination: new To({ deliveryStreamName: 'x'.repeat(65) }) },
    '`deliveryStreamName` must be between 1 and 64 characters, got 65 (at Stack/Logging)',
  ],
  [
    { loggingConfigurationName: 'a b' },
    '`loggingConfigurationName` must contain only letters, digits, hyphens and underscores, got "a b"'
    + ' (at Stack/Logging)',
  ],
  [
    { loggingConfigurationName: 'a'.repeat(129) },
    '`loggingConfigurationName` must be at most 128 characters, got 129 (at Stack/Logging)',
  ],
  [{ tags: { '': 'x' } }, '`tags.` key must be between 1 and 128 characters, got 0 (at Stack/Logging)'],
])('fails on %j', (props, message) => {
  expect(() => make(props)).toThrow(new Error(message));
});

test('a logging configuration can have an empty name, a long path, and a name that the CDK generates if needed', () => {
  const empty = make({ loggingConfigurationName: '' });
  expect([resourceOf(empty.stack).Properties.Name, empty.logging.loggingConfigurationName]).toEqual(['', '']);
  expect(make({ loggingConfigurationName: PhysicalName.GENERATE_IF_NEEDED }).logging.loggingConfigurationName)
    .toMatch(/^Stack-Logging-[0-9A-F]{8}$/);
  const id = `Log-ing_${'x'.repeat(200)}`;
  expect(new LoggingConfiguration(newStack(), id, { destination: somewhere }).loggingConfigurationName)
    .toMatch(/^Stack-Log-ing_x{105}-[0-9A-F]{8}$/);
});

test.each([LOGGING_CONFIGURATION, 'AWS::IVSChat::LoggingConfiguration'])(
  'tags can include and exclude logging configurations by the resource type %s', (type) => {
    const { stack } = make();
    Tags.of(stack).add('only', 'this', { includeResourceTypes: [type] });
    Tags.of(stack).add('not', 'this', { excludeResourceTypes: [type] });
    expect(resourceOf(stack).Properties.Tags).toEqual({ only: 'this' });
  });

test('a logging configuration can have 46 tags and fails with 47 tags', () => {
  const tags = (length: number) => Object.fromEntries(Array.from({ length }, (_, index) => [`key${index}`, 'x']));
  expect(() => Template.fromStack(make({ tags: tags(46) }).stack)).not.toThrow();
  expect(() => Template.fromStack(make({ tags: tags(47) }).stack))
    .toThrow('`tags` must have at most 46 entries, got 47');
});

test('tokens are not validated', () => {
  const { stack } = make({
    loggingConfigurationName: Lazy.string({ produce: () => 'a b' }),
    destination: new To({ bucketName: Token.asString({ Ref: 'Bucket' }) }),
  });
  expect(resourceOf(stack).Properties)
    .toMatchObject({ Name: 'a b', DestinationConfiguration: { S3: { BucketName: { Ref: 'Bucket' } } } });
});

describe('an imported logging configuration', () => {
  test('has the ARN, the ID and the environment of the ARN', () => {
    const logging = LoggingConfiguration.fromLoggingConfigurationArn(newStack(), 'Logging', ARN);
    expect([
      logging.loggingConfigurationArn,
      logging.loggingConfigurationId,
      logging.loggingConfigurationRef,
      logging.env,
    ]).toEqual([
      ARN, 'abcdefghijkl', { loggingConfigurationArn: ARN }, { account: '123456789012', region: 'eu-west-1' },
    ]);
  });

  test('is in the environment of the stack if it is imported by its ID', () => {
    const stack = newStack();
    const logging = LoggingConfiguration.fromLoggingConfigurationId(stack, 'Logging', 'abcdefghijkl');
    expect(stack.resolve(logging.loggingConfigurationArn)).toEqual({
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':ivschat:',
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          ':logging-configuration/abcdefghijkl',
        ],
      ],
    });
  });

  test('can have a token as its ARN', () => {
    const stack = newStack();
    const logging = LoggingConfiguration.fromLoggingConfigurationAttributes(
      stack, 'Logging', { loggingConfigurationArn: Token.asString({ Ref: 'Arn' }) },
    );
    expect(JSON.stringify(stack.resolve(logging.loggingConfigurationId))).toContain('{"Ref":"Arn"}');
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });
});

test('isLoggingConfiguration returns true for a LoggingConfiguration only', () => {
  const { stack, logging } = make();
  const others = [
    new CfnLoggingConfiguration(stack, 'Cfn', { destinationConfiguration: {} }),
    LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Import', ARN),
  ];
  expect([logging, ...others, {}, null, undefined, 'x'].map(LoggingConfiguration.isLoggingConfiguration))
    .toEqual([true, false, false, false, false, false, false]);
  expect(ChatRoom.isChatRoom(logging)).toBe(false);
  // Another copy of the library marks its logging configurations with the same symbol.
  const other = { [Symbol.for('cdk-ivs-chat.LoggingConfiguration')]: true };
  expect(LoggingConfiguration.isLoggingConfiguration(other)).toBe(true);
});

describe('adoption', () => {
  // CloudFormation must send a Delete request. The request releases the logging configuration and does not delete it.
  test('sets ExistingArn, keeps the name and uses the deletion policy Delete', () => {
    const stack = newStack();
    const { logging } = make({
      existingLoggingConfiguration: LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Existing', ARN),
    }, stack);
    expect(resourceOf(stack))
      .toMatchObject({ Properties: { ExistingArn: ARN, Region: 'eu-west-1' }, DeletionPolicy: 'Delete' });
    expect(resourceOf(stack).Properties.Name).toBeUndefined();
    expect(stack.resolve(logging.loggingConfigurationName))
      .toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Logging/), 'Name'] });
  });

  test('fails on the ARN of a room', () => {
    const stack = newStack();
    const existingLoggingConfiguration = Object.assign(new Construct(stack, 'Existing'), {
      env: { account: stack.account, region: stack.region },
      loggingConfigurationRef: { loggingConfigurationArn: ARN.replace('logging-configuration', 'room') },
    });
    expect(() => make({ existingLoggingConfiguration }, stack)).toThrow(
      '`existingLoggingConfiguration` must be the ARN of a logging configuration'
      + ' (arn:aws:ivschat:REGION:ACCOUNT:logging-configuration/ID)',
    );
  });

  test('fails on a logging configuration in another account', () => {
    const stack = newStack({ env: { account: '999999999999', region: 'eu-west-1' } });
    const existingLoggingConfiguration = LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Existing', ARN);
    expect(() => make({ existingLoggingConfiguration }, stack)).toThrow(
      '`existingLoggingConfiguration` must be in the same account as Stack/Logging (999999999999), got 123456789012',
    );
  });
});

describe('rooms and their logging configurations', () => {
  test('a room refers to its logging configuration, so CloudFormation deletes the room first', () => {
    const { stack, logging } = make();
    new ChatRoom(stack, 'Lobby', { loggingConfigurations: [logging] });
    const [logicalId] = Object.keys(Template.fromStack(stack).findResources(LOGGING_CONFIGURATION));
    expect(onlyResource(stack, 'Custom::IVSChatRoom').Properties.LoggingConfigurationIdentifiers)
      .toEqual([{ Ref: logicalId }]);
  });

  const { DESTROY, RETAIN } = RemovalPolicy;
  const adoptedRoom = (stack: Stack) =>
    ({ existingRoom: ChatRoom.fromRoomArn(stack, 'ExistingRoom', ARN.replace('logging-configuration', 'room')) });
  const adoptedLogging = (stack: Stack) => ({
    existingLoggingConfiguration: LoggingConfiguration.fromLoggingConfigurationArn(stack, 'ExistingLogging', ARN),
  });

  test.each<[string, (stack: Stack) => Partial<ChatRoomProps>, (stack: Stack) => Partial<LoggingConfigurationProps>]>([
    ['retained', () => ({ removalPolicy: RETAIN }), () => ({ removalPolicy: DESTROY })],
    ['retained, except if its create fails', () => ({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }),
      () => ({})],
    ['adopted', adoptedRoom, () => ({})],
  ])('a room that is %s has a warning if the stack deletes its logging configuration', (_, ofRoom, ofLogging) => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', { loggingConfigurations: [make(ofLogging(stack), stack).logging], ...ofRoom(stack) });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(
      /^the logging configuration Stack\/Logging cannot be deleted while .* \[ack: cdk-ivs-chat:retainedRoom\]$/)]);
  });

  test.each<[string, (stack: Stack) => Partial<ChatRoomProps>, (stack: Stack) => Partial<LoggingConfigurationProps>]>([
    ['a retained room uses a retained one', () => ({ removalPolicy: RETAIN }), () => ({ removalPolicy: RETAIN })],
    ['a retained room uses an adopted one', () => ({ removalPolicy: RETAIN }), adoptedLogging],
    ['an adopted room uses a retained one', adoptedRoom, () => ({ removalPolicy: RETAIN })],
    ['an adopted room uses an adopted one', adoptedRoom, adoptedLogging],
    ['an ordinary room uses an ordinary one', () => ({}), () => ({})],
    ['an ordinary room uses a retained one', () => ({}), () => ({ removalPolicy: RETAIN })],
  ])('a logging configuration has no warning if %s', (_, ofRoom, ofLogging) => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', { loggingConfigurations: [make(ofLogging(stack), stack).logging], ...ofRoom(stack) });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('an imported logging configuration has no warning', () => {
    const stack = newStack();
    const logging = LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Logging', ARN);
    new ChatRoom(stack, 'Lobby', { loggingConfigurations: [logging], removalPolicy: RETAIN });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('each logging configuration of a retained room that the stack deletes has a warning', () => {
    const stack = newStack();
    const imported = LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Imported', ARN);
    const others = ['One', 'Two'].map((id) => new LoggingConfiguration(stack, id, { destination: somewhere }));
    new ChatRoom(stack, 'Lobby', { loggingConfigurations: [imported, ...others], removalPolicy: RETAIN });
    new ChatRoom(stack, 'Stage', {
      loggingConfigurations: [make({ removalPolicy: RETAIN }, stack).logging, others[0]!], removalPolicy: RETAIN,
    });
    expect(warningsOf(stack).map((warning) => /^the logging configuration (\S+)/.exec(warning)![1]))
      .toEqual(['Stack/One', 'Stack/Two', 'Stack/One']);
  });

  test('can be in different stacks', () => {
    const app = new App();
    const [loggings, rooms] = [new Stack(app, 'Loggings'), new Stack(app, 'Rooms')];
    const { logging } = make({}, loggings);
    new ChatRoom(rooms, 'Lobby', { loggingConfigurations: [logging] });
    Template.fromStack(rooms);
    expect(rooms.dependencies.map(({ node }) => node.path)).toEqual(['Loggings']);
  });
});

test('the metrics have the dimension and the environment of the logging configuration', () => {
  const stack = newStack({ env: { account: '123456789012', region: 'us-east-1' } });
  const logging = LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Logging', ARN);
  for (const [metric, metricName] of [
    [logging.metricLogDestinationErrors(), 'LogDestinationErrors'],
    [logging.metricLogDestinationAccessDeniedError(), 'LogDestinationAccessDeniedError'],
    [logging.metricLogDestinationResourceNotFoundErrors(), 'LogDestinationResourceNotFoundErrors'],
  ] as const) {
    expect(metric).toMatchObject({
      namespace: 'AWS/IVSChat',
      metricName,
      statistic: 'Sum',
      dimensions: { LoggingConfiguration: 'abcdefghijkl' },
      region: 'eu-west-1',
      account: '123456789012',
    });
  }
  const options = { statistic: 'Maximum', region: 'us-west-2' };
  for (const metric of [
    logging.metric('LogDestinationErrors', options),
    logging.metricLogDestinationErrors(options),
    logging.metricLogDestinationAccessDeniedError(options),
    logging.metricLogDestinationResourceNotFoundErrors(options),
  ]) expect(metric).toMatchObject(options);
});

test('an alarm on a logging configuration in the same stack has no Region and no account', () => {
  const { stack, logging } = make({ loggingConfigurationName: 'x' });
  logging.metricLogDestinationErrors().createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
  const { Properties } = onlyResource(stack, 'AWS::CloudWatch::Alarm');
  expect(Properties).toMatchObject({
    MetricName: 'LogDestinationErrors',
    Statistic: 'Sum',
    Dimensions: [{ Name: 'LoggingConfiguration' }],
  });
  expect(Properties.Metrics).toBeUndefined();
});

test('property injectors set defaults', () => {
  const stack = newStack();
  PropertyInjectors.of(stack).add({
    constructUniqueId: LoggingConfiguration.PROPERTY_INJECTION_ID,
    inject: (props: LoggingConfigurationProps) => ({ ...props, loggingConfigurationName: 'injected' }),
  });
  make({}, stack);
  expect(resourceOf(stack).Properties.Name).toBe('injected');
});

test('the destination is bound once to the logging configuration', () => {
  const bound: string[] = [];
  class Watched extends LoggingDestination {
    public bind(scope: Construct): LoggingDestinationConfig {
      bound.push(scope.node.path);
      return { logGroupName: 'chat', dependable: new logs.LogGroup(Stack.of(scope), 'LogGroup') };
    }
  }
  const { stack } = make({ destination: new Watched() });
  expect(bound).toEqual(['Stack/Logging']);
  expect(resourceOf(stack).DependsOn).toContainEqual(expect.stringMatching(/^LogGroup/));
});
