import type { Identities } from '../identities';
import type { Clock } from './clock';
import type { Faults } from './faults';
import type { Random } from './ids';
import type { LogDestinations } from './chat-logs/log-destinations';
import type { InvokeFunction } from './messaging/message-review';
import type { FunctionPolicy } from './control-plane/message-review-permission';
import type { Quotas } from './quotas';
import type { LoggedRequest } from './request-log';

export interface LocalIvsChatOptions {
  /** Default: 0, any that is free. */
  readonly port?: number;
  /** The address to listen on. Anything but loopback lets other machines in. Default: 127.0.0.1. */
  readonly host?: string;
  /** Further host names that requests may be addressed to. Default: only loopback names. */
  readonly allowedHosts?: readonly string[];
  /** Further origins whose pages may use it, `*` for all. Default: only pages of loopback hosts. */
  readonly allowedOrigins?: readonly string[];
  /** The Region it tells in its answer; it serves all Regions that IVS Chat has. Default: us-west-2. */
  readonly region?: string;
  /** Default: 123456789012. */
  readonly accountId?: string;
  /** Whose signatures are accepted. Default: an administrator with keys made for this process. */
  readonly identities?: Identities;
  /** Default: true. With false anybody is the administrator. */
  readonly verifySignatures?: boolean;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default: the system's. */
  readonly random?: Random;
  /** Default: `defaultQuotas`, with the rates off that would only hinder. */
  readonly quotas?: Partial<Quotas>;
  /** How many milliseconds a change takes to be seen by Get and List operations. Default: 0. */
  readonly readDelayMilliseconds?: number;
  /** How many milliseconds logging configurations are CREATING, UPDATING and DELETING. Default: 0. */
  readonly transitionMilliseconds?: number;
  /** How many milliseconds a connection may be silent before it is asked whether it is there, and then let go. Default: 30,000. */
  readonly pingMilliseconds?: number;
  /** Invokes message review handlers. Default: none can be, and the room's fallback decides. */
  readonly invokeFunction?: InvokeFunction;
  /** The resource policy of a Lambda function, undefined if there is no such function. Default: every function may be a handler. */
  readonly functionPolicy?: (functionArn: string) => FunctionPolicy | undefined | Promise<FunctionPolicy | undefined>;
  /** Where chat logs go, as files. Default: nowhere. */
  readonly logFolder?: string;
  /** Where chat logs go besides, such as to the log groups and buckets of another local service. Default: nowhere. */
  readonly logDestinations?: LogDestinations;
  /** How long chat logs are gathered. The service takes 5 minutes for S3 and 10 seconds for the others. Default: 1,000. */
  readonly logDelayMilliseconds?: number;
  /** Keeps rooms and logging configurations over a restart. Default: they are in memory only. */
  readonly stateFile?: string;
  /** Told of each request, without its secrets. */
  readonly onRequest?: (request: LoggedRequest) => void;
}

export interface LocalIvsChat {
  /** `http://127.0.0.1:N`: the endpoint for SDKs and CLI. */
  readonly controlPlane: string;
  /** The web console, for people on this machine. */
  readonly console: string;
  /** `ws://127.0.0.1:N`: the official client's `regionOrUrl`. */
  readonly messaging: string;
  readonly region: string;
  readonly accountId: string;
  readonly identities: Identities;
  /** What is to go wrong. */
  readonly faults: Faults;
  /**
   * Does an operation, such as `CreateRoom`, in this process: as the administrator, without a client, a signature or a fault.
   *
   * Throws the service's error, with its name as `code` and its own members in `members`.
   */
  call(operation: string, input?: object): Promise<any>;
  /** Drops connections as a network does, without a close frame: those of one room, or all. The official client comes back. */
  dropConnections(roomArn?: string): void;
  /** Delivers the chat logs that are being gathered. */
  flushLogs(): Promise<void>;
  /** Ends every connection, delivers the chat logs and frees the port. */
  close(): Promise<void>;
}
