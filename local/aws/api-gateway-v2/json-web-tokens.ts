import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../clock';
import { isLoopbackName } from '../http/loopback';

export interface JsonWebTokensOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Returns the keys of an issuer of this process, or undefined if the issuer is another server. */
  localKeys(issuer: string): Promise<JSONWebKeySet> | undefined;
}

export interface JwtRequirements {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** The token must have one of these scopes. If there are none, every scope is accepted. */
  readonly scopes: readonly string[];
}

export type VerifiedJwt =
  | { readonly claims: JWTPayload; readonly refusal?: undefined }
  | { readonly refusal: 'invalid_token' | 'insufficient_scope'; readonly description: string };

/** The algorithms of API Gateway. It does not accept tokens without a signature, or signed with a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];
/** API Gateway can cache the keys of an issuer for two hours. */
const KEY_CACHE_MILLISECONDS = 2 * 60 * 60_000;
const DISCOVERY_TIMEOUT_MILLISECONDS = 5000;

/**
 * Verifies JSON web tokens as a JWT authorizer of API Gateway does.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class JsonWebTokens {
  private readonly remoteKeys = new Map<string, { readonly expiry: number; readonly keys: JWTVerifyGetKey }>();

  constructor(private readonly options: JsonWebTokensOptions) {}

  async verify(token: string, { issuer, audience, scopes }: JwtRequirements): Promise<VerifiedJwt> {
    const invalid = (description: string): VerifiedJwt => ({ refusal: 'invalid_token', description });
    let unverified: JWTPayload;
    try {
      const { alg, kid } = decodeProtectedHeader(token);
      unverified = decodeJwt(token);
      if (!ALGORITHMS.includes(String(alg))) return invalid(`signing method ${String(alg)} is invalid`);
      if (typeof kid !== 'string') return invalid('the token does not have a kid');
    } catch {
      return invalid('the token is malformed');
    }
    // The keys belong to this issuer only, so no other issuer is asked for its keys.
    if (unverified.iss !== issuer) return invalid('invalid issuer');

    let claims: JWTPayload;
    const now = this.options.clock.now();
    try {
      const keys = await this.keysOf(issuer);
      const verified = await jwtVerify(token, keys, {
        algorithms: ALGORITHMS,
        issuer,
        requiredClaims: ['exp'],
        currentDate: new Date(now),
      });
      claims = verified.payload;
    } catch (error) {
      return invalid(descriptionOf(error as Error));
    }
    if (claims.iat !== undefined && claims.iat > Math.floor(now / 1000)) {
      return invalid('the token was issued in the future');
    }
    const named = claims.aud === undefined ? claims.client_id : claims.aud;
    if (![named].flat().some((value) => audience.includes(value as string))) {
      return invalid('the token does not have a valid audience');
    }
    if (scopes.length && !scopesOf(claims).some((scope) => scopes.includes(scope))) {
      const description = `the token requires one of the scopes: ${scopes.join(' ')}`;
      return { refusal: 'insufficient_scope', description };
    }
    return { claims };
  }

  private async keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const local = this.options.localKeys(issuer);
    if (local) return createLocalJWKSet(await local);

    const now = this.options.clock.now();
    const cached = this.remoteKeys.get(issuer);
    if (cached && cached.expiry > now) return cached.keys;
    const keys = createRemoteJWKSet(await jwksUriOf(issuer), { cacheMaxAge: KEY_CACHE_MILLISECONDS });
    this.remoteKeys.set(issuer, { keys, expiry: now + KEY_CACHE_MILLISECONDS });
    return keys;
  }
}

/** Reads the address of the keys from the discovery document of an issuer. */
async function jwksUriOf(issuer: string): Promise<URL> {
  const failure = new Error('OIDC discovery endpoint communication error');
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  if (!isAllowed(url)) throw failure;
  const document = await fetch(url, { signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MILLISECONDS) }).then(
    (response) => (response.ok ? response.json() : undefined),
    () => undefined,
  ) as { readonly jwks_uri?: unknown } | undefined;
  const keysUrl = String(document?.jwks_uri);
  if (!isAllowed(keysUrl)) throw failure;
  return new URL(keysUrl);
}

/** API Gateway requires https. An issuer on this machine can also use http. */
function isAllowed(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname));
}

function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  const value = scope ?? scp;
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value.split(' ') : [];
}

function descriptionOf(error: Error): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf' ? 'the token is not valid yet' : `invalid ${error.claim}`;
  }
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown kid';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'crypto/rsa: verification error';
  if (error instanceof errors.JOSEError) return 'the token is malformed';
  return error.message;
}

/**
 * Converts claims to the texts that API Gateway passes to the integration. An array becomes `[admin poweruser]`,
 * numbers and booleans become text, and null is omitted.
 */
export function claimTexts(claims: JWTPayload): { [claim: string]: string } {
  return Object.fromEntries(
    Object.entries(claims)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([claim, value]) => [claim, claimText(value)]),
  );
}

function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  if (value === null) return '<nil>';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, nested]) => `${key}:${claimText(nested)}`).join(' ')}]`;
}
