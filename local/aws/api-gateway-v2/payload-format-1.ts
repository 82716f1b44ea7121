import {
  commonLogTime,
  httpResponse,
  isText,
  queryStringOf,
  requestParts,
  type FunctionRequest,
  type FunctionResponse,
} from '../lambda/payload-format-2';

/**
 * Creates the event of a request to an HTTP API, in payload format version 1.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent1(request: FunctionRequest): object {
  const { message, body, authorizer, routeKey, rawPath } = request;
  const isBase64Encoded = body.length > 0 && !isText(message);
  return {
    version: '1.0',
    resource: resourceOf(routeKey),
    path: rawPath,
    httpMethod: message.method,
    ...multiValueParts(request),
    requestContext: requestContext1(request, authorizer),
    ...requestVariables1(request),
    body: body.length ? body.toString(isBase64Encoded ? 'base64' : 'utf8') : null,
    isBase64Encoded,
  };
}

/** Returns the headers and the query string of an event in payload format version 1.0. */
export function multiValueParts(request: FunctionRequest) {
  const { message } = request;
  const { headers } = requestParts(request);
  const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  for (const [name, values] of Object.entries(message.headersDistinct)) if (values) multiValueHeaders[name] = values;
  const query = new URLSearchParams(queryStringOf(message));
  const names = [...new Set(query.keys())];
  return {
    headers: Object.fromEntries(Object.entries(multiValueHeaders).map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders,
    queryStringParameters: names.length
      ? Object.fromEntries(names.map((name) => [name, query.getAll(name).at(-1)]))
      : null,
    multiValueQueryStringParameters: names.length
      ? Object.fromEntries(names.map((name) => [name, query.getAll(name)]))
      : null,
  };
}

/** Returns the path parameters and the stage variables of an event in payload format version 1.0. */
export function requestVariables1({ pathParameters = {}, stageVariables = {} }: FunctionRequest) {
  return {
    pathParameters: Object.keys(pathParameters).length ? pathParameters : null,
    stageVariables: Object.keys(stageVariables).length ? stageVariables : null,
  };
}

/** Returns the request context of an event in payload format version 1.0. */
export function requestContext1(request: FunctionRequest, authorizer?: FunctionRequest['authorizer']) {
  const { message, rawPath, routeKey, accountId, apiId, domainName, requestId, stage, time } = request;
  const { jwt, lambda, iam } = (authorizer ?? {}) as { readonly [kind: string]: any };
  return {
    accountId,
    apiId,
    ...(jwt ?? lambda ? { authorizer: jwt ?? lambda } : {}),
    domainName,
    domainPrefix: apiId,
    extendedRequestId: requestId,
    httpMethod: message.method,
    identity: {
      accessKey: iam?.accessKey ?? null,
      accountId: iam?.accountId ?? null,
      caller: iam?.callerId ?? null,
      cognitoAmr: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: '127.0.0.1',
      user: iam?.userId ?? null,
      userAgent: message.headers['user-agent'] ?? '',
      userArn: iam?.userArn ?? null,
    },
    path: rawPath,
    protocol: `HTTP/${message.httpVersion}`,
    requestId,
    requestTime: commonLogTime(time),
    requestTimeEpoch: time.getTime(),
    resourceId: routeKey,
    resourcePath: resourceOf(routeKey),
    stage,
  };
}

/** Converts the result of a function in payload format version 1.0. Returns undefined if it is not valid. */
export function httpResponse1(payload: string): FunctionResponse | undefined {
  const answer: unknown = JSON.parse(payload);
  // Only payload format version 2.0 infers the status code.
  if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) return undefined;
  const response = httpResponse(payload, 'text/plain;charset=UTF-8');
  const { multiValueHeaders } = answer as { readonly multiValueHeaders?: { readonly [name: string]: unknown[] } };
  if (!response || !multiValueHeaders) return response;

  const headers: { [name: string]: string } = { ...response.headers };
  const cookies = [...response.cookies];
  for (const [name, values] of Object.entries(multiValueHeaders)) {
    const texts = [values].flat().map(String);
    if (name.toLowerCase() === 'set-cookie') cookies.push(...texts);
    else headers[name.toLowerCase()] = texts.join(',');
  }
  return { ...response, headers, cookies };
}

const resourceOf = (routeKey: string) => routeKey.replace(/^\S+ /, '');
