/** What a client is told, and what it finds in its environment. */
import * as sdk from '@aws-sdk/client-ivschat';
import { CREDENTIALS, REGION, Transport } from './captured';
import { INPUTS, ROOM } from './inputs';
import * as ours from '../../../lambda/client';
import { regions } from '../../../src/contract/regions';

const environment = { ...process.env };
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
});
afterAll(() => {
  process.env = environment;
});

/** Where each client sends its request, or why it does not. */
async function destinations(config: object): Promise<{ ours: string; sdk: string }> {
  const result = {} as { ours: string; sdk: string };
  for (const [who, { IvschatClient, GetRoomCommand }] of Object.entries({ ours, sdk }) as Array<['ours', typeof ours]>) {
    const transport = new Transport();
    try {
      const client = new IvschatClient({ credentials: CREDENTIALS, requestHandler: transport, ...config });
      await client.send(new GetRoomCommand({ identifier: ROOM }));
      const { protocol, hostname, port, path } = transport.requests[0];
      result[who] = `${protocol}//${hostname}${port ? `:${port}` : ''}${path}`;
    } catch {
      result[who] = 'refused';
    }
  }
  return result;
}

describe('endpoint', () => {
  test('a Region that its provider gives only the second time is taken then', async () => {
    const region = jest.fn(async () => REGION).mockRejectedValueOnce(new Error('not now'));
    const transport = new Transport();
    const client = new ours.IvschatClient({ region, credentials: CREDENTIALS, requestHandler: transport });
    await expect(client.send(new ours.GetRoomCommand({ identifier: ROOM }))).rejects.toThrow('not now');
    await client.send(new ours.GetRoomCommand({ identifier: ROOM }));
    expect(transport.requests[0].hostname).toBe(`ivschat.${REGION}.amazonaws.com`);
  });

  test.each([...regions, 'eu-north-1', 'il-central-1', 'mx-central-1', 'ap-southeast-7'])('in %s is the SDK\'s', async (region) => {
    for (const [useFipsEndpoint, useDualstackEndpoint] of [[false, false], [true, false], [false, true], [true, true]]) {
      const { ours: our, sdk: theirs } = await destinations({ region, useFipsEndpoint, useDualstackEndpoint });
      expect(our).toMatch(/^https:\/\/ivschat/);
      expect(our).toBe(theirs);
    }
  });

  test.each<[string, Record<string, string>, object]>([
    ['AWS_REGION', { AWS_REGION: 'eu-west-1' }, {}],
    ['region over AWS_REGION', { AWS_REGION: 'eu-west-1' }, { region: 'us-east-1' }],
    ['a Region from a provider', {}, { region: async () => 'us-east-1' }],
    ['AWS_ENDPOINT_URL', { AWS_ENDPOINT_URL: 'http://127.0.0.1:4001' }, { region: REGION }],
    ['AWS_ENDPOINT_URL_IVSCHAT', { AWS_ENDPOINT_URL_IVSCHAT: 'http://127.0.0.1:4002/path', AWS_ENDPOINT_URL: 'http://127.0.0.1:4001' }, { region: REGION }],
    ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', {
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_ENDPOINT_URL: 'http://127.0.0.1:4001', AWS_ENDPOINT_URL_IVSCHAT: 'http://127.0.0.1:4002',
    }, { region: REGION }],
    ['endpoint over all variables', { AWS_ENDPOINT_URL_IVSCHAT: 'http://127.0.0.1:4002' }, { region: REGION, endpoint: 'https://example.com' }],
    ['endpoint with a port and a path', {}, { region: REGION, endpoint: 'https://example.com:8443/a/b' }],
    ['endpoint from a provider', {}, { region: REGION, endpoint: async () => 'https://example.com' }],
    ['endpoint as the SDK\'s object', {}, { region: REGION, endpoint: { protocol: 'https:', hostname: 'example.com', port: 8443, path: '/x' } }],
    ['endpoint as the SDK\'s newer object', {}, { region: REGION, endpoint: { url: new URL('https://example.com/x') } }],
    ['IPv6', {}, { region: REGION, endpoint: 'http://[::1]:4001' }],
    ['useFipsEndpoint from a provider', {}, { region: REGION, useFipsEndpoint: async () => true }],
    ['useFipsEndpoint with an endpoint', {}, { region: REGION, endpoint: 'https://example.com', useFipsEndpoint: true }],
    ['useDualstackEndpoint with an endpoint', {}, { region: REGION, endpoint: 'https://example.com', useDualstackEndpoint: true }],
    ['no Region', {}, {}],
  ])('%s', async (_, variables, config) => {
    Object.assign(process.env, variables);
    const { ours: our, sdk: theirs } = await destinations(config);
    expect(our).toBe(theirs);
  });

  test.each(['https://example.com/a/b/', 'https://example.com/a/b//'])('with slashes at its end (%s) is the same as without', async (endpoint) => {
    expect((await destinations({ region: REGION, endpoint })).ours).toBe('https://example.com/a/b/GetRoom');
  });

  test('as an object may leave out its port', async () => {
    const endpoint = { protocol: 'https:', hostname: 'example.com', path: '/x' };
    expect(await destinations({ region: REGION, endpoint })).toEqual({ ours: 'https://example.com/x/GetRoom', sdk: 'https://example.com/x/GetRoom' });
  });

  test.each(['useFipsEndpoint', 'useDualstackEndpoint'])('does not go with %s, and an error says so', async (option) => {
    const client = new ours.IvschatClient({ region: REGION, credentials: CREDENTIALS, endpoint: 'https://example.com', [option]: true });
    await expect(client.send(new ours.GetRoomCommand({ identifier: ROOM }))).rejects.toThrow(
      'useFipsEndpoint and useDualstackEndpoint are for AWS\'s own endpoints; leave them out with `endpoint`');
  });

  test('without a Region there is an error that says what to do', async () => {
    const client = new ours.IvschatClient({ credentials: CREDENTIALS });
    await expect(client.send(new ours.GetRoomCommand({ identifier: ROOM }))).rejects.toThrow('Region is missing: set AWS_REGION, or give `region`');
  });

  test.each(['http://example.com', 'http://10.0.0.1', 'http://127.0.0.1.example.com', 'http://localhost.example.com', 'http://notlocalhost', 'ftp://127.0.0.1', 'no address'])(
    '%s is refused: credentials go over TLS, except on this machine', async (endpoint) => {
      const client = new ours.IvschatClient({ region: REGION, credentials: CREDENTIALS, endpoint });
      await expect(client.send(new ours.GetRoomCommand({ identifier: ROOM }))).rejects.toThrow(/^endpoint must be /);
    });

  test.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://127.80.80.80:1', 'http://[::1]:1', 'http://ivschat.localhost:1', 'https://example.com'])(
    '%s is taken', async (endpoint) => {
      expect((await destinations({ region: REGION, endpoint })).ours).toBe(`${endpoint}/GetRoom`);
    });

  test.each(['evil.example/', 'us-west-2.evil.example#', 'a b', '', '-', 'us-west-2\n', 'ü', 'a', 'US-WEST-2', `a${'b'.repeat(63)}`])('the Region %j does not get into a host name', async (region) => {
    const client = new ours.IvschatClient({ region: async () => region, credentials: CREDENTIALS, requestHandler: new Transport() });
    await expect(client.send(new ours.GetRoomCommand({ identifier: ROOM }))).rejects.toThrow('region must be a Region such as us-west-2, got ');
  });

  test('of a provider is asked for each call, and settled once otherwise', async () => {
    const transport = new Transport();
    let asked = 0;
    const endpoint = async () => `https://${++asked}.example.com`;
    const client = new ours.IvschatClient({ region: REGION, credentials: CREDENTIALS, requestHandler: transport, endpoint });
    await client.send(new ours.GetRoomCommand({ identifier: ROOM }));
    await client.send(new ours.GetRoomCommand({ identifier: ROOM }));
    expect(transport.requests.map(({ hostname }) => hostname)).toEqual(['1.example.com', '2.example.com']);
  });
});

