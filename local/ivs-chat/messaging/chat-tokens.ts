import type { Clock } from '../../clock';
import type { Random } from '../ids';

export type Capability = 'SEND_MESSAGE' | 'DELETE_MESSAGE' | 'DISCONNECT_USER';

/** The permissions of a chat token. */
export interface ChatTokenGrant {
  readonly roomArn: string;
  readonly userId: string;
  readonly attributes: { readonly [key: string]: string };
  readonly capabilities: readonly Capability[];
  /** The time until which the token can open a connection, in milliseconds since 1970. */
  readonly tokenExpirationTime: number;
  /** The end of the session, in milliseconds since 1970. */
  readonly sessionExpirationTime: number;
  used: boolean;
}

export const TOKEN_LIFETIME_MILLISECONDS = 60_000;
/** The time that the console shows a token after its expiration. */
const REMEMBERED_MILLISECONDS = 60_000;

/** The chat tokens of all rooms. Each token opens one connection, within a minute. */
export class ChatTokens {
  private readonly grants = new Map<string, ChatTokenGrant>();

  constructor(private readonly clock: Clock, private readonly random: Random) {}

  /** Issues a token of base64url parts and dots, which are valid characters of a WebSocket subprotocol. */
  issue(grant: Omit<ChatTokenGrant, 'tokenExpirationTime' | 'used'>): { token: string; grant: ChatTokenGrant } {
    this.forget();
    const token = [24, 96, 24].map((size) => Buffer.from(this.random(size)).toString('base64url')).join('.');
    const issued = { ...grant, tokenExpirationTime: this.clock.now() + TOKEN_LIFETIME_MILLISECONDS, used: false };
    this.grants.set(token, issued);
    return { token, grant: issued };
  }

  /** Marks the token as used, or returns the reason why it is not valid. */
  redeem(token: string): ChatTokenGrant | 'unknown' | 'used' | 'expired' {
    const grant = this.grants.get(token);
    if (!grant) return 'unknown';
    if (grant.used) return 'used';
    if (grant.tokenExpirationTime <= this.clock.now()) return 'expired';
    grant.used = true;
    return grant;
  }

  /** Returns the grants of the last minutes, oldest first, without the tokens. */
  recent(): ChatTokenGrant[] {
    this.forget();
    return [...this.grants.values()];
  }

  /** Removes old tokens. All tokens have the same lifetime, so the oldest tokens are first. */
  private forget(): void {
    for (const [token, grant] of this.grants) {
      if (grant.tokenExpirationTime + REMEMBERED_MILLISECONDS > this.clock.now()) break;
      this.grants.delete(token);
    }
  }
}
