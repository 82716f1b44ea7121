/** An error of an AWS service, independent of the wire format. */
export class ServiceError extends Error {
  constructor(readonly code: string, message: string, readonly statusCode = 400) {
    super(message);
    this.name = code;
  }
}

/** Creates the error that CloudFormation returns for most invalid requests. */
export const validationError = (message: string) => new ServiceError('ValidationError', message);
