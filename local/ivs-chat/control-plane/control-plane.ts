import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { check } from '../../../src/contract/check';
import * as contract from '../../../src/contract/generated/operations';
import type { Operation } from '../../../src/contract/operation';
import type { Shape } from '../../../src/contract/shape';
import type { Identities, Identity } from '../../aws/http/identities';
import { verifySignature } from '../../aws/http/verify-signature';
import type { Caller } from './authorize';
import * as loggingConfigurationOperations from './logging-configuration-operations';
import * as messagingOperations from './messaging-operations';
import { parseJson } from '../parse-json';
import type { FaultKind } from '../faults';
import { requestRate } from '../quotas';
import { readBody } from '../../aws/http/read-body';
import type { RequestLog } from '../request-log';
import * as roomOperations from './room-operations';
import type { OperationHandler, ServiceState } from '../service-state';
import { ServiceError } from '../../aws/http/service-error';
import { IvsChatError } from './ivs-chat-error';
import * as tagOperations from './tag-operations';

const handlers = {
  ...roomOperations,
  ...loggingConfigurationOperations,
  ...messagingOperations,
  ...tagOperations,
} as unknown as {
  readonly [operation: string]: OperationHandler<object>;
};
const operations: readonly Operation[] = Object.values(contract);
/** The limit is larger than any valid request, such as one with 50 escaped tags of 128 + 256 characters. */
const MAXIMUM_BODY_BYTES = 256 * 1024;
/** The input of larger requests is not kept for the console. */
const REMEMBERED_BODY_BYTES = 16 * 1024;

export interface ControlPlaneOptions {
  readonly identities: Identities;
  readonly regions: readonly string[];
  /** The caller of all requests when signatures are not verified. Undefined to verify signatures. */
  readonly anybody?: Identity;
  readonly defaultRegion: string;
  readonly log: RequestLog;
}

/** Handles the requests of the 17 operations. */
export class ControlPlane {
  constructor(
    private readonly service: ServiceState,
    private readonly options: ControlPlaneOptions,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const started = performance.now();
    let operation: Operation | undefined;
    let caller: Caller | undefined;
    let error: ServiceError | undefined;
    let fault: FaultKind | undefined;
    let input: object | undefined;
    let output: object | undefined;
    response.setHeader('x-amzn-RequestId', requestId);
    try {
      operation = route(request);
      const body = await readBody(request, MAXIMUM_BODY_BYTES);
      caller = this.authenticate(request, body);
      if (!operation) {
        throw IvsChatError.invalidRequest(
          'UNKNOWN_OPERATION',
          `There is no operation ${request.method} ${pathOf(request)}`,
        );
      }
      await this.faultsBefore(operation.name, response);
      this.throttle(operation.name, caller);
      const given = parseInput(operation, request, body);
      input = body.length > REMEMBERED_BODY_BYTES ? { note: `${body.length} bytes, which are not kept` } : given;
      output = (await this.perform(operation, caller, given)) ?? undefined;
      if (this.service.faults.take('lostResponse', operation.name)) throw new InjectedFault('lostResponse');
      response.statusCode = operation.status;
      if (operation.output) {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(output));
      } else {
        response.end();
      }
    } catch (thrown) {
      fault = thrown instanceof InjectedFault ? thrown.kind : undefined;
      const refusal = thrown instanceof InjectedFault ? thrown.refusal : thrown;
      if (refusal === undefined) {
        request.socket.destroy();
      } else {
        if (!(refusal instanceof ServiceError)) this.options.log.unexpected(refusal);
        error =
          refusal instanceof ServiceError
            ? refusal
            : new IvsChatError('InternalServerException', 'An unexpected error occurred');
        answerWithError(request, response, error);
      }
    }

