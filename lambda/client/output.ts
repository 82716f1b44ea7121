import { IvschatServiceException, modeledExceptions } from './exceptions';
import { read, type Problem } from '../../src/contract/check';
import type { Operation } from '../../src/contract/operation';
import type { Shape } from '../../src/contract/shape';
import { textOf } from '../http/response';
import type { HttpResponse } from '../http/types';

/**
 * Reads the output of an operation from a response.
 *
 * @throws the exception of an error response, or a SyntaxError or TypeError if the response cannot be read.
 */
export async function toOutput(operation: Operation, response: HttpResponse, maximumBytes: number): Promise<object> {
  const text = await textOf(response, maximumBytes);
  if (response.statusCode >= 300) throw toException(response, text);
  return operation.output && text ? read(operation.output, parseObject(text), refuseTimes) as object : {};
}

/** Refuses a time that is not valid. All other values of a response are accepted. */
function refuseTimes(_: Problem, { type }: Shape): void {
  if (type === 'timestamp') throw new TypeError('a time in the response is not in the form of RFC 3339');
}

/** Parses a JSON object. The error of JSON.parse would quote the response, which can contain a token. */
function parseObject(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw new SyntaxError('the response is not a JSON object');
}

function toException({ statusCode, headers }: HttpResponse, text: string): IvschatServiceException {
  let body: Record<string, unknown> = {};
  try {
    body = parseObject(text);
  } catch {} // The response of a proxy, for example, is not JSON.

  const { Message, message = Message, ...members } = body;
  const name = errorName(headers['x-amzn-errortype'] ?? members.code ?? members.__type);
  const Exception = modeledExceptions[name] ?? IvschatServiceException;
  return new Exception({
    ...members,
    name,
    message: String(message ?? 'UnknownError'),
    $fault: statusCode < 500 ? 'client' : 'server',
    $metadata: {}, // The call adds the metadata to every error.
  });
}

/** Returns `Name` for `aws.namespace#Name:http://more`. */
function errorName(raw: unknown): string {
  const name = String(raw ?? 'Unknown').split(',')[0]!.split(':')[0]!;
  return name.slice(name.indexOf('#') + 1);
}
