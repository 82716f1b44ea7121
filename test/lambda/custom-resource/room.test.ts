import { Harness } from './world/harness';
import { IncompleteResponseError, live, liveOf } from '../../../lambda/custom-resource/resource-kind';

const FUNCTION = 'arn:aws:lambda:us-west-2:123456789012:function:review';
const logging = (id: string) => `arn:aws:ivschat:us-west-2:123456789012:logging-configuration/${id.repeat(12)}`;
const inputOf = (harness: Harness, operation: string) =>
  harness.calls.find((call) => call.operation === operation)!.input;

test('a create sends every setting, and a review handler only if there is one', async () => {
  const harness = new Harness();
  await harness.create();
  expect(inputOf(harness, 'CreateRoom')).toEqual({
    name: 'lobby',
    maximumMessageLength: 500,
    maximumMessageRatePerSecond: 10,
    loggingConfigurationIdentifiers: [],
    tags: expect.any(Object),
  });
  const all = new Harness();
  await all.create({
    MaximumMessageLength: '1',
    MaximumMessageRatePerSecond: '100',
    MessageReviewHandler: { Uri: FUNCTION, FallbackResult: 'DENY' },
    LoggingConfigurationIdentifiers: [logging('a'), logging('b')],
  });
  expect(inputOf(all, 'CreateRoom')).toMatchObject({
    maximumMessageLength: 1,
    maximumMessageRatePerSecond: 100,
    messageReviewHandler: { uri: FUNCTION, fallbackResult: 'DENY' },
    loggingConfigurationIdentifiers: [logging('a'), logging('b')],
  });
});

test('a review handler without a fallback result gets the default of the service, ALLOW', async () => {
  const harness = new Harness();
  await harness.create({ MessageReviewHandler: { Uri: FUNCTION } });
  expect(inputOf(harness, 'CreateRoom').messageReviewHandler).toEqual({ uri: FUNCTION, fallbackResult: 'ALLOW' });
});

/** Makes GetRoom show the room with other members. */
function show(harness: Harness, view: object): void {
  harness.intercept = ({ operation }, ordinary) => {
    const reply = ordinary();
    return operation === 'GetRoom' ? { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), ...view }) } : reply;
  };
}

describe('a room has the desired settings when the service shows', () => {
  const uri = FUNCTION;
  test.each<[string, object, object]>([
    ['no review handler as an empty one', {}, { messageReviewHandler: { uri: '' } }],
    ['no review handler as an empty one with a fallback result',
      {}, { messageReviewHandler: { uri: '', fallbackResult: 'DENY' } }],
    ['a review handler without the default fallback result',
      { MessageReviewHandler: { Uri: uri, FallbackResult: 'ALLOW' } }, { messageReviewHandler: { uri } }],
    ['the logging configurations in another order',
      { LoggingConfigurationIdentifiers: [logging('a'), logging('b')] },
      { loggingConfigurationIdentifiers: [logging('b'), logging('a')] }],
    ['no logging configurations as nothing', {}, { loggingConfigurationIdentifiers: null }],
    ['defaults as nothing', {}, { maximumMessageLength: null, maximumMessageRatePerSecond: null }],
  ])('%s', async (_, properties, view) => {
    const harness = new Harness();
    show(harness, view);
    expect((await harness.create(properties)).Status).toBe('SUCCESS');
    expect(harness.operations.filter((operation) => operation === 'GetRoom')).toHaveLength(1);
  });
});

