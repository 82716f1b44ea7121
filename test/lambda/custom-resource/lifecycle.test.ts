import { Bench } from './world/bench';
import { fault } from './world/ivs-chat';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const userTags = (tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.values<string>(ownershipTags).includes(key)));
const chatCalls = (bench: Bench) => bench.operations.filter((operation) => operation !== 'PUT' && operation !== 'DescribeStackResource');

describe('a room that nothing goes wrong with', () => {
  test('is created as the template says, with its owner in the create call', async () => {
    const bench = new Bench();
    const answer = await bench.create({ MaximumMessageLength: '300', MaximumMessageRatePerSecond: '50', Tags: { team: 'live' } });
    const [room] = bench.service.rooms;
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: room!.arn, Data: { Arn: room!.arn, Id: room!.id } });
    expect(room).toMatchObject({ name: 'lobby', maximumMessageLength: 300, maximumMessageRatePerSecond: 50, tags: { team: 'live' } });
    const { tags } = bench.calls.find(({ operation }) => operation === 'CreateRoom')!.input;
    expect(Object.keys(tags).sort()).toEqual([...Object.values(ownershipTags), 'team'].sort());
    expect(chatCalls(bench)).toEqual(['ListRooms', 'CreateRoom', 'GetRoom', 'GetRoom']);
  });

  test('is updated in place with the whole desired state', async () => {
    const bench = new Bench();
    const created = await bench.create({ MaximumMessageLength: '300', Tags: { team: 'live', old: '1' } });
    bench.calls.length = 0;
    const answer = await bench.update({ MaximumMessageRatePerSecond: '20', Tags: { team: 'vod' } }, { MaximumMessageLength: '300', Tags: { team: 'live', old: '1' } });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: created.PhysicalResourceId });
    const [room] = bench.service.rooms;
    expect(room).toMatchObject({ maximumMessageLength: 500, maximumMessageRatePerSecond: 20 });
    expect(userTags(room!.tags)).toEqual({ team: 'vod' });
    expect(chatCalls(bench)).toEqual(['UpdateRoom', 'TagResource', 'UntagResource', 'GetRoom', 'GetRoom']);
  });

  test('is deleted', async () => {
    const bench = new Bench();
    await bench.create();
    await bench.wait(3600);
    bench.calls.length = 0;
    expect(await bench.delete()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: bench.recorded });
    expect(bench.service.rooms).toEqual([]);
    expect(chatCalls(bench)).toEqual(['GetRoom', 'DeleteRoom', 'ListRooms']);
  });

  test('where nothing lags, nothing is waited for', async () => {
    const bench = new Bench({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    await bench.create();
    expect(bench.milliseconds).toBeLessThan(200);
    await bench.update({ MaximumMessageLength: '7' });
    expect(bench.milliseconds).toBeLessThan(200);
    await bench.delete();
    expect(bench.milliseconds).toBeLessThan(200);
  });
});

