/**
 * The types that the client shares with the AWS SDK for JavaScript. They have the same names and members, so values
 * are interchangeable.
 */

/** A function that returns a promise of a value. */
export type Provider<T> = () => Promise<T>;

/** AWS credentials. The client asks its provider again shortly before `expiration`. */
export interface AwsCredentialIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** A provider of credentials, such as the ones of `@aws-sdk/credential-providers`. */
export type AwsCredentialIdentityProvider = (properties?: Record<string, any>) => Promise<AwsCredentialIdentity>;

/** Information about the HTTP requests of an output or an error. */
export interface ResponseMetadata {
  /** The status code of the last response. Not set without a response. */
  httpStatusCode?: number;
  /** The request id of the service, for AWS Support. */
  requestId?: string;
  extendedRequestId?: string;
  cfId?: string;
  /** The number of requests that were sent. */
  attempts?: number;
  /** The total delay between the requests, in milliseconds. */
  totalRetryDelay?: number;
}

export interface MetadataBearer {
  $metadata: ResponseMetadata;
}

/** A logger, such as `console`. */
export interface Logger {
  trace?: (...content: any[]) => void;
  debug: (...content: any[]) => void;
  info: (...content: any[]) => void;
  warn: (...content: any[]) => void;
  error: (...content: any[]) => void;
}

export interface HttpRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | Array<string> | null>;
  headers: Record<string, string>;
  body?: any;
}

export interface HttpResponse {
  statusCode: number;
  reason?: string;
  headers: Record<string, string>;
  /** A text, bytes, a Blob, a web stream or an iterable of chunks. */
  body?: any;
}

/** The form of `AbortSignal` that the AWS SDK accepts in addition to the standard one. */
export interface LegacyAbortSignal {
  readonly aborted: boolean;
  onabort: any;
}

/** The options of one call. */
export interface HttpHandlerOptions {
  /** Ends the call with an `AbortError`. */
  abortSignal?: AbortSignal | LegacyAbortSignal;
  /** The maximum duration of one attempt, in milliseconds. */
  requestTimeout?: number;
}

/** A handler that sends requests, such as the ones of `@smithy/node-http-handler` and `@smithy/fetch-http-handler`. */
export interface HttpHandler {
  handle(request: any, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }>;
  destroy?(): void;
}

export type RetryErrorType = 'TRANSIENT' | 'THROTTLING' | 'SERVER_ERROR' | 'CLIENT_ERROR';

export interface RetryErrorInfo {
  error?: any;
  errorType: RetryErrorType;
  /** The time before which the service does not accept another attempt. */
  retryAfterHint?: Date;
}

export interface RetryToken {
  getRetryCount(): number;
  /** The delay in milliseconds. */
  getRetryDelay(): number;
  /** The time that the strategy has waited itself, in milliseconds. */
  $retryLog?: { acquisitionDelay?: number };
}

/** A retry strategy, such as the ones of `@smithy/core/retry` (`@smithy/util-retry`). */
export interface RetryStrategy {
  acquireInitialRetryToken(scope: string): Promise<RetryToken>;
  /** Rejects if no further attempt is allowed. */
  refreshRetryTokenForRetry(token: any, failure: RetryErrorInfo): Promise<RetryToken>;
  recordSuccess(token: any): void;
}

/** The clock of a client. Times are in milliseconds. */
export interface Clock {
  /** Returns the time since 1970. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: any): void;
}
