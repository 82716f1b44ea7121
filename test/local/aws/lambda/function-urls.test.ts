import { request } from 'node:http';
import { Identities, type Identity } from '../../../../local/aws/http/identities';
import { allows, type PolicyStatement } from '../../../../local/aws/iam/policy-evaluation';
import { Roles } from '../../../../local/aws/iam/roles';
import type { InvocationResult } from '../../../../local/aws/lambda/function-configuration';
import { FunctionUrls } from '../../../../local/aws/lambda/function-urls';
import { LambdaFunctions } from '../../../../local/aws/lambda/lambda-functions';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { VirtualClock } from '../../../../local/clock';
import { failureOf, updateStack } from '../api-gateway-v2/deploy-http-api';
import { createStack, inlineFunction, signedClient } from '../signed-client';

jest.setTimeout(30_000);

let deploy: LocalDeploy;
beforeEach(async () => {
  deploy = await startLocalDeploy();
});
afterEach(() => deploy.close());

const permission = (Action: string, more: object) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: { Action, FunctionName: { Ref: 'Function' }, Principal: '*', ...more },
});
const everybody = {
  MayUrl: permission('lambda:InvokeFunctionUrl', { FunctionUrlAuthType: 'NONE' }),
  MayInvoke: permission('lambda:InvokeFunction', { InvokedViaFunctionUrl: true }),
};

const functionArn = 'arn:aws:lambda:us-west-2:123456789012:function:the-function';

/** Returns a function with a URL. */
const withUrl = (source: string, properties: object = {}, permissions: object = everybody) => ({
  ...inlineFunction(source),
  ...permissions,
  Url: {
    Type: 'AWS::Lambda::Url',
    Properties: { AuthType: 'NONE', TargetFunctionArn: { 'Fn::GetAtt': ['Function', 'Arn'] }, ...properties },
  },
});

/** Deploys a function with a URL, as `addFunctionUrl` of the CDK does, and returns the URL. */
async function deployUrl(source: string, properties: object = {}, permissions: object = everybody): Promise<string> {
  expect(
    await createStack(deploy, 'App', withUrl(source, properties, permissions), {
      Outputs: { Url: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } },
    }),
  ).toBe('CREATE_COMPLETE');
  return /<OutputValue>([^<]+)</.exec(
    (await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'App' })).text,
  )![1]!;
}

/** Returns the status, the content type and the body of a response. */
const whole = async (response: Response) =>
  [response.status, response.headers.get('content-type'), await response.text()];
const refusal = (status: number, Message: string) => [status, 'application/json', JSON.stringify({ Message })];

const echo = 'exports.handler = async (event) => event';

