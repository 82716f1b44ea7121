import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Identities, Identity } from './identities';
import { ServiceError } from './service-error';

/** The signed parts of a request, such as an `IncomingMessage` of `node:http`. */
export interface SignedRequest {
  readonly method?: string;
  /** The path and query exactly as they were received, without any decoding. */
  readonly url?: string;
  readonly rawHeaders: readonly string[];
}

export interface VerifySignatureOptions {
  readonly identities: Pick<Identities, 'find'>;
  /** The whole body. It is ignored if S3's payload marker declares it unsigned. */
  readonly body: Uint8Array | string;
  /** The required signing name of the credential scope. */
  readonly service: string;
  /** The required Region of the credential scope. @default - any Region */
  readonly region?: string;
  /** The current time, in milliseconds since 1970. */
  readonly now: number;
  /** The protocol that determines the error codes. @default - `s3` for the service s3, otherwise `json` */
  readonly errors?: 'json' | 'query' | 's3';
}

export interface VerifiedSignature {
  readonly identity: Identity;
  readonly service: string;
  readonly region: string;
  readonly refusal?: undefined;
}

const codes = {
  missing: { json: 'MissingAuthenticationTokenException', query: 'MissingAuthenticationToken', s3: 'AccessDenied' },
  incomplete: {
    json: 'IncompleteSignatureException',
    query: 'IncompleteSignature',
    s3: 'AuthorizationHeaderMalformed',
  },
  unknownKey: { json: 'UnrecognizedClientException', query: 'InvalidClientTokenId', s3: 'InvalidAccessKeyId' },
  token: { json: 'UnrecognizedClientException', query: 'InvalidClientTokenId', s3: 'InvalidToken' },
  skew: { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch', s3: 'RequestTimeTooSkewed' },
  scope: { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch', s3: 'AuthorizationHeaderMalformed' },
  unsigned: { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch', s3: 'AccessDenied' },
  payload: { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch', s3: 'XAmzContentSHA256Mismatch' },
  mismatch: { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch', s3: 'SignatureDoesNotMatch' },
} as const;

const missingMessages = {
  json: 'Missing Authentication Token',
  query: 'Request is missing Authentication Token',
  s3: 'Access Denied',
} as const;

const ALGORITHM = 'AWS4-HMAC-SHA256';
const NO_MATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access '
  + 'Key and signing method. Consult the service documentation for details.';

/**
 * Verifies the Signature Version 4 of a request. The implementation follows the AWS documentation and shares no code
 * with a signer. It refuses payloads with signed chunks (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`).
 */
export function verifySignature(
  request: SignedRequest,
  options: VerifySignatureOptions,
): VerifiedSignature | { readonly refusal: ServiceError } {
  return verify(request, options);
}

/**
 * Returns the refusal of a request before its body is read, or undefined. `verifySignature` must then verify the body.
 * The signature is verified only if a header has the hash of the body.
 */
export function refusalBeforeBody(
  request: SignedRequest,
  options: Omit<VerifySignatureOptions, 'body'>,
): ServiceError | undefined {
  return verify(request, options).refusal;
}

function verify(
  request: SignedRequest,
  options: Omit<VerifySignatureOptions, 'body'> & Partial<Pick<VerifySignatureOptions, 'body'>>,
): VerifiedSignature | { readonly refusal: ServiceError } {
  const dialect = options.errors ?? (options.service === 's3' ? 's3' : 'json');
  const refuse = (kind: keyof typeof codes, message: string) => {
    const code = codes[kind][dialect];
    const status =
      code === 'IncompleteSignature'
      || code === 'AuthorizationHeaderMalformed'
      || code === 'InvalidToken'
      || code === 'XAmzContentSHA256Mismatch'
        ? 400
        : 403;
    return { refusal: new ServiceError(code, message, status) };
  };

  const headers = headersOf(request.rawHeaders);
  const authorization = headers.get('authorization');
  if (!authorization) {
    return refuse('missing', missingMessages[dialect]);
  }
  const [algorithm, ...rest] = authorization.split(' ');
  if (algorithm !== ALGORITHM) return refuse('incomplete', `Unsupported AWS 'algorithm', expected '${ALGORITHM}'.`);
  const parts = new Map<string, string>();
  for (const part of rest.join(' ').split(',')) {
    const at = part.indexOf('=');
    if (at < 0) {
      return refuse(
        'incomplete',
        'The Authorization header has a part that is not a valid key=value pair (missing equal-sign).',
      );
    }
    parts.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  const absent = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parts.get(name));
  if (absent.length) {
    return refuse('incomplete', absent.map((name) => `Authorization header requires '${name}' parameter.`).join(' '));
  }
  const date = headers.has('x-amz-date')
    ? parseAmzDate(headers.get('x-amz-date')!)
    : parseHttpDate(headers.get('date'));
  if (!date) {
    return refuse(
      'incomplete',
      "Authorization header requires existence of either a valid 'X-Amz-Date' or a 'Date' header.",
    );
  }
  const scope = parts.get('Credential')!.split('/');
  if (scope.length < 5) {
    return refuse(
      'incomplete',
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    );
  }
  const [terminator, service, region, day] = scope.slice(-4).reverse() as [string, string, string, string];
  const accessKeyId = scope.slice(0, -4).join('/');

  const identity = options.identities.find(accessKeyId);
  if (!identity) {
    return refuse(
      'unknownKey',
      dialect === 's3'
        ? 'The AWS Access Key Id you provided does not exist in our records.'
        : 'The security token included in the request is invalid.',
    );
  }
  if ((identity.sessionToken ?? '') !== (headers.get('x-amz-security-token') ?? '')) {
    return refuse(
      'token',
      dialect === 's3'
        ? 'The provided token is malformed or otherwise invalid.'
        : 'The security token included in the request is invalid.',
    );
  }

  if (terminator !== 'aws4_request') {
    return refuse('scope', `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`);
  }
  if (service !== options.service) {
    return refuse('scope', `Credential should be scoped to correct service: '${options.service}'.`);
  }
  if (!region || (options.region !== undefined && region !== options.region)) {
    const expected = options.region ? `, not '${region}': this endpoint is in '${options.region}'` : '';
    return refuse('scope', `Credential should be scoped to a valid region${expected}.`);
  }
  if (day !== date.text.slice(0, 8)) {
    return refuse(
      'scope',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != `
      + `'${date.text.slice(0, 8)}'.`,
    );
  }

  const skew = (options.service === 's3' ? 900 : 300) * 1000; // the maximum difference between the clocks
  if (Math.abs(options.now - date.time) > skew) {
    if (dialect === 's3') {
      return refuse('skew', 'The difference between the request time and the current time is too large.');
    }
    const minutes = `${skew / 60_000} min.`;
    return refuse(
      'skew',
      date.time < options.now
        ? `Signature expired: ${date.text} is now earlier than ${amzDate(options.now - skew)} `
          + `(${amzDate(options.now)} - ${minutes})`
        : `Signature not yet current: ${date.text} is still later than ${amzDate(options.now + skew)} `
          + `(${amzDate(options.now)} + ${minutes})`,
    );
  }

  const signedHeaders = parts.get('SignedHeaders')!.split(';');
  if (!signedHeaders.includes('host')) {
    return refuse('unsigned', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const unsigned = [...headers.keys()].filter((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name));
  if (unsigned.length) {
    return refuse(
      'unsigned',
      `There were headers present in the request which were not signed: ${unsigned.join(', ')}`,
    );
  }

  const claimed = headers.get('x-amz-content-sha256');
  const isUnsigned =
    options.service === 's3' && (claimed === 'UNSIGNED-PAYLOAD' || claimed === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER');
  const payloadHash = isUnsigned || options.body === undefined ? claimed : sha256(options.body);
  if (payloadHash === undefined) return { identity, service, region };
  if (claimed !== undefined && claimed !== payloadHash) {
    if (claimed.startsWith('STREAMING-')) {
      return refuse('payload', `${claimed} is not verified here: sign the payload as a whole, or leave it unsigned.`);
    }
    return refuse(
      'payload',
      dialect === 's3' ? "The provided 'x-amz-content-sha256' header does not match what was computed." : NO_MATCH,
    );
  }

  const [path, query] = splitOnce(request.url ?? '/', '?');
  const canonicalQuery = canonicalQueryOf(query);
  if (canonicalQuery === undefined) return refuse('mismatch', NO_MATCH);
  const canonicalRequest = [
    request.method ?? 'GET',
    options.service === 's3' ? encode(decodeOrKeep(path), true) : encode(normalize(path), true),
    canonicalQuery,
    ...signedHeaders.map((name) => `${name}:${headers.get(name) ?? ''}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const stringToSign = [ALGORITHM, date.text, scope.slice(-4).join('/'), sha256(canonicalRequest)].join('\n');
  const signature = hmac(signingKey(identity, day, region, service), stringToSign);
  const given = Buffer.from(parts.get('Signature')!, 'hex');
  if (given.length !== signature.length || !timingSafeEqual(given, signature)) return refuse('mismatch', NO_MATCH);
  return { identity, service, region };
}

/** Lower-case names; repeated headers joined as the signature has them, runs of white space made one blank. */
function headersOf(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    const value = rawHeaders[i + 1]!.trim().replace(/\s+/g, ' ');
    headers.set(name, headers.has(name) ? `${headers.get(name)},${value}` : value);
  }
  return headers;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Percent-encodes all reserved characters in upper case. HTTP requests contain no lone surrogates. */
function encode(text: string, keepSlash = false): string {
  const encoded = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return keepSlash ? encoded.replace(/%2F/g, '/') : encoded;
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Dot segments and empty segments removed, as every service but S3 does before it verifies. */
function normalize(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return `/${segments.join('/')}${segments.length && path.endsWith('/') ? '/' : ''}`;
}

/** Sorted by name, then by value; undefined when an escape is broken. */
function canonicalQueryOf(query: string): string | undefined {
  try {
    return query
      .split('&')
      .filter(Boolean)
      .map(
        (pair) =>
          splitOnce(pair.replace(/\+/g, ' '), '=').map((part) => encode(decodeURIComponent(part))) as [string, string],
      )
      .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
  } catch {
    return undefined;
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Uint8Array | string, data: string) => createHmac('sha256', key).update(data).digest();
const amzDate = (time: number) => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');

function parseAmzDate(text: string): { text: string; time: number } | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const time = match ? Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`) : NaN;
  return Number.isNaN(time) ? undefined : { text, time };
}

function parseHttpDate(text: string | undefined): { text: string; time: number } | undefined {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : { text: amzDate(time), time };
}

/** The last signing key of each identity. A signing key is valid for one day and one scope. */
const lastKeys = new WeakMap<Identity, { readonly scope: string; readonly key: Buffer }>();

function signingKey(identity: Identity, day: string, region: string, service: string): Buffer {
  const scope = `${day}/${region}/${service}`;
  const last = lastKeys.get(identity);
  if (last?.scope === scope) return last.key;
  const key = hmac(hmac(hmac(hmac(`AWS4${identity.secretAccessKey}`, day), region), service), 'aws4_request');
  lastKeys.set(identity, { scope, key });
  return key;
}
