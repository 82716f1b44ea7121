import { IvschatServiceException, modelledExceptions, ResponseTooLargeError } from './exceptions';
import type { HttpResponse, MetadataBearer, ResponseMetadata } from './types';
import type { Operation } from '../../src/contract/operations';
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
 * The output that an answer stands for.
 *
 * @throws the exception that it stands for, or a SyntaxError or TypeError where it cannot be read.
 */
export async function toOutput(operation: Operation, response: HttpResponse, maximumBytes: number): Promise<MetadataBearer> {
  const { body } = response;
  const text = typeof body === 'string' ? body : await readBody(body, maximumBytes);
  if (response.statusCode >= 300) throw toException(response, text);
  const members = operation.output && text ? fromWire(operation.output, parseObject(text)) : {};
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

function fromWire(shape: Shape, value: any): unknown {
  if (shape.type === 'timestamp') return toDate(value);
  if (typeof value !== 'object') return value;
  switch (shape.type) {
    case 'structure': {
      const members: Record<string, unknown> = {};
      for (const member in shape.members) {
        const given = Object.hasOwn(value, member) ? value[member] : undefined;
        if (given !== undefined && given !== null) members[member] = fromWire(shape.members[member]!, given);
      }
      return members;
    }
    case 'list':
      return Array.isArray(value) ? value.filter((item) => item !== null).map((item) => fromWire(shape.member, item)) : value;
    case 'map':
      return Object.fromEntries(Object.entries(value).filter(([, text]) => text !== null));
    default:
      return value;
  }
}

const RFC_3339 = /^(\d{4}-\d\d-(\d\d))T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

function toDate(value: unknown): Date {
  const [, day, ofMonth] = (typeof value === 'string' && RFC_3339.exec(value)) || [];
  const time = new Date(value as string);
  // Date makes the 2nd of March of the 30th of February
  const isDay = Number(ofMonth) <= 28 || new Date(day!).getUTCDate() === Number(ofMonth);
  if (!isDay || Number.isNaN(time.getTime())) throw new TypeError('a time in the answer is not in the form of RFC 3339');
  return time;
}

/** The text of a body in any of the forms that request handlers give it. */
async function readBody(body: any, maximumBytes: number): Promise<string> {
  if (body === undefined || body === null) return '';
  const source = body instanceof Uint8Array ? [body] : typeof body.stream === 'function' ? body.stream() : body;
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of source[Symbol.asyncIterator] || Array.isArray(source) ? source : chunks(source)) {
    const part = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    bytes += part.byteLength;
    if (bytes > maximumBytes) throw new ResponseTooLargeError(`the answer is longer than ${maximumBytes} bytes (maximumResponseBytes)`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** Web streams cannot be iterated in every browser. */
async function* chunks(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
