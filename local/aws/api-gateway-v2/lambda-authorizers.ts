import type { Clock } from '../../clock';
import { allows, type PolicyDocument } from '../iam/policy-evaluation';
import { requestContext, requestParts, requestVariables, type FunctionRequest } from '../lambda/payload-format-2';
import type { LambdaAuthorizer } from './http-api';
import { multiValueParts, requestContext1, requestVariables1 } from './payload-format-1';

/** The decision of a Lambda authorizer. */
export interface LambdaDecision {
  readonly isAuthorized: boolean;
  readonly context: { readonly [name: string]: unknown } | null;
}

export interface LambdaAuthorizationInput {
  readonly authorizer: LambdaAuthorizer;
  readonly request: FunctionRequest;
  /** The ARN of the requested route, such as `arn:aws:execute-api:us-west-2:123456789012:abc/$default/GET/rooms`. */
  readonly routeArn: string;
  readonly identitySource: readonly string[];
  /** Invokes the function and returns its result as JSON. */
  invoke(event: object): Promise<string>;
}

const MAXIMUM_CACHED_RESULTS = 1000;

/** The Lambda authorizers of HTTP APIs, with their cached results. */
export class LambdaAuthorizers {
  private readonly cached = new Map<string, { readonly answer: unknown; readonly expiry: number }>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** @throws if the function fails or returns an invalid response. */
  async authorize(input: LambdaAuthorizationInput): Promise<LambdaDecision> {
    const { authorizer, routeArn, identitySource, request } = input;
    const now = this.clock.now();
    const isCached = identitySource.length > 0;
    // The route is not a part of the key, so a result without a policy decides for all routes.
    const key = JSON.stringify([request.apiId, request.stage, authorizer.id, ...identitySource]);
    const found = isCached ? this.cached.get(key) : undefined;
    if (found && found.expiry > now) return decisionOf(found.answer, authorizer, routeArn);

    const event = authorizer.payloadFormatVersion === '2.0' ? event2(input) : event1(input);
    const answer: unknown = JSON.parse(await input.invoke(event));
    const decision = decisionOf(answer, authorizer, routeArn);
    if (isCached) {
      if (this.cached.size >= MAXIMUM_CACHED_RESULTS) this.cached.delete(this.cached.keys().next().value!);
      this.cached.set(key, { answer, expiry: now + authorizer.resultTtlSeconds * 1000 });
    }
    return decision;
  }

  /** Forgets the cached results of an API. */
  forget(apiId: string): void {
    for (const key of this.cached.keys()) if ((JSON.parse(key) as string[])[0] === apiId) this.cached.delete(key);
  }
}

function decisionOf(answer: unknown, { simpleResponses }: LambdaAuthorizer, routeArn: string): LambdaDecision {
  const { isAuthorized, context, policyDocument } = (answer ?? {}) as {
    readonly isAuthorized?: unknown;
    readonly context?: LambdaDecision['context'];
    readonly policyDocument?: PolicyDocument;
  };
  if (simpleResponses) {
    if (typeof isAuthorized !== 'boolean') throw new Error('The response of the Lambda authorizer has no isAuthorized');
    return { isAuthorized, context: context ?? null };
  }
  if (typeof policyDocument !== 'object' || policyDocument === null) {
    throw new Error('The response of the Lambda authorizer has no policyDocument');
  }
  const isAllowed = allows([policyDocument])('execute-api:Invoke', routeArn, {});
  return { isAuthorized: isAllowed, context: context ?? null };
}

function event2({ request, routeArn, identitySource }: LambdaAuthorizationInput) {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn,
    identitySource: identitySource.length ? identitySource : null,
    ...requestParts(request),
    requestContext: requestContext(request),
    ...requestVariables(request),
  };
}

function event1({ request, routeArn, identitySource }: LambdaAuthorizationInput) {
  const { message, rawPath } = request;
  const context = requestContext1(request);
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn: routeArn,
    identitySource: identitySource.join(','),
    authorizationToken: identitySource.join(','),
    resource: context.resourcePath,
    path: rawPath,
    httpMethod: message.method,
    ...multiValueParts(request),
    ...requestVariables1(request),
    requestContext: context,
  };
}
