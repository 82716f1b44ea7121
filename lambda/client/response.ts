import { IvschatServiceException, modeledExceptions, ResponseTooLargeError } from './exceptions';
import { chunksOf } from './platform';
import type { HttpResponse, ResponseMetadata } from './types';
import { read, type Problem } from '../../src/contract/check';
import type { Operation } from '../../src/contract/operation';
import type { Shape } from '../../src/contract/shape';

export function metadataOf({ statusCode, headers }: HttpResponse): ResponseMetadata {
  return {
    httpStatusCode: statusCode,
    requestId: headers['x-amzn-requestid'] ?? headers['x-amzn-request-id'] ?? headers['x-amz-request-id'],
    extendedRequestId: headers['x-amz-id-2'],
    cfId: headers['x-amz-cf-id'],
  };
}

/**
 * Reads the output from a response.
 *
 * @throws the exception of an error response, or a SyntaxError or TypeError if the response cannot be read.
 */
export async function toOutput(operation: Operation, { statusCode, headers, body }: HttpResponse, maximumBytes: number): Promise<object> {
  const text = typeof body === 'string' ? body : await readBody(body, maximumBytes);
  if (statusCode >= 300) throw toException(statusCode, headers, text);
  return operation.output && text ? read(operation.output, parseObject(text), refuseTimes) as object : {};
}

/** Refuses a time that is not valid. All other values of a response are accepted. */
function refuseTimes(_: Problem, { type }: Shape): void {
  if (type === 'timestamp') throw new TypeError('a time in the answer is not in the form of RFC 3339');
}

/** Parses a JSON object. The error of JSON.parse would quote the response, which can contain a token. */
function parseObject(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw new SyntaxError('the answer is not a JSON object');
}

function toException(statusCode: number, headers: HttpResponse['headers'], text: string): IvschatServiceException {
  let body: Record<string, unknown> = {};
  try {
    body = parseObject(text);
  } catch {} // for example the response of a proxy
  const { Message, message = Message, ...members } = body;
  const name = errorName(headers['x-amzn-errortype'] ?? members.code ?? members.__type);
  const Exception = modeledExceptions[name] ?? IvschatServiceException;
  return new Exception({ ...members, name, message: String(message ?? 'UnknownError'), $fault: statusCode < 500 ? 'client' : 'server', $metadata: {} }); // the call adds the metadata to every error
}

/** Returns `Name` for `aws.namespace#Name:http://more`. */
function errorName(raw: unknown): string {
  const name = String(raw ?? 'Unknown').split(',')[0]!.split(':')[0]!;
  return name.slice(name.indexOf('#') + 1);
}

/** Reads the text of a body in any of the forms that request handlers return. */
async function readBody(body: any, maximumBytes: number): Promise<string> {
  if (body === undefined || body === null) return '';
  const source = body instanceof Uint8Array ? [body] : typeof body.stream === 'function' ? body.stream() : body;
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of chunksOf(source)) {
    const part = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    bytes += part.byteLength;
    if (bytes > maximumBytes) throw new ResponseTooLargeError(`the answer is longer than ${maximumBytes} bytes (maximumResponseBytes)`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
