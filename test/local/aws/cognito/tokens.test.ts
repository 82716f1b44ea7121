import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { startLocal, startLocalDeploy, type Local, type LocalDeploy, type TokenRequest } from '../../../../local';
import { failureOf, updateStack } from '../api-gateway-v2/deploy-http-api';
import { createStack, inlineFunction, signedClient } from '../signed-client';

jest.setTimeout(60_000);

let deploy: LocalDeploy;
let outputs: { [name: string]: string };

const output = (Value: object) => ({ Value });
const attribute = (logicalId: string, name: string) => ({ 'Fn::GetAtt': [logicalId, name] });

beforeAll(async () => {
  deploy = await startLocalDeploy();
  const UserPoolId = { Ref: 'Pool' };
  const client = (pool: string) => ({
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: { UserPoolId: { Ref: pool } },
  });
  const resources = {
    Pool: { Type: 'AWS::Cognito::UserPool' },
    Client: client('Pool'),
    Group: { Type: 'AWS::Cognito::UserPoolGroup', Properties: { UserPoolId, GroupName: 'staff' } },
    Domain: { Type: 'AWS::Cognito::UserPoolDomain', Properties: { UserPoolId, Domain: 'example' } },
    Empty: { Type: 'AWS::Cognito::UserPool' },
    ...inlineFunction(`
      const https = require('node:https');
      exports.handler = async (url) => Promise.all([
        fetch(url).then((response) => response.json()),
        new Promise((resolve, reject) => https.get(url, (response) => {
          let text = '';
          response.on('data', (chunk) => { text += chunk; }).on('end', () => resolve(JSON.parse(text)));
        }).on('error', reject)),
      ]);`),
    Second: { Type: 'AWS::Cognito::UserPool' },
    SecondClientA: client('Second'),
    SecondClientB: client('Second'),
  };
  const Outputs = {
    Pool: output(UserPoolId),
    PoolArn: output(attribute('Pool', 'Arn')),
    Provider: output(attribute('Pool', 'ProviderName')),
    ProviderUrl: output(attribute('Pool', 'ProviderURL')),
    Client: output({ Ref: 'Client' }),
    Group: output({ Ref: 'Group' }),
    Domain: output({ Ref: 'Domain' }),
    Empty: output({ Ref: 'Empty' }),
    Second: output({ Ref: 'Second' }),
    SecondClient: output({ Ref: 'SecondClientA' }),
  };
  expect(await createStack(deploy, 'App', resources, { Outputs })).toBe('CREATE_COMPLETE');
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'App' });
  const pairs = text.matchAll(/<OutputKey>(\w+)<\/OutputKey><OutputValue>([^<]+)</g);
  outputs = Object.fromEntries([...pairs].map(([, name, value]) => [name, value]));
});
afterAll(() => deploy.close());

test('the names of a user pool have the formats of Amazon Cognito', () => {
  const { Pool } = outputs;
  expect(Pool).toMatch(/^us-west-2_[A-Za-z0-9]{9}$/);
  expect(outputs).toMatchObject({
    PoolArn: `arn:aws:cognito-idp:us-west-2:123456789012:userpool/${Pool}`,
    Provider: `cognito-idp.us-west-2.amazonaws.com/${Pool}`,
    ProviderUrl: `https://cognito-idp.us-west-2.amazonaws.com/${Pool}`,
    Client: expect.stringMatching(/^[a-z0-9]{26}$/),
    Group: 'staff',
    Domain: 'example',
  });
});

