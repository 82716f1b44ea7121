import type { IncomingMessage } from 'node:http';
import { ServiceError } from './service-error';

/**
 * Reads the whole body.
 *
 * @throws RequestEntityTooLargeException if the body exceeds the limit. The rest of the body is not read, so the
 * response must close the connection.
 * @throws RequestAbortedException if the connection ends before the body does.
 */
export function readBody(request: IncomingMessage, maximumBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () =>
      reject(
        new ServiceError('RequestEntityTooLargeException', `The body must be at most ${maximumBytes} bytes`, 413),
      );
    const aborted = () =>
      reject(new ServiceError('RequestAbortedException', 'The request ended before its body did'));

    if (Number(request.headers['content-length'] ?? 0) > maximumBytes) return tooLarge();

    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maximumBytes) {
        request.pause();
        tooLarge();
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on('error', aborted);
    request.on('close', aborted);
  });
}
