/** Rooms and logging configurations of the CloudFormation types, behind the same constructs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Lazy, RemovalPolicies, RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { CfnLoggingConfiguration, CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ChatApi, ChatRoom, LoggingConfiguration, LoggingDestination, MessageReviewHandler, Provisioning, type ChatRoomProps,
} from '../../src';
import { newStack, onlyResource, warningsOf } from './stack';

const ROOM = 'AWS::IVSChat::Room';
const LOGGING = 'AWS::IVSChat::LoggingConfiguration';
const CONTEXT_KEY = 'cdk-ivs-chat:provisioning';
const { CLOUDFORMATION, CUSTOM_RESOURCE } = Provisioning;
const env = { account: '123456789012', region: 'us-west-2' };

const newRoom = (stack: Stack, props: ChatRoomProps = {}) =>
  new ChatRoom(stack, 'Lobby', { provisioning: CLOUDFORMATION, ...props });
const toBucket = (stack: Stack, id = 'Bucket') => LoggingDestination.s3(s3.Bucket.fromBucketName(stack, id, 'bucket'));
const newLogging = (stack: Stack, id = 'Logging') =>
  new LoggingConfiguration(stack, id, { provisioning: CLOUDFORMATION, destination: toBucket(stack, `${id}Bucket`) });
const newFunction = (stack: Stack, id: string) => new lambda.Function(stack, id, {
  runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'),
});
/** The number of resources of each type. */
function typesOf(stack: Stack): { [type: string]: number } {
  const types: { [type: string]: number } = {};
  for (const { Type } of Object.values<{ Type: string }>(Template.fromStack(stack).toJSON().Resources)) {
    types[Type] = (types[Type] ?? 0) + 1;
  }
  return types;
}