describe('credentials', () => {
  const keyOf = (request: any) => /Credential=([^/]+)/.exec(request.headers.authorization)![1];
  const clientWith = (config: ours.IvschatClientConfig) => {
    const transport = new Transport();
    const client = new ours.IvschatClient({ region: REGION, requestHandler: transport, ...config });
    return { transport, call: () => client.send(new ours.GetRoomCommand({ identifier: ROOM })), client };
  };

  test('come from the environment', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });
    const { transport, call } = clientWith({});
    await call();
    expect(keyOf(transport.requests[0])).toBe('AKIDENV');
    expect(transport.requests[0].headers['x-amz-security-token']).toBe('token');
  });

  test('of the environment may have no session token, and expire', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKID1', AWS_SECRET_ACCESS_KEY: 'secret', AWS_CREDENTIAL_EXPIRATION: new Date(0).toISOString() });
    const { transport, call } = clientWith({});
    await call();
    process.env.AWS_ACCESS_KEY_ID = 'AKID2';
    await call();
    expect(transport.requests.map(keyOf)).toEqual(['AKID1', 'AKID2']);
    expect(transport.requests[0].headers).not.toHaveProperty('x-amz-security-token');
  });

  test.each([['AWS_ACCESS_KEY_ID'], ['AWS_SECRET_ACCESS_KEY']])('without %s there is an error that says what to do', async (missing) => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'canary-secret' });
    delete process.env[missing!];
    const error: any = await clientWith({}).call().catch((thrown) => thrown);
    expect(error.name).toBe('CredentialsProviderError');
    expect(error.message).toMatch(/set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give `credentials`, such as fromNodeProviderChain/);
    expect(error.message).not.toContain('canary');
  });

  test('of a provider are asked for once, also by calls at the same time', async () => {
    const credentials = jest.fn(async () => CREDENTIALS);
    const { call } = clientWith({ credentials });
    await Promise.all([call(), call(), call()]);
    await call();
    expect(credentials).toHaveBeenCalledTimes(1);
  });

  test.each([[300_001, 1], [300_000, 1], [299_999, 2]])('that live for another %d ms are asked for %d times', async (left, times) => {
    let now = Date.now();
    const credentials = jest.fn(async () => ({ ...CREDENTIALS, expiration: new Date(now + 3_600_000) }));
    const { call } = clientWith({ credentials, clock: { now: () => now, setTimeout, clearTimeout } });
    await call();
    now += 3_600_000 - left;
    await call();
    expect(credentials).toHaveBeenCalledTimes(times);
  });

  test('that a provider failed to give are asked for again', async () => {
    const credentials = jest.fn(async () => CREDENTIALS).mockRejectedValueOnce(new Error('not now'));
    const { call } = clientWith({ credentials });
    await expect(call()).rejects.toThrow('not now');
    await call();
    expect(credentials).toHaveBeenCalledTimes(2);
  });

  test('that change are used at once, with keys of their own', async () => {
    let n = 0;
    const credentials = async () => ({ accessKeyId: `AKID${++n}`, secretAccessKey: `secret${n}`, expiration: new Date(0) });
    const { transport, call } = clientWith({ credentials });
    await call();
    await call();
    expect(transport.requests.map(keyOf)).toEqual(['AKID1', 'AKID2']);
    expect(new Set(transport.requests.map(({ headers }) => headers.authorization.slice(-64))).size).toBe(2);
  });

  test.each([[undefined], [{}], [{ accessKeyId: 'AKID' }], [{ accessKeyId: 5, secretAccessKey: 'canary' }]])('that are none (%j) are refused', async (credentials) => {
    const error: any = await clientWith({ credentials: async () => credentials as any }).call().catch((thrown) => thrown);
    expect(error.message).toBe('credentials must have accessKeyId and secretAccessKey, both text');
  });

  test('do not show when a client or an error is printed', async () => {
    const { inspect } = jest.requireActual('node:util');
    const credentials = { accessKeyId: 'AKIDCANARY', secretAccessKey: 'canary-secret', sessionToken: 'canary-token' };
    const answers = [{ statusCode: 200, headers: {} }, { statusCode: 500, headers: {} }, { statusCode: 500, headers: {} }];
    const { client, call } = clientWith({ credentials, maxAttempts: 1, requestHandler: { handle: async () => ({ response: answers.shift()! }) } });
    await call();
    const errors = [await call().catch((thrown) => thrown), await client.send(new ours.CreateRoomCommand({})).catch((thrown) => thrown)];
    for (const thing of [client, client.config, ...errors]) {
      expect(inspect(thing, { depth: 20, showHidden: true })).not.toMatch(/canary/i);
      expect(JSON.stringify(thing)).not.toMatch(/canary/i);
    }
  });
});

