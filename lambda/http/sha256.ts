import type { KeyObject } from 'node:crypto';

const { createHmac, createSecretKey, hash } = process.getBuiltinModule('node:crypto');

/** A key for HMAC-SHA-256. A key object can be used many times without another conversion. */
export type HmacKey = KeyObject;

/** Returns the SHA-256 of a text in hexadecimal digits. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

const hmac = (key: HmacKey | string, text: string) => createHmac('sha256', key).update(text);

/** Returns the HMAC-SHA-256 of a text in hexadecimal digits. */
export const hmacSha256 = (key: HmacKey, text: string): string => hmac(key, text).digest('hex');

/** Returns the HMAC-SHA-256 of a text as the next key. */
export const derivedKey = (key: HmacKey | string, text: string): HmacKey => createSecretKey(hmac(key, text).digest());
