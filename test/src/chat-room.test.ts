import {
  App,
  Aspects,
  aws_cloudwatch as cloudwatch,
  CfnOutput,
  CfnResource,
  Lazy,
  PhysicalName,
  PropertyInjectors,
  RemovalPolicies,
  RemovalPolicy,
  Stack,
  Tags,
  Token,
} from 'aws-cdk-lib';
import type { InjectionContext, IPropertyInjector } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnLoggingConfiguration, CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import { Construct, type IConstruct } from 'constructs';
import { ChatRoom, LoggingConfiguration, MessagingAction, type ChatRoomProps } from '../../src';
import { newStack, onlyResource, roomProperties } from './stack';

const ROOM = 'Custom::IVSChatRoom';
const ARN = 'arn:aws:ivschat:eu-west-1:123456789012:room/abcdefghijkl';

test('a room without properties has a generated name', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby');
  const resource = onlyResource(stack, ROOM);
  expect(resource.Properties).toEqual({
    ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(/^IvsChatControlPlaneProviderFunction/), 'Arn'] },
    ServiceTimeout: '1200',
    Name: expect.stringMatching(/^Stack-Lobby-[0-9A-F]{8}$/),
  });
  expect(resource).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
});

test('the properties of a room become properties of the custom resource', () => {
  const stack = newStack();
  const room = new ChatRoom(stack, 'Lobby', {
    roomName: 'the-lobby',
    maximumMessageLength: 300,
    maximumMessageRatePerSecond: 100,
    tags: { team: 'chat' },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  expect(room).toMatchObject({ roomName: 'the-lobby', physicalName: 'the-lobby' });
  expect(onlyResource(stack, ROOM)).toMatchObject({
    Properties: {
      Name: 'the-lobby',
      MaximumMessageLength: 300,
      MaximumMessageRatePerSecond: 100,
      Tags: { team: 'chat' },
    },
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  });
});

test('the attributes of a room are attributes of the custom resource', () => {
  const stack = newStack();
  const room = new ChatRoom(stack, 'Lobby');
  const logicalId = stack.getLogicalId(room.node.defaultChild as CfnResource);
  expect(stack.resolve([room.roomArn, room.roomId, room.roomRef])).toEqual([
    { Ref: logicalId }, { 'Fn::GetAtt': [logicalId, 'Id'] }, { roomArn: { Ref: logicalId } },
  ]);
});

test('a room with the name GENERATE_IF_NEEDED has a generated name', () => {
  const app = new App();
  const rooms = new Stack(app, 'Rooms', { env: { account: '111111111111', region: 'eu-west-1' } });
  const room = new ChatRoom(rooms, 'Lobby', { roomName: PhysicalName.GENERATE_IF_NEEDED });
  expect(room.roomName).toMatch(/^Rooms-Lobby-[0-9A-F]{8}$/);
  expect(onlyResource(rooms, ROOM).Properties.Name).toBe(room.roomName);

  const adopted = newStack();
  const existingRoom = ChatRoom.fromRoomArn(adopted, 'Existing', ARN);
  new ChatRoom(adopted, 'Lobby', { roomName: PhysicalName.GENERATE_IF_NEEDED, existingRoom });
  expect(onlyResource(adopted, ROOM).Properties.Name).toBeUndefined();
});

test('a generated name is valid for a construct with a long path', () => {
  let scope: IConstruct = newStack();
  for (let depth = 0; depth < 20; depth++) {
    scope = new CfnOutput(scope, `Größe ${depth} / with much text`, { value: 'x' });
  }
  expect(new ChatRoom(scope as CfnOutput, 'Lob-y_1').roomName).toMatch(/^[a-zA-Z0-9-_]{111}-Lob-y_1-[0-9A-F]{8}$/);
});

test('a room can have an empty name', () => {
  const stack = newStack();
  const room = new ChatRoom(stack, 'Lobby', { roomName: '' });
  expect([onlyResource(stack, ROOM).Properties.Name, room.roomName]).toEqual(['', '']);
});

describe('validation', () => {
  const tags = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));

  test.each<ChatRoomProps>([
    { roomName: '' }, { roomName: 'a'.repeat(128) }, { roomName: 'aZ09-_' },
    { maximumMessageLength: 1 }, { maximumMessageLength: 500 },
    { maximumMessageRatePerSecond: 1 }, { maximumMessageRatePerSecond: 11 }, { maximumMessageRatePerSecond: 100 },
    { tags: tags(46) }, { tags: { ['k'.repeat(128)]: 'v'.repeat(256) } },
    { tags: { 'empty': '', 'awsome': 'x', 'cdk-ivs-chat:owners': 'x', 'CDK-IVS-CHAT:OWNER': 'x', 'team': 'aws:' } },
  ])('accepts %j', (props) => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', props);
    Template.fromStack(stack);
  });

  test.each<[ChatRoomProps, string]>([
    [{ roomName: 'a'.repeat(129) }, '`roomName` must be at most 128 characters, got 129 (at Stack/Lobby)'],
    [
      { roomName: 'the lobby' },
      '`roomName` must contain only letters, digits, hyphens and underscores, got "the lobby" (at Stack/Lobby)',
    ],
    [{ maximumMessageLength: 0 }, '`maximumMessageLength` must be between 1 and 500, got 0 (at Stack/Lobby)'],
    [{ maximumMessageLength: 501 }, '`maximumMessageLength` must be between 1 and 500, got 501 (at Stack/Lobby)'],
    [{ maximumMessageLength: 1.5 }, '`maximumMessageLength` must be an integer, got 1.5 (at Stack/Lobby)'],
    [{ maximumMessageLength: NaN }, '`maximumMessageLength` must be an integer, got NaN (at Stack/Lobby)'],
    [
      { maximumMessageRatePerSecond: 0 },
      '`maximumMessageRatePerSecond` must be between 1 and 100, got 0 (at Stack/Lobby)',
    ],
    [
      { maximumMessageRatePerSecond: 101 },
      '`maximumMessageRatePerSecond` must be between 1 and 100, got 101 (at Stack/Lobby)',
    ],
    [
      { maximumMessageRatePerSecond: -5 },
      '`maximumMessageRatePerSecond` must be between 1 and 100, got -5 (at Stack/Lobby)',
    ],
    [{ tags: { '': 'x' } }, '`tags.` key must be between 1 and 128 characters, got 0 (at Stack/Lobby)'],
    [{ tags: { long: 'v'.repeat(257) } }, '`tags.long` must be at most 256 characters, got 257 (at Stack/Lobby)'],
    [{ roomName: '!', maximumMessageLength: 0 },
      '`roomName` must contain only letters, digits, hyphens and underscores, got "!";'
      + ' `maximumMessageLength` must be between 1 and 500, got 0 (at Stack/Lobby)'],
  ])('fails on %j', (props, message) => {
    expect(() => new ChatRoom(newStack(), 'Lobby', props)).toThrow(new Error(message));
  });

  test.each<[string, { [key: string]: string }, string]>([
    ['47 tags', tags(47), '`tags` must have at most 46 entries, got 47'],
    [
      'a reserved key of AWS',
      { 'aws:team': 'x' },
      '`tags` must not contain the reserved key "aws:team"; choose another key',
    ],
    [
      'a reserved key of the library',
      { 'cdk-ivs-chat:owner': 'x' },
      '`tags` must not contain the reserved key "cdk-ivs-chat:owner"; choose another key',
    ],
  ])('fails on %s, from the property and from Tags.of()', (_, given, message) => {
    const byProperty = newStack();
    new ChatRoom(byProperty, 'Lobby', { tags: given });
    expect(() => Template.fromStack(byProperty)).toThrow(message);

    const byAspect = newStack();
    new ChatRoom(byAspect, 'Lobby');
    for (const [key, value] of Object.entries(given)) {
      Tags.of(byAspect).add(key, value, { includeResourceTypes: [ROOM] });
    }
    expect(() => Template.fromStack(byAspect)).toThrow(message);
  });

  test('fails on all reserved keys at once', () => {
    const stack = newStack();
    const reserved = ['aws:', ...['owner', 'created-by', 'updated-by', 'tag-keys'].map((key) => `cdk-ivs-chat:${key}`)];
    new ChatRoom(stack, 'Lobby', { tags: Object.fromEntries(reserved.map((key) => [key, 'x'])) });
    for (const key of reserved) expect(() => Template.fromStack(stack)).toThrow(`reserved key "${key}";`);
  });

  test('a name that only contains the text of a lookup is validated', () => {
    expect(() => new ChatRoom(newStack(), 'Lobby', { roomName: 'a dummy-value-for-x' })).toThrow('`roomName` must');
    expect(() => new ChatRoom(newStack(), 'Lobby', { roomName: 'dummy-value-of a name' })).toThrow('`roomName` must');
  });

  test('tokens are not validated', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', {
      roomName: Lazy.string({ produce: () => 'no spaces, please' }),
      maximumMessageLength: Lazy.number({ produce: () => 501 }),
      maximumMessageRatePerSecond: Token.asNumber({ Ref: 'Rate' }),
      tags: { team: Lazy.string({ produce: () => 'v'.repeat(300) }) },
    });
    expect(onlyResource(stack, ROOM).Properties)
      .toMatchObject({ MaximumMessageLength: 501, MaximumMessageRatePerSecond: { Ref: 'Rate' } });
  });
});

