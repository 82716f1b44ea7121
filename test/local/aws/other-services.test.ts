import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { AwsV4Signer } from 'aws4fetch';
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
  emulator = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('latin1');
    received.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
    if (incoming.url === '/moved') {
      response
        .writeHead(302, { 'location': '/other', 'connection': 'close', 'keep-alive': 'timeout=99' })
        .end(Buffer.from([0, 255]));
      return;
    }
    const compressed = gzipSync('{"from":"emulator"}');
    response.writeHead(418, {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': compressed.length, // other than the length that the caller receives
      'x-own': 'v',
    }).end(compressed);
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

test('a request without a body goes to the emulator without one', async () => {
  received.splice(0);
  expect((await signedClient(deploy).send('sqs', '/queue')).status).toBe(418);
  expect(received).toEqual([expect.objectContaining({ method: 'GET', url: '/queue', body: '' })]);
});

test('a redirection and a binary body are forwarded unchanged, without the headers of the connection', async () => {
  received.splice(0);
  events.splice(0);
  const headers = await signedHeaders('/moved', new Uint8Array([0, 254]));
  const sent = request(`${deploy.endpoint}/moved`, {
    method: 'PUT',
    headers: {
      ...headers, 'transfer-encoding': 'chunked', 'keep-alive': 'timeout=9', 'expect': '100-continue',
    },
  });
  sent.end(Buffer.from([0, 254]));
  const [response] = await once(sent, 'response') as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  expect([response.statusCode, response.headers.location, [...Buffer.concat(chunks)]]).toEqual([
    302, '/other', [0, 255],
  ]);
  expect(response.headers['keep-alive']).not.toBe('timeout=99');
  expect(response.headers.connection).toBe('keep-alive');
  expect(received).toEqual([expect.objectContaining({ method: 'PUT', url: '/moved', body: '\0\u00fe' })]);
  expect(received[0]!.headers).toMatchObject({ 'content-length': '2', host });
  expect(received[0]!.headers['keep-alive']).toBeUndefined();
  expect(events).toMatchObject([{ operation: 'PUT /moved', statusCode: 302 }]);
});

/** Returns the headers of a signed request for a service that is not here. */
async function signedHeaders(path: string, body: Uint8Array<ArrayBuffer>) {
  const { accessKeyId, secretAccessKey } = deploy.identities.administrator;
  const signer = new AwsV4Signer({
    accessKeyId,
    secretAccessKey,
    method: 'PUT',
    url: deploy.endpoint + path,
    body,
    service: 'sqs',
    region: deploy.region,
  });
  return Object.fromEntries((await signer.sign()).headers);
}

test('requests for other services and without a valid signature stay here', async () => {
  received.splice(0);
  expect((await signedClient(deploy).query('sts', 'GetCallerIdentity')).status).toBe(200);
  const forger = { ...deploy.identities.administrator, secretAccessKey: 'wrong' };
  expect((await signedClient(deploy, forger).send('sqs', '/')).status).toBe(403);
  expect((await fetch(deploy.endpoint)).status).toBe(403);
  expect(received).toEqual([]);
});

test('an emulator that does not respond is an error with its address', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  const other = await startLocalDeploy({ upstream: `http://127.0.0.1:${port}` });
  try {
    const { status, body } = await signedClient(other).json('sqs', 'AmazonSQS.SendMessage', {});
    const message = `http://127.0.0.1:${port} does not respond: connect ECONNREFUSED 127.0.0.1:${port}`;
    expect([status, body]).toEqual([400, { __type: 'ServiceUnavailable', message, Message: message }]);
  } finally {
    await other.close();
  }
});

test('without an emulator, the error names the option', async () => {
  const other = await startLocalDeploy();
  try {
    const { status, body } = await signedClient(other).json('sqs', 'AmazonSQS.SendMessage', {});
    expect(status).toBe(501);
    expect(body.message).toBe(
      'sqs:SendMessage is not implemented by the local service. See docs/local-deploy.md for the supported operations. '
      + 'To send it to another AWS emulator, set the option upstream (--upstream) to the address of the emulator.',
    );
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
