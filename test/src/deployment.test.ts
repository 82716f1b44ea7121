/** Deploys the constructs with the CDK CLI to the local services. The provider has the permissions of its role. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateChatTokenCommand, CreateRoomCommand, DeleteRoomCommand, GetLoggingConfigurationCommand, GetRoomCommand,
  IvschatClient,
  ListLoggingConfigurationsCommand, ListRoomsCommand,
} from '@aws-sdk/client-ivschat';
import { App, CfnOutput, RemovalPolicy, Stack, type CfnResource } from 'aws-cdk-lib';
import { CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { AwsClient } from 'aws4fetch';
import { cdk } from '../../examples/live-chat/cdk-cli';
import { enterRoom } from '../../examples/live-chat/enter-room';
import { startLocal, type Local } from '../../local';
import { ChatRoom, LoggingConfiguration, LoggingDestination, MessageReviewHandler } from '../../src';

jest.setTimeout(120_000);

const ACCOUNT = '123456789012';
const REGION = 'us-west-2';
const ELSEWHERE = 'eu-west-1';
const folder = mkdtempSync(join(tmpdir(), 'cdk-ivs-chat-deployment-'));
let local: Local;
const clients: { [region: string]: IvschatClient } = {};
let adopted: string;
/** The actions that the providers used, and the actions that their policies allow. */
const used = new Set<string>();
const granted = new Set<string>();

interface Outputs {
  [output: string]: string;
}

/** Synthesizes and deploys a stack, and returns its outputs. */
async function deploy(name: string, build: (stack: Stack) => Outputs): Promise<Outputs> {
  const outdir = mkdtempSync(join(folder, 'assembly-'));
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, name, { env: { account: ACCOUNT, region: REGION } });
  for (const [output, value] of Object.entries(build(stack))) {
    new CfnOutput(stack, `Output${output}`, { value }).overrideLogicalId(output);
  }
  for (const { Properties } of Object.values<any>(app.synth().getStackByName(name).template.Resources)) {
    const actions = (Properties?.PolicyDocument?.Statement ?? []).flatMap(({ Action }: { Action: string }) => Action);
    for (const action of actions) if (action.startsWith('ivschat:')) granted.add(action);
  }
  const outputs = join(outdir, 'outputs.json');
  await cdk([
    'deploy', name, '--app', outdir, '--require-approval', 'never', '--progress', 'events', '--outputs-file', outputs,
  ], { environment: local.environment });
  return JSON.parse(readFileSync(outputs, 'utf8'))[name] ?? {};
}

async function destroy(name: string): Promise<void> {
  const outdir = mkdtempSync(join(folder, 'assembly-'));
  const app = new App({ outdir, analyticsReporting: false });
  new Stack(app, name, { env: { account: ACCOUNT, region: REGION } });
  app.synth();
  await cdk(['destroy', name, '--app', outdir, '--force'], { environment: local.environment });
}

const roomOf = (identifier: string, region = REGION) => clients[region]!.send(new GetRoomCommand({ identifier }));
const loggingOf = (identifier: string) => clients[REGION]!.send(new GetLoggingConfigurationCommand({ identifier }));
const mine = (tags: Record<string, string> = {}) => Object.fromEntries(
  Object.entries(tags).filter(([key]) => !key.startsWith('cdk-ivs-chat:')),
);

