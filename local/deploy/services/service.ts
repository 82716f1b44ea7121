import type { IncomingHttpHeaders } from 'node:http';
import type { AuthorizationContext, Identity } from '../../identities';
import { ServiceError } from '../service-error';

/** A request whose signature was verified. */
export interface ServiceRequest {
  readonly method: string;
  /** Percent-encoded, as it came. */
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
  /** For the progress shown: what was asked for. */
  readonly operation: string;
  readonly errorCode?: string;
}

/** The wire format of one AWS service. */
export interface Service {
  /** As the credential scope has it. */
  readonly signingName: string;
  readonly errors: 'json' | 'query' | 's3';
  handle(request: ServiceRequest): Promise<ServiceResponse>;
  /** How this service says that something is wrong. */
  refuse(error: ServiceError, requestId: string): Omit<ServiceResponse, 'operation'>;
}

/** @throws AccessDenied when IAM does not let the caller. */
export function authorize(identity: Identity, action: string, resource: string, context: AuthorizationContext = {}, code = 'AccessDenied'): void {
  if (identity.allows?.(action, resource, context) ?? true) return;
  throw new ServiceError(code, `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`, 403);
}

export function notImplemented(service: string, operation: string): ServiceError {
  return new ServiceError('NotImplemented', `${service}:${operation} is not implemented by the local service. See docs/local-deploy.md for what is.`, 501);
}