describe('a room that CloudFormation provisions', () => {
  test('is the only resource of its stack, with the defaults of the service', () => {
    const stack = newStack();
    const room = newRoom(stack);
    expect(typesOf(stack)).toEqual({ [ROOM]: 1 });
    expect(onlyResource(stack, ROOM)).toEqual({
      Type: ROOM,
      Properties: {
        Name: room.roomName,
        MaximumMessageLength: 500,
        MaximumMessageRatePerSecond: 10,
        LoggingConfigurationIdentifiers: [],
      },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
    expect(room.roomName).toMatch(/^Stack-Lobby-[0-9A-F]{8}$/);
  });

  test('has all properties of the construct', () => {
    const stack = newStack();
    const review = newFunction(stack, 'Review');
    const logging = newLogging(stack);
    newRoom(stack, {
      roomName: 'lobby',
      maximumMessageLength: 300,
      maximumMessageRatePerSecond: 10,
      messageReviewHandler: MessageReviewHandler.lambdaFunction(review),
      loggingConfigurations: [logging],
      tags: { team: 'chat' },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const { Properties, DependsOn, DeletionPolicy } = onlyResource(stack, ROOM);
    expect(Properties).toEqual({
      Name: 'lobby',
      MaximumMessageLength: 300,
      MaximumMessageRatePerSecond: 10,
      MessageReviewHandler: { Uri: stack.resolve(review.functionArn), FallbackResult: 'DENY' },
      LoggingConfigurationIdentifiers: [stack.resolve(logging.loggingConfigurationArn)],
      Tags: [{ Key: 'team', Value: 'chat' }],
    });
    expect(DependsOn).toEqual([expect.stringMatching(/^ReviewIvsChatMessageReview/)]);
    expect(DeletionPolicy).toBe('Retain');
  });

  test('has the attributes of the resource', () => {
    const stack = newStack();
    const room = newRoom(stack);
    const logicalId = stack.getLogicalId(room.node.defaultChild as CfnResource);
    expect(stack.resolve([room.roomArn, room.roomId, room.roomRef])).toEqual([
      { Ref: logicalId }, { 'Fn::GetAtt': [logicalId, 'Id'] }, { roomArn: { Ref: logicalId } },
    ]);
  });

  test('can be granted, also to its review function', () => {
    const stack = newStack();
    const review = newFunction(stack, 'Review');
    const room = newRoom(stack, { messageReviewHandler: MessageReviewHandler.lambdaFunction(review) });
    room.grants.disconnectUser(review);
    room.grantCreateChatToken(newFunction(stack, 'Token'));
    const template = Template.fromStack(stack);
    for (const action of ['ivschat:DisconnectUser', 'ivschat:CreateChatToken']) {
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: [{ Action: action, Effect: 'Allow', Resource: stack.resolve(room.roomArn) }] },
      });
    }
  });

  test('has the logging configurations that are added later', () => {
    const stack = newStack();
    const [one, two] = [newLogging(stack, 'One'), newLogging(stack, 'Two')] as const;
    newRoom(stack, { loggingConfigurations: [one] }).addLoggingConfiguration(two);
    expect(onlyResource(stack, ROOM).Properties.LoggingConfigurationIdentifiers)
      .toEqual(stack.resolve([one.loggingConfigurationArn, two.loggingConfigurationArn]));
  });

  test('accepts mixins for a CfnRoom', () => {
    const stack = newStack();
    newRoom(stack).with({
      supports: (construct) => CfnRoom.isCfnRoom(construct),
      applyTo: (construct) => {
        (construct as CfnRoom).maximumMessageLength = 7;
      },
    });
    expect(onlyResource(stack, ROOM).Properties.MaximumMessageLength).toBe(7);
  });

  test('can have a chat API', () => {
    const stack = newStack({ env });
    const room = newRoom(stack);
    const authorizer = new HttpJwtAuthorizer('Users', 'https://issuer.example.com', { jwtAudience: ['chat'] });
    new ChatApi(stack, 'ChatApi', { rooms: { lobby: room }, authorizer });
    expect(typesOf(stack)).toMatchObject({ [ROOM]: 1, 'AWS::Lambda::Function': 2 });
    expect(Object.keys(typesOf(stack))).not.toContain('Custom::IVSChatRoom');
  });
});

test('a logging configuration that CloudFormation provisions', () => {
  const stack = newStack();
  const logging = new LoggingConfiguration(stack, 'Logging', {
    provisioning: CLOUDFORMATION,
    destination: LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup', { logGroupName: '/chat' })),
    tags: { empty: '' },
  });
  expect(typesOf(stack)).toEqual({ [LOGGING]: 1, 'AWS::Logs::LogGroup': 1, 'AWS::Logs::ResourcePolicy': 1 });
  const { Properties, DependsOn } = onlyResource(stack, LOGGING);
  expect(Properties).toEqual({
    Name: logging.loggingConfigurationName,
    DestinationConfiguration: { CloudWatchLogs: { LogGroupName: { Ref: expect.stringMatching(/^LogGroup/) } } },
    Tags: [{ Key: 'empty', Value: '' }],
  });
  expect(DependsOn).toEqual([expect.stringMatching(/^IvsChatLogDeliveryPolicy/)]);
  expect(logging.metricLogDestinationErrors().dimensions).toEqual({
    LoggingConfiguration: logging.loggingConfigurationId,
  });
});

describe.each<[string, string, (stack: Stack) => ChatRoom | LoggingConfiguration, Function]>([
  ['room', ROOM, newRoom, CfnRoom],
  ['logging configuration', LOGGING, newLogging, CfnLoggingConfiguration],
])('the default child of a %s', (_, type, make, cfnClass) => {
  test('is the resource of CloudFormation, for escape hatches', () => {
    const stack = newStack();
    const child = make(stack).node.defaultChild as CfnRoom | CfnLoggingConfiguration;
    expect(child).toBeInstanceOf(cfnClass);
    child.name = 'escaped';
    expect(onlyResource(stack, type).Properties.Name).toBe('escaped');
  });

  test('has the same logical ID as the custom resource, so CloudFormation refuses to replace one by the other', () => {
    const id = (context: Provisioning) => {
      const stack = new Stack(new App({ context: { [CONTEXT_KEY]: context } }), 'Stack');
      const construct = type === ROOM ? new ChatRoom(stack, 'Chat')
        : new LoggingConfiguration(stack, 'Chat', { destination: toBucket(stack) });
      return stack.getLogicalId(construct.node.defaultChild as CfnResource);
    };
    expect(id(CLOUDFORMATION)).toBe(id(CUSTOM_RESOURCE));
  });

  test.each<[string, (resource: ChatRoom | LoggingConfiguration, stack: Stack) => void]>([
    ['applyRemovalPolicy', (resource) => resource.applyRemovalPolicy(RemovalPolicy.RETAIN)],
    ['RemovalPolicies', (_resource, stack) => RemovalPolicies.of(stack).retain({ applyToResourceTypes: [type] })],
  ])('has the deletion policy of %s', (__, apply) => {
    const stack = newStack();
    apply(make(stack), stack);
    const { DeletionPolicy, UpdateReplacePolicy, Properties } = onlyResource(stack, type);
    expect([DeletionPolicy, UpdateReplacePolicy, Properties.DeletionPolicy]).toEqual(['Retain', 'Retain', undefined]);
  });

  test('has the tags of the property and of Tags.of(), once', () => {
    const stack = newStack();
    const resource = make(stack);
    Tags.of(stack).add('stage', 'test');
    Tags.of(stack).add('only', 'this', { includeResourceTypes: [type] });
    Tags.of(stack).add('not', 'this', { excludeResourceTypes: [type] });
    Tags.of(resource).add('own', 'yes');
    expect(onlyResource(stack, type).Properties.Tags).toEqual([
      { Key: 'only', Value: 'this' }, { Key: 'own', Value: 'yes' }, { Key: 'stage', Value: 'test' },
    ]);
    expect(resource.cdkTagManager.tagValues()).toEqual({ only: 'this', own: 'yes', stage: 'test' });
  });

  test('can have 50 tags, because the library needs none', () => {
    const tag = (stack: Stack, count: number) => {
      for (let index = 0; index < count; index++) Tags.of(stack).add(`key${index}`, 'value');
    };
    const [most, more] = [newStack(), newStack()];
    make(most);
    tag(most, 50);
    expect(onlyResource(most, type).Properties.Tags).toHaveLength(50);

    make(more);
    tag(more, 51);
    expect(() => Template.fromStack(more)).toThrow('`tags` must have at most 50 entries, got 51');
  });
});

test('a retained room warns about a logging configuration that is deleted', () => {
  const stack = newStack();
  const room = newRoom(stack, { loggingConfigurations: [newLogging(stack)], removalPolicy: RemovalPolicy.RETAIN });
  expect(warningsOf(stack).filter((warning) => warning.includes('cdk-ivs-chat:retainedRoom'))).toHaveLength(1);
  expect(room.node.path).toBe('Stack/Lobby');
});

describe('the context key', () => {
  const withContext = (value: unknown) => new Stack(new App({ context: { [CONTEXT_KEY]: value } }), 'Stack', { env });

  test('without a value means a custom resource', () => {
    const stack = withContext(null);
    new ChatRoom(stack, 'Room');
    expect(onlyResource(stack, 'Custom::IVSChatRoom')).toBeDefined();
  });

  test('sets the default of an app, and a property of a construct has priority', () => {
    const stack = withContext('CLOUDFORMATION');
    const logging = new LoggingConfiguration(stack, 'Logging', { destination: toBucket(stack) });
    new ChatRoom(stack, 'Native', { loggingConfigurations: [logging] });
    new ChatRoom(stack, 'Fast', {
      provisioning: CUSTOM_RESOURCE, maximumMessageRatePerSecond: 100, loggingConfigurations: [logging],
    });
    expect(typesOf(stack)).toMatchObject({ [ROOM]: 1, [LOGGING]: 1, 'Custom::IVSChatRoom': 1 });
    expect(onlyResource(stack, 'Custom::IVSChatRoom').Properties.LoggingConfigurationIdentifiers).toEqual([
      stack.resolve(logging.loggingConfigurationArn),
    ]);
  });

  test('sets the default of one stack', () => {
    const app = new App();
    const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id)) as [Stack, Stack];
    one.node.setContext(CONTEXT_KEY, CLOUDFORMATION);
    for (const stack of [one, other]) new ChatRoom(stack, 'Room');
    expect(typesOf(one)).toEqual({ [ROOM]: 1 });
    expect(typesOf(other)).toMatchObject({ 'Custom::IVSChatRoom': 1 });
  });

  test.each([['cloudformation', '"cloudformation"'], [true, 'true']])('cannot be %j', (value, given) => {
    for (const provisioning of [undefined, CUSTOM_RESOURCE]) {
      expect(() => new ChatRoom(withContext(value), 'Room', { provisioning })).toThrow(new Error(
        `\`${CONTEXT_KEY}\` must be CUSTOM_RESOURCE or CLOUDFORMATION in the context, got ${given} (at Stack/Room)`));
    }
  });
});

