import * as fc from 'fast-check';
import { Harness, SIGNATURE } from './world/harness';
import type { CustomResourceEvent } from '../../../lambda/custom-resource/event';
import { type Outcome, respond, responseBody, responseUrl } from '../../../lambda/custom-resource/respond';

const URL_TEXT = 'https://cloudformation-custom-resource-response-uswest2.s3-us-west-2.amazonaws.com/arn%3Aaws%3A1%7CRoom%7C2?X-Amz-Date=20260105T120000Z&X-Amz-Signature=ab%2Fc';

describe('T15 the answer is at most 4,096 bytes', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 3000 }), fc.string({ unit: 'binary', maxLength: 3000 }), fc.string({ unit: 'grapheme', maxLength: 2000 }),
    fc.constantFrom('😀', '\u0000', '"', '\\', '\ud800', 'é', 'x').map((character) => character.repeat(5000)),
  );
  const event = fc.record({
    StackId: fc.string({ maxLength: 300 }), RequestId: fc.uuid(), LogicalResourceId: fc.string({ minLength: 1, maxLength: 255 }),
  }) as unknown as fc.Arbitrary<CustomResourceEvent>;
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.record({ status: fc.constant('FAILED' as const), physicalResourceId: fc.string({ minLength: 1, maxLength: 300 }), reason: text }),
    fc.record({
      status: fc.constant('SUCCESS' as const),
      physicalResourceId: fc.string({ minLength: 1, maxLength: 300 }),
      data: fc.dictionary(fc.string(), text, { maxKeys: 3 }),
    }),
  );

  test('whatever is in it, and it stays valid JSON with whole characters', () => {
    const runs = process.env.LONG_TESTS ? 100_000 : process.env.STRYKER_MUTATOR_WORKER ? 200 : 4_000;
    fc.assert(fc.property(event, outcome, (given, result) => {
      const body = responseBody(given, result);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
      const answer = JSON.parse(body);
      expect(answer).toMatchObject({ ...given, PhysicalResourceId: result.physicalResourceId });
      if (result.status === 'FAILED') {
        expect(answer.Status).toBe('FAILED');
        expect(result.reason.startsWith(answer.Reason)).toBe(true);
        // As long as it can be, and cut between characters
        const next = [...result.reason].slice([...answer.Reason].length)[0];
        if (next !== undefined) {
          const longer = responseBody(given, { ...result, reason: answer.Reason + next });
          expect(Buffer.byteLength(longer)).toBe(Buffer.byteLength(body));
        }
      } else if (answer.Status === 'SUCCESS') {
        expect(answer.Data).toEqual({ ...result.data });
      } else {
        expect(answer.Reason).toBe('the attributes do not fit into an answer to CloudFormation');
      }
    }), { numRuns: runs });
  }, 600_000);

  test('to the byte', () => {
    const given = { StackId: 's', RequestId: 'r', LogicalResourceId: 'l' } as CustomResourceEvent;
    const room = 4096 - Buffer.byteLength(responseBody(given, { status: 'FAILED', physicalResourceId: 'p', reason: '' }));
    for (const over of [0, 1]) {
      const body = responseBody(given, { status: 'FAILED', physicalResourceId: 'p', reason: 'x'.repeat(room + over) });
      expect(Buffer.byteLength(body)).toBe(4096);
    }
    const data = (length: number) => responseBody(given, { status: 'SUCCESS', physicalResourceId: 'p', data: { x: 'x'.repeat(length) } });
    const space = 4096 - Buffer.byteLength(data(0));
    expect(JSON.parse(data(space)).Status).toBe('SUCCESS');
    expect(JSON.parse(data(space + 1)).Status).toBe('FAILED');
  });
});