describe('tags', () => {
  test('come from the property and from Tags.of(), and Tags.of() has priority', () => {
    const stack = newStack();
    const room = new ChatRoom(stack, 'Lobby', { tags: { team: 'chat', kept: 'yes', gone: 'x' } });
    Tags.of(stack).add('team', 'stack');
    Tags.of(stack).add('stage', 'test');
    Tags.of(room).add('room', 'lobby');
    Tags.of(room).remove('gone');
    expect(roomProperties(stack)).toEqual({ Tags: { kept: 'yes', room: 'lobby', stage: 'test', team: 'stack' } });
  });

  test.each([ROOM, 'AWS::IVSChat::Room'])('can include and exclude rooms by the resource type %s', (type) => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby');
    Tags.of(stack).add('only', 'rooms', { includeResourceTypes: [type] });
    Tags.of(stack).add('no', 'rooms', { excludeResourceTypes: [type] });
    Tags.of(stack).add('other', 'buckets', { includeResourceTypes: ['AWS::S3::Bucket'] });
    Tags.of(stack).add('not', 'buckets', { excludeResourceTypes: ['AWS::S3::Bucket'] });
    expect(roomProperties(stack)).toEqual({ Tags: { not: 'buckets', only: 'rooms' } });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Tags: [{ Key: 'no', Value: 'rooms' }, { Key: 'not', Value: 'buckets' }],
    });
  });
});

