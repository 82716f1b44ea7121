import { notImplemented, type Service, type ServiceRequest, type ServiceResponse } from './service';

export type JsonInput = { readonly [name: string]: any };
export type JsonOperations = { readonly [operation: string]: (input: JsonInput, request: ServiceRequest) => unknown };

const contentType = { 'content-type': 'application/x-amz-json-1.1' };

/** Creates a service of the JSON 1.1 protocol. */
export function jsonService(signingName: string, operations: JsonOperations): Service {
  return {
    signingName,
    errors: 'json',
    handle: async (request): Promise<ServiceResponse> => {
      const operation = String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .pop()!;
      if (!Object.hasOwn(operations, operation)) {
        throw Object.assign(notImplemented(signingName, operation), { operation });
      }
      try {
        const result = await operations[operation]!(
          JSON.parse(request.body.toString('utf8') || '{}') as JsonInput,
          request,
        );
        return { statusCode: 200, headers: contentType, body: JSON.stringify(result ?? {}), operation };
      } catch (error) {
        throw Object.assign(error as Error, { operation });
      }
    },
    refuse: ({ code, message, status: statusCode }) => ({
      statusCode,
      headers: { ...contentType, 'x-amzn-errortype': code },
      body: JSON.stringify({ __type: code, message }),
    }),
  };
}

/** Converts a date to a timestamp of the JSON protocols, in seconds since 1970. */
export const seconds = (date: Date) => date.getTime() / 1000;
