import {
  isPreflight,
  preflightHeaders,
  responseCorsHeaders,
  type CorsConfiguration,
} from '../../../../local/aws/http/cors';

const origin = 'https://app.example';
const all: CorsConfiguration = { AllowOrigins: ['*'], AllowMethods: ['*'], AllowHeaders: ['*'] };
const some: CorsConfiguration = {
  AllowOrigins: ['https://other.example', origin],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['Content-Type', 'authorization'],
  ExposeHeaders: ['x-a', 'x-b'],
  MaxAge: 60,
};
const requested = { 'origin': origin, 'access-control-request-method': 'POST' };

test.each([
  ['OPTIONS', requested, true],
  ['POST', requested, false],
  ['OPTIONS', { origin }, false],
  ['OPTIONS', { 'access-control-request-method': 'POST' }, false],
])('%s with %j is a preflight request: %s', (method, headers, expected) => {
  expect(isPreflight(method, headers)).toBe(expected);
});

describe('the response to a preflight request', () => {
  const anyOrigin = { 'access-control-allow-origin': '*', 'vary': 'Origin' };
  const sameOrigin = { 'access-control-allow-origin': origin, 'vary': 'Origin' };
  const withCredentials = { ...sameOrigin, 'access-control-allow-credentials': 'true' };
  const methods = { 'access-control-allow-methods': '*' };

  test.each<[string, CorsConfiguration, object, object]>([
    ['names the allowed values', some, { 'access-control-request-headers': 'content-type, AUTHORIZATION' }, {
      ...sameOrigin,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'Content-Type,authorization',
      'access-control-max-age': '60',
    }],
    ['names the requested headers if all are allowed', all, { 'access-control-request-headers': 'X-A ,, x-b' }, {
      ...anyOrigin, ...methods, 'access-control-allow-headers': 'X-A,x-b',
    }],
    ['names the requested headers also with further values', { ...all, AllowHeaders: ['x-a', '*'] }, {
      'access-control-request-headers': 'x-b',
    }, { ...anyOrigin, ...methods, 'access-control-allow-headers': 'x-b' }],
    ['has no header names if none are requested', all, {}, { ...anyOrigin, ...methods }],
    ['can have a cache time of 0', { ...all, MaxAge: 0 }, {}, {
      ...anyOrigin, ...methods, 'access-control-max-age': '0',
    }],
    // With credentials, browsers refuse an asterisk.
    ['names the origin with credentials', { ...all, AllowCredentials: true }, {}, { ...withCredentials, ...methods }],
    ['accepts a boolean as text', { ...all, AllowCredentials: 'true' as unknown as boolean }, {}, {
      ...withCredentials, ...methods,
    }],
    ['has no credentials by default', { ...all, AllowCredentials: false }, {}, { ...anyOrigin, ...methods }],
    ['accepts false as text', { ...all, AllowCredentials: 'false' as unknown as boolean }, {}, {
      ...anyOrigin, ...methods,
    }],
    ['admits each origin of a scheme', { ...all, AllowOrigins: ['https://*'] }, {}, { ...sameOrigin, ...methods }],
    ['prefers any origin to a listed one', { ...all, AllowOrigins: [origin, '*'] }, {}, { ...anyOrigin, ...methods }],
    ['refuses another scheme', { ...all, AllowOrigins: ['http://*'] }, {}, {}],
    ['refuses the start of an allowed origin', { ...all, AllowOrigins: [`${origin}.org`] }, {}, {}],
    ['refuses an allowed origin without its last character', { ...all, AllowOrigins: [`${origin}s`] }, {}, {}],
    ['refuses an allowed origin in upper case', { ...all, AllowOrigins: [origin.toUpperCase()] }, {}, {}],
    ['knows no pattern of a host', { ...all, AllowOrigins: ['https://app.*'] }, {}, {}],
    ['refuses all origins without AllowOrigins', { AllowMethods: ['*'] }, {}, {}],
    ['refuses all methods without AllowMethods', { AllowOrigins: ['*'] }, {}, {}],
    ['refuses a method that is not allowed', { ...all, AllowMethods: ['GET', 'post'] }, {}, {}],
    ['refuses a method in lower case', { ...all, AllowMethods: ['POST'] }, {
      'access-control-request-method': 'post',
    }, {}],
    ['refuses a header that is not allowed', some, { 'access-control-request-headers': 'content-type,x-a' }, {}],
    ['refuses all headers without AllowHeaders', { ...all, AllowHeaders: undefined }, {
      'access-control-request-headers': 'content-type',
    }, {}],
    ['refuses a request without an origin', all, { origin: undefined }, {}],
    ['refuses a request without a method', some, { 'access-control-request-method': undefined }, {}],
  ])('%s', (_, configuration, headers, expected) => {
    expect(preflightHeaders(configuration, { ...requested, ...headers })).toEqual(expected);
  });
});

test.each<[string, CorsConfiguration, { origin?: string }, object]>([
  ['names the origin and the exposed headers', some, { origin }, {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-a,x-b',
    'vary': 'Origin',
  }],
  ['exposes no headers by default', all, { origin }, { 'access-control-allow-origin': '*', 'vary': 'Origin' }],
  ['exposes no headers of an empty list', { ...all, ExposeHeaders: [] }, { origin }, {
    'access-control-allow-origin': '*', 'vary': 'Origin',
  }],
  ['has no headers for another origin', some, { origin: 'https://evil.example' }, {}],
  ['has no headers without an origin', all, {}, {}],
])('the response to another request %s', (_, configuration, headers, expected) => {
  expect(responseCorsHeaders(configuration, headers)).toEqual(expected);
});