describe('an imported room', () => {
  test('has the ARN, the ID and the environment of the ARN', () => {
    const room = ChatRoom.fromRoomArn(newStack(), 'Lobby', ARN);
    expect([room.roomArn, room.roomId, room.roomRef, room.env]).toEqual([
      ARN, 'abcdefghijkl', { roomArn: ARN }, { account: '123456789012', region: 'eu-west-1' },
    ]);
  });

  test('is in the environment of the stack if it is imported by its ID', () => {
    const room = ChatRoom.fromRoomId(
      newStack({ env: { account: '111111111111', region: 'us-east-1' } }), 'Lobby', 'abcdefghijkl',
    );
    expect(Stack.of(room).resolve([room.roomArn, room.env])).toEqual([
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ivschat:us-east-1:111111111111:room/abcdefghijkl']] },
      { account: '111111111111', region: 'us-east-1' },
    ]);
    expect(Stack.of(room).resolve(room.roomId)).toBe('abcdefghijkl');
  });

  test('can have a token as its ARN', () => {
    const stack = newStack();
    const room = ChatRoom.fromChatRoomAttributes(stack, 'Lobby', { roomArn: Token.asString({ Ref: 'RoomArn' }) });
    expect(stack.resolve(room.roomId)).toEqual({
      'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { Ref: 'RoomArn' }] }] }] }],
    });
    expect(stack.resolve(room.env.region)).toEqual({ 'Fn::Select': [3, { 'Fn::Split': [':', { Ref: 'RoomArn' }] }] });
  });

  test('adds no resource to the stack', () => {
    const stack = newStack();
    ChatRoom.fromRoomArn(stack, 'Lobby', ARN);
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });
});

