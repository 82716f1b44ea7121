/** Rooms over several deployments, with the real CDK CLI, the bundled custom resource and the official SDK. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateRoomCommand, DeleteLoggingConfigurationCommand, DeleteRoomCommand, GetRoomCommand, IvschatClient,
  ListLoggingConfigurationsCommand, ListRoomsCommand, UntagResourceCommand, type GetRoomCommandOutput,
} from '@aws-sdk/client-ivschat';
import { CfnParameter, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AwsClient } from 'aws4fetch';
import { cdk } from '../../examples/live-chat/cdk-cli';
import { startLocal, type Local, type LocalOptions } from '../../local';
import type { Fault } from '../../local/ivs-chat/faults';
import {
  ChatRoom, ChatRoomProvider, LoggingConfiguration, LoggingDestination, MessageReviewHandler, type ChatRoomProps,
} from '../../src';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { deployStack, synthesizeStack, type Build } from '../deploy-stack';

jest.setTimeout(240_000);

const ACCOUNT = '123456789012';
const REGION = 'us-west-2';
const env = { account: ACCOUNT, region: REGION };
const folder = mkdtempSync(join(tmpdir(), 'cdk-ivs-chat-lifecycle-'));
const long = process.env.LONG_TESTS ? test : test.skip;

/** The outputs of a stack by name. They show the physical ids that CloudFormation has recorded. */
type Outputs = { readonly [output: string]: string };

/** The local services, the CDK CLI that deploys to them, and the official client. */
class World {
  static async start(options: LocalOptions = {}): Promise<World> {
    const world: World = new World(await startLocal({
      region: REGION,
      accountId: ACCOUNT,
      ivsChat: { onRequest: ({ operation, error }) => world.calls.push(error ? `${operation} ${error}` : operation) },
      log: (event) => {
        if (event.kind === 'function-output') world.output.push(event.line);
        if (event.kind === 'stack' && event.event.ResourceType === 'Custom::IVSChatRoom') {
          world.statuses.push(event.event.ResourceStatus);
        }
      },
      ...options,
    }));
    return world;
  }

  /** The operations of IVS Chat that were called, with the error if there was one. */
  readonly calls: string[] = [];
  /** The statuses of all rooms in the events of all stacks. */
  readonly statuses: string[] = [];
  /** The output of the functions. */
  readonly output: string[] = [];
  private readonly ivsChat: IvschatClient;
  private readonly aws: AwsClient;

  private constructor(readonly local: Local) {
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = local.environment;
    const credentials = { accessKeyId, secretAccessKey };
    this.ivsChat = new IvschatClient({ region: REGION, endpoint: local.controlPlane, credentials });
    this.aws = new AwsClient({ accessKeyId, secretAccessKey, region: REGION });
  }

  /** Deploys a stack. The default method has no change set, which makes the CLI a second faster. */
  async deploy(name: string, build: Build, options = ['--method=direct']): Promise<Outputs> {
    return deployStack(this.local, synthesizeStack(folder, name, env, build), options);
  }

  async destroy(name: string): Promise<void> {
    const { outdir } = synthesizeStack(folder, name, env, () => ({}));
    await cdk(['destroy', name, '--app', outdir, '--force'], this.local);
  }

