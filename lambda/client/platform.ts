/** The platform functions for Node. platform.browser.ts has those for browsers and React Native. */
export { requestHandler, type RequestHandlerOptions } from './node-request-handler';
export { HmacSha256, hmacSha256, sha256 } from './sha256';

/** Not needed on Node, where the error of `fetch` without a connection has a cause with a code. */
export const fetchFailed: RegExp | undefined = undefined;

/** Returns the chunks of a response body. */
export const chunksOf = (body: AsyncIterable<Uint8Array | string>): AsyncIterable<Uint8Array | string> => body;

/** Reads a variable at the time of use, because Lambda and tests can change it. */
export const environment = (): Record<string, string | undefined> => process.env;
