/** The client and the AWS SDK return the same outputs and errors for the same responses. */
import * as fc from 'fast-check';
import { bothClients, OPERATIONS, type Answer, type OperationName } from './captured';
import { runs, validBody } from './generated';
import { INPUTS } from './inputs';
import * as ours from '../../../lambda/client';
import { errors } from '../../../src/contract/generated/errors';

const RUNS = runs(40, 300);
const clients = bothClients({ maxAttempts: 1 });

/** The outputs or errors of both clients for one response, in a form that can be compared. */
async function outcomes(operation: OperationName, answer: Answer) {
  clients.transports.ours.answer = clients.transports.sdk.answer = () => answer;
  const [our, sdk] = await Promise.all([clients.send.ours, clients.send.sdk].map(async (send) => {
    try {
      return { output: await send(operation, INPUTS[operation]) };
    } catch (thrown: any) {
      const error = thrown instanceof ours.AmbiguousOutcomeError ? thrown.cause as any : thrown;
      const { name, message, stack, $metadata, $fault, $response, $retryable, ...members } = error;
      return { error: { name: error.name, message: error.message, $fault, $metadata, members } };
    }
  }));
  return { ours: our as any, sdk: sdk as any };
}

const METADATA_HEADERS = {
  'x-amzn-requestid': 'b5a0c5a7-9a3f-4c7e-8f52-1f2d3c4b5a69',
  'x-amz-id-2': 'extended',
  'x-amz-cf-id': 'cloudfront',
};
const json = { 'content-type': 'application/json' };
const typed = (type: string) => ({ 'x-amzn-errortype': type });
const times = (time: string | number) => ({ body: JSON.stringify({ createTime: time, tokenExpirationTime: time }) });

