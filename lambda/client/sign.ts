import { toHex } from '@smithy/core/serde';
import { ALGORITHM_IDENTIFIER, createScope, getCanonicalHeaders, getPayloadHash, getSigningKey, SignatureV4Base } from '@smithy/signature-v4';
import { Sha256 } from './platform';
import type { AwsCredentialIdentity, HttpRequest } from './types';

const SERVICE = 'ivschat';

/**
 * Signs requests with Signature Version 4, whose steps are those of `@smithy/signature-v4`.
 *
 * Its own `SignatureV4` would do as well; it copies each request, derives an HMAC to look for the signing key and knows event
 * streams and presigned addresses: a fifth of a call, and a fifth of the bundle.
 */
export class RequestSigner extends SignatureV4Base {
  private signingKey?: { credentials: AwsCredentialIdentity; scope: string; key: Promise<Uint8Array> };

  constructor() {
    super({ service: SERVICE, region: '', credentials: { accessKeyId: '', secretAccessKey: '' }, sha256: Sha256 as any });
  }

  /** The headers of the request with those that sign it. */
  async sign(request: HttpRequest, credentials: AwsCredentialIdentity, region: string, date: Date): Promise<Record<string, string>> {
    const { longDate, shortDate } = this.formatDate(date);
    const headers: Record<string, string> = { ...request.headers, 'x-amz-date': longDate };
    if (credentials.sessionToken) headers['x-amz-security-token'] = credentials.sessionToken;

    const signed = { ...request, headers };
    const canonicalHeaders = getCanonicalHeaders(signed);
    const canonicalRequest = this.createCanonicalRequest(signed, canonicalHeaders, await getPayloadHash(signed, this.sha256));
    const scope = createScope(shortDate, region, SERVICE);
    const hmac = new this.sha256(await this.keyOf(credentials, shortDate, region, scope));
    hmac.update(await this.createStringToSign(longDate, scope, canonicalRequest, ALGORITHM_IDENTIFIER) as any);
    const signature = toHex(await hmac.digest());
    headers.authorization = `${ALGORITHM_IDENTIFIER} Credential=${credentials.accessKeyId}/${scope}, `
      + `SignedHeaders=${this.getCanonicalHeaderList(canonicalHeaders)}, Signature=${signature}`;
    return headers;
  }

  /** The key of the day. It stays the same while the credentials do. */
  private keyOf(credentials: AwsCredentialIdentity, shortDate: string, region: string, scope: string): Promise<Uint8Array> {
    if (this.signingKey?.credentials !== credentials || this.signingKey.scope !== scope) {
      this.validateResolvedCredentials(credentials);
      this.signingKey = { credentials, scope, key: getSigningKey(this.sha256, credentials, shortDate, region, SERVICE) };
    }
    return this.signingKey.key;
  }
}
