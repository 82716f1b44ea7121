import { ServiceError } from '../http/service-error';

/** Creates the error that CloudFormation returns for most invalid requests. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