describe('validation', () => {
  const because = ', because `provisioning` is CLOUDFORMATION; change the value, or use'
    + ' `provisioning: Provisioning.CUSTOM_RESOURCE`';

  test.each<[string, ChatRoomProps, string]>([
    [
      'a rate above 10', { maximumMessageRatePerSecond: 11 },
      `\`maximumMessageRatePerSecond\` must be between 1 and 10, got 11${because} (at Stack/Lobby)`,
    ],
    [
      'another Region', { region: 'eu-west-1' },
      '`region` must be the Region of the stack if `provisioning` is CLOUDFORMATION, got "eu-west-1"; leave out'
      + ' `region`, or use `provisioning: Provisioning.CUSTOM_RESOURCE` (at Stack/Lobby)',
    ],
  ])('fails on %s', (_, props, message) => {
    expect(() => newRoom(newStack({ env }), props)).toThrow(new Error(message));
  });

  test('fails on a Region if the Region of the stack is not known', () => {
    expect(() => newRoom(newStack(), { region: 'eu-west-1' })).toThrow('`region` must be the Region of the stack');
    newRoom(newStack({ env }), { region: 'us-west-2' });
  });

  test('fails on an existing resource', () => {
    const stack = newStack({ env });
    const arn = 'arn:aws:ivschat:eu-west-1:123456789012:room/abcdefghijkl';
    for (const existingRoom of [
      ChatRoom.fromRoomId(stack, 'Existing', 'abcdefghijkl'), ChatRoom.fromRoomArn(stack, 'ExistingElsewhere', arn),
    ]) {
      const inner = new Stack(stack, `For${existingRoom.node.id}`, { env });
      expect(() => newRoom(inner, { existingRoom })).toThrow(new Error(
        '`existingRoom` requires a custom resource, and `provisioning` is CLOUDFORMATION; import the existing resource'
        + ` with \`cdk import\`, or use \`provisioning: Provisioning.CUSTOM_RESOURCE\` (at ${inner.node.path}/Lobby)`));
    }
    const id = 'abcdefghijkl';
    const existingLoggingConfiguration = LoggingConfiguration.fromLoggingConfigurationId(stack, 'Logging', id);
    expect(() => new LoggingConfiguration(stack, 'Native', {
      provisioning: CLOUDFORMATION, destination: toBucket(stack), existingLoggingConfiguration,
    })).toThrow(new Error(
      '`existingLoggingConfiguration` requires a custom resource, and `provisioning` is CLOUDFORMATION; import the'
      + ' existing resource with `cdk import`, or use `provisioning: Provisioning.CUSTOM_RESOURCE` (at Stack/Native)'));
  });

  test('fails on a tag without a value, from the property and from Tags.of()', () => {
    const message = `\`tags.empty\` must be between 1 and 256 characters, got 0${because}`;
    const byProperty = newStack();
    newRoom(byProperty, { tags: { empty: '' } });
    expect(() => Template.fromStack(byProperty)).toThrow(message);

    const byAspect = newStack();
    Tags.of(newRoom(byAspect)).add('empty', '');
    expect(() => Template.fromStack(byAspect)).toThrow(message);
  });

  test('fails on another value of the property', () => {
    expect(() => newRoom(newStack(), { provisioning: 'NATIVE' as never })).toThrow(new Error(
      '`provisioning` must be one of Provisioning.CUSTOM_RESOURCE, Provisioning.CLOUDFORMATION, got "NATIVE"'
      + ' (at Stack/Lobby)'));
  });

  test('tokens are not validated', () => {
    const stack = newStack();
    newRoom(stack, {
      maximumMessageRatePerSecond: Token.asNumber({ Ref: 'Rate' }), tags: { team: Lazy.string({ produce: () => '' }) },
    });
    expect(onlyResource(stack, ROOM).Properties.MaximumMessageRatePerSecond).toEqual({ Ref: 'Rate' });
  });
});

