import http from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { AwsClient } from 'aws4fetch';
import { startLocal, type Local } from '../../local/start-local';
import type { DeployEvent } from '../../local/aws/deploy-event';
import type { ConsoleUpdate } from '../../local/ivs-chat/console/console-update';
import { LambdaFunctions } from '../../local/aws/lambda/lambda-functions';
import type { LocalDeploy } from '../../local/aws/start-local-deploy';
import { createStack, inlineFunction, signedClient } from './aws/signed-client';
import { reviewedRoom } from './reviewed-room';
import { Identities } from '../../local/aws/http/identities';
import { VirtualClock } from '../../local/clock';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'a-secret-access-key' };
let local: Local;
/** The deployment endpoint, for a client with the credentials of the administrator. */
let deploy: LocalDeploy;
beforeAll(async () => {
  local = await startLocal({ credentials });
  const identities = new Identities(undefined, credentials);
  deploy = { endpoint: local.deploy, region: 'us-west-2', identities } as LocalDeploy;
});
afterAll(() => local.close());

/** Reads the console until an update satisfies the condition. */
async function consoleUpdate(isWanted: (update: ConsoleUpdate) => boolean): Promise<ConsoleUpdate> {
  const response = await fetch(`${local.console}events`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    text += (await reader.read()).value;
    const events = text.split('\n\n');
    text = events.pop()!;
    const found = events.map((event) => JSON.parse(event.slice('data: '.length)) as ConsoleUpdate).find(isWanted);
    if (!found) continue;
    await reader.cancel();
    return found;
  }
}

/** Calls an operation as the console does. */
const call = async (operation: string, input: object) => (await fetch(`${local.console}call`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ operation, input }),
})).json() as Promise<any>;

test('the console shows the stacks of the deployment endpoint and the masked output of their functions', async () => {
  const source = `exports.handler = async (event) => {
    if (event.Content === 'fail') throw new Error('no');
    console.log('review of', event.Content, process.env);
  };`;
  const Outputs = { RoomArn: { Value: { Ref: 'Room' } } };
  expect(await createStack(deploy, 'Chat', reviewedRoom(source, 'ALLOW'), { Outputs })).toBe('CREATE_COMPLETE');

  const { parts } = await consoleUpdate(({ parts: { stacks } }) => stacks?.[0]?.status === 'CREATE_COMPLETE');
  const [stack] = parts.stacks!;
  const room = parts.rooms![0]!.arn;
  expect(stack).toMatchObject({ name: 'Chat', outputs: [{ name: 'RoomArn', value: room }] });
  expect(stack!.resources).toContainEqual({
    logicalId: 'Room', physicalId: room, type: 'AWS::IVSChat::Room', status: 'CREATE_COMPLETE',
  });
  expect(stack!.events.map(({ logicalId, status }) => `${logicalId} ${status}`)).toEqual(expect.arrayContaining([
    'Chat CREATE_COMPLETE', 'Function CREATE_COMPLETE',
  ]));

  const input = { roomIdentifier: room, userId: 'ada', capabilities: ['SEND_MESSAGE'] };
  const { token } = await call('CreateChatToken', input);
  const socket = new WebSocket(local.messaging, token);
  socket.onopen = () => socket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content: 'hello' }));
  const isReview = ({ message }: { message: string }) => message.includes('review of hello');
  const printed = await consoleUpdate(({ logLines }) => logLines.some(isReview));
  const hasFailed = async () => {
    const { requests } = await (await fetch(`${local.console}state`)).json() as { requests: { error?: string }[] };
    return requests.some(({ error }) => error === 'ReviewFailed');
  };
  // On a busy machine, a review can take too long.
  while (!await hasFailed()) {
    const answered = new Promise((resolve) => (socket.onmessage = resolve));
    socket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content: 'fail' }));
    await answered;
  }
  socket.close();
  const reviewed = await consoleUpdate((update) => update.requests.some(({ error }) => error === 'ReviewFailed'));
  const reasons = reviewed.requests.filter(({ error }) => error === 'ReviewFailed').map(({ message }) => message);
  expect(reasons).toContain('the function failed: Unhandled');
  const line = printed.logLines.find(isReview)!;
  expect(line.logGroupName).toBe('/aws/lambda/review');
  expect(JSON.stringify(printed)).toContain('AWS_SECRET_ACCESS_KEY');
  expect(JSON.stringify(printed)).not.toMatch(/AWS_SECRET_ACCESS_KEY: '[^•]/);
}, 60_000);

