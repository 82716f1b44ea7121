import { createHash, createHmac } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { inspect } from 'node:util';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SourceData } from '@smithy/types';
import * as aws4 from 'aws4';
import { AwsV4Signer } from 'aws4fetch';
import { Identities, type Identity } from '../../../../local/aws/http/identities';
import {
  refusalBeforeBody,
  verifySignature,
  type VerifySignatureOptions,
} from '../../../../local/aws/http/verify-signature';

class Sha256 {
  private readonly hash;
  constructor(secret?: SourceData) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }
  update(data: SourceData) { this.hash.update(bytes(data)); }
  async digest() { return new Uint8Array(this.hash.digest()); }
  reset() { /* made anew for each signature */ }
}
function bytes(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

interface Request { method: string; url: string; headers: Record<string, string>; body: string; service: string }
type Signer = (request: Request, identity: Identity, now: number) => Promise<Record<string, string>>;

const HOST = '127.0.0.1:4000';
const REGION = 'us-west-2';
const identities = new Identities('123456789012');
const administrator = identities.administrator;
const role = identities.assumeRole('arn:aws:sts::123456789012:assumed-role/fn/session', () => true);
const NOW = Date.UTC(2026, 10, 22, 10, 5, 7);

const smithy: Signer = async (request, identity, now) => {
  const url = new URL(`http://${HOST}${request.url}`);
  const query: Record<string, string | string[]> = {};
  for (const key of url.searchParams.keys()) query[key] = url.searchParams.getAll(key);
  const signer = new SignatureV4({
    service: request.service,
    region: REGION,
    credentials: identity,
    sha256: Sha256,
    uriEscapePath: request.service !== 's3',
  });
  const signed = await signer.sign({
    method: request.method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: 4000,
    path: request.url.split('?')[0]!,
    query,
    headers: { host: HOST, ...request.headers },
    body: request.body,
  }, { signingDate: new Date(now) });
  return signed.headers;
};
const viaAws4: Signer = async (request, identity, now) => {
  const signed = aws4.sign({
    method: request.method,
    path: request.url,
    host: HOST,
    service: request.service,
    region: REGION,
    headers: { ...request.headers, 'X-Amz-Date': amzDate(now) },
    body: request.body || undefined,
  }, identity);
  return flat(signed.headers!);
};
const viaAws4fetch: Signer = async (request, identity, now) => {
  const signed = await new AwsV4Signer({
    method: request.method,
    url: `http://${HOST}${request.url}`,
    headers: request.headers,
    body: request.body || undefined,
    ...identity,
    service: request.service,
    region: REGION,
    datetime: amzDate(now),
  }).sign();
  return { ...Object.fromEntries(signed.headers.entries()), host: HOST };
};
const signers = { '@smithy/signature-v4': smithy, 'aws4': viaAws4, 'aws4fetch': viaAws4fetch };

const amzDate = (time: number) => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
const flat = (headers: OutgoingHttpHeaders) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
const TAGS = '/tags/arn%3Aaws%3Aivschat%3Aus-west-2%3A123456789012%3Aroom%2Fg1H2I3j4k5L6';
const json = { 'content-type': 'application/json' };
const createRoom: Request = {
  method: 'POST',
  url: '/CreateRoom',
  headers: json,
  body: '{"name":"a"}',
  service: 'ivschat',
};
const requests: { [what: string]: Request } = {
  'an operation': createRoom,
  'a double-encoded label': { method: 'GET', url: TAGS, headers: {}, body: '', service: 'ivschat' },
  'repeated query parameters': {
    method: 'DELETE',
    url: `${TAGS}?tagKeys=k2&tagKeys=k%201&tagKeys=%C3%A9`,
    headers: {},
    body: '',
    service: 'ivschat',
  },
  'a header with runs of blanks': { ...createRoom, headers: { ...json, 'x-amz-note': 'a  b   c' } },
  'query parameters in another order, with reserved characters': {
    method: 'GET',
    url: `${TAGS}?b=2&b=%2F&a&B=1&c=%2A&d=x+y+z&e=%21%27%28%29&f=~-_.&g=h=i`,
    headers: {},
    body: '',
    service: 'ivschat',
  },
  'a path with a slash at the end': { ...createRoom, url: '/rooms/' },
  'the root path': { ...createRoom, url: '/' },
  'an S3 object with blanks and reserved characters in its name': {
    method: 'PUT',
    url: '/bucket/a%20b%2A%2Bc%21%27%28%29~-_.',
    headers: {},
    body: 'content',
    service: 's3',
  },
};

function verify(request: Request, headers: Record<string, string>, over: Partial<VerifySignatureOptions> = {}) {
  return verifySignature({ method: request.method, url: request.url, rawHeaders: Object.entries(headers).flat() }, {
    identities, body: request.body, service: request.service, region: REGION, now: NOW, ...over,
  });
}

describe.each(Object.entries(signers))('signatures by %s', (name, sign) => {
  test.each(Object.entries(requests))(
    'of %s are accepted, and refused if one character changes',
    async (_what, request) => {
      for (const identity of [administrator, role]) {
        const headers = await sign(request, identity, NOW);
        expect(verify(request, headers)).toEqual({ identity, service: request.service, region: REGION });
        const other = { ...request, url: `${request.url}x` };
        expect(verify(other, headers).refusal).toMatchObject({
          status: 403,
          code: request.service === 's3' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException',
        });
        // aws4fetch does not sign the payload of S3
        if (request.service !== 's3' || name !== 'aws4fetch') {
          expect(verify({ ...request, body: `${request.body} ` }, headers).refusal).toBeDefined();
        }
        expect(verify({ ...request, method: 'PATCH' }, headers).refusal).toBeDefined();
      }
    },
  );

  test('with a wrong secret, an unknown key or another session token are refused', async () => {
    const refusal = async (identity: Identity, errors: VerifySignatureOptions['errors']) => {
      const { refusal: given } = verify(createRoom, await sign(createRoom, identity, NOW), { errors });
      return [given?.status, given?.code];
    };
    expect(await refusal({ ...administrator, secretAccessKey: 'wrong' }, 'json')).toEqual([
      403,
      'InvalidSignatureException',
    ]);
    expect(await refusal({ ...administrator, secretAccessKey: 'wrong' }, 'query')).toEqual([
      403,
      'SignatureDoesNotMatch',
    ]);
    expect(await refusal({ ...administrator, accessKeyId: 'AKIAUNKNOWN' }, 'json')).toEqual([
      403,
      'UnrecognizedClientException',
    ]);
    expect(await refusal({ ...administrator, accessKeyId: 'AKIAUNKNOWN' }, 'query')).toEqual([
      403,
      'InvalidClientTokenId',
    ]);
    expect(await refusal({ ...administrator, accessKeyId: 'AKIAUNKNOWN' }, 's3')).toEqual([403, 'InvalidAccessKeyId']);
    expect(await refusal({ ...role, sessionToken: undefined }, 'json')).toEqual([403, 'UnrecognizedClientException']);
    expect(await refusal({ ...role, sessionToken: 'other' }, 's3')).toEqual([400, 'InvalidToken']);
    expect(await refusal({ ...administrator, sessionToken: 'surplus' }, 'json')).toEqual([
      403,
      'UnrecognizedClientException',
    ]);
  });

  test('are valid for a clock difference of at most five minutes', async () => {
    const at = async (offset: number) =>
      verify(createRoom, await sign(createRoom, administrator, NOW + offset)).refusal;
    expect(await at(300_000)).toBeUndefined();
    expect(await at(-300_000)).toBeUndefined();
    // The clock has milliseconds, and the message has none.
    expect(verify(createRoom, await sign(createRoom, administrator, NOW), { now: NOW + 300_999 }).refusal?.message)
      .toContain('than 20261122T100507Z (20261122T101007Z - 5 min.)');
    expect(await at(-301_000)).toMatchObject({
      status: 403,
      code: 'InvalidSignatureException',
      message: 'Signature expired: 20261122T100006Z is now earlier than 20261122T100007Z (20261122T100507Z - 5 min.)',
    });
    expect((await at(301_000))?.message).toBe(
      'Signature not yet current: 20261122T101008Z is still later than 20261122T101007Z (20261122T100507Z + 5 min.)',
    );
  });

  test('are valid on this day and on the next day', async () => {
    for (const now of [NOW, NOW + 24 * 3_600_000, NOW]) {
      expect(verify(createRoom, await sign(createRoom, administrator, now), { now }).refusal).toBeUndefined();
    }
  });

  test('for another service or Region are refused', async () => {
    const headers = await sign(createRoom, administrator, NOW);
    expect(verify(createRoom, headers, { service: 'sts' }).refusal?.message).toBe(
      "Credential should be scoped to correct service: 'sts'.",
    );
    expect(verify(createRoom, headers, { region: 'eu-west-1' }).refusal?.message).toContain('valid region');
    expect(verify(createRoom, headers, { region: undefined })).toMatchObject({ region: REGION });
  });
});

test.each([
  ['/./CreateRoom', '/CreateRoom'],
  ['//CreateRoom', '/CreateRoom'],
  ['/other/../CreateRoom', '/CreateRoom'],
  ['/../CreateRoom', '/CreateRoom'],
  ['/rooms/a/../CreateRoom', '/rooms/CreateRoom'],
])(
  'the path %s has the signature of the path %s', async (url, normalized) => {
    const headers = await smithy({ ...createRoom, url: normalized }, administrator, NOW);
    expect(verify({ ...createRoom, url }, headers).refusal).toBeUndefined();
  },
);

test('a signed content-type cannot change, and x-amz-content-sha256 must match the body', async () => {
  const headers = await smithy(createRoom, administrator, NOW);
  expect(verify(createRoom, { ...headers, 'content-type': 'text/plain' }).refusal?.code).toBe(
    'InvalidSignatureException',
  );
  const hash = createHash('sha256').update('another body').digest('hex');
  const claimed = { ...createRoom, headers: { ...json, 'x-amz-content-sha256': hash } };
  expect(verify(createRoom, await smithy(claimed, administrator, NOW)).refusal?.code).toBe('InvalidSignatureException');
  const unsigned = { ...createRoom, headers: { ...json, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } };
  expect(verify(createRoom, await smithy(unsigned, administrator, NOW)).refusal?.code).toBe(
    'InvalidSignatureException',
  );
});

test.each(['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'])(
  'S3 accepts the payload marker %s',
  async (marker) => {
    const put: Request = {
      method: 'PUT',
      url: '/b/key%2B%27x',
      headers: { 'x-amz-content-sha256': marker },
      body: 'whatever',
      service: 's3',
    };
    expect(verify(put, await smithy(put, administrator, NOW)).refusal).toBeUndefined();
    expect(
      verify(put, { ...(await smithy(put, administrator, NOW)), 'x-amz-content-sha256': 'UNSIGNED' }).refusal?.code,
    ).toBe('XAmzContentSHA256Mismatch');
  },
);

test.each(['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'])(
  'S3 refuses %s, because signed chunks are not supported',
  async (marker) => {
    const put: Request = {
      method: 'PUT',
      url: '/b/k',
      headers: { 'x-amz-content-sha256': marker },
      body: 'whatever',
      service: 's3',
    };
    expect(verify(put, await smithy(put, administrator, NOW)).refusal).toMatchObject({
      code: 'XAmzContentSHA256Mismatch',
      message: expect.stringContaining(`${marker} is not verified here`),
    });
  },
);

const credential = 'Credential=a/20261122/us-west-2/ivschat/aws4_request';
test.each([
  ['Bearer abc', "Unsupported AWS 'algorithm', expected 'AWS4-HMAC-SHA256'."],
  ['AWS4-HMAC-SHA512 Credential=a, SignedHeaders=host, Signature=00',
    "Unsupported AWS 'algorithm', expected 'AWS4-HMAC-SHA256'."],
  ['AWS4-HMAC-SHA256',
    'The Authorization header has a part that is not a valid key=value pair (missing equal-sign).'],
  [`AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=00, Carrot`,
    'The Authorization header has a part that is not a valid key=value pair (missing equal-sign).'],
  [`AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host`, "Authorization header requires 'Signature' parameter."],
  [`AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=`,
    "Authorization header requires 'Signature' parameter."],
  [`AWS4-HMAC-SHA256 ${credential}, Signature=00`, "Authorization header requires 'SignedHeaders' parameter."],
  ['AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00', "Authorization header requires 'Credential' parameter."],
  ['AWS4-HMAC-SHA256 a=b',
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
    + "Authorization header requires 'SignedHeaders' parameter."],
  ['AWS4-HMAC-SHA256 Credential=a/us-west-2/ivschat/aws4_request, SignedHeaders=host, Signature=00',
    'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.'],
])('the Authorization header %j is incomplete', (authorization, message) => {
  const headers = { 'host': HOST, 'x-amz-date': amzDate(NOW), authorization };
  expect(verify(createRoom, headers).refusal)
    .toMatchObject({ status: 403, code: 'IncompleteSignatureException', message });
});

test('a scope without a Region is refused', async () => {
  const headers = replaced('/us-west-2/', '//')(await smithy(createRoom, administrator, NOW));
  expect(verify(createRoom, headers, { region: undefined }).refusal?.message)
    .toBe('Credential should be scoped to a valid region.');
});

test('before the body, the signature is verified if a header has the hash of the body', async () => {
  const beforeBody = (headers: Record<string, string>, rest = {}) => refusalBeforeBody(
    { method: 'POST', url: createRoom.url, rawHeaders: Object.entries(headers).flat() },
    { identities, service: 'ivschat', region: REGION, now: NOW, ...rest },
  );
  const forger = { ...administrator, secretAccessKey: 'wrong' };
  const withHash = { ...createRoom, headers: { ...json, 'x-amz-content-sha256': createHash('sha256').digest('hex') } };
  expect(beforeBody(await smithy(withHash, administrator, NOW))).toBeUndefined();
  expect(beforeBody(await smithy(withHash, forger, NOW))).toMatchObject({
    status: 403, code: 'InvalidSignatureException', message: noMatch,
  });
  // Without the hash, only the body shows whether the signature is valid.
  expect(beforeBody(await viaAws4(createRoom, forger, NOW))).toBeUndefined();
  expect(beforeBody(await viaAws4(createRoom, { ...forger, accessKeyId: 'AKIAUNKNOWN' }, NOW))?.code)
    .toBe('UnrecognizedClientException');
});

const invalidToken = 'The security token included in the request is invalid.';
const noMatch = 'The request signature we calculated does not match the signature you provided. Check your AWS Secret '
  + 'Access Key and signing method. Consult the service documentation for details.';

/** Refusals in the order of the checks, with messages for the protocols json, query and s3, or one for all of them. */
const refusals: [string, (headers: Record<string, string>) => Record<string, string>, string[], string[]][] = [
  ['no signature', () => ({ host: HOST }), [
    '403 MissingAuthenticationTokenException', '403 MissingAuthenticationToken', '403 AccessDenied',
  ], ['Missing Authentication Token', 'Request is missing Authentication Token', 'Access Denied']],
  ['an incomplete signature', (headers) => ({ ...headers, authorization: 'AWS4-HMAC-SHA256 Credential' }), [
    '403 IncompleteSignatureException', '400 IncompleteSignature', '400 AuthorizationHeaderMalformed',
  ], ['The Authorization header has a part that is not a valid key=value pair (missing equal-sign).']],
  ['an unknown key', replaced(administrator.accessKeyId, 'AKIAUNKNOWN'), [
    '403 UnrecognizedClientException', '403 InvalidClientTokenId', '403 InvalidAccessKeyId',
  ], [invalidToken, invalidToken, 'The AWS Access Key Id you provided does not exist in our records.']],
  ['a key with another part', replaced(administrator.accessKeyId, `${administrator.accessKeyId}/x`), [
    '403 UnrecognizedClientException', '403 InvalidClientTokenId', '403 InvalidAccessKeyId',
  ], [invalidToken, invalidToken, 'The AWS Access Key Id you provided does not exist in our records.']],
  ['another session token', (headers) => ({ ...headers, 'x-amz-security-token': 'other' }), [
    '403 UnrecognizedClientException', '403 InvalidClientTokenId', '400 InvalidToken',
  ], [invalidToken, invalidToken, 'The provided token is malformed or otherwise invalid.']],
  ['another end of the scope', replaced('/aws4_request', '/aws5_request'), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '400 AuthorizationHeaderMalformed',
  ], ["Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'."]],
  ['another service', replaced('/ivschat/', '/sts/'), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '400 AuthorizationHeaderMalformed',
  ], ["Credential should be scoped to correct service: 'ivschat'."]],
  ['another Region', replaced('/us-west-2/', '/eu-west-1/'), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '400 AuthorizationHeaderMalformed',
  ], ["Credential should be scoped to a valid region, not 'eu-west-1': this endpoint is in 'us-west-2'."]],
  ['another date in the scope', replaced('/20261122/', '/20261121/'), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '400 AuthorizationHeaderMalformed',
  ], [
    'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '
    + "'20261121' != '20261122'.",
  ]],
  ['an old date', (headers) => ({ ...headers, 'x-amz-date': amzDate(NOW - 301_000) }), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '403 RequestTimeTooSkewed',
  ], [
    'Signature expired: 20261122T100006Z is now earlier than 20261122T100007Z (20261122T100507Z - 5 min.)',
    'Signature expired: 20261122T100006Z is now earlier than 20261122T100007Z (20261122T100507Z - 5 min.)',
    'The difference between the request time and the current time is too large.',
  ]],
  ['a host that is not signed', replaced('host;', ''), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '403 AccessDenied',
  ], ["'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."]],
  ['a host that is signed with a capital letter', replaced('host;', 'Host;'), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '403 AccessDenied',
  ], ["'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."]],
  ['another header with "host" in its name', replaced('host;', 'x-forwarded-host;'), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '403 AccessDenied',
  ], ["'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."]],
  ['a header that is not signed', (headers) => ({
    ...headers, 'X-Amz-Target': 'a', 'x-amz-note': 'b', 'x-amzn-trace-id': 'c',
  }), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '403 AccessDenied',
  ], ['There were headers present in the request which were not signed: x-amz-target, x-amz-note']],
  ['another payload hash', (headers) => ({ ...headers, 'x-amz-content-sha256': '00' }), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '400 XAmzContentSHA256Mismatch',
  ], [noMatch, noMatch, "The provided 'x-amz-content-sha256' header does not match what was computed."]],
  ['another signature', replaced(/Signature=\w+/, 'Signature=00'), [
    '403 InvalidSignatureException', '403 SignatureDoesNotMatch', '403 SignatureDoesNotMatch',
  ], [noMatch]],
];
const signWithHash = () => {
  const hash = createHash('sha256').update(createRoom.body).digest('hex');
  return smithy({ ...createRoom, headers: { ...json, 'x-amz-content-sha256': hash } }, administrator, NOW);
};
const refusalWith = (headers: Record<string, string>, errors: VerifySignatureOptions['errors']) => {
  const { refusal } = verify(createRoom, headers, { errors });
  return `${refusal?.status} ${refusal?.code}: ${refusal?.message}`;
};

