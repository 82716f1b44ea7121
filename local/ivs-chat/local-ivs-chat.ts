import type { DeployState } from '../aws/deploy-state';
import type { Identities } from '../aws/http/identities';
import type { Clock } from '../clock';
import type { Faults } from './faults';
import type { Random } from './ids';
import type { LogDestinations } from './chat-logs/log-destinations';
import type { InvokeFunction } from './messaging/message-review';
import type { FunctionPolicy } from './control-plane/message-review-permission';
import type { Quotas } from './quotas';
import type { LoggedRequest } from './request-log';

export interface LocalIvsChatOptions {
  /** The port. @default - any free port */
  readonly port?: number;
  /** The address to listen on. Other machines can connect unless it is a loopback address. @default 127.0.0.1 */
  readonly host?: string;
  /** Additional host names of the service. @default - loopback names only */
  readonly allowedHosts?: readonly string[];
  /** Additional origins of pages that can use the service, or `*` for all. @default - pages of loopback hosts only */
  readonly allowedOrigins?: readonly string[];
  /** The default Region. The service serves all Regions of Amazon IVS Chat. @default us-west-2 */
  readonly region?: string;
  /** The account ID. @default 123456789012 */
  readonly accountId?: string;
  /** The accepted callers. @default - an administrator with new keys */
  readonly identities?: Identities;
  /** Whether to verify signatures. If false, every caller is the administrator. @default true */
  readonly verifySignatures?: boolean;
  /** The clock. @default - the system clock */
  readonly clock?: Clock;
  /** The source of random bytes. @default - the system */
  readonly random?: Random;
  /** The quotas. @default - `defaultQuotas`, without the account-wide rates */
  readonly quotas?: Partial<Quotas>;
  /** The delay until Get and List operations return a change, in milliseconds. @default 0 */
  readonly readDelayMilliseconds?: number;
  /** The duration of state transitions of logging configurations, in milliseconds. @default 0 */
  readonly transitionMilliseconds?: number;
  /** The interval between pings, in milliseconds. A connection without a pong is closed. @default 30000 */
  readonly pingMilliseconds?: number;
  /** Invokes message review handlers. @default - the fallback result of the room applies */
  readonly invokeFunction?: InvokeFunction;
  /** Returns the resource policy of a function, or undefined if it does not exist. @default - no permission check */
  readonly functionPolicy?: (functionArn: string) => FunctionPolicy | undefined | Promise<FunctionPolicy | undefined>;
  /** The folder for chat logs. @default - no files */
  readonly logFolder?: string;
  /** An additional destination for chat logs, such as the buckets of a local deployment. @default - none */
  readonly logDestinations?: LogDestinations;
  /** The delay of chat logs, in milliseconds. On AWS it is 5 minutes for S3, and 10 seconds otherwise. @default 1000 */
  readonly logDelayMilliseconds?: number;
  /** The file that keeps rooms and logging configurations across restarts. @default - in memory only */
  readonly stateFile?: string;
  /**
   * Returns the stacks and logs that the console shows, such as `() => deploy.state()` of a local deployment endpoint.
   *
   * @default - the console shows no stacks
   */
  readonly deployState?: () => DeployState;
  /** Receives a record of each request, without secrets. */
  readonly onRequest?: (request: LoggedRequest) => void;
}

export interface LocalIvsChat {
  /** The endpoint for SDKs and the AWS CLI, `http://127.0.0.1:N`. */
  readonly controlPlane: string;
  /**
   * The URL of the web console, with its key. The key stays the same while the credentials of the administrator do.
   */
  readonly console: string;
  /** The value for `regionOrUrl` of the official messaging client, `ws://127.0.0.1:N`. */
  readonly messaging: string;
  readonly region: string;
  readonly accountId: string;
  readonly identities: Identities;
  /** The injected faults. */
  readonly faults: Faults;
  /**
   * Performs an operation, such as `CreateRoom`, in this process as the administrator, without a client or faults.
   *
   * @throws the error of the service, with its name in `code` and its members in `members`.
   */
  call(operation: string, input?: object): Promise<any>;
  /** Drops the connections of one room, or all, without a close frame. The official client connects again. */
  dropConnections(roomArn?: string): void;
  /** Delivers the pending chat logs. */
  flushLogs(): Promise<void>;
  /** Closes every connection, delivers the pending chat logs and frees the port. */
  close(): Promise<void>;
}
