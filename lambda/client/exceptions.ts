import type { ResourceType, ValidationExceptionReason } from './enums';
import type { ValidationExceptionField } from './models';
import type { ResponseMetadata } from './types';

/** The options of an exception. */
export interface ServiceExceptionOptions {
  name: string;
  $fault: 'client' | 'server';
  message?: string;
  $metadata: ResponseMetadata;
}
type ExceptionOptions<Exception> = { message: string; $metadata: ResponseMetadata } & Omit<Exception, keyof IvschatServiceException>;

/**
 * An error response of the service. An error that the service model does not define has this class and the name from
 * the response.
 */
export class IvschatServiceException extends Error {
  /** Whether the client or the server caused the error. */
  readonly $fault: 'client' | 'server';
  readonly $metadata: ResponseMetadata;
  /** Set if another attempt can succeed. */
  readonly $retryable?: { readonly throttling?: boolean };

  constructor({ name, message, ...members }: ServiceExceptionOptions) {
    super(message);
    this.name = name;
    this.$fault = members.$fault;
    this.$metadata = members.$metadata;
    for (const [member, value] of Object.entries(members)) {
      // Members of a response named `stack` or `__proto__` must not replace those of the error.
      if (!(member in this)) Object.assign(this, { [member]: value });
    }
  }
}

/** The exception classes of the service model by name. */
export const modeledExceptions: Record<string, new (options: any) => IvschatServiceException> = Object.create(null);

/** Creates the class of an error of the service model. Its name survives minification. */
function modeled<Exception extends IvschatServiceException>(name: string, $fault: 'client' | 'server' = 'client') {
  return modeledExceptions[name] = {
    [name]: class extends IvschatServiceException {
      constructor(options: Omit<ServiceExceptionOptions, 'name' | '$fault'>) {
        super({ ...options, name, $fault });
      }
    },
  }[name] as unknown as new (options: ExceptionOptions<Exception>) => Exception;
}
/** 403: The credentials do not allow the operation. */
export interface AccessDeniedException extends IvschatServiceException {
  readonly name: 'AccessDeniedException';
  readonly $fault: 'client';
}
export const AccessDeniedException = modeled<AccessDeniedException>('AccessDeniedException');

/** 409: The operation conflicts with the state or the use of the resource. */
export interface ConflictException extends IvschatServiceException {
  readonly name: 'ConflictException';
  readonly $fault: 'client';
  resourceId: string | undefined;
  resourceType: ResourceType | undefined;
}
export const ConflictException = modeled<ConflictException>('ConflictException');

/** 500: The service failed. */
export interface InternalServerException extends IvschatServiceException {
  readonly name: 'InternalServerException';
  readonly $fault: 'server';
}
export const InternalServerException = modeled<InternalServerException>('InternalServerException', 'server');

/** 403: The account is still being verified by AWS. */
export interface PendingVerification extends IvschatServiceException {
  readonly name: 'PendingVerification';
  readonly $fault: 'client';
}
export const PendingVerification = modeled<PendingVerification>('PendingVerification');

/** 404: The resource does not exist in this account and Region. */
export interface ResourceNotFoundException extends IvschatServiceException {
  readonly name: 'ResourceNotFoundException';
  readonly $fault: 'client';
  resourceId: string | undefined;
  resourceType: ResourceType | undefined;
}
export const ResourceNotFoundException = modeled<ResourceNotFoundException>('ResourceNotFoundException');

/** 402: A quota of the account is exceeded. */
export interface ServiceQuotaExceededException extends IvschatServiceException {
  readonly name: 'ServiceQuotaExceededException';
  readonly $fault: 'client';
  resourceId: string | undefined;
  resourceType: ResourceType | undefined;
  limit: number | undefined;
}
export const ServiceQuotaExceededException = modeled<ServiceQuotaExceededException>('ServiceQuotaExceededException');

/** 429: Too many requests per second. */
export interface ThrottlingException extends IvschatServiceException {
  readonly name: 'ThrottlingException';
  readonly $fault: 'client';
  resourceId: string | undefined;
  resourceType: ResourceType | undefined;
  limit: number | undefined;
}
export const ThrottlingException = modeled<ThrottlingException>('ThrottlingException');

/**
 * 400: The input is not valid. The client throws it without a request where it can (`$metadata.attempts` is 0 then).
 */
export interface ValidationException extends IvschatServiceException {
  readonly name: 'ValidationException';
  readonly $fault: 'client';
  reason: ValidationExceptionReason | undefined;
  fieldList?: ValidationExceptionField[] | undefined;
}
export const ValidationException = modeled<ValidationException>('ValidationException');

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
