import * as fc from 'fast-check';
import { type Fault, Harness, SIGNATURE } from './world/harness';
import type { CustomResourceEvent } from '../../../lambda/custom-resource/event';
import { type Outcome, respond, responseBody, responseUrl } from '../../../lambda/custom-resource/respond';

const URL_TEXT = 'https://cloudformation-custom-resource-response-uswest2.s3-us-west-2.amazonaws.com'
  + '/arn%3Aaws%3A1%7CRoom%7C2?X-Amz-Date=20260105T120000Z&X-Amz-Signature=ab%2Fc';
const failed: Outcome = { status: 'FAILED', physicalResourceId: 'x', reason: 'x' };

describe('a response', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 3000 }), fc.string({ unit: 'binary', maxLength: 3000 }),
    fc.string({ unit: 'grapheme', maxLength: 2000 }),
    fc.constantFrom('😀', '\u0000', '"', '\\', '\ud800', 'é', 'x').map((character) => character.repeat(5000)),
  );
  const event = fc.record({
    StackId: fc.string({ maxLength: 300 }),
    RequestId: fc.uuid(),
    LogicalResourceId: fc.string({ minLength: 1, maxLength: 255 }),
  }) as unknown as fc.Arbitrary<CustomResourceEvent>;
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.record({
      status: fc.constant('FAILED' as const),
      physicalResourceId: fc.string({ minLength: 1, maxLength: 300 }),
      reason: text,
    }),
    fc.record({
      status: fc.constant('SUCCESS' as const),
      physicalResourceId: fc.string({ minLength: 1, maxLength: 300 }),
      data: fc.dictionary(fc.string(), text, { maxKeys: 3 }),
    }),
  );

  test('has at most 4,096 bytes, is valid JSON and has whole characters, whatever the outcome is', () => {
    const usualRuns = process.env.STRYKER_MUTATOR_WORKER ? 200 : 4_000;
    const runs = process.env.LONG_TESTS ? 100_000 : usualRuns;
    fc.assert(fc.property(event, outcome, (given, result) => {
      const body = responseBody(given, result);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
      const answer = JSON.parse(body);
      expect(answer).toMatchObject({ ...given, PhysicalResourceId: result.physicalResourceId });
      if (result.status === 'FAILED') {
        expect(answer.Status).toBe('FAILED');
        expect(result.reason.startsWith(answer.Reason)).toBe(true);
        // The reason is as long as it can be, and is cut between two characters.
        const next = [...result.reason].slice([...answer.Reason].length)[0];
        if (next !== undefined) {
          const longer = responseBody(given, { ...result, reason: answer.Reason + next });
          expect(Buffer.byteLength(longer)).toBe(Buffer.byteLength(body));
        }
      } else if (answer.Status === 'SUCCESS') {
        expect(answer.Data).toEqual({ ...result.data });
      } else {
        expect(answer.Reason).toBe('the attributes do not fit into a response to CloudFormation');
      }
    }), { numRuns: runs });
  }, 600_000);

  test('can have exactly 4,096 bytes', () => {
    const given = { StackId: 's', RequestId: 'r', LogicalResourceId: 'l' } as CustomResourceEvent;
    const room =
      4096 - Buffer.byteLength(responseBody(given, { status: 'FAILED', physicalResourceId: 'p', reason: '' }));
    for (const over of [0, 1]) {
      const body = responseBody(given, { status: 'FAILED', physicalResourceId: 'p', reason: 'x'.repeat(room + over) });
      expect(Buffer.byteLength(body)).toBe(4096);
    }
    const data = (length: number) =>
      responseBody(given, { status: 'SUCCESS', physicalResourceId: 'p', data: { x: 'x'.repeat(length) } });
    const space = 4096 - Buffer.byteLength(data(0));
    expect(JSON.parse(data(space)).Status).toBe('SUCCESS');
    expect(JSON.parse(data(space + 1)).Status).toBe('FAILED');
  });
});

