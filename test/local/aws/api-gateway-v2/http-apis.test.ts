import { request } from 'node:http';
import { AwsClient } from 'aws4fetch';
import type { DeployEvent } from '../../../../local/aws/deploy-event';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { createStack, signedClient } from '../signed-client';
import {
  anonymous,
  apiResource,
  authorizer,
  deployHttpApi,
  failureOf,
  httpApi,
  integration,
  jwtAuthorizer,
  permission,
  route,
  stage,
  updateStack,
} from './deploy-http-api';

jest.setTimeout(60_000);

/** Returns the event, or the response that the query string selects. */
const source = `
const responses = {
  full: {
    statusCode: 201,
    headers: { 'Content-Type': 'text/html', 'X-Number': 5 },
    cookies: ['a=1', 'b=2'],
    body: 'x',
  },
  binary: { statusCode: 200, body: 'AP8=', isBase64Encoded: true },
  plain: { statusCode: 200, body: 'text' },
  empty: { statusCode: 204 },
  cors: { statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } },
  text: 'Hello',
  number: 5,
  nothing: null,
  bad: { statusCode: 'carrot' },
  multiple: {
    statusCode: 200,
    headers: { 'X-Own': 'other', 'x-second': 's' },
    multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'X-Own': ['1', 2], 'x-one': 'one' },
    body: '',
  },
};
exports.handler = async (event) => {
  const { response, wait } = event.queryStringParameters ?? {};
  if (wait) await new Promise((resolve) => setTimeout(resolve, Number(wait)));
  if (response === 'error') throw new Error('secret');
  if (response === 'event' || event.path === '/old-event') return { statusCode: 200, body: JSON.stringify(event) };
  return response in responses ? responses[response] : event;
};`;

const Cors = {
  AllowOrigins: ['https://app.example'],
  AllowMethods: ['POST'],
  AllowHeaders: ['content-type', 'authorization'],
  ExposeHeaders: ['x-own'],
  MaxAge: 60,
};

const events: DeployEvent[] = [];
let deploy: LocalDeploy;
let url: string;

beforeAll(async () => {
  deploy = await startLocalDeploy({ log: (event) => events.push(event) });
  url = await deployHttpApi(deploy, httpApi(source, {
    Api: apiResource({ CorsConfiguration: Cors }),
    Old: integration({ PayloadFormatVersion: '1.0', ConnectionType: 'INTERNET' }),
    Slow: integration({ TimeoutInMillis: 50 }),
    Named: stage('beta', {
      StageVariables: { color: 'green', size: 5 },
      AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': ['Log', 'Arn'] } }, // without a format, there is no log
    }),
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'access' } },
    Stage: stage('$default', {
      AccessLogSettings: {
        DestinationArn: { 'Fn::GetAtt': ['Log', 'Arn'] },
        Format: '{"id":"$context.requestId","key":"$context.routeKey","status":"$context.status","agent":'
          + '"$context.identity.userAgent","error":"$context.integrationErrorMessage","none":"$context.authorizer.x"}',
      },
      RouteSettings: { 'GET /throttled': { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 } },
    }),
    Echo: route('ANY /echo/{id}'),
    Root: route('GET /'),
    OldRoute: route('POST /old/{proxy+}', {}, 'Old'),
    OldEventRoute: route('POST /old-event', {}, 'Old'),
    SlowRoute: route('GET /slow', {}, 'Slow'),
    Throttled: route('GET /throttled'),
    Iam: route('POST /iam', { AuthorizationType: 'AWS_IAM' }),
    OldIam: route('PUT /iam', { AuthorizationType: 'AWS_IAM' }, 'Old'),
    Limited: stage('limited', {
      DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 },
      RouteSettings: { 'GET /throttled': { ThrottlingBurstLimit: 2 } },
    }),
    AlsoLimited: stage('also-limited', {
      AccessLogSettings: {
        DestinationArn: 'arn:aws:logs:us-west-2:123456789012:log-group:access', Format: '"$context.stage"',
      },
      DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 },
    }),
    Invoker: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'invoker',
        AssumeRolePolicyDocument: {},
        Policies: [{
          PolicyName: 'p',
          PolicyDocument: {
            Statement: [{
              Effect: 'Allow',
              Action: 'lambda:InvokeFunction',
              Resource: { 'Fn::GetAtt': ['Function', 'Arn'] },
            }],
          },
        }],
      },
    },
    ByRole: integration({ CredentialsArn: { 'Fn::GetAtt': ['Invoker', 'Arn'] } }),
    ByOtherRole: integration({ CredentialsArn: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    ByRoleRoute: route('GET /by-role', {}, 'ByRole'),
    ByOtherRoleRoute: route('GET /by-other-role', {}, 'ByOtherRole'),
  }));
});
afterAll(() => deploy.close());

const json = async (response: Response) => (await response.json()) as any;

/** Sends a request with raw headers. */
function raw(path: string, headers: string[] | { [name: string]: string } = {}, method = 'GET') {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    request(new URL(path, url), { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    }).on('error', reject).end();
  });
}

