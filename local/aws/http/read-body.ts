import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../../ivs-chat/control-plane/ivs-chat-error';

/** Reads the whole body. @throws ServiceError if it exceeds the limit. */
export function readBody(request: IncomingMessage, maximumBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = () =>
      reject(
        ServiceError.undeclared(
          413,
          'RequestEntityTooLargeException',
          `The body must be at most ${maximumBytes} bytes`,
        ),
      );
    if (Number(request.headers['content-length'] ?? 0) > maximumBytes) return tooLarge();
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
    const aborted = () =>
      reject(ServiceError.undeclared(400, 'RequestAbortedException', 'The request ended before its body did'));
    request.on('error', aborted);
    request.on('close', aborted);
  });
}
