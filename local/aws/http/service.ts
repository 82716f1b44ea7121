import type { IncomingHttpHeaders } from 'node:http';
import type { AuthorizationContext, Identity } from './identities';
import { ServiceError } from './service-error';

/** A request with a verified signature. */
export interface ServiceRequest {
  readonly method: string;
  /** The percent-encoded path. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly identity: Identity;
  readonly requestId: string;
}

export interface ServiceResponse {
  readonly statusCode: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Buffer;
  /** The name of the operation for the log. */
  readonly operation: string;
  readonly errorCode?: string;
}

/** The API of one AWS service. */
export interface Service {
  /** The signing name in the credential scope. */
  readonly signingName: string;
  readonly errors: 'json' | 'query' | 's3';
  handle(request: ServiceRequest): Promise<ServiceResponse>;
  /** Renders an error in the wire format of the service. */
  refuse(error: ServiceError, requestId: string): Omit<ServiceResponse, 'operation' | 'errorCode'>;
}

/** @throws AccessDenied if IAM does not allow the action. */
export function authorize(
  identity: Identity,
  action: string,
  resource: string,
  context: AuthorizationContext = {},
  code = 'AccessDenied',
): void {
  if (identity.allows?.(action, resource, context) ?? true) return;
  throw new ServiceError(
    code,
    `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource} because no `
    + `identity-based policy allows the ${action} action`,
    403,
  );
}

/** @param advice A sentence about another way to use the operation, after a blank. */
export function notImplemented(service: string, operation: string, advice = ''): ServiceError {
  return new ServiceError(
    'NotImplemented',
    `${service}:${operation} is not implemented by the local service. See docs/local-deploy.md for the supported `
    + `operations.${advice}`,
    501,
  );
}
