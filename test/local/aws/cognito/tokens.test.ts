import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { startLocal, startLocalDeploy, type Local, type LocalDeploy, type TokenRequest } from '../../../../local';
import { issueToken } from '../../../../local/aws/cognito/issue-token';
import { TokenIssuers } from '../../../../local/aws/cognito/token-issuers';
import { UserPools } from '../../../../local/aws/cognito/user-pools';
import { VirtualClock } from '../../../../local/clock';
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
    expect(new Set([claims.jti, claims.origin_jti, claims.event_id]).size).toBe(3);
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
});

describe('issueToken', () => {
  const clock = new VirtualClock(1_800_000_000_999);
  const issuers = new TokenIssuers();
  const userPools = new UserPools('eu-west-1', '210987654321', issuers);
  const issue = (request: object) =>
    issueToken(request as TokenRequest, { clock, issuers, userPools, localIssuer: 'http://local' });
  const times = { iat: 1_800_000_000, exp: 1_800_003_600, jti: expect.any(String) };

  test.each<[object, object]>([
    [{}, { iss: 'http://local', ...times }],
    [{ client: 'app' }, { iss: 'http://local', aud: 'app', ...times }],
    [{ client: '' }, { iss: 'http://local', aud: '', ...times }],
    [{ issuer: 'https://a.example' }, { iss: 'https://a.example', ...times }],
    [{ issuer: '' }, { iss: '', ...times }],
    [{ expiresInSeconds: 0 }, { iss: 'http://local', ...times, exp: 1_800_000_000 }],
    [{ expiresInSeconds: -10 }, { iss: 'http://local', ...times, exp: 1_799_999_990 }],
    [{ client: 'app', claims: { aud: 'other', iat: 1, role: 'x' } }, {
      iss: 'http://local', ...times, aud: 'other', iat: 1, role: 'x',
    }],
  ])('with %j has these claims alone', async (request, expected) => {
    expect(decodeJwt(await issue({ sub: 'ada', ...request }))).toEqual({ sub: 'ada', ...expected });
  });

  const pool = userPools.create('eu-west-1_A');
  const empty = userPools.create('eu-west-1_B');
  const many = userPools.create('eu-west-1_C');
  pool.clients.add('one');
  many.clients.add('one').add('two');

  const given = { 'sub': 'eve', 'scope': 's', 'username': 'e', 'cognito:username': 'e', 'exp': 5 };
  test.each<[object, string]>([
    [{ userPool: pool.id, claims: given }, 'access'],
    [{ userPool: pool.id, claims: given, tokenUse: 'id', client: 'one' }, 'id'],
  ])('of a user pool with %j has the time, and additional claims take precedence', async (request, use) => {
    expect(decodeJwt(await issue({ sub: 'ada', ...request }))).toMatchObject({
      ...times,
      auth_time: 1_800_000_000,
      iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A',
      ...given,
      token_use: use,
    });
  });

  const fields = 'sub, claims, userPool, issuer, client, tokenUse, expiresInSeconds';
  test.each<[unknown, string]>([
    [null, 'The request must be an object with the field sub'],
    [[], 'The request must be an object with the field sub'],
    ['ada', 'The request must be an object with the field sub'],
    [{}, 'sub must be the ID of the user'],
    [{ sub: '' }, 'sub must be the ID of the user'],
    [{ sub: 5 }, 'sub must be the ID of the user'],
    [{ sub: '', audience: 'b' }, `Unknown field audience. The fields are ${fields}`],
    [{ sub: 'a', userPool: 5 }, 'userPool must be a string'],
    [{ sub: 'a', issuer: 5 }, 'issuer must be a string'],
    [{ sub: 'a', client: 0 }, 'client must be a string'],
    [{ sub: 'a', userPool: null }, 'userPool must be a string'],
    [{ sub: 'a', issuer: null }, 'issuer must be a string'],
    [{ sub: 'a', client: null }, 'client must be a string'],
    [
      { sub: 'a', userPool: '', issuer: '' },
      'userPool and issuer exclude each other: a user pool is its own issuer',
    ],
    [
      { sub: 'a', userPool: pool.id, issuer: 'https://a.example' },
      'userPool and issuer exclude each other: a user pool is its own issuer',
    ],
    [{ sub: 'a', claims: [] }, 'claims must be an object'],
    [{ sub: 'a', claims: null }, 'claims must be an object'],
    [{ sub: 'a', claims: 'b' }, 'claims must be an object'],
    [{ sub: 'a', tokenUse: 'refresh' }, 'tokenUse must be access or id, got "refresh"'],
    [{ sub: 'a', tokenUse: null }, 'tokenUse must be access or id, got null'],
    [{ sub: 'a', tokenUse: 'ids' }, 'tokenUse must be access or id, got "ids"'],
    [{ sub: 'a', expiresInSeconds: Infinity }, 'expiresInSeconds must be a number of seconds'],
    [{ sub: 'a', expiresInSeconds: NaN }, 'expiresInSeconds must be a number of seconds'],
    [{ sub: 'a', expiresInSeconds: null }, 'expiresInSeconds must be a number of seconds'],
    [{ sub: 'a', expiresInSeconds: '5' }, 'expiresInSeconds must be a number of seconds'],
    [
      { sub: 'a', userPool: 'none' },
      'The user pool "none" does not exist. Deployed user pools: eu-west-1_A, eu-west-1_B, eu-west-1_C',
    ],
    [
      { sub: 'a', userPool: '' },
      'The user pool "" does not exist. Deployed user pools: eu-west-1_A, eu-west-1_B, eu-west-1_C',
    ],
    [
      { sub: 'a', userPool: 'none', client: 'one' },
      'The user pool "none" does not exist. Deployed user pools: eu-west-1_A, eu-west-1_B, eu-west-1_C',
    ],
    [{ sub: 'a', userPool: empty.id }, 'client is required, because the user pool eu-west-1_B has 0 clients'],
    [{ sub: 'a', userPool: many.id }, 'client is required, because the user pool eu-west-1_C has 2 clients: one, two'],
    [
      { sub: 'a', userPool: many.id, client: 'on' },
      'The user pool eu-west-1_C has no client "on". Its clients: one, two',
    ],
    [
      { sub: 'a', userPool: empty.id, client: 'one' },
      'The user pool eu-west-1_B has no client "one". Its clients: none',
    ],
  ])('refuses %j', async (request, message) => {
    await expect(issue(request as object)).rejects.toThrow(new Error(message));
  });

  test('without a user pool names none', async () => {
    const none = new UserPools('eu-west-1', '210987654321', issuers);
    await expect(issueToken(
      { sub: 'a', userPool: 'b' },
      { clock, issuers, userPools: none, localIssuer: 'http://local' },
    )).rejects.toThrow(new Error('The user pool "b" does not exist. No user pool is deployed.'));
  });

  test('signs with the keys of the issuer, until it is removed', async () => {
    const token = await issue({ sub: 'ada' });
    issuers.add('http://local');
    const keySet = (await issuers.keySetOf('http://local'))!;
    await jwtVerify(token, createLocalJWKSet(keySet), { currentDate: new Date(clock.now()) });
    expect(await issuers.keySetOf('http://none')).toBeUndefined();
    issuers.remove('http://local');
    expect(await issuers.keySetOf('http://local')).toBeUndefined();
  });

  test('a user pool has one key from its beginning, also for tokens that are issued at once', async () => {
    const { keys } = (await issuers.keySetOf(many.issuer))!;
    const request = { sub: 'ada', userPool: empty.id, client: 'late' };
    empty.clients.add('late');
    const ofAnother = { ...request, userPool: many.id, client: 'one' };
    const tokens = await Promise.all([request, request, ofAnother].map(issue));
    const [first, second, other] = tokens.map((token) => decodeProtectedHeader(token).kid);
    expect([second, [{ kid: other }]]).toEqual([first, keys.map(({ kid }) => ({ kid }))]);
    expect(other).not.toBe(first);
  });
});

