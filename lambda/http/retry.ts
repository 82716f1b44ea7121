import { fetchFailed } from './platform';
import type { Clock, HttpResponse, RetryErrorType, RetryStrategy, RetryToken } from './types';

/** The members that the error of a failed attempt can have. */
export interface AttemptError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
  readonly $response?: HttpResponse;
  readonly $retryable?: { readonly throttling?: boolean };
  /** False if the service cannot have received the request. */
  readonly $sent?: boolean;
  readonly code?: string;
}

const NAMES_OF_THROTTLING = new RegExp('^('
  + '(Bandwidth|Request)LimitExceeded|(EC2)?ThrottledException|(Limit|ProvisionedThroughput)ExceededException|'
  + 'PriorRequestNotComplete|(RequestThrottled|Throttling)(Exception)?|SlowDown|'
  + '(TooManyRequests|TransactionInProgress)Exception)$');
const NEVER_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const DISCONNECTED = /^(ECONNRESET|EPIPE|ETIMEDOUT)$/;

// The next two functions classify errors like the AWS SDKs, except that every server error is transient.

/** Returns whether the service refused the request because of too many requests. */
export function isThrottlingError(error: AttemptError): boolean {
  return error.$metadata?.httpStatusCode === 429
    || NAMES_OF_THROTTLING.test(error.name)
    || error.$retryable?.throttling === true;
}

/** Returns whether another attempt can succeed. */
export function isTransientError(error: AttemptError, depth = 0): boolean {
  const { name, message, code = '', $metadata, cause } = error;
  if (name === 'AbortError') return false;
  return error.$retryable !== undefined
    || $metadata?.clockSkewCorrected === true
    || (name === 'InvalidSignatureException' && message?.includes('Signature expired'))
    || /^(TimeoutError|RequestTimeout(Exception)?)$/.test(name)
    || NEVER_CONNECTED.test(code)
    || DISCONNECTED.test(code)
    || $metadata?.httpStatusCode! >= 500
    || /NGHTTP2_REFUSED_STREAM/.test(message) // A request handler for HTTP/2 throws it.
    || fetchFailed?.test(message)
    || (typeof cause === 'object' && cause !== null && depth <= 10
      && isTransientError(cause as AttemptError, depth + 1));
}

/**
 * Returns the error type for the retry strategy. An idempotent operation is also repeated after a response that
 * cannot be read.
 */
export function errorTypeOf(error: AttemptError, idempotent: boolean): RetryErrorType {
  if (isThrottlingError(error)) return 'THROTTLING';
  const isUnreadable = error.$response?.statusCode! < 300 && error.name !== 'ResponseTooLargeError';
  return isTransientError(error) || (idempotent && isUnreadable) ? 'TRANSIENT' : 'CLIENT_ERROR';
}

/** Returns whether the service may have carried out the failed attempt. A 4xx response means that it has not. */
export function mayHaveBeenDone(error: AttemptError): boolean {
  const status = error.$response?.statusCode!;
  if (status >= 300) return status >= 500 && !isThrottlingError(error);
  return error.$sent !== false && !NEVER_CONNECTED.test(error.code ?? '');
}

/** Returns the time before which the service does not accept another attempt. */
export function retryAfter(response: HttpResponse | undefined, now: number): Date | undefined {
  const { 'retry-after': after, 'x-amz-retry-after': milliseconds } = response?.headers ?? {};
  let time = now + Number(milliseconds);
  if (after !== undefined) time = /^\d+(\.\d+)?$/.test(after) ? now + Number(after) * 1000 : Date.parse(after);
  return Number.isNaN(time) ? undefined : new Date(time);
}

const CAPACITY = 500;
const LONGEST_BACK_OFF_MILLISECONDS = 20_000;

interface StandardToken extends RetryToken {
  readonly cost: number;
}

const token = (count: number, delay: number, cost: number): StandardToken =>
  ({ getRetryCount: () => count, getRetryDelay: () => delay, cost });

/**
 * Creates the standard retry strategy of the AWS SDKs: exponential backoff with full jitter, and a budget that failures
 * use and successes refill. It returns the delay instead of waiting, so that any clock can be used.
 */
export function standardRetryStrategy(maxAttempts: number, clock: Clock, random: () => number): RetryStrategy {
  let capacity = CAPACITY;
  return {
    acquireInitialRetryToken: async () => token(0, 0, 1),

    async refreshRetryTokenForRetry(last: StandardToken, { errorType, retryAfterHint }) {
      const isThrottled = errorType === 'THROTTLING';
      const isRetryable = isThrottled || errorType === 'TRANSIENT';
      const cost = isThrottled ? 5 : 14;
      const count = last.getRetryCount();
      if (!isRetryable || count + 1 >= maxAttempts || capacity < cost) throw new Error('no further attempt');
      capacity -= cost;

      const longest = Math.min((isThrottled ? 1000 : 50) * 2 ** count, LONGEST_BACK_OFF_MILLISECONDS);
      const backOff = Math.floor(random() * longest);
      const wanted = retryAfterHint ? retryAfterHint.getTime() - clock.now() : 0;
      return token(count + 1, Math.max(backOff, Math.min(wanted, backOff + 5000)), cost);
    },

    recordSuccess({ cost }: StandardToken) {
      capacity = Math.min(CAPACITY, capacity + cost);
    },
  };
}
