import { setMaxListeners } from 'node:events';

/**
 * Returns an AbortController for any number of listeners. A deployment has one for each of its resources, and some
 * versions of Node.js 22 print a MaxListenersExceededWarning for more than 10.
 */
export function abortController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
