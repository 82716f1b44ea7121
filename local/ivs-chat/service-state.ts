import type { Caller } from './control-plane/authorize';
import type { ChatTokens } from './messaging/chat-tokens';
import type { Clock } from '../clock';
import type { Faults } from './faults';
import type { Random } from './ids';
import type { FunctionPolicy } from './control-plane/message-review-permission';
import type { Messaging } from './messaging/messaging';
import type { Quotas } from './quotas';
import type { RateLimits } from './rate-limit';
import type { LoggingConfiguration, ResourceStore, Room } from './state/resource-store';

/** The state and configuration of the service, for its operations. */
export interface ServiceState {
  readonly clock: Clock;
  readonly random: Random;
  readonly rooms: ResourceStore<Room>;
  readonly loggingConfigurations: ResourceStore<LoggingConfiguration>;
  readonly tokens: ChatTokens;
  readonly messaging: Messaging;
  readonly quotas: Quotas;
  readonly rates: RateLimits;
  readonly faults: Faults;
  /** The key that signs pagination tokens. */
  readonly paginationKey: Uint8Array;
  /** The duration of state transitions of logging configurations, in milliseconds. */
  readonly transitionMilliseconds: number;
  /** Returns the resource policy of a Lambda function. @default - no permission check for message review handlers */
  readonly functionPolicy?: (functionArn: string) => FunctionPolicy | undefined | Promise<FunctionPolicy | undefined>;
}

/** Performs an operation. The input is valid according to the service model. */
export type OperationHandler<Input> = (
  service: ServiceState,
  caller: Caller,
  input: Input,
) => object | void | Promise<object | void>;