describe('a token of a user pool', () => {
  const claimsOf = async (request: Omit<TokenRequest, 'sub'>) =>
    decodeJwt(await deploy.issueToken({ sub: 'ada', userPool: outputs.Pool, ...request }));
  const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
  const common = () => ({
    sub: 'ada',
    iss: outputs.ProviderUrl,
    origin_jti: uuid,
    event_id: uuid,
    jti: uuid,
    auth_time: expect.any(Number),
    iat: expect.any(Number),
    exp: expect.any(Number),
  });

  test('has the claims of an access token', async () => {
    const claims = await claimsOf({ claims: { 'cognito:groups': ['staff'] } });
    expect(claims).toEqual({
      ...common(),
      'token_use': 'access',
      'client_id': outputs.Client,
      'scope': 'aws.cognito.signin.user.admin',
      'username': 'ada',
      'cognito:groups': ['staff'],
    });
    expect(claims.exp! - claims.iat!).toBe(3600);
  });

  test('has the claims of an ID token', async () => {
    expect(await claimsOf({ tokenUse: 'id', expiresInSeconds: 60 })).toEqual({
      ...common(),
      'token_use': 'id',
      'aud': outputs.Client,
      'cognito:username': 'ada',
    });
  });

  test('names one of several clients', async () => {
    const request = { userPool: outputs.Second, client: outputs.SecondClient };
    expect((await claimsOf(request)).client_id).toBe(outputs.SecondClient);
  });

  test.each([
    ['userPool', { userPool: 'us-west-2_none' }, /"us-west-2_none" does not exist\. Deployed user pools: us-west-2_/],
    ['client', { client: 'carrot' }, /has no client "carrot"\. Its clients: [a-z0-9]{26}$/],
    ['tokenUse', { tokenUse: 'refresh' as 'id' }, /tokenUse must be access or id, got "refresh"/],
    ['issuer', { issuer: 'https://a.example' }, /userPool and issuer exclude each other/],
    ['claims', { claims: [] as object as TokenRequest['claims'] }, /claims must be an object/],
    ['expiresInSeconds', { expiresInSeconds: NaN }, /expiresInSeconds must be a number/],
    ['another field', { audience: 'a' } as object, /Unknown field audience/],
  ])('an invalid %s is an error', async (_, request, expected) => {
    await expect(claimsOf(request)).rejects.toThrow(expected);
  });

  test('a client is required if the pool has none or several', async () => {
    await expect(claimsOf({ userPool: outputs.Empty })).rejects.toThrow(/client is required, .* has 0 clients/);
    await expect(claimsOf({ userPool: outputs.Second })).rejects.toThrow(/client is required, .* has 2 clients: /);
  });
});

describe('the issuers', () => {
  const discovery = async (base: string) =>
    (await (await fetch(`${base}/.well-known/openid-configuration`)).json()) as { issuer: string; jwks_uri: string };

  test('the local issuer serves its keys at its URL', async () => {
    expect(deploy.issuer).toBe(`${deploy.endpoint}/_local/issuer`);
    const { issuer, jwks_uri } = await discovery(deploy.issuer);
    expect(issuer).toBe(deploy.issuer);
    const token = await deploy.issueToken({ sub: 'ada', client: 'app' });
    const { payload, protectedHeader } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), {
      issuer,
      audience: 'app',
      algorithms: ['RS256'],
    });
    expect(payload.sub).toBe('ada');
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: expect.any(String) });
  });

  test('a user pool serves its keys below the endpoint, and each issuer has its own', async () => {
    const { issuer, jwks_uri } = await discovery(`${deploy.endpoint}/${outputs.Pool}`);
    expect(issuer).toBe(outputs.ProviderUrl);
    const keys = (await (await fetch(jwks_uri)).json()) as Parameters<typeof createLocalJWKSet>[0];
    expect(keys.keys).toEqual([
      { kty: 'RSA', alg: 'RS256', use: 'sig', kid: expect.any(String), n: expect.any(String), e: 'AQAB' },
    ]);
    const verify = (token: string) => jwtVerify(token, createLocalJWKSet(keys));
    await verify(await deploy.issueToken({ sub: 'ada', userPool: outputs.Pool }));
    await expect(verify(await deploy.issueToken({ sub: 'ada' }))).rejects.toThrow();
  });

  test('an issuer has one key, with which all of its tokens are signed', async () => {
    for (const request of [{ client: 'app' }, { userPool: outputs.Pool }, { issuer: 'https://issuer.example/x' }]) {
      const tokens = [];
      for (let count = 0; count < 2; count++) tokens.push(await deploy.issueToken({ sub: 'ada', ...request }));
      const [first, second] = tokens.map((token) => decodeProtectedHeader(token).kid);
      expect(first).toBe(second);
      expect(first).not.toBe(decodeProtectedHeader(await deploy.issueToken({ sub: 'a', issuer: 'https://other' })).kid);
    }
  });

  test('functions read the keys of a user pool at its address on AWS', async () => {
    const keys = await (await fetch(`${deploy.endpoint}/${outputs.Pool}/.well-known/jwks.json`)).json();
    const url = `${outputs.ProviderUrl}/.well-known/jwks.json`;
    expect(JSON.parse((await deploy.invokeFunction('the-function', url)).payload)).toEqual([keys, keys]);
  });

  test.each(['us-west-2_none', '_local/token', 'https://issuer.example'])('%s is no issuer', async (name) => {
    expect((await fetch(`${deploy.endpoint}/${name}/.well-known/jwks.json`)).status).toBe(403);
  });
});

