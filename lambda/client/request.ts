import { escapeUri } from '@smithy/core/protocols';
import type { Endpoint } from './endpoint';
import type { HttpRequest } from './types';
import type { Operation } from '../../src/contract/operation';

/** Builds the HTTP request of an operation, without a signature. Removes the members that it puts into the address. */
export function toRequest(operation: Operation, members: Record<string, any>, endpoint: Endpoint): HttpRequest {
  const { method, query: queried } = operation;
  const path = operation.path.replace(/\{(.+)\}/, (_, label) => {
    const value = members[label];
    if (!value) throw new TypeError(`${operation.name} needs ${label}`);
    delete members[label];
    return escapeUri(value);
  });
  const hasBody = method === 'POST';
  return {
    method,
    ...endpoint,
    path: endpoint.path + path,
    query: queried && members[queried] && { [queried]: members[queried] },
    headers: hasBody ? endpoint.headers.json : endpoint.headers.bodiless,
    body: hasBody ? JSON.stringify(members) : undefined,
  };
}

/** Returns the path with its query. */
export function target(request: HttpRequest): string {
  return request.query ? `${request.path}?${queryString(request)}` : request.path;
}

/** Returns `tagKeys=k1&tagKeys=k2`, escaped and in the order that a signature needs, or an empty string. */
export function queryString({ query = {} }: HttpRequest): string {
  return Object.entries(query).flatMap(([name, values]) => (values as string[]).map((value) => `${name}=${escapeUri(value)}`)).sort().join('&');
}
