import { Harness } from './world/harness';
import { fault } from './world/ivs-chat';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const userTags = (tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.values<string>(ownershipTags).includes(key)));
const chatCalls = (harness: Harness) => harness.operations.filter((operation) => operation !== 'PUT' && operation !== 'DescribeStackResource');

describe('a room that nothing goes wrong with', () => {
  test('is created as the template says, with its owner in the create call', async () => {
    const harness = new Harness();
    const answer = await harness.create({ MaximumMessageLength: '300', MaximumMessageRatePerSecond: '50', Tags: { team: 'live' } });
    const [room] = harness.service.rooms;
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: room!.arn, Data: { Arn: room!.arn, Id: room!.id } });
    expect(room).toMatchObject({ name: 'lobby', maximumMessageLength: 300, maximumMessageRatePerSecond: 50, tags: { team: 'live' } });
    const { tags } = harness.calls.find(({ operation }) => operation === 'CreateRoom')!.input;
    expect(Object.keys(tags).sort()).toEqual([...Object.values(ownershipTags), 'team'].sort());
    expect(chatCalls(harness)).toEqual(['ListRooms', 'CreateRoom', 'GetRoom', 'GetRoom']);
  });

  test('is updated in place with the whole desired state', async () => {
    const harness = new Harness();
    const created = await harness.create({ MaximumMessageLength: '300', Tags: { team: 'live', old: '1' } });
    harness.calls.length = 0;
    const answer = await harness.update({ MaximumMessageRatePerSecond: '20', Tags: { team: 'vod' } }, { MaximumMessageLength: '300', Tags: { team: 'live', old: '1' } });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: created.PhysicalResourceId });
    const [room] = harness.service.rooms;
    expect(room).toMatchObject({ maximumMessageLength: 500, maximumMessageRatePerSecond: 20 });
    expect(userTags(room!.tags)).toEqual({ team: 'vod' });
    expect(chatCalls(harness)).toEqual(['UpdateRoom', 'TagResource', 'UntagResource', 'GetRoom', 'GetRoom']);
  });

  test('is deleted', async () => {
    const harness = new Harness();
    await harness.create();
    await harness.wait(3600);
    harness.calls.length = 0;
    expect(await harness.delete()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.service.rooms).toEqual([]);
    expect(chatCalls(harness)).toEqual(['GetRoom', 'DeleteRoom', 'ListRooms']);
  });

  test('where nothing lags, nothing is waited for', async () => {
    const harness = new Harness({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    await harness.create();
    expect(harness.milliseconds).toBeLessThan(200);
    await harness.update({ MaximumMessageLength: '7' });
    expect(harness.milliseconds).toBeLessThan(200);
    await harness.delete();
    expect(harness.milliseconds).toBeLessThan(200);
  });
});

