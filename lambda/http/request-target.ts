import { escapeUri } from '@smithy/core/protocols';
import type { HttpRequest } from './types';

/** Returns the path of a request with its query. */
export function requestTarget(request: HttpRequest): string {
  return request.query ? `${request.path}?${queryString(request)}` : request.path;
}

/** Returns the query in the canonical form of Signature Version 4, such as `tagKeys=k1&tagKeys=k2`, or empty text. */
export function queryString({ query = {} }: HttpRequest): string {
  return Object.entries(query)
    .flatMap(([name, values]) => (values as string[]).map((value) => `${name}=${escapeUri(value)}`))
    .sort()
    .join('&');
}
