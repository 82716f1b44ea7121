import { TimeoutError } from './errors';
import type { Clock, HttpHandlerOptions } from './types';

/** The maximum delay of a timer in JavaScript, in milliseconds. */
const LONGEST_TIMEOUT_MILLISECONDS = 2 ** 31 - 1;

type Signal = HttpHandlerOptions['abortSignal'];

/**
 * One attempt of a call. It ends when its task ends, when its time is over, or when the application aborts the call.
 *
 * Request handlers receive the attempt as their options. An AbortSignal costs as much as a hash, so it is created only
 * when a handler reads it. The handler for Node uses `onstop` instead.
 */
export class Attempt implements HttpHandlerOptions {
  /** Called when the attempt is stopped before its task has ended. */
  onstop?: (reason: Error) => void;
  /** The reason why the attempt was stopped. */
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

  /**
   * Runs a task as an attempt with a maximum duration.
   *
   * @throws TimeoutError if the task takes longer, or an AbortError if the signal is aborted.
   */
  static run<Result>(
    clock: Clock, milliseconds: number, signal: Signal, task: (attempt: Attempt) => Promise<Result>,
  ): Promise<Result> {
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

      const timer = clock.setTimeout(() => {
        stop(new TimeoutError(`no response within ${milliseconds} ms`));
      }, attempt.requestTimeout);
      const abort = () => stop(abortError(signal!));
      if (isStandard(signal)) signal.addEventListener('abort', abort);
      else if (signal) signal.onabort = abort;

      const settle = () => {
        clock.clearTimeout(timer);
        if (isStandard(signal)) signal.removeEventListener('abort', abort);
      };

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

/** Returns whether a signal is an AbortSignal. The AWS SDK also accepts an older form, and null for no signal. */
function isStandard(signal: Signal): signal is AbortSignal {
  return signal ? 'addEventListener' in signal : false;
}

/** Returns the error of a call that the application has aborted. */
function abortError({ reason }: NonNullable<Signal> & { readonly reason?: unknown }): Error {
  return Object.assign(new Error('Request aborted', reason ? { cause: reason } : undefined), { name: 'AbortError' });
}
