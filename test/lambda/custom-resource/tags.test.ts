import { Harness } from './world/harness';
import { birthTags, markAnswering, requestOf, tagDifferences } from '../../../lambda/custom-resource/tags';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const { request } = ownershipTags;

describe('which request made a room', () => {
  const at = Date.UTC(2026, 0, 5, 12, 1, 2);
  test.each([
    ['request-1', { request: 'request-1' }],
    ['request-1/20260105T120102Z', { request: 'request-1', answering: at }],
    ['request/1/20260105T120102Z', { request: 'request/1', answering: at }],
    ['request-1/20260105T120102', { request: 'request-1/20260105T120102' }],
    ['request-1/20260105T120102Z ', { request: 'request-1/20260105T120102Z ' }],
    ['request-1/120260105T120102Z', { request: 'request-1/120260105T120102Z' }],
    ['request-1-20260105T120102Z', { request: 'request-1-20260105T120102Z' }],
    ['request\n1/20260105T120102Z', { request: 'request\n1', answering: at }],
    [undefined, { request: '' }],
  ])('%j', (tag, expected) => {
    expect(requestOf(tag === undefined ? {} : { [request]: tag })).toEqual(expected);
  });
});

/** A room that the service shows only after some time. */
async function createdWithin(milliseconds: number) {
  const harness = new Harness();
  let made = 0;
  harness.intercept = ({ operation }, ordinary) => {
    if (operation === 'CreateRoom') made = harness.clock.now();
    return operation === 'GetRoom' && harness.clock.now() < made + milliseconds ? { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } } : ordinary();
  };
  const answer = await harness.create();
  expect(answer.Status).toBe('SUCCESS');
  const marks = harness.calls.filter(({ operation }) => operation === 'TagResource');
  const answered = harness.calls.find(({ operation }) => operation === 'PUT')!.time;
  return { harness, marks, answered, made };
}

describe('a create that takes long', () => {
  test('says on the room when it is answered, and the service shows that by then', async () => {
    const { harness, marks, answered } = await createdWithin(16_000);
    expect(marks).toHaveLength(1);
    const { answering, request: by } = requestOf(marks[0]!.input.tags);
    expect(marks[0]!.input).toEqual({ resourceArn: harness.recorded, tags: { [request]: expect.stringMatching(/^request-1\/[0-9]{8}T[0-9]{6}Z$/) } });
    expect(by).toBe('request-1');
    expect(answering).toBe(Math.floor(marks[0]!.time / 1000) * 1000);
    expect(answered - marks[0]!.time).toBeGreaterThanOrEqual(3000);
    expect(harness.owned[0]!.tags).toMatchObject(marks[0]!.input.tags);
  });

  test('is found again by the other deliveries of its request', async () => {
    const { harness } = await createdWithin(16_000);
    harness.reset();
    harness.status = 'CREATE_IN_PROGRESS';
    harness.start(harness.event({ RequestId: 'request-1' }));
    await harness.clock.run();
    expect(harness.answers.at(-1)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.operations).not.toContain('CreateRoom');
    expect(harness.owned).toHaveLength(1);
  });

  test('makes a delete wait for its duplicates from its answer on', async () => {
    const { harness, marks } = await createdWithin(60_000);
    const { answering } = requestOf(marks[0]!.input.tags);
    harness.reset();
    expect((await harness.delete()).Status).toBe('SUCCESS');
    const answered = harness.calls.find(({ operation }) => operation === 'PUT')!.time;
    expect(answered - answering!).toBeGreaterThanOrEqual(73_000);
    expect(answered - answering!).toBeLessThan(74_500);
  });

  test.each([[15_000, false], [15_001, true]])('is one of %d ms: %p', async (after, long) => {
    const createTime = Date.UTC(2026, 0, 5, 12);
    const calls: string[] = [];
    const session = {
      effects: { now: () => createTime + after, settlingTime: 3000 },
      call: async (step: string) => { calls.push(step); },
      pause: async (milliseconds: number) => { calls.push(`${milliseconds} ms`); },
    };
    await markAnswering({ session, event: new Harness().event() } as never, { arn: 'arn', createTime } as never);
    expect(calls).toEqual(long ? ['TagResource', '3000 ms'] : []);
  });

  test('and not where it does not: that is one call less', async () => {
    const { harness, marks, made } = await createdWithin(13_000);
    expect(marks).toEqual([]);
    expect(harness.owned[0]!.tags[request]).toBe('request-1');
    harness.reset();
    expect((await harness.delete()).Status).toBe('SUCCESS');
    const answered = harness.calls.find(({ operation }) => operation === 'PUT')!.time;
    expect(answered - made).toBeGreaterThanOrEqual(73_000);
    expect(answered - made).toBeLessThan(74_500);
  });

  test('nor where nothing lags', async () => {
    const harness = new Harness({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    let reads = 0;
    harness.intercept = ({ operation }) => (operation === 'GetRoom' && ++reads < 60
      ? { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } } : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeGreaterThan(20_000);
    expect(harness.operations).not.toContain('TagResource');
  });
});

test('the tags of the create call are who owns it, by which request, from when', () => {
  const event = new Harness().event();
  expect(birthTags({ owner: 'a/b', born: '20260105T120000Z', event } as never)).toEqual({
    'cdk-ivs-chat:owner': 'a/b', 'cdk-ivs-chat:request': 'request-1', 'cdk-ivs-chat:born': '20260105T120000Z',
  });
});

test.each([['TagResource', { new: '1' }], ['UntagResource', {}]])('a %s that the service refuses is told', async (operation, Tags) => {
  const harness = new Harness();
  await harness.create({ Tags: { old: '1' } });
  harness.intercept = (call) => (call.operation === operation ? { status: 400, body: '{"message":"no"}', headers: { 'x-amzn-errortype': 'ValidationException' } } : undefined);
  expect((await harness.update({ Tags }, { Tags: { old: '1' } })).Reason).toMatch(new RegExp(`^${operation} failed: ValidationException: no`));
});

test('tags that differ, are missing or too many; AWS\'s and our own are nobody\'s business', () => {
  const actual = { 'same': '1', 'other': '1', 'old': '', 'aws:a': '1', 'awsome': '1', ...Object.fromEntries(Object.values(ownershipTags).map((key) => [key, 'x'])) };
  expect(tagDifferences(actual, { same: '1', other: '2', new: '', toString: 'x' })).toEqual({ missing: ['other', 'new', 'toString'], surplus: ['old', 'awsome'] });
  expect(tagDifferences({}, {})).toEqual({ missing: [], surplus: [] });
});