describe('a function URL without its function', () => {
  const clock = new VirtualClock(1_795_341_600_999);
  const identities = new Identities();
  let answer: Partial<InvocationResult>;
  const invoke = jest.fn(async () => answer);
  const statement = { Effect: 'Allow', Action: '*', Resource: functionArn, Principal: '*' };
  const functions = {
    policy: () => ({ Statement: [statement] }), configuration: () => ({ arn: functionArn }), invoke,
  } as unknown as LambdaFunctions;
  const urls = new FunctionUrls({ functions, identities, roles: new Roles(), clock });
  afterAll(() => urls.closeAll());

  test('has the time of its clock, in the event and for signatures', async () => {
    const url = await urls.open(functionArn, { AuthType: 'AWS_IAM' });
    const local = { endpoint: url, region: 'us-west-2', identities } as LocalDeploy;
    expect((await signedClient(local).send('lambda', url)).status).toBe(403);
    urls.configure(functionArn, { AuthType: 'NONE' });
    answer = { payload: JSON.stringify({ statusCode: 200, headers: { 'X-Amzn-RequestId': 'own' } }) };
    const response = await fetch(url);
    const [arn, event, details] = invoke.mock.calls[0] as unknown as [string, string, object];
    expect(JSON.parse(event).requestContext)
      .toMatchObject({ time: '22/Nov/2026:10:00:00 +0000', timeEpoch: clock.now() });
    // The request ID is the same everywhere.
    const { requestId } = JSON.parse(event).requestContext as { requestId: string };
    expect([arn, details, response.headers.get('x-amzn-requestid')]).toEqual([functionArn, { requestId }, requestId]);
  });

  test('has the same request ID in the event and in the answer to an error of the function', async () => {
    const url = await urls.open(`${functionArn}:failing`, { AuthType: 'NONE' });
    answer = { payload: '{}', functionError: 'Unhandled' };
    const response = await fetch(url);
    const [, event] = invoke.mock.lastCall as unknown as [string, string];
    expect([response.status, response.headers.get('x-amzn-requestid')])
      .toEqual([502, JSON.parse(event).requestContext.requestId]);
  });

  test('keeps its connections, also after an error', async () => {
    const url = await urls.open(`${functionArn}:live`, { AuthType: 'AWS_IAM' });
    const response = await fetch(url);
    expect([response.status, response.headers.get('connection')]).toEqual([403, 'keep-alive']);
    await expect(urls.open(`${functionArn}:live`, { AuthType: 'NONE' }))
      .rejects.toMatchObject({ code: 'ResourceConflictException', status: 409 });
  });

  test('is the only URL of its function, also if two are created at the same time', async () => {
    const both = ['NONE', 'NONE'].map((AuthType) => urls.open(`${functionArn}:both`, { AuthType }));
    const [first, second] = await Promise.allSettled(both);
    expect([first, second]).toEqual([
      { status: 'fulfilled', value: urls.urlOf(`${functionArn}:both`) },
      { status: 'rejected', reason: expect.objectContaining({ code: 'ResourceConflictException' }) },
    ]);
  });

  test('of an alias needs a permission for the function', async () => {
    const url = await urls.open(`${functionArn}:alias`, { AuthType: 'NONE' });
    answer = { payload: JSON.stringify({ statusCode: 201 }) };
    expect((await fetch(url)).status).toBe(201);
    expect(invoke.mock.lastCall).toEqual([`${functionArn}:alias`, expect.any(String), expect.any(Object)]);
  });

  test('is gone as soon as its removal begins, and no other function URL', async () => {
    const other = await urls.open(`${functionArn}:other`, { AuthType: 'NONE' });
    await urls.open(`${functionArn}:gone`, { AuthType: 'NONE' });
    const removal = urls.close(`${functionArn}:gone`);
    expect([`${functionArn}:gone`, `${functionArn}:other`].map((arn) => urls.urlOf(arn))).toEqual([undefined, other]);
    await removal;
    await urls.close(`${functionArn}:gone`);
    expect(await urls.open(`${functionArn}:gone`, { AuthType: 'NONE' })).toBe(urls.urlOf(`${functionArn}:gone`));
  });
});

test('a function URL has its own port on loopback and a root path', async () => {
  const url = await deployUrl(echo);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect(new URL(url).port).not.toBe(new URL(deploy.endpoint).port);
});

