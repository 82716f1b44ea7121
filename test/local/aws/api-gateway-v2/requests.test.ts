import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { AwsClient } from 'aws4fetch';
import { accessLogLine } from '../../../../local/aws/api-gateway-v2/access-log';
import type { HttpApi, Integration, Route, Stage } from '../../../../local/aws/api-gateway-v2/http-api';
import { HttpApis } from '../../../../local/aws/api-gateway-v2/http-apis';
import { identitySourceValue } from '../../../../local/aws/api-gateway-v2/identity-source';
import type { JsonWebTokens } from '../../../../local/aws/api-gateway-v2/json-web-tokens';
import { LambdaAuthorizers } from '../../../../local/aws/api-gateway-v2/lambda-authorizers';
import { parseRouteKey } from '../../../../local/aws/api-gateway-v2/route-key';
import { LogGroups } from '../../../../local/aws/cloudwatch-logs/log-groups';
import type { DeployEvent } from '../../../../local/aws/deploy-event';
import { Identities } from '../../../../local/aws/http/identities';
import { Roles } from '../../../../local/aws/iam/roles';
import type { InvocationResult } from '../../../../local/aws/lambda/function-configuration';
import type { LambdaFunctions } from '../../../../local/aws/lambda/lambda-functions';
import { commonLogTime, type FunctionRequest } from '../../../../local/aws/lambda/payload-format-2';
import { CountingClock } from '../../../counting-clock';

const unqualifiedArn = 'arn:aws:lambda:us-west-2:123456789012:function:f';
const functionArn = `${unqualifiedArn}:live`;
const clock = new CountingClock();

let handler: (event: any) => unknown;
const expectFunction = (arn: string) => {
  if (arn !== functionArn) throw new Error(`Another function was used: ${arn}`);
};
const anySource = 'arn:aws:execute-api:us-west-2:123456789012:*';
/** The source that the policy of the function allows. */
let sourceArn = anySource;
const functions = {
  configuration: (arn: string) => {
    expectFunction(arn);
    return { arn: unqualifiedArn };
  },
  policy: () => ({
    Statement: [{
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: unqualifiedArn,
      Principal: { Service: '*' },
      Condition: { ArnLike: { 'AWS:SourceArn': sourceArn }, StringEquals: { 'AWS:SourceAccount': '123456789012' } },
    }],
  }),
  invoke: async (arn: string, event: string): Promise<Pick<InvocationResult, 'payload'>> => {
    expectFunction(arn);
    return { payload: JSON.stringify(await handler(JSON.parse(event))) };
  },
} as unknown as LambdaFunctions;
const tokens = {
  verify: async (token: string) => token === 'valid'
    ? { claims: { 'sub': 'ada', 'custom:teamName': 'reds' } }
    : { refusal: 'invalid_token', description: 'the token is malformed' },
} as unknown as JsonWebTokens;
const identities = new Identities();
const logs = new LogGroups(clock);
const roles = new Roles();
/** Creates a role that can invoke a function, and returns its ARN. */
const invoker = (name: string, Resource: string) => {
  const arn = `arn:aws:iam::123456789012:role/${name}`;
  const inlinePolicies = [{ Statement: { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource } }];
  roles.put({ name, arn, trustPolicy: {}, inlinePolicies, managedPolicyArns: [] });
  return arn;
};
const events: DeployEvent[] = [];
const apis = new HttpApis({
  region: 'us-west-2',
  accountId: '123456789012',
  clock,
  identities,
  functions,
  roles,
  logs,
  tokens,
  log: (event) => events.push(event),
});

const variables = [
  'accountId', 'apiId', 'authorizer.claims.sub', 'authorizer.claims.custom:teamName', 'authorizer.error',
  'authorizer.role', 'domainName', 'domainPrefix',
  'error.message', 'error.messageString', 'extendedRequestId', 'httpMethod', 'identity.accountId', 'identity.caller',
  'identity.sourceIp', 'identity.user', 'identity.userAgent', 'identity.userArn', 'integration.error',
  'integration.integrationStatus', 'integration.latency', 'integration.status', 'integrationErrorMessage',
  'integrationLatency', 'integrationStatus', 'path', 'protocol', 'requestId', 'requestTime', 'requestTimeEpoch',
  'responseLatency', 'responseLength', 'routeKey', 'stage', 'status',
];
const format = `{${variables.map((name) => `"${name}":"$context.${name}"`).join(',')}}`;

