import { ServiceError } from './service-error';
import { xmlElement } from './xml';
import { notImplemented, type Service, type ServiceRequest } from './service';

/** The parsed input of the Query protocol. Scalars are strings. */
export type QueryInput = { readonly [name: string]: any };

export type QueryOperations = { readonly [operation: string]: (input: QueryInput, request: ServiceRequest) => unknown };

/** Creates a service of the Query protocol. */
export function queryService(signingName: string, namespace: string, operations: QueryOperations): Service {
  return {
    signingName,
    errors: 'query',
    handle: async (request) => {
      const input = parseQueryInput(queryParameters(request));
      const operation = String(input.Action);
      if (!Object.hasOwn(operations, operation)) {
        throw Object.assign(notImplemented(signingName, operation), { operation });
      }
      try {
        const result = await operations[operation]!(input, request);
        const body = xmlElement(
          `${operation}Response`,
          { [`${operation}Result`]: result ?? {}, ResponseMetadata: { RequestId: request.requestId } },
          ` xmlns="${namespace}"`,
        );
        return { statusCode: 200, headers: { 'content-type': 'text/xml' }, body, operation };
      } catch (error) {
        throw Object.assign(error as Error, { operation });
      }
    },
    refuse: ({ code, message, status: statusCode }, requestId) => ({
      statusCode,
      headers: { 'content-type': 'text/xml' },
      body: xmlElement(
        'ErrorResponse',
        {
          Error: { Type: statusCode >= 500 ? 'Receiver' : 'Sender', Code: code, Message: message },
          RequestId: requestId,
        },
        ` xmlns="${namespace}"`,
      ),
    }),
  };
}

/** Returns the parameters of a request. They are in the body, or in the address if the body is empty. */
export function queryParameters({ body, query }: Pick<ServiceRequest, 'body' | 'query'>): URLSearchParams {
  return body.length ? new URLSearchParams(body.toString('utf8')) : query;
}

/** Parses a form, such as `Tags.member.1.Key=a` to `{ Tags: [{ Key: 'a' }] }`. */
export function parseQueryInput(form: string | URLSearchParams): QueryInput {
  // The objects have no prototype, because parameter names such as `constructor` come from the request.
  const root: Record<string, any> = Object.create(null);
  for (const [name, value] of new URLSearchParams(form)) {
    const path = name.split('.').filter((part) => part !== 'member');
    if (path.length > 20) throw new ServiceError('MalformedQueryString', `The parameter ${name} is malformed`);
    let at = root;
    path.slice(0, -1).forEach((part) => {
      at = at[part] ??= Object.create(null);
    });
    at[path.at(-1)!] = value;
  }
  return listsOf(root) as QueryInput;
}

/** Converts objects with numeric keys to lists. */
function listsOf(value: any): unknown {
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, nested]) => [key, listsOf(nested)] as const);
  // JavaScript has sorted the numeric keys.
  if (entries.length && entries.every(([key]) => /^\d+$/.test(key))) return entries.map(([, nested]) => nested);
  return Object.fromEntries(entries);
}