test.each(refusals)('%s is refused with the error of the protocol', async (_, change, expected, messages) => {
  const headers = change(await signWithHash());
  const given = (['json', 'query', 's3'] as const).map((errors) => refusalWith(headers, errors));
  expect(given).toEqual(expected.map((code, index) => `${code}: ${messages[index] ?? messages[0]}`));
});

test('the first of several faults determines the error', async () => {
  const signed = await signWithHash();
  for (const [index, [name, , [code], [message]]] of refusals.entries()) {
    const headers = refusals.slice(index).reduceRight((changed, [, change]) => change(changed), signed);
    expect([name, refusalWith(headers, 'json')]).toEqual([name, `${code}: ${message}`]);
  }
});

test('a signed header that is missing counts as empty', async () => {
  const request = { ...createRoom, headers: { ...json, 'x-note': '' } };
  const { 'x-note': note, ...headers } = await smithy(request, role, NOW);
  expect([note, headers.authorization]).toEqual(['', expect.stringContaining(';x-note,')]);
  expect(verify(createRoom, headers).refusal).toBeUndefined();
});

test('the same credentials have signatures in several Regions', async () => {
  for (const region of [REGION, 'eu-west-1', REGION]) {
    const signer = new AwsV4Signer({
      ...administrator,
      method: 'POST',
      url: `http://${HOST}/CreateRoom`,
      body: createRoom.body,
      service: 'ivschat',
      region,
      datetime: amzDate(NOW),
    });
    const headers = { ...Object.fromEntries((await signer.sign()).headers), host: HOST };
    expect(verify(createRoom, headers, { region })).toEqual({ identity: administrator, service: 'ivschat', region });
  }
});

