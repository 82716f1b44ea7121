import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { DeployEvent } from '../../../local/aws/deploy-event';
import { startLocalDeploy, type LocalDeploy } from '../../../local/aws/start-local-deploy';
import { createStack, signedClient } from './signed-client';

jest.setTimeout(30_000);

let deploy: LocalDeploy;
let emulator: Server;
let host: string;
const events: DeployEvent[] = [];
const received: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = [];

beforeAll(async () => {
  emulator = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ method: request.method, url: request.url, headers: request.headers, body });
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-own': 'v' };
    response.writeHead(418, headers).end(gzipSync('{"from":"emulator"}'));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => emulator.once('listening', resolve));
  host = `127.0.0.1:${(emulator.address() as AddressInfo).port}`;
  const log = (event: DeployEvent) => events.push(event);
  deploy = await startLocalDeploy({ upstream: `http://${host}`, allowUnknownResourceTypes: ['*'], log });
});
afterAll(async () => {
  await deploy.close();
  emulator.close();
});

test('a request for a service that is not here goes to the emulator, unchanged', async () => {
  const response = await signedClient(deploy).send('sqs', '/queue?a=1&b=%20', {
    method: 'POST',
    body: '{"x":1}',
    headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' },
  });
  expect([response.status, response.headers.get('x-own'), await response.text()])
    .toEqual([418, 'v', '{"from":"emulator"}']);
  expect([response.headers.get('content-type'), response.headers.get('content-encoding')])
    .toEqual(['application/json', null]);
  expect(events).toEqual([{ kind: 'request', service: 'sqs', operation: 'SendMessage', statusCode: 418 }]);
  expect(received).toEqual([{
    method: 'POST',
    url: '/queue?a=1&b=%20',
    headers: expect.objectContaining({
      'x-amz-target': 'AmazonSQS.SendMessage',
      'content-type': 'application/x-amz-json-1.0',
      'authorization': expect.stringContaining('/sqs/aws4_request'),
      'content-length': '7',
      host,
    }),
    body: '{"x":1}',
  }]);
});

test('requests for other services and without a valid signature stay here', async () => {
  received.splice(0);
  expect((await signedClient(deploy).query('sts', 'GetCallerIdentity')).status).toBe(200);
  const forger = { ...deploy.identities.administrator, secretAccessKey: 'wrong' };
  expect((await signedClient(deploy, forger).send('sqs', '/')).status).toBe(403);
  expect((await fetch(deploy.endpoint)).status).toBe(403);
  expect(received).toEqual([]);
});

test('an emulator that does not respond is an error with its address', async () => {
  const other = await startLocalDeploy({ upstream: 'http://127.0.0.1:1' });
  try {
    const { status, body } = await signedClient(other).json('sqs', 'AmazonSQS.SendMessage', {});
    expect([status, body.message]).toEqual([400, expect.stringContaining('http://127.0.0.1:1 does not respond')]);
  } finally {
    await other.close();
  }
});

test('without an emulator, the error names the option', async () => {
  const other = await startLocalDeploy();
  try {
    const { status, body } = await signedClient(other).json('sqs', 'AmazonSQS.SendMessage', {});
    expect(status).toBe(501);
    expect(body.message).toMatch(/^sqs:SendMessage is not implemented .* set the option upstream \(--upstream\)/);
    expect(body.Message).toBe(body.message); // SDKs read one or the other.
  } finally {
    await other.close();
  }
});

test('resources of unknown types have plausible attributes', async () => {
  const value = (attribute: string) => ({ Value: { 'Fn::GetAtt': ['Topic', attribute] } });
  const names = ['TopicArn', 'Url', 'Endpoint.Address', 'TopicName'];
  const Outputs = Object.fromEntries(names.map((name) => [name.replace('.', ''), value(name)]));
  expect(await createStack(deploy, 'App', { Topic: { Type: 'AWS::SNS::Topic' } }, { Outputs })).toBe('CREATE_COMPLETE');
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'App' });
  expect([...text.matchAll(/<OutputValue>([^<]+)</g)].map(([, output]) => output)).toEqual([
    expect.stringMatching(/^arn:aws:sns:us-west-2:123456789012:topic\/App-Topic-[A-Z0-9]{12}$/),
    expect.stringMatching(/^https:\/\/app-topic-[a-z0-9]{12}\.sns\.us-west-2\.amazonaws\.com$/),
    expect.stringMatching(/^app-topic-[a-z0-9]{12}\.sns\.us-west-2\.amazonaws\.com$/),
    expect.stringMatching(/^App-Topic-[A-Z0-9]{12}$/),
  ]);
});
