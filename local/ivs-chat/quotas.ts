/**
 * The service quotas, per account and Region. `Infinity` disables a quota.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/service-quotas.html
 */
export interface Quotas {
  /** The maximum number of rooms. @default 50000 */
  readonly rooms: number;
  /** The maximum number of logging configurations. @default 10 */
  readonly loggingConfigurations: number;
  /** The maximum number of connections to all rooms. @default 50000 */
  readonly concurrentConnections: number;
  /** The messaging requests per second of one connection. @default 10 */
  readonly messagingRequestsPerConnection: number;
  /** The messages per second in all rooms. The quota of the service is 1,000. @default Infinity */
  readonly sendMessagePerSecond: number;
  /** The message deletions per second in all rooms. The quota of the service is 100. @default Infinity */
  readonly deleteMessagePerSecond: number;
  /** The user disconnections per second in all rooms. The quota of the service is 100. @default Infinity */
  readonly disconnectUserPerSecond: number;
  /** Whether to enforce the request rates of the control plane operations. @default false */
  readonly requestRates: boolean;
}

/** The default quotas. The account-wide rates are disabled, because they hinder development. */
export const defaultQuotas: Quotas = {
  rooms: 50_000,
  loggingConfigurations: 10,
  concurrentConnections: 50_000,
  messagingRequestsPerConnection: 10,
  sendMessagePerSecond: Infinity,
  deleteMessagePerSecond: Infinity,
  disconnectUserPerSecond: Infinity,
  requestRates: false,
};

/** The quotas of the service, with all rates enabled. */
export const serviceQuotas: Quotas = {
  ...defaultQuotas,
  sendMessagePerSecond: 1000,
  deleteMessagePerSecond: 100,
  disconnectUserPerSecond: 100,
  requestRates: true,
};

/** Returns the request rate of an operation, per second. */
export function requestRate(operation: string): number {
  if (operation === 'CreateChatToken') return 200;
  if (operation === 'SendEvent' || operation === 'DeleteMessage' || operation === 'DisconnectUser') return 100;
  if (operation.endsWith('Resource')) return 10;
  return operation.includes('LoggingConfiguration') ? 3 : 5;
}