function replaced(search: string | RegExp, replacement: string) {
  return (headers: Record<string, string>) => ({
    ...headers, authorization: headers.authorization!.replace(search, replacement),
  });
}

test('a signature for S3 is valid for a clock difference of at most 15 minutes', async () => {
  const put: Request = { method: 'PUT', url: '/bucket/key', headers: {}, body: 'content', service: 's3' };
  const codeAt = async (offset: number) => verify(put, await smithy(put, administrator, NOW + offset)).refusal?.code;
  expect(await codeAt(-900_000)).toBeUndefined();
  expect(await codeAt(-901_000)).toBe('RequestTimeTooSkewed');
});

test('a refusal contains no key, token or signature', async () => {
  const headers = await smithy(createRoom, { ...role, secretAccessKey: 'wrong' }, NOW);
  const { refusal } = verify(createRoom, headers);
  const signature = /Signature=(\w+)/.exec(headers.authorization!)![1]!;
  for (const secret of [role.sessionToken!, role.secretAccessKey, role.accessKeyId, signature]) {
    expect(inspect(refusal)).not.toContain(secret);
  }
});

test('the Date header is used without X-Amz-Date, and a signature without both is incomplete', () => {
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${administrator.accessKeyId}/20261122/us-west-2/ivschat/aws4_request, `
    + 'SignedHeaders=date;host, Signature=00';
  expect(verify(createRoom, { host: HOST, authorization }).refusal).toMatchObject({
    status: 403,
    code: 'IncompleteSignatureException',
    message: "Authorization header requires existence of either a valid 'X-Amz-Date' or a 'Date' header.",
  });
  const at = (time: number) => verify(createRoom, { host: HOST, date: new Date(time).toUTCString(), authorization });
  expect(at(NOW).refusal).toMatchObject({ code: 'InvalidSignatureException', message: noMatch });
  expect(at(NOW - 301_000).refusal?.message).toContain('Signature expired: 20261122T100006Z is now earlier');
});

test.each(['carrot', '', '2026-11-22T10:05:07Z', '20261122T100507', '20261322T100507Z', 'x20261122T100507Z'])(
  'the X-Amz-Date %j is not valid, also with a Date header',
  async (amz) => {
    const headers = await smithy(createRoom, administrator, NOW);
    const given = { ...headers, 'x-amz-date': amz, 'date': new Date(NOW).toUTCString() };
    expect(verify(createRoom, given).refusal).toMatchObject({
      code: 'IncompleteSignatureException',
      message: "Authorization header requires existence of either a valid 'X-Amz-Date' or a 'Date' header.",
    });
  },
);

test('the values of a repeated header are signed as one', async () => {
  const request = { ...createRoom, headers: { ...json, 'x-amz-note': 'a,b c' } };
  const headers = await smithy(request, administrator, NOW);
  delete headers['x-amz-note'];
  const verifyWith = (...values: string[]) => verifySignature({
    method: 'POST',
    url: createRoom.url,
    rawHeaders: [...Object.entries(headers).flat(), ...values.flatMap((value) => ['X-Amz-Note', value])],
  }, { identities, body: createRoom.body, service: 'ivschat', now: NOW });
  expect(verifyWith(' a ', 'b  c').refusal).toBeUndefined();
  expect(verifyWith('b c', 'a').refusal?.message).toBe(noMatch);
});

test.each([['/CreateRoom?a=%E0%A4%A', 'ivschat'], ['/bucket/%E0%A4%A', 's3']])(
  'the URL %s with a broken escape sequence has no valid signature',
  async (url, service) => {
    const headers = await smithy({ ...createRoom, service }, administrator, NOW);
    expect(verify({ ...createRoom, url, service }, headers).refusal?.message).toBe(noMatch);
  },
);
