import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JSONWebKeySet, type JWTPayload } from 'jose';

/** The RSA key of an issuer. */
interface SigningKey {
  readonly keyId: string;
  readonly privateKey: CryptoKey;
  readonly keySet: JSONWebKeySet;
}

/** The token issuers of this process. Each has its own RSA key, which is generated when it is first needed. */
export class TokenIssuers {
  private readonly keys = new Map<string, Promise<SigningKey> | undefined>();

  /** Adds an issuer. It does nothing if the issuer exists. */
  add(issuer: string): void {
    if (!this.keys.has(issuer)) this.keys.set(issuer, undefined);
  }

  remove(issuer: string): void {
    this.keys.delete(issuer);
  }

  /** Returns the public keys of an issuer, or undefined if this process does not have the issuer. */
  keySetOf(issuer: string): Promise<JSONWebKeySet> | undefined {
    return this.keys.has(issuer) ? this.keyOf(issuer).then(({ keySet }) => keySet) : undefined;
  }

  /** Signs a token with RS256. */
  async sign(issuer: string, claims: JWTPayload): Promise<string> {
    const { keyId, privateKey } = await this.keyOf(issuer);
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: keyId }).sign(privateKey);
  }

  private keyOf(issuer: string): Promise<SigningKey> {
    const key = this.keys.get(issuer) ?? newKey();
    this.keys.set(issuer, key);
    return key;
  }
}

async function newKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keyId = randomBytes(32).toString('base64');
  const jwk = await exportJWK(publicKey);
  return { keyId, privateKey, keySet: { keys: [{ ...jwk, alg: 'RS256', kid: keyId, use: 'sig' }] } };
}
