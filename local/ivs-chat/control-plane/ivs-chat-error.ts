import type { Problem } from '../../../src/contract/check';
import { errors, type ErrorName } from '../../../src/contract/generated/errors';

/** An error response of the control plane. */
export class ServiceError extends Error {
  /** Creates an error of the service model. */
  static of(code: ErrorName, message: string, members: { readonly [member: string]: unknown } = {}): ServiceError {
    return new ServiceError(code, message, members, errors[code].status);
  }

  /** Creates an error that is not in the service model, such as an invalid signature, size or media type. */
  static undeclared(status: number, code: string, message: string): ServiceError {
    return new ServiceError(code, message, {}, status);
  }

  static notFound(arn: string): ServiceError {
    return ServiceError.of('ResourceNotFoundException', `Resource: ${arn} not found`, resourceMembers(arn));
  }

  static conflict(arn: string, message: string): ServiceError {
    return ServiceError.of('ConflictException', message, resourceMembers(arn));
  }

  static quotaExceeded(arn: string, message: string, limit: number): ServiceError {
    return ServiceError.of('ServiceQuotaExceededException', message, { ...resourceMembers(arn), limit });
  }

  static throttled(arn: string, message: string, limit: number): ServiceError {
    return ServiceError.of('ThrottlingException', message, { ...resourceMembers(arn), limit });
  }

  /** Creates an error with all problems of the fields of a request. */
  static invalidFields(problems: readonly Problem[]): ServiceError {
    const fieldList = problems.map(({ path, message }) => ({ name: path, message }));
    const message = fieldList
      .map((field) => `Request member: ${field.name} failed to satisfy the constraints: ${field.message}`)
      .join('; ');
    return ServiceError.of('ValidationException', message, { reason: 'FIELD_VALIDATION_FAILED', fieldList });
  }

  static invalidRequest(reason: 'UNKNOWN_OPERATION' | 'OTHER', message: string): ServiceError {
    return ServiceError.of('ValidationException', message, { reason });
  }

  readonly status: number;

  private constructor(
    readonly code: string,
    message: string,
    readonly members: { readonly [member: string]: unknown },
    status: number,
  ) {
    super(message);
    this.status = status;
  }
}

function resourceMembers(arn: string) {
  return {
    resourceId: arn.slice(arn.lastIndexOf('/') + 1),
    resourceType: arn.includes(':logging-configuration/') ? 'LOGGING_CONFIGURATION' : 'ROOM',
  };
}
