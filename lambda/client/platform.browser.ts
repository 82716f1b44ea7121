/** The platform functions for browsers and React Native. */
import { Sha256Js } from '@smithy/core/checksum';
import { toHex } from '@smithy/core/serde';

export { requestHandler, type RequestHandlerOptions } from './fetch-request-handler';
export { Sha256Js as HmacSha256 } from '@smithy/core/checksum';

const digest = async (hash: Sha256Js, text: string): Promise<string> => {
  hash.update(text);
  return toHex(await hash.digest());
};
export const sha256 = (text: string): Promise<string> => digest(new Sha256Js(), text);
export const hmacSha256 = (key: Uint8Array, text: string): Promise<string> => digest(new Sha256Js(key), text);

/** The message of `fetch` without a connection, in each browser. */
export const fetchFailed =
  /^(Failed to fetch|NetworkError when attempting to fetch resource|The Internet connection appears to be offline|Load failed|Network request failed)$/;

/** Web streams cannot be iterated in every browser. */
export async function* chunksOf(body: any): AsyncIterable<Uint8Array | string> {
  if (body[Symbol.asyncIterator] || Array.isArray(body)) return yield* body;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

export const environment = (): Record<string, string | undefined> => ({});
