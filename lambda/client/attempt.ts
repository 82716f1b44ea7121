import { TimeoutError } from './exceptions';
import type { Clock, HttpHandlerOptions } from './types';

/** The maximum delay of a timer in JavaScript, in milliseconds. */
const LONGEST_TIMEOUT_MILLISECONDS = 2 ** 31 - 1;

type Signal = NonNullable<HttpHandlerOptions['abortSignal']>;

/**
 * One attempt of a call. It ends when its task ends, when its time is over, or when the application aborts the call.
 *
 * Request handlers get it as their options. An AbortSignal costs as much as a hash, so it is created only when a handler
 * reads it. The built-in handler uses `onstop`.
 */
export class Attempt implements HttpHandlerOptions {
  /** Called when the attempt is stopped before its task has ended. */
  onstop?: (reason: Error) => void;
  /** The reason why it was stopped. */
  reason?: Error;
  #controller?: AbortController;

  private constructor(readonly requestTimeout: number) {}

  get abortSignal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.reason) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  static run<T>(clock: Clock, milliseconds: number, signal: HttpHandlerOptions['abortSignal'], task: (attempt: Attempt) => Promise<T>): Promise<T> {
    if (signal?.aborted) return Promise.reject(abortError(signal));
    const attempt = new Attempt(Math.min(milliseconds, LONGEST_TIMEOUT_MILLISECONDS));
    return new Promise((resolve, reject) => {
      const stop = (reason: Error) => {
        settle();
        reject(reason);
        attempt.reason = reason;
        attempt.onstop?.(reason);
        attempt.#controller?.abort(reason);
      };
      const abort = () => stop(abortError(signal!));
      const timer = clock.setTimeout(() => stop(new TimeoutError(`no answer within ${milliseconds} ms`)), attempt.requestTimeout);
      const settle = () => {
        clock.clearTimeout(timer);
        if (isStandard(signal)) signal.removeEventListener('abort', abort);
      };
      if (isStandard(signal)) signal.addEventListener('abort', abort);
      else if (signal) signal.onabort = abort;
      task(attempt).then((value) => {
        settle();
        resolve(value);
      }, (error) => {
        settle();
        reject(error);
      });
    });
  }
}

function isStandard(signal: Signal | undefined): signal is AbortSignal {
  return signal ? 'addEventListener' in signal : false; // callers pass null to say that they have none
}

/** The error of a call that the application has aborted. */
function abortError({ reason }: Signal & { readonly reason?: unknown }): Error {
  return Object.assign(new Error('Request aborted', reason ? { cause: reason } : undefined), { name: 'AbortError' });
}
