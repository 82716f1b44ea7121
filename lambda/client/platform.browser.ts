/** What differs in browsers and React Native. */
export { FetchRequestHandler as RequestHandler, type RequestHandlerOptions } from './fetch-request-handler';
export { Sha256Js as Sha256 } from '@smithy/core/checksum';

export const environment = (): Record<string, string | undefined> => ({});
