import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceError } from './service-error';

/** Listens on 127.0.0.1 only. @throws when the port is taken. */
export function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Ends a server with all of its connections. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Whether a Host header names this machine and port: a page of another site that resolves to loopback does not. */
export function isLoopbackHost(host: string | undefined, port: number): boolean {
  return host !== undefined && ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`);
}

/** The whole body. @throws RequestEntityTooLarge beyond the limit. */
export async function readBody(request: IncomingMessage, maximumBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBytes) throw new ServiceError('RequestEntityTooLargeException', `The request body must be at most ${maximumBytes} bytes`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
