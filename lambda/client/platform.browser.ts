/** What differs in browsers and React Native. */
import { Sha256Js } from '@smithy/core/checksum';
import { toHex } from '@smithy/core/serde';

export { FetchRequestHandler as RequestHandler, type RequestHandlerOptions } from './fetch-request-handler';
export { Sha256Js as HmacSha256 } from '@smithy/core/checksum';

const digest = async (hash: Sha256Js, text: string): Promise<string> => {
  hash.update(text);
  return toHex(await hash.digest());
};
export const sha256 = (text: string): Promise<string> => digest(new Sha256Js(), text);
export const hmacSha256 = (key: Uint8Array, text: string): Promise<string> => digest(new Sha256Js(key), text);

export const environment = (): Record<string, string | undefined> => ({});