describe('the token endpoint', () => {
  const send = (body: string, headers: { [name: string]: string } = {}, method = 'POST') =>
    fetch(`${deploy.endpoint}/_local/token`, { method, ...(method === 'POST' ? { body } : {}), headers });

  test('issues tokens to programs on this machine', async () => {
    const response = await send(JSON.stringify({ sub: 'ada', userPool: outputs.Pool, claims: { role: 'x' } }));
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { token } = (await response.json()) as { token: string };
    expect(decodeJwt(token)).toMatchObject({ sub: 'ada', iss: outputs.ProviderUrl, role: 'x' });
  });

  test.each(['{}', 'carrot', '[]', 'null', '{"sub":5}', '{"sub":"a","userPool":5}', '{"sub":"a","x":1}'])(
    'answers %s with 400 and the reason',
    async (body) => {
      const response = await send(body);
      expect(response.status).toBe(400);
      expect(((await response.json()) as { message: string }).message).not.toBe('');
    },
  );

  test('pages of loopback hosts can use it, other pages cannot', async () => {
    const origin = 'http://localhost:5173';
    const allowed = await send('{"sub":"ada"}', { origin });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    const preflight = await send('', { origin, 'access-control-request-method': 'POST' }, 'OPTIONS');
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'content-type']);
    for (const other of ['https://evil.example', 'null', 'http://localhost.evil.example']) {
      const refused = await send('{"sub":"ada"}', { origin: other });
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
  });

  test('a body of more than 64 KiB is refused', async () => {
    const sub = (length: number) => JSON.stringify({ sub: 'ada', claims: { text: 'x'.repeat(length) } });
    expect((await send(sub(60 * 1024))).status).toBe(200);
    expect((await send(sub(64 * 1024))).status).toBe(400);
  });

  test('accepts only POST', async () => {
    expect((await send('', {}, 'GET')).status).toBe(405);
  });
});

test('startLocal has the issuer and issues tokens', async () => {
  const local: Local = await startLocal();
  try {
    expect(local.issuer).toBe(`${local.deploy}/_local/issuer`);
    expect(decodeJwt(await local.issueToken({ sub: 'ada' }))).toMatchObject({ sub: 'ada', iss: local.issuer });
  } finally {
    await local.close();
  }
});

test('a client and a user pool that a stack deletes issue no more tokens', async () => {
  const client = (pool: string) => ({
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: { UserPoolId: { Ref: pool } },
  });
  const pools = { One: { Type: 'AWS::Cognito::UserPool' }, Two: { Type: 'AWS::Cognito::UserPool' } };
  const names = ['One', 'Two', 'A', 'B', 'C'];
  const Outputs = Object.fromEntries(names.map((name) => [name, output({ Ref: name })]));
  const resources = { ...pools, A: client('One'), B: client('One'), C: client('Two') };
  expect(await createStack(deploy, 'Deleted', resources, { Outputs })).toBe('CREATE_COMPLETE');
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'Deleted' });
  const ids = Object.fromEntries(
    [...text.matchAll(/<OutputKey>(\w+)<\/OutputKey><OutputValue>([^<]+)</g)].map(([, name, value]) => [name, value]),
  );
  const clientOf = async (pool: string, name?: string) =>
    decodeJwt(await deploy.issueToken({ sub: 'ada', userPool: ids[pool], client: name && ids[name] })).client_id;
  expect(await clientOf('One', 'B')).toBe(ids.B);
  await expect(clientOf('One', 'C')).rejects.toThrow('has no client');

  await updateStack(deploy, 'Deleted', { ...pools, A: client('One'), C: client('Two') });
  await expect(clientOf('One', 'B')).rejects.toThrow('has no client');
  expect(await clientOf('One')).toBe(ids.A);

  const token = await deploy.issueToken({ sub: 'ada', userPool: ids.One });
  await updateStack(deploy, 'Deleted', { Two: pools.Two, C: client('Two') });
  await expect(clientOf('One', 'A')).rejects.toThrow('does not exist');
  expect((await fetch(`${deploy.endpoint}/${ids.One}/.well-known/jwks.json`)).status).toBe(403);
  expect(await clientOf('Two')).toBe(ids.C);
  // The key of the pool is deleted.
  const later = await deploy.issueToken({ sub: 'ada', issuer: decodeJwt(token).iss });
  expect(decodeProtectedHeader(later).kid).not.toBe(decodeProtectedHeader(token).kid);
});

test.each(['Client', 'Group', 'Domain'])('a UserPool%s of a user pool that does not exist is refused', async (kind) => {
  const Properties = { UserPoolId: 'us-west-2_none', GroupName: 'g', Domain: 'd' };
  const resource = { Type: `AWS::Cognito::UserPool${kind}`, Properties };
  expect(await createStack(deploy, `Missing${kind}`, { Resource: resource })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, `Missing${kind}`)).toContain('User pool us-west-2_none does not exist.');
});
