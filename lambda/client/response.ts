import { IvschatServiceException, modelledExceptions, ResponseTooLargeError } from './exceptions';
import { chunksOf } from './platform';
import type { HttpResponse, MetadataBearer, ResponseMetadata } from './types';
import { wireValue } from './wire-value';
import type { Operation } from '../../src/contract/operations';

export function metadataOf({ statusCode, headers }: HttpResponse): ResponseMetadata {
  return {
    httpStatusCode: statusCode,
    requestId: headers['x-amzn-requestid'] ?? headers['x-amzn-request-id'] ?? headers['x-amz-request-id'],
    extendedRequestId: headers['x-amz-id-2'],
    cfId: headers['x-amz-cf-id'],
  };
}

/**
 * The output that an answer stands for.
 *
 * @throws the exception that it stands for, or a SyntaxError or TypeError where it cannot be read.
 */
export async function toOutput(operation: Operation, response: HttpResponse, maximumBytes: number): Promise<MetadataBearer> {
  const { body } = response;
  const text = typeof body === 'string' ? body : await readBody(body, maximumBytes);
  if (response.statusCode >= 300) throw toException(response, text);
  const members = operation.output && text ? wireValue(operation.output, parseObject(text)) : {};
  return { $metadata: metadataOf(response), ...(members as object) };
}

/** JSON.parse's own error would quote the answer, and with it perhaps a token. */
function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError('the answer is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw new SyntaxError('the answer is not a JSON object');
  return value;
}

function toException(response: HttpResponse, text: string): IvschatServiceException {
  const { Message, message = Message, ...members } = errorBody(text);
  const name = errorName(response.headers['x-amzn-errortype'] ?? members.code ?? members.__type);
  const options = { ...members, name, message: String(message ?? 'UnknownError'), $metadata: metadataOf(response) };
  const Modelled = Object.hasOwn(modelledExceptions, name) ? modelledExceptions[name] : undefined;
  if (Modelled) return new Modelled(options);
  return new IvschatServiceException({ ...options, $fault: response.statusCode < 500 ? 'client' : 'server' });
}

/** The members of an error's body; none where it is not a JSON object, as when a proxy answered. */
function errorBody(text: string): Record<string, unknown> {
  try {
    return parseObject(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** `aws.namespace#Name:http://more` stands for `Name`. */
function errorName(raw: unknown): string {
  const name = String(raw ?? 'Unknown').split(',')[0]!.split(':')[0]!;
  return name.slice(name.indexOf('#') + 1);
}

/** The text of a body in any of the forms that request handlers give it. */
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