test('a request becomes an event of payload format 2.0', async () => {
  const url = await deployUrl(echo);
  const response = await fetch(`${url}rooms/a%20b?x=1&y=a%26b&x=2`, {
    method: 'POST',
    body: '{"a":1}',
    headers: { 'content-type': 'application/json', 'cookie': 'a=1; b=2', 'x-own': 'v', 'user-agent': 'test' },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  const event = (await response.json()) as { headers: object; requestContext: object };
  const { host, port } = new URL(url);
  const apiId = (event.requestContext as { apiId: string }).apiId;
  expect(apiId).toMatch(/^[0-9a-f]{32}$/);
  expect(event).toEqual({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/rooms/a%20b',
    rawQueryString: 'x=1&y=a%26b&x=2',
    queryStringParameters: { x: '1,2', y: 'a&b' },
    cookies: ['a=1', 'b=2'],
    body: '{"a":1}',
    isBase64Encoded: false,
    headers: expect.objectContaining({
      host,
      'x-own': 'v',
      'content-type': 'application/json',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': port,
      'x-forwarded-proto': 'http',
    }),
    requestContext: {
      accountId: 'anonymous',
      apiId,
      domainName: host,
      domainPrefix: apiId,
      stage: '$default',
      routeKey: '$default',
      requestId: response.headers.get('x-amzn-requestid'),
      http: {
        method: 'POST', path: '/rooms/a%20b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test',
      },
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
  });
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(event.headers).not.toHaveProperty('cookie');
  expect(Object.keys(event.headers).filter((name) => /^v$|json/.test(name))).toEqual([]); // values are no names
});

test('a binary body is base64 encoded, and an empty body is omitted', async () => {
  const url = await deployUrl(echo);
  expect(
    await (
      await fetch(url, { method: 'PUT', body: new Uint8Array([0, 255]), headers: { 'content-type': 'image/png' } })
    ).json(),
  ).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  const event = (await (await fetch(url)).json()) as object;
  expect(event).toMatchObject({ isBase64Encoded: false });
  expect(event).not.toHaveProperty('body');
});

test('the return value of the function becomes the response', async () => {
  const url = await deployUrl(`exports.handler = async ({ rawPath }) => ({
    '/full': {
      statusCode: 201,
      headers: { 'Content-Type': 'text/plain', 'X-Number': 5 },
      cookies: ['a=1', 'b=2'],
      body: 'made',
    },
    '/binary': { statusCode: 200, body: 'AP8=', isBase64Encoded: true },
    '/text': 'Hello',
    '/object': { message: 'hi' },
    '/bad': { statusCode: 'carrot' },
  })[rawPath]`);
  const full = await fetch(`${url}full`);
  expect([
    full.status,
    full.headers.get('content-type'),
    full.headers.get('x-number'),
    full.headers.getSetCookie(),
    await full.text(),
  ]).toEqual([201, 'text/plain', '5', ['a=1', 'b=2'], 'made']);
  expect([...new Uint8Array(await (await fetch(`${url}binary`)).arrayBuffer())]).toEqual([0, 255]);
  expect(await whole(await fetch(`${url}text`))).toEqual([200, 'application/json', 'Hello']);
  expect(await whole(await fetch(`${url}object`))).toEqual([200, 'application/json', '{"message":"hi"}']);
  expect(await whole(await fetch(`${url}bad`))).toEqual([502, 'application/json', 'Internal Server Error']);
});

test('an error of the function is a 502 without details', async () => {
  const Cors = { AllowOrigins: ['http://page.example'] };
  const url = await deployUrl('exports.handler = async () => { throw new Error("secret") }', { Cors });
  const response = await fetch(url, { headers: { origin: 'http://page.example' } });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'access-control-allow-origin': 'http://page.example',
    'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(await whole(response)).toEqual([502, 'application/json', 'Internal Server Error']);
});

test('an unexpected error is a 500 without its message', async () => {
  const url = await deployUrl(echo);
  const invoke = jest.spyOn(LambdaFunctions.prototype, 'invoke').mockRejectedValueOnce(new Error('secret'));
  expect(await whole(await fetch(url))).toEqual([500, 'application/json', '{"Message":"Internal Server Error"}']);
  invoke.mockRestore();
});

test('a body of more than 6 MB is refused', async () => {
  const url = await deployUrl(echo);
  const answer = await new Promise((resolve, reject) => {
    const headers = { 'content-length': 6 * 1024 * 1024 + 1 };
    const outgoing = request(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (data) => {
        text += data;
      });
      response.on('end', () => resolve([response.statusCode, response.headers.connection, text]));
    });
    outgoing.on('error', reject).flushHeaders();
  });
  expect(answer).toEqual([413, 'close', '{"Message":"The body must be at most 6291456 bytes"}']);
});

test('a function has one URL, and an update changes its authorization and CORS', async () => {
  const url = await deployUrl(echo);
  const Cors = { AllowOrigins: ['http://page.example'], AllowMethods: ['GET'] };
  const Function = { 'Fn::GetAtt': ['Function', 'Arn'] };
  const Second = { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', TargetFunctionArn: Function } };
  expect(await updateStack(deploy, 'App', { ...withUrl(echo), Second })).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await failureOf(deploy, 'App')).toContain(
    `Failed to create function url config for [functionArn = ${functionArn}]. Error message: FunctionUrlConfig exists `
    + 'for this Lambda function',
  );
  expect(await updateStack(deploy, 'App', withUrl(echo, { AuthType: 'AWS_IAM', Cors }))).toBe('UPDATE_COMPLETE');
  expect((await fetch(url)).status).toBe(403);
  const asked = { 'origin': 'http://page.example', 'access-control-request-method': 'GET' };
  // A preflight request has no signature.
  const response = await fetch(url, { method: 'OPTIONS', headers: asked });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, 'http://page.example']);
  expect(await updateStack(deploy, 'App', withUrl(echo))).toBe('UPDATE_COMPLETE');
  const without = await fetch(url, { method: 'OPTIONS', headers: asked });
  expect(without.headers.get('access-control-allow-origin')).toBeNull();
});