describe('the event of payload format 2.0', () => {
  test('has the parts of the request', async () => {
    const response = await fetch(`${url}/echo/a%20b?x=1&y=a%26b&x=2`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'cookie': 'a=1; b=2', 'X-Own': 'v', 'user-agent': 'test' },
    });
    expect(response.status).toBe(200);
    const apiId = expect.stringMatching(/^[a-z0-9]{10}$/);
    const event = await json(response);
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'ANY /echo/{id}',
      rawPath: '/echo/a b',
      rawQueryString: 'x=1&y=a%26b&x=2',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({
        'content-length': '7',
        'content-type': 'application/json',
        'host': new URL(url).host,
        'user-agent': 'test',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': new URL(url).port,
        'x-forwarded-proto': 'http',
        'x-own': 'v',
      }),
      queryStringParameters: { x: '1,2', y: 'a&b' },
      requestContext: {
        accountId: '123456789012',
        apiId,
        domainName: new URL(url).host,
        domainPrefix: apiId,
        http: { method: 'POST', path: '/echo/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        requestId: response.headers.get('apigw-requestid'),
        routeKey: 'ANY /echo/{id}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      pathParameters: { id: 'a b' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('joins headers of the same name', async () => {
    const { text } = await raw('/echo/1', ['Host', new URL(url).host, 'X-A', '1', 'x-a', '2']);
    expect(JSON.parse(text).headers['x-a']).toBe('1,2');
  });

  test.each([
    ['text/plain', false],
    ['application/problem+json', false],
    ['application/x-www-form-urlencoded', true],
    ['image/png', true],
  ])('a body of type %s is encoded: %s', async (type, isBase64Encoded) => {
    const event = await json(await fetch(`${url}/echo/1`, {
      method: 'PUT',
      body: Buffer.from('a=b'),
      headers: { 'content-type': type },
    }));
    expect(event).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? 'YT1i' : 'a=b' });
  });

  test('the path is decoded, and ends at a question mark', async () => {
    const event = await json(await fetch(`${url}/echo/a%3Fb%2Fc`));
    expect(event).toMatchObject({ rawPath: '/echo/a', pathParameters: { id: 'a' } });
    expect((await raw('/echo/%E0%A4%A', { host: new URL(url).host })).text).toContain('"rawPath":"/echo/%E0%A4%A"');
  });

  test('a request without a body has none, and a route without variables has no path parameters', async () => {
    const event = await json(await fetch(url));
    expect(Object.keys(event)).not.toEqual(expect.arrayContaining(['body']));
    expect(Object.keys(event)).not.toEqual(expect.arrayContaining(['pathParameters']));
    expect(event).toMatchObject({ routeKey: 'GET /', rawPath: '/', rawQueryString: '', isBase64Encoded: false });
  });

  test('a named stage is a part of the path', async () => {
    const event = await json(await fetch(`${url}/beta/echo/1`));
    expect(event).toMatchObject({
      rawPath: '/beta/echo/1',
      routeKey: 'ANY /echo/{id}',
      pathParameters: { id: '1' },
      stageVariables: { color: 'green', size: '5' },
      requestContext: { stage: 'beta', http: { path: '/beta/echo/1' } },
    });
    expect((await fetch(`${url}/beta`)).status).toBe(200);
    expect((await fetch(`${url}/gamma/echo/1`)).status).toBe(404);
    expect((await fetch(`${url}/$default/echo/1`)).status).toBe(404);
  });
});

test('the event of payload format 1.0 has each value of a header', async () => {
  const { text } = await raw('/old/a?response=event', ['Host', new URL(url).host, 'X-A', '1', 'x-a', '2'], 'POST');
  const { headers, multiValueHeaders } = JSON.parse(text);
  expect([headers['x-a'], multiValueHeaders['x-a']]).toEqual(['2', ['1', '2']]);
});

