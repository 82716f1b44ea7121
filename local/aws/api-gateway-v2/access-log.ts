import { commonLogTime, type FunctionResponse } from '../lambda/payload-format-2';
import type { Clock } from '../../clock';
import type { Exchange } from './exchange';

/** The values of the `$context` variables of a request, by name. */
export type ContextVariables = { readonly [name: string]: unknown };

/**
 * Formats a line of the access log. A variable without a value becomes `-`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function accessLogLine(format: string, variables: ContextVariables): string {
  return format.replace(/\$context\.([A-Za-z0-9_.:-]*[A-Za-z0-9_])/g, (_, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    // A value must not end the text of a JSON format.
    return value === undefined || value === '' ? '-' : JSON.stringify(String(value)).slice(1, -1);
  });
}

/**
 * Returns the `$context` variables of a request and its response.
 *
 * @param reason The reason why API Gateway refused the request, if it did.
 */
export function contextVariables(
  exchange: Exchange,
  answer: FunctionResponse,
  reason: string | undefined,
  { accountId, clock }: { readonly accountId: string; readonly clock: Clock },
): ContextVariables {
  const { message, route, stage, api, requestId, integration, authorizer } = exchange;
  const { jwt, lambda, iam } = (authorizer ?? {}) as { readonly [kind: string]: any };
  const isAuthorized = authorizer !== undefined || route?.authorizationType === 'NONE';
  // Other errors are responses of the function.
  const error = integration && integration.error === undefined ? undefined : messageOf(answer);
  const now = clock.now();
  return {
    'accountId': accountId,
    'apiId': api.id,
    'domainName': new URL(api.endpoint).host,
    'domainPrefix': api.id,
    'requestId': requestId,
    'extendedRequestId': requestId,
    'requestTime': commonLogTime(new Date(exchange.began)),
    'requestTimeEpoch': exchange.began,
    'httpMethod': message.method,
    'path': exchange.path,
    'protocol': `HTTP/${message.httpVersion}`,
    'routeKey': route?.key.text,
    'stage': stage?.name,
    'status': answer.statusCode,
    'responseLength': exchange.responseLength,
    'responseLatency': now - exchange.began,
    'identity.sourceIp': '127.0.0.1',
    'identity.userAgent': message.headers['user-agent'],
    'identity.accountId': iam?.accountId,
    'identity.caller': iam?.callerId,
    'identity.user': iam?.userId,
    'identity.userArn': iam?.userArn,
    ...prefixed('authorizer.claims', jwt?.claims),
    ...prefixed('authorizer', lambda),
    'authorizer.error': isAuthorized ? undefined : reason,
    'error.message': error,
    'error.messageString': error,
    'integrationStatus': integration?.status,
    'integration.integrationStatus': integration?.status,
    'integration.status': integration && 200,
    'integrationLatency': integration?.latency,
    'integration.latency': integration?.latency,
    'integrationErrorMessage': integration?.error,
    'integration.error': integration?.error,
  };
}

function prefixed(prefix: string, values: { readonly [name: string]: unknown } | null | undefined) {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [`${prefix}.${name}`, value]));
}

/** Returns the message of a response of API Gateway itself. */
function messageOf({ body }: FunctionResponse): string {
  return (JSON.parse(body.toString()) as { readonly message: string }).message;
}
