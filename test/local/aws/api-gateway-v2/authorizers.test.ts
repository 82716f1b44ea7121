import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import {
  authorizer,
  deployHttpApi,
  httpApi,
  integration,
  jwtAuthorizer,
  permission,
  route,
  stage,
  updateStack,
} from './deploy-http-api';

jest.setTimeout(60_000);

const issuer = 'https://issuer.example/';
const source = `
exports.handler = async (event) => {
  if (event.type !== 'REQUEST') {
    return event.version === '1.0' ? { statusCode: 200, body: JSON.stringify(event) } : event;
  }
  const [key, , third] = [event.identitySource].flat();
  if (key === 'fail') throw new Error('the authorizer is broken');
  if (third) return { isAuthorized: true, context: { sources: event.identitySource } };
  const arn = event.routeArn ?? event.methodArn;
  const policy = (Effect, Resource) => ({
    principalId: 'p',
    policyDocument: { Version: '2012-10-17', Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }] },
    context: { role: 'viewer' },
  });
  console.log('asked', key, event.version, event.routeKey ?? event.resource);
  return {
    yes: { isAuthorized: true, context: { role: 'viewer', level: 3, nested: { a: [1] } } },
    no: { isAuthorized: false },
    null: { isAuthorized: true },
    text: { isAuthorized: 'true' },
    allow: policy('Allow', arn),
    deny: policy('Deny', arn),
    other: policy('Allow', arn + '/other'),
    event: { ...policy('Allow', arn), isAuthorized: true, context: { event } },
  }[key];
};`;

/** An issuer outside of the local service, with its own key. */
let outside: { readonly server: Server; readonly url: string; requests: string[] };
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });

let deploy: LocalDeploy;
let url: string;
const asked: string[] = [];
/** The reasons of refused requests. */
const reasons: (string | undefined)[] = [];

/** The identity sources of a request to `/named/every/1?q=%201&q=2%20`, with their values. */
const sourceValues: { readonly [source: string]: unknown } = {
  '$request.header.X-Key': 'a,b',
  '$request.querystring.q': ' 1,2 ',
  '$stageVariables.color': 'green',
  '$context.routeKey': 'ANY /every/{x}',
  '$context.stage': 'named',
  '$context.httpMethod': 'PUT',
  '$context.path': '/named/every/1',
  '$context.apiId': expect.stringMatching(/^[a-z0-9]{10}$/),
  '$context.accountId': '123456789012',
  '$context.domainName': expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  '$context.identity.sourceIp': '127.0.0.1',
  '$context.identity.userAgent': 'test',
};

const role = (RoleName: string, Action: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName,
    AssumeRolePolicyDocument: {},
    Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] } }],
  },
});

