/** The keys of issuers on other servers, without a network. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { JsonWebTokens } from '../../../../local/aws/api-gateway-v2/json-web-tokens';
import { VirtualClock } from '../../../../local/clock';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key', use: 'sig', alg: 'RS256' }] };

/** The documents of the internet, by address. */
let documents: { [address: string]: object };
let fetched: string[];
let timeout: jest.SpyInstance;
beforeEach(() => {
  documents = {};
  fetched = [];
  timeout = jest.spyOn(AbortSignal, 'timeout');
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (address) => {
    fetched.push(String(address));
    const document = documents[String(address)];
    return document ? Response.json(document) : new Response('', { status: 404 });
  });
});
afterEach(() => jest.restoreAllMocks());

const clock = new VirtualClock();
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
function sign(iss: string): string {
  const now = Math.floor(clock.now() / 1000);
  const text = `${encode({ alg: 'RS256', kid: 'key' })}.${encode({ iss, aud: 'app', iat: now, exp: now + 36_000 })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
}
const verifier = () => new JsonWebTokens({ clock, localKeys: () => undefined });
const verify = async (tokens: JsonWebTokens, issuer: string) => {
  const verified = await tokens.verify(sign(issuer), { issuer, audience: ['app'], scopes: [] });
  return verified.refusal === undefined ? verified.claims.iss : verified.description;
};
const noDiscovery = 'OIDC discovery endpoint communication error';

test.each([
  ['https://issuer.example', 'https://issuer.example/.well-known/openid-configuration'],
  ['https://issuer.example/', 'https://issuer.example/.well-known/openid-configuration'],
  ['https://issuer.example/a/b', 'https://issuer.example/a/b/.well-known/openid-configuration'],
  ['http://localhost:5000', 'http://localhost:5000/.well-known/openid-configuration'],
])('the discovery document of %s is %s', async (issuer, address) => {
  documents[address] = { jwks_uri: 'https://keys.example/keys' };
  documents['https://keys.example/keys'] = keys;
  expect(await verify(verifier(), issuer)).toBe(issuer);
  expect(fetched).toEqual([address, 'https://keys.example/keys']);
  expect(timeout.mock.calls[0]).toEqual([5000]);
});

test.each(['http://issuer.example', 'ftp://issuer.example', 'issuer.example', 'http://127.0.0.1.example'])(
  'no request is sent to the issuer %s',
  async (issuer) => {
    expect(await verify(verifier(), issuer)).toBe(noDiscovery);
    expect(fetched).toEqual([]);
  },
);

test.each<[string, object]>([
  ['no address', {}],
  ['an address without https', { jwks_uri: 'http://keys.example/keys' }],
  ['what is no address', { jwks_uri: 'keys' }],
  ['what is no text', { jwks_uri: 5 }],
])('a discovery document with %s of the keys is an error', async (_, document) => {
  documents['https://issuer.example/.well-known/openid-configuration'] = document;
  expect(await verify(verifier(), 'https://issuer.example')).toBe(noDiscovery);
  expect(fetched).toHaveLength(1);
});

test('the discovery document is read again after exactly two hours, and after an error', async () => {
  const address = 'https://issuer.example/.well-known/openid-configuration';
  const tokens = verifier();
  const read = async () => {
    fetched.splice(0);
    return [await verify(tokens, 'https://issuer.example'), fetched.includes(address)];
  };
  expect([await read(), await read()]).toEqual([[noDiscovery, true], [noDiscovery, true]]);
  documents[address] = { jwks_uri: 'https://keys.example/keys' };
  documents['https://keys.example/keys'] = keys;
  expect([await read(), await read()]).toEqual([
    ['https://issuer.example', true], ['https://issuer.example', false],
  ]);
  clock.advance(7_199_999);
  expect(await read()).toEqual(['https://issuer.example', false]);
  clock.advance(1);
  expect(await read()).toEqual(['https://issuer.example', true]);
});

test('the keys are those of the issuer in the requirements', async () => {
  const tokens = verifier();
  const requirements = { issuer: 'https://issuer.example', audience: ['app'], scopes: [] };
  expect(await tokens.verify(sign('https://other.example'), requirements))
    .toEqual({ refusal: 'invalid_token', description: 'invalid issuer' });
  expect(fetched).toEqual([]);
});
