import { randomBytes, randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { sleep, type Clock } from '../../clock';
import type { LogGroups } from '../cloudwatch-logs/log-groups';
import type { DeployEvent } from '../deploy-event';
import { isPreflight, preflightHeaders, responseCorsHeaders } from '../http/cors';
import { close, listen, namesThisServer } from '../http/http-server';
import type { Identities } from '../http/identities';
import { readBody } from '../http/read-body';
import { verifySignature } from '../http/verify-signature';
import { allows, statementsFor } from '../iam/policy-evaluation';
import type { Roles } from '../iam/roles';
import type { LambdaFunctions } from '../lambda/lambda-functions';
import {
  httpEvent,
  httpResponse,
  iamAuthorizer,
  splitTarget,
  type FunctionRequest,
  type FunctionResponse,
} from '../lambda/payload-format-2';
import { accessLogLine, contextVariables } from './access-log';
import type { Exchange } from './exchange';
import type { HttpApi, Route, Stage } from './http-api';
import { identitySourceValue } from './identity-source';
import { claimTexts, type JsonWebTokens } from './json-web-tokens';
import { LambdaAuthorizers } from './lambda-authorizers';
import { httpEvent1, httpResponse1 } from './payload-format-1';
import { selectRoute } from './route-key';
import { TokenBuckets } from './token-buckets';

export interface HttpApisOptions {
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  readonly identities: Identities;
  readonly functions: LambdaFunctions;
  readonly roles: Roles;
  readonly logs: LogGroups;
  readonly tokens: JsonWebTokens;
  log(event: DeployEvent): void;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAXIMUM_BODY_BYTES = 10 * 1024 * 1024;
const MAXIMUM_HEADER_BYTES = 10_240;
/** The maximum size of the event and of the response of a function that is invoked synchronously. */
const MAXIMUM_LAMBDA_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** The end of a request with a response of API Gateway itself. */
class Refusal extends Error {
  /** @param reason The reason for the log. Callers do not receive it. */
  constructor(
    readonly status: number,
    message: string,
    readonly reason?: string,
    readonly headers: { readonly [name: string]: string } = {},
  ) {
    super(message);
  }
}

const unauthorized = (reason: string, challenge?: string) =>
  new Refusal(401, 'Unauthorized', reason, challenge === undefined ? {} : { 'www-authenticate': challenge });
const forbidden = (reason: string, challenge?: string) =>
  new Refusal(403, 'Forbidden', reason, challenge === undefined ? {} : { 'www-authenticate': challenge });
const failed = (reason: string) => new Refusal(500, 'Internal Server Error', reason);

/** HTTP APIs. Each listens on a separate port of 127.0.0.1, so that each is a separate origin, as on AWS. */
export class HttpApis {
  private readonly apis = new Map<string, { readonly api: HttpApi; readonly server: Server }>();
  private readonly buckets: TokenBuckets;
  private readonly lambdaAuthorizers: LambdaAuthorizers;

  constructor(private readonly options: HttpApisOptions) {
    this.buckets = new TokenBuckets(options.clock);
    this.lambdaAuthorizers = new LambdaAuthorizers(options.clock);
  }

  async create(): Promise<HttpApi> {
    const id = newId();
    const server = createServer((request, response) => void this.serve(api, request, response));
    const { port } = await listen(server, 0);
    const api: HttpApi = {
      id,
      endpoint: `http://127.0.0.1:${port}`,
      routes: new Map(),
      integrations: new Map(),
      authorizers: new Map(),
      stages: new Map(),
    };
    this.apis.set(id, { api, server });
    return api;
  }

  get(id: string): HttpApi | undefined {
    return this.apis.get(id)?.api;
  }

  async remove(id: string): Promise<void> {
    const found = this.apis.get(id);
    this.apis.delete(id);
    this.lambdaAuthorizers.forget(id);
    if (found) await close(found.server);
  }

  async close(): Promise<void> {
    await Promise.all([...this.apis.keys()].map((id) => this.remove(id)));
  }

  /** Forgets the cached results of the Lambda authorizers of an API. */
  forgetAuthorizations(id: string): void {
    this.lambdaAuthorizers.forget(id);
  }

  /** Replaces the address that an API has on AWS with its address on this machine. */
  localUrl(text: string): string {
    return text.replace(
      /https:\/\/([a-z0-9]{10})\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?![\w.-])/g,
      (url, id: string, region: string) => (region === this.options.region && this.get(id)?.endpoint) || url,
    );
  }

  private async serve(api: HttpApi, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange: Exchange = {
      api,
      message,
      requestId: randomBytes(11).toString('base64'),
      began: this.options.clock.now(),
      path: splitTarget(message)[0],
      responseLength: 0,
    };
    let answer: FunctionResponse;
    let reason: string | undefined;
    try {
      answer = await this.answer(exchange);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : failed((error as Error).message);
      ({ reason } = refusal);
      const body = Buffer.from(JSON.stringify({ message: refusal.message }));
      const headers = { 'content-type': 'application/json', ...refusal.headers };
      answer = { statusCode: refusal.status, headers, cookies: [], body };
    }
    exchange.responseLength = answer.body.length;
    this.record(exchange, answer, reason);

    // The configuration takes precedence over the CORS headers of the integration.
    const own = api.cors
      ? Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'))
      : Object.entries(answer.headers);
    if (!message.complete) response.setHeader('connection', 'close'); // does not wait for the rest of the body
    response
      .writeHead(answer.statusCode, {
        ...Object.fromEntries(own),
        ...corsHeaders(api, message),
        ...(answer.cookies.length ? { 'set-cookie': [...answer.cookies] } : {}),
        'apigw-requestid': exchange.requestId,
      })
      .end(message.method === 'HEAD' ? undefined : answer.body);
  }

  private async answer(exchange: Exchange): Promise<FunctionResponse> {
    const { api, message } = exchange;
    if (!namesThisServer(message)) throw forbidden('The Host header does not name this server');
    if (headerBytes(message) > MAXIMUM_HEADER_BYTES) throw new Refusal(431, 'Request Header Fields Too Large');
    if (api.cors && isPreflight(message.method, message.headers)) {
      return { statusCode: 204, headers: {}, cookies: [], body: Buffer.alloc(0) };
    }

    const rawPath = decodedPath(exchange.path);
    const { stage, path } = stageOf(api, rawPath);
    exchange.stage = stage;
    const match = stage && selectRoute(api.routes.values(), message.method!, path);
    if (!match) throw new Refusal(404, 'Not Found');

    const { route } = match;
    exchange.route = route;
    const throttle = { ...stage.defaultThrottle, ...stage.routeThrottles[route.key.text] };
    if (!this.buckets.take(`${api.id}/${stage.name}/${route.key.text}`, throttle)) {
      throw new Refusal(429, 'Too Many Requests');
    }

    const { accountId, clock } = this.options;
    const withoutBody: FunctionRequest = {
      message,
      body: Buffer.alloc(0),
      requestId: exchange.requestId,
      accountId,
      apiId: api.id,
      domainName: new URL(api.endpoint).host,
      time: new Date(clock.now()),
      rawPath,
      routeKey: route.key.text,
      stage: stage.name,
      pathParameters: match.pathParameters,
      stageVariables: stage.stageVariables,
      headers: { 'x-amzn-trace-id': traceId(clock.now()) },
    };
    // The signature covers the body. Other requests are authorized before their body is read.
    const early = route.authorizationType === 'AWS_IAM' ? await bodyOf(message) : undefined;
    const authorizer = await this.authorize(route, { ...withoutBody, body: early ?? withoutBody.body }, exchange, path);
    exchange.authorizer = authorizer;
    const body = early ?? (await bodyOf(message));
    const headers = { ...withoutBody.headers, 'content-length': String(body.length) };
    return this.integrate(route, { ...withoutBody, body, authorizer, headers }, exchange);
  }

  private async authorize(
    route: Route,
    request: FunctionRequest,
    exchange: Exchange,
    path: string,
  ): Promise<FunctionRequest['authorizer']> {
    const { api, stage } = exchange;
    const routeArn = `${this.arnOf(api)}/${stage!.name}/${request.message.method}${path}`;
    if (route.authorizationType === 'NONE') return undefined;
    if (route.authorizationType === 'AWS_IAM') return this.authorizeByIam(request, routeArn);

    const authorizer = api.authorizers.get(route.authorizerId ?? '');
    if (!authorizer) throw failed(`The authorizer ${route.authorizerId} does not exist`);
    const sources = authorizer.identitySources.map((source) => identitySourceValue(source, request));

    if (authorizer.type === 'JWT') {
      const token = sources[0]?.replace(/^Bearer +/i, '');
      if (!token) throw unauthorized('The request has no token', 'Bearer');
      const { issuer, audience } = authorizer;
      const scopes = route.authorizationScopes;
      const verified = await this.options.tokens.verify(token, { issuer, audience, scopes });
      if (verified.refusal === undefined) {
        return { jwt: { claims: claimTexts(verified.claims), scopes: scopes.length ? scopes : null } };
      }
      const { refusal, description } = verified;
      const challenge = `Bearer scope="${scopes.join(' ')}" error="${refusal}" error_description="${description}"`;
      const refuse = refusal === 'insufficient_scope' ? forbidden : unauthorized;
      throw refuse(description, challenge.replace(/[^\x20-\x7e]/g, ''));
    }

    if (sources.some((value) => !value)) throw unauthorized('The request does not have all identity sources');
    const decision = await this.lambdaAuthorizers.authorize({
      authorizer,
      request,
      routeArn,
      identitySource: sources as string[],
      invoke: async (event) => {
        const source = `${this.arnOf(api)}/authorizers/${authorizer.id}`;
        this.checkPermission(authorizer, source);
        const result = await this.options.functions.invoke(authorizer.functionArn, JSON.stringify(event));
        if (result.functionError) throw new Error(`The Lambda authorizer failed: ${result.payload}`);
        return result.payload;
      },
    });
    if (!decision.isAuthorized) throw forbidden('The Lambda authorizer denied the request');
    return { lambda: decision.context };
  }

  private authorizeByIam({ message, body }: FunctionRequest, routeArn: string) {
    const verified = verifySignature(message, {
      identities: this.options.identities,
      body,
      service: 'execute-api',
      region: this.options.region,
      now: this.options.clock.now(),
    });
    if (verified.refusal) throw forbidden(verified.refusal.message);
    const { identity } = verified;
    if (!(identity.allows?.('execute-api:Invoke', routeArn, {}) ?? true)) {
      throw forbidden(`${identity.arn} is not authorized to perform: execute-api:Invoke on resource: ${routeArn}`);
    }
    return { iam: iamAuthorizer(identity) };
  }

  private async integrate(route: Route, request: FunctionRequest, exchange: Exchange): Promise<FunctionResponse> {
    const { clock, functions } = this.options;
    const integration = exchange.api.integrations.get(route.integrationId);
    if (!integration) throw failed(`The integration ${route.integrationId} does not exist`);
    const began = clock.now();
    const fail = (status: number, message: string, error: string): Refusal => {
      exchange.integration = { status, latency: clock.now() - began, error };
      return new Refusal(status, message, error);
    };
    const { key } = route;
    const method = key.method === 'ANY' ? request.message.method : key.method;
    const sourceArn = `${this.arnOf(exchange.api)}/${request.stage}/${method}${key.path}`;
    const isVersion2 = integration.payloadFormatVersion === '2.0';
    const event = JSON.stringify(isVersion2 ? httpEvent(request) : httpEvent1(request));
    if (Buffer.byteLength(event) > MAXIMUM_LAMBDA_PAYLOAD_BYTES) {
      throw new Refusal(413, 'Request Entity Too Large', 'The event is larger than 6 MB');
    }
    const over = new AbortController();
    try {
      this.checkPermission(integration, sourceArn);
      const result = await Promise.race([
        functions.invoke(integration.functionArn, event),
        sleep(clock, integration.timeoutMilliseconds, over.signal),
      ]);
      if (!result) throw fail(503, 'Service Unavailable', 'The integration did not respond in time');
      if (result.functionError) throw fail(500, 'Internal Server Error', `The function failed: ${result.payload}`);
      const answer = isVersion2
        ? httpResponse(result.payload, 'text/plain;charset=UTF-8')
        : httpResponse1(result.payload);
      if (!answer) throw fail(500, 'Internal Server Error', 'The response of the function has no valid statusCode');
      exchange.integration = { status: answer.statusCode, latency: clock.now() - began };
      return answer;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const { name, message } = error as Error;
      throw name === 'TooManyRequestsException'
        ? fail(503, 'Service Unavailable', 'The function is throttled')
        : fail(500, 'Internal Server Error', message);
    } finally {
      over.abort();
    }
  }

  /** @throws if the role and the policy of the function do not allow API Gateway to invoke the function. */
  private checkPermission(
    { functionArn, credentialsArn }: { readonly functionArn: string; readonly credentialsArn?: string },
    sourceArn: string,
  ): void {
    const { functions, roles, accountId } = this.options;
    const { arn } = functions.configuration(functionArn);
    const action = 'lambda:InvokeFunction';
    if (credentialsArn !== undefined) {
      if (roles.allowsOf(credentialsArn)(action, functionArn, {})) return;
      throw new Error(`The role ${credentialsArn} does not allow ${action} on ${functionArn}`);
    }
    const statements = statementsFor(functions.policy(functionArn).Statement, ['apigateway.amazonaws.com']);
    const context = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': accountId };
    if (allows([{ Statement: statements }])(action, arn, context)) return;
    throw new Error(
      `The resource-based policy of ${functionArn} does not allow apigateway.amazonaws.com to invoke it `
      + `with the source ARN ${sourceArn}`,
    );
  }

  private arnOf(api: HttpApi): string {
    return `arn:aws:execute-api:${this.options.region}:${this.options.accountId}:${api.id}`;
  }

  /** Writes the access log, and reports the request to the log of the endpoint. */
  private record(exchange: Exchange, answer: FunctionResponse, reason: string | undefined): void {
    const { message, route, stage, api } = exchange;
    this.options.log({
      kind: 'request',
      service: 'execute-api',
      operation: route?.key.text ?? `${message.method} ${exchange.path}`,
      statusCode: answer.statusCode,
      ...(reason === undefined ? {} : { errorCode: reason }),
    });
    if (!stage?.accessLog) return;
    const { logGroupName, format } = stage.accessLog;
    const line = accessLogLine(format, contextVariables(exchange, answer, reason, this.options));
    if (this.options.logs.get(logGroupName)) {
      this.options.logs.write(logGroupName, `${this.options.region}-${api.id}-${stage.name}`, line);
    }
  }
}

function corsHeaders({ cors }: HttpApi, { method, headers }: IncomingMessage) {
  if (!cors) return {};
  return isPreflight(method, headers) ? preflightHeaders(cors, headers) : responseCorsHeaders(cors, headers);
}

/** Returns the stage of a request, and the path without the name of the stage. */
function stageOf(api: HttpApi, path: string): { readonly stage?: Stage; readonly path: string } {
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  const named = first === '$default' ? undefined : api.stages.get(first);
  return named ? { stage: named, path: rest || '/' } : { stage: api.stages.get('$default'), path };
}

/** Decodes a path as HTTP APIs do, although the event calls it raw. They also cut it at a decoded question mark. */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path).split('?')[0]!;
  } catch {
    return path;
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  return readBody(message, MAXIMUM_BODY_BYTES).catch((error: Error & { status?: number }) => {
    throw error.status === 413 ? new Refusal(413, 'Request Entity Too Large') : error;
  });
}

/** Returns the size of the request line and of the headers. */
function headerBytes({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage): number {
  const line = `${method} ${url} HTTP/${httpVersion}\r\n`;
  return line.length + rawHeaders.reduce((total, part) => total + Buffer.byteLength(part, 'latin1') + 2, 0);
}

function traceId(now: number): string {
  return `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}

/** Generates the ID of an API: ten lower-case letters and digits. */
function newId(): string {
  return Array.from({ length: 10 }, () => randomInt(36).toString(36)).join('');
}
