import { randomBytes } from 'node:crypto';

/** So many random bytes. */
export type Random = (size: number) => Uint8Array;

export const systemRandom: Random = (size) => randomBytes(size);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id of a room, a logging configuration, a message or an event: 12 letters and digits. */
export function newId(random: Random): string {
  let id = '';
  for (const byte of random(12)) id += ALPHABET[byte % ALPHABET.length];
  return id;
}
