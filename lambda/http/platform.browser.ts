/** The platform functions for browsers and React Native. */
import { Sha256Js } from '@smithy/core/checksum';
import { toHex } from '@smithy/core/serde';

export { requestHandler, type RequestHandlerOptions } from './fetch-request-handler';

const digest = (text: string, key?: Uint8Array | string): Promise<Uint8Array> => {
  const hash = new Sha256Js(key);
  hash.update(text);
  return hash.digest();
};

export const sha256 = async (text: string): Promise<string> => toHex(await digest(text));
export const hmacSha256 = async (key: Uint8Array, text: string): Promise<string> => toHex(await digest(text, key));
export const derivedKey = (key: Uint8Array | string, text: string): Promise<Uint8Array> => digest(text, key);

/** The messages of `fetch` in the browsers and in React Native for a request without a connection. */
export const fetchFailed = new RegExp('^('
  + 'Failed to fetch|NetworkError when attempting to fetch resource|The Internet connection appears to be offline|'
  + 'Load failed|Network request failed)$');

/** Returns the chunks of a response body. Some browsers cannot iterate over a web stream. */
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

/** Returns no variables, because a browser has no environment. */
export const environment = (): Record<string, string | undefined> => ({});
