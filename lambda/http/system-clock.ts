import type { Clock } from './types';

/** The clock of the machine. It looks up the global functions at each call, because tests replace them. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer),
};
