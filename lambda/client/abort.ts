import type { HttpHandlerOptions } from './types';

type Signal = NonNullable<HttpHandlerOptions['abortSignal']>;

/** What a call that the application aborted ends with. */
export function abortError(signal: Signal): Error {
  const cause = 'reason' in signal ? signal.reason : undefined;
  return Object.assign(new Error('Request aborted', cause && { cause }), { name: 'AbortError' });
}

/** Calls the listener when the application aborts, until the function that it returns is called. */
export function onAbort(signal: Signal, listener: () => void): () => void {
  if (!('addEventListener' in signal)) {
    signal.onabort = listener;
    return () => {};
  }
  signal.addEventListener('abort', listener);
  return () => signal.removeEventListener('abort', listener);
}
