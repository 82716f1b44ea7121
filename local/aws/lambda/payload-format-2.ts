import type { IncomingMessage } from 'node:http';
import type { Identity } from '../http/identities';

/** A request to a function URL or to an HTTP API. */
export interface FunctionRequest {
  readonly message: IncomingMessage;
  readonly body: Buffer;
  readonly requestId: string;
  readonly accountId: string;
  /** The ID of the API or of the function URL. */
  readonly apiId: string;
  readonly domainName: string;
  readonly time: Date;
  readonly rawPath: string;
  readonly routeKey: string;
  readonly stage: string;
  readonly authorizer?: { readonly [kind: string]: unknown };
  readonly pathParameters?: StringMap;
  readonly stageVariables?: StringMap;
  /** Additional headers. */
  readonly headers?: StringMap;
}

export type StringMap = { readonly [name: string]: string };

/** The HTTP response for the return value of a function. */
export interface FunctionResponse {
  readonly statusCode: number;
  readonly headers: StringMap;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

const textual = /^(text\/|application\/(json|javascript|xml|[\w.+-]+\+(json|xml))\b)/i;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Creates the event of a request, in payload format version 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(request: FunctionRequest): object {
  const { body, authorizer } = request;
  const isBase64Encoded = body.length > 0 && !isText(request.message);
  return {
    version: '2.0',
    ...requestParts(request),
    requestContext: requestContext(request, authorizer && { authorizer }),
    ...requestVariables(request),
    ...(body.length ? { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') } : {}),
    isBase64Encoded,
  };
}

/** Returns the parts of a request that the events of integrations and of Lambda authorizers share. */
export function requestParts(request: FunctionRequest) {
  const { message, routeKey, rawPath } = request;
  const rawQueryString = queryStringOf(message);
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    query.set(name, query.has(name) ? `${query.get(name)},${value}` : value);
  }
  const { cookie } = message.headers;
  return {
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers: eventHeaders(request),
    ...(query.size ? { queryStringParameters: Object.fromEntries(query) } : {}),
  };
}

/** Returns the path parameters and the stage variables of an event. An event has no empty maps. */
export function requestVariables({ pathParameters = {}, stageVariables = {} }: FunctionRequest) {
  return {
    ...(Object.keys(pathParameters).length ? { pathParameters } : {}),
    ...(Object.keys(stageVariables).length ? { stageVariables } : {}),
  };
}

/** Returns the headers of an event: names in lower case, and values of the same name joined by a comma. */
function eventHeaders({ message, domainName, headers }: FunctionRequest): StringMap {
  const { rawHeaders } = message;
  const joined = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    const value = rawHeaders[index + 1]!;
    if (name !== 'cookie') joined.set(name, joined.has(name) ? `${joined.get(name)},${value}` : value);
  }
  return {
    ...Object.fromEntries(joined),
    ...headers,
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': domainName.split(':')[1] ?? '80',
  };
}

/** Returns the request context of an event, with additional members. */
export function requestContext(request: FunctionRequest, more: object = {}) {
  const { message, accountId, apiId, domainName, rawPath, requestId, routeKey, stage, time } = request;
  return {
    accountId,
    apiId,
    ...more,
    domainName,
    domainPrefix: apiId,
    http: {
      method: message.method,
      path: rawPath,
      protocol: `HTTP/${message.httpVersion}`,
      sourceIp: '127.0.0.1',
      userAgent: message.headers['user-agent'] ?? '',
    },
    requestId,
    routeKey,
    stage,
    time: commonLogTime(time),
    timeEpoch: time.getTime(),
  };
}

/** Returns the member `authorizer.iam` of a request context. */
export function iamAuthorizer({ accessKeyId, accountId, arn }: Pick<Identity, 'accessKeyId' | 'accountId' | 'arn'>) {
  return {
    accessKey: accessKeyId,
    accountId,
    callerId: accessKeyId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId: accessKeyId,
  };
}

/** Converts the return value of a function to a response. Returns undefined if it is not valid. */
export function httpResponse(payload: string, defaultContentType = 'application/json'): FunctionResponse | undefined {
  const answer: unknown = JSON.parse(payload);
  const isResponse = typeof answer === 'object' && answer !== null && 'statusCode' in answer;
  if (!isResponse) {
    const body = typeof answer === 'string' ? answer : payload;
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(body) };
  }
  const {
    statusCode,
    headers,
    cookies,
    body,
    isBase64Encoded,
  } = answer as {
    statusCode: unknown;
    headers?: { [name: string]: unknown } | null;
    cookies?: unknown;
    body?: unknown;
    isBase64Encoded?: boolean;
  };
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return {
    statusCode: status,
    headers: {
      'content-type': defaultContentType,
      ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)])),
    },
    cookies: Array.isArray(cookies) ? cookies.map(String) : [],
    body: Buffer.from(body === undefined || body === null ? '' : text, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Splits a request target into the path and the query string. */
export function splitTarget({ url = '/' }: IncomingMessage): [path: string, queryString: string] {
  const [path = '/', queryString = ''] = url.split(/\?(.*)/s);
  return [path, queryString];
}

export const queryStringOf = (message: IncomingMessage) => splitTarget(message)[1];

/** Returns whether the body of a request is text. Other bodies are base64-encoded. */
export function isText({ headers }: IncomingMessage): boolean {
  return textual.test(headers['content-type'] ?? '');
}

/** Formats a time as in the Common Log Format, such as `22/Nov/2026:10:00:00 +0000`. */
export function commonLogTime(time: Date): string {
  const [year, , day] = time.toISOString().slice(0, 10).split('-');
  return `${day}/${months[time.getUTCMonth()]}/${year}:${time.toISOString().slice(11, 19)} +0000`;
}
