import type { IncomingMessage } from 'node:http';
import type { FunctionRequest } from '../lambda/payload-format-2';
import type { HttpApi, Route, Stage } from './http-api';

/** The details of a request, for its access log. */
export interface Exchange {
  readonly api: HttpApi;
  readonly message: IncomingMessage;
  readonly requestId: string;
  readonly began: number;
  path: string;
  stage?: Stage;
  route?: Route;
  authorizer?: FunctionRequest['authorizer'];
  integration?: { readonly status: number; readonly latency: number; readonly error?: string };
  /** The size of the body of the response. */
  responseLength: number;
}