  async cancelUpdate(StackName: string): Promise<void> {
    const { status } = await this.aws.fetch(this.local.deploy, {
      method: 'POST',
      aws: { service: 'cloudformation' },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ Action: 'CancelUpdateStack', Version: '2010-05-15', StackName }).toString(),
    });
    expect(status).toBe(200);
  }

  async inject(fault: Fault): Promise<void> {
    const { status } = await fetch(`${this.local.console}faults`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault),
    });
    expect(status).toBe(200);
  }

  async removeFaults(): Promise<void> {
    const { status } = await fetch(`${this.local.console}faults`, { method: 'DELETE' });
    expect(status).toBe(200);
  }

  createRoom(name: string): Promise<string> {
    return this.ivsChat.send(new CreateRoomCommand({ name, tags: { by: 'hand' } })).then(({ arn }) => arn!);
  }

  room(identifier: string): Promise<GetRoomCommandOutput> {
    return this.ivsChat.send(new GetRoomCommand({ identifier }));
  }

  async untag(resourceArn: string, tagKeys: string[]): Promise<void> {
    await this.ivsChat.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  }

  /** The ARNs of all rooms. */
  async rooms(): Promise<string[]> {
    return (await this.ivsChat.send(new ListRoomsCommand({}))).rooms!.map(({ arn }) => arn!);
  }

  /** The ARNs of all logging configurations. */
  async loggingConfigurations(): Promise<string[]> {
    const { loggingConfigurations } = await this.ivsChat.send(new ListLoggingConfigurationsCommand({}));
    return loggingConfigurations!.map(({ arn }) => arn!);
  }

  /** Deletes the resources that a test has retained. */
  async clear(): Promise<void> {
    await this.removeFaults();
    for (const identifier of await this.rooms()) await this.ivsChat.send(new DeleteRoomCommand({ identifier }));
    for (const identifier of await this.loggingConfigurations()) {
      await this.ivsChat.send(new DeleteLoggingConfigurationCommand({ identifier }));
    }
  }

  close(): Promise<void> {
    this.ivsChat.destroy();
    return this.local.close();
  }
}

/** A stack of one room. */
const oneRoom = (props: ChatRoomProps = {}): Build => (stack) => ({ Room: new ChatRoom(stack, 'Room', props).roomArn });

const libraryTags = ({ tags = {} }: GetRoomCommandOutput) =>
  Object.keys(tags).filter((key) => key.startsWith('cdk-ivs-chat:'));

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries++) {
    if (tries === 9000) throw new Error(`the condition was not met in time: ${isTrue}`);
    await sleep(20);
  }
}

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterEach(() => world.clear());

afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true });
});

describe('a room with the removal policy RETAIN', () => {
  const kept = (removalPolicy: RemovalPolicy, roomName?: string): Build => (stack) => {
    const destination = LoggingDestination.cloudWatchLogs(logGroup(stack));
    const logging = new LoggingConfiguration(stack, 'Logging', { destination, removalPolicy });
    const room = new ChatRoom(stack, 'Room', { roomName, loggingConfigurations: [logging], removalPolicy });
    return { Room: room.roomArn, Logging: logging.loggingConfigurationArn };
  };
  const withoutRoom: Build = (stack) => ({ LogGroup: logGroup(stack).logGroupName });
  const logGroup = (stack: Stack) => new logs.LogGroup(stack, 'LogGroup', { removalPolicy: RemovalPolicy.DESTROY });

  test('and its logging configuration are kept after each change of the construct and of the stack', async () => {
    const first = await world.deploy('Retained', kept(RemovalPolicy.RETAIN));
    await world.deploy('Retained', withoutRoom);
    expect(await world.rooms()).toEqual([first.Room]);
    expect(await world.loggingConfigurations()).toEqual([first.Logging]);

    const second = await world.deploy('Retained', kept(RemovalPolicy.RETAIN));
    expect(second.Room).not.toBe(first.Room);
    expect(second.Logging).not.toBe(first.Logging);
    expect((await world.rooms()).sort()).toEqual([first.Room, second.Room].sort());
    expect((await world.loggingConfigurations()).sort()).toEqual([first.Logging, second.Logging].sort());
    expect(await world.room(first.Room!)).toMatchObject({ loggingConfigurationIdentifiers: [first.Logging] });
    expect(await world.room(second.Room!)).toMatchObject({ loggingConfigurationIdentifiers: [second.Logging] });

    expect(await world.deploy('Retained', kept(RemovalPolicy.DESTROY, 'renamed'))).toEqual(second);
    expect(await world.room(second.Room!)).toMatchObject({ name: 'renamed' });
    const { name } = await world.room(first.Room!);
    expect(name).not.toBe('renamed');

    await world.destroy('Retained');
    expect(await world.rooms()).toEqual([first.Room]);
    expect(await world.loggingConfigurations()).toEqual([first.Logging]);
    expect(await world.room(first.Room!)).toMatchObject({ name, loggingConfigurationIdentifiers: [first.Logging] });
  });
});

