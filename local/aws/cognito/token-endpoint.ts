import type { IncomingMessage } from 'node:http';
import { readBody } from '../http/read-body';
import type { TokenIssuers } from './token-issuers';
import type { TokenRequest } from './issue-token';

export interface TokenEndpointOptions {
  readonly issuers: TokenIssuers;
  /** Returns the issuer with a name: the ID of a user pool, or the name of the local issuer. */
  issuerNamed(name: string): string | undefined;
  issueToken(request: TokenRequest): Promise<string>;
}

export interface TokenEndpointResponse {
  readonly statusCode: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

export const TOKEN_PATH = '/_local/token';
/** The path of the local issuer, which needs no deployed user pool. */
export const ISSUER_PATH = '/_local/issuer';

const MAXIMUM_BODY_BYTES = 64 * 1024;

/** Serves the discovery documents and keys of the token issuers, and issues tokens to callers on this machine. */
export class TokenEndpoint {
  constructor(private readonly options: TokenEndpointOptions) {}

  /** Answers a request without a signature. Returns undefined if the request is not for this endpoint. */
  async answer(request: IncomingMessage): Promise<TokenEndpointResponse | undefined> {
    const { pathname } = new URL(request.url!, 'http://127.0.0.1');
    const [, name, document] = /^\/(.+)\/\.well-known\/(openid-configuration|jwks\.json)$/.exec(pathname) ?? [];
    const issuer = name === undefined ? undefined : this.options.issuerNamed(name);
    if (issuer === undefined && pathname !== TOKEN_PATH) return undefined;

    const { origin } = request.headers;
    const cors: { readonly [name: string]: string } = origin === undefined
      ? {}
      : { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'content-type', 'vary': 'Origin' };
    if (request.method === 'OPTIONS') return { statusCode: 204, headers: cors, body: '' };
    if (issuer === undefined) return this.issue(request, cors);
    if (request.method !== 'GET') return respond(405, { message: 'Method Not Allowed' }, cors);
    if (document === 'jwks.json') return respond(200, (await this.options.issuers.keySetOf(issuer))!, cors);
    const base = `http://${request.headers.host}/${name}`;
    return respond(200, {
      issuer,
      jwks_uri: `${base}/.well-known/jwks.json`,
      response_types_supported: ['code', 'token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }, cors);
  }

  private async issue(
    request: IncomingMessage,
    cors: { readonly [name: string]: string },
  ): Promise<TokenEndpointResponse> {
    if (request.method !== 'POST') return respond(405, { message: 'Method Not Allowed' }, cors);
    try {
      const body = await readBody(request, MAXIMUM_BODY_BYTES);
      const token = await this.options.issueToken(JSON.parse(body.toString('utf8')) as TokenRequest);
      return respond(200, { token }, { ...cors, 'cache-control': 'no-store' });
    } catch (error) {
      return respond(400, { message: (error as Error).message }, cors);
    }
  }
}

function respond(statusCode: number, value: object, headers: { readonly [name: string]: string } = {}) {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}