function everything(stack: Stack) {
  const review = new lambda.Function(stack, 'Review', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(`exports.handler = async ({ Content }) => Content.includes("rude")
      ? { ReviewResult: "DENY", Content, Attributes: { Reason: "too rude" } }
      : { ReviewResult: "ALLOW", Content: Content.toUpperCase() }`),
  });
  const [toBucket, toLogGroup, toStream] = [
    LoggingDestination.s3(new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY })),
    LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup', { removalPolicy: RemovalPolicy.DESTROY })),
    LoggingDestination.firehose(new firehose.CfnDeliveryStream(stack, 'Stream')),
  ].map(
    (destination, index) => new LoggingConfiguration(stack, `Logging${index}`, { destination, tags: { team: 'chat' } }),
  );
  const lobby = new ChatRoom(stack, 'Lobby', {
    maximumMessageLength: 300,
    maximumMessageRatePerSecond: 100,
    messageReviewHandler: MessageReviewHandler.lambdaFunction(review),
    loggingConfigurations: [toBucket!, toLogGroup!, toStream!],
    tags: { team: 'chat', stage: 'test' },
  });
  const elsewhere = new ChatRoom(stack, 'Elsewhere', { region: ELSEWHERE });
  const existing = new ChatRoom(stack, 'Adopted', {
    existingRoom: ChatRoom.fromRoomArn(stack, 'Existing', adopted),
    maximumMessageLength: 77,
  });
  return {
    Lobby: lobby.roomArn,
    LobbyName: lobby.roomName,
    Native: new CfnRoom(stack, 'Native', {
      name: 'native',
      loggingConfigurationIdentifiers: [toStream!.loggingConfigurationArn],
    }).attrArn,
    Elsewhere: elsewhere.roomArn,
    Adopted: existing.roomArn,
    AdoptedName: existing.roomName,
    ToBucket: toBucket!.loggingConfigurationArn,
    ToLogGroup: toLogGroup!.loggingConfigurationArn,
    ToStream: toStream!.loggingConfigurationArn,
    Review: review.functionArn,
  };
}

beforeAll(async () => {
  local = await startLocal({
    region: REGION,
    accountId: ACCOUNT,
    ivsChat: {
      logDelayMilliseconds: 100,
      onRequest: ({ operation, caller, error }) => {
        if (caller?.includes('IvsChatControlPlaneProvider') && !error) used.add(`ivschat:${operation}`);
      },
    },
  });
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = local.environment;
  for (const region of [REGION, ELSEWHERE]) {
    clients[region] = new IvschatClient({
      region,
      endpoint: local.controlPlane,
      credentials: { accessKeyId, secretAccessKey },
    });
  }
  adopted = (await clients[REGION]!.send(new CreateRoomCommand({ name: 'made-by-hand', tags: { by: 'hand' } }))).arn!;
});

afterAll(async () => {
  Object.values(clients).forEach((client) => client.destroy());
  await local?.close();
  rmSync(folder, { recursive: true });
});

let outputs: { [output: string]: string };

test('a deployment creates all resources with their properties', async () => {
  outputs = await deploy('Chat', everything);
  expect(await roomOf(outputs.Lobby!)).toMatchObject({
    name: outputs.LobbyName,
    maximumMessageLength: 300,
    maximumMessageRatePerSecond: 100,
    messageReviewHandler: { uri: outputs.Review, fallbackResult: 'DENY' },
    loggingConfigurationIdentifiers: [outputs.ToBucket, outputs.ToLogGroup, outputs.ToStream],
  });
  expect(mine((await roomOf(outputs.Lobby!)).tags)).toEqual({ team: 'chat', stage: 'test' });
  expect(await loggingOf(outputs.ToBucket!))
    .toMatchObject({ state: 'ACTIVE', destinationConfiguration: { s3: { bucketName: expect.any(String) } } });
  expect(await loggingOf(outputs.ToLogGroup!))
    .toMatchObject({ destinationConfiguration: { cloudWatchLogs: { logGroupName: expect.any(String) } } });
  expect(await loggingOf(outputs.ToStream!))
    .toMatchObject({ destinationConfiguration: { firehose: { deliveryStreamName: expect.any(String) } } });
  for (const arn of [outputs.ToLogGroup!, outputs.ToStream!]) {
    expect(await loggingOf(arn)).toMatchObject({ state: 'ACTIVE' });
  }
  expect(await roomOf(outputs.Native!))
    .toMatchObject({ name: 'native', loggingConfigurationIdentifiers: [outputs.ToStream] });
});

test('the deployed function reviews messages', async () => {
  const room = await enterRoom(local.messaging, async () => {
    const request = new CreateChatTokenCommand({
      roomIdentifier: outputs.Lobby,
      userId: 'ada',
      capabilities: ['SEND_MESSAGE'],
    });
    const { token, sessionExpirationTime, tokenExpirationTime } = await clients[REGION]!.send(request);
    return { token: token!, sessionExpirationTime: sessionExpirationTime!, tokenExpirationTime: tokenExpirationTime! };
  });
  try {
    // The service waits 200 ms. A cold start takes longer, so the service rejects the first messages.
    let sent;
    for (let attempt = 0; attempt < 20 && !sent; attempt++) {
      sent = await room.sendMessage(new SendMessageRequest('good evening')).catch((error) => {
        expect(error).toMatchObject({ errorCode: 406 });
        return undefined;
      });
    }
    expect(sent).toMatchObject({ content: 'GOOD EVENING' });
    await expect(room.sendMessage(new SendMessageRequest('something rude'))).rejects.toMatchObject({
      errorCode: 406, errorMessage: expect.stringContaining('too rude'),
    });
  } finally {
    room.disconnect();
  }
});

