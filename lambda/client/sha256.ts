import type { KeyObject } from 'node:crypto';

const { createHmac, createSecretKey, hash } = process.getBuiltinModule('node:crypto');

type Data = string | ArrayBuffer | ArrayBufferView;
type NodeData = string | NodeJS.ArrayBufferView;

/** Keys made of the signing keys, which are kept for a day: making one costs more than using it. */
const keys = new WeakMap<object, KeyObject>();

function keyOf(secret: Data): KeyObject {
  if (typeof secret === 'string') return createSecretKey(secret, 'utf8');
  let key = keys.get(secret);
  if (!key) keys.set(secret, key = createSecretKey(secret as NodeJS.ArrayBufferView));
  return key;
}

/** SHA-256, and HMAC-SHA-256 where there is a secret: of one piece of data, which is all that the signer has. */
export class Sha256 {
  #data: NodeData = '';

  readonly #secret?: Data;

  constructor(secret?: Data) {
    this.#secret = secret;
  }

  update(data: Data): void {
    this.#data = data as NodeData;
  }

  async digest(): Promise<Uint8Array> {
    return this.#secret === undefined
      ? hash('sha256', this.#data, 'buffer')
      : createHmac('sha256', keyOf(this.#secret)).update(this.#data).digest();
  }
}
