import type { ResourceType, ValidationExceptionReason } from './enums';
import type { ValidationExceptionField } from './models';
import type { ResponseMetadata } from './types';

/** What an exception is made of. */
export interface ServiceExceptionOptions {
  name: string;
  $fault: 'client' | 'server';
  message?: string;
  $metadata: ResponseMetadata;
}
type ExceptionOptions<Exception> = { message: string; $metadata: ResponseMetadata } & Omit<Exception, keyof IvschatServiceException>;

/** An error that the service answered with. Those that its model does not have are of this class too, under the name it gave. */
export class IvschatServiceException extends Error {
  /** Whose fault it is. */
  readonly $fault: 'client' | 'server';
  readonly $metadata: ResponseMetadata;
  /** Set where another attempt may succeed. */
  readonly $retryable?: { readonly throttling?: boolean };

  constructor({ name, message, ...members }: ServiceExceptionOptions) {
    super(message);
    this.name = name;
    this.$fault = members.$fault;
    this.$metadata = members.$metadata;
    for (const [member, value] of Object.entries(members)) {
      // An answer may name its members `stack` or `__proto__`; they are not to replace what an error has.
      if (!(member in this)) Object.assign(this, { [member]: value });
    }
  }
}

/** Those classes by their names. */
export const modelledExceptions: Record<string, new (options: any) => IvschatServiceException> = Object.create(null);

/** The class of an error that the service's model has, under its own name whatever a bundler calls the others. */
function modelled<Exception extends IvschatServiceException>(name: string, $fault: 'client' | 'server' = 'client') {
  return modelledExceptions[name] = {
    [name]: class extends IvschatServiceException {
      constructor(options: Omit<ServiceExceptionOptions, 'name' | '$fault'>) {
        super({ ...options, name, $fault });
      }
    },
  }[name] as unknown as new (options: ExceptionOptions<Exception>) => Exception;
}
/** 403: the credentials do not allow the operation. */
export interface AccessDeniedException extends IvschatServiceException {
  readonly name: 'AccessDeniedException';
  readonly $fault: 'client';
}
export const AccessDeniedException = modelled<AccessDeniedException>('AccessDeniedException');

/** 409: the resource is in a state, or in use, so that it cannot be done. */
export interface ConflictException extends IvschatServiceException {
  readonly name: 'ConflictException';
  readonly $fault: 'client';
  resourceId: string | undefined;
  resourceType: ResourceType | undefined;
}
export const ConflictException = modelled<ConflictException>('ConflictException');

/** 500: the service failed. */
export interface InternalServerException extends IvschatServiceException {
  readonly name: 'InternalServerException';
  readonly $fault: 'server';
}
export const InternalServerException = modelled<InternalServerException>('InternalServerException', 'server');

/** 403: AWS has still to verify the account. */
export interface PendingVerification extends IvschatServiceException {
  readonly name: 'PendingVerification';
  readonly $fault: 'client';
}
export const PendingVerification = modelled<PendingVerification>('PendingVerification');

/** 404: there is no such resource in this Region and account. */
export interface ResourceNotFoundException extends IvschatServiceException {
  readonly name: 'ResourceNotFoundException';
  readonly $fault: 'client';
  resourceId: string | undefined;
  resourceType: ResourceType | undefined;
}
export const ResourceNotFoundException = modelled<ResourceNotFoundException>('ResourceNotFoundException');

/** 402: a quota of the account is used up. */
export interface ServiceQuotaExceededException extends IvschatServiceException {
  readonly name: 'ServiceQuotaExceededException';
  readonly $fault: 'client';
  resourceId: string | undefined;
  resourceType: ResourceType | undefined;
  limit: number | undefined;
}
export const ServiceQuotaExceededException = modelled<ServiceQuotaExceededException>('ServiceQuotaExceededException');

/** 429: too many requests a second. */
export interface ThrottlingException extends IvschatServiceException {
  readonly name: 'ThrottlingException';
  readonly $fault: 'client';
  resourceId: string | undefined;
  resourceType: ResourceType | undefined;
  limit: number | undefined;
}
export const ThrottlingException = modelled<ThrottlingException>('ThrottlingException');

/** 400: the input breaks a rule. Thrown by the client itself, before any request, where it can know (`$metadata.attempts` is 0 then). */
export interface ValidationException extends IvschatServiceException {
  readonly name: 'ValidationException';
  readonly $fault: 'client';
  reason: ValidationExceptionReason | undefined;
  fieldList?: ValidationExceptionField[] | undefined;
}
export const ValidationException = modelled<ValidationException>('ValidationException');

/**
 * An operation that must not be repeated blindly was sent, and how it ended is not known: the answer was lost, cut off, late or a
 * server error. The thing may exist. Look for it before you create it again; `cause` says what happened.
 *
 * Thrown by CreateRoom, CreateLoggingConfiguration and SendEvent, which have no client token.
 */
export class AmbiguousOutcomeError extends Error {
  override readonly name = 'AmbiguousOutcomeError';
  readonly $metadata: ResponseMetadata;

  constructor(/** The operation, `CreateRoom`. */ readonly operation: string, cause: Error & { $metadata?: ResponseMetadata }) {
    super(`${operation} was sent but its outcome is not known (${cause.name}: ${cause.message}); look for what it may have made before trying again`,
      { cause });
    this.$metadata = cause.$metadata ?? {};
  }
}

/** An attempt, or the whole call, took longer than it may. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** An answer was longer than `maximumResponseBytes`. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
}
