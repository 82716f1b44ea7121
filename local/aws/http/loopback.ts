/** Returns whether an address is a loopback address. */
export function isLoopback(address = ''): boolean {
  return address === 'localhost' || address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
}

/**
 * Returns whether a URL of this machine can have this host name. Clients use no other loopback addresses. Browsers
 * resolve `*.localhost` to a loopback address without DNS.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
export function isLoopbackName(name = ''): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '127.0.0.1' || name === '[::1]';
}

/** Splits a Host header into the name, in lower case, and the port. Returns undefined if the format is different. */
export function parseHost(header: string | undefined): { readonly name: string; readonly port?: number } | undefined {
  const [, name, port] = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(header ?? '') ?? [];
  if (name === undefined) return undefined;
  return { name: name.toLowerCase(), port: port === undefined ? undefined : Number(port) };
}

/** Returns whether an `Origin` header names a page of a loopback host. */
export function isLoopbackOrigin(origin: string): boolean {
  const host = /^https?:\/\/(.+)$/.exec(origin)?.[1];
  return isLoopbackName(parseHost(host)?.name);
}
