import { randomFillSync } from 'node:crypto';

/** Returns random bytes. */
export type Random = (size: number) => Uint8Array;

const pool = new Uint8Array(4096);
let used = pool.length;

/** Returns random bytes from a pool. A system call for each ID would be the most expensive part of a message. */
export const systemRandom: Random = (size) => {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.slice(used, used += size);
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Creates an ID of a room, logging configuration, message or event, with 12 letters and digits. */
export function newId(random: Random): string {
  let id = '';
  for (const byte of random(12)) id += ALPHABET[byte % ALPHABET.length];
  return id;
}
