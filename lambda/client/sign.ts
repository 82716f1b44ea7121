import { escapeUri } from '@smithy/core/protocols';
import { ALGORITHM_IDENTIFIER, createScope, getSigningKey } from '@smithy/signature-v4';
import { HmacSha256, hmacSha256, sha256 } from './platform';
import { queryString } from './request';
import type { AwsCredentialIdentity, HttpRequest } from './types';

type Headers = Readonly<Record<string, string>>;

/** Gives a request's headers with those that sign it, at a time in milliseconds. */
export type Sign = (request: HttpRequest, credentials: AwsCredentialIdentity, region: string, time: number) => Promise<Headers>;

/** What a signature depends on besides the second and the body. */
type Parts = [credentials: AwsCredentialIdentity, region: string, day: string, method: string, path: string, query: string, headers: Headers];

/** A signed request but for its date and its body: mostly the same for the next one. */
interface Frame {
  /** What it is made of. */
  readonly parts: Parts;
  readonly scope: string;
  readonly key: Promise<Uint8Array>;
  /** All that are sent. Those that differ are empty yet: to set what an object has is cheap, to add to its copy is not. */
  readonly headers: Headers;
  /** The canonical request up to the date, and from there to the hash of the body, which ends it. */
  readonly canonical: readonly string[];
  /** The header up to the signature, which ends it. */
  readonly authorization: string;
}

const DATE = '{date}';

/**
 * Signs requests to one service with Signature Version 4. All headers are signed; their names have to be in lower case, and their
 * values without blanks around them.
 *
 * The key, its scope and how an address is escaped are `@smithy/signature-v4`'s. Its whole, `SignatureV4`, would do as well: it
 * copies each request, makes an HMAC to look for the key, and knows event streams and presigned addresses, which is half of what
 * signing costs and a quarter of the bundle. What there is to know besides are the lines of the canonical request.
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
    const now = date; // by the time of the signature another request may have another
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
    const canonicalPath = escapeUri(path).replace(/(%2F)+/g, '/'); // what is escaped in it already is escaped twice
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
