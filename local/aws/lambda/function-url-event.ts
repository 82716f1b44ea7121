import type { IncomingMessage } from 'node:http';

/** A request to a function URL, with its caller. */
export interface FunctionUrlRequest {
  readonly message: IncomingMessage;
  readonly body: Buffer;
  readonly requestId: string;
  readonly urlId: string;
  readonly domainName: string;
  readonly time: Date;
  /** The caller. Undefined for an anonymous caller. */
  readonly caller?: { readonly accountId: string; readonly arn: string; readonly accessKeyId: string };
}

/** The HTTP response for the return value of a function. */
export interface FunctionUrlResponse {
  readonly statusCode: number;
  readonly headers: { readonly [name: string]: string };
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

const textual = /^(text\/|application\/(json|javascript|xml|[\w.+-]+\+(json|xml))\b)/i;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Creates the event for a request to a function URL, in payload format version 2.0.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function functionUrlEvent({
  message,
  body,
  requestId,
  urlId,
  domainName,
  time,
  caller,
}: FunctionUrlRequest): object {
  const [rawPath = '/', rawQueryString = ''] = (message.url ?? '/').split(/\?(.*)/s);
  const { cookie, ...others } = message.headers;
  const headers = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, [value].flat().join(',')]));
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    query.set(name, query.has(name) ? `${query.get(name)},${value}` : value);
  }
  const encoding = textual.test(message.headers['content-type'] ?? '') ? 'utf8' : 'base64';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers: {
      ...headers,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': domainName.split(':')[1] ?? '80',
    },
    ...(query.size ? { queryStringParameters: Object.fromEntries(query) } : {}),
    requestContext: {
      accountId: caller?.accountId ?? 'anonymous',
      apiId: urlId,
      ...(caller ? { authorizer: { iam: iamAuthorizer(caller) } } : {}),
      domainName,
      domainPrefix: urlId,
      http: {
        method: message.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: message.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(time),
      timeEpoch: time.getTime(),
    },
    ...(body.length ? { body: body.toString(encoding) } : {}),
    isBase64Encoded: body.length > 0 && encoding === 'base64',
  };
}

function iamAuthorizer({ accessKeyId, accountId, arn }: NonNullable<FunctionUrlRequest['caller']>) {
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
export function functionUrlResponse(payload: string): FunctionUrlResponse | undefined {
  const answer: unknown = JSON.parse(payload);
  const isResponse = typeof answer === 'object' && answer !== null && 'statusCode' in answer;
  if (!isResponse) {
    const body = typeof answer === 'string' ? answer : payload;
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(body) };
  }
  const {
    statusCode,
    headers = {},
    cookies = [],
    body = '',
    isBase64Encoded,
  } = answer as {
    statusCode: unknown;
    headers?: { [name: string]: unknown };
    cookies?: string[];
    body?: unknown;
    isBase64Encoded?: boolean;
  };
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
    },
    cookies,
    body: Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Formats a time as in the Common Log Format, such as `22/Nov/2026:10:00:00 +0000`. */
function commonLogTime(time: Date): string {
  const [year, , day] = time.toISOString().slice(0, 10).split('-');
  return `${day}/${months[time.getUTCMonth()]}/${year}:${time.toISOString().slice(11, 19)} +0000`;
}