describe.each(OPERATIONS)('%s', (operation) => {
  test('returns the same output', async () => {
    const headers = { ...json, ...METADATA_HEADERS };
    await fc.assert(fc.asyncProperty(validBody(operation), async (body) => {
      const { ours: our, sdk } = await outcomes(operation, { headers, body: JSON.stringify(body) });
      expect(our.error).toBeUndefined();
      expect(our).toEqual(sdk);
    }), { numRuns: RUNS, ignoreEqualValues: true });
  });

  test('throws the same exception for every error of the service model', async () => {
    for (const [name, { status, members }] of Object.entries(errors)) {
      const samples = Object.fromEntries(members.map((member) => [member, sample(member)]));
      const body = { message: `about ${name}`, ...samples };
      const answers: Array<{ headers: Record<string, string>; body: object }> = [
        { headers: typed(name), body },
        { headers: typed(`${name}:http://internal.amazon.com/coral/com.amazonaws.ivschat/`), body },
        { headers: {}, body: { ...body, __type: `com.amazonaws.ivschat#${name}` } },
        { headers: {}, body: { ...body, code: name } },
        { headers: typed(`${name},http://internal.amazon.com/`), body },
        { headers: typed(name), body: { ...body, code: 'OtherException', __type: 'OtherException' } },
      ];
      for (const answer of answers) {
        const { ours: our, sdk } = await outcomes(operation, {
          statusCode: status,
          headers: { ...json, ...METADATA_HEADERS, ...answer.headers },
          body: JSON.stringify(answer.body),
        });
        expect(our.error.name).toBe(name);
        expect(our).toEqual(sdk);
      }
    }
  });

  test.each<[string, Answer]>([
    ['an empty body', { body: '' }],
    ['an empty object', { body: '{}' }],
    ['204 without a body', { statusCode: 204 }],
    ['members that the model does not have', { body: '{"new":1,"arn":"arn"}' }],
    ['null members', { body: '{"arn":null,"tags":null,"rooms":null,"createTime":null}' }],
    ['null in lists and maps', {
      body: '{"rooms":[null,{"arn":"a"}],"tags":{"a":null,"b":"c"},"loggingConfigurationIdentifiers":["a",null]}',
    }],
    ['a string for a number', { body: '{"maximumMessageLength":"5"}' }],
    ['a number for a string', { body: '{"arn":5,"token":5,"id":5}' }],
    ['a list for a map', { body: '{"tags":["a"]}' }],
    ['a map for a list', { body: '{"rooms":{"a":"b"}}' }],
    ['a string for a structure', { body: '{"messageReviewHandler":"text"}' }],
    ['a time in seconds', times(1700000000)],
    ['a time with nanoseconds', times('2023-01-09T14:48:35.358123456Z')],
    ['a time with an offset', times('2023-01-09T14:48:35+05:30')],
    ['a time with a negative offset of zero', times('2023-01-09T14:48:35-00:00')],
    ['a time without a zone', times('2023-01-09T14:48:35')],
    ['a month that does not exist', times('2023-13-40T14:48:35Z')],
    ['February 30', times('2023-02-30T14:48:35Z')],
    ['a word for a time', times('yesterday')],
    ['an unknown destination', { body: '{"destinationConfiguration":{"kafka":{"topic":"t"}}}' }],
    ['incomplete JSON', { body: '{"arn": "x"' }],
    ['200 with HTML from a proxy', { headers: { 'content-type': 'text/html' }, body: '<html>hello</html>' }],
    ['a list for the output', { body: '[]' }],
    ['a wrong content type', { headers: { 'content-type': 'text/plain' }, body: '{"arn":"arn","token":"token"}' }],
    ['an unknown error', {
      statusCode: 418, headers: typed('TeapotException'), body: '{"message":"short and stout","spout":true}',
    }],
    ['an error without a type', { statusCode: 404, body: '{"message":"not here"}' }],
    ['an error without a body', { statusCode: 503, body: '' }],
    ['an error with Message', {
      statusCode: 400, headers: typed('ValidationException'), body: '{"Message":"capital"}',
    }],
    ['an error with a number as its type', { statusCode: 400, body: '{"code":5,"message":"no"}' }],
    ['an error without a message', { statusCode: 400, headers: typed('ValidationException'), body: '{}' }],
    ['an unknown error without a message', { statusCode: 400, headers: typed('Strange'), body: '{}' }],
    ['an expired token', {
      statusCode: 403, headers: typed('ExpiredTokenException'), body: '{"message":"The security token is expired"}',
    }],
    ['the error of API Gateway for a missing token', {
      statusCode: 403,
      headers: typed('MissingAuthenticationTokenException'),
      body: '{"message":"Missing Authentication Token"}',
    }],
    ['the throttling error of API Gateway', { statusCode: 429, body: '{"message":"Too Many Requests"}' }],
    ['a redirect', { statusCode: 301, headers: { location: 'https://elsewhere.example/' }, body: '' }],
  ])('returns or throws the same for %s', async (_, answer) => {
    const headers = { ...METADATA_HEADERS, ...answer.headers };
    const { ours: our, sdk } = await outcomes(operation, { ...answer, headers });
    // The messages of the SDK quote the response, which can contain a token.
    if (sdk.error && !sdk.error.$fault) sdk.error.message = our.error.message;
    expect(our).toEqual(sdk);
  });
});

const REQUEST_ID_HEADERS = ['x-amzn-requestid', 'x-amzn-request-id', 'x-amz-request-id'];

test.each(REQUEST_ID_HEADERS)('the request ID comes from the header %s', async (header) => {
  const { ours: our, sdk } = await outcomes('GetRoom', { headers: { [header]: 'id' }, body: '{}' });
  expect(our.output.$metadata.requestId).toBe('id');
  expect(our).toEqual(sdk);
});

test.each<[unknown]>([
  '2023-01-09T14:48:35Z', '2023-01-28T14:48:35.1Z', '2023-01-31T14:48:35.12Z', '2024-02-29T23:59:59.123456Z',
  '2023-01-09T14:48:35+05:30', '2023-01-09T14:48:35.5-11:45', '2023-01-31T23:48:35-05:00', '2024-02-29T00:48:35+05:00',
  '2023-01-09t14:48:35z', '2023-02-29T14:48:35Z', '2023-02-28T14:48:35Z', '2023-04-31T14:48:35Z',
  '2023-04-30T14:48:35Z', '2023-01-32T14:48:35Z', '2023-00-10T14:48:35Z', '2023-01-09T24:48:35Z',
  '2023-01-09T14:60:35Z', ' 2023-01-09T14:48:35Z', 'x2023-01-09T14:48:35Z', '+012023-01-09T14:48:35Z',
  '2023-01-09T14:48:35Z ', '2023-01-09T14:48:35ZZ', '2023-01-09T14:48:35+05:300', '2023-01-09T14:48:35+0530',
  '2023-01-09T14:48:35+5:30', '2023-01-09T14:48:35 05:30', '2023-01-09T14:48:35.Z', '2023-01-09T14:48:35.xZ',
  '2023-01-09T14:48Z', '2023-01-09', 'Mon, 09 Jan 2023 14:48:35 GMT', '',
  ['2023-01-09T14:48:35Z'], 1700000000, true, { time: 1 },
].map((time) => [time]))('the time %j gives the same output, or an error', async (time) => {
  const { ours: our, sdk } = await outcomes('GetRoom', { headers: json, body: JSON.stringify({ createTime: time }) });
  expect(our.output).toEqual(sdk.output);
  if (!our.error) return;
  expect(our.error).toMatchObject({
    name: 'TypeError', message: 'a time in the response is not in the form of RFC 3339',
  });
});

