/** The types that the client shares with the AWS SDK for JavaScript: same names, same members, so that values go both ways. */

/** A value, or a function that gives it later. */
export type Provider<T> = () => Promise<T>;

/** AWS credentials. `expiration` tells the client when to ask its provider again. */
export interface AwsCredentialIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Gives credentials; the providers of `@aws-sdk/credential-providers` are such functions. */
export type AwsCredentialIdentityProvider = (properties?: Record<string, any>) => Promise<AwsCredentialIdentity>;

/** What is known of the HTTP exchange behind an output or an error. */
export interface ResponseMetadata {
  /** The status of the last answer; absent where none came. */
  httpStatusCode?: number;
  /** The service's id of the request, for AWS Support. */
  requestId?: string;
  extendedRequestId?: string;
  cfId?: string;
  /** How many requests were sent. */
  attempts?: number;
  /** Milliseconds spent waiting between them. */
  totalRetryDelay?: number;
}

export interface MetadataBearer {
  $metadata: ResponseMetadata;
}

/** Where log entries go; `console` is one. */
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
  /** Text, bytes, a Blob, a web stream or anything that can be iterated for chunks of bytes. */
  body?: any;
}

/** The form of `AbortSignal` that the AWS SDK takes besides the real one. */
export interface LegacyAbortSignal {
  readonly aborted: boolean;
  onabort: any;
}

/** What may be said of one call. */
export interface HttpHandlerOptions {
  /** Ends the call with an `AbortError`. */
  abortSignal?: AbortSignal | LegacyAbortSignal;
  /** How long one attempt may take, in milliseconds. */
  requestTimeout?: number;
}

/** Carries requests. The handlers of `@smithy/node-http-handler` and `@smithy/fetch-http-handler` are such handlers. */
export interface HttpHandler {
  handle(request: any, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }>;
  destroy?(): void;
}

export type RetryErrorType = 'TRANSIENT' | 'THROTTLING' | 'SERVER_ERROR' | 'CLIENT_ERROR';

export interface RetryErrorInfo {
  error?: any;
  errorType: RetryErrorType;
  /** When the service wants to be asked again. */
  retryAfterHint?: Date;
}

export interface RetryToken {
  getRetryCount(): number;
  /** In milliseconds. */
  getRetryDelay(): number;
  /** What the strategy has waited itself already. */
  $retryLog?: { acquisitionDelay?: number };
}

/** Decides about another attempt. The strategies of `@smithy/core/retry` (`@smithy/util-retry`) are such strategies. */
export interface RetryStrategy {
  acquireInitialRetryToken(scope: string): Promise<RetryToken>;
  /** Rejects when there is to be no further attempt. */
  refreshRetryTokenForRetry(token: any, failure: RetryErrorInfo): Promise<RetryToken>;
  recordSuccess(token: any): void;
}

/** Time as the client sees it, in milliseconds. */
export interface Clock {
  /** Since 1970. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: any): void;
}
