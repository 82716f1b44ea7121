import type { IncomingMessage } from 'node:http';

/** The header that is not allowed. */
export type Elsewhere = 'host' | 'origin';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/** Returns whether an address or host name is a loopback address. */
export function isLoopback(address = ''): boolean {
  return address === 'localhost' || address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
}

/** Returns the host of `name:port` in lower case, or undefined if the format is different. */
function hostName(host: string | undefined): string | undefined {
  return /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
}

/**
 * Rejects requests of web pages that reach the loopback address through another name (DNS rebinding), and requests of
 * pages of other origins.
 */
export class HostAndOrigin {
  private readonly hosts: ReadonlySet<string>;
  private readonly origins: ReadonlySet<string>;

  /**
   * @param hosts Additional host names of the service.
   * @param origins Additional allowed origins of pages, such as `https://app.test`, or `*` for all.
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

  /** Returns whether the request comes from a page of this server, or from a client that is not a browser. */
  isSameOrigin({ headers }: IncomingMessage): boolean {
    const site = headers['sec-fetch-site'];
    return (
      (headers.origin === undefined || headers.origin === `http://${headers.host}`)
      && (site === undefined || site === 'same-origin' || site === 'none')
    );
  }

  private isAllowed(origin: string): boolean {
    if (this.origins.has('*') || this.origins.has(origin)) return true;
    const host = /^https?:\/\/(.+)$/.exec(origin)?.[1];
    const name = hostName(host);
    return name !== undefined && loopback.has(name);
  }
}