test('isChatRoom returns true for a ChatRoom only', () => {
  const stack = newStack();
  expect([
    new ChatRoom(stack, 'Lobby'),
    new CfnRoom(stack, 'Cfn'),
    ChatRoom.fromRoomArn(stack, 'Import', ARN),
    {},
    null,
    'room',
    undefined,
  ].map(ChatRoom.isChatRoom))
    .toEqual([true, false, false, false, false, false, false]);
  // Another copy of the library marks its rooms with the same symbol.
  expect(ChatRoom.isChatRoom({ [Symbol.for('cdk-ivs-chat.ChatRoom')]: true })).toBe(true);
});

describe('logging configurations', () => {
  const cfnLoggingConfigurations = (stack: Stack, count: number) => Array.from({ length: count }, (_, index) =>
    new CfnLoggingConfiguration(stack, `Logging${index}`, {
      destinationConfiguration: { s3: { bucketName: 'bucket' } },
    }));

  test('come from the property and from addLoggingConfiguration', () => {
    const stack = newStack();
    const given = cfnLoggingConfigurations(stack, 3);
    const passed = given.slice(0, 1);
    const room = new ChatRoom(stack, 'Lobby', { loggingConfigurations: passed });
    room.addLoggingConfiguration(given[1]!);
    room.addLoggingConfiguration(given[2]!);
    expect(roomProperties(stack))
      .toEqual({ LoggingConfigurationIdentifiers: [{ Ref: 'Logging0' }, { Ref: 'Logging1' }, { Ref: 'Logging2' }] });
    expect(passed).toHaveLength(1);
  });

  test('can be imported', () => {
    const stack = newStack();
    const arn = 'arn:aws:ivschat:eu-west-1:123456789012:logging-configuration/abcdefghijkl';
    new ChatRoom(stack, 'Lobby', {
      loggingConfigurations: [LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Logging', arn)],
    });
    expect(roomProperties(stack)).toEqual({ LoggingConfigurationIdentifiers: [arn] });
  });

  test('are omitted from the template if the list is empty', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', { loggingConfigurations: [] });
    expect(roomProperties(stack)).toEqual({});
  });

  test('fails on a fourth logging configuration', () => {
    const stack = newStack();
    expect(() => new ChatRoom(stack, 'Lobby', { loggingConfigurations: cfnLoggingConfigurations(stack, 4) }))
      .toThrow(
        '`loggingConfigurations` can have at most 3 logging configurations; cannot add Stack/Logging3 (at Stack/Lobby)',
      );
  });

  test('fails on a duplicate', () => {
    const stack = newStack();
    const [logging, ...others] = cfnLoggingConfigurations(stack, 4);
    const room = new ChatRoom(stack, 'Lobby', { loggingConfigurations: [logging!] });
    const add = () => room.addLoggingConfiguration(logging!);
    const message = '`loggingConfigurations` must not contain duplicates, got Stack/Logging0 twice (at Stack/Lobby)';
    expect(add).toThrow(message);
    room.addLoggingConfiguration(others[0]!);
    room.addLoggingConfiguration(others[1]!);
    expect(add).toThrow(message);
    expect(() => room.addLoggingConfiguration(others[2]!)).toThrow('cannot add Stack/Logging3');
    expect(roomProperties(stack).LoggingConfigurationIdentifiers).toHaveLength(3);
  });

  test('fails on two imports of one logging configuration', () => {
    const stack = newStack();
    const arn = 'arn:aws:ivschat:eu-west-1:123456789012:logging-configuration/abcdefghijkl';
    const loggingConfigurations = ['One', 'Two'].map((id) =>
      LoggingConfiguration.fromLoggingConfigurationArn(stack, id, arn));
    expect(() => new ChatRoom(stack, 'Lobby', { loggingConfigurations })).toThrow('got Stack/Two twice');
  });

  test('fails on a logging configuration in another Region', () => {
    const stack = newStack({ env: { region: 'us-east-1' } });
    const logging = LoggingConfiguration.fromLoggingConfigurationArn(
      stack, 'Logging', 'arn:aws:ivschat:eu-west-1:123456789012:logging-configuration/abcdefghijkl',
    );
    expect(() => new ChatRoom(stack, 'Lobby', { loggingConfigurations: [logging] }))
      .toThrow(
        'the logging configuration Stack/Logging must be in the same Region as Stack/Lobby (us-east-1), got eu-west-1',
      );
  });
});

