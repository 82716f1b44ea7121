import type { Clock } from '../clock';
import type { Random } from '../ids';

export type Capability = 'SEND_MESSAGE' | 'DELETE_MESSAGE' | 'DISCONNECT_USER';

/** What a chat token stands for. */
export interface ChatTokenGrant {
  readonly roomArn: string;
  readonly userId: string;
  readonly attributes: { readonly [key: string]: string };
  readonly capabilities: readonly Capability[];
  /** Milliseconds since 1970: until when it opens a connection. */
  readonly tokenExpirationTime: number;
  /** Milliseconds since 1970: until when that connection may live. */
  readonly sessionExpirationTime: number;
  used: boolean;
}

export const TOKEN_LIFETIME_MILLISECONDS = 60_000;
/** After it has expired, so that the console can show it. */
const REMEMBERED_MILLISECONDS = 60_000;

/** The chat tokens of all rooms: each opens one connection, within a minute. */
export class ChatTokens {
  private readonly grants = new Map<string, ChatTokenGrant>();

  constructor(private readonly clock: Clock, private readonly random: Random) {}

  /** Base64url parts joined by dots: only what a WebSocket subprotocol may be made of. */
  issue(grant: Omit<ChatTokenGrant, 'tokenExpirationTime' | 'used'>): { token: string; grant: ChatTokenGrant } {
    this.forget();
    const token = [24, 96, 24].map((size) => Buffer.from(this.random(size)).toString('base64url')).join('.');
    const issued = { ...grant, tokenExpirationTime: this.clock.now() + TOKEN_LIFETIME_MILLISECONDS, used: false };
    this.grants.set(token, issued);
    return { token, grant: issued };
  }

  /** Uses the token up, or says why it opens nothing. */
  redeem(token: string): ChatTokenGrant | 'unknown' | 'used' | 'expired' {
    const grant = this.grants.get(token);
    if (!grant) return 'unknown';
    if (grant.used) return 'used';
    if (grant.tokenExpirationTime <= this.clock.now()) return 'expired';
    grant.used = true;
    return grant;
  }

  /** Those of the last minutes, oldest first, without the tokens themselves. */
  recent(): ChatTokenGrant[] {
    this.forget();
    return [...this.grants.values()];
  }

  /** All live equally long, so the oldest are at the front. */
  private forget(): void {
    for (const [token, grant] of this.grants) {
      if (grant.tokenExpirationTime + REMEMBERED_MILLISECONDS > this.clock.now()) break;
      this.grants.delete(token);
    }
  }
}