describe('T16 the PUT fails', () => {
  test.each([['reset, not done'], ['500'], ['no answer, not done'], ['429'], [408], [503]] as const)('%s: it is repeated, and a success stays one', async (fault) => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => (operation !== 'PUT' || ++times > 4 ? undefined : typeof fault === 'number' ? { status: fault, body: '' } : fault);
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS' });
    expect(times).toBe(5);
    expect(harness.thrown).toEqual([]);
    const puts = harness.calls.filter(({ operation }) => operation === 'PUT');
    expect(new Set(puts.map(({ input }) => input)).size).toBe(1);
  });

  test('at intervals that double, with chance in them', async () => {
    const harness = new Harness();
    const paused: number[] = [];
    const effects: any = { put: async () => 503, random: () => 0.5, sleep: async (milliseconds: number) => { paused.push(milliseconds); } };
    await expect(respond(effects, new URL(URL_TEXT), harness.event(), { status: 'FAILED', physicalResourceId: 'x', reason: 'x' })).rejects.toThrow('HTTP 503');
    expect(paused).toEqual([200, 400, 800, 1600]);
  });

  test.each([
    [200, 1], [204, 1], [299, 1], [300, 1], [199, 1], [407, 1], [408, 5], [409, 1], [428, 1], [429, 5], [430, 1], [499, 1], [500, 5], [599, 5],
  ])(
    'HTTP %d ends it after %d tries', async (status, tries) => {
      let times = 0;
      const effects: any = { put: async () => { times++; return status; }, random: () => 0, sleep: async () => undefined };
      const answered = respond(effects, new URL(URL_TEXT), new Harness().event(), { status: 'FAILED', physicalResourceId: 'x', reason: 'x' });
      if (status >= 200 && status < 300) await answered;
      else await expect(answered).rejects.toThrow(`CloudFormation could not be answered: HTTP ${status}`);
      expect(times).toBe(tries);
    });

  test('an error without a code is told by its name', async () => {
    const effects: any = { put: async () => { throw new TypeError(`secret ${SIGNATURE}`); }, random: () => 0, sleep: async () => undefined };
    await expect(respond(effects, new URL(URL_TEXT), new Harness().event(), { status: 'FAILED', physicalResourceId: 'x', reason: 'x' }))
      .rejects.toThrow(/^CloudFormation could not be answered: TypeError$/);
  });

  test('again and again: the function fails, so that Lambda delivers the request again, and all is found', async () => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => (operation === 'PUT' && ++times <= 7 ? '500' : undefined);
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.thrown.map(({ message }) => message)).toEqual(['CloudFormation could not be answered: HTTP 500']);
    expect(harness.owned).toHaveLength(1);
    expect(harness.operations.filter((operation) => operation === 'CreateRoom')).toHaveLength(1);
  });

  test.each([400, 403, 404, 301, 307])('%d is final', async (status) => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => (operation === 'PUT' ? { status, body: '', headers: { location: 'https://evil.example/' } } : undefined);
    harness.start(harness.event());
    await harness.clock.run();
    expect(harness.operations.filter((operation) => operation === 'PUT')).toHaveLength(3); // once per invocation
    expect(new Set(harness.thrown.map(({ message }) => message))).toEqual(new Set([`CloudFormation could not be answered: HTTP ${status}`]));
  });

  test('pauses grow, with jitter', async () => {
    const slept: number[] = [];
    const effects: any = { put: async () => 500, random: () => 0.5, sleep: async (milliseconds: number) => slept.push(milliseconds) };
    const event = { StackId: 's', RequestId: 'r', LogicalResourceId: 'l' } as CustomResourceEvent;
    await expect(respond(effects, new URL(URL_TEXT), event, { status: 'SUCCESS', physicalResourceId: 'p' })).rejects.toThrow('HTTP 500');
    expect(slept).toEqual([200, 400, 800, 1600]);
  });
});

describe('T17 the PUT is exact', () => {
  test('path and query verbatim, empty content type, length in bytes', async () => {
    const harness = new Harness();
    await harness.deliver(harness.event({ ResponseURL: URL_TEXT, ResourceProperties: { MaximumMessageLength: 'é😀' } }));
    const { request } = harness.calls.find(({ operation }) => operation === 'PUT')!;
    expect(request).toMatchObject({ method: 'PUT', protocol: 'https:', path: URL_TEXT.slice(URL_TEXT.indexOf('/arn')) });
    expect(request.headers).toEqual({
      'host': new URL(URL_TEXT).host, 'content-type': '', 'content-length': String(Buffer.byteLength(request.body)),
    });
    expect(Buffer.byteLength(request.body)).toBeGreaterThan(request.body.length);
  });

  test.each([
    'http://x.s3.amazonaws.com/a', 'https://evil.example/a', 'https://amazonaws.com/a', 'https://s3.amazonaws.com.evil.example/a', 'https://evilamazonaws.com/a',
    'https://user@s3.amazonaws.com/a', 'https://user:password@s3.amazonaws.com/a', 'https://s3.amazonaws.com:8443/a', 'https://127.0.0.1/a', 'https://[::1]/a',
    'https://169.254.169.254/latest/meta-data', 'ftp://s3.amazonaws.com/a', 'file:///etc/passwd', 'https:///a', '', 'nonsense',
    'https://s3.amazonaws.com%2eevil.example/', 'https://s3.amazonaws.com.cn.evil.example/',
  ])('S10 goes nowhere but to AWS: not to %j', async (url) => {
    const harness = new Harness();
    harness.start(harness.event({ ResponseURL: url }));
    await harness.clock.run();
    expect(harness.calls).toEqual([]);
    expect(harness.thrown[0]!.message).toBe('the event has no ResponseURL that is an https URL of AWS; nothing was done, and nobody was answered');
  });

  test.each(['https://s3.us-west-2.amazonaws.com/a', 'https://x.s3.cn-north-1.amazonaws.com.cn/a', URL_TEXT])('to %s', (url) => {
    expect(responseUrl(url).href).toBe(url);
  });
});

test('T20 nothing secret is in Data, so NoEcho is not needed', async () => {
  const harness = new Harness();
  const answer = await harness.create({ Tags: { a: 'secret' } });
  expect(Object.keys(answer.Data!).sort()).toEqual(['Arn', 'Id', 'Name']);
  expect(answer.raw).not.toContain(SIGNATURE);
});
