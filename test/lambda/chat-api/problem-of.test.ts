/** The problem that a response reports for an error, and the line of the log. */
import { problemOf } from '../../../lambda/chat-api/problem-of';

const serviceError = (name: string, httpStatusCode: number, more: object = {}) =>
  Object.assign(new Error('a message with content'), { name, $metadata: { httpStatusCode }, ...more });

test.each<[string, Error, object]>([
  ['a room that was deleted', serviceError('ResourceNotFoundException', 404), { problem: 'room-deleted' }],
  ['a report that does not exist', serviceError('ReportNotFoundError', 400), { problem: 'not-found' }],
  ['a report with another status', serviceError('ReportStatusError', 400), {
    problem: 'conflict', members: { detail: 'a message with content' },
  }],
  ['an invalid input', serviceError('ValidationException', 400, { fieldList: [{ name: 'id', message: 'is wrong' }] }), {
    problem: 'invalid-input', members: { errors: [{ field: 'messageId', message: 'is wrong' }] },
  }],
])('%s is a problem of the caller, and is not logged', (_, error, problem) => {
  const log = jest.fn();
  expect(problemOf(error, { operation: 'BanUser' }, { log })).toMatchObject(problem);
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
  expect(problemOf(error, { operation: 'BanUser' }, { log })).toMatchObject({ problem });
  const { name, $metadata } = error as ReturnType<typeof serviceError>;
  expect(log.mock.calls).toEqual([[{
    level: 'ERROR', operation: 'BanUser', error: name, ...$metadata, frames: expect.arrayContaining([]),
  }]]);
  expect(JSON.stringify(log.mock.calls)).not.toContain('content');
});
