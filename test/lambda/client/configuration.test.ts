/** The options of a client, its environment variables and the validation of inputs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-ivschat';
import { CREDENTIALS, REGION, Transport } from './captured';
import { endpointTests } from './endpoint-tests';
import { INPUTS, ROOM } from './inputs';
import * as ours from '../../../lambda/client';
import { regions } from '../../../src/contract/regions';

const environment = { ...process.env };
beforeEach(() => {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) delete process.env[name];
  }
  Object.assign(process.env, { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
});
afterAll(() => {
  process.env = environment;
});

/** The address of the request of each client, or `refused`. */
async function destinations(config: object): Promise<{ ours: string; sdk: string }> {
  const result = {} as { ours: string; sdk: string };
  const packages = Object.entries({ ours, sdk }) as Array<['ours', typeof ours]>;
  for (const [who, { IvschatClient, GetRoomCommand }] of packages) {
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

/** Calls GetRoom with a client. */
const getRoom = (config: ours.IvschatClientConfig) =>
  new ours.IvschatClient({ credentials: CREDENTIALS, requestHandler: new Transport(), ...config })
    .send(new ours.GetRoomCommand({ identifier: ROOM }));

describe('the endpoint', () => {
  const LOCAL_1 = 'http://127.0.0.1:4001';
  const LOCAL_2 = 'http://127.0.0.1:4002';

  test('uses the Region of a provider that fails once and then succeeds', async () => {
    const region = jest.fn(async () => REGION).mockRejectedValueOnce(new Error('not now'));
    const transport = new Transport();
    const client = new ours.IvschatClient({ region, credentials: CREDENTIALS, requestHandler: transport });
    await expect(client.send(new ours.GetRoomCommand({ identifier: ROOM }))).rejects.toThrow('not now');
    await client.send(new ours.GetRoomCommand({ identifier: ROOM }));
    expect(transport.requests[0].hostname).toBe(`ivschat.${REGION}.amazonaws.com`);
  });

  test.each([
    ...regions, 'eu-north-1', 'il-central-1', 'mx-central-1', 'ap-southeast-7',
  ])('in %s is the endpoint of the SDK', async (region) => {
    for (const useFipsEndpoint of [false, true]) {
      for (const useDualstackEndpoint of [false, true]) {
        const { ours: our, sdk: theirs } = await destinations({ region, useFipsEndpoint, useDualstackEndpoint });
        expect(our).toMatch(/^https:\/\/ivschat/);
        expect(our).toBe(theirs);
      }
    }
  });

  test.each<[string, Record<string, string>, object]>([
    ['AWS_REGION', { AWS_REGION: 'eu-west-1' }, {}],
    ['region and AWS_REGION', { AWS_REGION: 'eu-west-1' }, { region: 'us-east-1' }],
    ['a provider of the Region', {}, { region: async () => 'us-east-1' }],
    ['AWS_ENDPOINT_URL', { AWS_ENDPOINT_URL: LOCAL_1 }, { region: REGION }],
    ['AWS_ENDPOINT_URL_IVSCHAT and AWS_ENDPOINT_URL', {
      AWS_ENDPOINT_URL_IVSCHAT: `${LOCAL_2}/path`, AWS_ENDPOINT_URL: LOCAL_1,
    }, { region: REGION }],
    ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', {
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_ENDPOINT_URL: LOCAL_1, AWS_ENDPOINT_URL_IVSCHAT: LOCAL_2,
    }, { region: REGION }],
    ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=false', {
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false', AWS_ENDPOINT_URL: LOCAL_1,
    }, { region: REGION }],
    ['an empty AWS_ENDPOINT_URL_IVSCHAT and AWS_ENDPOINT_URL', {
      AWS_ENDPOINT_URL_IVSCHAT: '', AWS_ENDPOINT_URL: LOCAL_1,
    }, { region: REGION }],
    ['an empty AWS_ENDPOINT_URL', { AWS_ENDPOINT_URL: '' }, { region: REGION }],
    ['endpoint and AWS_ENDPOINT_URL_IVSCHAT', { AWS_ENDPOINT_URL_IVSCHAT: LOCAL_2 }, {
      region: REGION, endpoint: 'https://example.com',
    }],
    ['an endpoint with a port and a path', {}, { region: REGION, endpoint: 'https://example.com:8443/a/b' }],
    ['an endpoint with a path in upper case', {}, { region: REGION, endpoint: 'https://example.com/Local/A' }],
    ['a provider of the endpoint', {}, { region: REGION, endpoint: async () => 'https://example.com' }],
    ['an endpoint as an object of the SDK', {}, {
      region: REGION, endpoint: { protocol: 'https:', hostname: 'example.com', port: 8443, path: '/x' },
    }],
    ['an endpoint as an object with a URL', {}, {
      region: REGION, endpoint: { url: new URL('https://example.com/x') },
    }],
    ['an IPv6 address', {}, { region: REGION, endpoint: 'http://[::1]:4001' }],
    ['a provider of useFipsEndpoint', {}, { region: REGION, useFipsEndpoint: async () => true }],
    ['useFipsEndpoint and an endpoint', {}, {
      region: REGION, endpoint: 'https://example.com', useFipsEndpoint: true,
    }],
    ['useDualstackEndpoint and an endpoint', {}, {
      region: REGION, endpoint: 'https://example.com', useDualstackEndpoint: true,
    }],
    ['a provider of the endpoint and useFipsEndpoint', {}, {
      region: REGION, endpoint: async () => 'https://example.com', useFipsEndpoint: true,
    }],
    ['no Region', {}, {}],
    ['AWS_DEFAULT_REGION, which is the one of other tools', { AWS_DEFAULT_REGION: 'eu-west-1' }, {}],
    ...['true', 'false', ''].flatMap((value) => [
      ['AWS_USE_FIPS_ENDPOINT', 'useFipsEndpoint'], ['AWS_USE_DUALSTACK_ENDPOINT', 'useDualstackEndpoint'],
    ].flatMap(([name, option]): Array<[string, Record<string, string>, object]> => [
      [`${name}=${value}`, { [name!]: value }, { region: REGION }],
      [`${name}=${value} and ${option}`, { [name!]: value }, { region: REGION, [option!]: false }],
      [`${name}=${value} and an endpoint`, { [name!]: value }, { region: REGION, endpoint: 'https://example.com' }],
    ])),
  ])('with %s is the endpoint of the SDK', async (_, variables, config) => {
    Object.assign(process.env, variables);
    const { ours: our, sdk: theirs } = await destinations(config);
    expect(our).toBe(theirs);
  });

  test.each([
    'https://example.com/a/b/', 'https://example.com/a/b//',
  ])('%s loses the slashes at its end', async (endpoint) => {
    expect((await destinations({ region: REGION, endpoint })).ours).toBe('https://example.com/a/b/GetRoom');
  });

  test('can be an object without a port', async () => {
    const endpoint = { protocol: 'https:', hostname: 'example.com', path: '/x' };
    const address = 'https://example.com/x/GetRoom';
    expect(await destinations({ region: REGION, endpoint })).toEqual({ ours: address, sdk: address });
  });

  test.each(['useFipsEndpoint', 'useDualstackEndpoint'])('cannot be combined with %s', async (option) => {
    await expect(getRoom({ region: REGION, endpoint: 'https://example.com', [option]: true })).rejects.toThrow(
      'useFipsEndpoint and useDualstackEndpoint cannot be combined with `endpoint`');
  });

  // In the SDK, such a value is the same as `false`, so the requests go to an endpoint without FIPS.
  test.each([
    'AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT',
  ])('cannot be chosen by a value of %s other than true and false', async (name) => {
    process.env[name] = 'TRUE';
    await expect(getRoom({ region: REGION })).rejects.toThrow(`${name} must be true or false, got TRUE`);
  });

  describe('in the test cases of the service model', () => {
    /** The service exists only in the partition `aws`, so the client refuses the Regions of other partitions. */
    const isRefused = ({ region }: { region?: string }) => /^(cn|us-gov|us-iso|us-isob)-/.test(region ?? '');

    test.each(endpointTests)('$config is $expected', async ({ config, expected }) => {
      const { ours: our, sdk: theirs } = await destinations(config);
      // Both clients need a Region for the signature, also with an endpoint. The SDK knows dual-stack endpoints of
      // us-iso and us-isob that the model does not know yet.
      const isNewer = /^us-isob?-/.test(config.region ?? '') && expected === 'refused';
      if ('region' in config && !isNewer) {
        expect(theirs).toBe(expected === 'refused' ? expected : `${expected}/GetRoom`);
      }
      expect(our).toBe(isRefused(config) || !('region' in config) ? 'refused' : theirs);
    });
  });

  test.each([
    'cn-north-1', 'cn-northwest-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1',
    'us-isof-south-1', 'eusc-de-east-1', 'fips-us-west-2', 'us-west-2-fips',
  ])('in %s must be given, because the Region is not in the partition aws', async (region) => {
    await expect(getRoom({ region })).rejects.toThrow(
      `Chat (${regions.join(', ')}), got "${region}"; for another partition, give \`endpoint\``);
    expect((await destinations({ region, endpoint: 'https://example.com' })).ours).toBe('https://example.com/GetRoom');
  });

  test.each(['region', 'endpoint', 'credentials', 'useFipsEndpoint', 'useDualstackEndpoint'])(
    'the error of the provider of %s reaches the caller',
    async (name) => {
      const error = new TypeError('not available now');
      const failing = async () => {
        throw error;
      };
      await expect(getRoom({ region: REGION, [name]: failing })).rejects.toBe(error);
    },
  );

  test('needs a Region, and the error says how to set it', async () => {
    await expect(getRoom({})).rejects.toThrow('Region is missing: set AWS_REGION, or give `region`');
  });

  test.each([
    'http://example.com', 'http://10.0.0.1', 'http://127.0.0.1.example.com', 'http://localhost.example.com',
    'http://notlocalhost', 'ftp://127.0.0.1',
  ])('%s is refused, because only HTTPS and loopback addresses are allowed', async (endpoint) => {
    await expect(getRoom({ region: REGION, endpoint })).rejects.toThrow(new Error(
      'endpoint must be https:// (http:// only on this machine or with `allowInsecureEndpoint`), got ' + endpoint));
  });

  test('a text that is no address is refused', async () => {
    await expect(getRoom({ region: REGION, endpoint: 'no address' }))
      .rejects.toThrow(new Error('endpoint must be an address such as https://example.com'));
  });

  test.each([
    'http://localhost:1', 'http://127.0.0.1:1', 'http://127.80.80.80:1', 'http://[::1]:1', 'http://ivschat.localhost:1',
    'https://example.com',
  ])('%s is accepted', async (endpoint) => {
    expect((await destinations({ region: REGION, endpoint })).ours).toBe(`${endpoint}/GetRoom`);
  });

  test('can be an HTTP address of another machine with allowInsecureEndpoint', async () => {
    const endpoint = 'http://ivs-chat-local:4010';
    await expect(getRoom({ region: REGION, endpoint })).rejects.toThrow(
      'endpoint must be https:// (http:// only on this machine or with `allowInsecureEndpoint`), got '
      + 'http://ivs-chat-local:4010');
    const address = `${endpoint}/GetRoom`;
    const config = { region: REGION, endpoint, allowInsecureEndpoint: true };
    expect(await destinations(config)).toEqual({ ours: address, sdk: address });
    expect((await destinations({ ...config, endpoint: async () => endpoint })).ours).toBe(address);
    expect((await destinations({ ...config, endpoint: 'ftp://ivs-chat-local' })).ours).toBe('refused');
  });

  test.each([
    'evil.example/', 'us-west-2.evil.example#', 'a b', '', '-', 'us-west-2\n', 'ü', 'a', 'US-WEST-2',
    `a${'b'.repeat(63)}`,
  ])('refuses the invalid Region %j', async (region) => {
    await expect(getRoom({ region: async () => region })).rejects.toThrow(
      `region must be a Region of Amazon IVS Chat (${regions.join(', ')}), got ${JSON.stringify(region)}`);
  });

  test('comes from the provider again for each call', async () => {
    const transport = new Transport();
    let asked = 0;
    const endpoint = async () => `https://${++asked}.example.com`;
    const config = { region: REGION, credentials: CREDENTIALS, requestHandler: transport, endpoint };
    const client = new ours.IvschatClient(config);
    await client.send(new ours.GetRoomCommand({ identifier: ROOM }));
    await client.send(new ours.GetRoomCommand({ identifier: ROOM }));
    expect(transport.requests.map(({ hostname }) => hostname)).toEqual(['1.example.com', '2.example.com']);
  });

  test('and its signature follow a provider of the Region at each call', async () => {
    const transport = new Transport();
    const names = ['us-west-2', 'eu-west-1'];
    const config = { region: async () => names[transport.requests.length]! };
    const client = new ours.IvschatClient({ ...config, credentials: CREDENTIALS, requestHandler: transport });
    for (const _ of names) await client.send(new ours.GetRoomCommand({ identifier: ROOM }));
    expect(transport.requests.map(({ hostname, headers }) =>
      [hostname, /Credential=[^/]+\/\d+\/([^/]+)/.exec(headers.authorization)![1]]))
      .toEqual(names.map((region) => [`ivschat.${region}.amazonaws.com`, region]));
  });
});

