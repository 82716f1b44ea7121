import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceError } from './service-error';

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

/** Returns whether a Host header names this machine and port. This keeps out DNS rebinding. */
export function isLoopbackHost(host: string | undefined, port: number): boolean {
  return host !== undefined && ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`);
}

/** Reads the whole body. @throws RequestEntityTooLargeException if it exceeds the limit. */
export async function readBody(request: IncomingMessage, maximumBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBytes) {
      throw new ServiceError(
        'RequestEntityTooLargeException',
        `The request body must be at most ${maximumBytes} bytes`,
        413,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