describe('the custom resource receives its deletion policy', () => {
  test.each<[string, RemovalPolicy, string | undefined]>([
    ['Delete', RemovalPolicy.DESTROY, undefined],
    ['Retain', RemovalPolicy.RETAIN, 'Retain'],
    ['RetainExceptOnCreate', RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate'],
  ])('if it is %s', (DeletionPolicy, removalPolicy, expected) => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', { removalPolicy });
    expect(onlyResource(stack, ROOM).DeletionPolicy).toBe(DeletionPolicy);
    expect(roomProperties(stack).DeletionPolicy).toBe(expected);
  });

  test('if an aspect sets it', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby');
    RemovalPolicies.of(stack).retain();
    expect(onlyResource(stack, ROOM).DeletionPolicy).toBe('Retain');
    expect(roomProperties(stack).DeletionPolicy).toBe('Retain');
  });
});

describe('adoption', () => {
  // CloudFormation must send a Delete request for the room. The request releases the room and does not delete it.
  test('sets ExistingArn, keeps the name and uses the deletion policy Delete', () => {
    const stack = newStack();
    const room = new ChatRoom(stack, 'Lobby', { existingRoom: ChatRoom.fromRoomArn(stack, 'Existing', ARN) });
    expect(roomProperties(stack)).toEqual({ ExistingArn: ARN, Region: 'eu-west-1' });
    expect(onlyResource(stack, ROOM).Properties.Name).toBeUndefined();
    expect(stack.resolve(room.roomName)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Lobby/), 'Name'] });
    expect(onlyResource(stack, ROOM)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  test('applies a removal policy and a name', () => {
    const stack = newStack();
    const existingRoom = ChatRoom.fromRoomArn(stack, 'Existing', ARN);
    new ChatRoom(stack, 'Lobby', { roomName: 'lobby', existingRoom, removalPolicy: RemovalPolicy.RETAIN });
    expect(onlyResource(stack, ROOM)).toMatchObject({ DeletionPolicy: 'Retain', Properties: { Name: 'lobby' } });
  });

  test('accepts a token as the ARN', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', {
      existingRoom: ChatRoom.fromRoomArn(stack, 'Existing', Token.asString({ Ref: 'RoomArn' })),
    });
    expect(roomProperties(stack)).toEqual({ ExistingArn: { Ref: 'RoomArn' } });
  });

  test.each([
    ['the ARN of another resource type', ARN.replace('room', 'logging-configuration'), undefined,
      '`roomArn` must be the ARN of a room (arn:aws:ivschat:REGION:ACCOUNT:room/ID), got "arn:aws:'],
    ['a room in another account', ARN, { account: '999999999999', region: 'eu-west-1' },
      '`existingRoom` must be in the same account as Stack/Lobby (999999999999), got 123456789012'],
    ['a room in an unsupported Region', 'arn:aws:ivschat:eu-north-1:123456789012:room/abcdefghijkl', undefined,
      '`region` must be one of ap-northeast-1, ap-northeast-2, ap-south-1, eu-central-1, eu-west-1, us-east-1,'
      + ' us-west-2, got "eu-north-1" (at Stack/Lobby)'],
  ])('fails on %s', (_, arn, env, message) => {
    const stack = newStack({ env });
    expect(() => new ChatRoom(stack, 'Lobby', { existingRoom: ChatRoom.fromRoomArn(stack, 'Existing', arn) }))
      .toThrow(message);
  });

  test('fails on a reference with the ARN of another resource type', () => {
    const stack = newStack();
    const existingRoom = Object.assign(new Construct(stack, 'Existing'), {
      env: { account: stack.account, region: stack.region },
      roomRef: { roomArn: ARN.replace('room', 'stage') },
    });
    expect(() => new ChatRoom(stack, 'Lobby', { existingRoom })).toThrow('`existingRoom` must be the ARN of a room');
  });

  test('fails if `region` is not the Region of the existing room', () => {
    const stack = newStack();
    const existingRoom = ChatRoom.fromRoomArn(stack, 'Existing', ARN);
    expect(() => new ChatRoom(stack, 'Lobby', { existingRoom, region: 'us-east-1' })).toThrow(
      '`region` must be "eu-west-1", the Region of the existing resource, got "us-east-1";'
      + ' leave out `region` (at Stack/Lobby)',
    );
  });
});