const cfnLint = process.env.CFN_LINT ?? 'cfn-lint';
const isInstalled = spawnSync(cfnLint, ['--version']).status === 0;
if (!isInstalled) console.warn('SKIPPED: cfn-lint is not installed, so it does not check the templates');

(isInstalled ? describe : describe.skip)('cfn-lint, with the schemas of CloudFormation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const lint = (stack: Stack): string => {
    const file = join(folder, 'template.json');
    writeFileSync(file, JSON.stringify(Template.fromStack(stack).toJSON()));
    // The CDK adds the dependencies that W3005 reports.
    const options = ['--regions', 'us-west-2', '--ignore-checks', 'W3005', '--format', 'parseable'];
    return spawnSync(cfnLint, [...options, file], { encoding: 'utf8' }).stdout;
  };
  const newFullRoom = (stack: Stack): ChatRoom => newRoom(stack, {
    roomName: 'n'.repeat(128),
    maximumMessageRatePerSecond: 10,
    messageReviewHandler: MessageReviewHandler.lambdaFunction(newFunction(stack, 'Review')),
    loggingConfigurations: ['One', 'Two', 'Three'].map((id) => new LoggingConfiguration(stack, id, {
      provisioning: CLOUDFORMATION, destination: LoggingDestination.s3(new s3.Bucket(stack, `${id}Bucket`)),
    })),
    tags: { team: 'v'.repeat(256) },
  });

  test('accepts the limits of the library', () => {
    const stack = newStack({ env });
    newFullRoom(stack);
    expect(lint(stack)).toBe('');
  });

  test('refuses the rates that the library refuses', () => {
    const stack = newStack({ env });
    (newFullRoom(stack).node.defaultChild as CfnRoom).maximumMessageRatePerSecond = 11;
    expect(lint(stack)).toContain('11 is greater than the maximum of 10');
  });
});