beforeAll(async () => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url!);
    const jwkOf = ({ publicKey }: typeof keys) =>
      ({ ...publicKey.export({ format: 'jwk' }), kid: 'key', use: 'sig', alg: 'RS256' });
    response.setHeader('content-type', 'application/json');
    response.statusCode = request.url!.startsWith('/no-document/') ? 500 : 200;
    const documents: { readonly [path: string]: object } = {
      '/.well-known/openid-configuration': { issuer: outside.url, jwks_uri: `${outside.url}/keys` },
      '/keys': { keys: [jwkOf(keys), ...['RS384', 'RS512'].map((alg) => ({ ...jwkOf(keys), kid: alg, alg }))] },
      '/no-document/.well-known/openid-configuration': { jwks_uri: `${outside.url}/keys` },
      '/insecure-keys/.well-known/openid-configuration': { jwks_uri: 'http://issuer.example/keys' },
      '/second/.well-known/openid-configuration': { jwks_uri: `${outside.url}/second-keys` },
      '/second-keys': { keys: [jwkOf(otherKeys)] },
    };
    response.end(JSON.stringify(documents[request.url!] ?? {}));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  outside = { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };

  deploy = await startLocalDeploy({
    log: (event) => {
      if (event.kind === 'function-output' && event.line.includes('asked')) asked.push(event.line);
      if (event.kind === 'request' && event.service === 'execute-api') reasons.push(event.errorCode);
    },
  });
  const jwt = (id: string, more: object = {}) => ({ AuthorizationType: 'JWT', AuthorizerId: { Ref: id }, ...more });
  const custom = (id: string) => ({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: id } });
  const lambda = (properties: object) => authorizer('REQUEST', {
    AuthorizerUri: {
      'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations',
    },
    AuthorizerPayloadFormatVersion: '2.0',
    AuthorizerResultTtlInSeconds: 0,
    ...properties,
  });
  const withRole = (logicalId: string) =>
    lambda({ EnableSimpleResponses: true, AuthorizerCredentialsArn: { 'Fn::GetAtt': [logicalId, 'Arn'] } });
  url = await deployHttpApi(deploy, httpApi(source, {
    Jwt: jwtAuthorizer(issuer, ['app', 'other-app']),
    JwtQuery: jwtAuthorizer(issuer, ['app'], { IdentitySource: ['$request.querystring.token'] }),
    Outside: jwtAuthorizer(outside.url, ['app']),
    Unreachable: jwtAuthorizer('http://127.0.0.1:1', ['app']),
    Simple: lambda({ EnableSimpleResponses: 'true' }),
    Cached: lambda({ EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 60 }),
    CachedByDefault: lambda({ EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: undefined }),
    CachedPolicy: lambda({ AuthorizerResultTtlInSeconds: 60 }),
    Policy: lambda({ EnableSimpleResponses: 'false' }),
    Old: lambda({ AuthorizerPayloadFormatVersion: '1.0' }),
    TwoSources: lambda({
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization', '$request.querystring.q'],
    }),
    NoSources: lambda({ EnableSimpleResponses: true, IdentitySource: [], AuthorizerResultTtlInSeconds: 60 }),
    EverySource: lambda({ EnableSimpleResponses: true, IdentitySource: Object.keys(sourceValues) }),
    UnknownSource: lambda({ EnableSimpleResponses: true, IdentitySource: ['$context.carrot'] }),
    Invoker: role('invoker', 'lambda:InvokeFunction'),
    NoInvoker: role('no-invoker', 'lambda:GetFunction'),
    ByRole: withRole('Invoker'),
    ByOtherRole: withRole('NoInvoker'),
    SecondOutside: jwtAuthorizer(`${outside.url}/second`, ['app']),
    NoDocument: jwtAuthorizer(`${outside.url}/no-document`, ['app']),
    NoKeys: jwtAuthorizer(`${outside.url}/no-keys`, ['app']),
    InsecureKeys: jwtAuthorizer(`${outside.url}/insecure-keys`, ['app']),
    Old1: integration({ PayloadFormatVersion: '1.0' }),
    Named: stage('named', { StageVariables: { color: 'green' } }),
    JwtRoute: route('GET /jwt', jwt('Jwt')),
    QueryRoute: route('GET /query', jwt('JwtQuery')),
    ScopeRoute: route('GET /scope', jwt('Jwt', { AuthorizationScopes: ['read', 'write'] })),
    OutsideRoute: route('GET /outside', jwt('Outside')),
    UnreachableRoute: route('GET /unreachable', jwt('Unreachable')),
    SimpleRoute: route('GET /simple', custom('Simple')),
    CachedRoute: route('GET /cached', custom('Cached')),
    CachedOtherRoute: route('GET /cached-other', custom('Cached')),
    CachedPolicyRoute: route('GET /cached-policy', custom('CachedPolicy')),
    CachedPolicyOtherRoute: route('GET /cached-policy-other', custom('CachedPolicy')),
    PolicyRoute: route('GET /policy', custom('Policy')),
    OldRoute: route('GET /old/{x}', custom('Old')),
    TwoRoute: route('GET /two', custom('TwoSources')),
    NoneRoute: route('GET /none', custom('NoSources')),
    CachedByDefaultRoute: route('GET /cached-by-default', custom('CachedByDefault')),
    EverySourceRoute: route('ANY /every/{x}', custom('EverySource')),
    UnknownSourceRoute: route('GET /unknown', custom('UnknownSource')),
    ByRoleRoute: route('GET /by-role', custom('ByRole')),
    ByOtherRoleRoute: route('GET /by-other-role', custom('ByOtherRole')),
    SecondOutsideRoute: route('GET /second-outside', jwt('SecondOutside')),
    NoDocumentRoute: route('GET /no-document', jwt('NoDocument')),
    NoKeysRoute: route('GET /no-keys', jwt('NoKeys')),
    InsecureKeysRoute: route('GET /insecure-keys', jwt('InsecureKeys')),
    OldJwtRoute: route('GET /old-jwt', jwt('Jwt'), 'Old1'),
    OldLambdaRoute: route('GET /old-lambda', custom('Simple'), 'Old1'),
  }));
});
afterAll(async () => {
  await deploy.close();
  outside.server.close();
});
beforeEach(() => asked.splice(0));
afterEach(() => jest.restoreAllMocks());