describe('metrics', () => {
  test.each<[cloudwatch.Metric, string, string, { [name: string]: string }]>([
    [ChatRoom.metricAll('MessagingRequests'), 'MessagingRequests', 'Sum', {}],
    [ChatRoom.metricAllConcurrentChatConnections(), 'ConcurrentChatConnections', 'Maximum', {}],
    [ChatRoom.metricAllMessagingRequests(), 'MessagingRequests', 'Sum', {}],
    [ChatRoom.metricAllMessagingDeliveries(), 'MessagingDeliveries', 'Sum', {}],
    [ChatRoom.metricAllRequests(MessagingAction.SEND_MESSAGE), 'Requests', 'Sum', { Action: 'SEND_MESSAGE' }],
    [ChatRoom.metricAllDeliveries(MessagingAction.of('SEND_MESSAGE')), 'Deliveries', 'Sum', { Action: 'SEND_MESSAGE' }],
  ])('%#: has the name, the statistic and the dimensions of the service', (
    metric, metricName, statistic, dimensions,
  ) => {
    expect(metric).toMatchObject({ namespace: 'AWS/IVSChat', metricName, statistic });
    expect(metric.dimensions ?? {}).toEqual(dimensions);
  });

  test.each<[string, (options: cloudwatch.MetricOptions) => cloudwatch.Metric, object]>([
    ['metricAll', (options) => ChatRoom.metricAll('MessagingDeliveries', options), {}],
    ['metricAllConcurrentChatConnections', ChatRoom.metricAllConcurrentChatConnections, {}],
    ['metricAllMessagingRequests', ChatRoom.metricAllMessagingRequests, {}],
    ['metricAllMessagingDeliveries', ChatRoom.metricAllMessagingDeliveries, {}],
    ['metricAllRequests', (options) => ChatRoom.metricAllRequests(MessagingAction.SEND_MESSAGE, options),
      { Action: 'SEND_MESSAGE' }],
    ['metricAllDeliveries', (options) => ChatRoom.metricAllDeliveries(MessagingAction.SEND_MESSAGE, options),
      { Action: 'SEND_MESSAGE' }],
  ])('%s accepts options', (_, metric, dimensions) => {
    expect(metric({ statistic: 'Average', region: 'eu-west-1', dimensionsMap: { Color: 'red' } })).toMatchObject({
      statistic: 'Average', region: 'eu-west-1', dimensions: { ...dimensions, Color: 'red' },
    });
    expect(metric({ dimensionsMap: { Action: 'OTHER' } }).dimensions).toEqual({ Action: 'OTHER' });
  });

  test('have the actions of the messaging API', () => {
    const { SEND_MESSAGE, DELETE_MESSAGE, DISCONNECT_USER } = MessagingAction;
    expect([SEND_MESSAGE, DELETE_MESSAGE, DISCONNECT_USER, MessagingAction.of('newAction')].map(({ name }) => name))
      .toEqual(['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER', 'newAction']);
  });

  test('create an alarm', () => {
    const stack = newStack();
    ChatRoom.metricAllConcurrentChatConnections().createAlarm(stack, 'Alarm', {
      threshold: 40_000,
      evaluationPeriods: 1,
    });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/IVSChat',
      Dimensions: Match.absent(),
      Statistic: 'Maximum',
    });
  });
});

