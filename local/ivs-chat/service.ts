import type { Caller } from './control-plane/authorize';
import type { ChatTokens } from './messaging/chat-tokens';
import type { Clock } from './clock';
import type { Faults } from './faults';
import type { Random } from './ids';
import type { FunctionPolicy } from './control-plane/message-review-permission';
import type { Messaging } from './messaging/messaging';
import type { Quotas } from './quotas';
import type { RateLimits } from './rate-limit';
import type { LoggingConfiguration, ResourceStore, Room } from './state/resource-store';

/** What operations work with. */
export interface Service {
  readonly clock: Clock;
  readonly random: Random;
  readonly rooms: ResourceStore<Room>;
  readonly loggingConfigurations: ResourceStore<LoggingConfiguration>;
  readonly tokens: ChatTokens;
  readonly messaging: Messaging;
  readonly quotas: Quotas;
  readonly rates: RateLimits;
  readonly faults: Faults;
  /** Key of the pagination tokens' seal. */
  readonly paginationKey: Uint8Array;
  /** How long a logging configuration takes from CREATING to ACTIVE, in milliseconds. */
  readonly transitionMilliseconds: number;
  /** The resource policy of a Lambda function; left out, every function may be a message review handler. */
  readonly functionPolicy?: (functionArn: string) => FunctionPolicy | undefined | Promise<FunctionPolicy | undefined>;
}

/** One operation: its input has been checked against the service model. */
export type OperationHandler<Input> = (service: Service, caller: Caller, input: Input) => object | void | Promise<object | void>;