/** Moves the clock of the local service. */
function later(seconds: number): void {
  const time = Date.now() + seconds * 1000;
  jest.spyOn(Date, 'now').mockImplementation(() => time);
}

const get = (path: string, token?: string) =>
  fetch(url + path, { headers: token === undefined ? {} : { authorization: token } });
const authorizerOf = async (response: Response) => ((await response.json()) as any).requestContext.authorizer;

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs a token without the code of the local service. */
function sign(claims: object, { header = {}, key = keys.privateKey }: { header?: object; key?: KeyObject } = {}) {
  const text = `${encode({ alg: 'RS256', kid: 'key', ...header })}.${encode(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
}

const now = Math.floor(Date.now() / 1000);
const valid = () => ({ iss: outside.url, aud: 'app', sub: 'ada', iat: now - 10, exp: now + 600 });

describe('a JWT authorizer', () => {
  test.each(['Bearer ', 'bearer ', 'Bearer   ', ''])('accepts a token after %j', async (prefix) => {
    const token = await deploy.issueToken({ sub: 'ada', issuer, client: 'app' });
    expect((await get('/jwt', prefix + token)).status).toBe(200);
  });

  test('passes the claims as texts', async () => {
    const token = await deploy.issueToken({
      sub: 'ada',
      issuer,
      client: 'app',
      claims: {
        groups: ['admin', 'power user'],
        text: '[admin]',
        one: ['admin'],
        number: 1,
        fraction: 1.5,
        yes: true,
        nothing: null,
        none: [],
        nested: { b: 1, B: 2, a: ['x'] },
        mixed: [null, { c: null }],
        aud: ['app', 'second'],
      },
    });
    const { jwt } = await authorizerOf(await get('/jwt', token));
    expect(jwt.scopes).toBeNull();
    expect(jwt.claims).toEqual({
      sub: 'ada',
      iss: issuer,
      aud: '[app second]',
      iat: expect.stringMatching(/^\d{10}$/),
      exp: expect.stringMatching(/^\d{10}$/),
      jti: expect.any(String),
      groups: '[admin power user]',
      text: '[admin]',
      one: '[admin]',
      number: '1',
      fraction: '1.5',
      yes: 'true',
      none: '[]',
      nested: 'map[B:2 a:[x] b:1]',
      mixed: '[<nil> map[c:<nil>]]',
    });
  });

  test('reads the token from a query parameter', async () => {
    const token = await deploy.issueToken({ sub: 'ada', issuer, client: 'app' });
    expect((await get(`/query?token=${token}`)).status).toBe(200);
    expect((await get('/query', token)).status).toBe(401);
  });

  test.each([
    ['another issuer', { iss: 'https://other.example/' }, 'invalid issuer'],
    ['an issuer without the slash at the end', { iss: 'https://issuer.example' }, 'invalid issuer'],
    ['another audience', { aud: 'third-app' }, 'the token does not have a valid audience'],
    ['no audience', { aud: undefined }, 'the token does not have a valid audience'],
    ['another client and no audience', { aud: undefined, client_id: 'x' }, 'the token does not have a valid audience'],
    // The audience takes precedence over the client.
    ['an empty audience and a valid client', { aud: '', client_id: 'app' }, 'the token does not have a valid audience'],
    ['another audience and a valid client', { aud: 'x', client_id: 'app' }, 'the token does not have a valid audience'],
    ['an expired token', { exp: now - 1 }, 'the token has expired'],
    ['no expiry', { exp: undefined }, 'invalid exp'],
    ['a token that is not valid yet', { nbf: now + 600 }, 'the token is not valid yet'],
    ['a token of the future', { iat: now + 600 }, 'the token was issued in the future'],
  ])('refuses %s', async (_, claims, description) => {
    const response = await get('/jwt', await deploy.issueToken({ sub: 'ada', issuer, client: 'app', claims }));
    expect([response.status, await response.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer scope="" error="invalid_token" error_description="${description}"`,
    );
  });

  test('accepts a token in the second in which it was issued, and until the second of its expiry', async () => {
    later(0);
    const time = Math.floor(Date.now() / 1000);
    const statusWith = async (claims: object) =>
      (await get('/jwt', await deploy.issueToken({ sub: 'ada', issuer, client: 'app', claims: { ...claims } }))).status;
    expect([await statusWith({ iat: time, exp: time + 1 }), await statusWith({ iat: undefined })]).toEqual([200, 200]);
    expect([await statusWith({ iat: time + 1 }), await statusWith({ exp: time })]).toEqual([401, 401]);
  });

  test('accepts client_id without an audience', async () => {
    const claims = { client_id: 'app' };
    expect((await get('/jwt', await deploy.issueToken({ sub: 'ada', issuer, claims }))).status).toBe(200);
  });

  test('requires a scope of the route', async () => {
    const withClaims = async (claims: object) =>
      get('/scope', await deploy.issueToken({ sub: 'ada', issuer, client: 'app', claims: { ...claims } }));
    const response = await withClaims({ scope: 'email read' });
    expect((await authorizerOf(response)).jwt.scopes).toEqual(['read', 'write']);
    expect((await withClaims({ scp: ['write'] })).status).toBe(200);
    for (const claims of [
      {}, { scope: 'email' }, { scope: 'reader' }, { scope: 'email,read' }, { scope: 'email', scp: ['read'] },
      { scope: '', scp: ['read'] }, { permissions: ['read'] },
    ]) {
      const refused = await withClaims(claims);
      expect([refused.status, await refused.text()]).toEqual([403, '{"message":"Forbidden"}']);
      expect(refused.headers.get('www-authenticate')).toBe(
        'Bearer scope="read write" error="insufficient_scope" '
        + 'error_description="the token requires one of the scopes: read write"',
      );
    }
    // Another fault of the token precedes a missing scope.
    for (const claims of [{ iat: now + 600 }, { aud: 'x' }]) expect((await withClaims(claims)).status).toBe(401);
  });

  test('reads the keys of an issuer on another server once', async () => {
    for (let count = 0; count < 2; count++) expect((await get('/outside', sign(valid()))).status).toBe(200);
    expect(outside.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  test('reads the keys of an issuer again after two hours', async () => {
    const status = async () => (await get('/outside', sign({ ...valid(), exp: now + 4 * 3600 }))).status;
    expect(await status()).toBe(200);
    outside.requests.splice(0);
    later(2 * 3600 - 30);
    expect([await status(), outside.requests]).toEqual([200, []]);
    later(60);
    expect([await status(), outside.requests]).toEqual([200, ['/.well-known/openid-configuration', '/keys']]);
  });

  test('has the keys of its own issuer only', async () => {
    const iss = `${outside.url}/second`;
    expect((await get('/outside', sign(valid()))).status).toBe(200);
    expect((await get('/second-outside', sign({ ...valid(), iss }))).status).toBe(401);
    expect((await get('/second-outside', sign({ ...valid(), iss }, { key: otherKeys.privateKey }))).status).toBe(200);
  });

  test.each(['RS384', 'RS512'])('accepts a signature with %s', async (alg) => {
    const signed = `${encode({ alg, kid: alg })}.${encode(valid())}`;
    const signature = createSign(alg.replace('RS', 'RSA-SHA')).update(signed).sign(keys.privateKey);
    expect((await get('/outside', `${signed}.${signature.toString('base64url')}`)).status).toBe(200);
  });

  test.each(['/no-document', '/no-keys', '/insecure-keys'])(
    'refuses a token when the discovery document of the issuer is not valid (%s)',
    async (path) => {
      const response = await get(path, sign({ ...valid(), iss: outside.url + path }));
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer scope="" error="invalid_token" error_description="OIDC discovery endpoint communication error"',
      ]);
    },
  );

  test('accepts all tokens of an issuer of this process until they expire', async () => {
    const tokens: string[] = [];
    for (let count = 0; count < 2; count++) {
      tokens.push(await deploy.issueToken({ sub: 'ada', issuer, client: 'app', expiresInSeconds: 100 }));
    }
    const statuses = async () => Promise.all(tokens.map(async (token) => (await get('/jwt', token)).status));
    expect(await statuses()).toEqual([200, 200]);
    later(90);
    expect(await statuses()).toEqual([200, 200]);
    later(20);
    expect(await statuses()).toEqual([401, 401]);
  });

  test('passes claims and scopes in payload format 1.0', async () => {
    const authorization = await deploy.issueToken({ sub: 'ada', issuer, client: 'app' });
    expect(await authorizerOf(await get('/old-jwt', authorization))).toEqual({
      claims: expect.objectContaining({ sub: 'ada', aud: 'app' }),
      scopes: null,
    });
  });

  test('refuses a token when the keys of the issuer cannot be read', async () => {
    const response = await get('/unreachable', sign({ ...valid(), iss: 'http://127.0.0.1:1' }));
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer scope="" error="invalid_token" error_description="OIDC discovery endpoint communication error"',
    ]);
  });

  test('refuses each forged token', async () => {
    const publicPem = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const hmac = (alg: string, secret: string) => {
      const text = `${encode({ alg, kid: 'key' })}.${encode(valid())}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const [header, , signature] = sign(valid()).split('.');
    const malformed = 'the token is malformed';
    const wrongSignature = 'crypto/rsa: verification error';
    const forged: { readonly [name: string]: readonly [token: string, description: string] } = {
      'no algorithm': [
        `${encode({ alg: 'none', kid: 'key' })}.${encode(valid())}.`,
        'signing method none is invalid',
      ],
      'no algorithm, in mixed case': [
        `${encode({ alg: 'nOnE', kid: 'key' })}.${encode(valid())}.`,
        'signing method nOnE is invalid',
      ],
      'an algorithm that no header can contain': [
        `${encode({ alg: 'nö\r\nne', kid: 'key' })}.${encode(valid())}.`,
        'signing method nne is invalid',
      ],
      'no signature': [`${header}.${encode(valid())}.`, wrongSignature],
      'the public key as a shared secret': [hmac('HS256', publicPem), 'signing method HS256 is invalid'],
      'the public key as a shared secret, with another header': [hmac('RS256', publicPem), wrongSignature],
      'another key': [sign(valid(), { key: otherKeys.privateKey }), wrongSignature],
      'another key in the header': [
        sign(valid(), {
          key: otherKeys.privateKey,
          header: { jwk: otherKeys.publicKey.export({ format: 'jwk' }) },
        }),
        wrongSignature,
      ],
      'an unknown key ID': [sign(valid(), { header: { kid: 'other' } }), 'unknown kid'],
      'no key ID': [sign(valid(), { header: { kid: undefined } }), 'the token does not have a kid'],
      'changed claims': [`${header}.${encode({ ...valid(), sub: 'eve' })}.${signature}`, wrongSignature],
      'no token': ['carrot', malformed],
      'two tokens': [`${sign(valid())} ${sign(valid())}`, malformed],
      'a nested prefix': [`Bearer Bearer ${sign(valid())}`, malformed],
      'an unknown critical extension': [sign(valid(), { header: { crit: ['x'], x: 1 } }), malformed],
    };
    for (const [name, [token, description]] of Object.entries(forged)) {
      const response = await get('/outside', token);
      expect([name, response.status, await response.text(), response.headers.get('www-authenticate')]).toEqual([
        name,
        401,
        '{"message":"Unauthorized"}',
        `Bearer scope="" error="invalid_token" error_description="${description}"`,
      ]);
    }
    // The same helper also makes a valid token.
    expect((await get('/outside', sign(valid()))).status).toBe(200);
  });

  test.each([
    [undefined, 'Bearer'],
    ['', 'Bearer'],
    ['Bearer', 'Bearer scope="" error="invalid_token" error_description="the token is malformed"'],
  ])('refuses a request with the authorization %j', async (token, challenge) => {
    const response = await get('/jwt', token);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, challenge]);
  });

  test('an issuer of this process does not accept tokens of another issuer of this process', async () => {
    const token = await deploy.issueToken({
      sub: 'ada',
      issuer: 'https://second.example',
      client: 'app',
      claims: { iss: issuer },
    });
    expect((await get('/jwt', token)).status).toBe(401);
  });
});

describe('a Lambda authorizer', () => {
  test('with simple responses', async () => {
    const response = await get('/simple', 'yes');
    expect(await authorizerOf(response)).toEqual({ lambda: { role: 'viewer', level: 3, nested: { a: [1] } } });
    expect(asked).toEqual([expect.stringContaining('asked yes 2.0 GET /simple')]);
    const refused = await get('/simple', 'no');
    expect([refused.status, await refused.text()]).toEqual([403, '{"message":"Forbidden"}']);
  });

  test.each([
    ['/simple', 'text', 'The response of the Lambda authorizer has no isAuthorized'],
    ['/simple', 'carrot', 'The response of the Lambda authorizer has no isAuthorized'],
    ['/simple', 'allow', 'The response of the Lambda authorizer has no isAuthorized'],
    ['/policy', 'yes', 'The response of the Lambda authorizer has no policyDocument'],
    ['/policy', 'carrot', 'The response of the Lambda authorizer has no policyDocument'],
    [
      '/simple', 'fail',
      'The Lambda authorizer failed: {"errorType":"Error","errorMessage":"the authorizer is broken"',
    ],
  ])('of %s with an invalid response (%s) is 500', async (path, token, reason) => {
    const response = await get(path, token);
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(reasons.at(-1)).toContain(reason);
  });

  test('has no context if the function returns none', async () => {
    expect(await authorizerOf(await get('/simple', 'null'))).toEqual({ lambda: null });
  });

  test('with policies', async () => {
    expect(await authorizerOf(await get('/policy', 'allow'))).toEqual({ lambda: { role: 'viewer' } });
    for (const token of ['deny', 'other']) expect((await get('/policy', token)).status).toBe(403);
    expect(reasons.at(-1)).toBe('The Lambda authorizer denied the request');
  });

  test('with payload format 1.0', async () => {
    expect((await get('/old/a', 'allow')).status).toBe(200);
    expect(asked).toEqual([expect.stringContaining('asked allow 1.0 /old/{x}')]);
    expect((await get('/old/a', 'deny')).status).toBe(403);
  });

  test('requires all identity sources, and is not invoked without them', async () => {
    for (const [path, token] of [['/two'], ['/two?q=1'], ['/two', 'yes'], ['/two?q=', 'yes']] as const) {
      const response = await get(path, token);
      expect([response.status, response.headers.get('www-authenticate'), await response.text()])
        .toEqual([401, null, '{"message":"Unauthorized"}']);
    }
    expect(asked).toEqual([]);
    expect(reasons.at(-1)).toBe('The request does not have all identity sources');
    expect((await get('/two?q=1', 'yes')).status).toBe(200);
  });

  test('without identity sources is always invoked', async () => {
    for (let count = 0; count < 2; count++) expect((await get('/none')).status).toBe(200);
    expect(asked).toHaveLength(2);
  });

  test('a cached simple response decides for all routes', async () => {
    expect((await get('/cached', 'yes')).status).toBe(200);
    expect((await get('/cached-other', 'yes')).status).toBe(200);
    expect(asked).toHaveLength(1);
    expect((await get('/cached', 'no')).status).toBe(403);
    expect((await get('/cached', 'no')).status).toBe(403);
    expect(asked).toHaveLength(2);
  });

  test('a cached policy is evaluated for each route', async () => {
    expect((await get('/cached-policy', 'allow')).status).toBe(200);
    expect((await get('/cached-policy-other', 'allow')).status).toBe(403);
    expect(asked).toHaveLength(1);
  });

  test('a cached result expires after the TTL, which is 300 seconds by default', async () => {
    for (const [path, ttl] of [['/cached', 60], ['/cached-by-default', 300]] as const) {
      asked.splice(0);
      later(3600); // earlier results have expired
      expect((await get(path, 'yes')).status).toBe(200);
      later(ttl - 1);
      expect((await get(path, 'yes')).status).toBe(200);
      expect(asked).toHaveLength(1);
      later(2);
      expect((await get(path, 'yes')).status).toBe(200);
      expect(asked).toHaveLength(2);
    }
  });

  test('does not use the cached results of another authorizer', async () => {
    later(3600);
    expect((await get('/cached', 'event')).status).toBe(200);
    expect((await get('/cached-by-default', 'event')).status).toBe(200);
    expect(asked).toHaveLength(2);
  });

  test('with a TTL of 0 is asked for each request', async () => {
    for (let count = 0; count < 2; count++) expect((await get('/simple', 'yes')).status).toBe(200);
    expect(asked).toHaveLength(2);
  });

  test('receives the value of each kind of identity source', async () => {
    const response = await fetch(`${url}/named/every/1?q=%201&q=2%20`, {
      method: 'PUT',
      headers: [['x-key', 'a'], ['x-key', 'b'], ['user-agent', 'test']],
    });
    const { lambda } = await authorizerOf(response);
    const [header, ...others] = lambda.sources as string[];
    expect([header!.replace(', ', ','), ...others]).toEqual(Object.values(sourceValues));
    expect((await get('/unknown', 'yes')).status).toBe(401);
  });

  test('receives an event of format 2.0', async () => {
    const response = await fetch(`${url}/simple?a=1&a=2`, { headers: { authorization: 'event', cookie: 'c=1; d=2' } });
    const { lambda } = await authorizerOf(response);
    const requestId = response.headers.get('apigw-requestid');
    expect(lambda.event).toEqual({
      version: '2.0',
      type: 'REQUEST',
      routeArn: expect.stringMatching(
        /^arn:aws:execute-api:us-west-2:123456789012:[a-z0-9]{10}\/\$default\/GET\/simple$/,
      ),
      identitySource: ['event'],
      routeKey: 'GET /simple',
      rawPath: '/simple',
      rawQueryString: 'a=1&a=2',
      cookies: ['c=1', 'd=2'],
      headers: expect.objectContaining({ authorization: 'event' }),
      queryStringParameters: { a: '1,2' },
      requestContext: expect.objectContaining({ requestId, routeKey: 'GET /simple', stage: '$default' }),
    });
    expect(lambda.event.requestContext).not.toHaveProperty('authorizer');
  });

  test('receives an event of format 1.0', async () => {
    const { lambda } = await authorizerOf(await get('/old/b?a=1&a=2', 'event'));
    expect(lambda.event).toEqual({
      version: '1.0',
      type: 'REQUEST',
      methodArn: expect.stringMatching(
        /^arn:aws:execute-api:us-west-2:123456789012:[a-z0-9]{10}\/\$default\/GET\/old\/b$/,
      ),
      identitySource: 'event',
      authorizationToken: 'event',
      resource: '/old/{x}',
      path: '/old/b',
      httpMethod: 'GET',
      headers: expect.objectContaining({ authorization: 'event' }),
      multiValueHeaders: expect.objectContaining({ authorization: ['event'] }),
      queryStringParameters: { a: '2' },
      multiValueQueryStringParameters: { a: ['1', '2'] },
      pathParameters: { x: 'b' },
      stageVariables: null,
      requestContext: expect.objectContaining({ resourcePath: '/old/{x}', httpMethod: 'GET', stage: '$default' }),
    });
    expect(lambda.event.requestContext).not.toHaveProperty('authorizer');
  });

  test('passes its context in payload format 1.0', async () => {
    expect(await authorizerOf(await get('/old-lambda', 'yes'))).toEqual({
      role: 'viewer',
      level: 3,
      nested: { a: [1] },
    });
  });

  test('with credentials needs a role that allows lambda:InvokeFunction', async () => {
    expect((await get('/by-role', 'yes')).status).toBe(200);
    expect((await get('/by-other-role', 'yes')).status).toBe(500);
    expect(reasons.at(-1)).toBe(
      'The role arn:aws:iam::123456789012:role/no-invoker does not allow lambda:InvokeFunction on '
      + 'arn:aws:lambda:us-west-2:123456789012:function:the-function',
    );
  });

  test('without a permission is 500', async () => {
    const resources = {
      ...httpApi(source, {
        Permission: permission('*/*/a'),
        Authorizer: authorizer('REQUEST', {
          AuthorizerUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
          AuthorizerPayloadFormatVersion: '2.0',
          EnableSimpleResponses: true,
        }),
        Route: route('GET /a', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } }),
      }),
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'second-role', AssumeRolePolicyDocument: {} } },
    };
    (resources as any).Function.Properties.FunctionName = 'second-function';
    const address = await deployHttpApi(deploy, resources, 'NoPermission');
    const send = async () => (await fetch(`${address}/a`, { headers: { authorization: 'yes' } })).status;
    expect(await send()).toBe(500);
    expect(asked).toEqual([]);
    expect(reasons.at(-1)).toMatch(new RegExp(
      '^The resource-based policy of arn:aws:lambda:us-west-2:123456789012:function:second-function does not allow '
      + 'apigateway.amazonaws.com to invoke it with the source ARN '
      + 'arn:aws:execute-api:us-west-2:123456789012:[a-z0-9]{10}/authorizers/[a-z0-9]{7}$',
    ));
    const Second = permission('authorizers/${Authorizer}');
    await updateStack(deploy, 'NoPermission', { ...resources, Second });
    expect(await send()).toBe(200);
  });
});

test('an update of an API forgets its cached results, and only those', async () => {
  const resources = (AuthorizerResultTtlInSeconds: number, name: string) => {
    const all = httpApi(source, {
      Authorizer: authorizer('REQUEST', {
        AuthorizerUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds,
      }),
      Route: route('GET /a', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } }),
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: `${name}-role`, AssumeRolePolicyDocument: {} } },
    });
    (all as any).Function.Properties.FunctionName = `${name}-function`;
    return all;
  };
  const address = await deployHttpApi(deploy, resources(600, 'forgets'), 'Forgets');
  const ask = async (path: string) => {
    asked.splice(0);
    expect((await fetch(path, { headers: { authorization: 'yes' } })).status).toBe(200);
    return asked.length;
  };
  await ask(`${url}/cached-by-default`);
  expect([await ask(`${address}/a`), await ask(`${address}/a`)]).toEqual([1, 0]);
  expect(await updateStack(deploy, 'Forgets', resources(601, 'forgets'))).toBe('UPDATE_COMPLETE');
  expect(await ask(`${address}/a`)).toBe(1);
  expect(await ask(`${url}/cached-by-default`)).toBe(0);
});