describe('the credentials', () => {
  const keyOf = (request: any) => /Credential=([^/]+)/.exec(request.headers.authorization)![1];
  const clientWith = (config: ours.IvschatClientConfig) => {
    const transport = new Transport();
    const client = new ours.IvschatClient({ region: REGION, requestHandler: transport, ...config });
    return { transport, call: () => client.send(new ours.GetRoomCommand({ identifier: ROOM })), client };
  };

  test('come from the environment variables', async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token',
    });
    const { transport, call, client } = clientWith({});
    await call();
    expect(await client.config.credentials()).toEqual({
      accessKeyId: 'AKIDENV', secretAccessKey: 'secret', sessionToken: 'token', expiration: undefined,
    });
    expect(keyOf(transport.requests[0])).toBe('AKIDENV');
    expect(transport.requests[0].headers['x-amz-security-token']).toBe('token');
  });

  test('of the environment can have no session token, and are read again when they expire', async () => {
    const AWS_CREDENTIAL_EXPIRATION = new Date(0).toISOString();
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKID1', AWS_SECRET_ACCESS_KEY: 'secret', AWS_CREDENTIAL_EXPIRATION,
    });
    const { transport, call } = clientWith({});
    await call();
    process.env.AWS_ACCESS_KEY_ID = 'AKID2';
    await call();
    expect(transport.requests.map(keyOf)).toEqual(['AKID1', 'AKID2']);
    expect(transport.requests[0].headers).not.toHaveProperty('x-amz-security-token');
  });

  test.each([
    'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY',
  ])('need %s, and the error says how to set it', async (missing) => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'canary-secret' });
    delete process.env[missing];
    const error: any = await clientWith({}).call().catch((thrown) => thrown);
    expect(error.name).toBe('CredentialsProviderError');
    expect(error.message).toBe('no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give `credentials`,'
      + ' such as fromNodeProviderChain({ profile }) of @aws-sdk/credential-providers');
  });

  describe('of a profile', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'profile-'));
      process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
      writeFileSync(join(folder, 'credentials'),
        '[dev]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = secret\n');
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret' });
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** The access key of the SDK, in a process of its own, because Jest cannot load its reader of profiles. */
    const keyOfSdk = (config: object) => execFileSync(process.execPath, ['-e', `
      const { IvschatClient } = require(${JSON.stringify(require.resolve('@aws-sdk/client-ivschat'))});
      const client = new IvschatClient({ region: 'us-west-2', ...${JSON.stringify(config)} });
      client.config.credentials().then(({ accessKeyId }) => process.stdout.write(accessKeyId));
    `], { encoding: 'utf8', env: process.env, stdio: 'pipe' });

    test.each<[string, Record<string, string>, object]>([
      ['profile', {}, { profile: 'dev' }],
      ['AWS_PROFILE', { AWS_PROFILE: 'dev' }, {}],
      ['profile and AWS_PROFILE', { AWS_PROFILE: 'other' }, { profile: 'dev' }],
    ])('are not read, and the keys of the environment do not replace them: %s', async (_, variables, config) => {
      Object.assign(process.env, variables);
      expect(keyOfSdk(config)).toBe('AKIDPROFILE');

      const { transport, call } = clientWith(config);
      await expect(call()).rejects.toMatchObject({
        name: 'CredentialsProviderError',
        message: 'cannot read the profile dev: remove the option profile or AWS_PROFILE, or give `credentials`, '
          + 'such as fromNodeProviderChain({ profile }) of @aws-sdk/credential-providers',
      });
      expect(transport.requests).toEqual([]);
    });

    test.each<[string, Record<string, string>, object]>([
      ['AWS_PROFILE is empty', { AWS_PROFILE: '' }, {}],
      ['AWS_DEFAULT_PROFILE is set', { AWS_DEFAULT_PROFILE: 'dev' }, {}],
      ['profile is empty', { AWS_PROFILE: 'dev' }, { profile: '' }],
      ['profile and credentials are given', {}, { profile: 'dev', credentials: CREDENTIALS }],
      ['AWS_PROFILE is set and credentials are given', { AWS_PROFILE: 'dev' }, { credentials: CREDENTIALS }],
    ])('are not needed if %s', async (_, variables, config) => {
      Object.assign(process.env, variables);
      const { transport, call } = clientWith(config);
      await call();
      expect(keyOf(transport.requests[0])).toBe(keyOfSdk(config));
    });
  });

  test('come from the provider once, also for calls at the same time', async () => {
    const credentials = jest.fn(async () => CREDENTIALS);
    const { call } = clientWith({ credentials });
    await Promise.all([call(), call(), call()]);
    await call();
    expect(credentials).toHaveBeenCalledTimes(1);
  });

  test.each([
    [300_001, 1], [300_000, 1], [299_999, 2],
  ])('that expire in %d ms come from the provider %d times', async (left, times) => {
    let now = Date.now();
    const credentials = jest.fn(async () => ({ ...CREDENTIALS, expiration: new Date(now + 3_600_000) }));
    const { call } = clientWith({ credentials, clock: { now: () => now, setTimeout, clearTimeout } });
    await call();
    now += 3_600_000 - left;
    await call();
    expect(credentials).toHaveBeenCalledTimes(times);
  });

  test('come from the provider again after the provider has failed', async () => {
    const credentials = jest.fn(async () => CREDENTIALS).mockRejectedValueOnce(new Error('not now'));
    const { call } = clientWith({ credentials });
    await expect(call()).rejects.toThrow('not now');
    await call();
    expect(credentials).toHaveBeenCalledTimes(2);
  });

  test('sign the next request after they have changed', async () => {
    let n = 0;
    const expiration = new Date(0);
    const credentials = async () => ({ accessKeyId: `AKID${++n}`, secretAccessKey: `secret${n}`, expiration });
    const { transport, call } = clientWith({ credentials });
    await call();
    await call();
    expect(transport.requests.map(keyOf)).toEqual(['AKID1', 'AKID2']);
    expect(new Set(transport.requests.map(({ headers }) => headers.authorization.slice(-64))).size).toBe(2);
  });

  test.each([
    [undefined], [{}], [{ accessKeyId: 'AKID' }], [{ accessKeyId: 5, secretAccessKey: 'canary' }],
  ])('cannot be %j', async (credentials) => {
    const { call } = clientWith({ credentials: async () => credentials as any });
    const error: any = await call().catch((thrown) => thrown);
    expect(error.message).toBe('credentials must have accessKeyId and secretAccessKey, both text');
  });

  test('are not in the printed form of a client or an error', async () => {
    const { inspect } = jest.requireActual('node:util');
    const credentials = { accessKeyId: 'AKIDCANARY', secretAccessKey: 'canary-secret', sessionToken: 'canary-token' };
    const answers = [200, 500, 500].map((statusCode) => ({ statusCode, headers: {} }));
    const requestHandler = { handle: async () => ({ response: answers.shift()! }) };
    const { client, call } = clientWith({ credentials, maxAttempts: 1, requestHandler });
    await call();
    const errors = [
      await call().catch((thrown) => thrown),
      await client.send(new ours.CreateRoomCommand({})).catch((thrown) => thrown),
    ];
    for (const thing of [client, client.config, ...errors]) {
      expect(inspect(thing, { depth: 20, showHidden: true })).not.toMatch(/canary/i);
      expect(JSON.stringify(thing)).not.toMatch(/canary/i);
    }
  });
});

