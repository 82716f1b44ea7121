import type { IncomingMessage } from 'node:http';
import { isLoopbackName, parseHost } from '../aws/http/loopback';

/**
 * Rejects requests of web pages that reach the loopback address through another name (DNS rebinding), and requests of
 * pages of other origins.
 */
export class RequestGuard {
  private readonly hosts: ReadonlySet<string>;
  private readonly origins: ReadonlySet<string>;

  /**
   * @param hosts Additional host names of the service.
   * @param origins Additional allowed origins of pages, such as `https://app.test`, or `*` for all.
   */
  constructor(hosts: readonly string[], origins: readonly string[]) {
    this.hosts = new Set(hosts.map((host) => host.toLowerCase()));
    this.origins = new Set(origins);
  }

  /** Returns the name of the header that is not allowed, or undefined if the request is allowed. */
  refuses({ headers }: IncomingMessage): 'host' | 'origin' | undefined {
    const host = parseHost(headers.host)?.name;
    if (host === undefined || !(isLoopbackName(host) || this.hosts.has(host))) return 'host';
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
    return isLoopbackName(parseHost(host)?.name);
  }
}