/**
 * Deploys a stack without rollback. The create fails after the service has created the room, and the room cannot be
 * removed. Then deploys the stack again.
 */
async function retryFailedCreate(here: World, name: string, options: string[], verb = 'CREATE'): Promise<void> {
  here.statuses.length = 0;
  for (const operation of ['GetRoom', 'DeleteRoom']) await here.inject({ kind: 'expiredToken', operation });
  await expect(here.deploy(name, oneRoom(), options)).rejects.toThrow(/CREATE_FAILED/);
  await here.removeFaults();
  const abandoned = await here.rooms();
  expect(abandoned).toHaveLength(1);

  const { Room: recorded } = await here.deploy(name, oneRoom(), options);
  expect(here.statuses).toEqual([
    'CREATE_IN_PROGRESS', 'CREATE_FAILED', `${verb}_IN_PROGRESS`, `${verb}_IN_PROGRESS`, `${verb}_COMPLETE`,
    'DELETE_IN_PROGRESS', 'DELETE_COMPLETE',
  ]);
  expect(await here.rooms()).toEqual([recorded]);
  expect(abandoned).not.toContain(recorded);

  expect(await here.deploy(name, oneRoom({ maximumMessageLength: 77 }))).toEqual({ Room: recorded });
  expect(await here.rooms()).toEqual([recorded]);
  expect(await here.room(recorded!)).toMatchObject({ maximumMessageLength: 77 });
}

describe('a create that fails while rollback is disabled', () => {
  test('leaves one room after the next deployment with --no-rollback', async () => {
    await retryFailedCreate(world, 'NoRollback', ['--no-rollback', '--method=direct']);
  });

  long('leaves one room with --no-rollback if CloudFormation shows the retry as an update', async () => {
    const other = await World.start({ deploy: { retryStatus: 'UPDATE_IN_PROGRESS' } });
    try {
      await retryFailedCreate(other, 'NoRollback', ['--no-rollback', '--method=direct'], 'UPDATE');
    } finally {
      await other.close();
    }
  });

  long('leaves one room after the next deployment with --express', async () => {
    await retryFailedCreate(world, 'Express', ['--express']);
  });
});

test('a room that has lost its tags is updated and deleted', async () => {
  const build = (maximumMessageLength: number): Build => (stack) => {
    const room = (id: string, props: ChatRoomProps = {}) =>
      new ChatRoom(stack, id, { tags: { team: id }, ...props }).roomArn;
    return {
      Owner: room('Owner', { maximumMessageLength }),
      All: room('All', { maximumMessageLength }),
      Unchanged: room('Unchanged'),
    };
  };
  const arns = await world.deploy('Untagged', build(100));
  const { Owner = '', All = '', Unchanged = '' } = arns;
  await world.untag(Owner, [ownershipTags.owner]);
  await world.untag(All, libraryTags(await world.room(All)));
  await world.untag(Unchanged, libraryTags(await world.room(Unchanged)));

  expect(await world.deploy('Untagged', build(200))).toEqual(arns);
  for (const arn of [Owner, All]) {
    const room = await world.room(arn);
    expect(room).toMatchObject({ maximumMessageLength: 200 });
    expect(libraryTags(room)).toEqual(expect.arrayContaining([ownershipTags.owner, ownershipTags.createdBy]));
  }

  await world.untag(Owner, [ownershipTags.owner]);
  await world.destroy('Untagged');
  expect(await world.rooms()).toEqual([]);
});

