import type { Problem } from '../../../src/contract/check';
import { errors, type ErrorName } from '../../../src/contract/generated/errors';
import { ServiceError } from '../../aws/http/service-error';

/** An error in the service model of Amazon IVS Chat. */
export class IvsChatError extends ServiceError {
  static notFound(arn: string): IvsChatError {
    return new IvsChatError('ResourceNotFoundException', `Resource: ${arn} not found`, resourceMembers(arn));
  }

  static conflict(arn: string, message: string): IvsChatError {
    return new IvsChatError('ConflictException', message, resourceMembers(arn));
  }

  static quotaExceeded(arn: string, message: string, limit: number): IvsChatError {
    return new IvsChatError('ServiceQuotaExceededException', message, { ...resourceMembers(arn), limit });
  }

  static throttled(arn: string, message: string, limit: number): IvsChatError {
    return new IvsChatError('ThrottlingException', message, { ...resourceMembers(arn), limit });
  }

  /** Creates an error with all problems of the fields of a request. */
  static invalidFields(problems: readonly Problem[]): IvsChatError {
    const fieldList = problems.map(({ path, message }) => ({ name: path, message }));
    const message = fieldList
      .map((field) => `Request member: ${field.name} failed to satisfy the constraints: ${field.message}`)
      .join('; ');
    return new IvsChatError('ValidationException', message, { reason: 'FIELD_VALIDATION_FAILED', fieldList });
  }

  static invalidRequest(reason: 'UNKNOWN_OPERATION' | 'OTHER', message: string): IvsChatError {
    return new IvsChatError('ValidationException', message, { reason });
  }

  constructor(code: ErrorName, message: string, members: { readonly [member: string]: unknown } = {}) {
    super(code, message, errors[code].status, members);
  }
}

function resourceMembers(arn: string) {
  return {
    resourceId: arn.slice(arn.lastIndexOf('/') + 1),
    resourceType: arn.includes(':logging-configuration/') ? 'LOGGING_CONFIGURATION' : 'ROOM',
  };
}
