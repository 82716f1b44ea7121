import { target } from './request';
import type { HttpHandler, HttpHandlerOptions, HttpRequest, HttpResponse } from './types';

/** How requests are made; the members are those of the AWS SDK's `FetchHttpHandler`. */
export interface RequestHandlerOptions {
  /** How long one attempt may take, in milliseconds. @default 5000 */
  requestTimeout?: number;
  /** @default - the global one */
  customFetch?: typeof fetch;
}

/** Carries requests over fetch, for browsers and React Native. Follows no redirect. */
export function requestHandler({ customFetch }: RequestHandlerOptions): HttpHandler {
  return {
    async handle(request: HttpRequest, { abortSignal }: HttpHandlerOptions = {}) {
      const { protocol, hostname, port, method, headers, body } = request;
      const { host: _, ...sent } = headers; // browsers set it themselves and let nobody else
      const response = await (customFetch ?? fetch)(`${protocol}//${hostname}${port ? `:${port}` : ''}${target(request)}`, {
        method, headers: sent, body, signal: abortSignal as AbortSignal, redirect: 'manual', credentials: 'omit', cache: 'no-store',
      });
      const result: HttpResponse = {
        statusCode: response.status || 302, // browsers do not tell the status of a redirect that they do not follow
        reason: response.statusText,
        headers: Object.fromEntries(response.headers),
        // React Native has no streams
        body: response.body ?? await response.text(),
      };
      return { response: result };
    },
  };
}