describe('CORS', () => {
  const Cors = {
    AllowOrigins: ['http://page.example', 'https://*'],
    AllowMethods: ['POST'],
    AllowHeaders: ['Content-Type'],
    ExposeHeaders: ['x-own'],
    MaxAge: 60,
    AllowCredentials: true,
  };
  const preflight = (url: string, headers: { [name: string]: string }) => fetch(url, { method: 'OPTIONS', headers });
  const allowing = (response: Response) => response.headers.get('access-control-allow-origin');

  test('preflight requests do not invoke the function', async () => {
    const url = await deployUrl('exports.handler = async () => { throw new Error("asked") }', { Cors });
    const asked = {
      'origin': 'http://page.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const response = await preflight(url, asked);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': 'http://page.example',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Content-Type',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '60',
      'vary': 'Origin',
    });
    expect(allowing(await preflight(url, { ...asked, origin: 'https://any.example' }))).toBe('https://any.example');
    for (const refused of [
      { origin: 'http://other.example' },
      { 'access-control-request-method': 'PUT' },
      { 'access-control-request-headers': 'x-carrot' },
    ]) {
      expect(allowing(await preflight(url, { ...asked, ...refused }))).toBeNull();
    }
  });

  test('the CORS headers of the URL take precedence over those of the function', async () => {
    const url = await deployUrl(
      'exports.handler = async () => ({ statusCode: 200, headers: { "access-control-allow-origin": "*" } })',
      { Cors },
    );
    const response = await fetch(url, { headers: { origin: 'http://page.example' } });
    expect(allowing(response)).toBe('http://page.example');
    expect(response.headers.get('access-control-expose-headers')).toBe('x-own');
  });

  test('without CORS, the function also handles OPTIONS requests', async () => {
    const url = await deployUrl(
      'exports.handler = async ({ requestContext }) => ({ statusCode: 204, headers: { '
      + '"access-control-allow-origin": requestContext.http.method } })',
    );
    expect(allowing(await preflight(url, { 'origin': 'http://a', 'access-control-request-method': 'POST' }))).toBe(
      'OPTIONS',
    );
  });

  test('the origin * without credentials allows *', async () => {
    const url = await deployUrl(echo, { Cors: { AllowOrigins: ['*'], AllowMethods: ['*'] } });
    expect(allowing(await preflight(url, { 'origin': 'http://a', 'access-control-request-method': 'PUT' }))).toBe('*');
  });
});

