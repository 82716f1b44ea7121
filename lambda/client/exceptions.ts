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

/** 403: the credentials do not allow the operation. */
export class AccessDeniedException extends IvschatServiceException {
  declare readonly name: 'AccessDeniedException';
  declare readonly $fault: 'client';
  constructor(options: ExceptionOptions<AccessDeniedException>) {
    super({ ...options, name: 'AccessDeniedException', $fault: 'client' });
  }
}

/** 409: the resource is in a state, or in use, so that it cannot be done. */
export class ConflictException extends IvschatServiceException {
  declare readonly name: 'ConflictException';
  declare readonly $fault: 'client';
  declare resourceId: string | undefined;
  declare resourceType: ResourceType | undefined;
  constructor(options: ExceptionOptions<ConflictException>) {
    super({ ...options, name: 'ConflictException', $fault: 'client' });
  }
}

/** 500: the service failed. */
export class InternalServerException extends IvschatServiceException {
  declare readonly name: 'InternalServerException';
  declare readonly $fault: 'server';
  constructor(options: ExceptionOptions<InternalServerException>) {
    super({ ...options, name: 'InternalServerException', $fault: 'server' });
  }
}

/** 403: AWS has still to verify the account. */
export class PendingVerification extends IvschatServiceException {
  declare readonly name: 'PendingVerification';
  declare readonly $fault: 'client';
  constructor(options: ExceptionOptions<PendingVerification>) {
    super({ ...options, name: 'PendingVerification', $fault: 'client' });
  }
}

/** 404: there is no such resource in this Region and account. */
export class ResourceNotFoundException extends IvschatServiceException {
  declare readonly name: 'ResourceNotFoundException';
  declare readonly $fault: 'client';
  declare resourceId: string | undefined;
  declare resourceType: ResourceType | undefined;
  constructor(options: ExceptionOptions<ResourceNotFoundException>) {
    super({ ...options, name: 'ResourceNotFoundException', $fault: 'client' });
  }
}

/** 402: a quota of the account is used up. */
export class ServiceQuotaExceededException extends IvschatServiceException {
  declare readonly name: 'ServiceQuotaExceededException';
  declare readonly $fault: 'client';
  declare resourceId: string | undefined;
  declare resourceType: ResourceType | undefined;
  declare limit: number | undefined;
  constructor(options: ExceptionOptions<ServiceQuotaExceededException>) {
    super({ ...options, name: 'ServiceQuotaExceededException', $fault: 'client' });
  }
}

/** 429: too many requests a second. */
export class ThrottlingException extends IvschatServiceException {
  declare readonly name: 'ThrottlingException';
  declare readonly $fault: 'client';
  declare resourceId: string | undefined;
  declare resourceType: ResourceType | undefined;
  declare limit: number | undefined;
  constructor(options: ExceptionOptions<ThrottlingException>) {
    super({ ...options, name: 'ThrottlingException', $fault: 'client' });
  }
}

/** 400: the input breaks a rule. Thrown by the client itself, before any request, where it can know (`$metadata.attempts` is 0 then). */
export class ValidationException extends IvschatServiceException {
  declare readonly name: 'ValidationException';
  declare readonly $fault: 'client';
  declare reason: ValidationExceptionReason | undefined;
  declare fieldList?: ValidationExceptionField[] | undefined;
  constructor(options: ExceptionOptions<ValidationException>) {
    super({ ...options, name: 'ValidationException', $fault: 'client' });
  }
}

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
