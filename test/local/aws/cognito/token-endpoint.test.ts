import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { TokenEndpoint } from '../../../../local/aws/cognito/token-endpoint';
import type { TokenIssuers } from '../../../../local/aws/cognito/token-issuers';

const keySet = { keys: [{ kty: 'RSA', kid: 'key' }] };
const issueToken = jest.fn(async (request: object) => JSON.stringify(request));
const endpoint = new TokenEndpoint({
  issuers: { keySetOf: async (issuer: string) => ({ ...keySet, issuer }) } as unknown as TokenIssuers,
  issuerNamed: (name) => ({ 'a/b': 'https://issuer.example/b' })[name],
  issueToken,
});

const request = (method: string, url: string, headers: object = {}, body = '') =>
  Object.assign(Readable.from([Buffer.from(body)]), {
    method, url, headers: { host: 'localhost:4000', ...headers },
  }) as unknown as IncomingMessage;
async function answer(...parameters: Parameters<typeof request>) {
  const response = await endpoint.answer(request(...parameters));
  return response && { ...response, body: response.body && JSON.parse(response.body) as unknown };
}

const json = { 'content-type': 'application/json' };
const origin = 'http://localhost:5173';
const cors = {
  'access-control-allow-origin': origin, 'access-control-allow-headers': 'content-type', 'vary': 'Origin',
};
const document = '/a/b/.well-known/openid-configuration';
const keys = '/a/b/.well-known/jwks.json';
const configuration = {
  issuer: 'https://issuer.example/b',
  jwks_uri: 'http://localhost:4000/a/b/.well-known/jwks.json',
  response_types_supported: ['code', 'token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
};
const notAllowed = { message: 'Method Not Allowed' };

describe.each<[object, object]>([[{}, {}], [{ origin }, cors]])('with the headers %j', (headers, expected) => {
  test.each<[string, string, number, object, unknown, string?]>([
    ['GET', document, 200, json, configuration],
    ['GET', `${keys}?a=b`, 200, json, { ...keySet, issuer: 'https://issuer.example/b' }],
    ['POST', document, 405, json, notAllowed],
    ['HEAD', keys, 405, json, notAllowed],
    ['OPTIONS', document, 204, {}, ''],
    ['OPTIONS', '/_local/token', 204, {}, ''],
    ['GET', '/_local/token', 405, json, notAllowed],
    ['POST', '/_local/token', 200, { ...json, 'cache-control': 'no-store' }, { token: '{"sub":"ä"}' }, '{"sub":"ä"}'],
    ['POST', '/_local/token', 400, json, { message: expect.stringContaining('JSON') }, ''],
  ])('%s %s is answered with %i', async (...[method, url, statusCode, own, body, sent]) => {
    expect(await answer(method, url, headers, sent))
      .toEqual({ statusCode, headers: { ...own, ...expected }, body });
  });
});

test.each([
  '/', '/_local/tokens', '/other/.well-known/jwks.json', '/.well-known/jwks.json', '/a/b/.well-known/jwksxjson',
  '/a/b/.well-known/jwks.json/c', '/a/b/well-known/jwks.json',
])('a request to %s is not for the endpoint', async (url) => {
  expect(await answer('GET', url)).toBeUndefined();
});

test('an error of the request is its answer', async () => {
  issueToken.mockRejectedValueOnce(new Error('sub must be the ID of the user'));
  expect(await answer('POST', '/_local/token', {}, '{}'))
    .toEqual({ statusCode: 400, headers: json, body: { message: 'sub must be the ID of the user' } });
});

test('a body has at most 64 KiB', async () => {
  const status = async (bytes: number) =>
    (await answer('POST', '/_local/token', {}, JSON.stringify('x'.repeat(bytes - 2))))?.statusCode;
  expect([await status(65_536), await status(65_537)]).toEqual([200, 400]);
});
