import type { IncomingHttpHeaders } from 'node:http';

/** The CORS configuration of a function URL or of an HTTP API. */
export interface CorsConfiguration {
  readonly AllowCredentials?: boolean;
  readonly AllowHeaders?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowOrigins?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  /** The cache time of a preflight response, in seconds. */
  readonly MaxAge?: number;
}

type Headers = { readonly [name: string]: string };

/** Returns whether the request is a preflight request, which the service answers without the function. */
export function isPreflight(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** Returns the headers of a preflight response. There are none if the origin, method or a header is not allowed. */
export function preflightHeaders(cors: CorsConfiguration, headers: IncomingHttpHeaders): Headers {
  const origin = originHeaders(cors, headers.origin);
  const method = headers['access-control-request-method'];
  const requested = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const allowed = cors.AllowHeaders ?? [];
  const lowerCase = allowed.map((name) => name.toLowerCase());
  const methods = cors.AllowMethods ?? [];
  const methodAllowed = methods.some((name) => name === '*' || name === method);
  if (
    !origin
    || !methodAllowed
    || !requested.every((name) => lowerCase.includes('*') || lowerCase.includes(name.toLowerCase()))
  ) {
    return {};
  }

  const allowHeaders = lowerCase.includes('*') ? requested : allowed;
  return {
    ...origin,
    'access-control-allow-methods': methods.join(','),
    ...(requested.length ? { 'access-control-allow-headers': allowHeaders.join(',') } : {}),
    ...(cors.MaxAge === undefined ? {} : { 'access-control-max-age': String(cors.MaxAge) }),
  };
}

/** Returns the CORS headers that the service adds to the response of the function. */
export function responseCorsHeaders(cors: CorsConfiguration, headers: IncomingHttpHeaders): Headers {
  const origin = originHeaders(cors, headers.origin);
  if (!origin) return {};
  return {
    ...origin,
    ...(cors.ExposeHeaders?.length ? { 'access-control-expose-headers': cors.ExposeHeaders.join(',') } : {}),
  };
}

function originHeaders(cors: CorsConfiguration, origin: string | undefined): Headers | undefined {
  if (origin === undefined) return undefined;
  const origins = cors.AllowOrigins ?? [];
  const anyOf = origins.find((pattern) => pattern === '*');
  const matches =
    anyOf
    ?? origins.find(
      (pattern) => pattern === origin || (pattern.endsWith('://*') && origin.startsWith(pattern.slice(0, -1))),
    );
  if (matches === undefined) return undefined;
  const credentials = String(cors.AllowCredentials) === 'true';
  return {
    'access-control-allow-origin': anyOf && !credentials ? '*' : origin,
    ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    'vary': 'Origin',
  };
}
