/** A refusal in the words of an AWS service; each wire format renders it in its own way. */
export class ServiceError extends Error {
  constructor(readonly code: string, message: string, readonly statusCode = 400) {
    super(message);
    this.name = code;
  }
}

/** CloudFormation's answer to nearly everything that is wrong with a request. */
export const validationError = (message: string) => new ServiceError('ValidationError', message);
