import { Bench, type BenchOptions } from './world/bench';
import { fault } from './world/ivs-chat';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING: BenchOptions = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};

async function created(options: BenchOptions = {}): Promise<Bench> {
  const bench = new Bench({ ...LOGGING, ...options });
  await bench.create();
  await bench.wait(100);
  bench.calm();
  return bench;
}

/** How many there were when the delete was answered. */
function leftAtTheAnswer(bench: Bench): () => number | undefined {
  let left: number | undefined;
  bench.interfere = ({ operation }) => {
    if (operation === 'PUT') left = bench.service.resources.size;
    return undefined;
  };
  return () => left;
}

describe('T22 the deletion that the service accepts', () => {
  test('is waited for: the stack is not told of it before it is true', async () => {
    const bench = await created();
    bench.service.deletion = () => ({ milliseconds: 9000 });
    const left = leftAtTheAnswer(bench);
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
    const reads = bench.calls.filter(({ operation }) => operation === 'GetLoggingConfiguration').map(({ time }) => time);
    for (let index = 2; index < reads.length; index++) expect(reads[index]! - reads[index - 1]!).toBeGreaterThanOrEqual(1500);
    expect(reads.length).toBeLessThan(8);
  });

  test('and can\'t carry out fails the delete, which can be tried again', async () => {
    const bench = await created({ readLag: 3000 });
    bench.service.deletion = () => ({ milliseconds: 9000, fails: true });
    const answer = await bench.delete();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: bench.recorded });
    expect(answer.Reason).toBe('Waiting until the service has deleted it failed: Error: '
      + `the service says of ${bench.recorded}: DELETE_FAILED; delete the stack again, or the logging configuration by hand`);
    expect(bench.milliseconds).toBeLessThan(40_000);
    // The old state is still shown for a while, and is not believed.
    bench.service.deletion = () => ({ milliseconds: 1000 });
    const left = leftAtTheAnswer(bench);
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
  });

  test.each([
    ['renamed by hand', { name: 'by-hand' }],
    ['adopted', { tags: { [ownershipTags.owner]: owner(new Bench().event()) } }],
  ])('of what was %s, too, though no list shows it', async (_, members) => {
    const bench = await created();
    bench.service.meddle(bench.recorded!, members);
    bench.service.deletion = () => ({ milliseconds: 5000, fails: true });
    expect((await bench.delete()).Reason).toContain('DELETE_FAILED');
    bench.service.deletion = () => ({ milliseconds: 5000 });
    const left = leftAtTheAnswer(bench);
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
  });

  test('of what a list still shows under the name that it had a moment ago, too', async () => {
    const bench = await created();
    bench.service.deletion = () => ({ milliseconds: 5000, fails: true });
    bench.interfere = ({ operation }, ordinary) => {
      if (operation !== 'ListLoggingConfigurations') return undefined;
      const { loggingConfigurations } = JSON.parse(ordinary().body);
      return { status: 200, body: JSON.stringify({ loggingConfigurations: loggingConfigurations.map((one: object) => ({ ...one, name: 'stage' })) }) };
    };
    expect((await bench.delete()).Reason).toContain('DELETE_FAILED');
  });

  test('of what else the resource\'s creates made, too', async () => {
    const bench = await created();
    const { tags } = bench.owned[0]!;
    const other = bench.service.put('logging-configuration', { name: 'lobby', tags: { ...tags } });
    bench.service.deletion = (arn) => ({ milliseconds: 5000, fails: arn === other.arn });
    expect((await bench.delete()).Reason).toContain(`the service says of ${other.arn}: DELETE_FAILED`);
  });

  test('takes longer than there is time: the delete fails, and the next one finds it gone', async () => {
    const bench = await created();
    bench.service.deletion = () => ({ milliseconds: 400_000 });
    expect((await bench.delete()).Reason).toMatch(/^the time ran out during: Waiting until the service has deleted it\. Deploy again/);
    expect((await bench.delete()).Status).toBe('SUCCESS');
  });

  test('of one that is another stack\'s by now is nobody\'s business', async () => {
    const bench = await created();
    bench.service.meddle(bench.recorded!, { name: 'theirs', tags: { [ownershipTags.owner]: 'somebody/else' }, state: 'DELETING' });
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(bench.chatOperations).toEqual(['GetLoggingConfiguration', 'ListLoggingConfigurations']);
  });
});