describe('a room that was made by hand and is adopted', () => {
  test('is released by a rollback, adopted by the next deployment, and left in place by destroy', async () => {
    const [byDefault, retained] = [await world.createRoom('by-default'), await world.createRoom('retained')];
    const build = (isFailing: boolean): Build => (stack) => {
      const adopt = (id: string, arn: string, removalPolicy?: RemovalPolicy) => {
        const existingRoom = ChatRoom.fromRoomArn(stack, `${id}Existing`, arn);
        return new ChatRoom(stack, id, { existingRoom, maximumMessageLength: 50, removalPolicy });
      };
      const rooms = [
        adopt('Default', byDefault),
        adopt('Retained', retained, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE),
      ];
      if (isFailing) {
        // A token at synthesis. Only the custom resource sees that the name is invalid.
        const roomName = new CfnParameter(stack, 'Name', { default: 'a name with spaces' }).valueAsString;
        new ChatRoom(stack, 'Failing', { roomName }).node.addDependency(...rooms);
      }
      return { Default: rooms[0]!.roomArn, Retained: rooms[1]!.roomArn };
    };

    await expect(world.deploy('Adopting', build(true)))
      .rejects.toThrow(/Name must contain only letters, digits, hyphens and underscores/);
    expect((await world.rooms()).sort()).toEqual([byDefault, retained].sort());
    for (const arn of [byDefault, retained]) expect((await world.room(arn)).tags).toEqual({ by: 'hand' });

    expect(await world.deploy('Adopting', build(false))).toEqual({ Default: byDefault, Retained: retained });
    for (const arn of [byDefault, retained]) {
      const room = await world.room(arn);
      expect(room).toMatchObject({ maximumMessageLength: 50, tags: { by: 'hand' } });
      expect(libraryTags(room)).toContain(ownershipTags.owner);
    }

    await world.destroy('Adopting');
    expect((await world.rooms()).sort()).toEqual([byDefault, retained].sort());
    expect((await world.room(byDefault)).tags).toEqual({ by: 'hand' });
    // CloudFormation has skipped the delete of this room.
    expect(libraryTags(await world.room(retained))).toContain(ownershipTags.owner);
  });
});

describe('an update that is canceled while the service refuses it', () => {
  /** Two rooms. They are created at the same time, so a second instance of the provider is ready for the rollback. */
  const twoRooms = (props: ChatRoomProps = {}): Build => (stack) => {
    new ChatRoom(stack, 'Other');
    return oneRoom({ maximumMessageLength: 200, ...props })(stack);
  };

  /** Cancels the update, and lets the canceled invocation continue after the rollback. The old settings are kept. */
  async function cancel(here: World, fault: Fault, update: Build): Promise<void> {
    const { Room: arn = '' } = await here.deploy('Canceled', twoRooms());
    const before = await here.room(arn);
    await here.inject(fault);
    here.calls.length = 0;
    here.output.length = 0;
    const outcome = here.deploy('Canceled', update).then(() => 'deployed', String);
    await until(() => here.calls.some((call) => call.startsWith('UpdateRoom ')));
    await here.cancelUpdate('Canceled');
    await until(() => invocations(here).includes('Update SUCCESS'));
    await here.removeFaults();
    expect(await outcome).toMatch(/Resource update cancelled/);
    await until(() => invocations(here).length === 2);
    expect(invocations(here).sort()).toEqual(['Update FAILED', 'Update SUCCESS']);
    const { tags, updateTime, $metadata, ...settings } = await here.room(arn);
    expect(before).toMatchObject(settings);
  }

  /** The results of the invocations. */
  const invocations = (here: World) =>
    here.output.flatMap((line) => /"message":"(Update (?:FAILED|SUCCESS))"/.exec(line)?.[1] ?? []);

  test('is rolled back to the old settings, which the end of the canceled invocation does not change', async () => {
    await cancel(world, { kind: 'throttle', operation: 'UpdateRoom' }, twoRooms({ maximumMessageLength: 100 }));
  });

  long('is rolled back to the old settings with the delays of AWS if the review function is refused', async () => {
    const other = await World.start({ deploy: { functionEnvironment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '1' } } });
    try {
      await cancel(other, { kind: 'permissionNotPropagated', operation: 'UpdateRoom' }, (stack) => {
        const review = new lambda.Function(stack, 'Review', {
          runtime: lambda.Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: lambda.Code.fromInline('exports.handler = async () => {}'),
        });
        const messageReviewHandler = MessageReviewHandler.lambdaFunction(review);
        return twoRooms({ maximumMessageLength: 100, messageReviewHandler })(stack);
      });
    } finally {
      await other.close();
    }
  });
});

