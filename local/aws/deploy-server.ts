import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../clock';
import type { Identities } from './http/identities';
import { refusalBeforeBody, verifySignature } from './http/verify-signature';
import type { DeployEvent } from './deploy-event';
import type { CustomResources } from './cloudformation/custom-resources';
import type { TokenEndpoint } from './cognito/token-endpoint';
import { namesThisServer } from './http/http-server';
import { isLoopbackOrigin } from './http/loopback';
import { readBody } from './http/read-body';
import { ServiceError } from './http/service-error';
import { notImplemented, type Service, type ServiceRequest, type ServiceResponse } from './http/service';

export interface DeployServerOptions {
  readonly identities: Identities;
  readonly verifySignatures: boolean;
  readonly services: readonly Service[];
  readonly customResources: Pick<CustomResources, 'respond'>;
  readonly tokenEndpoint: Pick<TokenEndpoint, 'answer'>;
  readonly region: string;
  readonly clock: Pick<Clock, 'now'>;
  /** The address of another AWS emulator for the services that are not here. */
  readonly upstream?: string;
  log(event: DeployEvent): void;
}

/** The limit is above 50 MB, the maximum size of a Lambda deployment package or layer. */
const MAXIMUM_BODY_BYTES = 64 * 1024 * 1024;
/** The limit of requests of unknown callers, and of the responses of custom resources. */
const MAXIMUM_UNVERIFIED_BODY_BYTES = 1024 * 1024;
const RESPONSE_URL_PATH = '/arn%3Aaws%3Acloudformation%3A';

/** Creates one server for all services. The credential scope of the signature selects the service. */
export function createDeployServer(options: DeployServerOptions): Server {
  const services = new Map(options.services.map((service) => [service.signingName, service]));
  return createServer((request, response) => {
    const requestId = randomUUID();
    answer(options, services, request, requestId).then(
      (answered) => write(request, response, answered, requestId),
      (error: Error) => write(request, response, { statusCode: 500, body: error.message }, requestId),
    );
  });
}

async function answer(
  options: DeployServerOptions,
  services: ReadonlyMap<string, Service>,
  request: IncomingMessage,
  requestId: string,
): Promise<Omit<ServiceResponse, 'operation'>> {
  if (!namesThisServer(request)) {
    return { statusCode: 403, body: 'This service answers on loopback addresses only.' };
  }
  if (request.headers.origin !== undefined && !isLoopbackOrigin(request.headers.origin)) {
    return { statusCode: 403, body: 'This service answers pages of loopback hosts only.' };
  }
  if (request.url!.startsWith(RESPONSE_URL_PATH)) return customResourceResponse(options, request, requestId);
  const { authorization = '' } = request.headers;
  const unsigned = authorization ? undefined : await options.tokenEndpoint.answer(request);
  if (unsigned) return unsigned;
  const signingName = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(authorization)?.[1];
  const service = services.get(signingName ?? '') ?? otherService(signingName ?? 'unsigned request', options.upstream);
  let operation = `${request.method} ${request.url!.split('?')[0]}`;
  try {
    const verification = {
      identities: options.identities,
      service: service.signingName,
      region: options.region,
      now: options.clock.now(),
      errors: service.errors,
    };
    const early = options.verifySignatures ? refusalBeforeBody(request, verification) : undefined;
    if (early) {
      // A connection that closes before the end of a short body hides the response from the caller.
      await readBody(request, MAXIMUM_UNVERIFIED_BODY_BYTES).catch(() => {});
      throw early;
    }
    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    const verified = verifySignature(request, { ...verification, body });
    if (verified.refusal && options.verifySignatures) throw verified.refusal;
    const { pathname, searchParams } = new URL(request.url!, 'http://127.0.0.1');
    const answered = await service.handle({
      method: request.method!,
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body,
      identity: verified.refusal ? options.identities.administrator : verified.identity,
      requestId,
    });
    options.log({
      kind: 'request',
      service: service.signingName,
      operation: answered.operation,
      statusCode: answered.statusCode,
      errorCode: answered.errorCode,
    });
    return answered;
  } catch (error) {
    operation = (error as { operation?: string }).operation ?? operation;
    // The status is not 500, because the SDKs retry server errors for a minute.
    const refusal =
      error instanceof ServiceError
        ? error
        : new ServiceError('InternalFailure', `The local service failed: ${(error as Error).stack}`);
    options.log({
      kind: 'request',
      service: service.signingName,
      operation,
      statusCode: refusal.status,
      errorCode: refusal.code,
    });
    return service.refuse(refusal, requestId);
  }
}