    this.options.log.add({
      time: new Date(this.service.clock.now()).toISOString(),
      requestId,
      operation: operation?.name ?? `${request.method} (unknown)`,
      status: response.writableEnded ? response.statusCode : 0,
      error: error?.code,
      caller: caller?.identity.arn,
      milliseconds: Math.round((performance.now() - started) * 100) / 100,
    }, {
      region: caller?.region,
      input,
      output: error ? { message: error.message, ...error.members } : output,
      message: error?.message,
      fault,
    });
  }

  /** Performs an operation without an HTTP request. @throws ServiceError */
  async call(name: string, caller: Caller, input: object): Promise<object> {
    const operation = operations.find((known) => known.name === name);
    if (!operation) throw IvsChatError.invalidRequest('UNKNOWN_OPERATION', `There is no operation ${name}`);
    return JSON.parse(JSON.stringify((await this.perform(operation, caller, { ...input })) ?? {}));
  }

  private async perform(
    operation: Operation,
    caller: Caller,
    input: { [member: string]: unknown },
  ): Promise<object | void> {
    const problems = [...check(operation.input, input), ...reservedTagKeys(input)];
    if (problems.length) throw IvsChatError.invalidFields(problems);
    return handlers[operation.name]!(this.service, caller, withoutNulls(operation.input, input) as object);
  }

  private authenticate(request: IncomingMessage, body: Buffer): Caller {
    const { anybody, defaultRegion, identities, regions } = this.options;
    if (anybody) {
      return {
        identity: anybody,
        region:
          /\/\d{8}\/([a-z0-9-]+)\/ivschat\/aws4_request/.exec(request.headers.authorization ?? '')?.[1]
          ?? defaultRegion,
      };
    }
    const verified = verifySignature(request, { identities, body, service: 'ivschat', now: this.service.clock.now() });
    if (verified.refusal) throw verified.refusal;
    if (!regions.includes(verified.region)) {
      throw new ServiceError(
        'InvalidSignatureException',
        `Credential should be scoped to a valid region: one of ${regions.join(', ')}.`,
        403,
      );
    }
    return verified;
  }

  private async faultsBefore(operation: string, response: ServerResponse): Promise<void> {
    const { faults, clock } = this.service;
    const slow = faults.take('latency', operation);
    if (slow) {
      await new Promise<void>((resolve) => {
        const timer = clock.setTimeout(resolve, slow.milliseconds ?? 1000);
        response.once('close', () => { // not of the socket, which the next request uses, too
          clock.clearTimeout(timer);
          resolve();
        });
      });
    }
    const fail = (kind: FaultKind, refusal?: () => ServiceError) => {
      if (faults.take(kind, operation)) throw new InjectedFault(kind, refusal?.());
    };
    fail('lostRequest');
    fail('expiredToken', () => new ServiceError(
      'ExpiredTokenException', 'The security token included in the request is expired', 403,
    ));
    fail('serverError', () => new IvsChatError('InternalServerException', 'Internal server error'));
    fail('throttle', () => IvsChatError.throttled('', 'Rate exceeded', requestRate(operation)));
  }

  private throttle(operation: string, { identity, region }: Caller): void {
    if (!this.service.quotas.requestRates) return;
    const allowed = this.service.rates.take(
      `request ${identity.accountId} ${region} ${operation}`,
      requestRate(operation),
    );
    if (!allowed) throw IvsChatError.throttled('', 'Rate exceeded', requestRate(operation));
  }
}

/** The end of a request because of a fault. */
class InjectedFault extends Error {
  /** @param refusal The response. Undefined to close the connection without a response. */
  constructor(readonly kind: FaultKind, readonly refusal?: ServiceError) {
    super(`An injected fault: ${kind}`);
  }
}

const pathOf = (request: IncomingMessage) => request.url!.split('?', 1)[0]!;

function route(request: IncomingMessage): Operation | undefined {
  const path = pathOf(request);
  const at = path.startsWith('/tags/') ? '/tags/{resourceArn}' : path;
  return operations.find((operation) => operation.path === at && operation.method === request.method);
}

function parseInput(operation: Operation, request: IncomingMessage, body: Buffer): { [member: string]: unknown } {
  let input: { [member: string]: unknown } = {};
  if (operation.method === 'POST') {
    const mediaType = request.headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase();
    if (mediaType !== undefined && mediaType !== 'application/json') {
      throw new ServiceError('UnsupportedMediaTypeException', 'The content-type must be application/json', 415);
    }
    const parsed = body.length ? parseJson(body) : {};
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw IvsChatError.invalidRequest('OTHER', 'The body must be a JSON object in UTF-8, nested no deeper than 32');
    }
    input = { ...parsed }; // unlike Object.assign, this keeps a member named __proto__
  }
  const [path, query] = request.url!.split('?', 2) as [string, string | undefined];
  if (path.startsWith('/tags/')) {
    try {
      input.resourceArn = decodeURIComponent(path.slice('/tags/'.length));
    } catch {
      throw IvsChatError.invalidFields([{ path: 'resourceArn', message: 'must be percent-encoded UTF-8' }]);
    }
  }
  if (operation.query) {
    const values = new URLSearchParams(query ?? '').getAll(operation.query);
    if (values.length) input[operation.query] = values;
  }
  return input;
}

/** Removes null members, which are the same as missing members. */
function withoutNulls(shape: Shape, value: unknown): unknown {
  if (shape.type !== 'structure') return value;
  const given = Object.entries(value as object).filter(
    ([member, memberValue]) => Object.hasOwn(shape.members, member) && memberValue !== null,
  );
  return Object.fromEntries(
    given.map(([member, memberValue]) => [member, withoutNulls(shape.members[member]!, memberValue)]),
  );
}

/** Returns the problems of tag keys with the reserved prefix `aws:`. The service model does not contain this rule. */
function reservedTagKeys({ tags, tagKeys }: { [member: string]: unknown }) {
  const keysOfTags = tags && typeof tags === 'object' ? Object.keys(tags) : [];
  const keys = Array.isArray(tagKeys) ? tagKeys : keysOfTags;
  return keys.filter((key) => typeof key === 'string' && /^aws:/i.test(key))
    .map((key) => ({ path: `tags.${key}`, message: 'must not begin with aws:, which is a reserved prefix' }));
}

function answerWithError(request: IncomingMessage, response: ServerResponse, error: ServiceError): void {
  if (response.writableEnded || response.destroyed) return;
  response.statusCode = error.status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-amzn-ErrorType', error.code);
  if (!request.complete) response.setHeader('connection', 'close'); // does not wait for the rest of the body
  response.end(JSON.stringify({ message: error.message, ...error.members }));
}
