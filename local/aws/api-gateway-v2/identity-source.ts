import { queryStringOf, type FunctionRequest } from '../lambda/payload-format-2';

const pattern = /^\$(request\.header|request\.querystring|context|stageVariables)\.(.+)$/;

/** Returns whether a text is a valid identity source of an authorizer, such as `$request.header.Authorization`. */
export function isIdentitySource(source: string): boolean {
  return pattern.test(source);
}

/** Returns the value of an identity source of an authorizer, or undefined if the request does not have it. */
export function identitySourceValue(source: string, request: FunctionRequest): string | undefined {
  const [, kind, name = ''] = pattern.exec(source) ?? [];
  if (kind === 'request.header') return request.message.headersDistinct[name.toLowerCase()]?.join(',');
  if (kind === 'request.querystring') {
    return new URLSearchParams(queryStringOf(request.message)).getAll(name).join(',') || undefined;
  }
  if (kind === 'stageVariables') return request.stageVariables?.[name];
  const context: { readonly [name: string]: string | undefined } = {
    'routeKey': request.routeKey,
    'stage': request.stage,
    'httpMethod': request.message.method,
    'path': request.rawPath,
    'apiId': request.apiId,
    'accountId': request.accountId,
    'domainName': request.domainName,
    'identity.sourceIp': '127.0.0.1',
    'identity.userAgent': request.message.headers['user-agent'],
  };
  return Object.hasOwn(context, name) ? context[name] : undefined;
}
