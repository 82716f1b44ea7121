import type { IncomingMessage } from 'node:http';
import { isLoopbackName, isLoopbackOrigin, parseHost } from '../aws/http/loopback';

/** The number of different refusals that are printed. Clients choose the headers. */
const PRINTED_REFUSALS = 20;

/**
 * Rejects requests of web pages that reach the loopback address through another name (DNS rebinding), and requests of
 * pages of other origins.
 */
export class RequestGuard {
  private readonly hosts: ReadonlySet<string>;
  private readonly origins: ReadonlySet<string>;
  private readonly printed = new Set<string>();

  /**
   * @param hosts Additional host names of the service.
   * @param origins Additional allowed origins of pages, such as `https://app.test`, or `*` for all.
   */
  constructor(hosts: readonly string[], origins: readonly string[]) {
    this.hosts = new Set(hosts.map((host) => host.toLowerCase()));
    this.origins = new Set(origins);
  }

  /**
   * Returns the reason to refuse the request, with the option that allows it, or undefined if the request is allowed.
   * Prints each reason once.
   */
  refuses(request: IncomingMessage): string | undefined {
    const reason = this.reasonToRefuse(request);
    if (reason !== undefined && !this.printed.has(reason) && this.printed.size < PRINTED_REFUSALS) {
      this.printed.add(reason);
      console.warn(`Local IVS Chat: ${reason}`);
    }
    return reason;
  }

  /** Returns whether the request comes from a page of this server, or from a client that is not a browser. */
  isSameOrigin({ headers }: IncomingMessage): boolean {
    const site = headers['sec-fetch-site'];
    return (
      (headers.origin === undefined || headers.origin === `http://${headers.host}`)
      && (site === undefined || site === 'same-origin' || site === 'none')
    );
  }

  private reasonToRefuse({ headers }: IncomingMessage): string | undefined {
    const host = parseHost(headers.host)?.name;
    if (host === undefined) return 'The host of this request is not allowed: it is not valid';
    if (!isLoopbackName(host) && !this.hosts.has(host)) {
      return notAllowed('host', host, 'allowedHosts', '--allowed-host');
    }
    if (headers.origin !== undefined && !this.isAllowed(headers.origin)) {
      return notAllowed('origin', headers.origin, 'allowedOrigins', '--allowed-origin');
    }
    return undefined;
  }

  private isAllowed(origin: string): boolean {
    return this.origins.has('*') || this.origins.has(origin) || isLoopbackOrigin(origin);
  }
}

function notAllowed(header: string, value: string, option: string, argument: string): string {
  const shown = JSON.stringify(value.slice(0, 253)); // the maximum length of a host name
  return `The ${header} ${shown} of this request is not allowed. To allow it, set the option ${option} (${argument})`;
}
