import { TimeoutError } from './exceptions';
import type { Clock, HttpHandlerOptions } from './types';

/** The most that timers take. */
const LONGEST_TIMEOUT_MILLISECONDS = 2 ** 31 - 1;

type Signal = NonNullable<HttpHandlerOptions['abortSignal']>;

/**
 * The time that one attempt has. It ends when the task is done, when the time is over or when the application aborts the call.
 *
 * It is what request handlers get as their options. An AbortSignal costs as much as a hash and is made only for those that ask;
 * our own handler takes `onstop`.
 */
export class Attempt implements HttpHandlerOptions {
  /** Called when the attempt is given up. */
  onstop?: (reason: Error) => void;
  /** Why it was given up. */
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
  return signal ? 'addEventListener' in signal : false; // whoever has none may say so with null, too
}

/** What a call that the application aborted ends with. */
function abortError({ reason }: Signal & { readonly reason?: unknown }): Error {
  return Object.assign(new Error('Request aborted', reason ? { cause: reason } : undefined), { name: 'AbortError' });
}
