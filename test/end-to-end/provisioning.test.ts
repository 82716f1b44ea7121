/** Rooms of the CloudFormation types, and their moves to and from the custom resource, with the real CDK CLI. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetLoggingConfigurationCommand, GetRoomCommand, IvschatClient, ListRoomsCommand, UntagResourceCommand,
  UpdateRoomCommand,
} from '@aws-sdk/client-ivschat';
import { RemovalPolicy, type CfnResource, type Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { cdk } from '../../examples/live-chat/cdk-cli';
import { startLocal, type Local } from '../../local';
import {
  ChatRoom, LoggingConfiguration, LoggingDestination, MessageReviewHandler, Provisioning, type ChatRoomProps,
} from '../../src';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { deployStack, synthesizeStack, type Build } from '../deploy-stack';

jest.setTimeout(240_000);

const { CLOUDFORMATION, CUSTOM_RESOURCE } = Provisioning;
const env = { account: '123456789012', region: 'us-west-2' };
const folder = mkdtempSync(join(tmpdir(), 'cdk-ivs-chat-provisioning-'));
let local: Local;
let ivsChat: IvschatClient;
/** The operations that changed a resource of IVS Chat. */
const writes: string[] = [];

/** Synthesizes a stack, and returns the folder and the logical ID of each room and logging configuration. */
function synthesize(name: string, build: Build): { outdir: string; logicalIds: { [id: string]: string } } {
  const { outdir, stack } = synthesizeStack(folder, name, env, build);
  const constructs = stack.node.children.filter((child) =>
    ChatRoom.isChatRoom(child) || LoggingConfiguration.isLoggingConfiguration(child));
  return {
    outdir,
    logicalIds: Object.fromEntries(constructs.map(({ node }) =>
      [node.id, stack.resolve((node.defaultChild as CfnResource).logicalId)])),
  };
}

const deploy = (name: string, build: Build, ...options: string[]) =>
  deployStack(local, synthesizeStack(folder, name, env, build), options);

/** Runs `cdk import` with the ARNs by construct ID. */
async function importInto(name: string, build: Build, arns: { readonly [id: string]: string }): Promise<void> {
  const { outdir, logicalIds } = synthesize(name, build);
  const mapping = Object.fromEntries(Object.entries(arns).map(([id, Arn]) => [logicalIds[id], { Arn }]));
  await cdk(['import', name, '--app', outdir, '--resource-mapping-inline', JSON.stringify(mapping)], local);
}

/** Runs `cdk drift` and returns what it prints. */
async function drift(name: string, build: Build): Promise<string> {
  const printed: string[] = [];
  const { outdir } = synthesize(name, build);
  await cdk(['drift', name, '--app', outdir], { ...local, print: (line) => printed.push(line) });
  return printed.join('\n');
}

async function destroy(name: string): Promise<void> {
  const { outdir } = synthesize(name, () => ({}));
  await cdk(['destroy', name, '--app', outdir, '--force'], local);
}

const getRoom = (identifier: string) => ivsChat.send(new GetRoomCommand({ identifier }));
const rooms = async () => (await ivsChat.send(new ListRoomsCommand({}))).rooms!.map(({ arn }) => arn!);
const userTags = (tags: { [key: string]: string } = {}) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('cdk-ivs-chat:')));

beforeAll(async () => {
  local = await startLocal({
    region: env.region,
    accountId: env.account,
    ivsChat: {
      onRequest: ({ operation, error }) => {
        if (!/^(Get|List)/.test(operation)) writes.push(error ? `${operation} ${error}` : operation);
      },
    },
  });
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = local.environment;
  const credentials = { accessKeyId, secretAccessKey };
  ivsChat = new IvschatClient({ region: env.region, endpoint: local.controlPlane, credentials });
});

afterAll(async () => {
  ivsChat?.destroy();
  await local?.close();
  rmSync(folder, { recursive: true });
});

const logGroup = (stack: Stack) => new logs.LogGroup(stack, 'LogGroup', { removalPolicy: RemovalPolicy.DESTROY });
const reviewFunction = (stack: Stack) => new lambda.Function(stack, 'Review', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async ({ Content }) => ({ ReviewResult: "ALLOW", Content });'),
});

test('a stack with native rooms is deployed, updated and destroyed, and has no function of the library', async () => {
  const build = (props: ChatRoomProps): Build => (stack) => {
    const logging = new LoggingConfiguration(stack, 'Logging', {
      provisioning: CLOUDFORMATION, destination: LoggingDestination.cloudWatchLogs(logGroup(stack)),
    });
    const messageReviewHandler = MessageReviewHandler.lambdaFunction(reviewFunction(stack));
    const room = new ChatRoom(stack, 'Room', {
      provisioning: CLOUDFORMATION, messageReviewHandler, loggingConfigurations: [logging], ...props,
    });
    return { Room: room.roomArn, Id: room.roomId, Name: room.roomName, Logging: logging.loggingConfigurationArn };
  };
  const first = await deploy('Native', build({ maximumMessageRatePerSecond: 5, tags: { team: 'chat' } }));
  const created = await getRoom(first.Room);
  expect(created).toMatchObject({
    id: first.Id,
    name: first.Name,
    maximumMessageLength: 500,
    maximumMessageRatePerSecond: 5,
    messageReviewHandler: { fallbackResult: 'DENY' },
    loggingConfigurationIdentifiers: [first.Logging],
    tags: { team: 'chat' },
  });
  const { state } = await ivsChat.send(new GetLoggingConfigurationCommand({ identifier: first.Logging }));
  expect(state).toBe('ACTIVE');

  const changed = build({ maximumMessageLength: 77, loggingConfigurations: [] });
  const { Name: name, ...same } = await deploy('Native', changed, '--method=direct');
  expect(same).toEqual({ Room: first.Room, Id: first.Id, Logging: first.Logging });
  expect(await getRoom(first.Room)).toMatchObject({
    name, maximumMessageLength: 77, maximumMessageRatePerSecond: 10, loggingConfigurationIdentifiers: [], tags: {},
  });
  expect(await drift('Native', changed)).toContain('No drift detected');

  await ivsChat.send(new UpdateRoomCommand({ identifier: first.Room, maximumMessageLength: 99 }));
  expect(await drift('Native', changed)).toMatch(/MaximumMessageLength[^]*77[^]*99/);

  await destroy('Native');
  expect(await rooms()).toEqual([]);
});

