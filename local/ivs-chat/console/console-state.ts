import type { LogDelivery } from '../chat-logs/chat-logs';
import type { Fault } from '../faults';
import type { RoomFrame } from '../messaging/messaging';
import type { LoggedRequest } from '../request-log';

/** The response of `GET /_local/state`. Lists have the newest item first. Chat tokens are not included. */
export interface ConsoleState {
  readonly now: string;
  readonly counts: { readonly rooms: number; readonly connections: number; readonly deliveries: number };
  readonly rooms: readonly {
    readonly arn: string;
    readonly name: string;
    readonly connections: number;
    readonly maximumMessageLength: number;
    readonly maximumMessageRatePerSecond: number;
    readonly messageReviewHandler?: string;
    readonly fallbackResult?: 'ALLOW' | 'DENY';
    readonly loggingConfigurations: number;
  }[];
  readonly loggingConfigurations: readonly {
    readonly arn: string;
    readonly name: string;
    readonly state: string;
    readonly destination: string;
  }[];
  readonly connections: readonly {
    readonly userId: string;
    readonly roomArn: string;
    readonly attributes: { readonly [key: string]: string };
    readonly capabilities: readonly string[];
    readonly address: string;
    readonly connectedAt: string;
    readonly sessionExpirationTime: string;
  }[];
  readonly tokens: readonly {
    readonly userId: string;
    readonly roomArn: string;
    readonly attributes: { readonly [key: string]: string };
    readonly capabilities: readonly string[];
    readonly tokenExpirationTime: string;
    readonly state: 'unused' | 'used' | 'expired';
  }[];
  readonly frames: readonly { readonly roomArn: string; readonly frame: RoomFrame }[];
  readonly requests: readonly LoggedRequest[];
  readonly logDeliveries: readonly LogDelivery[];
  readonly faults: readonly (Fault & { readonly id: number })[];
  readonly faultKinds: { readonly [kind: string]: string };
}
