/**
 * The jobs of eight real back ends, each in a few lines. The policy of each function is a strict subset of the
 * hand-written one, which is the form that most public templates have: wildcards for the room or for the actions.
 */
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BanList, ChatApi, ChatRoom, MessageReviewHandler } from '../../src';
import { newStack } from './stack';

const ROOM = 'arn:aws:ivschat:eu-west-1:123456789012:room/abcdefghijkl';
const OTHER_ROOM = 'arn:aws:ivschat:eu-west-1:123456789012:room/mnopqrstuvwx';
const TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/bans';
const OTHER_TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/customers';
const ANY_ROOM = 'arn:aws:ivschat:*:*:room/*';

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

interface Job {
  readonly name: string;
  /** The start of the logical ID of the policies of the function. */
  readonly policy: string;
  readonly build: (stack: Stack) => void;
  readonly handWritten: readonly Statement[];
  /** A request that the hand-written policy allows, and that the function never makes. */
  readonly excess: readonly [action: string, resource: string];
}

function newFunction(stack: Stack, id = 'Fn'): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'),
  });
}
const newRoom = (stack: Stack) => ChatRoom.fromRoomArn(stack, 'Room', ROOM);
const newChatApi = (stack: Stack) => new ChatApi(stack, 'Chat', {
  rooms: { lobby: newRoom(stack) },
  authorizer: new HttpIamAuthorizer(),
  banList: BanList.fromTableName(stack, 'BanList', 'bans'),
});

const jobs: Job[] = [
  {
    name: 'a token endpoint',
    policy: 'ChatToken',
    build: newChatApi,
    handWritten: [{ actions: ['ivschat:*', 'dynamodb:*'], resources: ['*'] }],
    excess: ['ivschat:DeleteRoom', OTHER_ROOM],
  },
  {
    name: 'moderation with a ban list',
    policy: 'ChatModeration',
    build: newChatApi,
    handWritten: [
      { actions: ['ivschat:*'], resources: ['*'] },
      { actions: ['dynamodb:*'], resources: ['*'] },
      { actions: ['lambda:InvokeFunction'], resources: ['*'] },
    ],
    excess: ['dynamodb:DeleteTable', OTHER_TABLE],
  },
  {
    name: 'a review handler that disconnects spammers',
    policy: 'Room',
    build: (stack) => {
      const review = newFunction(stack);
      const room = new ChatRoom(stack, 'Room', { messageReviewHandler: MessageReviewHandler.lambdaFunction(review) });
      room.grants.disconnectUser(review);
    },
    handWritten: [{ actions: ['ivschat:DisconnectUser'], resources: [ANY_ROOM, '<Room>'] }],
    excess: ['ivschat:DisconnectUser', OTHER_ROOM],
  },
  {
    name: 'a review handler that reads the ban list',
    policy: 'Fn',
    build: (stack) => void BanList.fromTableName(stack, 'BanList', 'bans').grantRead(newFunction(stack)),
    handWritten: [{ actions: ['dynamodb:*'], resources: ['*'] }],
    excess: ['dynamodb:PutItem', TABLE],
  },
  {
    name: 'moderation after the delivery',
    policy: 'Fn',
    build: (stack) => void newRoom(stack).grants.deleteMessage(newFunction(stack)),
    handWritten: [{ actions: ['ivschat:DeleteMessage', 'ivschat:DisconnectUser'], resources: ['*'] }],
    excess: ['ivschat:DisconnectUser', ROOM],
  },
  {
    name: 'votes and reactions',
    policy: 'Fn',
    build: (stack) => void newRoom(stack).grantSendEvent(newFunction(stack)),
    handWritten: [{ actions: ['ivschat:SendEvent', 'ivschat:SendMessage'], resources: [ANY_ROOM] }],
    excess: ['ivschat:SendEvent', OTHER_ROOM],
  },
  {
    name: 'the functions of a host',
    policy: 'Fn',
    build: (stack) => void newRoom(stack).grantModerate(newFunction(stack)),
    handWritten: [{ actions: ['ivschat:*'], resources: [ANY_ROOM] }],
    excess: ['ivschat:UpdateRoom', ROOM],
  },
  {
    name: 'a page with the settings of the room',
    policy: 'Fn',
    build: (stack) => void newRoom(stack).grantRead(newFunction(stack)),
    handWritten: [{ actions: ['ivschat:Get*', 'ivschat:List*'], resources: ['*'] }],
    excess: ['ivschat:GetRoom', OTHER_ROOM],
  },
];

/** Returns the statements of the policies, with references as text in angle brackets, without those for the log. */
function statementsOf(stack: Stack, policy: string): Statement[] {
  const text = (value: any): string => {
    if (typeof value === 'string') return value;
    const [[kind, content]] = Object.entries<any>(value) as [[string, any]];
    if (kind === 'Fn::Join') return content[1].map(text).join('');
    return { 'AWS::Partition': 'aws', 'AWS::Region': 'eu-west-1', 'AWS::AccountId': '123456789012' }[content as string]
      ?? `<${[content].flat()[0].replace(/[0-9A-F]{8}$/, '')}>`;
  };
  return Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(policy))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as any[])
    .map(({ Action, Resource }) => ({ actions: [Action].flat(), resources: [Resource].flat().map(text) }))
    .filter(({ actions }) => !actions[0]!.startsWith('logs:'));
}

function matches(pattern: string, value: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(value);
}

const allows = (statements: readonly Statement[], action: string, resource: string) =>
  statements.some(({ actions, resources }) =>
    actions.some((pattern) => matches(pattern, action)) && resources.some((pattern) => matches(pattern, resource)));

test.each(jobs.map((job) => [job.name, job] as const))('%s: the policy is a strict subset of the hand-written one', (
  _, { build, policy, handWritten, excess },
) => {
  const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
  build(stack);
  const statements = statementsOf(stack, policy);
  const requests = statements.flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((resource) => [action, resource] as const)));
  expect(requests.length).toBeGreaterThan(0);
  expect(requests.filter(([action, resource]) => !allows(handWritten, action, resource))).toEqual([]);
  expect(requests.filter(([action]) => action.includes('*'))).toEqual([]);
  expect(allows(handWritten, ...excess)).toBe(true);
  expect(allows(statements, ...excess)).toBe(false);
});