test('GetTemplateSummary names the resources that cdk import can import, with their identifier', async () => {
  const TemplateBody = JSON.stringify({
    Resources: { Lobby: { Type: 'AWS::IVSChat::Room' }, Queue: { Type: 'AWS::SQS::Queue' } },
  });
  const { text } = await signedClient(deploy).query('cloudformation', 'GetTemplateSummary', { TemplateBody });
  const summaries = /<ResourceIdentifierSummaries>([^]*)<\/ResourceIdentifierSummaries>/.exec(text)![1]!;
  expect(summaries.replace(/<\/?(\w+)>/g, ' $1 ').match(/AWS::\S+|Lobby|Queue|Arn/g)).toEqual([
    'AWS::IVSChat::Room', 'Lobby', 'Arn',
  ]);
});

describe('with its own options', () => {
  const accountId = '210987654321';
  const events: DeployEvent[] = [];
  const operations: string[] = [];
  const logged = { putObject: jest.fn(), putLogEvents: jest.fn(), putRecordBatch: jest.fn() };
  const ownType = { create: () => ({ physicalId: 'own' }) };
  let own: Local;
  let ownDeploy: LocalDeploy;
  let room: string;
  beforeAll(async () => {
    own = await startLocal({
      region: 'eu-west-1',
      accountId,
      credentials,
      log: (event) => events.push(event),
      verifySignatures: false,
      ivsChat: {
        logDelayMilliseconds: 1,
        logDestinations: logged,
        onRequest: ({ operation }) => void operations.push(operation),
      },
      deploy: { functionEnvironment: { OWN: '1' }, resourceTypes: { 'Own::Type::One': ownType } },
    });
    const identities = new Identities(accountId, credentials);
    ownDeploy = { endpoint: own.deploy, region: 'eu-west-1', identities } as LocalDeploy;
    const configuration = (Name: string, DestinationConfiguration: object) =>
      ({ Type: 'AWS::IVSChat::LoggingConfiguration', Properties: { Name, DestinationConfiguration } });
    const resources = {
      ...inlineFunction('exports.handler = async () => process.env'),
      Own: { Type: 'Own::Type::One' },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'chat-logs' } },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/chat' } },
      ToBucket: configuration('to-bucket', { S3: { BucketName: { Ref: 'Bucket' } } }),
      ToGroup: configuration('to-group', { CloudWatchLogs: { LogGroupName: { Ref: 'Group' } } }),
      ToStream: configuration('to-stream', { Firehose: { DeliveryStreamName: 'chat' } }),
      Room: {
        Type: 'AWS::IVSChat::Room',
        Properties: {
          LoggingConfigurationIdentifiers: [{ Ref: 'ToBucket' }, { Ref: 'ToGroup' }, { Ref: 'ToStream' }],
        },
      },
    };
    const Outputs = { Own: { Value: { Ref: 'Own' } }, Room: { Value: { Ref: 'Room' } } };
    expect(await createStack(ownDeploy, 'Chat', resources, { Outputs })).toBe('CREATE_COMPLETE');
    const { text } = await signedClient(ownDeploy).query('cloudformation', 'DescribeStacks', { StackName: 'Chat' });
    const outputs = text.matchAll(/<OutputKey>(\w+)<\/OutputKey><OutputValue>([^<]+)</g);
    const { Own, Room } = Object.fromEntries([...outputs].map(([, name, value]) => [name, value]));
    expect(Own).toBe('own');
    room = Room;
  });
  afterAll(() => own.close());

  const ivsChat = async (path: string, input: object, keys = credentials) => {
    const client = new AwsClient({ ...keys, region: 'eu-west-1', service: 'ivschat', retries: 0 });
    const response = await client.fetch(`${own.controlPlane}/${path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input),
    });
    return { status: response.status, body: await response.json() as any };
  };

  test('both services have the Region, the account and the addresses of the other one', async () => {
    expect(own).toEqual({
      controlPlane: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      messaging: own.controlPlane.replace('http', 'ws'),
      console: expect.stringContaining(`${own.controlPlane}/_local/`),
      deploy: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      issuer: expect.stringContaining(`${own.deploy}/`),
      issueToken: expect.any(Function),
      environment: {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_REGION: 'eu-west-1',
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ENDPOINT_URL: own.deploy,
        AWS_ENDPOINT_URL_IVSCHAT: own.controlPlane,
        CDK_DEFAULT_ACCOUNT: accountId,
        CDK_DEFAULT_REGION: 'eu-west-1',
      },
      close: expect.any(Function),
    });
    expect(own.deploy).not.toBe(own.controlPlane);
    expect(room).toMatch(`arn:aws:ivschat:eu-west-1:${accountId}:room/`);
    const [, payload] = (await own.issueToken({ sub: 'ada' })).split('.');
    expect(JSON.parse(Buffer.from(payload!, 'base64url').toString())).toMatchObject({ sub: 'ada', iss: own.issuer });
  });

  test('functions have the endpoints, and additional variables', async () => {
    const path = '/2015-03-31/functions/the-function/invocations';
    const response = await signedClient(ownDeploy).send('lambda', path, { method: 'POST' });
    expect(await response.json()).toMatchObject({
      OWN: '1',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: own.deploy,
      AWS_ENDPOINT_URL_IVSCHAT: own.controlPlane,
      IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0',
    });
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['stack', 'function-output', 'request']));
    expect(events).toContainEqual({
      kind: 'function-output', functionName: 'the-function', line: expect.stringMatching(/^REPORT /),
    });
  });

  test('without verified signatures, both services accept other credentials', async () => {
    const other = { accessKeyId: 'other', secretAccessKey: 'other' };
    expect(await ivsChat('ListRooms', {}, other)).toMatchObject({ status: 200, body: { rooms: [{ arn: room }] } });
    expect(operations).toContain('ListRooms');
    const identity = { ...ownDeploy.identities.administrator, ...other };
    const { text } = await signedClient(ownDeploy, identity).query('sts', 'GetCallerIdentity');
    expect(text).toContain(`arn:aws:iam::${accountId}:user/local`);
  });

  test('chat logs go to the bucket and the log group of the stack, even if the own destinations fail', async () => {
    const { body } = await ivsChat('CreateChatToken', {
      roomIdentifier: room, userId: 'ada', capabilities: ['SEND_MESSAGE'],
    });
    const destinations = [logged.putObject, logged.putLogEvents, logged.putRecordBatch];
    const written = Promise.all(destinations.map((destination) =>
      new Promise((resolve) => destination.mockImplementation((...values) => {
        resolve(values);
        throw new Error('full');
      }))));
    const socket = new WebSocket(own.messaging, body.token);
    socket.onopen = () => socket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content: 'hello' }));
    const [[bucket, key, object], [group, stream, records], [deliveryStream]] =
      await written as [[string, string, Uint8Array], any[], any[]];
    socket.close();
    const stored = await signedClient(ownDeploy).send('s3', `/${bucket}/${key}`);
    expect([bucket, Buffer.from(await stored.arrayBuffer())]).toEqual(['chat-logs', Buffer.from(object)]);
    const { json } = signedClient(ownDeploy);
    const input = { logGroupName: group, logStreamNames: [stream] };
    const { events: found } = (await json('logs', 'Logs_20140328.FilterLogEvents', input)).body;
    const containing = expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('hello') })]);
    expect([group, found, records]).toEqual(['/chat', containing, containing]);
    expect(deliveryStream).toBe('chat');
  });
});

test('a room needs a function that exists and permits the room to invoke it', async () => {
  const uri = (name: string) => `arn:aws:lambda:us-west-2:123456789012:function:${name}`;
  const refusal = {
    code: 'ValidationException',
    message: 'Request member: uri failed to satisfy the constraints: invalid lambda permission',
  };
  expect(await createStack(deploy, 'Functions', {
    ...inlineFunction('exports.handler = async () => {}'),
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
  })).toBe('CREATE_COMPLETE');
  for (const name of ['none', 'the-function']) {
    expect([name, await call('CreateRoom', { messageReviewHandler: { uri: uri(name) } })]).toEqual([name, refusal]);
  }

  expect(await createStack(deploy, 'Alias', {
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: 'the-function' } },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: 'the-function', FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] }, Name: 'live',
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Alias' }, Action: 'lambda:InvokeFunction', Principal: 'ivschat.amazonaws.com',
      },
    },
  })).toBe('CREATE_COMPLETE');
  expect(await call('CreateRoom', { messageReviewHandler: { uri: uri('the-function:live') } }))
    .toMatchObject({ messageReviewHandler: { uri: uri('the-function:live') } });
});

test('a review handler at a URL replaces the functions of the rooms, and needs no permission', async () => {
  const events: object[] = [];
  const handler = http.createServer((request, response) => void request.toArray().then((chunks) => {
    events.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.end(JSON.stringify({ ReviewResult: 'ALLOW', Content: 'reviewed' }));
  }));
  await new Promise<void>((listening) => handler.listen(0, '127.0.0.1', listening));
  const reviewHandler = `http://127.0.0.1:${(handler.address() as AddressInfo).port}/`;
  const reviewed = await startLocal({ reviewHandler, ivsChat: { clock: new VirtualClock() } });
  try {
    const perform = async (operation: string, input: object) => (await fetch(`${reviewed.console}call`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ operation, input }),
    })).json() as Promise<any>;
    const uri = 'arn:aws:lambda:us-west-2:123456789012:function:none';
    const { arn: roomIdentifier } = await perform('CreateRoom', { messageReviewHandler: { uri } });
    const user = { userId: 'ada', capabilities: ['SEND_MESSAGE'] };
    const { token } = await perform('CreateChatToken', { roomIdentifier, ...user });
    const socket = new WebSocket(reviewed.messaging, token);
    socket.onopen = () => socket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content: 'hello' }));
    const { data } = await new Promise<MessageEvent>((resolve) => (socket.onmessage = resolve));
    socket.close();
    expect(JSON.parse(data)).toMatchObject({ Type: 'MESSAGE', Content: 'reviewed' });
    expect(events).toMatchObject([{ Content: 'hello', RoomArn: roomIdentifier }]);
  } finally {
    await reviewed.close();
    handler.closeAllConnections();
    await new Promise((closed) => handler.close(closed));
  }
});

