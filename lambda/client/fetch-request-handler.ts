import { target } from './request';
import type { HttpHandler, HttpHandlerOptions, HttpRequest, HttpResponse } from './types';

/** The options of the handler, named as those of the AWS SDK's `FetchHttpHandler`. */
export interface RequestHandlerOptions {
  /** The maximum duration of one attempt, in milliseconds. @default 5000 */
  requestTimeout?: number;
  /** @default - the global `fetch` */
  customFetch?: typeof fetch;
}

/** Creates a handler that sends requests with `fetch`, for browsers and React Native. It does not follow redirects. */
export function requestHandler({ customFetch }: RequestHandlerOptions): HttpHandler {
  return {
    async handle(request: HttpRequest, { abortSignal }: HttpHandlerOptions = {}) {
      const { protocol, hostname, port, method, headers, body } = request;
      const { host: _, ...sent } = headers; // browsers set this header themselves
      const response = await (customFetch ?? fetch)(`${protocol}//${hostname}${port ? `:${port}` : ''}${target(request)}`, {
        method, headers: sent, body, signal: abortSignal as AbortSignal, redirect: 'manual', credentials: 'omit', cache: 'no-store',
      });
      const result: HttpResponse = {
        statusCode: response.status || 302, // browsers hide the status of a redirect that they do not follow
        reason: response.statusText,
        headers: Object.fromEntries(response.headers),
        // React Native has no streams
        body: response.body ?? await response.text(),
      };
      return { response: result };
    },
  };
}
