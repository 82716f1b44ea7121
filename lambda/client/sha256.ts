import type { KeyObject } from 'node:crypto';

const { createHash, createHmac, createSecretKey } = process.getBuiltinModule('node:crypto');

type Data = string | ArrayBuffer | ArrayBufferView;
const bytes = (data: Data): string | NodeJS.ArrayBufferView => (data instanceof ArrayBuffer ? new Uint8Array(data) : data as string);

/** The keys that were made of signing keys, which the signer keeps for a day: making one costs more than using it. */
const keys = new WeakMap<object, KeyObject>();

function keyOf(secret: Data): KeyObject {
  if (typeof secret === 'string') return createSecretKey(secret, 'utf8');
  let key = keys.get(secret);
  if (!key) keys.set(secret, key = createSecretKey(bytes(secret) as Uint8Array));
  return key;
}

/** SHA-256, and with a secret HMAC-SHA-256, in the form that the signer takes. */
export class Sha256 {
  private readonly hash;

  constructor(secret?: Data) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(secret));
  }

  update(data: Data): void {
    this.hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    throw new Error('a hash is used once');
  }
}