describe('a create', () => {
  const found = (harness: Harness, request: string, born: string) => harness.service.put('room', {
    name: 'lobby', tags: { [ownershipTags.owner]: owner(harness.event({ RequestId: '-' })), [ownershipTags.request]: request, [ownershipTags.born]: born },
  });

  test('that is cancelled while the service creates removes what it made, and says so', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => {
      if (operation === 'CreateRoom') harness.status = 'DELETE_IN_PROGRESS';
      return undefined;
    };
    const answer = await harness.create();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1' });
    expect(answer.Reason).toBe('CloudFormation no longer waits for this request (it is DELETE_IN_PROGRESS); nothing was created');
    expect(harness.service.rooms).toEqual([]);
    expect(harness.chatOperations).toEqual(['ListRooms', 'CreateRoom', 'DeleteRoom', 'ListRooms']);
  });

  test('whose other delivery was answered meanwhile with the very room keeps it', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }, ordinary) => {
      const reply = ordinary();
      if (operation === 'CreateRoom') [harness.status, harness.recorded] = ['CREATE_COMPLETE', harness.owned[0]!.arn];
      return reply;
    };
    const answer = await harness.deliver(harness.event());
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.owned).toHaveLength(1);
  });

  test('whose other delivery was answered meanwhile with another room removes its own, and answers the same', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }, ordinary) => {
      if (operation === 'CreateRoom') [harness.status, harness.recorded] = ['CREATE_COMPLETE', found(harness, 'request-1', '20260105T120000Z').arn];
      return ordinary();
    };
    const answer = await harness.deliver(harness.event());
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.owned.map(({ arn }) => arn)).toEqual([harness.recorded]);
  });

  test('that finds what its other delivery made does not ask again whether it is waited for, and removes nothing', async () => {
    const harness = new Harness();
    const made = found(harness, 'request-1', '20260105T120000Z');
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: made.arn });
    expect(harness.operations).toEqual(['DescribeStackResource', 'ListRooms', 'GetRoom', 'GetRoom', 'PUT']);
  });

  test('that comes too late removes what else it made, and answers with what is recorded', async () => {
    const harness = new Harness();
    await harness.create();
    const event = harness.event({ RequestId: 'request-1' });
    const others = [found(harness, 'request-1', '20260105T120000Z'), found(harness, 'request-0', '20260105T120000Z')];
    expect(await harness.deliver(event)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.owned.map(({ arn }) => arn).sort()).toEqual([harness.recorded!, others[1]!.arn].sort());
  });

  test('of which nothing is recorded any more makes nothing, and says why', async () => {
    const harness = new Harness();
    const event = harness.event();
    [harness.status, harness.recorded] = ['CREATE_COMPLETE', 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl'];
    expect((await harness.deliver(event)).Reason).toMatch(/\(it is CREATE_COMPLETE\); nothing was created$/);
    expect(harness.service.rooms).toEqual([]);
  });

  test('of the same second but another request is left alone', async () => {
    const harness = new Harness();
    const other = found(harness, 'request-0', '20260105T120000Z');
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.owned.map(({ arn }) => arn)).toEqual([other.arn, harness.recorded]);
  });

  test.each([
    ['a moment', '0', ['DescribeStackResource', 'ListRooms', 'CreateRoom', 'CreateRoom', 'DescribeStackResource', 'GetRoom', 'GetRoom', 'PUT']],
    ['six seconds', '6', ['DescribeStackResource', 'ListRooms', 'CreateRoom', 'DescribeStackResource', 'ListRooms', 'CreateRoom', 'DescribeStackResource', 'GetRoom', 'GetRoom', 'PUT']],
  ])('that is throttled is sent again after %s; it looks again only at what is old by then', async (_, after, expected) => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => (operation === 'CreateRoom' && ++times === 1
      ? { status: 429, body: '{}', headers: { 'x-amzn-errortype': 'ThrottlingException', 'retry-after': after } } : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.operations).toEqual(expected);
  });

  test('that is throttled again and again is sent at growing intervals', async () => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => (operation === 'CreateRoom' && ++times < 6 ? '429' : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    const at = harness.calls.filter(({ operation }) => operation === 'CreateRoom').map(({ time }) => time);
    for (let index = 1; index < 5; index++) expect(at[index]! - at[index - 1]!).toBeGreaterThan(500 * 2 ** (index - 1));
  });

  test.each([[4950, 'CreateRoom'], [4960, 'DescribeStackResource']])('is sent only on news of less than five seconds: the list takes %d ms, then %s', async (slow, next) => {
    const harness = new Harness();
    let lists = 0;
    harness.intercept = async ({ operation }, ordinary) => {
      if (operation === 'ListRooms' && ++lists === 1) await harness.clock.sleep(slow);
      return ordinary();
    };
    await harness.create();
    expect(harness.operations[2]).toBe(next);
  });

  test('that was lost is sent again only when a list would have shown what it made, and only while it is waited for', async () => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => (operation === 'CreateRoom' && ++times === 1 ? 'reset, not done' : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    const [first, second] = harness.calls.filter(({ operation }) => operation === 'CreateRoom').map(({ time }) => time);
    expect(second! - first!).toBeGreaterThanOrEqual(38_000);
    expect(second! - first!).toBeLessThan(42_000);
    const looks = harness.calls.filter(({ operation, time }) => operation === 'ListRooms' && time > first! && time < second!).map(({ time }) => time);
    expect(looks.length).toBeGreaterThanOrEqual(13);
    expect(looks.length).toBeLessThanOrEqual(15);
    expect(looks[0]! - first!).toBeGreaterThanOrEqual(3000);
    expect(harness.operations[harness.operations.lastIndexOf('CreateRoom') - 2]).toBe('DescribeStackResource');
    expect(harness.owned).toHaveLength(1);
  });

  test('that was lost is sent again at once where nothing lags', async () => {
    const harness = new Harness({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    let times = 0;
    harness.intercept = ({ operation }) => (operation === 'CreateRoom' && ++times === 1 ? 'reset, not done' : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeLessThan(1000);
    expect(harness.operations.slice(0, 7)).toEqual(['DescribeStackResource', 'ListRooms', 'CreateRoom', 'ListRooms', 'DescribeStackResource', 'ListRooms', 'CreateRoom']);
  });

  test('that was lost and done is found at the next look', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => (operation === 'CreateRoom' ? 'reset, done' : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeLessThan(4000);
    expect(harness.chatOperations).toEqual(['ListRooms', 'CreateRoom', 'ListRooms', 'GetRoom', 'GetRoom']);
  });

  test('that was lost, done and found later is cancelled like any other', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => {
      if (operation !== 'CreateRoom') return undefined;
      harness.status = 'DELETE_IN_PROGRESS';
      return 'reset, done';
    };
    expect((await harness.create()).Status).toBe('FAILED');
    expect(harness.service.rooms).toEqual([]);
  });
});

