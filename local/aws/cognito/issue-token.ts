import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock';
import type { TokenIssuers } from './token-issuers';
import type { UserPool, UserPools } from './user-pools';

/** A JSON web token to issue. */
export interface TokenRequest {
  /** The ID of the user, the claim `sub`. */
  readonly sub: string;
  /** Additional claims, such as `{ 'cognito:groups': ['moderators'] }`. They take precedence over the other claims. */
  readonly claims?: { readonly [claim: string]: unknown };
  /**
   * The ID of a deployed user pool that issues the token.
   *
   * @default - the token comes from `issuer`
   */
  readonly userPool?: string;
  /**
   * The issuer of a token that no user pool issues. JWT authorizers of this process that name this issuer accept the
   * token, even if the issuer also exists on the internet.
   *
   * @default - the local issuer, `issuer` of the started service
   */
  readonly issuer?: string;
  /**
   * The application: the claim `client_id` of an access token of a user pool, and the claim `aud` of other tokens.
   *
   * @default - the client of the user pool if it has one client, otherwise there is no audience
   */
  readonly client?: string;
  /** The kind of a token of a user pool, the claim `token_use`. @default access */
  readonly tokenUse?: 'access' | 'id';
  /** The time until the token expires, in seconds. A negative number issues an expired token. @default 3600 */
  readonly expiresInSeconds?: number;
}

export interface IssueTokenOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly issuers: TokenIssuers;
  readonly userPools: UserPools;
  /** The issuer of tokens that name no other. */
  readonly localIssuer: string;
}

const LIFETIME_SECONDS = 3600;

/**
 * Issues a token, signed with RS256. The tokens of a user pool have the claims of tokens of Amazon Cognito.
 *
 * @throws an error that names the field if the request is not valid.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export async function issueToken(request: TokenRequest, options: IssueTokenOptions): Promise<string> {
  check(request);
  const { sub, claims, client, issuer = options.localIssuer, expiresInSeconds = LIFETIME_SECONDS } = request;
  const now = Math.floor(options.clock.now() / 1000);
  const times = { iat: now, exp: now + expiresInSeconds, jti: randomUUID() };
  if (request.userPool === undefined) {
    options.issuers.add(issuer);
    const audience = client === undefined ? {} : { aud: client };
    return options.issuers.sign(issuer, { sub, iss: issuer, ...audience, ...times, ...claims });
  }

  const pool = options.userPools.get(request.userPool);
  if (!pool) {
    const ids = options.userPools.ids();
    throw new Error(
      `The user pool ${JSON.stringify(request.userPool)} does not exist. `
      + (ids.length ? `Deployed user pools: ${ids.join(', ')}` : 'No user pool is deployed.'),
    );
  }
  const clientId = clientOf(pool, client);
  const common = {
    sub,
    iss: pool.issuer,
    origin_jti: randomUUID(),
    event_id: randomUUID(),
    auth_time: now,
    ...times,
  };
  return options.issuers.sign(
    pool.issuer,
    request.tokenUse === 'id'
      ? { ...common, 'token_use': 'id', 'aud': clientId, 'cognito:username': sub, ...claims }
      : {
        ...common,
        token_use: 'access',
        client_id: clientId,
        scope: 'aws.cognito.signin.user.admin',
        username: sub,
        ...claims,
      },
  );
}

function clientOf({ id, clients }: UserPool, client: string | undefined): string {
  if (client === undefined) {
    const [only, ...others] = clients;
    if (only !== undefined && others.length === 0) return only;
    throw new Error(
      `client is required, because the user pool ${id} has ${clients.size} clients`
      + (clients.size ? `: ${[...clients].join(', ')}` : ''),
    );
  }
  if (clients.has(client)) return client;
  throw new Error(
    `The user pool ${id} has no client ${JSON.stringify(client)}. Its clients: ${[...clients].join(', ') || 'none'}`,
  );
}

const fields = ['sub', 'claims', 'userPool', 'issuer', 'client', 'tokenUse', 'expiresInSeconds'];

/** Checks the types of a request, because it can come from HTTP. */
function check(request: TokenRequest): void {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw new Error('The request must be an object with the field sub');
  }
  const { sub, claims = {}, tokenUse = 'access', expiresInSeconds = LIFETIME_SECONDS } = request;
  const unknown = Object.keys(request).find((name) => !fields.includes(name));
  if (unknown !== undefined) throw new Error(`Unknown field ${unknown}. The fields are ${fields.join(', ')}`);
  if (typeof sub !== 'string' || sub === '') throw new Error('sub must be the ID of the user');
  for (const name of ['userPool', 'issuer', 'client'] as const) {
    const value: unknown = request[name];
    if (value !== undefined && typeof value !== 'string') throw new Error(`${name} must be a string`);
  }
  if (request.userPool !== undefined && request.issuer !== undefined) {
    throw new Error('userPool and issuer exclude each other: a user pool is its own issuer');
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new Error('claims must be an object');
  }
  if (tokenUse !== 'access' && tokenUse !== 'id') {
    throw new Error(`tokenUse must be access or id, got ${JSON.stringify(tokenUse)}`);
  }
  if (!Number.isFinite(expiresInSeconds)) throw new Error('expiresInSeconds must be a number of seconds');
}
