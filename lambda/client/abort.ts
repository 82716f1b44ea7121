import type { HttpHandlerOptions } from './types';

type Signal = HttpHandlerOptions['abortSignal'];

/** What a call that the application aborted ends with. */
export function abortError(signal: Signal): Error {
  const cause = signal && 'reason' in signal ? signal.reason : undefined;
  return Object.assign(new Error('Request aborted', cause && { cause }), { name: 'AbortError' });
}

/** Calls the listener when the application aborts, until the function that it returns is called. */
export function onAbort(signal: Signal, listener: () => void): () => void {
  if (!signal) return () => {};
  if (!('addEventListener' in signal)) {
    (signal as { onabort: unknown }).onabort = listener;
    return () => {};
  }
  signal.addEventListener('abort', listener);
  return () => signal.removeEventListener('abort', listener);
}
