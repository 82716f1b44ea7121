import type { Operation } from '../../src/contract/operation';
import { PackageError } from '../http/errors';
import { mayHaveBeenDone, type AttemptError } from '../http/retry';
import type { ResponseMetadata } from '../http/types';

/**
 * The request was sent, and its outcome is not known: the response was lost, incomplete, late or a server error. The
 * resource may exist. Look for it before you create it again. `cause` has the reason.
 *
 * Thrown by CreateRoom, CreateLoggingConfiguration and SendEvent, which have no idempotency token.
 */
export class AmbiguousOutcomeError extends PackageError {
  static override readonly $ivschat = 'AmbiguousOutcomeError';
  declare readonly name: 'AmbiguousOutcomeError';
  readonly $metadata: ResponseMetadata;

  constructor(
    /** The operation, for example `CreateRoom`. */
    readonly operation: string,
    cause: Error & { $metadata?: ResponseMetadata },
  ) {
    const reason = `${cause.name}: ${cause.message}`;
    super(
      `${operation} was sent but its outcome is not known (${reason}); look for the resource before you try again`,
      { cause },
    );
    this.$metadata = cause.$metadata ?? {};
  }
}

/**
 * Returns the error of a sent attempt of an operation that must not be repeated, or undefined if the service has
 * certainly not carried it out. Only the commands of such operations import it, so that it is not in other bundles.
 */
export function ambiguousOutcome({ name }: Operation, error: AttemptError): AmbiguousOutcomeError | undefined {
  return mayHaveBeenDone(error) ? new AmbiguousOutcomeError(name, error) : undefined;
}
