import type { IncomingMessage } from 'node:http';

/** Why a request is not from where it may come. */
export type Elsewhere = 'host' | 'origin';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/** Whether an address, or the name that one listens on, is of this machine alone. */
export function isLoopback(address = ''): boolean {
  return address === 'localhost' || address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
}

/** The host of `name:port`, lower case; undefined for anything that is not exactly that. */
function hostName(host: string | undefined): string | undefined {
  return /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
}

/**
 * Keeps out pages that reach the loopback address by a name of their own (DNS rebinding), and pages of other sites that
 * open connections from a visitor's browser.
 */
export class HostAndOrigin {
  private readonly hosts: ReadonlySet<string>;
  private readonly origins: ReadonlySet<string>;

  /**
   * @param hosts further names that the service is reached by
   * @param origins further origins whose pages may use it, such as `https://app.test`; `*` for all
   */
  constructor(hosts: readonly string[], origins: readonly string[]) {
    this.hosts = new Set([...loopback, ...hosts.map((host) => host.toLowerCase())]);
    this.origins = new Set(origins);
  }

  refuses({ headers }: IncomingMessage): Elsewhere | undefined {
    const host = hostName(headers.host);
    if (host === undefined || !this.hosts.has(host)) return 'host';
    return headers.origin === undefined || this.isAllowed(headers.origin) ? undefined : 'origin';
  }

  /** Whether the request comes from a page of this very server, or from no page at all. */
  isSameOrigin({ headers }: IncomingMessage): boolean {
    const site = headers['sec-fetch-site'];
    return (headers.origin === undefined || headers.origin === `http://${headers.host}`) && (site === undefined || site === 'same-origin' || site === 'none');
  }

  private isAllowed(origin: string): boolean {
    if (this.origins.has('*') || this.origins.has(origin)) return true;
    const host = /^https?:\/\/(.+)$/.exec(origin)?.[1];
    const name = hostName(host);
    return name !== undefined && loopback.has(name);
  }
}
