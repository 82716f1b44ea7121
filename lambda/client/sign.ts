import { ALGORITHM_IDENTIFIER, createScope, getCanonicalHeaders, getSigningKey, SignatureV4Base } from '@smithy/signature-v4';
import { HmacSha256, hmacSha256, sha256 } from './platform';
import type { AwsCredentialIdentity, HttpRequest } from './types';

type Headers = Record<string, string>;

/** A request that is signed but for its date and its body: all of it that is the same for the next one. */
interface Frame {
  /** All that are sent. Those that differ are empty yet: to set what an object has is cheap, to add to its copy is not. */
  readonly headers: Headers;
  /** The canonical request up to the date, and from there to the hash of the body, which ends it. */
  readonly canonical: readonly [string, string];
  /** The header up to the signature, which ends it. */
  readonly authorization: string;
}

/** What stays the same from request to request while the credentials and the day do. */
interface Remembered {
  readonly credentials: AwsCredentialIdentity;
  readonly region: string;
  readonly shortDate: string;
  readonly scope: string;
  readonly signingKey: Promise<Uint8Array>;
  /** By the headers that a request comes with, then by what it asks for. */
  readonly frames: WeakMap<Headers, Map<string, Frame>>;
}

/** Addresses with ARNs in them may be many; there are 14 others. */
const MOST_FRAMES = 64;
const DATE = '{date}';

/**
 * Signs requests with Signature Version 4, step by step with the parts of `@smithy/signature-v4`.
 *
 * Its whole, `SignatureV4`, would do as well. It copies each request, makes an HMAC to look for the signing key, and knows event
 * streams and presigned addresses: half of what signing costs, and a fifth of the bundle.
 */
export class RequestSigner extends SignatureV4Base {
  #remembered?: Remembered;
  #date = { second: NaN, longDate: '', shortDate: '' };

  constructor(service: string) {
    super({ service, sha256: HmacSha256 } as any); // Region and credentials come with each request
  }

  /** The request's headers with those that sign it, at a time in milliseconds. */
  async sign(request: HttpRequest, credentials: AwsCredentialIdentity, region: string, time: number): Promise<Headers> {
    const { longDate, shortDate } = this.#dateOf(time);
    const remembered = this.#recall(credentials, region, shortDate);
    const { headers, canonical, authorization } = this.#frameOf(request, remembered);

    const canonicalRequest = canonical[0] + longDate + canonical[1] + await sha256(request.body ?? '');
    const stringToSign = `${ALGORITHM_IDENTIFIER}\n${longDate}\n${remembered.scope}\n${await sha256(canonicalRequest)}`;
    const signature = await hmacSha256(await remembered.signingKey, stringToSign);
    const signed = { ...headers };
    signed['x-amz-date'] = longDate;
    signed.authorization = authorization + signature;
    return signed;
  }

  #frameOf(request: HttpRequest, { credentials: { accessKeyId, sessionToken }, scope, frames: ofHeaders }: Remembered): Frame {
    let frames = ofHeaders.get(request.headers);
    if (!frames) ofHeaders.set(request.headers, frames = new Map());
    const name = `${request.method} ${request.path}${request.query ? JSON.stringify(request.query) : ''}`;
    let frame = frames.get(name);
    if (!frame) {
      const headers = sessionToken ? { ...request.headers, 'x-amz-security-token': sessionToken } : request.headers;
      const canonicalHeaders = { ...getCanonicalHeaders({ ...request, headers }), 'x-amz-date': DATE };
      const canonical = this.createCanonicalRequest(request, canonicalHeaders, '');
      const date = canonical.indexOf(DATE);
      const signedHeaders = this.getCanonicalHeaderList(canonicalHeaders);
      frame = {
        headers: { ...headers, 'x-amz-date': '', 'authorization': '' },
        canonical: [canonical.slice(0, date), canonical.slice(date + DATE.length)],
        authorization: `${ALGORITHM_IDENTIFIER} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=`,
      };
      if (frames.size === MOST_FRAMES) frames.clear();
      frames.set(name, frame);
    }
    return frame;
  }

  #dateOf(time: number) {
    const second = Math.floor(time / 1000);
    if (this.#date.second !== second) this.#date = { second, ...this.formatDate(new Date(time)) };
    return this.#date;
  }

  #recall(credentials: AwsCredentialIdentity, region: string, shortDate: string): Remembered {
    const last = this.#remembered;
    if (last?.credentials === credentials && last.region === region && last.shortDate === shortDate) return last;
    this.validateResolvedCredentials(credentials);
    const scope = createScope(shortDate, region, this.service);
    const signingKey = getSigningKey(this.sha256, credentials, shortDate, region, this.service);
    return this.#remembered = { credentials, region, shortDate, scope, signingKey, frames: new WeakMap() };
  }
}
