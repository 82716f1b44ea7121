/** The answers of a message review function are valid, whatever the review does. */
import fc from 'fast-check';
import { allow, deny, reviewMessage, type MessageReviewEvent, type Review } from '../../../lambda/runtime';

const RUNS = process.env.LONG_TESTS ? 100_000 : 1000;

const event: MessageReviewEvent = {
  Content: 'hello',
  MessageId: 'AAAAAAAAAAA1',
  RoomArn: 'arn:aws:ivschat:eu-west-1:123456789012:room/AAAAAAAAAAAA',
  Attributes: { color: 'red' },
  Sender: { UserId: 'ada', Ip: '192.0.2.1', Attributes: { role: 'viewer' } },
};

let logged: string[];

beforeEach(() => {
  logged = [];
  jest.spyOn(console, 'error').mockImplementation((line) => logged.push(line));
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const answer = (review: () => any, options: Partial<Parameters<typeof reviewMessage>[1]> = {}, given = event) =>
  reviewMessage(review, { onError: 'DENY', ...options })(given);

test('allow() keeps the content and the attributes', async () => {
  expect(await answer(() => allow()))
    .toEqual({ ReviewResult: 'ALLOW', Content: 'hello', Attributes: { color: 'red' } });
});

test('allow() replaces the content or the attributes', async () => {
  expect(await answer(() => allow({ content: 'h***o' })))
    .toMatchObject({ Content: 'h***o', Attributes: { color: 'red' } });
  expect(await answer(() => allow({ attributes: {} }))).toMatchObject({ Content: 'hello', Attributes: {} });
});

test('a message without attributes gets an answer with none', async () => {
  expect(await answer(() => allow(), {}, { ...event, Attributes: null })).toMatchObject({ Attributes: {} });
});

test('deny() returns the reason', async () => {
  expect(await answer(() => deny('No links')))
    .toEqual({ ReviewResult: 'DENY', Content: 'hello', Attributes: { Reason: 'No links' } });
});

test('deny() can have an empty reason', async () => {
  expect((await answer(() => deny(''))).Attributes).toEqual({ Reason: '' });
});

test('deny() without a reason, or with one that is not text, returns no attributes', async () => {
  const expected = { ReviewResult: 'DENY', Content: 'hello', Attributes: {} };
  expect(await answer(() => deny())).toEqual(expected);
  expect(await answer(() => deny(5 as never))).toEqual(expected);
});

test('a reason is cut after 250 code points, and half a character is replaced', async () => {
  const { Attributes } = await answer(() => deny('😀'.repeat(251)));
  expect(Attributes).toEqual({ Reason: '😀'.repeat(250) });
  expect((await answer(() => deny('a\ud83d'))).Attributes).toEqual({ Reason: 'a\ufffd' });
});

test('all names and values of the attributes can have 1024 bytes', async () => {
  const allowed = { ['é'.repeat(256)]: 'é'.repeat(256) };
  expect(await answer(() => allow({ attributes: allowed })))
    .toMatchObject({ ReviewResult: 'ALLOW', Attributes: allowed });
  expect((await answer(() => allow({ attributes: { ...allowed, a: '' } }))).ReviewResult).toBe('DENY');
});

test('a failure is logged with its name and its places, and without its message', async () => {
  const frames = Array.from({ length: 7 }, (_, index) => `    at call${index} (index.js:${index})`);
  const stack = [`RangeError: ${secret}`, ...frames].join('\n');
  await answer(() => Promise.reject(Object.assign(new RangeError(secret), { stack })));
  await answer(() => Promise.reject(undefined));
  expect(logged.map((line) => JSON.parse(line))).toEqual([
    {
      level: 'ERROR',
      message: 'The review of a message failed',
      messageId: 'AAAAAAAAAAA1',
      error: 'RangeError',
      frames: frames.slice(0, 5),
    },
    { level: 'ERROR', message: 'The review of a message failed', messageId: 'AAAAAAAAAAA1', frames: [] },
  ]);
});

test('content is cut after 500 code points by default', async () => {
  expect((await answer(() => allow({ content: 'a'.repeat(501) }))).Content).toBe('a'.repeat(500));
});

test('longer content is cut at the limit of the room, in code points', async () => {
  const { Content } = await answer(() => allow({ content: '😀'.repeat(20) }), { maximumMessageLength: 5 });
  expect(Content).toBe('😀'.repeat(5));
});

const secret = 'the content of a message';
const failures: [string, () => unknown][] = [
  ['throws', () => { throw new Error(secret); }],
  ['rejects', () => Promise.reject(new Error(secret))],
  ['throws undefined', () => { throw undefined; }],
  ['returns nothing', () => undefined],
  ['returns an unknown result', () => ({ result: 'MAYBE' })],
  ['returns empty content', () => allow({ content: '' })],
  ['returns content of another type', () => allow({ content: 5 as never })],
  ['returns attributes of another type', () => allow({ attributes: { count: 5 } as never })],
  ['returns a list of attributes', () => allow({ attributes: ['red'] as never })],
  ['returns more than 1 KB of attributes', () => allow({ attributes: { big: 'é'.repeat(512) } })],
];

describe.each(['ALLOW', 'DENY'] as const)('onError %s is the answer if the review', (onError) => {
  test.each(failures)('%s', async (_, review) => {
    const expected = { ReviewResult: onError, Content: 'hello', Attributes: { color: 'red' } };
    expect(await answer(review, { onError })).toEqual(expected);
    expect(logged).toHaveLength(1);
    expect(logged[0]).not.toContain(secret);
  });

  test('does not end within 150 ms', async () => {
    jest.useFakeTimers();
    const answered = answer(() => new Promise(() => {}), { onError });
    await jest.advanceTimersByTimeAsync(149);
    expect(await Promise.race([answered, 'waiting'])).toBe('waiting');
    await jest.advanceTimersByTimeAsync(1);
    expect((await answered).ReviewResult).toBe(onError);
    expect(JSON.parse(logged[0]!).error).toBe('TimeoutError');
  });
});

test('no timer stays after an answer', async () => {
  jest.useFakeTimers();
  await answer(() => allow());
  expect(jest.getTimerCount()).toBe(0);
});

test('a review that changes the event does not change the answer on an error', async () => {
  const changed = structuredClone(event);
  const review = (given: any): Review => {
    given.Content = '';
    given.Attributes.color = 5;
    throw new Error('failed');
  };
  expect(await reviewMessage(review, { onError: 'ALLOW' })(changed))
    .toEqual({ ReviewResult: 'ALLOW', Content: 'hello', Attributes: { color: 'red' } });
});

const timeout = (timeoutInMilliseconds: number) => ({ onError: 'DENY', timeoutInMilliseconds });

test.each([
  [undefined, 'onError must be ALLOW or DENY'],
  [{}, 'onError must be ALLOW or DENY'],
  [{ onError: 'allow' }, 'onError must be ALLOW or DENY'],
  [timeout(191), 'timeoutInMilliseconds must be between 1 and 190, got 191'],
  [timeout(0), 'timeoutInMilliseconds must be between 1 and 190, got 0'],
  [timeout(NaN), 'timeoutInMilliseconds must be between 1 and 190, got NaN'],
])('the options %j are refused', (options, message) => {
  expect(() => reviewMessage(() => allow(), options as never)).toThrow(new TypeError(message));
});

test.each([1, 190])('a timeout of %i milliseconds is accepted', (milliseconds) => {
  expect(() => reviewMessage(() => allow(), timeout(milliseconds) as never)).not.toThrow();
});

test(`${RUNS} generated reviews result in valid answers`, async () => {
  const text = fc.string({ unit: 'binary', maxLength: 700 });
  const attributes = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 600 }), fc.oneof(text, fc.anything()));
  const review = fc.oneof(
    fc.record({ result: fc.constantFrom('ALLOW', 'DENY', 'allow'), content: text, attributes, reason: text }, {
      requiredKeys: [],
    }),
    fc.record({ result: fc.constant('ALLOW'), content: fc.anything(), attributes: fc.anything() }),
    fc.anything(),
  );
  const events = fc.record({
    Content: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 100 }),
    Attributes: fc.option(fc.dictionary(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), { maxKeys: 9 })),
  });
  const isValid = ({ ReviewResult, Content, Attributes }: any) => {
    const length = [...Content].length;
    const entries: string[] = Object.entries(Attributes).flat() as string[];
    return ['ALLOW', 'DENY'].includes(ReviewResult) && length >= 1 && length <= 100 && !/\p{Cs}/u.test(Content)
      && entries.every((value) => typeof value === 'string') && Buffer.byteLength(entries.join('')) <= 1024;
  };
  const fallback = fc.constantFrom('ALLOW' as const, 'DENY' as const);
  await fc.assert(fc.asyncProperty(review, events, fallback, async (result, changes, onError) => {
    const handler = reviewMessage(() => result as Review, { onError, maximumMessageLength: 100 });
    expect(isValid(JSON.parse(JSON.stringify(await handler({ ...event, ...changes }))))).toBe(true);
  }), { numRuns: RUNS });
});
