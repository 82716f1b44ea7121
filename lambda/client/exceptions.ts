import type { ResponseMetadata } from './types';

export { IvschatServiceException, modeledExceptions } from './service-exception';
export * from './generated/exceptions';

/**
 * The request was sent, and its outcome is not known: the response was lost, incomplete, late or a server error. The resource
 * may exist. Look for it before you create it again. `cause` has the reason.
 *
 * Thrown by CreateRoom, CreateLoggingConfiguration and SendEvent, which have no idempotency token.
 */
export class AmbiguousOutcomeError extends Error {
  override readonly name = 'AmbiguousOutcomeError';
  readonly $metadata: ResponseMetadata;

  constructor(/** The operation, `CreateRoom`. */ readonly operation: string, cause: Error & { $metadata?: ResponseMetadata }) {
    super(`${operation} was sent but its outcome is not known (${cause.name}: ${cause.message}); look for the resource before you try again`,
      { cause });
    this.$metadata = cause.$metadata ?? {};
  }
}

/** An attempt or the whole call exceeded its maximum duration. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The response was longer than `maximumResponseBytes`. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
}
