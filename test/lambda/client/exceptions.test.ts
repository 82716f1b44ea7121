/** The exceptions of the client, also between two copies of the package. */
import * as sdk from '@aws-sdk/client-ivschat';
import { bothClients } from './captured';
import { ROOM } from './inputs';
import * as ours from '../../../lambda/client';
import * as runtime from '../../../lambda/runtime';

/** Another copy of the client, such as the one that `import` loads if the application also uses `require`. */
let copy: typeof ours;
jest.isolateModules(() => {
  copy = jest.requireActual('../../../lambda/client');
});

const names = [
  'AccessDeniedException', 'ConflictException', 'InternalServerException', 'PendingVerification',
  'ResourceNotFoundException', 'ServiceQuotaExceededException', 'ThrottlingException', 'ValidationException',
] as const;
const options = { message: 'no', $metadata: {} } as any;
const createdBy = (client: typeof ours) => ({
  ...Object.fromEntries(names.map((name) => [name, new client[name](options)])),
  IvschatServiceException: new client.IvschatServiceException({ ...options, name: 'Strange', $fault: 'client' }),
  AmbiguousOutcomeError: new client.AmbiguousOutcomeError('CreateRoom', new Error('lost')),
  TimeoutError: new client.TimeoutError('late'),
  ResponseTooLargeError: new client.ResponseTooLargeError(5),
} as { [name: string]: Error });

test('an error of one copy is an instance of the same class of another copy, and of no other class', () => {
  const [all, others] = [createdBy(ours), createdBy(copy)];
  const classes = Object.keys(all) as Array<keyof typeof ours>;
  expect(copy.ValidationException).not.toBe(ours.ValidationException);
  for (const errors of [all, others]) {
    for (const [name, error] of Object.entries(errors)) {
      const found = classes.filter((each) => error instanceof (ours[each] as any));
      const isServiceException = (names as readonly string[]).includes(name);
      expect(found).toEqual([name, ...isServiceException ? ['IvschatServiceException'] : []]);
      expect(error).toBeInstanceOf(Error);
    }
  }
});

test('values that are not errors of the package are not instances', () => {
  const values = [
    null, undefined, 5, 'text', {}, Object.create(null), { constructor: 5 }, { constructor: null }, new Error('no'),
    Object.assign(new Error('no'), { name: 'ValidationException', $fault: 'client', $metadata: {} }),
    new sdk.ValidationException(options), ours.ValidationException,
  ];
  for (const value of values) {
    for (const name of Object.keys(createdBy(ours)) as Array<keyof typeof ours>) {
      expect(value instanceof (ours[name] as any)).toBe(false);
    }
  }
});

test('a class of the application that extends an exception has only its own instances', () => {
  class Refused extends ours.ValidationException {}
  const refused = new Refused(options);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toBeInstanceOf(copy.ValidationException);
  expect(refused).toBeInstanceOf(copy.IvschatServiceException);
  expect(new ours.ValidationException(options)).not.toBeInstanceOf(Refused);
});

test('the name of an error is the one of its class in the package', () => {
  class Late extends ours.TimeoutError {}
  class Refused extends ours.ValidationException {}
  expect([new Late('late').name, new Refused(options).name]).toEqual(['TimeoutError', 'ValidationException']);
  expect(names.map((name) => ours[name].name)).toEqual(names);
});

test('an AmbiguousOutcomeError has the error of the attempt, with the cause and the metadata of that error', () => {
  const $metadata = { httpStatusCode: 500, requestId: 'id', attempts: 1, totalRetryDelay: 0 };
  const attempt = Object.assign(new Error('lost', { cause: new Error('reset') }), { name: 'LostError', $metadata });
  const error = new ours.AmbiguousOutcomeError('CreateRoom', attempt);
  expect(error.cause).toBe(attempt);
  expect(error.operation).toBe('CreateRoom');
  expect(error.$metadata).toEqual($metadata);
  expect(error.message).toBe('CreateRoom was sent but its outcome is not known (LostError: lost); '
    + 'look for the resource before you try again');
  expect(new ours.AmbiguousOutcomeError('CreateRoom', new Error('lost')).$metadata).toEqual({});
});

test('cdk-ivs-chat/runtime exports all exceptions of the client', () => {
  for (const name of Object.keys(createdBy(ours)) as Array<keyof typeof ours & keyof typeof runtime>) {
    expect(runtime[name]).toBe(ours[name]);
  }
});

test.each([
  ['ResourceNotFoundException', 404], ['Strange', 418],
])('%s has the same JSON as in the SDK, and the message', async (name, statusCode) => {
  const { send, transports } = bothClients({ maxAttempts: 1 });
  transports.ours.answer = transports.sdk.answer = () => ({
    statusCode, headers: { 'x-amzn-errortype': name }, body: '{"message":"no","resourceId":"id"}',
  });
  const [our, theirs] = await Promise.all([send.ours, send.sdk].map(async (call) => {
    const error = await call('GetRoom', { identifier: ROOM }).catch((thrown) => thrown);
    return JSON.parse(JSON.stringify(error));
  }));
  expect(our).toMatchObject({ name, message: 'no' });
  expect(our).toEqual(theirs);
});

test('the JSON of TimeoutError and AmbiguousOutcomeError has the message', () => {
  const { AmbiguousOutcomeError, TimeoutError } = createdBy(ours);
  expect(JSON.parse(JSON.stringify(TimeoutError))).toEqual({ name: 'TimeoutError', message: 'late' });
  expect(JSON.parse(JSON.stringify(AmbiguousOutcomeError)).message).toMatch(/^CreateRoom was sent but its outcome/);
});
