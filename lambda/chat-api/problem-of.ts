import type { ChatApiEffects } from './chat-api-effects';
import { ProblemError } from './problem-error';
import { isThrottlingError, isTransientError, type AttemptError } from '../http/retry';

/** Members of a service input that have another name in the API. */
const API_NAMES: { readonly [member: string]: string } = { id: 'messageId', roomIdentifier: 'room' };

interface ServiceError extends AttemptError {
  readonly fieldList?: readonly { readonly name: string; readonly message: string }[];
}

/**
 * Returns the problem that a response reports for an error. Errors of services are logged by their names and places,
 * because their messages can contain content.
 */
export function problemOf(error: unknown, context: object, { log }: Pick<ChatApiEffects, 'log'>): ProblemError {
  if (error instanceof ProblemError) return error;
  const { name, message, stack, fieldList, $metadata } = error as ServiceError;

  if (name === 'ValidationException' && fieldList) {
    const errors = fieldList.map((field) => ({ field: API_NAMES[field.name] ?? field.name, message: field.message }));
    return new ProblemError('invalid-input', { errors });
  }
  if (name === 'ReportNotFoundError') return new ProblemError('not-found');
  if (name === 'ReportStatusError') return new ProblemError('conflict', { detail: message });
  // The user has the right to enter the room, because a room that the API does not have is refused before.
  if (name === 'ResourceNotFoundException' && $metadata?.httpStatusCode === 404) {
    return new ProblemError('room-deleted');
  }

  const frames = String(stack).split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 5);
  log({ level: 'ERROR', ...context, error: name, httpStatusCode: $metadata?.httpStatusCode, frames });
  const isTemporary = isThrottlingError(error as AttemptError) || isTransientError(error as AttemptError);
  return isTemporary
    ? new ProblemError('unavailable', { retryAfterInSeconds: 1 })
    : new ProblemError('internal-error');
}
