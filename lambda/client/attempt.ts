import { abortError, onAbort } from './abort';
import { TimeoutError } from './exceptions';
import type { Clock, HttpHandlerOptions } from './types';

/** The most that timers take. */
const LONGEST_TIMEOUT_MILLISECONDS = 2 ** 31 - 1;

/**
 * The time that one attempt has. It ends when the task is done, when the time is over or when the application aborts the call.
 *
 * It is what request handlers get as their options. An AbortSignal costs as much as a hash and is made only for those that ask;
 * our own handler takes `onstop`.
 */
export class Attempt implements HttpHandlerOptions {
  /** Called when the attempt is given up. */
  onstop?: (reason: Error) => void;
  #controller?: AbortController;
  #reason?: Error;

  private constructor(readonly requestTimeout: number) {}

  get abortSignal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#reason) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  static run<T>(clock: Clock, milliseconds: number, signal: HttpHandlerOptions['abortSignal'], task: (attempt: Attempt) => Promise<T>): Promise<T> {
    if (signal?.aborted) return Promise.reject(abortError(signal));
    const attempt = new Attempt(Math.min(milliseconds, LONGEST_TIMEOUT_MILLISECONDS));
    return new Promise((resolve, reject) => {
      const settle = () => {
        clock.clearTimeout(timer);
        forget?.();
      };
      const stop = (reason: Error) => {
        settle();
        reject(reason);
        attempt.#reason = reason;
        attempt.onstop?.(reason);
        attempt.#controller?.abort(reason);
      };
      const timer = clock.setTimeout(() => stop(new TimeoutError(`no answer within ${milliseconds} ms`)), attempt.requestTimeout);
      const forget = signal && onAbort(signal, () => stop(abortError(signal)));
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