/** Accepts a PUT to a ResponseURL as S3 does, independently of CloudFormation's use of the response. */
async function customResourceResponse(
  { customResources }: DeployServerOptions,
  request: IncomingMessage,
  requestId: string,
): Promise<Omit<ServiceResponse, 'operation'>> {
  const refuse = (statusCode: number, code: string) => ({
    statusCode,
    headers: { 'content-type': 'application/xml' },
    body: `<Error><Code>${code}</Code><RequestId>${requestId}</RequestId></Error>`,
  });
  if (request.method !== 'PUT') return refuse(403, 'SignatureDoesNotMatch');
  if (request.headers['transfer-encoding'] !== undefined) return refuse(501, 'NotImplemented');
  const body = await readBody(request, MAXIMUM_UNVERIFIED_BODY_BYTES).catch(() => undefined);
  if (!body) return refuse(400, 'EntityTooLarge');
  customResources.respond(request.url!, body);
  return { statusCode: 200 };
}

/** Returns a service that is not here. Another emulator answers its requests if there is one. */
function otherService(signingName: string, upstream: string | undefined): Service {
  return {
    signingName,
    errors: 'json',
    handle: async (request) => {
      const target = request.headers['x-amz-target'];
      const operation =
        (target === undefined ? undefined : String(target).split('.').pop())
        ?? /(?:^|&)Action=(\w+)/.exec(request.body.toString('utf8'))?.[1]
        ?? `${request.method} ${request.path}`;
      if (upstream !== undefined) return { ...(await forward(upstream, request)), operation };
      throw Object.assign(
        notImplemented(
          signingName,
          operation,
          ' To send it to another AWS emulator, set the option upstream (--upstream) to the address of the emulator.',
        ),
        { operation },
      );
    },
    refuse: ({ code, message, status: statusCode }) => ({
      statusCode,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
      body: JSON.stringify({ __type: code, message, Message: message }),
    }),
  };
}

/** The headers of a connection, which are not forwarded. */
const connectionHeaders = ['connection', 'content-length', 'expect', 'host', 'keep-alive', 'transfer-encoding'];

/** Sends a request to another emulator, with the signature of the caller. Emulators accept all credentials. */
async function forward(upstream: string, request: ServiceRequest): Promise<Omit<ServiceResponse, 'operation'>> {
  const query = request.query.toString().replace(/\+/g, '%20'); // as it is signed
  const headers = Object.entries(request.headers).filter(([name]) => !connectionHeaders.includes(name));
  let response: Response;
  try {
    response = await fetch(new URL(request.path + (query ? `?${query}` : ''), upstream), {
      method: request.method,
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
      ...(request.body.length ? { body: new Uint8Array(request.body) } : {}),
      redirect: 'manual',
    });
  } catch (error) {
    const { message, cause } = error as Error & { readonly cause?: Error };
    throw new ServiceError('ServiceUnavailable', `${upstream} does not respond: ${cause?.message ?? message}`, 400);
  }
  // fetch has decoded the body.
  const dropped = [...connectionHeaders, 'content-encoding'];
  const kept = [...response.headers].filter(([name]) => !dropped.includes(name));
  return {
    statusCode: response.status,
    headers: Object.fromEntries(kept),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { statusCode, headers, body = '' }: Omit<ServiceResponse, 'operation'>,
  requestId: string,
): void {
  if (!request.complete) response.setHeader('connection', 'close'); // does not wait for the rest of the body
  response.writeHead(statusCode, { 'x-amzn-requestid': requestId, 'x-amz-request-id': requestId, ...headers });
  response.end(body);
}