const integration: Integration = { functionArn, payloadFormatVersion: '2.0', timeoutMilliseconds: 30_000 };
const stage: Stage = {
  name: '$default',
  defaultThrottle: {},
  routeThrottles: {
    'GET /throttled': { rateLimit: 0.001, burstLimit: 1 },
    'GET /empty': { rateLimit: 0, burstLimit: 0 },
    'GET /empty-jwt': { rateLimit: 0, burstLimit: 0 },
  },
  stageVariables: {},
  accessLog: { logGroupName: 'access', format },
};
const authorizer = { identitySources: ['$request.header.Authorization'] };

/** Creates an API with routes for each kind of authorization. */
async function createApi(): Promise<HttpApi> {
  const api = await apis.create();
  api.stages.set('$default', stage);
  api.integrations.set('fast', integration);
  api.integrations.set('short', { ...integration, timeoutMilliseconds: 50 });
  api.authorizers.set('jwt', { ...authorizer, id: 'jwt', type: 'JWT', issuer: 'https://issuer.example', audience: [] });
  api.authorizers.set('lambda', {
    ...authorizer,
    id: 'lambda',
    type: 'REQUEST',
    functionArn,
    payloadFormatVersion: '2.0',
    simpleResponses: true,
    resultTtlSeconds: 0,
  });
  const route = (key: string, more: Partial<Route> = {}) => api.routes.set(key, {
    id: key,
    key: parseRouteKey(key)!,
    integrationId: 'fast',
    authorizationType: 'NONE',
    authorizationScopes: [],
    ...more,
  });
  route('ANY /open');
  route('GET /short', { integrationId: 'short' });
  route('GET /throttled');
  route('GET /empty');
  route('GET /empty-jwt', { authorizationType: 'JWT', authorizerId: 'jwt' });
  route('ANY /jwt', { authorizationType: 'JWT', authorizerId: 'jwt' });
  route('GET /lambda', { authorizationType: 'CUSTOM', authorizerId: 'lambda' });
  route('POST /iam', { authorizationType: 'AWS_IAM' });
  route('GET /no-integration', { integrationId: 'none' });
  route('GET /no-authorizer', { authorizationType: 'JWT', authorizerId: 'none' });
  return api;
}

let api: HttpApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => apis.close());
beforeEach(() => {
  logs.create('access');
  events.splice(0);
  handler = () => 'answer';
});

const text = async (response: Promise<Response>) => [(await response).status, await (await response).text()];
const serverError = [500, '{"message":"Internal Server Error"}'];

