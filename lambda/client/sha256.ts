import type { Hmac, KeyObject } from 'node:crypto';

const { createHmac, createSecretKey, hash } = process.getBuiltinModule('node:crypto');

/**
 * Key objects of the signing keys. A signing key is used for a day, and creating its object costs more than using it.
 */
const keys = new WeakMap<Uint8Array, KeyObject>();

/** Returns the SHA-256 of a text in hexadecimal digits. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Returns the HMAC-SHA-256 of a text in hexadecimal digits. */
export function hmacSha256(key: Uint8Array, text: string): string {
  let secret = keys.get(key);
  if (!secret) keys.set(key, secret = createSecretKey(key));
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** Computes the HMAC-SHA-256 of data. `getSigningKey` derives keys with it. */
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
