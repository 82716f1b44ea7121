import { escapeUri } from '@smithy/core/protocols';
import { ALGORITHM_IDENTIFIER, createScope, getSigningKey } from '@smithy/signature-v4';
import { HmacSha256, hmacSha256, sha256 } from './platform';
import { queryString } from './request';
import type { AwsCredentialIdentity, HttpRequest } from './types';

type Headers = Readonly<Record<string, string>>;

/** Returns the headers of a request together with its signature. The time is in milliseconds since 1970. */
export type Sign = (request: HttpRequest, credentials: AwsCredentialIdentity, region: string, time: number) => Promise<Headers>;

/** The inputs of a signature that rarely change. The time and the body are the others. */
type Parts = [credentials: AwsCredentialIdentity, region: string, day: string, method: string, path: string, query: string, headers: Headers];

/** The parts of a signature that do not depend on the time and the body. The next request mostly has the same. */
interface Frame {
  /** The inputs of these parts. */
  readonly parts: Parts;
  readonly scope: string;
  readonly key: Promise<Uint8Array>;
  /** All headers. The ones that differ are empty: setting an existing member is cheap, adding one to a copy is not. */
  readonly headers: Headers;
  /** The canonical request up to the date, and from the date to the hash of the body at its end. */
  readonly canonical: readonly string[];
  /** The authorization header up to the signature at its end. */
  readonly authorization: string;
}

const DATE = '{date}';

/**
 * Creates a signer for one service with Signature Version 4. It signs all headers. Header names must be in lower case, and
 * values must not have leading or trailing spaces.
 *
 * The key, its scope and the escaping come from `@smithy/signature-v4`. The class `SignatureV4` of that package would work as
 * well, but it copies each request, computes an HMAC to find the key, and supports event streams and presigned URLs. That is
 * half of the time of a signature and a quarter of the bundle. Only the lines of the canonical request are built here.
 */
export function signer(service: string): Sign {
  let frame: Frame | undefined;
  let second = NaN;
  let date: string;

  return async (request, credentials, region, time) => {
    if (second !== Math.floor(time / 1000)) {
      second = Math.floor(time / 1000);
      date = new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
    }
    const now = date; // another request can change the date before the signature is computed
    const parts: Parts = [credentials, region, now.slice(0, 8), request.method, request.path, queryString(request), request.headers];
    if (!frame || parts.some((part, index) => part !== frame!.parts[index])) frame = frameOf(parts);
    const { scope, key, headers, canonical, authorization } = frame;

    const canonicalRequest = canonical[0] + now + canonical[1] + await sha256(request.body ?? '');
    const stringToSign = `${ALGORITHM_IDENTIFIER}\n${now}\n${scope}\n${await sha256(canonicalRequest)}`;
    const signature = await hmacSha256(await key, stringToSign);
    const signed = { ...headers };
    signed['x-amz-date'] = now;
    signed.authorization = authorization + signature;
    return signed;
  };

  function frameOf(parts: Parts): Frame {
    const [credentials, region, day, method, path, query, unsigned] = parts;
    const { accessKeyId, secretAccessKey, sessionToken } = credentials ?? {};
    if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') {
      throw new Error('credentials must have accessKeyId and secretAccessKey, both text');
    }
    const scope = createScope(day, region, service);
    const headers: Headers = { ...unsigned, 'x-amz-date': DATE, ...sessionToken && { 'x-amz-security-token': sessionToken } };
    const names = Object.keys(headers).sort();
    const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
    const signedHeaders = names.join(';');
    const canonicalPath = escapeUri(path).replace(/(%2F)+/g, '/'); // escaped parts of the path are escaped again
    return {
      parts,
      scope,
      key: getSigningKey(HmacSha256, credentials, day, region, service),
      headers: { ...headers, authorization: '' },
      canonical: `${method}\n${canonicalPath}\n${query}\n${lines}\n${signedHeaders}\n`.split(DATE),
      authorization: `${ALGORITHM_IDENTIFIER} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=`,
    };
  }
}
