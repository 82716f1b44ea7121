import { ValidationException } from './exceptions';
import type { Problem } from '../../src/contract/check';

/** Returns the exception for an input that was refused before a request was sent. */
export function invalidInput(operation: string, problems: readonly Problem[]): ValidationException {
  const fieldList = problems.map(({ path: name, message }) => ({ name, message }));
  return new ValidationException({
    message: `${operation}: ${fieldList.map(({ name, message }) => `${name} ${message}`).join('; ')}`,
    reason: 'FIELD_VALIDATION_FAILED',
    fieldList,
    $metadata: { attempts: 0, totalRetryDelay: 0 },
  });
}