test('a change of `provisioning` of a deployed room is refused, and changes nothing', async () => {
  const build = (provisioning: Provisioning): Build => (stack) =>
    ({ Room: new ChatRoom(stack, 'Room', { provisioning }).roomArn });
  const { Room: arn } = await deploy('Switched', build(CLOUDFORMATION));
  writes.length = 0;
  await expect(deploy('Switched', build(CUSTOM_RESOURCE))).rejects.toThrow(
    /Update of resource type is not permitted/);
  expect(writes).toEqual([]);
  expect(await rooms()).toEqual([arn]);
  await destroy('Switched');
});

test('a room and its logging configuration move to CloudFormation and back, and keep their settings', async () => {
  const destination = (stack: Stack) => LoggingDestination.cloudWatchLogs(
    stack.node.tryFindChild('LogGroup') as logs.LogGroup ?? logGroup(stack));
  const handlers = new Map<Stack, MessageReviewHandler>();
  const review = (stack: Stack) => {
    const handler = handlers.get(stack) ?? MessageReviewHandler.lambdaFunction(reviewFunction(stack));
    handlers.set(stack, handler);
    return handler;
  };
  const pair = (
    stack: Stack, id: string, provisioning: Provisioning, existing: { room?: string; logging?: string } = {},
  ) => {
    const existingLoggingConfiguration = existing.logging === undefined ? undefined
      : LoggingConfiguration.fromLoggingConfigurationArn(stack, `${id}ExistingLogging`, existing.logging);
    const existingRoom = existing.room === undefined ? undefined
      : ChatRoom.fromRoomArn(stack, `${id}ExistingRoom`, existing.room);
    const common = { provisioning, removalPolicy: RemovalPolicy.RETAIN };
    const loggingConfiguration = new LoggingConfiguration(stack, `${id}Logging`, {
      ...common, loggingConfigurationName: 'archive', destination: destination(stack), existingLoggingConfiguration,
    });
    const room = new ChatRoom(stack, `${id}Room`, {
      ...common,
      roomName: 'lobby',
      maximumMessageLength: 300,
      tags: { team: 'chat' },
      messageReviewHandler: review(stack),
      loggingConfigurations: [loggingConfiguration],
      existingRoom,
    });
    return { Room: room.roomArn, Logging: loggingConfiguration.loggingConfigurationArn };
  };

  // 1. The constructs of the custom resource are retained.
  const arns = await deploy('Moved', (stack) => pair(stack, 'Custom', CUSTOM_RESOURCE));
  const before = await getRoom(arns.Room);
  writes.length = 0;

  // 2. The native constructs are added and import the resources.
  const both: Build = (stack) => {
    const outputs = pair(stack, 'Custom', CUSTOM_RESOURCE);
    pair(stack, 'Native', CLOUDFORMATION);
    return outputs;
  };
  await importInto('Moved', both, { NativeRoom: arns.Room, NativeLogging: arns.Logging });

  // 3. The constructs of the custom resource are removed.
  const native: Build = (stack) => pair(stack, 'Native', CLOUDFORMATION);
  expect(await deploy('Moved', native)).toEqual(arns);
  expect(writes).toEqual([]);
  expect(await drift('Moved', native)).toMatch(/Tags[^]*cdk-ivs-chat:owner/);

  // 4. The tags of the library are removed.
  for (const resourceArn of Object.values<string>(arns)) {
    const tagKeys = Object.values(ownershipTags);
    await ivsChat.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  }
  expect(await drift('Moved', native)).toContain('No drift detected');

  // Back: the native constructs are retained already, and are removed. Then the custom resource adopts the resources.
  await deploy('Moved', (stack) => {
    reviewFunction(stack);
    logGroup(stack);
    return { Room: ChatRoom.fromRoomArn(stack, 'Imported', arns.Room).roomArn };
  });
  const back: Build = (stack) => pair(stack, 'Back', CUSTOM_RESOURCE, { room: arns.Room, logging: arns.Logging });
  expect(await deploy('Moved', back)).toEqual(arns);

  const after = await getRoom(arns.Room);
  const settingsOf = ({ tags, $metadata, updateTime, ...room }: typeof before) => ({ ...room, tags: userTags(tags) });
  expect(settingsOf(after)).toEqual(settingsOf(before));
  expect(await rooms()).toEqual([arns.Room]);
});