describe('differences from the SDK', () => {
  const NOT_AN_OBJECT = { name: 'SyntaxError', message: 'the response is not a JSON object' };

  test.each(['"text"', '5', 'null', 'true'])('%s for an output is an error, not an empty output', async (body) => {
    const { ours: our, sdk } = await outcomes('GetRoom', { body });
    expect(our.error).toMatchObject(NOT_AN_OBJECT);
    expect(sdk.output ?? sdk.error.name).toEqual(body === 'null' ? 'TypeError' : { $metadata: expect.anything() });
  });

  test.each([
    [502, '<html>Bad Gateway</html>'], [403, '<html>Forbidden</html>'], [500, 'oops'], [400, '{"message":"cut o'],
  ])('an error %d with the body %s is an exception with the status code', async (statusCode, body) => {
    const { ours: our, sdk } = await outcomes('GetRoom', { statusCode, headers: METADATA_HEADERS, body });
    const $fault = statusCode < 500 ? 'client' : 'server';
    expect(our.error).toMatchObject({ name: 'Unknown', message: 'UnknownError', $fault });
    expect(sdk.error.name).toBe('SyntaxError');
    expect(our.error.$metadata).toEqual(sdk.error.$metadata);
  });

  test('a modeled error with a body that is not JSON keeps its class', async () => {
    const answer = { statusCode: 404, headers: typed('ResourceNotFoundException'), body: '<html>' };
    expect((await outcomes('GetRoom', answer)).ours.error.name).toBe('ResourceNotFoundException');
  });

  test('the error for a response that cannot be read does not quote the response', async () => {
    const { ours: our, sdk } = await outcomes('CreateChatToken', { body: 'AQICAHtoken' });
    expect(our.error).toMatchObject(NOT_AN_OBJECT);
    expect(JSON.stringify(our)).not.toContain('AQICAHtoken');
    expect(JSON.stringify(sdk)).toContain('AQICAHtoken');
  });
});

test('each exception is an instance of its class and of the base classes only', async () => {
  for (const [name, { status }] of Object.entries(errors)) {
    clients.transports.ours.answer = () => ({ statusCode: status, headers: typed(name), body: '{"message":"no"}' });
    const error = await clients.send.ours('GetRoom', INPUTS.GetRoom).catch((thrown) => thrown);
    expect(error).toBeInstanceOf((ours as any)[name]);
    expect(error).toBeInstanceOf(ours.IvschatServiceException);
    expect(error).toBeInstanceOf(Error);
    expect(Object.keys(errors).filter((other) => error instanceof (ours as any)[other])).toEqual([name]);
  }
});

test('members of an error response do not replace the members of the error', async () => {
  const body = '{"message":"no","__proto__":{"polluted":true},"stack":"forged","constructor":"forged",'
    + '"toString":"forged","$metadata":"forged","name":"forged","$fault":"forged"}';
  clients.transports.ours.answer = () => ({ statusCode: 400, headers: typed('Strange'), body });
  const error = await clients.send.ours('GetRoom', INPUTS.GetRoom).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ours.IvschatServiceException);
  expect(error).toMatchObject({
    name: 'Strange', message: 'no', $fault: 'client', $metadata: { httpStatusCode: 400 },
  });
  expect(error.polluted).toBeUndefined();
  expect(String(error)).toBe('Strange: no');
  expect(error.stack).not.toBe('forged');
});

function sample(member: string): unknown {
  const samples: Record<string, unknown> = {
    limit: 5, reason: 'OTHER', fieldList: [{ name: 'name', message: 'too long' }], resourceType: 'ROOM',
  };
  return samples[member] ?? 'AbCdEf012345';
}
