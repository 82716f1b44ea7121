import type { TokenIssuers } from './token-issuers';

export interface UserPool {
  readonly id: string;
  readonly arn: string;
  readonly issuer: string;
  readonly clients: Set<string>;
}

/** The deployed user pools. Each is a token issuer. */
export class UserPools {
  private readonly pools = new Map<string, UserPool>();

  constructor(
    private readonly region: string,
    private readonly accountId: string,
    private readonly issuers: TokenIssuers,
  ) {}

  create(id: string): UserPool {
    const pool: UserPool = {
      id,
      arn: `arn:aws:cognito-idp:${this.region}:${this.accountId}:userpool/${id}`,
      issuer: `https://cognito-idp.${this.region}.amazonaws.com/${id}`,
      clients: new Set(),
    };
    this.pools.set(id, pool);
    this.issuers.add(pool.issuer);
    return pool;
  }

  get(id: string): UserPool | undefined {
    return this.pools.get(id);
  }

  ids(): readonly string[] {
    return [...this.pools.keys()];
  }

  remove(id: string): void {
    const pool = this.pools.get(id);
    this.pools.delete(id);
    if (pool) this.issuers.remove(pool.issuer);
  }
}
