import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { allows, statementsFor } from '../iam/policy-evaluation';
import type { Roles } from '../iam/roles';
import type { Clock } from '../../clock';
import type { Identities, Identity } from '../http/identities';
import { verifySignature } from '../http/verify-signature';
import { close, listen, namesThisServer } from '../http/http-server';
import { readBody } from '../http/read-body';
import { ServiceError } from '../http/service-error';
import { isPreflight, preflightHeaders, responseCorsHeaders, type CorsConfiguration } from '../http/cors';
import { httpEvent, httpResponse, iamAuthorizer, splitTarget } from './payload-format-2';
import type { LambdaFunctions } from './lambda-functions';

export interface FunctionUrlsOptions {
  readonly functions: LambdaFunctions;
  readonly identities: Identities;
  readonly roles: Pick<Roles, 'principalsOf'>;
  readonly clock: Pick<Clock, 'now'>;
}

interface FunctionUrl {
  readonly urlId: string;
  readonly server: Server;
  readonly url: string;
  authType: string;
  cors?: CorsConfiguration;
}

const MAXIMUM_BODY_BYTES = 6 * 1024 * 1024;

/** Function URLs. Each listens on a separate port of 127.0.0.1, so that each is a separate origin, as on AWS. */
export class FunctionUrls {
  private readonly urls = new Map<string, FunctionUrl>();
  /** The functions with a URL that does not listen yet. */
  private readonly opening = new Set<string>();

  constructor(private readonly options: FunctionUrlsOptions) {}

  /** Returns the URL of a function. */
  urlOf(functionArn: string): string | undefined {
    return this.urls.get(functionArn)?.url;
  }

  /** Creates a function URL, and returns it with a trailing slash. */
  async open(functionArn: string, properties: { readonly [name: string]: unknown }): Promise<string> {
    if (this.urls.has(functionArn) || this.opening.has(functionArn)) {
      throw new ServiceError(
        'ResourceConflictException',
        `Failed to create function url config for [functionArn = ${functionArn}]. Error message: `
        + 'FunctionUrlConfig exists for this Lambda function',
        409,
      );
    }
    const server = createServer((request, response) => {
      this.serve(functionArn, request, response).catch((error: Error) => {
        const { status, message } =
          error instanceof ServiceError ? error : { status: 500, message: 'Internal Server Error' };
        if (!request.complete) response.setHeader('connection', 'close'); // does not wait for the rest of the body
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ Message: message }));
      });
    });
    this.opening.add(functionArn);
    try {
      const { port } = await listen(server, 0);
      this.urls.set(functionArn, {
        urlId: randomBytes(16).toString('hex'),
        server,
        url: `http://127.0.0.1:${port}/`,
        authType: '',
      });
    } finally {
      this.opening.delete(functionArn);
    }
    this.configure(functionArn, properties);
    return this.urls.get(functionArn)!.url;
  }

  configure(functionArn: string, properties: { readonly [name: string]: unknown }): void {
    const url = this.urls.get(functionArn)!;
    url.authType = String(properties.AuthType);
    url.cors = properties.Cors as CorsConfiguration | undefined;
  }

  async close(functionArn: string): Promise<void> {
    const url = this.urls.get(functionArn);
    this.urls.delete(functionArn);
    if (url) await close(url.server);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.urls.keys()].map((functionArn) => this.close(functionArn)));
  }

  private async serve(functionArn: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = this.urls.get(functionArn);
    if (!url || !namesThisServer(request)) throw new ServiceError('ForbiddenException', 'Forbidden', 403);

    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    if (url.cors && isPreflight(request.method, request.headers)) {
      response.writeHead(200, preflightHeaders(url.cors, request.headers)).end();
      return;
    }
    const caller = this.authorize(url, functionArn, request, body);
    const requestId = randomUUID();
    const event = httpEvent({
      message: request,
      body,
      requestId,
      accountId: caller?.accountId ?? 'anonymous',
      apiId: url.urlId,
      domainName: new URL(url.url).host,
      time: new Date(this.options.clock.now()),
      rawPath: splitTarget(request)[0],
      routeKey: '$default',
      stage: '$default',
      authorizer: caller && { iam: iamAuthorizer(caller) },
    });
    const result = await this.options.functions.invoke(functionArn, JSON.stringify(event), { requestId });
    const answer = result.functionError ? undefined : httpResponse(result.payload);
    const cors = url.cors ? responseCorsHeaders(url.cors, request.headers) : {};
    if (!answer) {
      response
        .writeHead(502, { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...cors })
        .end('Internal Server Error');
      return;
    }
    response
      .writeHead(answer.statusCode, {
        ...answer.headers,
        'x-amzn-requestid': requestId,
        ...cors,
        ...(answer.cookies.length ? { 'set-cookie': [...answer.cookies] } : {}),
      })
      .end(answer.body);
  }

  /** Authorizes a request. Returns the caller, or undefined for an anonymous caller. */
  private authorize(
    url: FunctionUrl,
    functionArn: string,
    request: IncomingMessage,
    body: Buffer,
  ): Identity | undefined {
    const statements = this.options.functions.policy(functionArn).Statement;
    const context = { 'lambda:FunctionUrlAuthType': url.authType, 'lambda:InvokedViaFunctionUrl': 'true' };
    const { arn } = this.options.functions.configuration(functionArn);
    // AWS Lambda has required both actions since October 2025.
    const everyAction = (allowed: (action: string) => boolean) =>
      ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].every(allowed);
    const byPolicy = (principals: readonly string[]) => {
      const granting = allows([{ Statement: statementsFor(statements, principals) }]);
      return everyAction((action) => granting(action, arn, context));
    };
    if (url.authType === 'NONE') {
      if (!byPolicy([])) {
        throw new ServiceError(
          'AccessDeniedException',
          'Forbidden. The resource-based policy of the function does not allow lambda:InvokeFunctionUrl and '
          + 'lambda:InvokeFunction for all principals.',
          403,
        );
      }
      return undefined;
    }
    const verified = verifySignature(request, {
      identities: this.options.identities,
      body,
      service: 'lambda',
      now: this.options.clock.now(),
    });
    if (verified.refusal) throw verified.refusal;
    const { identity } = verified;
    const byIdentity = everyAction((action) => identity.allows?.(action, arn, context) ?? true);
    if (!byIdentity && !byPolicy(this.options.roles.principalsOf(identity))) {
      throw new ServiceError('AccessDeniedException', 'Forbidden', 403);
    }
    return identity;
  }
}
