/** The signer produces the same signatures as aws4 and aws4fetch. */
import * as fc from 'fast-check';
import { signedByAws4, signedByAws4fetch } from './peer-signers';
import { signer } from '../../../lambda/http/sign';

const TOKEN = 'FwoGZXIvYXdzEXAMPLE//token==';
const IDENTITIES = [
  { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: TOKEN },
  { accessKeyId: 'AKIDANOTHER', secretAccessKey: 'another' },
];
const REGIONS = ['us-west-2', 'eu-west-1'];
const HOST = 'ivschat.us-west-2.amazonaws.com';
const FIRST_OF_JANUARY = Date.UTC(2026, 0, 1, 23, 59, 50);
const DAY_MILLISECONDS = 86_400_000;

const request = (path: string, options: object = {}) =>
  ({ method: 'GET', protocol: 'https:', hostname: HOST, path, headers: { host: HOST }, ...options });

test('one signer signs for changing days, Regions, identities and addresses', async () => {
  const sign = signer('ivschat');
  for (let index = 0; index < 300; index++) {
    const day = Math.floor(index / 100);
    const time = FIRST_OF_JANUARY + day * DAY_MILLISECONDS + index % 100 * 110;
    const region = REGIONS[index % 5 % 2]!;
    const credentials = IDENTITIES[index % 7 % 2]!;
    const unsigned = request(`/tags/${index % 90}`, { query: index % 4 ? undefined : { tagKeys: [`k${index % 8}`] } });

    const headers = await sign(unsigned, credentials, region, time);

    expect(headers['x-amz-date']).toBe(new Date(time).toISOString().replace(/\.\d+|[-:]/g, ''));
    expect(headers.authorization).toBe(signedByAws4({ ...unsigned, headers }, credentials, region));
  }
});

// The headers are the same object for each request of a client, so that the signer can use its parts again.
describe('after another request with the same headers, a signature follows a change of', () => {
  const base = request('/tags/a', { query: { tagKeys: ['k1'] } });
  type Input = readonly [object, typeof IDENTITIES[number], string, number];
  const first: Input = [{}, IDENTITIES[0]!, 'us-west-2', FIRST_OF_JANUARY];
  test.each<[string, Input]>([
    ['the identity', [{}, IDENTITIES[1]!, 'us-west-2', FIRST_OF_JANUARY]],
    ['the key', [{}, { ...IDENTITIES[0]!, secretAccessKey: 'rotated' }, 'us-west-2', FIRST_OF_JANUARY]],
    ['the Region', [{}, IDENTITIES[0]!, 'eu-west-1', FIRST_OF_JANUARY]],
    ['the day', [{}, IDENTITIES[0]!, 'us-west-2', FIRST_OF_JANUARY + DAY_MILLISECONDS]],
    ['the method', [{ method: 'DELETE' }, IDENTITIES[0]!, 'us-west-2', FIRST_OF_JANUARY]],
    ['the path', [{ path: '/tags/b' }, IDENTITIES[0]!, 'us-west-2', FIRST_OF_JANUARY]],
    ['an empty part of the path', [{ path: '/tags//b' }, IDENTITIES[0]!, 'us-west-2', FIRST_OF_JANUARY]],
    ['the query', [{ query: { tagKeys: ['k2'] } }, IDENTITIES[0]!, 'us-west-2', FIRST_OF_JANUARY]],
    ['the headers', [{ headers: { 'host': HOST, 'x-other': '1' } }, IDENTITIES[0]!, 'us-west-2', FIRST_OF_JANUARY]],
  ])('%s', async (_, second) => {
    const sign = signer('ivschat');
    for (const [changes, credentials, region, time] of [first, second, first]) {
      const unsigned = { ...base, ...changes };
      const headers = await sign(unsigned, credentials, region, time);
      const date = new Date(time).toISOString().replace(/\.\d+|[-:]/g, '');
      expect(headers).toMatchObject({ ...unsigned.headers, 'x-amz-date': date });
      expect(headers.authorization).toBe(signedByAws4({ ...unsigned, headers }, credentials, region));
    }
  });
});

test('an empty session token is no token', async () => {
  const credentials = { ...IDENTITIES[1]!, sessionToken: '' };
  const headers = await signer('ivschat')(request('/tags/a'), credentials, 'us-west-2', FIRST_OF_JANUARY);
  expect(headers).not.toHaveProperty(['x-amz-security-token']);
});

test.each([
  undefined, {}, { accessKeyId: 'a' }, { secretAccessKey: 'b' }, { accessKeyId: 'a', secretAccessKey: 5 },
])('the credentials %j are refused', async (credentials) => {
  await expect(signer('ivschat')(request('/'), credentials as never, 'us-west-2', FIRST_OF_JANUARY))
    .rejects.toThrow('credentials must have accessKeyId and secretAccessKey, both text');
});

test('the signature of a generated path, query, body and key is the signature of the other packages', async () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ09-_.~ /%+&=?#é漢😀'), maxLength: 12 });
  const segment = text.map((value) => encodeURIComponent(value)).filter((value) => !/^\.*$/.test(value));
  const generated = fc.record({
    path: fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`),
    query: fc.option(fc.record({ tagKeys: fc.array(text, { minLength: 1, maxLength: 3 }) }), { nil: undefined }),
    body: text,
    secretAccessKey: text,
  });
  const sign = signer('ivschat');
  await fc.assert(fc.asyncProperty(generated, async ({ path, query, body, secretAccessKey }) => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey };
    const unsignedHeaders = { 'host': HOST, 'content-type': 'application/json' };
    const unsigned = request(path, { method: 'POST', query, body, headers: unsignedHeaders });

    const headers = await sign(unsigned, credentials, 'us-west-2', FIRST_OF_JANUARY);

    const signed = { ...unsigned, headers };
    expect(headers.authorization).toBe(signedByAws4(signed, credentials, 'us-west-2'));
    expect(headers.authorization).toBe(await signedByAws4fetch(signed, credentials, 'us-west-2'));
  }), { numRuns: 200 });
});

test('the headers of a request do not change when the same request is signed again', async () => {
  const sign = signer('ivschat');
  const unsigned = request('/tags/a');
  const [first, second] = [0, 1_000].map((later) =>
    sign(unsigned, IDENTITIES[0], 'us-west-2', FIRST_OF_JANUARY + later));
  expect((await first!)['x-amz-date']).toBe('20260101T235950Z');
  expect((await second!)['x-amz-date']).toBe('20260101T235951Z');
});

test('calls at the same time get the signature of their own request and second', async () => {
  const sign = signer('ivschat');
  const calls = Array.from({ length: 20 }, (_, index) => ({
    unsigned: request(`/tags/${index % 3}`),
    credentials: IDENTITIES[index % 2]!,
    time: FIRST_OF_JANUARY + index * 700,
  }));
  const all = await Promise.all(calls.map(({ unsigned, credentials, time }) =>
    sign(unsigned, credentials, 'us-west-2', time)));
  calls.forEach(({ unsigned, credentials }, index) => {
    const headers = all[index]!;
    expect(headers.authorization).toBe(signedByAws4({ ...unsigned, headers }, credentials, 'us-west-2'));
  });
});
