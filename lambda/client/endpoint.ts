import type { Provider } from './types';

/** Where requests go. */
export interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** Without a slash at its end. */
  readonly path: string;
  /** What every request carries, without and with a body: made once, as all that is known of them in advance is worth remembering. */
  readonly headers: { readonly bodiless: FixedHeaders; readonly json: FixedHeaders };
}
export type FixedHeaders = Readonly<Record<string, string>>;

/** The service's endpoint in a Region. */
export function regionalEndpoint(region: string, fips: boolean, dualstack: boolean): Endpoint {
  // A label of a host name and nothing else: a Region from outside must not choose the host.
  if (!/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/.test(region)) {
    throw new Error(`region must be a Region such as us-west-2, got ${JSON.stringify(region)}`);
  }
  // The service is in one partition only, `aws`.
  return endpointAt('https:', `ivschat${fips ? '-fips' : ''}.${region}.${dualstack ? 'api.aws' : 'amazonaws.com'}`);
}

function endpointAt(protocol: string, hostname: string, host = hostname, port?: number, path = ''): Endpoint {
  return { protocol, hostname, port, path, headers: { bodiless: { host }, json: { host, 'content-type': 'application/json' } } };
}

/** What `endpoint` may be: an address, or the AWS SDK's object forms of one. */
export type EndpointInput = string | URL
| { protocol: string; hostname: string; port?: number; path: string }
| { url: URL };

/** @throws where the address is not HTTPS, unless it is on this machine. */
export function parseEndpoint(input: EndpointInput): Endpoint {
  if (typeof input === 'object' && 'url' in input) return parseEndpoint(input.url);
  let url: URL;
  try {
    const { protocol, hostname, port, path } = input as Exclude<EndpointInput, string | { url: URL }> & { path?: string };
    url = new URL(path === undefined ? input as URL : `${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
  } catch {
    throw new Error('endpoint must be an address such as https://ivschat.us-west-2.amazonaws.com');
  }
  const { protocol, hostname, port, pathname, host } = url;
  if (protocol !== 'https:' && !(protocol === 'http:' && /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))) {
    throw new Error(`endpoint must be https:// (http:// only on this machine), got ${protocol}//${host}`);
  }
  return endpointAt(protocol, hostname, host, Number(port) || undefined, pathname.replace(/\/+$/, ''));
}

/** The variables that say where the service is, as all AWS SDKs read them. */
export function endpointOfEnvironment(environment: Record<string, string | undefined>): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return environment.AWS_ENDPOINT_URL_IVSCHAT || environment.AWS_ENDPOINT_URL || undefined;
}

/** Settles the endpoint of a client, once where it cannot change. */
export function endpointProvider(settings: {
  endpoint?: EndpointInput | Provider<EndpointInput>;
  region: Provider<string>;
  useFipsEndpoint: Provider<boolean>;
  useDualstackEndpoint: Provider<boolean>;
}): Provider<Endpoint> {
  const { endpoint, region, useFipsEndpoint, useDualstackEndpoint } = settings;
  if (typeof endpoint === 'function') return async () => parseEndpoint(await endpoint());
  let settled: Promise<Endpoint> | undefined;
  return () => settled ??= (async () => {
    const [fips, dualstack] = [await useFipsEndpoint(), await useDualstackEndpoint()];
    if (endpoint === undefined) return regionalEndpoint(await region(), fips, dualstack);
    if (fips || dualstack) throw new Error('useFipsEndpoint and useDualstackEndpoint are for AWS\'s own endpoints; leave them out with `endpoint`');
    return parseEndpoint(endpoint);
  })();
}
