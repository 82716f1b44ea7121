import type { HttpEvent } from './http-event';
import { invalidField, ProblemError } from './problem-error';
import type { ChatApiOperation } from '../../src/contract/chat-api/operations';
import { CHAT_API_MAXIMUM_BODY_BYTES } from '../../src/contract/chat-api/problems';
import { read, type Problem } from '../../src/contract/check';

/**
 * Returns the input of an operation, with the members that its shape has.
 *
 * @throws ProblemError if the body is too large, not a JSON object, or does not match the shape.
 */
export function inputOf(event: HttpEvent, { method, input: shape }: ChatApiOperation): { [member: string]: any } {
  const body = method === 'GET' ? {} : parseBody(event);
  const members = Object.keys(shape.members);
  const errors = Object.keys(body)
    .filter((member) => !members.includes(member))
    .map((member) => ({ field: member.slice(0, 100), message: `is unknown, expected one of ${members.join(', ')}` }));
  const report = ({ path, message }: Problem) => errors.push({ field: path, message });
  const input = read(shape, body, report, undefined, true);
  if (errors.length > 0) throw new ProblemError('invalid-input', { errors });
  return input as { [member: string]: any };
}

function parseBody({ body = '', isBase64Encoded, headers }: HttpEvent): object {
  if (body === '') return {};
  // A browser sends other types to another origin without asking it first.
  if (!/^application\/json\s*(;|$)/i.test(headers?.['content-type'] ?? '')) {
    throw new ProblemError('unsupported-media-type');
  }
  // A text of this length exceeds the maximum in base64 and in UTF-8, so it is not decoded.
  if (body.length > 2 * CHAT_API_MAXIMUM_BODY_BYTES) throw new ProblemError('request-too-large');
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > CHAT_API_MAXIMUM_BODY_BYTES) throw new ProblemError('request-too-large');

  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {} // The error would quote the body.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidField('body', 'must be a JSON object in UTF-8');
  }
  return value;
}
