import type { Hmac, KeyObject } from 'node:crypto';

const { createHmac, createSecretKey, hash } = process.getBuiltinModule('node:crypto');

/** Keys made of the signing keys, which are kept for a day: making one costs more than using it. */
const keys = new WeakMap<Uint8Array, KeyObject>();

/** SHA-256 of text, in hex digits. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** HMAC-SHA-256 of text, in hex digits. */
export function hmacSha256(key: Uint8Array, text: string): string {
  let secret = keys.get(key);
  if (!secret) keys.set(key, secret = createSecretKey(key));
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** HMAC-SHA-256 of one piece of data, as signing keys are derived. */
export class HmacSha256 {
  readonly #hmac: Hmac;

  constructor(key: any) {
    this.#hmac = createHmac('sha256', key);
  }

  update(data: Uint8Array): void {
    this.#hmac.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hmac.digest();
  }
}