describe('the event of payload format 1.0', () => {
  const common = (response: Response) => {
    const requestId = response.headers.get('apigw-requestid');
    const apiId = expect.stringMatching(/^[a-z0-9]{10}$/);
    return {
      accountId: '123456789012',
      apiId,
      domainName: new URL(url).host,
      domainPrefix: apiId,
      extendedRequestId: requestId,
      httpMethod: 'POST',
      identity: { ...anonymous, userAgent: 'test' },
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      requestTimeEpoch: expect.any(Number),
    };
  };

  test('has the parts of the request', async () => {
    const response = await fetch(`${url}/beta/old/a/b?x=1&x=2&y=3&response=event`, {
      method: 'POST',
      body: 'text',
      headers: { 'content-type': 'text/plain', 'user-agent': 'test' },
    });
    expect(await json(response)).toEqual({
      version: '1.0',
      resource: '/old/{proxy+}',
      path: '/beta/old/a/b',
      httpMethod: 'POST',
      headers: expect.objectContaining({ 'content-type': 'text/plain' }),
      multiValueHeaders: expect.objectContaining({ 'content-type': ['text/plain'] }),
      queryStringParameters: { x: '2', y: '3', response: 'event' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: ['3'], response: ['event'] },
      requestContext: {
        ...common(response),
        path: '/beta/old/a/b',
        resourceId: 'POST /old/{proxy+}',
        resourcePath: '/old/{proxy+}',
        stage: 'beta',
      },
      pathParameters: { proxy: 'a/b' },
      stageVariables: { color: 'green', size: '5' },
      body: 'text',
      isBase64Encoded: false,
    });
  });

  test('has null for the missing parts', async () => {
    const response = await fetch(`${url}/old-event`, { method: 'POST', headers: { 'user-agent': 'test' } });
    expect(await json(response)).toEqual({
      version: '1.0',
      resource: '/old-event',
      path: '/old-event',
      httpMethod: 'POST',
      headers: expect.objectContaining({ 'content-length': '0' }),
      multiValueHeaders: expect.objectContaining({ 'content-length': ['0'] }),
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      requestContext: {
        ...common(response),
        path: '/old-event',
        resourceId: 'POST /old-event',
        resourcePath: '/old-event',
        stage: '$default',
      },
      pathParameters: null,
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  test('has a binary body in Base64', async () => {
    const response = await fetch(`${url}/old-event`, { method: 'POST', body: new Uint8Array([0, 255]) });
    expect(await json(response)).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  });
});

test('the response of payload format 1.0', async () => {
  // Only payload format 2.0 infers the status code.
  for (const name of ['text', 'nothing', 'number', 'bad']) {
    expect((await fetch(`${url}/old/a?response=${name}`, { method: 'POST' })).status).toBe(500);
  }
  const full = await fetch(`${url}/old/a?response=full`, { method: 'POST' });
  expect([full.status, full.headers.get('x-number'), full.headers.getSetCookie(), await full.text()])
    .toEqual([201, '5', ['a=1', 'b=2'], 'x']);
  const plain = await fetch(`${url}/old/a?response=plain`, { method: 'POST' });
  expect([plain.status, plain.headers.get('content-type')]).toEqual([200, 'text/plain;charset=UTF-8']);
  const multiple = await fetch(`${url}/old/a?response=multiple`, { method: 'POST' });
  expect(multiple.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(['x-own', 'x-second', 'x-one'].map((name) => multiple.headers.get(name))).toEqual(['1,2', 's', 'one']);
});

describe('the response', () => {
  const responseOf = (name: string) => fetch(`${url}/echo/1?response=${name}`);

  test('of a result with statusCode', async () => {
    const full = await responseOf('full');
    expect(full.status).toBe(201);
    expect(full.headers.get('content-type')).toBe('text/html');
    expect(full.headers.get('x-number')).toBe('5');
    expect(full.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await full.text()).toBe('x');
    const binary = await responseOf('binary');
    expect([...new Uint8Array(await binary.arrayBuffer())]).toEqual([0, 255]);
    expect((await responseOf('plain')).headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect((await responseOf('empty')).status).toBe(204);
  });

  test.each([
    ['text', 'Hello'],
    ['number', '5'],
    ['nothing', 'null'],
  ])('of a %s is JSON with the status 200', async (name, body) => {
    const response = await responseOf(name);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await response.text()).toBe(body);
  });

  test.each([
    ['bad', 'The response of the function has no valid statusCode'],
    ['error', 'The function failed: {"errorType":"Error","errorMessage":"secret"'],
  ])('of an invalid result or an error is 500 (%s)', async (name, reason) => {
    const response = await responseOf(name);
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(events.at(-1)).toMatchObject({ statusCode: 500, errorCode: expect.stringContaining(reason) });
  });

  test('of a function that is too slow is 503', async () => {
    const response = await fetch(`${url}/slow?wait=5000`);
    expect([response.status, await response.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  test('to HEAD has no body', async () => {
    const response = await fetch(`${url}/echo/1?response=full`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([201, '']);
  });
});

describe('a request is refused', () => {
  test('404 without a route', async () => {
    const response = await fetch(`${url}/carrot?a=1`);
    expect([response.status, await response.text()]).toEqual([404, '{"message":"Not Found"}']);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(events.at(-1)).toEqual({
      kind: 'request', service: 'execute-api', operation: 'GET /carrot', statusCode: 404,
    });
  });

  test('413 with a body of more than 10 MB', async () => {
    const send = (body: Uint8Array<ArrayBuffer> | string) => fetch(`${url}/echo/1`, { method: 'POST', body });
    const response = await send(new Uint8Array(10 * 1024 * 1024 + 1)).catch((error: Error) => error);
    if (!(response instanceof Error)) {
      expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
    }
    // The event of a function has at most 6 MB.
    const large = await send('ä'.repeat(3.5 * 1024 * 1024));
    expect([large.status, await large.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
    expect(events.at(-1)).toMatchObject({ statusCode: 413, errorCode: 'The event is larger than 6 MB' });
  });

  test('431 with headers of more than 10,240 bytes', async () => {
    const size = 9900;
    expect((await raw('/echo/1', { 'host': new URL(url).host, 'x-long': 'a'.repeat(size) })).status).toBe(200);
    expect(await raw('/echo/1', { 'host': new URL(url).host, 'x-long': 'a'.repeat(size + 400) }))
      .toEqual({ status: 431, text: '{"message":"Request Header Fields Too Large"}' });
  });

  test('429 when the route is throttled, and other routes are not', async () => {
    const statuses = [];
    for (let count = 0; count < 3; count++) statuses.push((await fetch(`${url}/throttled`)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(await (await fetch(`${url}/throttled`)).text()).toBe('{"message":"Too Many Requests"}');
    expect((await fetch(`${url}/echo/1`)).status).toBe(200);
  });

  test('429 by the settings of the stage for all routes, which the settings of a route override', async () => {
    const statuses = async (path: string, count: number) => {
      const found = [];
      for (let index = 0; index < count; index++) found.push((await fetch(url + path)).status);
      return found;
    };
    expect(await statuses('/limited/echo/1', 2)).toEqual([200, 429]);
    expect(await statuses('/limited/throttled', 3)).toEqual([200, 200, 429]); // with the rate of the stage
    expect(await statuses('/also-limited/echo/1', 2)).toEqual([200, 429]); // a stage does not limit another
  });

  test('500 if the role of the integration does not allow lambda:InvokeFunction', async () => {
    expect((await fetch(`${url}/by-role`)).status).toBe(200);
    expect((await fetch(`${url}/by-other-role`)).status).toBe(500);
    expect(events.at(-1)).toMatchObject({
      errorCode: 'The role arn:aws:iam::123456789012:role/the-role does not allow lambda:InvokeFunction on '
        + 'arn:aws:lambda:us-west-2:123456789012:function:the-function',
    });
  });

  test('403 with another Host, which prevents DNS rebinding', async () => {
    expect(await raw('/echo/1', { host: 'evil.example' })).toEqual({ status: 403, text: '{"message":"Forbidden"}' });
    expect(events.at(-1)).toMatchObject({ errorCode: 'The Host header does not name this server' });
  });
});

describe('CORS', () => {
  const preflight = (path: string, headers: { [name: string]: string } = {}) => fetch(url + path, {
    method: 'OPTIONS',
    headers: { 'origin': 'https://app.example', 'access-control-request-method': 'POST', ...headers },
  });
  const corsOf = ({ headers }: Response) => [...headers].filter(([name]) => name.startsWith('access-control-'));

  test.each(['/echo/1', '/iam', '/no-route'])('API Gateway answers preflight requests to %s', async (path) => {
    const response = await preflight(path, { 'access-control-request-headers': 'Content-Type' });
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(events.at(-1)).toEqual({
      kind: 'request', service: 'execute-api', operation: `OPTIONS ${path}`, statusCode: 204,
    });
    expect(corsOf(response)).toEqual([
      ['access-control-allow-headers', 'content-type,authorization'],
      ['access-control-allow-methods', 'POST'],
      ['access-control-allow-origin', 'https://app.example'],
      ['access-control-max-age', '60'],
    ]);
  });

  test('a preflight request is refused in the same way as any other request', async () => {
    const headers = { 'origin': 'https://app.example', 'access-control-request-method': 'POST' };
    const status = async (more: { [name: string]: string }) =>
      (await raw('/echo/1', { host: new URL(url).host, ...headers, ...more }, 'OPTIONS')).status;
    expect([await status({}), await status({ host: 'evil.example' }), await status({ 'x-long': 'a'.repeat(10_240) })])
      .toEqual([204, 403, 431]);
  });

  test.each([
    ['origin', { origin: 'https://evil.example' }],
    ['origin that contains an allowed one', { origin: 'https://app.example.evil.example' }],
    ['method', { 'access-control-request-method': 'DELETE' }],
    ['header', { 'access-control-request-headers': 'x-carrot' }],
  ])('another %s gets no CORS headers', async (_, headers) => {
    expect(corsOf(await preflight('/echo/1', headers))).toEqual([]);
  });

  test('responses do not have the CORS headers of the function', async () => {
    expect(corsOf(await fetch(`${url}/echo/1?response=cors`))).toEqual([]);
  });

  test('responses have the CORS headers of the API, also errors', async () => {
    const expected = [
      ['access-control-allow-origin', 'https://app.example'],
      ['access-control-expose-headers', 'x-own'],
    ];
    const headers = { origin: 'https://app.example' };
    expect(corsOf(await fetch(`${url}/echo/1`, { headers }))).toEqual(expected);
    expect(corsOf(await fetch(`${url}/no-route`, { headers }))).toEqual(expected);
    expect(corsOf(await fetch(`${url}/echo/1`, { headers: { origin: 'https://evil.example' } }))).toEqual([]);
  });
});

describe('AWS_IAM', () => {
  const session = (allows: (action: string, resource: string) => boolean) =>
    deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', allows);
  const send = (identity = deploy.identities.administrator, body = 'x') =>
    signedClient(deploy, identity).send('execute-api', `${url}/iam`, { method: 'POST', body });

  test('accepts a signature with the permission execute-api:Invoke, and the event has the caller', async () => {
    const response = await send();
    expect(response.status).toBe(200);
    expect((await json(response)).requestContext.authorizer).toEqual({
      iam: {
        accessKey: deploy.identities.administrator.accessKeyId,
        accountId: '123456789012',
        callerId: deploy.identities.administrator.accessKeyId,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: 'arn:aws:iam::123456789012:user/local',
        userId: deploy.identities.administrator.accessKeyId,
      },
    });
    const asked: string[] = [];
    const somebody = session((action, resource) => asked.push(`${action} ${resource}`) > 0);
    expect((await send(somebody)).status).toBe(200);
    expect(asked).toEqual([
      expect.stringMatching(
        /^execute-api:Invoke arn:aws:execute-api:us-west-2:123456789012:[a-z0-9]{10}\/\$default\/POST\/iam$/,
      ),
    ]);
    await signedClient(deploy, somebody).send('execute-api', `${url}/beta/iam`, { method: 'POST' });
    expect(asked[1]).toMatch(/\/beta\/POST\/iam$/);
  });

  test('the event of payload format 1.0 has the caller', async () => {
    const { accessKeyId, arn } = deploy.identities.administrator;
    const response = await signedClient(deploy).send('execute-api', `${url}/iam?response=event`, { method: 'PUT' });
    const { identity, authorizer: none } = (await json(response)).requestContext;
    expect(identity).toMatchObject({
      accessKey: accessKeyId, accountId: '123456789012', caller: accessKeyId, user: accessKeyId, userArn: arn,
    });
    expect(none).toBeUndefined();
  });

  test('refuses other requests', async () => {
    expect((await send(session(() => false))).status).toBe(403);
    expect(events.at(-1)).toMatchObject({
      errorCode: expect.stringMatching(new RegExp(
        '^arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: execute-api:Invoke on resource: '
        + 'arn:aws:execute-api:us-west-2:123456789012:[a-z0-9]{10}/[$]default/POST/iam$',
      )),
    });
    expect((await send({ ...session(() => true), secretAccessKey: 'wrong' })).status).toBe(403);
    const { endpoint, identities } = deploy;
    const elsewhere = signedClient({ ...deploy, endpoint, identities, region: 'eu-west-1' });
    expect((await elsewhere.send('execute-api', `${url}/iam`, { method: 'POST' })).status).toBe(403);
    expect((await signedClient(deploy).send('lambda', `${url}/iam`, { method: 'POST' })).status).toBe(403);
    const signed = await new AwsClient({ ...identities.administrator, region: 'us-west-2', service: 'execute-api' })
      .sign(`${url}/iam`, { method: 'POST', body: 'x' });
    expect((await fetch(`${url}/iam`, { method: 'POST', body: 'y', headers: signed.headers })).status).toBe(403);
    expect((await fetch(`${url}/iam`, { method: 'POST', body: 'x', headers: signed.headers })).status).toBe(200);
    const unsigned = await fetch(`${url}/iam`, { method: 'POST' });
    expect([unsigned.status, await unsigned.text()]).toEqual([403, '{"message":"Forbidden"}']);
  });
});

test('the access log has one line for each request, and values cannot break its format', async () => {
  for (const path of ['/also-limited/none', '/beta/none']) await fetch(url + path);
  await fetch(`${url}/echo/1?response=error`, { headers: { 'user-agent': 'a"b' } });
  const { body } = await signedClient(deploy).json('logs', 'Logs_20140328.FilterLogEvents', { logGroupName: 'access' });
  const lines = (body.events as { message: string }[]).map(({ message }) => JSON.parse(message));
  expect(lines.slice(-2)).toEqual(['also-limited', {
    id: expect.any(String),
    key: 'ANY /echo/{id}',
    status: '500',
    agent: 'a"b',
    error: expect.stringContaining('The function failed'),
    none: '-',
  }]);
});

test('the log has the reason of an error', async () => {
  await fetch(`${url}/iam`, { method: 'POST' });
  expect(events.at(-1)).toEqual({
    kind: 'request',
    service: 'execute-api',
    operation: 'POST /iam',
    statusCode: 403,
    errorCode: 'Missing Authentication Token',
  });
});

describe('the function', () => {
  const statusWith = async (stackName: string, resource: object, properties: object = {}, path = '/echo/1') => {
    const resources = {
      ...httpApi(source, { Permission: resource, Echo: route('GET /echo/{id}'), Any: route('ANY /any') }),
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: `${stackName}-role`, AssumeRolePolicyDocument: {} },
      },
    };
    Object.assign((resources as any).Function.Properties, { FunctionName: `${stackName}-function`, ...properties });
    return (await fetch(`${await deployHttpApi(deploy, resources, stackName)}${path}`)).status;
  };

  test.each([
    ['all', '*', 200],
    ['cdk', '*/*/echo/{id}', 200],
    ['sam', '$default/GET/echo/{id}', 200],
    ['method', '*/POST/echo/{id}', 500],
    ['path', '*/*/other', 500],
    ['stage', 'beta/*', 500],
  ])('%s: the source ARN %s gives %i', async (name, sourceArn, expected) => {
    expect(await statusWith(name, permission(sourceArn))).toBe(expected);
  });

  test.each([
    ['GET', 200],
    ['POST', 500],
  ])('a GET request to a route for any method with a permission for %s gives %i', async (method, expected) => {
    expect(await statusWith(`any-${method}`, permission(`*/${method}/any`), {}, '/any')).toBe(expected);
  });

  test.each([
    ['123456789012', 200],
    ['210987654321', 500],
  ])('the source account %s gives %i', async (SourceAccount, expected) => {
    const { Type, Properties } = permission('*');
    const resource = { Type, Properties: { ...Properties, SourceAccount } };
    expect(await statusWith(`account-${SourceAccount}`, resource)).toBe(expected);
  });

  test('that is throttled gives 503', async () => {
    expect(await statusWith('throttled', permission('*'), { ReservedConcurrentExecutions: 0 })).toBe(503);
    expect(events.at(-1)).toMatchObject({ statusCode: 503, errorCode: 'The function is throttled' });
  });

  test('another principal gives 500', async () => {
    const { Type, Properties } = permission('*');
    const other = { Type, Properties: { ...Properties, Principal: 'ivschat.amazonaws.com' } };
    expect(await statusWith('principal', other)).toBe(500);
    expect(events.at(-1)).toMatchObject({
      errorCode: expect.stringMatching(new RegExp(
        '^The resource-based policy of arn:aws:lambda:us-west-2:123456789012:function:principal-function does not '
        + 'allow apigateway.amazonaws.com to invoke it with the source ARN '
        + 'arn:aws:execute-api:us-west-2:123456789012:[a-z0-9]{10}/[$]default/GET/echo/[{]id[}]$',
      )),
    });
  });
});

const sourceOf = (number: number) => `$request.header.Token${number}`;
const lambdaAuthorizer = (AuthorizerResultTtlInSeconds: number) => authorizer('REQUEST', {
  AuthorizerUri: 'arn:aws:lambda:us-west-2:123456789012:function:the-function',
  AuthorizerPayloadFormatVersion: '2.0',
  AuthorizerResultTtlInSeconds,
});

describe('a template is refused', () => {
  const failure = async (name: string, resources: { [logicalId: string]: object }) => {
    const all = { ...httpApi(source, resources) };
    for (const logicalId of ['Role', 'Function', 'Permission', 'Integration']) {
      if (!(logicalId in resources)) delete (all as { [logicalId: string]: object })[logicalId];
    }
    if ('Route' in resources) Object.assign(all, { Integration: literalIntegration() });
    expect(await createStack(deploy, name, all)).toBe('CREATE_FAILED');
    return failureOf(deploy, name);
  };
  const literalIntegration = (properties: object = {}) => integration({
    IntegrationUri: 'arn:aws:lambda:us-west-2:123456789012:function:the-function',
    ...properties,
  });

  const noDocument = 'HTTP APIs from an OpenAPI document are not supported by the local service. Define routes as '
    + 'resources.';
  const jwtConfiguration = 'The JwtConfiguration of a JWT authorizer requires an Issuer URL and an Audience';
  const needsAuthorizer = (authorizationType: string, type: string) =>
    `The route GET /a with the AuthorizationType ${authorizationType} requires an authorizer of type ${type}`;
  const notHere = (what: string) => `${what} are not supported by the local service. Leave this resource out of the `
    + 'stack when it is deployed locally.';

  test.each([
    [
      'WebSocket',
      { Api: apiResource({ ProtocolType: 'WEBSOCKET' }) },
      "ProtocolType 'WEBSOCKET' is not supported by the local service, only HTTP.",
    ],
    ['OpenAPI', { Api: apiResource({ Body: {} }) }, noDocument],
    ['OpenAPIInS3', { Api: apiResource({ BodyS3Location: {} }) }, noDocument],
    [
      'QuickCreate',
      { Api: apiResource({ Target: 'arn' }) },
      'The property Target is not supported by the local service. Define the routes and integrations as resources.',
    ],
    [
      'RouteKey',
      { Route: route('GET carrot') },
      'The provided route key is not formatted properly for HTTP protocol: GET carrot',
    ],
    [
      'SameKey',
      { Route: route('GET /a'), Second: { ...route('GET /a'), DependsOn: 'Route' } },
      'Route with key GET /a already exists for this API',
    ],
    [
      'NoTarget',
      { Route: route('GET /a', { Target: 'integrations/none' }) },
      'Invalid Target integrations/none of the route GET /a',
    ],
    ['TargetFormat', { Route: route('GET /a', { Target: 'none' }) }, 'Invalid Target none of the route GET /a'],
    ['NoAuthorizer', { Route: route('GET /a', { AuthorizationType: 'JWT' }) }, needsAuthorizer('JWT', 'JWT')],
    [
      'NoLambdaAuthorizer',
      { Route: route('GET /a', { AuthorizationType: 'CUSTOM' }) },
      needsAuthorizer('CUSTOM', 'REQUEST'),
    ],
    ['Issuer', { Authorizer: authorizer('JWT', { JwtConfiguration: { Audience: ['a'] } }) }, jwtConfiguration],
    ['NoConfiguration', { Authorizer: authorizer('JWT') }, jwtConfiguration],
    ['Audience', { Authorizer: jwtAuthorizer('https://issuer.example', []) }, jwtConfiguration],
    ['IssuerUrl', { Authorizer: jwtAuthorizer('issuer.example', ['a']) }, jwtConfiguration],
    [
      'TwoSources',
      { Authorizer: jwtAuthorizer('https://issuer.example', ['a'], { IdentitySource: [1, 2].map(sourceOf) }) },
      'A JWT authorizer requires one IdentitySource, such as $request.header.Authorization',
    ],
    ['AuthorizerType', { Authorizer: authorizer('TOKEN') }, 'Invalid AuthorizerType TOKEN, it must be JWT or REQUEST'],
    [
      'LongTtl',
      { Authorizer: lambdaAuthorizer(3601) },
      'Invalid AuthorizerResultTtlInSeconds 3601, it must be between 0 and 3600',
    ],
    ['FractionOfTtl', { Authorizer: lambdaAuthorizer(1.5) }, 'Invalid AuthorizerResultTtlInSeconds 1.5'],
    ['NegativeTtl', { Authorizer: lambdaAuthorizer(-1) }, 'Invalid AuthorizerResultTtlInSeconds -1'],
    [
      'OtherAuthorizer',
      {
        Authorizer: lambdaAuthorizer(3600),
        Route: route('GET /a', { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'Authorizer' } }),
      },
      needsAuthorizer('JWT', 'JWT'),
    ],
    [
      'AuthorizationType',
      { Route: route('GET /a', { AuthorizationType: 'IAM' }) },
      'Invalid AuthorizationType IAM of the route GET /a',
    ],
    [
      'NoAuthorizationType',
      { Route: route('GET /a', { AuthorizationType: '' }) },
      'Invalid AuthorizationType  of the route GET /a',
    ],
    ['TwoStages', { Second: { ...stage(), DependsOn: 'Stage' } }, 'Stage already exists: $default'],
    ['NoApi', { Second: stage('second', { ApiId: 'none' }) }, 'Invalid API identifier specified none'],
    [
      'Destination',
      { Second: stage('second', { AccessLogSettings: { DestinationArn: 'arn:aws:firehose:::x', Format: '' } }) },
      'The access log destination arn:aws:firehose:::x is not supported by the local service, only log groups.',
    ],
    ['Mapping', { Mapping: { Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: {} } }, notHere('Custom domain names')],
    ['Link', { Link: { Type: 'AWS::ApiGatewayV2::VpcLink', Properties: {} } }, notHere('VPC links')],
    [
      'Source',
      { Authorizer: authorizer('JWT', { IdentitySource: ['Authorization'] }) },
      'Invalid IdentitySource Authorization of the authorizer',
    ],
    ['Domain', { Domain: { Type: 'AWS::ApiGatewayV2::DomainName', Properties: {} } }, notHere('Custom domain names')],
  ])('%s', async (name, resources: { [logicalId: string]: object }, reason) => {
    expect(await failure(name, resources)).toContain(reason);
  });

  test.each([
    [{ IntegrationType: 'HTTP_PROXY' }, 'The integration HTTP_PROXY is not supported by the local service, only Lambda '
    + 'functions (AWS_PROXY).'],
    [{ IntegrationType: 'AWS' }, 'The integration AWS is not supported'],
    [{ IntegrationSubtype: 'SQS-SendMessage' }, 'The integration SQS-SendMessage is not supported'],
    [{ RequestParameters: {} }, 'Parameter mapping is not supported by the local service.'],
    [{ ResponseParameters: {} }, 'Parameter mapping is not supported by the local service.'],
    [{ PayloadFormatVersion: undefined }, 'Invalid PayloadFormatVersion undefined, it must be 1.0 or 2.0'],
    [{ PayloadFormatVersion: '3.0' }, 'Invalid PayloadFormatVersion 3.0, it must be 1.0 or 2.0'],
    [
      { IntegrationUri: 'https://example.com' },
      'The integration https://example.com is not supported by the local service, only functions.',
    ],
    [{ TimeoutInMillis: 49 }, 'Invalid TimeoutInMillis 49, it must be between 50 and 30000'],
    [{ TimeoutInMillis: 30_001 }, 'TimeoutInMillis 30001, it must be between 50 and 30000'],
    [{ ConnectionType: 'VPC_LINK' }, 'The integration AWS_PROXY is not supported'],
  ])('an integration with %j', async (properties, reason) => {
    const name = `Integration${JSON.stringify(properties).replace(/[^A-Za-z0-9]/g, '')}`;
    expect(await createStack(deploy, name, { Api: apiResource(), Integration: literalIntegration(properties) }))
      .toBe('CREATE_FAILED');
    expect(await failureOf(deploy, name)).toContain(reason);
  });
});

test('only the address of an API of this Region is replaced', async () => {
  const address = (region: string, id = '${Api}') =>
    ({ Value: { 'Fn::Sub': `https://${id}.execute-api.${region}.amazonaws.com/x` } });
  const Outputs = {
    Own: address('us-west-2'),
    Region: address('eu-west-1'),
    Unknown: address('us-west-2', 'aaaaaaaaaa'),
  };
  await createStack(deploy, 'Addresses', { Api: apiResource() }, { Outputs });
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'Addresses' });
  const values = [...text.matchAll(/<OutputKey>(\w+)<\/OutputKey><OutputValue>([^<]+)</g)];
  expect(Object.fromEntries(values.map(([, key, value]) => [key, value]))).toEqual({
    Own: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/x$/),
    Region: expect.stringMatching(/^https:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com\/x$/),
    Unknown: 'https://aaaaaaaaaa.execute-api.us-west-2.amazonaws.com/x',
  });
});

test('an update changes the parts of an API and keeps the address', async () => {
  const names = { RoleName: 'update-role', AssumeRolePolicyDocument: {} };
  const resources = (more: { [logicalId: string]: object }) => {
    const all = { ...httpApi(source, more), Role: { Type: 'AWS::IAM::Role', Properties: names } };
    (all as any).Function.Properties.FunctionName = 'update-function';
    return all;
  };
  const beta = (color: string) => stage('beta', { StageVariables: { color } });
  const address = await deployHttpApi(
    deploy,
    resources({ Route: route('GET /before'), Second: route('GET /second'), Beta: beta('green') }),
    'Updated',
  );
  const headers = { origin: 'https://app.example' };
  const get = (path: string) => fetch(address + path, { headers });
  const allowedOrigin = async (path: string) => (await get(path)).headers.get('access-control-allow-origin');
  expect(await json(await get('/beta/second'))).toMatchObject({ version: '2.0', stageVariables: { color: 'green' } });
  // An API without CORS returns the headers of the function, and has no preflight requests.
  expect([await allowedOrigin('/before?response=cors'), await allowedOrigin('/before')]).toEqual(['*', null]);
  const preflight = { ...headers, 'access-control-request-method': 'GET' };
  expect((await fetch(`${address}/before`, { method: 'OPTIONS', headers: preflight })).status).toBe(404);

  expect(await updateStack(deploy, 'Updated', resources({
    Api: apiResource({ CorsConfiguration: Cors }),
    Route: route('GET /after'),
    Second: route('GET /second', { AuthorizationType: 'NONE' }),
    Beta: beta('red'),
    Integration: integration({ PayloadFormatVersion: '1.0' }),
  }))).toBe('UPDATE_COMPLETE');
  expect((await get('/before')).status).toBe(404);
  expect(await json(await get('/beta/second?response=event')))
    .toMatchObject({ version: '1.0', stageVariables: { color: 'red' } });
  expect(await allowedOrigin('/after?response=plain')).toBe('https://app.example');

  expect(await updateStack(deploy, 'Updated', resources({ Route: route('GET /after') }))).toBe('UPDATE_COMPLETE');
  const statuses = async (...paths: string[]) => Promise.all(paths.map(async (path) => (await get(path)).status));
  expect(await statuses('/after', '/second', '/beta/after')).toEqual([200, 404, 404]);
  expect(await allowedOrigin('/after')).toBeNull();
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'Updated' });
  await expect(fetch(`${address}/after`)).rejects.toThrow();
});

test('another API replaces each part of the API, and another name replaces a stage', async () => {
  const IntegrationUri = 'arn:aws:lambda:us-west-2:123456789012:function:the-function';
  const resources = (apiName: string, StageName: string, properties: object = {}) => {
    const ApiId = { Ref: apiName };
    return {
      One: apiResource(properties),
      Two: apiResource(),
      Integration: integration({ ApiId, IntegrationUri }),
      Route: route('GET /a', { ApiId }),
      Authorizer: jwtAuthorizer('https://issuer.example', ['a'], { ApiId }),
      Deployment: { Type: 'AWS::ApiGatewayV2::Deployment', Properties: { ApiId } },
      Stage: stage(StageName, { ApiId }),
    };
  };
  const found = () => deploy.state().stacks.find(({ name }) => name === 'Parts')!;
  const idOf = (id: string) => found().resources.find(({ logicalId }) => logicalId === id)!.physicalId;
  const deleted = () => found().events.filter(({ status }) => status === 'DELETE_COMPLETE')
    .map(({ logicalId }) => logicalId).sort();
  expect(await createStack(deploy, 'Parts', resources('One', 'first'))).toBe('CREATE_COMPLETE');
  const [ApiId, oldIntegration, AuthorizerId] = ['One', 'Integration', 'Authorizer'].map(idOf);
  expect(await updateStack(deploy, 'Parts', resources('Two', 'second'))).toBe('UPDATE_COMPLETE');
  expect(deleted()).toEqual(['Authorizer', 'Deployment', 'Integration', 'Route', 'Stage']);
  expect(await updateStack(deploy, 'Parts', resources('Two', 'third'))).toBe('UPDATE_COMPLETE');
  expect(deleted()).toEqual(['Authorizer', 'Deployment', 'Integration', 'Route', 'Stage', 'Stage']);
  // An update cannot have what a create refuses.
  expect(await updateStack(deploy, 'Parts', resources('Two', 'third', { Target: 'arn' })))
    .toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await failureOf(deploy, 'Parts')).toContain('The property Target is not supported by the local service.');
  // The old parts are gone, so no other route can use them.
  expect(await createStack(deploy, 'OldTarget', {
    Route: route('GET /b', { ApiId, Target: `integrations/${oldIntegration}` }),
  })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'OldTarget')).toContain(`Invalid Target integrations/${oldIntegration}`);
  expect(await createStack(deploy, 'OldAuthorizer', {
    Integration: integration({ ApiId, IntegrationUri }),
    Route: route('GET /b', { ApiId, AuthorizationType: 'JWT', AuthorizerId }),
  })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'OldAuthorizer')).toContain('requires an authorizer of type JWT');
});

test('the resources of an API have attributes', async () => {
  const attributes: { readonly [logicalId: string]: readonly string[] } = {
    Api: ['ApiId', 'ApiEndpoint'],
    Integration: ['IntegrationId'],
    Route: ['RouteId'],
    Authorizer: ['AuthorizerId'],
    Deployment: ['DeploymentId'],
    Stage: [],
  };
  const Outputs: { [name: string]: object } = {};
  for (const [logicalId, names] of Object.entries(attributes)) {
    Outputs[logicalId] = { Value: { Ref: logicalId } };
    for (const name of names) Outputs[`${logicalId}x${name}`] = { Value: { 'Fn::GetAtt': [logicalId, name] } };
  }
  const resources = {
    Api: apiResource(),
    Integration: integration({ IntegrationUri: 'arn:aws:lambda:us-west-2:123456789012:function:the-function' }),
    Route: route('GET /a'),
    Authorizer: lambdaAuthorizer(0),
    Deployment: { Type: 'AWS::ApiGatewayV2::Deployment', Properties: { ApiId: { Ref: 'Api' } } },
    Stage: stage('beta'),
  };
  expect(await createStack(deploy, 'Attributes', resources, { Outputs })).toBe('CREATE_COMPLETE');
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'Attributes' });
  const pairs = [...text.matchAll(/<OutputKey>(\w+)<\/OutputKey><OutputValue>([^<]+)</g)];
  const outputs = Object.fromEntries(pairs.map(([, key, value]) => [key, value]));
  const id = expect.stringMatching(/^[a-z0-9]{7}$/);
  expect(outputs).toEqual({
    Api: expect.stringMatching(/^[a-z0-9]{10}$/),
    ApixApiId: outputs.Api,
    ApixApiEndpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    Integration: id,
    IntegrationxIntegrationId: outputs.Integration,
    Route: id,
    RoutexRouteId: outputs.Route,
    Authorizer: id,
    AuthorizerxAuthorizerId: outputs.Authorizer,
    Deployment: id,
    DeploymentxDeploymentId: outputs.Deployment,
    Stage: 'beta',
  });
  expect((await fetch(`${outputs.ApixApiEndpoint}/none`)).status).toBe(404);
});