describe('the issuers', () => {
  const discovery = async (base: string) =>
    (await (await fetch(`${base}/.well-known/openid-configuration`)).json()) as { issuer: string; jwks_uri: string };

  test('the local issuer serves its keys at its URL', async () => {
    expect(deploy.issuer).toBe(`${deploy.endpoint}/_local/issuer`);
    const document = await discovery(deploy.issuer);
    expect(document).toEqual({
      issuer: deploy.issuer,
      jwks_uri: `${deploy.issuer}/.well-known/jwks.json`,
      response_types_supported: ['code', 'token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
    const { jwks_uri } = document;
    const token = await deploy.issueToken({ sub: 'ada', client: 'app' });
    const { payload, protectedHeader } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), {
      issuer: deploy.issuer,
      audience: 'app',
      algorithms: ['RS256'],
    });
    expect(payload.sub).toBe('ada');
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: expect.any(String) });
  });

  test('a user pool serves its keys below the endpoint, and each issuer has its own', async () => {
    const { issuer, jwks_uri } = await discovery(`${deploy.endpoint}/${outputs.Pool}`);
    expect(issuer).toBe(outputs.ProviderUrl);
    expect(jwks_uri).toBe(`${deploy.endpoint}/${outputs.Pool}/.well-known/jwks.json`);
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

  test.each(['openid-configuration', 'jwks.json'])('%s can only be read', async (name) => {
    for (const method of ['POST', 'PUT']) {
      const response = await fetch(`${deploy.issuer}/.well-known/${name}`, { method });
      expect([response.status, await response.json()]).toEqual([405, { message: 'Method Not Allowed' }]);
    }
    expect((await fetch(`${deploy.issuer}/.well-known/${name}x`)).status).toBe(403);
    expect((await fetch(`${deploy.issuer}/.well-known/${name}?a=b`)).status).toBe(200);
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
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers))
      .toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' });
    const { token } = (await response.json()) as { token: string };
    expect(decodeJwt(token)).toMatchObject({ sub: 'ada', iss: outputs.ProviderUrl, role: 'x' });
  });

  test.each([
    ['{}', 'sub must be the ID of the user'],
    ['carrot', expect.stringContaining('is not valid JSON')],
    ['null', 'The request must be an object with the field sub'],
  ])('answers %s with 400 and the reason', async (body, message) => {
    const response = await send(body);
    expect([response.status, response.headers.get('content-type'), await response.json()])
      .toEqual([400, 'application/json', { message }]);
  });

  test('pages of loopback hosts can use it, other pages cannot', async () => {
    const origin = 'http://localhost:5173';
    const allowed = await send('{"sub":"ada"}', { origin });
    const preflight = await send('', { origin, 'access-control-request-method': 'POST' }, 'OPTIONS');
    const keys = await fetch(`${deploy.issuer}/.well-known/jwks.json`, { headers: { origin } });
    const invalid = await send('{}', { origin });
    const wrongMethod = await send('', { origin }, 'GET');
    const [document, keysPreflight, keysMethod] = await Promise.all([
      fetch(`${deploy.issuer}/.well-known/openid-configuration`, { headers: { origin } }),
      fetch(`${deploy.issuer}/.well-known/jwks.json`, { method: 'OPTIONS', headers: { origin } }),
      fetch(`${deploy.issuer}/.well-known/jwks.json`, { method: 'PUT', headers: { origin } }),
    ]);
    const answers = [allowed, preflight, keys, invalid, wrongMethod, document, keysPreflight, keysMethod];
    expect(answers.map(({ status }) => status)).toEqual([200, 204, 200, 400, 405, 200, 204, 405]);
    for (const { headers } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'access-control-allow-origin': origin, 'access-control-allow-headers': 'content-type', 'vary': 'Origin',
      });
    }
    expect((await send('{"sub":"ada"}')).headers.get('access-control-allow-origin')).toBeNull();
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
    for (const method of ['GET', 'PUT']) {
      const response = await send('', {}, method);
      expect([response.status, await response.json()]).toEqual([405, { message: 'Method Not Allowed' }]);
    }
    const other = await fetch(`${deploy.endpoint}/_local/tokens`, { method: 'POST', body: '{"sub":"ada"}' });
    expect(other.status).toBe(403);
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
