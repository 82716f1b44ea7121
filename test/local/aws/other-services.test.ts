import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLocalDeploy, type LocalDeploy } from '../../../local/aws/start-local-deploy';
import { createStack, signedClient } from './signed-client';

jest.setTimeout(30_000);

let deploy: LocalDeploy;
let emulator: Server;
const received: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = [];

beforeAll(async () => {
  emulator = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.writeHead(418, { 'content-type': 'application/json', 'x-own': 'v' }).end('{"from":"emulator"}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => emulator.once('listening', resolve));
  const upstream = `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
  deploy = await startLocalDeploy({ upstream, allowUnknownResourceTypes: ['*'] });
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
  expect(received).toEqual([{
    method: 'POST',
    url: '/queue?a=1&b=%20',
    headers: expect.objectContaining({
      'x-amz-target': 'AmazonSQS.SendMessage',
      'content-type': 'application/x-amz-json-1.0',
      'authorization': expect.stringContaining('/sqs/aws4_request'),
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