describe('configuration', () => {
  test('is readable as the SDK\'s is', async () => {
    const config = { region: REGION, credentials: CREDENTIALS, maxAttempts: 5, useFipsEndpoint: true };
    for (const { IvschatClient } of [ours, sdk] as Array<typeof ours>) {
      const client = new IvschatClient(config);
      expect(await client.config.region()).toBe(REGION);
      expect(await client.config.credentials()).toMatchObject(CREDENTIALS);
      expect(await client.config.maxAttempts()).toBe(5);
      expect(await client.config.useFipsEndpoint()).toBe(true);
      expect(await client.config.useDualstackEndpoint()).toBe(false);
      expect(client.config.requestHandler.handle).toBeInstanceOf(Function);
    }
  });

  test('AWS_MAX_ATTEMPTS', async () => {
    process.env.AWS_MAX_ATTEMPTS = '7';
    expect(await new ours.IvschatClient({}).config.maxAttempts()).toBe(7);
    process.env.AWS_MAX_ATTEMPTS = 'many';
    expect(await new ours.IvschatClient({}).config.maxAttempts()).toBe(3);
  });

  test.each(['adaptive', 'legacy'])('the retry mode %s is refused, not quietly replaced', async (retryMode) => {
    const client = new ours.IvschatClient({ region: REGION, credentials: CREDENTIALS, retryMode, requestHandler: new Transport() });
    await expect(client.send(new ours.GetRoomCommand({ identifier: ROOM }))).rejects.toThrow(`retryMode must be standard, got ${retryMode}`);
  });
});