describe('an integration', () => {
  test.each<[string, () => unknown, number]>([
    ['a response', () => 'answer', 200],
    ['an invalid response', () => ({ statusCode: 'carrot' }), 500],
    ['an error', () => Promise.reject(new Error('broken')), 500],
  ])('has no timer after %s', async (_, answer, status) => {
    handler = answer;
    expect((await fetch(`${api.endpoint}/open`)).status).toBe(status);
    expect(clock.pending.size).toBe(0);
  });

  test.each([['/open', 30_000], ['/short', 50]])('of %s has %i ms to respond', async (path, milliseconds) => {
    const invoked = new Promise<void>((resolve) => {
      handler = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    const response = fetch(api.endpoint + path);
    await invoked;
    clock.advance(milliseconds - 1);
    expect(events).toEqual([]);
    clock.advance(1);
    expect(await text(response)).toEqual([503, '{"message":"Service Unavailable"}']);
    expect(events).toEqual([expect.objectContaining({ errorCode: 'The integration did not respond in time' })]);
  });

  test('receives the time of the request, also in its trace ID', async () => {
    handler = ({ requestContext, headers }) => [requestContext.timeEpoch, headers['x-amzn-trace-id']].join();
    const seconds = Math.floor(clock.now() / 1000).toString(16);
    expect(await text(fetch(`${api.endpoint}/open`))).toEqual([
      200, expect.stringMatching(`^${clock.now()},Root=1-${seconds}-[0-9a-f]{24}$`),
    ]);
  });

  test('cannot replace the request ID of the API, and the connection is kept', async () => {
    let requestId;
    handler = ({ requestContext }) => {
      ({ requestId } = requestContext);
      return { statusCode: 200, headers: { 'Apigw-RequestId': 'own' } };
    };
    const { headers } = await fetch(`${api.endpoint}/open`);
    expect([headers.get('apigw-requestid'), headers.get('connection')]).toEqual([requestId, 'keep-alive']);
  });

  test.each([
    ['GET', '/open', '$default/GET/open'],
    ['DELETE', '/other/open', 'other/DELETE/open'],
    ['GET', '/lines/a', '$default/GET/lines/{text}'],
    ['PUT', '/carrot', '$default/$default'],
  ])('needs a permission for %s %s with the source %s', async (method, path, source) => {
    const own = await createApi();
    own.stages.set('other', { ...stage, name: 'other' });
    const open = own.routes.get('ANY /open')!;
    for (const key of ['GET /lines/{text}', '$default']) own.routes.set(key, { ...open, key: parseRouteKey(key)! });
    const status = async (allowed: string) => {
      sourceArn = `arn:aws:execute-api:us-west-2:123456789012:${own.id}/${allowed}`;
      return (await fetch(own.endpoint + path, { method })).status;
    };
    expect([await status(source), await status(`${source}/x`), await status('*/POST/*')]).toEqual([200, 500, 500]);
    sourceArn = anySource;
    await apis.remove(own.id);
  });

  test.each([[functionArn, 200], [unqualifiedArn, 500]])(
    'with a role that can invoke %s is answered with %i',
    async (resource, status) => {
      sourceArn = 'arn:none'; // only the role matters
      const credentialsArn = invoker(`invoker-${status}`, resource);
      const byRole = api.routes.get('ANY /open')!;
      api.integrations.set(credentialsArn, { ...integration, credentialsArn });
      api.routes.set('by-role', { ...byRole, key: parseRouteKey('GET /by-role')!, integrationId: credentialsArn });
      expect((await fetch(`${api.endpoint}/by-role`)).status).toBe(status);
      sourceArn = anySource;
    },
  );

  test('receives the length of a body without the header content-length', async () => {
    handler = ({ headers }) => headers['content-length'];
    const sent = request(`${api.endpoint}/open`, { method: 'POST' });
    sent.write('abc');
    sent.end('de');
    const [response] = await once(sent, 'response') as [IncomingMessage];
    expect(String(await once(response, 'data'))).toBe('5');
  });

  test.each([
    ['/no-integration', 'The integration none does not exist'],
    ['/no-authorizer', 'The authorizer none does not exist'],
  ])('a request to %s is an error', async (path, errorCode) => {
    expect(await text(fetch(api.endpoint + path))).toEqual(serverError);
    expect(events).toEqual([{
      kind: 'request', service: 'execute-api', operation: `GET ${path}`, statusCode: 500, errorCode,
    }]);
  });
});

test('a request without a token is refused before its body arrives', async () => {
  const sent = request(`${api.endpoint}/jwt`, { method: 'POST', headers: { 'content-length': 100 } });
  sent.on('error', () => {});
  sent.flushHeaders();
  const [response] = await once(sent, 'response') as [IncomingMessage];
  expect(response.statusCode).toBe(401);
  expect(response.headers).toMatchObject({ 'connection': 'close', 'www-authenticate': 'Bearer' });
  sent.destroy();
});

test('each API has its own throttles, routes and address, until it is removed', async () => {
  const second = await createApi();
  expect([apis.get(second.id), second.id === api.id]).toEqual([second, false]);
  for (const { endpoint } of [api, second]) {
    expect((await fetch(`${endpoint}/throttled`)).status).toBe(200);
    expect(await text(fetch(`${endpoint}/throttled`))).toEqual([429, '{"message":"Too Many Requests"}']);
  }
  const invoked = new Promise<void>((resolve) => {
    handler = () => {
      resolve();
      return new Promise(() => {});
    };
  });
  const interrupted = expect(fetch(`${second.endpoint}/open`)).rejects.toThrow();
  await invoked;
  await apis.remove(second.id);
  await interrupted;
  clock.advance(30_000);
  handler = () => 'answer';
  expect(apis.get(second.id)).toBeUndefined();
  await expect(fetch(`${second.endpoint}/open`)).rejects.toThrow();
  expect((await fetch(`${api.endpoint}/open`)).status).toBe(200);

  const third = await createApi();
  const fourth = await createApi();
  await apis.remove('none');
  await apis.close();
  for (const { endpoint } of [third, fourth, api]) await expect(fetch(`${endpoint}/open`)).rejects.toThrow();
  api = await createApi();
});

test('only addresses of an API of this Region are replaced', () => {
  const address = (id: string, rest = 'us-west-2.amazonaws.com') => `https://${id}.execute-api.${rest}`;
  const { id, endpoint } = api;
  expect(apis.localUrl(`${address(id)}/a ${address(id)}:443, ${address(id)}`))
    .toBe(`${endpoint}/a ${endpoint}:443, ${endpoint}`);
  for (const other of [
    address(id, 'eu-west-1.amazonaws.com'), address(id, 'us-west-2.amazonaws.com.cn'), address('aaaaaaaaaa'),
    address(id, 'us-west-2.amazonaws.com-other'), address(id, 'us-west-2xamazonaws.com'), address(`a${id}`),
  ]) {
    expect(apis.localUrl(other)).toBe(other);
  }
});

test('an API is gone as soon as its removal begins, and no other API', async () => {
  const { id } = await apis.create();
  const removal = apis.remove(id);
  expect([apis.get(id), apis.get(api.id)]).toEqual([undefined, api]);
  await removal;
  await apis.remove(id);
});

test('the request line and the headers have at most 10,240 bytes', async () => {
  const statusWith = async (bytes: number) => {
    const { host } = new URL(api.endpoint);
    const head = ['POST /open?a=1 HTTP/1.1', `host: ${host}`, 'connection: close', 'content-length: 0', 'x-long: ', ''];
    const long = 'é'.repeat(bytes - head.join('\r\n').length);
    const headers = { host, 'connection': 'close', 'content-length': 0, 'x-long': long };
    const sent = request(`${api.endpoint}/open?a=1`, { method: 'POST', headers }).end();
    return (await once(sent, 'response') as [IncomingMessage])[0].resume().statusCode;
  };
  expect([await statusWith(10_240), await statusWith(10_241)]).toEqual([200, 431]);
});

test('the event of a function has at most 6 MB', async () => {
  let size = 0;
  handler = (event) => {
    size = Buffer.byteLength(JSON.stringify(event));
    return 'answer';
  };
  const send = async (bytes: number) => {
    const headers = { 'content-type': 'text/plain' };
    return (await fetch(`${api.endpoint}/open`, { method: 'POST', headers, body: 'x'.repeat(bytes) })).status;
  };
  expect(await send(6_000_000)).toBe(200);
  const maximum = 6_000_000 + 6 * 1024 * 1024 - size;
  expect([await send(maximum), await send(maximum + 1)]).toEqual([200, 413]);
});

test('a body has at most 10 MB, which is more than an event can have', async () => {
  const reason = async (bytes: number) => {
    events.splice(0);
    const sent = request(`${api.endpoint}/open`, { method: 'POST', headers: { 'content-type': 'text/plain' } });
    sent.on('error', () => {}).on('response', (response) => response.resume()).end('x'.repeat(bytes));
    while (events.length === 0) await new Promise(setImmediate);
    return events.map((event) => event.kind === 'request' && [event.statusCode, event.errorCode]);
  };
  const maximum = 10 * 1024 * 1024;
  expect(await reason(maximum)).toEqual([[413, 'The event is larger than 6 MB']]);
  expect(await reason(maximum + 1)).toEqual([[413, undefined]]);
});

test('a path can contain a line break, and a request that ends before its body is an error', async () => {
  api.stages.set('lines', { ...stage, name: 'lines' });
  api.routes.set('lines', { ...api.routes.get('ANY /open')!, key: parseRouteKey('GET /lines/{text}')! });
  handler = ({ pathParameters }) => pathParameters;
  expect(await text(fetch(`${api.endpoint}/lines/lines/a%0Ab%2Fc`))).toEqual([404, '{"message":"Not Found"}']);
  expect(await text(fetch(`${api.endpoint}/lines/lines/a%0Ab`))).toEqual([200, '{"text":"a\\nb"}']);

  events.splice(0);
  const sent = request(`${api.endpoint}/open`, { method: 'POST', headers: { 'content-length': 100 } });
  sent.on('error', () => {});
  sent.write('a', () => sent.destroy());
  while (events.length === 0) await new Promise(setImmediate);
  expect(events).toMatchObject([{ statusCode: 500, errorCode: 'The request ended before its body did' }]);
});

test.each<[string, string | undefined]>([
  ['$context.toString', undefined],
  ['$context.path', '/a'],
  ['$request.header.X-A', '1,2'],
  ['$request.querystring.q-1', 'x,y'],
  ['$request.querystring.none', undefined],
  ['$stageVariables.color', 'green'],
  ['$stageVariables.none', undefined],
])('the identity source %s has the value %s', (source, expected) => {
  const of = { url: '/beta/a?q-1=x&q-1=y', headersDistinct: { 'x-a': ['1', '2'] }, headers: {} };
  const message = of as Partial<IncomingMessage> as IncomingMessage;
  const from = { message, rawPath: '/a', stageVariables: { color: 'green' } } as Partial<FunctionRequest>;
  expect(identitySourceValue(source, from as FunctionRequest)).toBe(expected);
});

describe('the access log', () => {
  const lines = () => logs.get('access')!.events.map(({ message }) => JSON.parse(message));
  const send = async (path: string, headers: { [name: string]: string } = {}) => {
    const response = await fetch(api.endpoint + path, { headers: { 'user-agent': 'a"b', ...headers } });
    const { byteLength } = await response.arrayBuffer();
    return { id: response.headers.get('apigw-requestid'), length: String(byteLength) };
  };
  const nothing = Object.fromEntries(variables.map((name) => [name, '-']));
  const common = () => ({
    ...nothing,
    'accountId': '123456789012',
    'apiId': api.id,
    'domainName': new URL(api.endpoint).host,
    'domainPrefix': api.id,
    'httpMethod': 'GET',
    'identity.sourceIp': '127.0.0.1',
    'identity.userAgent': 'a"b',
    'protocol': 'HTTP/1.1',
    'requestTime': expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
    'responseLatency': '0',
    'stage': '$default',
  });
  const ofResponse = ({ id, length }: { id: string | null; length: string }) =>
    ({ requestId: id, extendedRequestId: id, responseLength: length });
  const integrated = (status: string, latency = '0') => ({
    'integration.integrationStatus': status,
    'integration.latency': latency,
    'integration.status': '200',
    'integrationLatency': latency,
    'integrationStatus': status,
  });
  const error = (message: string) => ({ 'error.message': message, 'error.messageString': message });

  beforeEach(() => {
    logs.remove('access');
    logs.create('access');
  });

  test('has the values of a response', async () => {
    const began = clock.now();
    handler = () => {
      clock.advance(2040);
      return { statusCode: 404, body: '{"message":"The room ä does not exist"}' };
    };
    const response = await send('/open?a=1');
    expect(response.id).toMatch(/^[A-Za-z0-9+/]{15}=$/);
    expect(lines()).toEqual([{
      ...common(),
      ...ofResponse(response),
      ...integrated('404', '2040'),
      path: '/open',
      requestTime: commonLogTime(new Date(began)),
      requestTimeEpoch: String(began),
      responseLatency: '2040',
      routeKey: 'ANY /open',
      status: '404',
    }]);
    expect(logs.get('access')!.events[0]!.logStreamName).toBe(`us-west-2-${api.id}-$default`);
  });

  test('has no error message of API Gateway for an error of the function', async () => {
    handler = () => ({ statusCode: 500, body: '{"message":"of the function"}' });
    await send('/open');
    expect(lines()).toEqual([expect.objectContaining({ ...integrated('500'), 'error.message': '-' })]);
  });

  test.each<[string, { [name: string]: string }, object]>([
    ['/jwt', { authorization: 'valid' }, {
      ...integrated('200'),
      'authorizer.claims.sub': 'ada',
      'authorizer.claims.custom:teamName': 'reds',
      'routeKey': 'ANY /jwt',
      'status': '200',
    }],
    ['/jwt', { authorization: 'carrot' }, {
      ...error('Unauthorized'), 'authorizer.error': 'the token is malformed', 'routeKey': 'ANY /jwt', 'status': '401',
    }],
    ['/lambda', { authorization: 'yes' }, {
      ...integrated('200'), 'authorizer.role': 'viewer', 'routeKey': 'GET /lambda', 'status': '200',
    }],
    ['/lambda', { authorization: 'no' }, {
      ...error('Forbidden'),
      'authorizer.error': 'The Lambda authorizer denied the request',
      'routeKey': 'GET /lambda',
      'status': '403',
    }],
    ['/empty', {}, { ...error('Too Many Requests'), routeKey: 'GET /empty', status: '429' }],
    ['/empty-jwt', {}, { ...error('Too Many Requests'), routeKey: 'GET /empty-jwt', status: '429' }],
    ['/carrot', {}, { ...error('Not Found'), status: '404' }],
    ['/no-integration', {}, { ...error('Internal Server Error'), routeKey: 'GET /no-integration', status: '500' }],
  ])('of a request to %s with %j', async (path, headers, expected) => {
    handler = ({ type, identitySource }) => type === 'REQUEST'
      ? { isAuthorized: identitySource[0] === 'yes', context: { role: 'viewer' } }
      : 'answer';
    const response = await send(path, headers);
    expect(lines()).toEqual([{
      ...common(), ...ofResponse(response), path, requestTimeEpoch: String(clock.now()), ...expected,
    }]);
  });

  test('has the error of an integration, which is no error of the authorizer', async () => {
    const began = clock.now();
    handler = ({ type }) => {
      clock.advance(type === 'REQUEST' ? 5 : 40);
      if (type !== 'REQUEST') throw new Error('broken "x"');
      return { isAuthorized: true };
    };
    const response = await send('/lambda', { authorization: 'yes' });
    expect(lines()).toEqual([{
      ...common(),
      ...ofResponse(response),
      ...integrated('500', '40'),
      ...error('Internal Server Error'),
      'integration.error': 'broken "x"',
      'integrationErrorMessage': 'broken "x"',
      'path': '/lambda',
      'requestTimeEpoch': String(began),
      'responseLatency': '45',
      'routeKey': 'GET /lambda',
      'status': '500',
    }]);
  });

  test('has the identity of a signature', async () => {
    const { accessKeyId, secretAccessKey, accountId, arn } = identities.administrator;
    const client = new AwsClient({ accessKeyId, secretAccessKey, region: 'us-west-2', service: 'execute-api' });
    clock.advance(Date.now() - clock.now());
    expect((await client.fetch(`${api.endpoint}/iam`, { method: 'POST', body: 'a' })).status).toBe(200);
    expect(lines()).toEqual([expect.objectContaining({
      'httpMethod': 'POST',
      'identity.accountId': accountId,
      'identity.caller': accessKeyId,
      'identity.user': accessKeyId,
      'identity.userArn': arn,
    })]);
    clock.advance(3_600_000);
    expect((await client.fetch(`${api.endpoint}/iam`, { method: 'POST', body: 'a' })).status).toBe(403);
  });

  test('has the lines of its own stage, and needs its log group', async () => {
    api.stages.set('other', { ...stage, name: 'other', accessLog: undefined });
    await send('/other/open');
    logs.remove('access');
    await send('/open');
    expect(logs.get('access')).toBeUndefined();
    logs.create('access');
    await send('/open');
    expect(lines()).toHaveLength(1);
  });

  test.each([
    ['$context.a-$context.b', '1-2\\"'],
    ['$context.lines', 'a\\nb\\\\'],
    ['$context.a. $context.c', '1. -'],
    ['$context.empty $context.toString $context', '- - $context'],
    ['$context.authorizer.claims.cognito:groups $context.authorizer.claims.team-name', 'x y'],
    ['$context.zero', '0'],
  ])('the format %s becomes %s', (template, expected) => {
    const values = {
      'a': 1,
      'b': '2"',
      'lines': 'a\nb\\',
      'empty': '',
      'authorizer.claims.cognito:groups': 'x',
      'authorizer.claims.team-name': 'y',
      'zero': 0,
    };
    expect(accessLogLine(template, values)).toBe(expected);
  });
});

describe('the cached results of Lambda authorizers', () => {
  const lambdaAuthorizer = {
    ...authorizer,
    id: 'a',
    type: 'REQUEST' as const,
    functionArn,
    payloadFormatVersion: '2.0' as const,
    simpleResponses: true,
    resultTtlSeconds: 60,
  };
  const message = { method: 'GET', url: '/', headers: {}, headersDistinct: {}, rawHeaders: [], httpVersion: '1.1' };
  const authorizers = new LambdaAuthorizers(clock);
  let asked = 0;
  let duration = 0;
  const requestOf = ({ apiId = 'api', stageName = '$default' }) => ({
    message: message as unknown as IncomingMessage,
    body: Buffer.alloc(0),
    requestId: 'r',
    accountId: '123456789012',
    apiId,
    domainName: '127.0.0.1:80',
    time: new Date(0),
    rawPath: '/',
    routeKey: 'GET /',
    stage: stageName,
  });
  const ask = async (
    token: string | string[],
    {
      id = 'a',
      routeArn = 'arn',
      ...of
    }: { id?: string; routeArn?: string; apiId?: string; stageName?: string } = {},
  ) => {
    asked = 0;
    const decision = await authorizers.authorize({
      authorizer: { ...lambdaAuthorizer, id },
      request: requestOf(of),
      routeArn,
      identitySource: [token].flat(),
      invoke: async () => {
        asked++;
        clock.advance(duration);
        return '{"isAuthorized":true}';
      },
    });
    expect(decision).toEqual({ isAuthorized: true, context: null });
    return asked;
  };

  beforeEach(() => ['api', 'second'].forEach((apiId) => authorizers.forget(apiId)));

  test('are separate for each token, API, stage and authorizer', async () => {
    const others = [{}, { apiId: 'second' }, { stageName: 'beta' }, { id: 'b' }];
    expect([await ask(['a,b', 'c']), await ask(['a', 'b,c']), await ask(['a', 'b', 'c'])]).toEqual([1, 1, 1]);
    authorizers.forget('api');
    for (const other of others) expect([await ask('x', other), await ask('x', other)]).toEqual([1, 0]);
    expect([await ask('x', { routeArn: 'other' }), await ask('y')]).toEqual([0, 1]);
  });

  test('end with their API', async () => {
    await ask('x');
    await ask('api', { apiId: 'second' });
    authorizers.forget('api');
    expect([await ask('x'), await ask('api', { apiId: 'second' })]).toEqual([1, 0]);
  });

  test('end exactly with their TTL, which begins with the request', async () => {
    duration = 10_000;
    await ask('ttl');
    duration = 0;
    clock.advance(49_999);
    expect(await ask('ttl')).toBe(0);
    clock.advance(1);
    expect(await ask('ttl')).toBe(1);
  });

  test('do not exist without an identity source', async () => {
    const sources: unknown[] = [];
    const decide = () => authorizers.authorize({
      authorizer: lambdaAuthorizer,
      request: requestOf({}),
      routeArn: 'arn',
      identitySource: [],
      invoke: async (event) => {
        sources.push((event as { identitySource: unknown }).identitySource);
        return '{"isAuthorized":false,"context":{"a":1}}';
      },
    });
    expect([await decide(), await decide()]).toEqual(Array(2).fill({ isAuthorized: false, context: { a: 1 } }));
    expect(sources).toEqual([null, null]);
  });

  test.each<['1.0' | '2.0', object]>([
    ['1.0', { methodArn: 'the-arn', identitySource: 'a,b', authorizationToken: 'a,b' }],
    ['2.0', { routeArn: 'the-arn', identitySource: ['a', 'b'] }],
  ])('come from an event of format %s with the identity sources', async (payloadFormatVersion, expected) => {
    const parts = { pathParameters: { x: '1' }, stageVariables: { color: 'green' } };
    const decision = await authorizers.authorize({
      authorizer: { ...lambdaAuthorizer, payloadFormatVersion },
      request: { ...requestOf({ apiId: payloadFormatVersion }), ...parts },
      routeArn: 'the-arn',
      identitySource: ['a', 'b'],
      invoke: async (event) => {
        expect(event).toMatchObject({ ...expected, ...parts });
        return '{"isAuthorized":true}';
      },
    });
    expect(decision.isAuthorized).toBe(true);
  });

  test('are not kept if they are not valid', async () => {
    const answers = [{}, { policyDocument: null }, {
      policyDocument: { Statement: { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' } },
    }];
    const decide = () => authorizers.authorize({
      authorizer: { ...lambdaAuthorizer, simpleResponses: false },
      request: requestOf({}),
      routeArn: 'arn:aws:execute-api:us-west-2:123456789012:api/$default/GET/',
      identitySource: ['policy'],
      invoke: async () => JSON.stringify(answers.shift()),
    });
    for (let count = 0; count < 2; count++) {
      await expect(decide()).rejects.toThrow('The response of the Lambda authorizer has no policyDocument');
    }
    expect(await decide()).toEqual({ isAuthorized: true, context: null });
  });

  test('are at most 1000, the newest ones', async () => {
    for (let number = 0; number < 1000; number++) await ask(`token-${number}`);
    expect(await ask('token-0')).toBe(0);
    expect(await ask('one-more')).toBe(1);
    expect([await ask('token-1'), await ask('token-0')]).toEqual([0, 1]);
  });
});
