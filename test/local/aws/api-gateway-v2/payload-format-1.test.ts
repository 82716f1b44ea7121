import type { IncomingMessage } from 'node:http';
import { anonymous } from './deploy-http-api';
import { httpEvent1, httpResponse1 } from '../../../../local/aws/api-gateway-v2/payload-format-1';
import type { FunctionRequest } from '../../../../local/aws/lambda/payload-format-2';

const empty = {
  method: 'POST', url: '/beta/a%20b', httpVersion: '1.1', rawHeaders: [], headers: {}, headersDistinct: {},
};
const request = (message: object, more: Partial<FunctionRequest> = {}): FunctionRequest => ({
  message: { ...empty, ...message } as Partial<IncomingMessage> as IncomingMessage,
  body: Buffer.alloc(0),
  requestId: 'the-request',
  accountId: '123456789012',
  apiId: 'the-api',
  domainName: '127.0.0.1:4000',
  time: new Date('2026-11-22T10:00:00.999Z'),
  rawPath: '/beta/a b',
  routeKey: 'POST /{name}',
  stage: 'beta',
  ...more,
});

const forwarded = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-port': '4000' };
const lists = (values: object) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
const minimal = {
  version: '1.0',
  resource: '/{name}',
  path: '/beta/a b',
  httpMethod: 'POST',
  headers: forwarded,
  multiValueHeaders: lists(forwarded),
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  requestContext: {
    accountId: '123456789012',
    apiId: 'the-api',
    domainName: '127.0.0.1:4000',
    domainPrefix: 'the-api',
    extendedRequestId: 'the-request',
    httpMethod: 'POST',
    identity: anonymous,
    path: '/beta/a b',
    protocol: 'HTTP/1.1',
    requestId: 'the-request',
    requestTime: '22/Nov/2026:10:00:00 +0000',
    requestTimeEpoch: 1_795_341_600_999,
    resourceId: 'POST /{name}',
    resourcePath: '/{name}',
    stage: 'beta',
  },
  pathParameters: null,
  stageVariables: null,
  body: null,
  isBase64Encoded: false,
};

test('the event of a request without parts has null for them', () => {
  expect(httpEvent1(request({}))).toEqual(minimal);
  expect(httpEvent1(request({}, { pathParameters: {}, stageVariables: {}, routeKey: '$default' }))).toEqual({
    ...minimal,
    resource: '$default',
    requestContext: { ...minimal.requestContext, resourceId: '$default', resourcePath: '$default' },
  });
});

test('the event of a request has its parts, and the last of several values', () => {
  const rawHeaders = ['User-Agent', 'test', 'X-A', '1', 'Cookie', 'a=1; b=2', 'x-a', '2', 'Content-Type', 'text/plain'];
  const headersDistinct = {
    'user-agent': ['test'], 'x-a': ['1', '2'], 'cookie': ['a=1; b=2'], 'content-type': ['text/plain'],
  };
  const headers = { 'user-agent': 'test', 'cookie': 'a=1; b=2', 'content-type': 'text/plain' };
  const own = { 'x-own': 'added' };
  const url = '/beta/a%20b?x=1&y=a%26b&x=2&z';
  expect(httpEvent1(request({ rawHeaders, headersDistinct, headers, url }, {
    body: Buffer.from('ä'),
    pathParameters: { name: 'a b' },
    stageVariables: { color: 'green' },
    headers: own,
  }))).toEqual({
    ...minimal,
    headers: { ...headers, 'x-a': '2', ...own, ...forwarded },
    multiValueHeaders: { ...lists({ ...headers, ...own, ...forwarded }), 'x-a': ['1', '2'] },
    queryStringParameters: { x: '2', y: 'a&b', z: '' },
    multiValueQueryStringParameters: { x: ['1', '2'], y: ['a&b'], z: [''] },
    requestContext: { ...minimal.requestContext, identity: { ...anonymous, userAgent: 'test' } },
    pathParameters: { name: 'a b' },
    stageVariables: { color: 'green' },
    body: 'ä',
  });
});

test('a body without a type of text is in Base64', () => {
  expect(httpEvent1(request({}, { body: Buffer.from([0, 255]) })))
    .toEqual({ ...minimal, body: 'AP8=', isBase64Encoded: true });
});

const caller = {
  accessKey: 'AKIA',
  accountId: '210987654321',
  callerId: 'AIDA',
  userArn: 'arn:aws:iam::210987654321:user/u',
  userId: 'U',
};
test.each<[string, FunctionRequest['authorizer'], object]>([
  ['a JWT authorizer', { jwt: { claims: { sub: 'ada' }, scopes: null } }, {
    authorizer: { claims: { sub: 'ada' }, scopes: null },
  }],
  ['a Lambda authorizer', { lambda: { role: 'viewer' } }, { authorizer: { role: 'viewer' } }],
  ['a Lambda authorizer without a context', { lambda: null }, {}],
  ['a signature', { iam: caller }, {
    identity: {
      ...anonymous,
      accessKey: 'AKIA',
      accountId: '210987654321',
      caller: 'AIDA',
      user: 'U',
      userArn: 'arn:aws:iam::210987654321:user/u',
    },
  }],
])('the event has the caller of %s', (_, authorizer, expected) => {
  expect(httpEvent1(request({}, { authorizer })))
    .toEqual({ ...minimal, requestContext: { ...minimal.requestContext, ...expected } });
});

const text = { 'content-type': 'text/plain;charset=UTF-8' };
test.each<[unknown, object | undefined]>([
  ['text', undefined],
  [null, undefined],
  [5, undefined],
  [{ message: 'hi' }, undefined],
  [['statusCode'], undefined],
  [{ statusCode: 'carrot' }, undefined],
  [{ statusCode: 'carrot', multiValueHeaders: {} }, undefined],
  [{ statusCode: '201', body: 'x' }, { statusCode: 201, headers: text, cookies: [], body: 'x' }],
  [{ statusCode: 204, multiValueHeaders: null }, { statusCode: 204, headers: text, cookies: [], body: '' }],
  [
    {
      statusCode: 200,
      headers: { 'X-Own': 'other', 'X-Second': 's' },
      cookies: ['c=3'],
      multiValueHeaders: {
        'Set-Cookie': ['a=1', 'b=2'], 'X-Own': ['1', 2], 'x-one': 'one', 'CONTENT-TYPE': ['text/html'],
      },
      body: 'SGk=',
      isBase64Encoded: true,
    },
    {
      statusCode: 200,
      headers: { 'content-type': 'text/html', 'x-own': '1,2', 'x-second': 's', 'x-one': 'one' },
      cookies: ['c=3', 'a=1', 'b=2'],
      body: 'Hi',
    },
  ],
  [{ statusCode: 200, multiValueHeaders: { 'set-cookie': 'a=1' } }, {
    statusCode: 200, headers: text, cookies: ['a=1'], body: '',
  }],
])('the response of a function that returns %j', (value, expected) => {
  const response = httpResponse1(JSON.stringify(value));
  expect(response && { ...response, body: response.body.toString() }).toEqual(expected);
});
