import { readFileSync } from 'node:fs';

/** Left for files, for the log and for what else the process has open. */
const RESERVED = 64;
const WHERE_UNKNOWN = 10_000;

/** How many sockets may be open before accepting another would take the last descriptor from the rest of the process. */
export function maximumConnections(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft ? Math.max(1, Number(soft) - RESERVED) : WHERE_UNKNOWN;
  } catch {
    return WHERE_UNKNOWN; // only Linux tells
  }
}