describe('input', () => {
  const client = (config: ours.IvschatClientConfig = {}) => {
    const transport = new Transport();
    return { transport, client: new ours.IvschatClient({ region: REGION, credentials: CREDENTIALS, requestHandler: transport, ...config }) };
  };

  test('that breaks a rule is refused before anything is sent, with all that is wrong', async () => {
    const { client: checked, transport } = client();
    const error: any = await checked.send(new ours.CreateRoomCommand({ maximumMessageRatePerSecond: 101, name: 'a room' })).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ours.ValidationException);
    expect(error).toMatchObject({
      name: 'ValidationException',
      $fault: 'client',
      reason: 'FIELD_VALIDATION_FAILED',
      fieldList: [{ name: 'name' }, { name: 'maximumMessageRatePerSecond', message: 'must be between 1 and 100, got 101' }],
      $metadata: { attempts: 0, totalRetryDelay: 0 },
    });
    expect(error.$metadata.httpStatusCode).toBeUndefined();
    expect(error.message).toMatch(/^CreateRoom: name must contain only letters, digits, hyphens and underscores, got "a room"; maximumMessageRatePerSecond must be between 1 and 100, got 101$/);
    expect(transport.requests).toHaveLength(0);
  });

  test.each(Object.keys(INPUTS))('of %s that is missing is refused', async (operation) => {
    const required = Object.keys((INPUTS as any)[operation]);
    const { client: checked } = client();
    const sent = checked.send(new (ours as any)[`${operation}Command`]({}));
    if (required.length === 0) await sent;
    else await expect(sent).rejects.toThrow(`${operation}: ${required[0]} is required`);
  });

  test('is not checked when the application does not want it', async () => {
    const { client: unchecked, transport } = client({ validateInput: false });
    await unchecked.send(new ours.CreateRoomCommand({ maximumMessageRatePerSecond: 101 }));
    expect(transport.requests[0].body).toBe('{"maximumMessageRatePerSecond":101}');
  });

  test.each([undefined, null, ''])('without a value for the path (%j) sends nothing, checked or not', async (resourceArn) => {
    const { client: unchecked, transport } = client({ validateInput: false });
    await expect(unchecked.send(new ours.ListTagsForResourceCommand({ resourceArn: resourceArn as any }))).rejects.toThrow('ListTagsForResource needs resourceArn');
    expect(transport.requests).toHaveLength(0);
  });

  test('that is left out is an empty one', async () => {
    expect(new ours.ListRoomsCommand().input).toEqual({});
    expect(new ours.GetRoomCommand({ identifier: ROOM }).input).toEqual({ identifier: ROOM });
  });

  test('that is sensitive does not show', async () => {
    const { client: checked } = client();
    const error: any = await checked.send(new ours.CreateChatTokenCommand({ roomIdentifier: ROOM, userId: 'canary'.repeat(30), attributes: { canary: 'canary'.repeat(300) } })).catch((thrown) => thrown);
    expect(error.name).toBe('ValidationException');
    expect(error.message).not.toContain('canary');
  });
});