describe('a create', () => {
  const found = (bench: Bench, request: string, born: string) => bench.service.put('room', {
    name: 'lobby', tags: { [ownershipTags.owner]: owner(bench.event({ RequestId: '-' })), [ownershipTags.request]: request, [ownershipTags.born]: born },
  });

  test('that is cancelled while the service creates removes what it made, and says so', async () => {
    const bench = new Bench();
    bench.interfere = ({ operation }) => {
      if (operation === 'CreateRoom') bench.status = 'DELETE_IN_PROGRESS';
      return undefined;
    };
    const answer = await bench.create();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1' });
    expect(answer.Reason).toBe('CloudFormation no longer waits for this request (it is DELETE_IN_PROGRESS); nothing was created');
    expect(bench.service.rooms).toEqual([]);
    expect(bench.chatOperations).toEqual(['ListRooms', 'CreateRoom', 'DeleteRoom', 'ListRooms']);
  });

  test('whose other delivery was answered meanwhile with the very room keeps it', async () => {
    const bench = new Bench();
    bench.interfere = ({ operation }, ordinary) => {
      const reply = ordinary();
      if (operation === 'CreateRoom') [bench.status, bench.recorded] = ['CREATE_COMPLETE', bench.owned[0]!.arn];
      return reply;
    };
    const answer = await bench.deliver(bench.event());
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: bench.recorded });
    expect(bench.owned).toHaveLength(1);
  });

  test('whose other delivery was answered meanwhile with another room removes its own, and answers the same', async () => {
    const bench = new Bench();
    bench.interfere = ({ operation }, ordinary) => {
      if (operation === 'CreateRoom') [bench.status, bench.recorded] = ['CREATE_COMPLETE', found(bench, 'request-1', '20260105T120000Z').arn];
      return ordinary();
    };
    const answer = await bench.deliver(bench.event());
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: bench.recorded });
    expect(bench.owned.map(({ arn }) => arn)).toEqual([bench.recorded]);
  });

  test('that finds what its other delivery made does not ask again whether it is waited for, and removes nothing', async () => {
    const bench = new Bench();
    const made = found(bench, 'request-1', '20260105T120000Z');
    expect(await bench.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: made.arn });
    expect(bench.operations).toEqual(['DescribeStackResource', 'ListRooms', 'GetRoom', 'GetRoom', 'PUT']);
  });

  test('that comes too late removes what else it made, and answers with what is recorded', async () => {
    const bench = new Bench();
    await bench.create();
    const event = bench.event({ RequestId: 'request-1' });
    const others = [found(bench, 'request-1', '20260105T120000Z'), found(bench, 'request-0', '20260105T120000Z')];
    expect(await bench.deliver(event)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: bench.recorded });
    expect(bench.owned.map(({ arn }) => arn).sort()).toEqual([bench.recorded!, others[1]!.arn].sort());
  });

  test('of which nothing is recorded any more makes nothing, and says why', async () => {
    const bench = new Bench();
    const event = bench.event();
    [bench.status, bench.recorded] = ['CREATE_COMPLETE', 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl'];
    expect((await bench.deliver(event)).Reason).toMatch(/\(it is CREATE_COMPLETE\); nothing was created$/);
    expect(bench.service.rooms).toEqual([]);
  });

  test('of the same second but another request is left alone', async () => {
    const bench = new Bench();
    const other = found(bench, 'request-0', '20260105T120000Z');
    expect((await bench.create()).Status).toBe('SUCCESS');
    expect(bench.owned.map(({ arn }) => arn)).toEqual([other.arn, bench.recorded]);
  });

  test.each([
    ['a moment', '0', ['DescribeStackResource', 'ListRooms', 'CreateRoom', 'CreateRoom', 'DescribeStackResource', 'GetRoom', 'GetRoom', 'PUT']],
    ['six seconds', '6', ['DescribeStackResource', 'ListRooms', 'CreateRoom', 'DescribeStackResource', 'ListRooms', 'CreateRoom', 'DescribeStackResource', 'GetRoom', 'GetRoom', 'PUT']],
  ])('that is throttled is sent again after %s; it looks again only at what is old by then', async (_, after, expected) => {
    const bench = new Bench();
    let times = 0;
    bench.interfere = ({ operation }) => (operation === 'CreateRoom' && ++times === 1
      ? { status: 429, body: '{}', headers: { 'x-amzn-errortype': 'ThrottlingException', 'retry-after': after } } : undefined);
    expect((await bench.create()).Status).toBe('SUCCESS');
    expect(bench.operations).toEqual(expected);
  });

  test('that is throttled again and again is sent at growing intervals', async () => {
    const bench = new Bench();
    let times = 0;
    bench.interfere = ({ operation }) => (operation === 'CreateRoom' && ++times < 6 ? '429' : undefined);
    expect((await bench.create()).Status).toBe('SUCCESS');
    const at = bench.calls.filter(({ operation }) => operation === 'CreateRoom').map(({ time }) => time);
    for (let index = 1; index < 5; index++) expect(at[index]! - at[index - 1]!).toBeGreaterThan(500 * 2 ** (index - 1));
  });

  test.each([[4950, 'CreateRoom'], [4960, 'DescribeStackResource']])('is sent only on news of less than five seconds: the list takes %d ms, then %s', async (slow, next) => {
    const bench = new Bench();
    let lists = 0;
    bench.interfere = async ({ operation }, ordinary) => {
      if (operation === 'ListRooms' && ++lists === 1) await bench.clock.sleep(slow);
      return ordinary();
    };
    await bench.create();
    expect(bench.operations[2]).toBe(next);
  });

  test('that was lost is sent again only when a list would have shown what it made, and only while it is waited for', async () => {
    const bench = new Bench();
    let times = 0;
    bench.interfere = ({ operation }) => (operation === 'CreateRoom' && ++times === 1 ? 'reset, not done' : undefined);
    expect((await bench.create()).Status).toBe('SUCCESS');
    const [first, second] = bench.calls.filter(({ operation }) => operation === 'CreateRoom').map(({ time }) => time);
    expect(second! - first!).toBeGreaterThanOrEqual(38_000);
    expect(second! - first!).toBeLessThan(42_000);
    const looks = bench.calls.filter(({ operation, time }) => operation === 'ListRooms' && time > first! && time < second!).map(({ time }) => time);
    expect(looks.length).toBeGreaterThanOrEqual(13);
    expect(looks.length).toBeLessThanOrEqual(15);
    expect(looks[0]! - first!).toBeGreaterThanOrEqual(3000);
    expect(bench.operations[bench.operations.lastIndexOf('CreateRoom') - 2]).toBe('DescribeStackResource');
    expect(bench.owned).toHaveLength(1);
  });

  test('that was lost is sent again at once where nothing lags', async () => {
    const bench = new Bench({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    let times = 0;
    bench.interfere = ({ operation }) => (operation === 'CreateRoom' && ++times === 1 ? 'reset, not done' : undefined);
    expect((await bench.create()).Status).toBe('SUCCESS');
    expect(bench.milliseconds).toBeLessThan(1000);
    expect(bench.operations.slice(0, 7)).toEqual(['DescribeStackResource', 'ListRooms', 'CreateRoom', 'ListRooms', 'DescribeStackResource', 'ListRooms', 'CreateRoom']);
  });

  test('that was lost and done is found at the next look', async () => {
    const bench = new Bench();
    bench.interfere = ({ operation }) => (operation === 'CreateRoom' ? 'reset, done' : undefined);
    expect((await bench.create()).Status).toBe('SUCCESS');
    expect(bench.milliseconds).toBeLessThan(4000);
    expect(bench.chatOperations).toEqual(['ListRooms', 'CreateRoom', 'ListRooms', 'GetRoom', 'GetRoom']);
  });

  test('that was lost, done and found later is cancelled like any other', async () => {
    const bench = new Bench();
    bench.interfere = ({ operation }) => {
      if (operation !== 'CreateRoom') return undefined;
      bench.status = 'DELETE_IN_PROGRESS';
      return 'reset, done';
    };
    expect((await bench.create()).Status).toBe('FAILED');
    expect(bench.service.rooms).toEqual([]);
  });
});

describe('an update', () => {
  test('needs no old properties', async () => {
    const bench = new Bench();
    await bench.create({ Tags: { a: '1' } });
    const { tags } = bench.owned[0]!;
    bench.service.put('room', { name: 'chat-Room', tags: { ...tags } });
    await bench.wait(100);
    bench.calm();
    expect((await bench.update({ Name: 'stage' }, {}, { OldResourceProperties: undefined })).Status).toBe('SUCCESS');
    expect(bench.chatOperations).toEqual(['UpdateRoom', 'UntagResource', 'GetRoom', 'GetRoom']);
  });

  test('takes off the tags of the last request even where the service does not show them yet', async () => {
    const bench = new Bench();
    await bench.create({ Tags: { old: '1', kept: '1' } });
    await bench.wait(100);
    const stale = { ...bench.owned[0]!, tags: {} };
    bench.interfere = ({ operation }, ordinary) => {
      const reply = ordinary();
      return operation === 'UpdateRoom' ? { ...reply, body: JSON.stringify(stale) } : reply;
    };
    bench.calls.length = 0;
    expect((await bench.update({ Tags: { kept: '1' } }, { Tags: { old: '1', kept: '1' } })).Status).toBe('SUCCESS');
    expect(bench.calls.filter(({ operation }) => /tag/i.test(operation)).map(({ input }) => input.tags ?? input.tagKeys)).toEqual([{ kept: '1' }, ['old']]);
  });

  test.each(['x', 7, null])('minds no old tags that are none: %j', async (Tags) => {
    const bench = new Bench();
    await bench.create();
    bench.calm();
    expect((await bench.update({}, { Tags })).Status).toBe('SUCCESS');
    expect(bench.chatOperations).toEqual(['UpdateRoom', 'GetRoom', 'GetRoom']);
  });

  test.each([[0, 73_000], [30, 43_000], [73, 0]])('that renames waits until no create of the old name can come any more: %d s after the create', async (after, wait) => {
    const bench = new Bench();
    await bench.create();
    const { createTime } = bench.owned[0]!;
    await bench.wait(after);
    bench.calm();
    expect((await bench.update({ Name: 'stage' })).Status).toBe('SUCCESS');
    expect(bench.milliseconds).toBeGreaterThanOrEqual(wait - 1000);
    expect(bench.milliseconds).toBeLessThan(wait + 1000);
    const lists = bench.calls.filter(({ operation }) => operation === 'ListRooms');
    expect(lists.map(({ input }) => input.name)).toEqual(wait ? ['lobby', 'lobby'] : ['lobby']);
    if (wait) expect(lists[1]!.time).toBeGreaterThanOrEqual(Date.parse(createTime) + 73_000);
  });

  test('that does not rename looks for nothing', async () => {
    const bench = new Bench();
    await bench.create();
    bench.calm();
    await bench.update({ MaximumMessageLength: '7' });
    expect(bench.chatOperations).toEqual(['UpdateRoom', 'GetRoom', 'GetRoom']);
  });

  test('that nobody waits for any more changes nothing', async () => {
    const bench = new Bench();
    await bench.create();
    const event = bench.event({ RequestType: 'Update', PhysicalResourceId: bench.recorded, ResourceProperties: { MaximumMessageLength: '7' } });
    bench.calm();
    expect((await bench.deliver(event)).Reason).toBe('CloudFormation no longer waits for this request (it is CREATE_COMPLETE); nothing was updated');
    expect(bench.chatOperations).toEqual([]);
  });

  test('that is refused says so, not that the room is gone', async () => {
    const bench = new Bench();
    await bench.create();
    for (const name of ['AccessDeniedException', 'ValidationException']) {
      bench.calm();
      bench.interfere = ({ operation }) => (operation === 'UpdateRoom' ? fault(name, 400, 'no') : undefined);
      expect((await bench.update({})).Reason).toMatch(new RegExp(`^(Get|Update) room failed: ${name}: no`));
      if (name === 'ValidationException') expect(bench.chatOperations).toEqual(['UpdateRoom']);
    }
  });

  test('of what was adopted may name it again, and nothing else', async () => {
    const bench = new Bench();
    const old = bench.service.put('room', { name: 'theirs' });
    await bench.create({ Adopt: old.arn });
    expect((await bench.update({ Adopt: old.arn, MaximumMessageLength: '7' }, { Adopt: old.arn, Name: undefined })).Status).toBe('SUCCESS');
    expect(bench.operations).not.toContain('ListRooms'); // what else had its name is none of ours
    expect((await bench.update({ Adopt: 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl' }, { Adopt: old.arn })).Reason)
      .toBe(`it is ${old.arn} and can't become arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl; to adopt another one, give the construct another id`);
  });
});

describe('a delete', () => {
  test.each([
    ['AccessDeniedException', 'SUCCESS', 'FAILED'], ['PendingVerification', 'SUCCESS', 'FAILED'], ['ServiceQuotaExceededException', 'FAILED', 'FAILED'],
  ])('whose list is refused with %s: %s if nothing can have been created, %s of a room', async (name, unknown, known) => {
    const bench = new Bench();
    await bench.create();
    await bench.wait(100);
    bench.interfere = ({ operation }) => (operation === 'ListRooms' ? fault(name, 403) : undefined);
    expect((await bench.delete()).Status).toBe(known);
    expect((await bench.delete({}, { PhysicalResourceId: 'pending/request-9' })).Status).toBe(unknown);
  });

  test('of a create that made nothing is done at once', async () => {
    const bench = new Bench();
    expect((await bench.delete({}, { PhysicalResourceId: 'nothing/request-1' })).Status).toBe('SUCCESS');
    expect(bench.chatOperations).toEqual([]);
    expect(bench.milliseconds).toBeLessThan(100);
  });

  test.each([['nothing/request-1', 1, 0], ['pending/request-1', 2, 73_000]])('of an adoption that failed as %s looks %d times for what to give back', async (PhysicalResourceId, looks, wait) => {
    const bench = new Bench();
    const old = bench.service.put('room', { name: 'theirs' });
    expect((await bench.delete({ Adopt: old.arn }, { PhysicalResourceId })).Status).toBe('SUCCESS');
    expect(bench.chatOperations).toEqual(Array.from({ length: looks }, () => 'GetRoom'));
    expect(bench.milliseconds).toBeGreaterThanOrEqual(wait);
    expect(bench.milliseconds).toBeLessThan(wait + 1000);
  });

  test('of what was adopted deletes it, and looks for nothing if that never had a name of ours', async () => {
    const bench = new Bench();
    const old = bench.service.put('room', { name: 'theirs' });
    await bench.create({ Adopt: old.arn, Name: undefined });
    bench.calm();
    expect((await bench.delete({ Adopt: old.arn, Name: undefined })).Status).toBe('SUCCESS');
    expect(bench.chatOperations).toEqual(['GetRoom', 'DeleteRoom']);
    expect(bench.service.rooms).toEqual([]);
  });

  test('of a room does not mind a list that still shows it', async () => {
    const bench = new Bench();
    await bench.create();
    await bench.wait(100);
    const stale = JSON.stringify({ rooms: bench.service.rooms });
    bench.calm();
    bench.interfere = ({ operation }) => (operation === 'ListRooms' ? { status: 200, body: stale } : undefined);
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(bench.chatOperations).toEqual(['GetRoom', 'DeleteRoom', 'ListRooms']);
  });

  test('without a physical id sweeps', async () => {
    const bench = new Bench();
    await bench.create();
    expect((await bench.delete({}, { PhysicalResourceId: undefined })).Status).toBe('SUCCESS');
    expect(bench.service.rooms).toEqual([]);
  });

  test('of a room that lost its owner tag removes it all the same', async () => {
    const bench = new Bench();
    await bench.create();
    bench.service.meddle(bench.recorded!, { tags: {} });
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(bench.service.rooms).toEqual([]);
  });

  test('that has no time to wait says what it waited for', async () => {
    const bench = new Bench();
    await bench.create();
    const answer = await bench.deliver(bench.event({ RequestType: 'Delete', PhysicalResourceId: bench.recorded }), 30);
    expect(answer.Reason).toMatch(/^the time ran out during: Waiting for what a create that is still on its way may bring\. Deploy again/);
  });

  test('waits out the second in which it was made, and not where nothing lags', async () => {
    for (const [environment, least, most] of [[{}, 1000, 1100], [{ IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' }, 0, 200]] as const) {
      const bench = new Bench({ environment });
      await bench.create();
      bench.clock.setTimeout(() => {}, Math.ceil(bench.clock.now() / 1000) * 1000 + 100_000 - bench.clock.now());
      await bench.clock.run();
      await bench.delete();
      expect(bench.milliseconds).toBeGreaterThanOrEqual(least);
      expect(bench.milliseconds).toBeLessThan(most);
    }
  });

  test('leaves what was made after it was asked for', async () => {
    const bench = new Bench();
    await bench.create();
    const { tags } = bench.owned[0]!;
    await bench.wait(100);
    const later = bench.service.put('room', { name: 'lobby', tags: { ...tags, [ownershipTags.born]: '20270101T000000Z' } });
    const earlier = bench.service.put('room', { name: 'lobby', tags: { ...tags } });
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(bench.service.rooms.map(({ arn }) => arn)).toEqual([later.arn]);
    expect(bench.service.resources.has(earlier.arn)).toBe(false);
  });

  test('removes what it made in its own second', async () => {
    const bench = new Bench();
    await bench.create();
    const { tags } = bench.owned[0]!;
    await bench.wait(100);
    const event = bench.event({ RequestType: 'Delete', PhysicalResourceId: bench.recorded });
    const born = new URL(event.ResponseURL).searchParams.get('X-Amz-Date')!;
    bench.service.put('room', { name: 'lobby', tags: { ...tags, [ownershipTags.born]: born } });
    expect((await bench.deliver(event)).Status).toBe('SUCCESS');
    expect(bench.service.rooms).toEqual([]);
  });
});
