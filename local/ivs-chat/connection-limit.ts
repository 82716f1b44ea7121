import { readFileSync } from 'node:fs';

/** The number of file descriptors that are reserved for files and other connections of the process. */
const RESERVED = 64;
const WHERE_UNKNOWN = 10_000;

/** Returns the maximum number of connections that leaves file descriptors for the rest of the process. */
export function maximumConnections(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft ? Math.max(1, Number(soft) - RESERVED) : WHERE_UNKNOWN;
  } catch {
    return WHERE_UNKNOWN; // the limit is available on Linux only
  }
}
