import { escapeUri } from '@smithy/core/protocols';
import type { Endpoint } from './endpoint';
import type { Operation } from '../../src/contract/operation';
import type { HttpRequest } from '../http/types';

/** Builds the HTTP request of an operation, without a signature. Removes the member that the path contains. */
export function toRequest(operation: Operation, members: Record<string, any>, endpoint: Endpoint): HttpRequest {
  const { method, query } = operation;
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
    query: query && members[query] && { [query]: members[query] },
    headers: hasBody ? endpoint.headers.json : endpoint.headers.bodiless,
    body: hasBody ? JSON.stringify(members) : undefined,
  };
}
