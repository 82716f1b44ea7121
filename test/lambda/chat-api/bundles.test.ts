/** The two bundles that ship, with the environment of Lambda functions. Of assets/, which `npx projen bundle` makes. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { claimsOf, eventOf, startApi, type Api } from './api';
import { effectsOfEnvironment } from '../../../lambda/chat-api/chat-api-effects';
import { invokeFunction } from '../../../lambda/chat-api/invoke-function';
import { verifySignature } from '../../../local/aws/http/verify-signature';
import { credentials } from '../dynamodb/dynalite-table';

const assets = join(__dirname, '..', '..', '..', 'assets');
const before = { ...process.env };
const bundle = (name: string) => createRequire(__filename)(join(assets, name, 'index.js')).handler;

let api: Api;
let lambda: Server;
let invocations: { readonly request: IncomingMessage; readonly body: string }[];
let statuses: number[];

beforeAll(async () => {
  api = await startApi();
  lambda = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    invocations.push({ request, body: Buffer.concat(chunks).toString() });
    response.writeHead(statuses.shift() ?? 202).end();
  });
  await new Promise<void>((listening) => lambda.listen(0, '127.0.0.1', listening));
  const { accessKeyId, secretAccessKey } = api.ivsChat.identities.administrator;
  Object.assign(process.env, {
    CHAT_API: JSON.stringify(api.effects.configuration),
    AWS_REGION: 'eu-west-1',
    AWS_LAMBDA_FUNCTION_NAME: 'moderation',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_IVSCHAT: api.ivsChat.controlPlane,
    AWS_ENDPOINT_URL_DYNAMODB: api.database.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
  });
  delete process.env.AWS_SESSION_TOKEN;
});

beforeEach(() => {
  invocations = [];
  statuses = [];
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

afterEach(() => jest.restoreAllMocks());

afterAll(async () => {
  process.env = before;
  lambda.closeAllConnections();
  await new Promise((closed) => lambda.close(closed));
  await api.close();
});

const request = (name: Parameters<typeof eventOf>[0], claims: object, body: object) =>
  eventOf(name, { jwt: { claims: claims as never } }, body);

test('the token function creates tokens, and the moderation function bans and invokes itself', async () => {
  const token = bundle('chat-api-token');
  const moderation = bundle('chat-api-moderation');
  const ask = () => token(request('CreateChatToken', claimsOf('ada'), { room: 'lobby' }));
  expect((await ask()).statusCode).toBe(200);

  const ban = await moderation(request('BanUser', claimsOf('mia', 'moderator'), { userId: 'ada', room: 'lobby' }));
  expect(ban.statusCode).toBe(204);
  expect((await ask()).statusCode).toBe(403);

  expect(invocations).toHaveLength(1);
  const { disconnect } = JSON.parse(invocations[0]!.body);
  expect(disconnect).toMatchObject({ userId: 'ada', roomIdentifiers: [api.effects.configuration.rooms.lobby] });
  expect(await moderation({ disconnect: { ...disconnect, time: Date.now() } })).toBeUndefined();
});

test('a function without its configuration does not start', () => {
  const configuration = process.env.CHAT_API;
  delete process.env.CHAT_API;
  jest.isolateModules(() => {
    expect(() => jest.requireActual('../../../lambda/chat-api/token'))
      .toThrow('the environment variable CHAT_API is missing');
  });
  process.env.CHAT_API = configuration;
});

test('the effects of a function come from its environment', async () => {
  jest.useFakeTimers();
  try {
    const { configuration, now, sleep, log, invokeSelf } = effectsOfEnvironment();
    expect([configuration, now()]).toEqual([api.effects.configuration, Date.now()]);
    const slept = sleep(50).then(() => 'slept');
    await jest.advanceTimersByTimeAsync(49);
    expect(await Promise.race([slept, 'sleeping'])).toBe('sleeping');
    await jest.advanceTimersByTimeAsync(1);
    expect(await slept).toBe('slept');
    log({ type: 'audit' });
    expect(jest.mocked(console.log).mock.calls).toEqual([['{"type":"audit"}']]);
    jest.useRealTimers();
    await invokeSelf({ disconnect: {} });
    expect(invocations.map(({ request: { url }, body }) => [url, body]))
      .toEqual([['/2015-03-31/functions/moderation/invocations', '{"disconnect":{}}']]);
  } finally {
    jest.useRealTimers();
  }
});

describe('invokeFunction', () => {
  test('sends one signed asynchronous request', async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
    await invokeFunction('moderation:live', { disconnect: {} });
    expect(invocations).toHaveLength(1);
    const [{ request: sent, body }] = invocations as [typeof invocations[0]];
    expect([sent.method, sent.url]).toEqual(['POST', '/2015-03-31/functions/moderation%3Alive/invocations']);
    expect(sent.headers).toMatchObject({
      'host': new URL(process.env.AWS_ENDPOINT_URL_LAMBDA!).host,
      'content-type': 'application/json',
      'x-amz-invocation-type': 'Event',
      'user-agent': 'cdk-ivs-chat',
    });
    expect(body).toBe('{"disconnect":{}}');
    expect(verifySignature(sent as any, {
      identities: { find: () => ({ ...credentials, accountId: '123456789012' }) } as any,
      body: Buffer.from(body),
      service: 'lambda',
      region: 'eu-west-1',
      now: Date.now(),
    }).refusal).toBeUndefined();
  });

  test('uses the endpoint of all services if Lambda has none of its own', async () => {
    const { AWS_ENDPOINT_URL_LAMBDA: endpoint } = process.env;
    delete process.env.AWS_ENDPOINT_URL_LAMBDA;
    process.env.AWS_ENDPOINT_URL = endpoint;
    await invokeFunction('moderation', {});
    delete process.env.AWS_ENDPOINT_URL;
    process.env.AWS_ENDPOINT_URL_LAMBDA = endpoint;
    expect(invocations).toHaveLength(1);
  });

  test.each([
    [[500, 429, 202], 3, undefined],
    [[500, 500, 500, 202], 3, 'HTTP500: Lambda responded with HTTP 500'],
    [[403, 202], 1, 'HTTP403: Lambda responded with HTTP 403'],
    [[200, 202], 2, undefined],
  ])('with the responses %j sends %i requests', async (responses, count, error) => {
    statuses = [...responses];
    const failure = await invokeFunction('moderation', {}).catch(({ name, message }) => `${name}: ${message}`);
    expect({ count: invocations.length, failure }).toEqual({ count, failure: error });
  });
});
