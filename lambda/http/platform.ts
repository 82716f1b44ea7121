/** The platform functions for Node. The file platform.browser.ts has those for browsers and React Native. */
export { requestHandler, type RequestHandlerOptions } from './node-request-handler';
export { derivedKey, hmacSha256, sha256, type HmacKey } from './sha256';

/** Not needed on Node, where the error of `fetch` without a connection has a cause with a code. */
export const fetchFailed: RegExp | undefined = undefined;

/** Returns the chunks of a response body. */
export const chunksOf = (body: AsyncIterable<Uint8Array | string>): AsyncIterable<Uint8Array | string> => body;

/** Returns the environment variables. They are read at each use, because Lambda and tests can change them. */
export const environment = (): Record<string, string | undefined> => process.env;