describe('a response that could not be sent', () => {
  test.each<[Fault | number]>([
    ['reset, not done'], ['500'], ['no answer, not done'], ['429'], [408], [503],
  ])('because of %p is sent again unchanged, and a success stays a success', async (failure) => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => {
      if (operation !== 'PUT' || ++times > 4) return undefined;
      return typeof failure === 'number' ? { status: failure, body: '' } : failure;
    };
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS' });
    expect(times).toBe(5);
    expect(harness.thrown).toEqual([]);
    const puts = harness.calls.filter(({ operation }) => operation === 'PUT');
    expect(new Set(puts.map(({ input }) => input)).size).toBe(1);
  });

  test.each([
    [200, 1], [204, 1], [299, 1], [300, 1], [199, 1], [407, 1], [408, 5], [409, 1], [428, 1], [429, 5], [430, 1],
    [499, 1], [500, 5], [599, 5],
  ])('with HTTP %d is sent %d times', async (status, attempts) => {
    let times = 0;
    const put = async () => {
      times++;
      return status;
    };
    const effects: any = { put, random: () => 0, sleep: async () => undefined };
    const sent = respond(effects, new URL(URL_TEXT), new Harness().event(), failed);
    if (status >= 200 && status < 300) await sent;
    else await expect(sent).rejects.toThrow(`failed to send the response to CloudFormation: HTTP ${status}`);
    expect(times).toBe(attempts);
  });

  test('is reported with the code of the error, or with its name, and never with its message', async () => {
    const message = `secret ${SIGNATURE}`;
    for (const [error, problem] of [
      [new TypeError(message), 'TypeError'],
      [Object.assign(new Error(message), { code: 'ENOTFOUND' }), 'ENOTFOUND'],
    ] as const) {
      const effects: any = { put: () => Promise.reject(error), random: () => 0, sleep: async () => undefined };
      await expect(respond(effects, new URL(URL_TEXT), new Harness().event(), failed))
        .rejects.toThrow(new RegExp(`^failed to send the response to CloudFormation: ${problem}$`));
    }
  });

  test('fails the function, so that Lambda delivers the request again, which finds the room', async () => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => (operation === 'PUT' && ++times <= 7 ? '500' : undefined);
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.thrown.map(({ message }) => message))
      .toEqual(['failed to send the response to CloudFormation: HTTP 500']);
    expect(harness.owned).toHaveLength(1);
    expect(harness.operations.filter((operation) => operation === 'CreateRoom')).toHaveLength(1);
  });

  test.each([400, 403, 404, 301, 307])('because of HTTP %d is sent once by each delivery', async (status) => {
    const harness = new Harness();
    const refusal = { status, body: '', headers: { location: 'https://evil.example/' } };
    harness.intercept = ({ operation }) => (operation === 'PUT' ? refusal : undefined);
    harness.start(harness.event());
    await harness.clock.run();
    expect(harness.operations.filter((operation) => operation === 'PUT')).toHaveLength(3);
    expect(new Set(harness.thrown.map(({ message }) => message)))
      .toEqual(new Set([`failed to send the response to CloudFormation: HTTP ${status}`]));
  });

  test('is sent again after pauses that double, with jitter', async () => {
    for (const [random, pauses] of [[0.5, [200, 400, 800, 1600]], [0.25, [100, 200, 400, 800]]] as const) {
      const paused: number[] = [];
      const sleep = async (milliseconds: number) => {
        paused.push(milliseconds);
      };
      const effects: any = { put: async () => 503, random: () => random, sleep };
      await expect(respond(effects, new URL(URL_TEXT), new Harness().event(), failed)).rejects.toThrow('HTTP 503');
      expect(paused).toEqual(pauses);
    }
  });
});

describe('the request that sends the response', () => {
  test('has the exact path and query of the URL, and an empty content type', async () => {
    const harness = new Harness();
    const ResourceProperties = { MaximumMessageLength: 'é😀' };
    await harness.deliver(harness.event({ ResponseURL: URL_TEXT, ResourceProperties }));
    const { request } = harness.calls.find(({ operation }) => operation === 'PUT')!;
    expect(request)
      .toMatchObject({ method: 'PUT', protocol: 'https:', path: URL_TEXT.slice(URL_TEXT.indexOf('/arn')) });
    expect(request.headers).toEqual({ 'host': new URL(URL_TEXT).host, 'content-type': '' });
    expect(request.body).toContain('é😀');
  });

  test.each([
    'http://x.s3.amazonaws.com/a', 'https://evil.example/a', 'https://amazonaws.com/a',
    'https://s3.amazonaws.com.evil.example/a',
    'https://evilamazonaws.com/a', 'https://user@s3.amazonaws.com/a', 'https://user:password@s3.amazonaws.com/a',
    'https://s3.amazonaws.com:8443/a', 'https://127.0.0.1/a', 'https://[::1]/a',
    'https://169.254.169.254/latest/meta-data',
    'ftp://s3.amazonaws.com/a', 'file:///etc/passwd', 'https:///a', '', 'nonsense',
    'https://s3.amazonaws.com%2eevil.example/', 'https://s3.amazonaws.com.cn.evil.example/',
  ])('is not sent to %j, which is not a URL of AWS', async (url) => {
    const harness = new Harness();
    harness.start(harness.event({ ResponseURL: url }));
    await harness.clock.run();
    expect(harness.calls).toEqual([]);
    expect(harness.thrown[0]!.message).toBe(
      'the ResponseURL of the event must be an https URL of AWS; nothing was done, and no response was sent');
  });

  test.each([
    'https://s3.us-west-2.amazonaws.com/a', 'https://x.s3.cn-north-1.amazonaws.com.cn/a', URL_TEXT,
  ])('can be sent to %s', (url) => {
    expect(responseUrl(url, undefined)).toEqual({ url: new URL(url), isEmulated: false });
    expect(responseUrl(url, 'http://localhost:4566')).toEqual({ url: new URL(url), isEmulated: false });
  });

  describe('from a function of an AWS emulator', () => {
    test.each([
      'http://localhost:4566', 'http://localhost:4566/', 'http://127.0.0.1', 'https://emulator.example:8443/path',
    ])('is sent to the emulator at %s', (endpoint) => {
      const url = new URL('/response/1?a=b', endpoint);
      expect(responseUrl(url.href, endpoint)).toEqual({ url, isEmulated: true });
    });

    test.each([
      ['http://localhost:4566/a', undefined],
      ['http://localhost:4566/a', ''],
      ['http://localhost:4566/a', 'localhost:4566'],
      ['http://localhost:4567/a', 'http://localhost:4566'],
      ['https://localhost:4566/a', 'http://localhost:4566'],
      ['http://localhost.evil.example:4566/a', 'http://localhost:4566'],
      ['http://user@localhost:4566/a', 'http://localhost:4566'],
      ['file:///a', 'file:///a'],
      ['data:,a', 'data:,a'],
    ])('is not sent to %s, which does not have the origin of AWS_ENDPOINT_URL %j', (url, endpoint) => {
      expect(() => responseUrl(url, endpoint)).toThrow('the ResponseURL of the event must be an https URL of AWS');
    });
  });
});

test('the attributes of a room contain no secrets, so NoEcho is not needed', async () => {
  const harness = new Harness();
  const answer = await harness.create({ Tags: { a: 'secret' } });
  expect(Object.keys(answer.Data!).sort()).toEqual(['Arn', 'Id', 'Name']);
  expect(answer.raw).not.toContain(SIGNATURE);
});
