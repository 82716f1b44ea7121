import type { IncomingMessage } from 'node:http';
import {
  commonLogTime,
  httpEvent,
  httpResponse,
  splitTarget,
  type FunctionRequest,
} from '../../../../local/aws/lambda/payload-format-2';

const json = { 'content-type': 'application/json' };
const response = (statusCode: number, headers: object, text: string, cookies: string[] = []) =>
  ({ statusCode, headers, cookies, body: Buffer.from(text) });

test.each<[unknown, object | undefined]>([
  ['tëxt', response(200, json, 'tëxt')],
  ['', response(200, json, '')],
  [5, response(200, json, '5')],
  [null, response(200, json, 'null')],
  [['a'], response(200, json, '["a"]')],
  [{ message: 'hi' }, response(200, json, '{"message":"hi"}')],
  [{ statusCode: 204 }, response(204, json, '')],
  [{ statusCode: '201', headers: null, cookies: null, body: null }, response(201, json, '')],
  [
    { statusCode: 200, headers: { 'Content-Type': 'text/css', 'X-Number': 5 }, cookies: ['a=1', 2], body: 'x' },
    response(200, { 'content-type': 'text/css', 'x-number': '5' }, 'x', ['a=1', '2']),
  ],
  [{ statusCode: 200, body: { a: 1 } }, response(200, json, '{"a":1}')],
  [{ statusCode: 200, body: '' }, response(200, json, '')],
  [{ statusCode: 200, body: 0 }, response(200, json, '0')],
  [{ statusCode: 200, body: false }, response(200, json, 'false')],
  [{ statusCode: 200, body: 'SGk=', isBase64Encoded: true }, response(200, json, 'Hi')],
  [{ statusCode: 200, body: 'SGk=', isBase64Encoded: false }, response(200, json, 'SGk=')],
  [{ statusCode: 100 }, response(100, json, '')],
  [{ statusCode: 599 }, response(599, json, '')],
  [{ statusCode: 99 }, undefined],
  [{ statusCode: 600 }, undefined],
  [{ statusCode: 200.5 }, undefined],
  [{ statusCode: 'carrot' }, undefined],
  [{ statusCode: null }, undefined],
  [{ statusCode: 0 }, undefined],
])('the response of a function that returns %j', (value, expected) => {
  expect(httpResponse(JSON.stringify(value))).toEqual(expected);
});

test('another default content type is only for a response without one', () => {
  const typeOf = (value: object) => httpResponse(JSON.stringify(value), 'text/plain')!.headers['content-type'];
  expect(typeOf({ statusCode: 200 })).toBe('text/plain');
  expect(typeOf({ statusCode: 200, headers: { 'content-type': 'text/css' } })).toBe('text/css');
  expect(typeOf({ message: 'hi' })).toBe('application/json');
});

test.each<[string, string]>([
  ['2026-01-02T03:04:05.999Z', '02/Jan/2026:03:04:05 +0000'],
  ['2026-02-28T23:59:59.000Z', '28/Feb/2026:23:59:59 +0000'],
  ['2026-11-22T10:00:00.000Z', '22/Nov/2026:10:00:00 +0000'],
  ['2026-12-31T00:00:00.000Z', '31/Dec/2026:00:00:00 +0000'],
  ...'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ').map((month, index): [string, string] => [
    `2026-${String(index + 1).padStart(2, '0')}-05T00:00:00.000Z`, `05/${month}/2026:00:00:00 +0000`,
  ]),
])('the time %s is %s', (time, expected) => {
  expect(commonLogTime(new Date(time))).toBe(expected);
});

function request(rawHeaders: string[], body = '', more: Partial<FunctionRequest> = {}): FunctionRequest {
  const pairs = rawHeaders.flatMap((name, index) => index % 2 ? [] : [[name.toLowerCase(), rawHeaders[index + 1]]]);
  const message = {
    method: 'POST',
    url: '/Caf%C3%A9?b=1&a=x%20y&b=2+3&c',
    httpVersion: '1.0',
    rawHeaders,
    headers: Object.fromEntries(pairs),
  };
  return {
    message: message as Partial<IncomingMessage> as IncomingMessage,
    body: Buffer.from(body),
    requestId: 'the-request',
    accountId: '123456789012',
    apiId: 'the-api',
    domainName: '127.0.0.1:4000',
    time: new Date('2026-11-22T10:00:00.999Z'),
    rawPath: '/Café',
    routeKey: 'POST /{name}',
    stage: 'beta',
    ...more,
  };
}

