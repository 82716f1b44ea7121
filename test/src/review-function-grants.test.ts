/** The review function of a room can get permissions on the room, although the room depends on the function. */
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ChatRoom, ChatRoomGrants, MessageReviewHandler } from '../../src';
import { newStack, onlyResource, warningsOf } from './stack';

const newFunction = (stack: Stack, props?: Partial<lambda.FunctionProps>) => new lambda.Function(stack, 'Review', {
  runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'), ...props,
});
const newRoom = (stack: Stack, handler: lambda.IFunction, id = 'Lobby') => new ChatRoom(stack, id, {
  messageReviewHandler: MessageReviewHandler.lambdaFunction(handler),
});

/** Returns the policies that are attached to the role of the review function, by the statements on rooms. */
function roomStatements(stack: Stack) {
  // Template.fromStack throws if resources have a circular dependency.
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policies
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes('Review'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource }) => ({ Action, Resource }));
}

const lobby = { Ref: 'Lobby53468202' };
const disconnect = { Action: 'ivschat:DisconnectUser', Resource: lobby };

test.each<[string, (room: ChatRoom, review: lambda.Function) => unknown]>([
  ['the function', (room, review) => room.grants.disconnectUser(review)],
  ['its role', (room, review) => room.grants.disconnectUser(review.role!)],
  ['its alias', (room, review) => room.grants.disconnectUser(review.addAlias('live'))],
  ['the function, with the grants of a room reference',
    (room, review) => ChatRoomGrants.fromRoom(room).disconnectUser(review)],
])('a grant to %s names the room and does not result in a circular dependency', (_, grantTo) => {
  const stack = newStack();
  const review = newFunction(stack);
  grantTo(newRoom(stack, review), review);
  expect(roomStatements(stack)).toEqual([disconnect]);
});

test('a grant to the function of an alias does not result in a circular dependency', () => {
  const stack = newStack();
  const review = newFunction(stack);
  newRoom(stack, review.addAlias('live')).grants.disconnectUser(review);
  expect(roomStatements(stack)).toEqual([disconnect]);
});

test('several grants share one policy', () => {
  const stack = newStack();
  const review = newFunction(stack);
  const room = newRoom(stack, review);
  expect(room.grantModerate(review).success).toBe(true);
  room.grantRead(review);
  expect(roomStatements(stack)).toHaveLength(2);
  // Another ID would replace the policy of a deployed stack.
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map((id) => id.slice(0, -8)))
    .toEqual(['LobbyMessageReviewPolicy', 'IvsChatControlPlaneProviderRoleDefaultPolicy']);
});

test('rooms that share a function have a policy each', () => {
  const stack = newStack();
  const review = newFunction(stack);
  for (const id of ['Lobby', 'Stage']) newRoom(stack, review, id).grants.disconnectUser(review);
  expect(roomStatements(stack)).toHaveLength(2);
});

test('a function with a role of the user does not result in a circular dependency', () => {
  const stack = newStack();
  const role = new iam.Role(stack, 'ReviewRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const review = newFunction(stack, { role });
  newRoom(stack, review).grants.disconnectUser(review);
  expect(roomStatements(stack)).toEqual([disconnect]);
});

test('a function with an imported role does not result in a circular dependency', () => {
  const stack = newStack();
  const role = iam.Role.fromRoleName(stack, 'ReviewRole', 'Review');
  const review = newFunction(stack, { role });
  newRoom(stack, review).grants.disconnectUser(review);
  expect(roomStatements(stack)).toEqual([disconnect]);
});

test('a resource can depend on the grant', () => {
  const stack = newStack();
  const review = newFunction(stack);
  const dependent = new CfnResource(stack, 'Dependent', { type: 'Custom::Dependent' });
  newRoom(stack, review).grants.disconnectUser(review).applyBefore(dependent);
  expect(onlyResource(stack, 'Custom::Dependent').DependsOn)
    .toEqual([expect.stringMatching(/^LobbyMessageReviewPolicy/)]);
});

test('a grant to an imported function without a role results in the warning of the CDK', () => {
  const stack = newStack();
  const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:review';
  const review = lambda.Function.fromFunctionArn(stack, 'Review', arn);
  newRoom(stack, review).grants.disconnectUser(review);
  expect(roomStatements(stack)).toEqual([]);
  expect(warningsOf(stack)).toContainEqual(expect.stringContaining('Add statement to this resource\'s role'));
});

test('a function in another stack does not result in a circular dependency', () => {
  const app = new App();
  const functions = new Stack(app, 'Functions');
  const review = newFunction(functions);
  const rooms = new Stack(app, 'Rooms');
  newRoom(rooms, review).grants.disconnectUser(review);
  expect(roomStatements(rooms)).toEqual([disconnect]);
  expect(rooms.dependencies).toEqual([functions]);
});

test('a grant to any other function is in the policy of its role', () => {
  const stack = newStack();
  const room = newRoom(stack, newFunction(stack));
  const other = new lambda.Function(stack, 'Other', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'),
  });
  room.grants.disconnectUser(other);
  expect(other.role!.node.tryFindChild('DefaultPolicy')).toBeDefined();
  expect(roomStatements(stack)).toEqual([]);
});

describe('a circular dependency is an error:', () => {
  test('the ARN of the room in the environment of the review function', () => {
    const stack = newStack();
    const review = newFunction(stack);
    review.addEnvironment('ROOM_ARN', newRoom(stack, review.addAlias('live')).roomArn);
    expect(() => Template.fromStack(stack)).toThrow(
      'the environment of the function Stack/Review refers to the room, but the room depends on its review function;'
      + ' use `RoomArn` of the event instead',
    );
  });

  test('the ID of the room in the policy of the review function', () => {
    const stack = newStack();
    const review = newFunction(stack);
    const room = newRoom(stack, review);
    review.addToRolePolicy(new iam.PolicyStatement({ actions: ['ivschat:SendEvent'], resources: [room.roomId] }));
    expect(() => Template.fromStack(stack)).toThrow(
      'the policy of the function Stack/Review refers to the room, but the room depends on its review function;'
      + ' use a grant of the room instead, for example `room.grantModerate(fn)`',
    );
  });

  test('in the environment and in the policy at once', () => {
    const stack = newStack();
    const review = newFunction(stack);
    const room = newRoom(stack, review);
    review.addEnvironment('ROOM_ID', room.roomId);
    review.addToRolePolicy(new iam.PolicyStatement({ actions: ['ivschat:SendEvent'], resources: [room.roomArn] }));
    expect(() => Template.fromStack(stack)).toThrow(/the environment of the function[^]*the policy of the function/);
  });

  test('a room of another stack with the same logical ID is another room', () => {
    const app = new App();
    const functions = new Stack(app, 'Functions');
    const other = new ChatRoom(functions, 'Lobby');
    const rooms = new Stack(app, 'Rooms');
    newRoom(rooms, newFunction(functions, { environment: { LOBBY: other.roomArn } }));
    Template.fromStack(rooms);
  });

  test('a reference to another room is none', () => {
    const stack = newStack();
    const review = newFunction(stack, { environment: { STAGE: new ChatRoom(stack, 'Stage').roomArn } });
    newRoom(stack, review);
    Template.fromStack(stack);
  });
});