test('messages are logged to the log group and the bucket of the stack', async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = local.environment;
  const aws = new AwsClient({ accessKeyId, secretAccessKey, region: REGION });
  const [toLogGroup, toBucket] = await Promise.all([outputs.ToLogGroup!, outputs.ToBucket!].map(loggingOf));
  const { logGroupName } = toLogGroup!.destinationConfiguration!.cloudWatchLogs!;
  const events = async () => {
    const response = await aws.fetch(local.deploy, {
      method: 'POST',
      aws: { service: 'logs' },
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
      body: JSON.stringify({ logGroupName }),
    });
    return (await response.json() as { events: { logStreamName: string; message: string }[] }).events;
  };
  let logged: Awaited<ReturnType<typeof events>> = [];
  for (let tries = 0; tries < 100 && logged.length === 0; tries++) {
    await sleep(100); // The service collects log events before it delivers them.
    logged = await events();
  }
  const id = outputs.Lobby!.split('/')[1];
  expect(logged[0]!.logStreamName).toBe(`aws/IVSChatLogs/1.0/room_${id}`);
  expect(JSON.parse(logged[0]!.message)).toMatchObject({
    type: 'MESSAGE',
    version: '1.0',
    payload: { Content: 'GOOD EVENING', Sender: { UserId: 'ada' } },
  });

  const listed = await aws.fetch(
    `${local.deploy}/${toBucket!.destinationConfiguration!.s3!.bucketName}?list-type=2`, { aws: { service: 's3' } },
  );
  expect(await listed.text()).toMatch(new RegExp(
    `AWSLogs/${ACCOUNT}/IVSChatLogs/1.0/${REGION}/room_${id}/[0-9/]+/${ACCOUNT}_IVSChatLogs_1.0_.*\\.log\\.gz`,
  ));
});

test('a room is created in its Region', async () => {
  expect(outputs.Elsewhere).toMatch(`arn:aws:ivschat:${ELSEWHERE}:${ACCOUNT}:room/`);
  expect(await roomOf(outputs.Elsewhere!, ELSEWHERE))
    .toMatchObject({ maximumMessageLength: 500, maximumMessageRatePerSecond: 10 });
});

test('an adopted room keeps its ARN and its name, and has the properties of the stack', async () => {
  expect(outputs).toMatchObject({ Adopted: adopted, AdoptedName: 'made-by-hand' });
  const { name, maximumMessageLength, tags } = await roomOf(adopted);
  expect({ name, maximumMessageLength }).toEqual({ name: 'made-by-hand', maximumMessageLength: 77 });
  expect(Object.keys(tags!)).toContain('cdk-ivs-chat:owner');
});

test('a stack cannot adopt a room that another stack owns', async () => {
  await expect(deploy('Thief', (stack) => {
    new ChatRoom(stack, 'Stolen', {
      existingRoom: ChatRoom.fromRoomArn(stack, 'Existing', outputs.Lobby!),
      maximumMessageLength: 1,
    });
    return {};
  })).rejects.toThrow(/another stack|owned|owns/);
  expect(await roomOf(outputs.Lobby!)).toMatchObject({ maximumMessageLength: 300 });
});

test('a change of the Region fails and is rolled back', async () => {
  await expect(deploy('Chat', (stack) => {
    const all = everything(stack);
    const resource = stack.node.findChild('Elsewhere').node.defaultChild as CfnResource;
    resource.addPropertyOverride('Region', 'us-east-1');
    return all;
  })).rejects.toThrow(/room\/[a-zA-Z0-9]{12}.* of this account .*us-east-1/s);
  expect(await roomOf(outputs.Elsewhere!, ELSEWHERE)).toMatchObject({ maximumMessageLength: 500 });
  expect(await roomOf(outputs.Lobby!)).toMatchObject({ maximumMessageLength: 300 });
});

