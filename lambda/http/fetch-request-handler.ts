import { requestTarget } from './request-target';
import type { HttpHandler, HttpHandlerOptions, HttpRequest, HttpResponse } from './types';

/** The options of the handler, named as those of the AWS SDK's `FetchHttpHandler`. */
export interface RequestHandlerOptions {
  /** The maximum duration of one attempt, in milliseconds. @default 5000 */
  requestTimeout?: number;
  /** The function that sends the requests. @default - the global `fetch` */
  customFetch?: typeof fetch;
}

/** Creates a handler that sends requests with `fetch`, for browsers and React Native. It does not follow redirects. */
export function requestHandler({ customFetch }: RequestHandlerOptions): HttpHandler {
  return {
    async handle(request: HttpRequest, { abortSignal }: HttpHandlerOptions = {}) {
      const { protocol, hostname, port, method, headers, body } = request;
      const { host: _, ...sent } = headers; // Browsers set the host header themselves.
      const origin = `${protocol}//${hostname}${port ? `:${port}` : ''}`;
      const response = await (customFetch ?? fetch)(origin + requestTarget(request), {
        method,
        headers: sent,
        body,
        signal: abortSignal as AbortSignal,
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
      });

      const result: HttpResponse = {
        statusCode: response.status || 302, // Browsers hide the status of a redirect that they do not follow.
        reason: response.statusText,
        headers: Object.fromEntries(response.headers),
        body: response.body ?? await response.text(), // React Native has no streams.
      };
      return { response: result };
    },
  };
}
