import { isServerError, isThrottlingError, isTransientError, MAXIMUM_RETRY_DELAY, Retry, StandardRetryStrategy } from '@smithy/core/retry';
import type { Clock, HttpResponse, RetryErrorInfo, RetryErrorType, RetryStrategy, RetryToken } from './types';
import type { Operation } from '../../src/contract/operations';

/** What a failed attempt may come with. */
export interface AttemptError extends Error {
  $metadata?: { httpStatusCode?: number };
  $response?: HttpResponse;
  /** False where the service cannot have seen the request. */
  $sent?: boolean;
  code?: string;
}

/** How the strategy is to see a failure. What may be repeated is repeated after any failure of the server and any answer that cannot be read. */
export function errorTypeOf(error: any, { idempotent }: Operation): RetryErrorType {
  if (isThrottlingError(error)) return 'THROTTLING';
  if (isTransientError(error)) return 'TRANSIENT';
  const unreadable = error.$response?.statusCode < 300 && error.name !== 'ResponseTooLargeError';
  if (idempotent && (unreadable || isServerError(error))) return 'TRANSIENT';
  return isServerError(error) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}

const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Whether the service may have done what the failed attempt asked for. A refusal (4xx, throttling) says that it has not. */
export function mayHaveBeenDone(error: AttemptError): boolean {
  const status = error.$response?.statusCode;
  if (status !== undefined && status >= 300) return status >= 500 && !isThrottlingError(error as any);
  return error.$sent !== false && !NEVER_CONNECTED.includes(error.code ?? '');
}

/** When the service wants to be asked again. */
export function retryAfter(response: HttpResponse | undefined, now: number): Date | undefined {
  const { 'retry-after': after, 'x-amz-retry-after': milliseconds } = response?.headers ?? {};
  const time = after === undefined
    ? now + Number(milliseconds)
    : /^\d+(\.\d+)?$/.test(after) ? now + Number(after) * 1000 : Date.parse(after);
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** Decides, and keeps its budget, as StandardRetryStrategy does; how long to wait it says instead of waiting, so that any clock can. */
export class ClockedRetryStrategy implements RetryStrategy {
  readonly #standard: StandardRetryStrategy;

  constructor(maxAttempts: number, private readonly clock: Clock, private readonly random: () => number) {
    this.#standard = new StandardRetryStrategy({ maxAttempts, backoff: { setDelayBase() {}, computeNextBackoffDelay: () => 0 } });
  }

  acquireInitialRetryToken(scope: string) {
    return this.#standard.acquireInitialRetryToken(scope);
  }

  async refreshRetryTokenForRetry(token: any, { errorType, retryAfterHint }: RetryErrorInfo): Promise<RetryToken> {
    const next = await this.#standard.refreshRetryTokenForRetry(token, { errorType });
    const base = errorType === 'THROTTLING' ? Retry.throttlingDelay() : Retry.delay();
    const backoff = Math.floor(this.random() * Math.min(base * 2 ** token.getRetryCount(), MAXIMUM_RETRY_DELAY));
    const wanted = retryAfterHint ? retryAfterHint.getTime() - this.clock.now() : 0;
    const delay = Math.max(backoff, Math.min(wanted, backoff + 5000));
    next.getRetryDelay = () => delay;
    return next;
  }

  recordSuccess(token: any): void {
    this.#standard.recordSuccess(token);
  }
}