describe('authorization', () => {
  test.each([
    ['nothing', {}],
    ['InvokeFunctionUrl alone', { MayUrl: everybody.MayUrl }],
    ['InvokeFunction alone', { MayInvoke: everybody.MayInvoke }],
    [
      'another auth type',
      { ...everybody, MayUrl: permission('lambda:InvokeFunctionUrl', { FunctionUrlAuthType: 'AWS_IAM' }) },
    ],
    [
      'only other ways to invoke',
      { ...everybody, MayInvoke: permission('lambda:InvokeFunction', { InvokedViaFunctionUrl: false }) },
    ],
    [
      'only an account',
      { ...everybody, MayInvoke: permission('lambda:InvokeFunction', { Principal: '123456789012' }) },
    ],
  ])('callers are refused with %s permitted', async (_, permissions) => {
    expect(await whole(await fetch(await deployUrl(echo, {}, permissions)))).toEqual(refusal(
      403,
      'Forbidden. The resource-based policy of the function does not allow lambda:InvokeFunctionUrl and '
      + 'lambda:InvokeFunction for all principals.',
    ));
  });

  /** Returns a session with these statements. */
  const sessionWith = (...statements: PolicyStatement[]) => deploy.identities.assumeRole(
    'arn:aws:sts::123456789012:assumed-role/r/s',
    allows([{ Statement: statements }]),
  );

  test('AWS_IAM accepts callers with a valid signature and IAM permissions', async () => {
    const url = await deployUrl(echo, { AuthType: 'AWS_IAM' }, {});
    expect(await whole(await fetch(url))).toEqual(refusal(403, 'Missing Authentication Token'));
    const malformed = await fetch(url, { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a' } });
    expect(malformed.status).toBe(403);
    const { administrator } = deploy.identities;
    const ask = (identity: Identity, service = 'lambda') =>
      signedClient(deploy, identity).send(service, url, { method: 'POST', body: 'x' });
    const response = await ask(administrator);
    expect(response.status).toBe(200);
    const { accessKeyId, arn: userArn } = administrator;
    expect(((await response.json()) as { requestContext: object }).requestContext).toMatchObject({
      accountId: '123456789012',
      authorizer: {
        iam: {
          accessKey: accessKeyId,
          accountId: '123456789012',
          callerId: accessKeyId,
          cognitoIdentity: null,
          principalOrgId: null,
          userArn,
          userId: accessKeyId,
        },
      },
    });
    const Action = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];
    const condition = (keys: object) => ({ Effect: 'Allow', Action, Resource: functionArn, Condition: keys as {} });
    for (const refused of [
      sessionWith(),
      sessionWith({ Effect: 'Allow', Action: Action[0], Resource: '*' }),
      sessionWith({ Effect: 'Allow', Action: Action[1], Resource: '*' }),
      sessionWith({ Effect: 'Allow', Action, Resource: `${functionArn}:*` }),
      sessionWith(condition({ StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } })),
      sessionWith(condition({ Bool: { 'lambda:InvokedViaFunctionUrl': 'false' } })),
    ]) {
      expect(await whole(await ask(refused))).toEqual(refusal(403, 'Forbidden'));
    }
    const keys = {
      StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' },
      Bool: { 'lambda:InvokedViaFunctionUrl': 'true' },
    };
    expect((await ask(sessionWith(condition(keys)))).status).toBe(200);
    expect((await ask(administrator, 'execute-api')).status).toBe(403);
    expect((await ask({ ...administrator, secretAccessKey: 'wrong' })).status).toBe(403);
  });

  test.each([
    ['its role', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'the-role', 200],
    ['its session', 'arn:aws:sts::123456789012:assumed-role/the-role/s', 'the-role', 200],
    ['another role', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'r', 403],
    // The account delegates the decision to the policies of the caller.
    ['its account', '123456789012', 'the-role', 403],
  ])('AWS_IAM and a permission for %s', async (_, Principal, role, expected) => {
    const url = await deployUrl(echo, { AuthType: 'AWS_IAM' }, {
      MayUrl: permission('lambda:InvokeFunctionUrl', { Principal, FunctionUrlAuthType: 'AWS_IAM' }),
      MayInvoke: permission('lambda:InvokeFunction', { Principal, InvokedViaFunctionUrl: true }),
    });
    const session = deploy.identities.assumeRole(`arn:aws:sts::123456789012:assumed-role/${role}/s`, () => false);
    expect((await signedClient(deploy, session).send('lambda', url)).status).toBe(expected);
  });

  test('a request with another Host is refused, which prevents DNS rebinding', async () => {
    const url = await deployUrl(echo);
    const answer = await new Promise((resolve, reject) =>
      request(url, { headers: { host: 'evil.example' } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => {
          text += part;
        }).on('end', () => resolve([response.statusCode, response.headers['content-type'], text]));
      }).on('error', reject).end(),
    );
    expect(answer).toEqual(refusal(403, 'Forbidden'));
  });

  test('the function policy has the format of Lambda', async () => {
    await deployUrl(
      echo,
      {},
      {
        ...everybody,
        Room: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            Action: 'lambda:InvokeFunction',
            FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
            Principal: 'ivschat.amazonaws.com',
            SourceAccount: '123456789012',
            SourceArn: 'arn:aws:ivschat:us-west-2:123456789012:room/*',
          },
        },
      },
    );
    const arn = 'arn:aws:lambda:us-west-2:123456789012:function:the-function';
    const { Statement } = deploy.functionPolicy(arn);
    expect(Statement).toHaveLength(3);
    expect(Statement.find(({ Sid }) => Sid.includes('-Room-'))).toEqual({
      Sid: expect.any(String),
      Effect: 'Allow',
      Principal: { Service: 'ivschat.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: arn,
      Condition: {
        StringEquals: { 'AWS:SourceAccount': '123456789012' },
        ArnLike: { 'AWS:SourceArn': 'arn:aws:ivschat:us-west-2:123456789012:room/*' },
      },
    });
    await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
    expect(() => deploy.functionPolicy(arn)).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }));
  });
});

test('a function URL closes when its resource is deleted, and the URL of another function does not', async () => {
  const url = await deployUrl(echo);
  const second = 'exports.handler = async () => "second"';
  const own = {
    ...withUrl(second),
    ...inlineFunction(second, { FunctionName: 'second' }),
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
  };
  const Outputs = { Url: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } };
  expect(await createStack(deploy, 'Second', own, { Outputs })).toBe('CREATE_COMPLETE');
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'Second' });
  const other = /<OutputValue>([^<]+)</.exec(text)![1]!;
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  await expect(fetch(url)).rejects.toThrow();
  expect(await (await fetch(other)).text()).toBe('second');
  await deploy.close();
  await expect(fetch(other)).rejects.toThrow();
});
