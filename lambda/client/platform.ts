/** What differs between Node and the rest of the world; platform.browser.ts is its other form. */
export { RequestHandler, type RequestHandlerOptions } from './node-request-handler';
export { HmacSha256, hmacSha256, sha256 } from './sha256';

/** Read at the time of use, as Lambda and tests may change it. */
export const environment = (): Record<string, string | undefined> => process.env;
