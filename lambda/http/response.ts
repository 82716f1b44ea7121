import { ResponseTooLargeError } from './errors';
import { chunksOf } from './platform';
import type { HttpResponse, ResponseMetadata } from './types';

/** Returns the status code and the IDs of a response, for AWS Support. */
export function metadataOf({ statusCode, headers }: HttpResponse): ResponseMetadata {
  return {
    httpStatusCode: statusCode,
    requestId: headers['x-amzn-requestid'] ?? headers['x-amzn-request-id'] ?? headers['x-amz-request-id'],
    extendedRequestId: headers['x-amz-id-2'],
    cfId: headers['x-amz-cf-id'],
  };
}

/**
 * Reads the text of a response. The body can have any of the forms that request handlers return.
 *
 * @throws ResponseTooLargeError if the body is a stream and longer than the maximum.
 */
export async function textOf({ body }: HttpResponse, maximumBytes: number): Promise<string> {
  if (typeof body === 'string') return body;
  if (body === undefined || body === null) return '';

  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of chunksOf(streamOf(body))) {
    const part = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    bytes += part.byteLength;
    if (bytes > maximumBytes) throw new ResponseTooLargeError(maximumBytes);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** Returns the chunks of bytes or of a Blob. A stream is returned unchanged. */
function streamOf(body: any) {
  if (body instanceof Uint8Array) return [body];
  return typeof body.stream === 'function' ? body.stream() : body;
}
