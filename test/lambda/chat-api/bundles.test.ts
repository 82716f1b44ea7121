/** The two functions with the environment of Lambda: their source, and assets/, which `npx projen bundle` makes. */
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
const bundle = (name: string) => createRequire(__filename)(join(assets, `chat-api-${name}`, 'index.js')).handler;
const source = (name: string) => jest.requireActual(`../../../lambda/chat-api/${name}`).handler;

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

test.each([
  ['bundle', bundle], ['source', source],
])('the functions of the %s create tokens, ban and schedule the second disconnect', async (userId, from) => {
  const [token, moderation] = [from('token'), from('moderation')];
  const ask = () => token(request('CreateChatToken', claimsOf(userId), { room: 'lobby' }));
  expect((await ask()).statusCode).toBe(200);

  const ban = await moderation(request('BanUser', claimsOf('mia', 'moderator'), { userId, room: 'lobby' }));
  expect(ban.statusCode).toBe(204);
  expect((await ask()).statusCode).toBe(403);

  expect(invocations).toHaveLength(1);
  const { disconnect } = JSON.parse(invocations[0]!.body);
  expect(disconnect).toMatchObject({ userId, roomIdentifiers: [api.effects.configuration.rooms.lobby] });
  expect(await moderation({ disconnect: { ...disconnect, time: Date.now() } })).toBeUndefined();
});

test.each([undefined, ''])('a function with the configuration %j does not start', (wrong) => {
  const configuration = process.env.CHAT_API;
  delete process.env.CHAT_API;
  if (wrong !== undefined) process.env.CHAT_API = wrong;
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

  test('uses the endpoint of Lambda if all services have another one', async () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    await invokeFunction('moderation', {});
    delete process.env.AWS_ENDPOINT_URL;
    expect(invocations).toHaveLength(1);
  });

  describe('with a handler in the place of the network', () => {
    /** Invokes a function. Returns the requests with their times, and the result. */
    async function invoked(...outcomes: (number | Error | 'hangs')[]) {
      jest.useFakeTimers({ now: 0 });
      const sent: { readonly time: number; readonly address: string; readonly token?: string }[] = [];
      const handle = async ({ protocol, hostname, port, headers }: any) => {
        const address = `${protocol}//${hostname}:${port}`;
        sent.push({ time: Date.now(), address, token: headers['x-amz-security-token'] });
        const outcome = outcomes.shift();
        if (outcome instanceof Error) throw outcome;
        if (outcome === 'hangs') await new Promise(() => {});
        return { response: { statusCode: outcome, headers: {} } };
      };
      let invoke!: typeof invokeFunction;
      jest.isolateModules(() => {
        jest.doMock('../../../lambda/http/node-request-handler', () => ({ requestHandler: () => ({ handle }) }));
        invoke = jest.requireActual('../../../lambda/chat-api/invoke-function').invokeFunction;
        jest.dontMock('../../../lambda/http/node-request-handler');
      });
      const result = invoke('moderation', {}).catch((error: Error) => error.name);
      await jest.advanceTimersByTimeAsync(60_000);
      return { sent, result: await result };
    }
    const times = (sent: readonly { readonly time: number }[]) => sent.map(({ time }) => time);

    afterEach(() => jest.useRealTimers());

    test('sends the request to Lambda in the Region of the function', async () => {
      const { AWS_ENDPOINT_URL_LAMBDA: endpoint } = process.env;
      delete process.env.AWS_ENDPOINT_URL_LAMBDA;
      process.env.AWS_SESSION_TOKEN = 'token';
      const { sent, result } = await invoked(202);
      process.env.AWS_ENDPOINT_URL_LAMBDA = endpoint;
      delete process.env.AWS_SESSION_TOKEN;
      const address = 'https://lambda.eu-west-1.amazonaws.com:undefined';
      expect({ sent, result }).toEqual({ sent: [{ time: 0, address, token: 'token' }], result: undefined });
    });

    test('waits 200 ms and then 400 ms before another attempt', async () => {
      const { sent, result } = await invoked(new Error('reset'), 500, 503);
      expect([times(sent), result]).toEqual([[0, 200, 600], 'HTTP503']);
    });

    test('ends an attempt after three seconds', async () => {
      const { sent, result } = await invoked('hangs', 202);
      expect([times(sent), result]).toEqual([[0, 3200], undefined]);
    });
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
