import { regions } from '../../src/contract/regions';
import type { Provider } from '../http/types';

/** The address that requests are sent to. */
export interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** The path without a trailing slash. */
  readonly path: string;
  /** The headers of all requests without and with a body. They are created once, so the signer recognizes them. */
  readonly headers: { readonly bodiless: Record<string, string>; readonly json: Record<string, string> };
}

interface Address { protocol: string; hostname: string; port?: number; path: string }

/** The forms of the option `endpoint`: an address, or the object forms that the AWS SDK accepts. */
export type EndpointInput = string | URL | Address | { url: URL };

/**
 * Returns the provider of the endpoint of a client. It resolves the endpoint for each call, because a provider can
 * return another Region for a later call. The signature also has that Region.
 */
export function endpointProvider(
  endpoint: EndpointInput | Provider<EndpointInput> | undefined,
  region: Provider<string>,
  useFipsEndpoint: Provider<boolean>,
  useDualstackEndpoint: Provider<boolean>,
  allowInsecure?: boolean,
): Provider<Endpoint> {
  return async () => {
    const fips = await useFipsEndpoint();
    const dualstack = await useDualstackEndpoint();
    if (endpoint === undefined) return regionalEndpoint(await region(), fips, dualstack);
    if (fips || dualstack) {
      throw new Error('useFipsEndpoint and useDualstackEndpoint cannot be combined with `endpoint`');
    }
    return parseEndpoint(typeof endpoint === 'function' ? await endpoint() : endpoint, allowInsecure);
  };
}

/** Returns the endpoint in the environment variables, in the order of all AWS SDKs. */
export function endpointOfEnvironment(environment: Record<string, string | undefined>): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return environment.AWS_ENDPOINT_URL_IVSCHAT || environment.AWS_ENDPOINT_URL || undefined;
}

/** Returns the endpoint of the service in a Region. */
function regionalEndpoint(region: string, fips: boolean, dualstack: boolean): Endpoint {
  // The Region must be a single label of a host name, so that input from outside cannot choose the host. Other
  // partitions have other hosts, and the service does not exist there.
  if (!/^(?!(cn|us-gov|us-iso\w?|eu-isoe|eusc|fips)-|.*-fips$)[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/.test(region)) {
    throw new Error(`region must be a Region of Amazon IVS Chat (${regions.join(', ')}), `
      + `got ${JSON.stringify(region)}; for another partition, give \`endpoint\``);
  }
  // Some versions of React Native cannot read a URL, so none is used.
  const hostname = `ivschat${fips ? '-fips' : ''}.${region}.${dualstack ? 'api.aws' : 'amazonaws.com'}`;
  return { protocol: 'https:', hostname, path: '', headers: headersOf(hostname) };
}

/** @throws if the address is not an HTTPS address, unless it is a loopback address or HTTP is allowed. */
function parseEndpoint(input: EndpointInput, allowInsecure?: boolean): Endpoint {
  const { protocol, hostname, port, pathname, host } = toUrl(input);
  const isLoopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && (isLoopback || allowInsecure))) {
    throw new Error('endpoint must be https:// (http:// only on this machine or with `allowInsecureEndpoint`), '
      + `got ${protocol}//${host}`);
  }
  const path = pathname.replace(/\/+$/, '');
  return { protocol, hostname, port: Number(port) || undefined, path, headers: headersOf(host) };
}

function toUrl(input: EndpointInput): URL {
  const address = (input as { url?: URL }).url ?? input as Exclude<EndpointInput, { url: URL }>;
  try {
    const { protocol, hostname, port, path } = address as Address;
    return new URL(path === undefined ? address as URL : `${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
  } catch {
    throw new Error('endpoint must be an address such as https://example.com');
  }
}

const headersOf = (host: string) => ({ bodiless: { host }, json: { host, 'content-type': 'application/json' } });
