/**
 * The service's quotas, each per account and Region. `Infinity` switches one off.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/service-quotas.html
 */
export interface Quotas {
  /** Default: 50,000. */
  readonly rooms: number;
  /** Default: 10. */
  readonly loggingConfigurations: number;
  /** In all rooms together. Default: 50,000. */
  readonly concurrentConnections: number;
  /** Messaging requests per second of one connection. Default: 10. */
  readonly messagingRequestsPerConnection: number;
  /** SEND_MESSAGE per second in all rooms. The service's 1,000 is off by default. */
  readonly sendMessagePerSecond: number;
  /** Of control plane and messaging together. The service's 100 is off by default. */
  readonly deleteMessagePerSecond: number;
  /** Of control plane and messaging together. The service's 100 is off by default. */
  readonly disconnectUserPerSecond: number;
  /** Requests per second by operation, as the service has them (3 for each logging configuration operation, 5 for each room operation, …). Default: false. */
  readonly requestRates: boolean;
}

/** What is on by default; the rates that would only hinder development are off. */
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

/** The service's own figures, for those who want all of them. */
export const serviceQuotas: Quotas = {
  ...defaultQuotas,
  sendMessagePerSecond: 1000,
  deleteMessagePerSecond: 100,
  disconnectUserPerSecond: 100,
  requestRates: true,
};

/** Requests per second that the service takes of an operation. */
export function requestRate(operation: string): number {
  if (operation === 'CreateChatToken') return 200;
  if (operation === 'SendEvent' || operation === 'DeleteMessage' || operation === 'DisconnectUser') return 100;
  if (operation.endsWith('Resource')) return 10;
  return operation.includes('LoggingConfiguration') ? 3 : 5;
}