describe('a room does not have the desired settings while the service shows', () => {
  const full = {
    MaximumMessageLength: '7',
    MaximumMessageRatePerSecond: '7',
    MessageReviewHandler: { Uri: FUNCTION, FallbackResult: 'DENY' },
    LoggingConfigurationIdentifiers: [logging('a')],
  };
  test.each<[object, string]>([
    [{ name: 'other' }, 'name'],
    [{ name: null }, 'name'],
    [{ maximumMessageLength: 8 }, 'maximumMessageLength'],
    [{ maximumMessageLength: null }, 'maximumMessageLength'],
    [{ maximumMessageRatePerSecond: 8 }, 'maximumMessageRatePerSecond'],
    [{ maximumMessageRatePerSecond: null }, 'maximumMessageRatePerSecond'],
    [{ messageReviewHandler: null }, 'messageReviewHandler'],
    [{ messageReviewHandler: { uri: FUNCTION, fallbackResult: 'ALLOW' } }, 'messageReviewHandler'],
    [{ messageReviewHandler: { uri: FUNCTION } }, 'messageReviewHandler'],
    [{ messageReviewHandler: { uri: `${FUNCTION}:live`, fallbackResult: 'DENY' } }, 'messageReviewHandler'],
    [{ loggingConfigurationIdentifiers: null }, 'loggingConfigurationIdentifiers'],
    [{ loggingConfigurationIdentifiers: [logging('b')] }, 'loggingConfigurationIdentifiers'],
    [{ loggingConfigurationIdentifiers: [logging('a'), logging('b')] }, 'loggingConfigurationIdentifiers'],
  ])('%j', async (view, member) => {
    const harness = new Harness();
    show(harness, view);
    expect((await harness.create(full)).Reason).toContain(`Waiting until Amazon IVS Chat shows ${member} as requested`);
  });
});

test('an update sends every setting, so that removed properties get their defaults', async () => {
  const harness = new Harness();
  await harness.create({
    MaximumMessageLength: '7',
    MessageReviewHandler: { Uri: FUNCTION },
    LoggingConfigurationIdentifiers: [logging('a')],
  });
  await harness.update({});
  expect(inputOf(harness, 'UpdateRoom')).toEqual({
    identifier: harness.recorded,
    name: 'lobby',
    maximumMessageLength: 500,
    maximumMessageRatePerSecond: 10,
    messageReviewHandler: { uri: '' },
    loggingConfigurationIdentifiers: [],
  });
});

test('a room of the same request is found on every page of the list', async () => {
  const harness = new Harness();
  for (let index = 0; index < 120; index++) harness.service.put('room', { name: 'lobby' });
  await harness.create();
  const { tags } = harness.owned[0]!;
  const other = harness.service.put('room', { name: 'lobby', tags: { ...tags } });
  await harness.wait(100);
  harness.reset();
  await harness.delete();
  expect(harness.service.resources.has(other.arn)).toBe(false);
  expect(harness.service.resources.size).toBe(120);
  const lists = harness.calls.filter(({ operation }) => operation === 'ListRooms').map(({ input }) => input);
  expect(lists).toHaveLength(3);
  expect(lists.every(({ name }) => name === 'lobby')).toBe(true);
});

test('a response without an id or a time counts as no response', async () => {
  for (const missing of ['id', 'createTime']) {
    const harness = new Harness();
    harness.intercept = ({ operation }, ordinary) => {
      const { [missing]: _, ...rest } = JSON.parse(operation === 'GetRoom' ? ordinary().body : '{}');
      return operation === 'GetRoom' ? { status: 200, body: JSON.stringify(rest) } : undefined;
    };
    expect((await harness.deliver(harness.event(), 20)).Reason)
      .toBe('Get room failed: TimeoutError: the response of the service has no arn, id or createTime');
  }
});

describe('a resource in a response', () => {
  const times = { createTime: new Date(1000), updateTime: new Date(2000) };

  test('has its times in milliseconds', () => {
    expect(live({ arn: 'a', id: 'b', ...times }))
      .toEqual({ arn: 'a', id: 'b', tags: {}, createTime: 1000, updateTime: 2000 });
    expect(live({ arn: 'a', id: 'b', createTime: times.createTime })).toMatchObject({ updateTime: 1000 });
  });

  test('causes an error if it is incomplete', () => {
    const complete = { arn: 'a', id: 'b', ...times };
    expect(liveOf([complete, complete])).toHaveLength(2);
    for (const page of [undefined, [complete, {}], [{ ...complete, id: '' }]]) {
      expect(() => liveOf(page)).toThrow(IncompleteResponseError);
    }
    expect(new IncompleteResponseError('').name).toBe('TimeoutError');
  });
});