describe('an update', () => {
  test('needs no old properties', async () => {
    const harness = new Harness();
    await harness.create({ Tags: { a: '1' } });
    const { tags } = harness.owned[0]!;
    harness.service.put('room', { name: 'chat-Room', tags: { ...tags } });
    await harness.wait(100);
    harness.reset();
    expect((await harness.update({ Name: 'stage' }, {}, { OldResourceProperties: undefined })).Status).toBe('SUCCESS');
    expect(harness.chatOperations).toEqual(['UpdateRoom', 'UntagResource', 'GetRoom', 'GetRoom']);
  });

  test('takes off the tags of the last request even where the service does not show them yet', async () => {
    const harness = new Harness();
    await harness.create({ Tags: { old: '1', kept: '1' } });
    await harness.wait(100);
    const stale = { ...harness.owned[0]!, tags: {} };
    harness.intercept = ({ operation }, ordinary) => {
      const reply = ordinary();
      return operation === 'UpdateRoom' ? { ...reply, body: JSON.stringify(stale) } : reply;
    };
    harness.calls.length = 0;
    expect((await harness.update({ Tags: { kept: '1' } }, { Tags: { old: '1', kept: '1' } })).Status).toBe('SUCCESS');
    expect(harness.calls.filter(({ operation }) => /tag/i.test(operation)).map(({ input }) => input.tags ?? input.tagKeys)).toEqual([{ kept: '1' }, ['old']]);
  });

  test.each(['x', 7, null])('minds no old tags that are none: %j', async (Tags) => {
    const harness = new Harness();
    await harness.create();
    harness.reset();
    expect((await harness.update({}, { Tags })).Status).toBe('SUCCESS');
    expect(harness.chatOperations).toEqual(['UpdateRoom', 'GetRoom', 'GetRoom']);
  });

  test.each([[0, 73_000], [30, 43_000], [73, 0]])('that renames waits until no create of the old name can come any more: %d s after the create', async (after, wait) => {
    const harness = new Harness();
    await harness.create();
    const { createTime } = harness.owned[0]!;
    await harness.wait(after);
    harness.reset();
    expect((await harness.update({ Name: 'stage' })).Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeGreaterThanOrEqual(wait - 1000);
    expect(harness.milliseconds).toBeLessThan(wait + 1000);
    const lists = harness.calls.filter(({ operation }) => operation === 'ListRooms');
    expect(lists.map(({ input }) => input.name)).toEqual(wait ? ['lobby', 'lobby'] : ['lobby']);
    if (wait) expect(lists[1]!.time).toBeGreaterThanOrEqual(Date.parse(createTime) + 73_000);
  });

  test('that does not rename looks for nothing', async () => {
    const harness = new Harness();
    await harness.create();
    harness.reset();
    await harness.update({ MaximumMessageLength: '7' });
    expect(harness.chatOperations).toEqual(['UpdateRoom', 'GetRoom', 'GetRoom']);
  });

  test('that nobody waits for any more changes nothing', async () => {
    const harness = new Harness();
    await harness.create();
    const event = harness.event({ RequestType: 'Update', PhysicalResourceId: harness.recorded, ResourceProperties: { MaximumMessageLength: '7' } });
    harness.reset();
    expect((await harness.deliver(event)).Reason).toBe('CloudFormation no longer waits for this request (it is CREATE_COMPLETE); nothing was updated');
    expect(harness.chatOperations).toEqual([]);
  });

  test('that is refused says so, not that the room is gone', async () => {
    const harness = new Harness();
    await harness.create();
    for (const name of ['AccessDeniedException', 'ValidationException']) {
      harness.reset();
      harness.intercept = ({ operation }) => (operation === 'UpdateRoom' ? fault(name, 400, 'no') : undefined);
      expect((await harness.update({})).Reason).toMatch(new RegExp(`^(Get|Update) room failed: ${name}: no`));
      if (name === 'ValidationException') expect(harness.chatOperations).toEqual(['UpdateRoom']);
    }
  });

  test('of what was adopted may name it again, and nothing else', async () => {
    const harness = new Harness();
    const old = harness.service.put('room', { name: 'theirs' });
    await harness.create({ Adopt: old.arn });
    expect((await harness.update({ Adopt: old.arn, MaximumMessageLength: '7' }, { Adopt: old.arn, Name: undefined })).Status).toBe('SUCCESS');
    expect(harness.operations).not.toContain('ListRooms'); // what else had its name is none of ours
    expect((await harness.update({ Adopt: 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl' }, { Adopt: old.arn })).Reason)
      .toBe(`it is ${old.arn} and can't become arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl; to adopt another one, give the construct another id`);
  });
});

describe('a delete', () => {
  test.each([
    ['AccessDeniedException', 'SUCCESS', 'FAILED'], ['PendingVerification', 'SUCCESS', 'FAILED'], ['ServiceQuotaExceededException', 'FAILED', 'FAILED'],
  ])('whose list is refused with %s: %s if nothing can have been created, %s of a room', async (name, unknown, known) => {
    const harness = new Harness();
    await harness.create();
    await harness.wait(100);
    harness.intercept = ({ operation }) => (operation === 'ListRooms' ? fault(name, 403) : undefined);
    expect((await harness.delete()).Status).toBe(known);
    expect((await harness.delete({}, { PhysicalResourceId: 'pending/request-9' })).Status).toBe(unknown);
  });

  test('of a create that made nothing is done at once', async () => {
    const harness = new Harness();
    expect((await harness.delete({}, { PhysicalResourceId: 'nothing/request-1' })).Status).toBe('SUCCESS');
    expect(harness.chatOperations).toEqual([]);
    expect(harness.milliseconds).toBeLessThan(100);
  });

  test.each([['nothing/request-1', 1, 0], ['pending/request-1', 2, 73_000]])('of an adoption that failed as %s looks %d times for what to give back', async (PhysicalResourceId, looks, wait) => {
    const harness = new Harness();
    const old = harness.service.put('room', { name: 'theirs' });
    expect((await harness.delete({ Adopt: old.arn }, { PhysicalResourceId })).Status).toBe('SUCCESS');
    expect(harness.chatOperations).toEqual(Array.from({ length: looks }, () => 'GetRoom'));
    expect(harness.milliseconds).toBeGreaterThanOrEqual(wait);
    expect(harness.milliseconds).toBeLessThan(wait + 1000);
  });

  test('of what was adopted deletes it, and looks for nothing if that never had a name of ours', async () => {
    const harness = new Harness();
    const old = harness.service.put('room', { name: 'theirs' });
    await harness.create({ Adopt: old.arn, Name: undefined });
    harness.reset();
    expect((await harness.delete({ Adopt: old.arn, Name: undefined })).Status).toBe('SUCCESS');
    expect(harness.chatOperations).toEqual(['GetRoom', 'DeleteRoom']);
    expect(harness.service.rooms).toEqual([]);
  });

  test('of a room does not mind a list that still shows it', async () => {
    const harness = new Harness();
    await harness.create();
    await harness.wait(100);
    const stale = JSON.stringify({ rooms: harness.service.rooms });
    harness.reset();
    harness.intercept = ({ operation }) => (operation === 'ListRooms' ? { status: 200, body: stale } : undefined);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.chatOperations).toEqual(['GetRoom', 'DeleteRoom', 'ListRooms']);
  });

  test('without a physical id sweeps', async () => {
    const harness = new Harness();
    await harness.create();
    expect((await harness.delete({}, { PhysicalResourceId: undefined })).Status).toBe('SUCCESS');
    expect(harness.service.rooms).toEqual([]);
  });

  test('of a room that lost its owner tag removes it all the same', async () => {
    const harness = new Harness();
    await harness.create();
    harness.service.meddle(harness.recorded!, { tags: {} });
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.service.rooms).toEqual([]);
  });

  test('that has no time to wait says what it waited for', async () => {
    const harness = new Harness();
    await harness.create();
    const answer = await harness.deliver(harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded }), 30);
    expect(answer.Reason).toMatch(/^the time ran out during: Waiting for what a create that is still on its way may bring\. Deploy again/);
  });

  test('waits out the second in which it was made, and not where nothing lags', async () => {
    for (const [environment, least, most] of [[{}, 1000, 1100], [{ IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' }, 0, 200]] as const) {
      const harness = new Harness({ environment });
      await harness.create();
      harness.clock.setTimeout(() => {}, Math.ceil(harness.clock.now() / 1000) * 1000 + 100_000 - harness.clock.now());
      await harness.clock.run();
      await harness.delete();
      expect(harness.milliseconds).toBeGreaterThanOrEqual(least);
      expect(harness.milliseconds).toBeLessThan(most);
    }
  });

  test('leaves what was made after it was asked for', async () => {
    const harness = new Harness();
    await harness.create();
    const { tags } = harness.owned[0]!;
    await harness.wait(100);
    const later = harness.service.put('room', { name: 'lobby', tags: { ...tags, [ownershipTags.born]: '20270101T000000Z' } });
    const earlier = harness.service.put('room', { name: 'lobby', tags: { ...tags } });
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.service.rooms.map(({ arn }) => arn)).toEqual([later.arn]);
    expect(harness.service.resources.has(earlier.arn)).toBe(false);
  });

  test('removes what it made in its own second', async () => {
    const harness = new Harness();
    await harness.create();
    const { tags } = harness.owned[0]!;
    await harness.wait(100);
    const event = harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded });
    const born = new URL(event.ResponseURL).searchParams.get('X-Amz-Date')!;
    harness.service.put('room', { name: 'lobby', tags: { ...tags, [ownershipTags.born]: born } });
    expect((await harness.deliver(event)).Status).toBe('SUCCESS');
    expect(harness.service.rooms).toEqual([]);
  });
});