const forwarded = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-port': '4000' };
const minimal = {
  version: '2.0',
  routeKey: 'POST /{name}',
  rawPath: '/Café',
  rawQueryString: 'b=1&a=x%20y&b=2+3&c',
  queryStringParameters: { a: 'x y', b: '1,2 3', c: '' },
  headers: forwarded,
  requestContext: {
    accountId: '123456789012',
    apiId: 'the-api',
    domainName: '127.0.0.1:4000',
    domainPrefix: 'the-api',
    http: { method: 'POST', path: '/Café', protocol: 'HTTP/1.0', sourceIp: '127.0.0.1', userAgent: '' },
    requestId: 'the-request',
    routeKey: 'POST /{name}',
    stage: 'beta',
    time: '22/Nov/2026:10:00:00 +0000',
    timeEpoch: 1_795_341_600_999,
  },
  isBase64Encoded: false,
};

test('the event of a request has the members that the request has, and no others', () => {
  expect(httpEvent(request([], '', { pathParameters: {}, stageVariables: {} }))).toEqual(minimal);
  const iam = { accessKey: 'AKIA' };
  const rawHeaders = [
    'User-Agent', 'test', 'X-A', 'One', 'Cookie', 'a=1; b=2', 'x-a', '2', 'X-Forwarded-For', '10.0.0.1',
    'X-Own', 'sent', 'Content-Type', 'text/plain',
  ];
  expect(httpEvent(request(rawHeaders, 'ä', {
    authorizer: { iam },
    pathParameters: { name: 'Café' },
    stageVariables: { color: 'green' },
    headers: { 'x-own': 'added' },
  }))).toEqual({
    ...minimal,
    cookies: ['a=1', 'b=2'],
    headers: { 'user-agent': 'test', 'x-a': 'One,2', 'content-type': 'text/plain', 'x-own': 'added', ...forwarded },
    requestContext: {
      ...minimal.requestContext,
      authorizer: { iam },
      http: { ...minimal.requestContext.http, userAgent: 'test' },
    },
    pathParameters: { name: 'Café' },
    stageVariables: { color: 'green' },
    body: 'ä',
  });
});

test('a body without a type is not text, and an address without a query string has no parameters', () => {
  const { message, ...more } = request([], 'hi');
  const domainName = 'api.example';
  const event = httpEvent({ ...more, domainName, message: { ...message, url: '/a' } as IncomingMessage });
  expect(event).toMatchObject({
    body: 'aGk=', isBase64Encoded: true, rawQueryString: '', headers: { 'x-forwarded-port': '80' },
  });
  expect(event).not.toHaveProperty('queryStringParameters');
});

test.each([
  ['text/plain', true],
  ['TEXT/html; charset=utf-8', true],
  ['application/json', true],
  ['application/json;charset=utf-8', true],
  ['application/javascript', true],
  ['application/xml', true],
  ['application/vnd.api-v1.a+json', true],
  ['application/a+b+xml', true],
  ['application/jsonp', false],
  ['application/x-www-form-urlencoded', false],
  ['application/octet-stream', false],
  ['multipart/form-data; boundary=text/plain', false],
  ['image/png', false],
  ['', false],
])('the body of a request with the type %j is text: %s', (type, isText) => {
  expect(httpEvent(request(['content-type', type], 'hi')))
    .toMatchObject(isText ? { body: 'hi', isBase64Encoded: false } : { body: 'aGk=', isBase64Encoded: true });
});

test.each([
  ['/a?b=1?c=2', ['/a', 'b=1?c=2']],
  ['/a', ['/a', '']],
  ['/a?', ['/a', '']],
  ['?b', ['', 'b']],
  [undefined, ['/', '']],
])('the target %j is split at the first question mark', (url, expected) => {
  expect(splitTarget({ url } as IncomingMessage)).toEqual(expected);
});
