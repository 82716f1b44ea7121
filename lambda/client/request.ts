import type { Endpoint } from './endpoint';
import type { HttpRequest } from './types';
import type { Operation } from '../../src/contract/operations';
import type { Shape } from '../../src/contract/shape';

/** The HTTP request of one operation, yet to be signed. */
export function toRequest(operation: Operation, input: Record<string, unknown>, endpoint: Endpoint): HttpRequest {
  let query: Record<string, string[]> | undefined;
  const body: Record<string, unknown> = {};
  // `/tags/{resourceArn}`: the label is the last segment, where there is one
  const brace = operation.path.indexOf('{');
  const labelled = brace < 0 ? undefined : operation.path.slice(brace + 1, -1);
  let label = '';
  for (const member in operation.input.members) {
    const value = toWire(operation.input.members[member]!, input[member]);
    if (value === undefined) continue;
    if (member === labelled) label = encode(value as string);
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

/** What of a value goes on the wire: the members that the shape knows, without those that are null. */
function toWire(shape: Shape, value: any): unknown {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') return value;
  switch (shape.type) {
    case 'list':
      return Array.isArray(value) ? value.filter((item) => item !== undefined && item !== null) : value;
    case 'map': // fromEntries and not assignment, for which `__proto__` is not a key like others
      return Object.fromEntries(Object.entries(value).filter(([, text]) => text !== undefined && text !== null));
    case 'structure': {
      const members: Record<string, unknown> = {};
      for (const member in shape.members) {
        const wire = toWire(shape.members[member]!, value[member]);
        if (wire !== undefined) members[member] = wire;
      }
      return members;
    }
    default:
      return value;
  }
}

/** Percent-encodes all but RFC 3986's unreserved characters. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `?tagKeys=k1&tagKeys=k2`, or nothing. */
export function queryString(query: HttpRequest['query']): string {
  if (!query) return '';
  const parameters = Object.entries(query).flatMap(([name, values]) => [values ?? []].flat().map((value) => `${encode(name)}=${encode(value)}`));
  return parameters.length ? `?${parameters.join('&')}` : '';
}
