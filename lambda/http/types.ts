/**
 * The types of the AWS SDK for JavaScript that this package uses. They have the same names and members, so values are
 * interchangeable.
 */

/** A function that returns a promise of a value. */
export type Provider<T> = () => Promise<T>;

/** AWS credentials. The provider is asked again shortly before `expiration`. */
export interface AwsCredentialIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** A provider of credentials, for example one of `@aws-sdk/credential-providers`. */
export type AwsCredentialIdentityProvider = (properties?: Record<string, any>) => Promise<AwsCredentialIdentity>;

/** Information about the HTTP requests of an output or an error. */
export interface ResponseMetadata {
  /** The status code of the last response. Not set without a response. */
  httpStatusCode?: number;
  /** The request ID of the service, for AWS Support. */
  requestId?: string;
  /** The second request ID of some services, for AWS Support. */
  extendedRequestId?: string;
  /** The request ID of Amazon CloudFront, for AWS Support. */
  cfId?: string;
  /** The number of requests that were sent. */
  attempts?: number;
  /** The total delay between the requests, in milliseconds. */
  totalRetryDelay?: number;
}

/** An output or an error with the metadata of its requests. */
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

/** A request for a request handler. */
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

/** The response of a request handler. */
export interface HttpResponse {
  statusCode: number;
  reason?: string;
  headers: Record<string, string>;
  /** Text, bytes, a Blob, a web stream or an iterable of chunks. */
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

/** A handler that sends requests, for example one of `@smithy/node-http-handler` or `@smithy/fetch-http-handler`. */
export interface HttpHandler {
  handle(request: any, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }>;
  destroy?(): void;
}

/** The kinds of failures for a retry strategy. A client error is not repeated. */
export type RetryErrorType = 'TRANSIENT' | 'THROTTLING' | 'SERVER_ERROR' | 'CLIENT_ERROR';

/** A failed attempt, for a retry strategy. */
export interface RetryErrorInfo {
  error?: any;
  errorType: RetryErrorType;
  /** The time before which the service does not accept another attempt. */
  retryAfterHint?: Date;
}

/** The permission of a retry strategy to make an attempt. */
export interface RetryToken {
  /** Returns the number of attempts before this one. */
  getRetryCount(): number;
  /** Returns the delay before the attempt, in milliseconds. */
  getRetryDelay(): number;
  /** The time that the strategy itself has waited, in milliseconds. */
  $retryLog?: { acquisitionDelay?: number };
}

/** A retry strategy, for example one of `@smithy/core/retry` (`@smithy/util-retry`). */
export interface RetryStrategy {
  acquireInitialRetryToken(scope: string): Promise<RetryToken>;
  /** Rejects if no further attempt is allowed. */
  refreshRetryTokenForRetry(token: any, failure: RetryErrorInfo): Promise<RetryToken>;
  recordSuccess(token: any): void;
}

/** A clock. Times are in milliseconds. */
export interface Clock {
  /** Returns the time since 1970. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: any): void;
}
