/** The reason why a request failed. `ChatError` has the table. */
export type ChatErrorCode =
  | 'invalid' | 'tooLong' | 'rejected' | 'forbidden'
  | 'rateLimited' | 'serverError' | 'notConnected' | 'unknownOutcome';

const retryableCodes: readonly ChatErrorCode[] = ['rateLimited', 'serverError', 'notConnected'];

/**
 * A request that failed.
 *
 * | code | meaning |
 * |---|---|
 * | `invalid` | The message is blank, or the service does not accept the request |
 * | `tooLong` | The message or its attributes are too long |
 * | `rejected` | The message review handler rejected the message |
 * | `forbidden` | The chat token does not permit the request |
 * | `rateLimited` | The connection, the room or the account exceeds its rate |
 * | `serverError` | The service failed |
 * | `notConnected` | There was no connection for 10 seconds, or the session has ended. The request was not sent |
 * | `unknownOutcome` | The connection was lost, or no answer arrived within 10 seconds. The room can have the message |
 */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  /** Whether the request had no effect, and can succeed at another time. */
  readonly retryable: boolean;

  /** @param reason The reason in words. For errors of the service, it is the text of the service. */
  constructor(readonly code: ChatErrorCode, readonly reason: string) {
    super(`${code}: ${reason}`);
    this.retryable = retryableCodes.includes(code);
  }
}

/**
 * An error for the token function to throw if the user must not enter the room. The session then has the status
 * `refused` and does not try again.
 *
 * @example
 * throw new ChatRefused('Your subscription has ended');
 */
export class ChatRefused extends Error {
  override readonly name = 'ChatRefused';
}
