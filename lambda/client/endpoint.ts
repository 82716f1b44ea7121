import type { Provider } from './types';

/** The address that requests are sent to. */
export interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** Without a trailing slash. */
  readonly path: string;
  /** The headers of every request without and with a body. They are created once, so that signing recognizes them. */
  readonly headers: { readonly bodiless: Record<string, string>; readonly json: Record<string, string> };
}

const headersOf = (host: string) => ({ bodiless: { host }, json: { host, 'content-type': 'application/json' } });

/** Returns the endpoint of the service in a Region. */
export function regionalEndpoint(region: string, fips: boolean, dualstack: boolean): Endpoint {
  // The Region must be a single label of a host name, so that input from outside cannot choose the host.
  if (!/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/.test(region)) {
    throw new Error(`region must be a Region such as us-west-2, got ${JSON.stringify(region)}`);
  }
  // The service exists in the partition `aws` only. Some versions of React Native cannot read a URL, so none is used.
  const hostname = `ivschat${fips ? '-fips' : ''}.${region}.${dualstack ? 'api.aws' : 'amazonaws.com'}`;
  return { protocol: 'https:', hostname, path: '', headers: headersOf(hostname) };
}

interface Address { protocol: string; hostname: string; port?: number; path: string }

/** The forms of the option `endpoint`: an address, or the object forms that the AWS SDK accepts. */
export type EndpointInput = string | URL | Address | { url: URL };

/** @throws if the address is not HTTPS, unless it is a loopback address. */
export function parseEndpoint(input: EndpointInput): Endpoint {
  const address = (input as { url?: URL }).url ?? input as Exclude<EndpointInput, { url: URL }>;
  let url: URL;
  try {
    const { protocol, hostname, port, path } = address as Address;
    url = new URL(path === undefined ? address as URL : `${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
  } catch {
    throw new Error('endpoint must be an address such as https://ivschat.us-west-2.amazonaws.com');
  }
  const { protocol, hostname, port, pathname, host } = url;
  if (protocol !== 'https:' && !(protocol === 'http:' && /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))) {
    throw new Error(`endpoint must be https:// (http:// only on this machine), got ${protocol}//${host}`);
  }
  return { protocol, hostname, port: Number(port) || undefined, path: pathname.replace(/\/+$/, ''), headers: headersOf(host) };
}

/** The environment variables with the endpoint of the service, in the order in which all AWS SDKs read them. */
export function endpointOfEnvironment(environment: Record<string, string | undefined>): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return environment.AWS_ENDPOINT_URL_IVSCHAT || environment.AWS_ENDPOINT_URL || undefined;
}

/** Resolves the endpoint of a client, once if it cannot change. */
export function endpointProvider(
  endpoint: EndpointInput | Provider<EndpointInput> | undefined,
  region: Provider<string>,
  useFipsEndpoint: Provider<boolean>,
  useDualstackEndpoint: Provider<boolean>,
): Provider<Endpoint> {
  if (typeof endpoint === 'function') return async () => parseEndpoint(await endpoint());
  const settle = async () => {
    const fips = await useFipsEndpoint();
    const dualstack = await useDualstackEndpoint();
    if (endpoint === undefined) return regionalEndpoint(await region(), fips, dualstack);
    if (fips || dualstack) throw new Error('useFipsEndpoint and useDualstackEndpoint are for AWS\'s own endpoints; leave them out with `endpoint`');
    return parseEndpoint(endpoint);
  };
  let settled: Promise<Endpoint> | undefined;
  return () => settled ??= settle().catch((error) => {
    settled = undefined; // the provider of the Region can succeed next time
    throw error;
  });
}