describe('the configuration', () => {
  test('has the members of the configuration of the SDK', async () => {
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

  test('has the documented defaults', async () => {
    const { config } = new ours.IvschatClient({});
    expect(config).toMatchObject({
      requestTimeout: 5000,
      callTimeout: 30_000,
      validateInput: true,
      maximumResponseBytes: 16_777_216,
      systemClockOffset: 0,
      logger: undefined,
    });
    expect(await config.maxAttempts()).toBe(3);
  });

  test.each([
    '7', '0', '-1', '1.5', '7x', 'many', '', 'Infinity',
  ])('takes maxAttempts from AWS_MAX_ATTEMPTS=%s, as the SDK does', async (AWS_MAX_ATTEMPTS) => {
    Object.assign(process.env, { AWS_MAX_ATTEMPTS });
    const [our, theirs] = [ours, sdk].map(({ IvschatClient }) => new IvschatClient({ region: REGION }).config);
    expect(await our!.maxAttempts()).toBe(await theirs!.maxAttempts());
  });

  test.each([
    'standard', 'legacy', '',
  ])('can have the retry mode %j, which is the standard mode in the SDK too', async (mode) => {
    process.env.AWS_RETRY_MODE = mode;
    const { config } = new sdk.IvschatClient({ region: REGION });
    expect(await config.retryStrategy()).toMatchObject({ mode: 'standard' });
    await getRoom({ region: REGION });
    if (mode) await getRoom({ region: REGION, retryMode: mode });
  });

  test.each(['adaptive', 'none'])('cannot have the retry mode %s', async (mode) => {
    const message = new Error(`retryMode must be standard, got ${mode}; for another mode, give a \`retryStrategy\`,`
      + ' for example one of @smithy/core/retry');
    await expect(getRoom({ region: REGION, retryMode: mode })).rejects.toThrow(message);
    process.env.AWS_RETRY_MODE = mode;
    await expect(getRoom({ region: REGION })).rejects.toThrow(message);
    await getRoom({ region: REGION, retryMode: 'standard' });
  });
});

describe('an input', () => {
  const client = (config: ours.IvschatClientConfig = {}) => {
    const transport = new Transport();
    const defaults = { region: REGION, credentials: CREDENTIALS, requestHandler: transport };
    return { transport, client: new ours.IvschatClient({ ...defaults, ...config }) };
  };

  test('that is not valid throws an error with all problems, and no request is sent', async () => {
    const { client: checked, transport } = client();
    const command = new ours.CreateRoomCommand({ maximumMessageRatePerSecond: 101, name: 'a room' });
    const error: any = await checked.send(command).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ours.ValidationException);
    expect(error).toMatchObject({
      name: 'ValidationException',
      $fault: 'client',
      reason: 'FIELD_VALIDATION_FAILED',
      fieldList: [
        { name: 'name' },
        { name: 'maximumMessageRatePerSecond', message: 'must be between 1 and 100, got 101' },
      ],
      $metadata: { attempts: 0, totalRetryDelay: 0 },
    });
    expect(error.$metadata.httpStatusCode).toBeUndefined();
    expect(error.message).toBe(
      'CreateRoom: name must contain only letters, digits, hyphens and underscores, got "a room"; '
      + 'maximumMessageRatePerSecond must be between 1 and 100, got 101');
    expect(transport.requests).toHaveLength(0);
  });

  test.each(Object.keys(INPUTS))('of %s must have the required members', async (operation) => {
    const required = Object.keys((INPUTS as any)[operation]);
    const { client: checked } = client();
    const sent = checked.send(new (ours as any)[`${operation}Command`]({}));
    if (required.length === 0) await sent;
    else await expect(sent).rejects.toThrow(`${operation}: ${required[0]} is required`);
  });

  test('is not checked with validateInput: false', async () => {
    const { client: unchecked, transport } = client({ validateInput: false });
    await unchecked.send(new ours.CreateRoomCommand({ maximumMessageRatePerSecond: 101 }));
    expect(transport.requests[0].body).toBe('{"maximumMessageRatePerSecond":101}');
  });

  test.each([
    undefined, null, '',
  ])('with %j for the path is refused also with validateInput: false', async (resourceArn) => {
    const { client: unchecked, transport } = client({ validateInput: false });
    const command = new ours.ListTagsForResourceCommand({ resourceArn: resourceArn as any });
    await expect(unchecked.send(command)).rejects.toThrow('ListTagsForResource needs resourceArn');
    expect(transport.requests).toHaveLength(0);
  });

  test('is an empty object by default', async () => {
    expect(new ours.ListRoomsCommand().input).toEqual({});
    expect(new ours.GetRoomCommand({ identifier: ROOM }).input).toEqual({ identifier: ROOM });
  });

  test('with sensitive members throws an error without their values', async () => {
    const { client: checked } = client();
    const command = new ours.CreateChatTokenCommand({
      roomIdentifier: ROOM, userId: 'canary'.repeat(30), attributes: { canary: 'canary'.repeat(300) },
    });
    const error: any = await checked.send(command).catch((thrown) => thrown);
    expect(error.name).toBe('ValidationException');
    expect(error.message).not.toContain('canary');
  });
});