describe('T23 one that is still used: the reason', () => {
  const conflict = (users: object[]) => async () => {
    const bench = await created();
    for (const user of users) bench.service.put('room', { ...user, loggingConfigurationIdentifiers: [bench.recorded!] });
    const rooms = bench.service.rooms;
    bench.service.put('room', { name: 'of-nobody' }); // which is not to be named
    const answer = await bench.deliver(bench.event({ RequestType: 'Delete', PhysicalResourceId: bench.recorded }), 20);
    return { answer, rooms };
  };

  test('names the rooms, all of them', async () => {
    const { answer, rooms } = await conflict([{ name: 'stage' }, { name: '' }])();
    expect(answer.Reason).toContain(`ConflictException: The logging configuration is associated with rooms. It is still used by ${rooms[0]!.arn} (stage), ${rooms[1]!.arn} (request id`);
  });

  test('names those of every page of the list', async () => {
    const { answer, rooms } = await conflict(Array.from({ length: 60 }, () => ({ name: '' })))();
    expect(answer.Reason).toContain(rooms[0]!.arn);
    expect(rooms).toHaveLength(60);
  });

  test('names none where they can\'t be told, or there are none any more', async () => {
    for (const operation of ['ListRooms', 'GetRoom']) {
      const bench = await created();
      if (operation === 'ListRooms') bench.service.put('room', { name: 'stage', loggingConfigurationIdentifiers: [bench.recorded!] });
      bench.interfere = (call) => (call.operation === operation ? fault('AccessDeniedException', 403)
        : call.operation === 'DeleteLoggingConfiguration' && operation === 'GetRoom' ? fault('ConflictException', 409, 'The logging configuration is associated with rooms') : undefined);
      const { Reason } = await bench.deliver(bench.event({ RequestType: 'Delete', PhysicalResourceId: bench.recorded }), 20);
      expect(Reason).toContain('ConflictException: The logging configuration is associated with rooms (request id a1b2c3) Something else changes the same resource');
    }
  });

  test('is looked for only where something uses it', async () => {
    const bench = await created();
    bench.interfere = ({ operation }) => (operation === 'DeleteLoggingConfiguration' ? fault('ValidationException', 400, 'no') : undefined);
    expect((await bench.delete()).Reason).toContain('ValidationException: no');
    expect(bench.operations).not.toContain('ListRooms');
  });
});

test('a create and an update send name and destination; the tags go into the create call', async () => {
  const bench = new Bench(LOGGING);
  await bench.create({ Tags: { team: 'live' } });
  const { tags, ...settings } = bench.calls.find(({ operation }) => operation === 'CreateLoggingConfiguration')!.input;
  expect(settings).toEqual({ name: 'lobby', destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } } });
  expect(Object.keys(tags).sort()).toEqual([...Object.values(ownershipTags), 'team'].sort());
  await bench.update({ Name: 'stage' });
  expect(bench.calls.find(({ operation }) => operation === 'UpdateLoggingConfiguration')!.input)
    .toEqual({ identifier: bench.recorded, name: 'stage', destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } } });
});

describe('what the service shows is waited for', () => {
  const showing = async (view: object, times: number) => {
    const bench = new Bench(LOGGING);
    const event = bench.event();
    let reads = 0;
    bench.interfere = ({ operation }, ordinary) => {
      const reply = ordinary();
      return operation === 'GetLoggingConfiguration' && ++reads <= times ? { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), ...view }) } : reply;
    };
    const answer = await bench.deliver(event, 60);
    return { answer, reads };
  };

  test.each<[object, RegExp]>([
    [{ name: 'other' }, /shows name as asked for/], [{ name: null }, /shows name as asked for/],
    [{ destinationConfiguration: { s3: { bucketName: 'chat' } } }, /shows destinationConfiguration as asked for/],
    [{ destinationConfiguration: { cloudWatchLogs: { logGroupName: 'other' } } }, /shows destinationConfiguration as asked for/],
    [{ destinationConfiguration: null }, /shows destinationConfiguration as asked for/],
    [{ state: 'CREATING' }, /shows the state ACTIVE \(now CREATING\) as asked for/],
  ])('while that is %j', async (view, reason) => {
    expect((await showing(view, Infinity)).answer.Reason).toMatch(reason);
    expect((await showing(view, 2)).answer.Status).toBe('SUCCESS');
  });

  test('and not where it has the other destinations as null', async () => {
    const view = { destinationConfiguration: { s3: null, cloudWatchLogs: { logGroupName: 'chat' } } };
    expect(await showing(view, Infinity)).toMatchObject({ answer: { Status: 'SUCCESS' }, reads: 2 });
  });
});

test('the name of what was adopted is its own, and not waited for', async () => {
  const bench = new Bench(LOGGING);
  const old = bench.service.put('logging-configuration', { name: 'theirs', destinationConfiguration: { s3: { bucketName: 'bucket' } } });
  expect((await bench.create({ Adopt: old.arn, Name: undefined })).Status).toBe('SUCCESS');
  expect(bench.owned).toMatchObject([{ name: 'theirs', destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } } }]);
});

test('what it made is found on every page of the list, and nothing of another name', async () => {
  const bench = await created();
  const { tags } = bench.owned[0]!;
  for (let index = 0; index < 120; index++) bench.service.put('logging-configuration', { name: 'lobby' });
  const others = [bench.service.put('logging-configuration', { name: 'other', tags: { ...tags } }), bench.service.put('logging-configuration', { tags: { ...tags } })];
  bench.service.meddle(others[1]!.arn, { name: undefined });
  const mine = bench.service.put('logging-configuration', { name: 'lobby', tags: { ...tags } });
  expect((await bench.delete()).Status).toBe('SUCCESS');
  expect(bench.service.resources.has(mine.arn)).toBe(false);
  for (const { arn } of others) expect(bench.service.resources.has(arn)).toBe(true);
});
