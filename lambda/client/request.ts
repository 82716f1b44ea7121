import { escapeUri } from '@smithy/core/protocols';
import { getCanonicalQuery } from '@smithy/signature-v4';
import type { Endpoint } from './endpoint';
import type { HttpRequest } from './types';
import { isGiven, wireValue } from './wire-value';
import type { Operation } from '../../src/contract/operations';

/** The HTTP request of one operation, yet to be signed. */
export function toRequest(operation: Operation, input: Record<string, unknown>, endpoint: Endpoint): HttpRequest {
  let query: Record<string, string[]> | undefined;
  const body: Record<string, unknown> = {};
  // `/tags/{resourceArn}`: the label is the last segment, where there is one
  const brace = operation.path.indexOf('{');
  const labelled = brace < 0 ? undefined : operation.path.slice(brace + 1, -1);
  let label = '';
  for (const member in operation.input.members) {
    if (!isGiven(input[member])) continue;
    const value = wireValue(operation.input.members[member]!, input[member]);
    if (member === labelled) label = escapeUri(value as string);
    else if (member === operation.query) query = { [member]: value as string[] };
    else body[member] = value;
  }
  if (labelled && !label) throw new TypeError(`${operation.name} needs ${labelled}`);

  const hasBody = operation.method === 'POST';
  return {
    method: operation.method,
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    port: endpoint.port,
    path: endpoint.path + (labelled ? operation.path.slice(0, brace) + label : operation.path),
    query,
    headers: hasBody ? endpoint.headers.json : endpoint.headers.bodiless,
    body: hasBody ? JSON.stringify(body) : undefined,
  };
}

/** `?tagKeys=k1&tagKeys=k2`, or nothing. */
export function queryString(request: HttpRequest): string {
  return request.query ? `?${getCanonicalQuery(request)}` : '';
}