test('removed properties return to the defaults of the service, and the ARN stays the same', async () => {
  const before = outputs;
  outputs = await deploy('Chat', (stack) => {
    const logGroup = new logs.LogGroup(stack, 'LogGroup', { removalPolicy: RemovalPolicy.DESTROY });
    const logging = new LoggingConfiguration(
      stack, 'Logging0', { destination: LoggingDestination.cloudWatchLogs(logGroup) },
    );
    const lobby = new ChatRoom(stack, 'Lobby', { tags: { stage: 'production' } });
    const existing = new ChatRoom(stack, 'Adopted', { existingRoom: ChatRoom.fromRoomArn(stack, 'Existing', adopted) });
    return { Lobby: lobby.roomArn, Logging: logging.loggingConfigurationArn, Adopted: existing.roomArn };
  });
  expect(outputs).toEqual({ Lobby: before.Lobby, Logging: before.ToBucket, Adopted: adopted });
  const lobby = await roomOf(outputs.Lobby!);
  const {
    maximumMessageLength,
    maximumMessageRatePerSecond,
    messageReviewHandler,
    loggingConfigurationIdentifiers,
    tags,
  } = lobby;
  expect({ maximumMessageLength, maximumMessageRatePerSecond, tags: mine(tags) }).toEqual({
    maximumMessageLength: 500, maximumMessageRatePerSecond: 10, tags: { stage: 'production' },
  });
  expect([messageReviewHandler?.uri ?? '', loggingConfigurationIdentifiers ?? []]).toEqual(['', []]);
  expect(await loggingOf(outputs.Logging!))
    .toMatchObject({ destinationConfiguration: { cloudWatchLogs: { logGroupName: expect.any(String) } } });
  expect((await clients[REGION]!.send(new ListLoggingConfigurationsCommand({}))).loggingConfigurations).toHaveLength(1);
  // The last room of a Region is deleted even though CloudFormation updates the policy of the provider first.
  expect((await clients[ELSEWHERE]!.send(new ListRoomsCommand({}))).rooms).toEqual([]);
});

test('the deletion of the stack deletes all its resources and releases the adopted room', async () => {
  await destroy('Chat');
  expect((await clients[REGION]!.send(new ListRoomsCommand({}))).rooms!.map(({ arn }) => arn)).toEqual([adopted]);
  expect((await clients[REGION]!.send(new ListLoggingConfigurationsCommand({}))).loggingConfigurations).toEqual([]);
  expect((await roomOf(adopted)).tags).toEqual({ by: 'hand' });
  await clients[REGION]!.send(new DeleteRoomCommand({ identifier: adopted }));
});

test('a room can be moved to another construct of the stack, which never deletes it', async () => {
  const other = (stack: Stack) => ({ Other: new ChatRoom(stack, 'Other').roomArn });
  const { Room: arn } = await deploy('Move', (stack) => {
    const room = new ChatRoom(stack, 'Lobby', { removalPolicy: RemovalPolicy.RETAIN, maximumMessageLength: 100 });
    return { ...other(stack), Room: room.roomArn };
  });
  const owner = (await roomOf(arn!)).tags!['cdk-ivs-chat:owner'];
  await deploy('Move', other);
  const moved = await deploy('Move', (stack) => {
    const existingRoom = ChatRoom.fromRoomArn(stack, 'Existing', arn!);
    return { ...other(stack), Room: new ChatRoom(stack, 'Hall', { existingRoom, maximumMessageLength: 200 }).roomArn };
  });
  expect(moved.Room).toBe(arn);
  const { maximumMessageLength, tags } = await roomOf(arn!);
  expect(maximumMessageLength).toBe(200);
  expect(tags!['cdk-ivs-chat:owner']).not.toBe(owner);

  await destroy('Move');
  expect(Object.keys((await roomOf(arn!)).tags ?? {})).toEqual([]);
  await clients[REGION]!.send(new DeleteRoomCommand({ identifier: arn }));
});

test('the provider uses all actions that its policies allow', () => {
  expect([...used].sort()).toEqual([...granted].sort());
  expect(used).toContain('ivschat:UntagResource');
});
