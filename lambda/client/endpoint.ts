import type { Provider } from './types';

/** Where requests go. */
export interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** Without a slash at its end. */
  readonly path: string;
  /** What every request carries, without and with a body. Made once, so that signing knows them again. */
  readonly headers: { readonly bodiless: Record<string, string>; readonly json: Record<string, string> };
}

const headersOf = (host: string) => ({ bodiless: { host }, json: { host, 'content-type': 'application/json' } });

/** The service's endpoint in a Region. */
export function regionalEndpoint(region: string, fips: boolean, dualstack: boolean): Endpoint {
  // A label of a host name and nothing else: a Region from outside must not choose the host.
  if (!/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/.test(region)) {
    throw new Error(`region must be a Region such as us-west-2, got ${JSON.stringify(region)}`);
  }
  // The service is in one partition only, `aws`. Without a URL, which not every React Native can read.
  const hostname = `ivschat${fips ? '-fips' : ''}.${region}.${dualstack ? 'api.aws' : 'amazonaws.com'}`;
  return { protocol: 'https:', hostname, path: '', headers: headersOf(hostname) };
}

interface Address { protocol: string; hostname: string; port?: number; path: string }

/** What `endpoint` may be: an address, or the AWS SDK's object forms of one. */
export type EndpointInput = string | URL | Address | { url: URL };

/** @throws where the address is not HTTPS, unless it is on this machine. */
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

/** The variables that say where the service is, as all AWS SDKs read them. */
export function endpointOfEnvironment(environment: Record<string, string | undefined>): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return environment.AWS_ENDPOINT_URL_IVSCHAT || environment.AWS_ENDPOINT_URL || undefined;
}

/** Settles the endpoint of a client, once where it cannot change. */
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
    settled = undefined; // who gives the Region may do so next time
    throw error;
  });
}