test('the closest property injector sets defaults', () => {
  class ShortMessages implements IPropertyInjector {
    readonly constructUniqueId = ChatRoom.PROPERTY_INJECTION_ID;
    inject(props: ChatRoomProps, _context?: InjectionContext): ChatRoomProps {
      return { maximumMessageLength: 42, ...props };
    }
  }
  const stack = newStack();
  class LongMessages extends ShortMessages {
    inject(props: ChatRoomProps): ChatRoomProps {
      return { maximumMessageLength: 500, ...props };
    }
  }
  class Unrelated extends ShortMessages {
    readonly constructUniqueId = 'another-library.ChatRoom';
  }
  PropertyInjectors.of(stack.node.root).add(new LongMessages());
  PropertyInjectors.of(stack).add(new ShortMessages());
  const scope = new Construct(stack, 'Scope');
  PropertyInjectors.of(scope).add(new Unrelated());
  new ChatRoom(scope, 'Lobby', { maximumMessageRatePerSecond: 7 });
  expect(roomProperties(stack)).toEqual({ MaximumMessageLength: 42, MaximumMessageRatePerSecond: 7 });
});

test('mixins apply to the custom resource', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby').with({
    supports: (construct) => CfnResource.isCfnResource(construct) && construct.cfnResourceType === ROOM,
    applyTo: (construct) => (construct as CfnResource).addPropertyOverride('MaximumMessageLength', 99),
  });
  expect(roomProperties(stack)).toEqual({ MaximumMessageLength: 99 });
});

test('aspects visit the room', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby');
  const seen: string[] = [];
  Aspects.of(stack).add({
    visit: (node) => {
      if (ChatRoom.isChatRoom(node)) seen.push(node.node.path);
    },
  });
  Template.fromStack(stack);
  expect(seen).toEqual(['Stack/Lobby']);
});

test('a room can be used in another stack', () => {
  const app = new App();
  const rooms = new Stack(app, 'Rooms');
  const users = new Stack(app, 'Users');
  const room = new ChatRoom(rooms, 'Lobby');
  new CfnOutput(users, 'Room', { value: room.roomArn });
  new CfnOutput(users, 'Id', { value: room.roomId });
  expect(Object.keys(Template.fromStack(rooms).findOutputs('*'))).toHaveLength(2);
  expect(users.dependencies.map(({ node }) => node.path)).toEqual(['Rooms']);
});

test('a room can be used in another Region', () => {
  const app = new App();
  const rooms = new Stack(app, 'Rooms', {
    env: { account: '123456789012', region: 'eu-west-1' },
    crossRegionReferences: true,
  });
  const users = new Stack(app, 'Users', {
    env: { account: '123456789012', region: 'us-east-1' },
    crossRegionReferences: true,
  });
  new CfnOutput(users, 'Room', { value: new ChatRoom(rooms, 'Lobby').roomArn });
  const [writer] = Object.values(Template.fromStack(rooms).findResources('Custom::CrossRegionExportWriter'));
  expect(JSON.stringify(writer)).toContain('{"Ref":"Lobby');
});

