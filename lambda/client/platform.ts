/** What differs between Node and the rest of the world; platform.browser.ts is its other form. */
export { requestHandler, type RequestHandlerOptions } from './node-request-handler';
export { HmacSha256, hmacSha256, sha256 } from './sha256';

/** What fetch says when there is no connection: nothing here, where that error has a cause which tells. */
export const fetchFailed: RegExp | undefined = undefined;

/** The chunks of a body that a request handler gives. */
export const chunksOf = (body: AsyncIterable<Uint8Array | string>): AsyncIterable<Uint8Array | string> => body;

/** Read at the time of use, as Lambda and tests may change it. */
export const environment = (): Record<string, string | undefined> => process.env;