// A shorter version of this test is in test/src/deployment.test.ts.
long('a room moves to another construct in three deployments, and a move in one deployment is refused', async () => {
  const logGroup: Build = (stack) => {
    const { logGroupName } = new logs.LogGroup(stack, 'LogGroup', { removalPolicy: RemovalPolicy.DESTROY });
    return { Group: logGroupName };
  };
  const before: Build = (stack) => {
    const { roomArn } = new ChatRoom(stack, 'Before', { removalPolicy: RemovalPolicy.RETAIN });
    return { Room: roomArn };
  };
  const { Room: arn = '' } = await world.deploy('Moved', before);
  const after = (maximumMessageLength: number): Build => (stack) => {
    const existingRoom = ChatRoom.fromRoomArn(stack, 'Existing', arn);
    return { ...logGroup(stack), Room: new ChatRoom(stack, 'After', { existingRoom, maximumMessageLength }).roomArn };
  };
  const { tags } = await world.room(arn);
  await expect(world.deploy('Moved', after(60))).rejects.toThrow(/belongs to the resource Before/);
  expect(await world.room(arn)).toMatchObject({ maximumMessageLength: 500, tags });

  await world.deploy('Moved', logGroup);
  expect(await world.deploy('Moved', after(60))).toMatchObject({ Room: arn });
  expect(await world.deploy('Moved', after(70))).toMatchObject({ Room: arn });
  expect(await world.rooms()).toEqual([arn]);
  expect(await world.room(arn)).toMatchObject({ maximumMessageLength: 70 });
});

test('a new version of the code of the provider changes no room', async () => {
  const build = (version?: number): Build => (stack) => {
    const outputs = oneRoom({ tags: { team: 'chat' } })(stack);
    if (version === undefined) return outputs;
    const code = mkdtempSync(join(folder, 'code-'));
    cpSync(join(__dirname, '..', '..', 'assets', 'custom-resource'), code, { recursive: true });
    writeFileSync(join(code, 'version.txt'), String(version));
    const asset = new Asset(stack, 'NewerCode', { path: code });
    const isFunction = (construct: unknown) => construct instanceof lambda.CfnFunction;
    const provider = stack.node.findAll().find(isFunction) as lambda.CfnFunction;
    provider.code = { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey };
    return outputs;
  };
  const outputs = await world.deploy('Replayed', build());
  world.calls.length = 0;
  expect(await world.deploy('Replayed', build(2))).toEqual(outputs);
  expect(world.calls.filter((call) => /^(Create|Update|Delete|Tag|Untag)/.test(call))).toEqual([]);
  expect(await world.rooms()).toEqual([outputs.Room]);
});

long('options of the provider function change nothing in the service, and the function works with them', async () => {
  const build = (isConfigured: boolean, tags: { [key: string]: string }): Build => (stack) => {
    if (isConfigured) {
      ChatRoomProvider.configure(stack, {
        memorySize: 512,
        architecture: lambda.Architecture.X86_64,
        reservedConcurrentExecutions: 2,
        deadLetterQueue: new sqs.Queue(stack, 'Queue'),
        tracing: lambda.Tracing.ACTIVE,
        logRetention: logs.RetentionDays.ONE_YEAR,
        logEncryptionKey: new kms.Key(stack, 'Key'),
        rolePath: '/platform/',
        vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
          vpcId: 'vpc-1', availabilityZones: [`${REGION}a`], privateSubnetIds: ['subnet-1'],
        }),
        securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'SecurityGroup', 'sg-1')],
      });
    }
    return oneRoom({ tags })(stack);
  };
  const outputs = await world.deploy('Configured', build(false, { team: 'chat' }));
  for (const isConfigured of [true, false]) {
    world.calls.length = 0;
    expect(await world.deploy('Configured', build(isConfigured, { team: 'chat' }))).toEqual(outputs);
    expect(world.calls).toEqual([]);
  }

  const tags = { team: 'platform' };
  expect(await world.deploy('Configured', build(true, tags))).toEqual(outputs);
  expect(await world.room(outputs.Room!)).toMatchObject({ tags });
  expect(await world.rooms()).toEqual([outputs.Room]);
});