test('own resource types and variables of functions take precedence', async () => {
  const own = await startLocal({
    credentials,
    deploy: {
      resourceTypes: { 'AWS::IVSChat::Room': { create: () => ({ physicalId: 'own' }) } },
      functionEnvironment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '5' },
    },
  });
  try {
    const endpoint = { ...deploy, endpoint: own.deploy };
    const resources = {
      ...inlineFunction('exports.handler = async () => process.env'), Room: { Type: 'AWS::IVSChat::Room' },
    };
    const Outputs = { Room: { Value: { Ref: 'Room' } } };
    expect(await createStack(endpoint, 'Chat', resources, { Outputs })).toBe('CREATE_COMPLETE');
    const { text } = await signedClient(endpoint).query('cloudformation', 'DescribeStacks', { StackName: 'Chat' });
    expect(text).toContain('<OutputValue>own</OutputValue>');
    const path = '/2015-03-31/functions/the-function/invocations';
    const response = await signedClient(endpoint).send('lambda', path, { method: 'POST' });
    expect(await response.json()).toMatchObject({ IVS_CHAT_SETTLING_TIME_IN_SECONDS: '5' });
  } finally {
    await own.close();
  }
});

test('both services close, also if the port of the deployment endpoint is taken', async () => {
  const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  const before = servers();
  const { controlPlane, deploy: endpoint, close } = await startLocal();
  jest.spyOn(LambdaFunctions.prototype, 'close').mockImplementationOnce(async () => {
    // A function can use the local IVS Chat until it ends.
    expect((await fetch(`${controlPlane}/_local/health`)).status).toBe(200);
  });
  await close();
  for (const url of [controlPlane, endpoint]) await expect(fetch(url)).rejects.toThrow();

  const taken = createServer();
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  const { port } = taken.address() as AddressInfo;
  for (const options of [{ port }, { deploy: { port } }]) {
    await expect(startLocal(options)).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  }
  await new Promise((closed) => taken.close(closed));
  // A closed server is gone a little later.
  for (let turn = 0; turn < 100 && servers() > before; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(servers()).toBeLessThanOrEqual(before);
});
