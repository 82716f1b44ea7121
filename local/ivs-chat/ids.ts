import { randomFillSync } from 'node:crypto';

/** So many random bytes. */
export type Random = (size: number) => Uint8Array;

const pool = new Uint8Array(4096);
let used = pool.length;

/** From a supply: to ask the operating system for each message's id would be the dearest part of a message. */
export const systemRandom: Random = (size) => {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.slice(used, used += size);
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id of a room, a logging configuration, a message or an event: 12 letters and digits. */
export function newId(random: Random): string {
  let id = '';
  for (const byte of random(12)) id += ALPHABET[byte % ALPHABET.length];
  return id;
}
