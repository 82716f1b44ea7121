/** The problem that a response reports for an error, and the line of the log. */
import { ProblemError } from '../../../lambda/chat-api/problem-error';
import { problemOf } from '../../../lambda/chat-api/problem-of';

const frames = Array.from({ length: 7 }, (_, index) => `    at call${index} (index.js:${index})`);
const stack = ['Error: a message', 'with content', ...frames].join('\n');
const serviceError = (name: string, httpStatusCode: number, more: object = {}) =>
  Object.assign(new Error('a message with content'), { name, stack, $metadata: { httpStatusCode }, ...more });
const fields = ['id', 'roomIdentifier', 'userId'].map((name) => ({ name, message: `${name} is wrong` }));

test.each<[string, Error, object]>([
  ['a room that was deleted', serviceError('ResourceNotFoundException', 404), { problem: 'room-deleted', members: {} }],
  ['a report that does not exist', serviceError('ReportNotFoundError', 400), { problem: 'not-found', members: {} }],
  ['a report with another status', serviceError('ReportStatusError', 400), {
    problem: 'conflict', members: { detail: 'a message with content' },
  }],
  ['an invalid input', serviceError('ValidationException', 400, { fieldList: fields }), {
    problem: 'invalid-input',
    members: {
      errors: ['messageId', 'room', 'userId'].map((field, index) => ({ field, message: fields[index]!.message })),
    },
  }],
  ['an input with a known problem', new ProblemError('banned', { detail: 'x' }), {
    problem: 'banned', members: { detail: 'x' },
  }],
])('%s is a problem of the caller, and is not logged', (_, error, problem) => {
  const log = jest.fn();
  const { problem: name, members } = problemOf(error, { operation: 'BanUser' }, { log });
  expect({ problem: name, members }).toEqual(problem);
  expect(log).not.toHaveBeenCalled();
});

test.each<[string, Error, string]>([
  ['a table that does not exist', serviceError('ResourceNotFoundException', 400), 'internal-error'],
  ['a ValidationException without fields', serviceError('ValidationException', 400), 'internal-error'],
  ['a permission that is missing', serviceError('AccessDeniedException', 400), 'internal-error'],
  ['throttling', serviceError('ThrottlingException', 429), 'unavailable'],
  ['an outage', serviceError('InternalServerException', 500), 'unavailable'],
])('%s is logged without its message', (_, error, problem) => {
  const log = jest.fn();
  const members = problem === 'unavailable' ? { retryAfterInSeconds: 1 } : {};
  expect({ ...problemOf(error, { operation: 'BanUser' }, { log }) }).toMatchObject({ problem });
  expect(problemOf(error, {}, { log() {} }).members).toEqual(members);
  const { name, $metadata } = error as ReturnType<typeof serviceError>;
  expect(log.mock.calls).toEqual([[{
    level: 'ERROR', operation: 'BanUser', error: name, ...$metadata, frames: frames.slice(0, 5),
  }]]);
  expect(JSON.stringify(log.mock.calls)).not.toContain('content');
});
