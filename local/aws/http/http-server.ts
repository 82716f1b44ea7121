import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopbackName, parseHost } from './loopback';

/** Listens on 127.0.0.1 only. @throws if the port is in use. */
export function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Closes a server and all of its connections. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Returns whether the Host header names this machine and the port of the server. This prevents DNS rebinding. */
export function namesThisServer({ headers, socket }: IncomingMessage): boolean {
  const host = parseHost(headers.host);
  return isLoopbackName(host?.name) && host?.port === (socket.address() as AddressInfo).port;
}
