import { Harness, type HarnessOptions } from './world/harness';
import { fault } from './world/ivs-chat';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING: HarnessOptions = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};

async function created(options: HarnessOptions = {}): Promise<Harness> {
  const harness = new Harness({ ...LOGGING, ...options });
  await harness.create();
  await harness.wait(100);
  harness.reset();
  return harness;
}

/** How many there were when the delete was answered. */
function leftAtTheAnswer(harness: Harness): () => number | undefined {
  let left: number | undefined;
  harness.intercept = ({ operation }) => {
    if (operation === 'PUT') left = harness.service.resources.size;
    return undefined;
  };
  return () => left;
}

describe('T22 the deletion that the service accepts', () => {
  test('is waited for: the stack is not told of it before it is true', async () => {
    const harness = await created();
    harness.service.deletion = () => ({ milliseconds: 9000 });
    const left = leftAtTheAnswer(harness);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
    const reads = harness.calls.filter(({ operation }) => operation === 'GetLoggingConfiguration').map(({ time }) => time);
    for (let index = 2; index < reads.length; index++) expect(reads[index]! - reads[index - 1]!).toBeGreaterThanOrEqual(1500);
    expect(reads.length).toBeLessThan(8);
  });

  test('and can\'t carry out fails the delete, which can be tried again', async () => {
    const harness = await created({ readLag: 3000 });
    harness.service.deletion = () => ({ milliseconds: 9000, fails: true });
    const answer = await harness.delete();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason).toBe('Waiting until the service has deleted it failed: Error: '
      + `the service says of ${harness.recorded}: DELETE_FAILED; delete the stack again, or the logging configuration by hand`);
    expect(harness.milliseconds).toBeLessThan(40_000);
    // The old state is still shown for a while, and is not believed.
    harness.service.deletion = () => ({ milliseconds: 1000 });
    const left = leftAtTheAnswer(harness);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
  });

  test.each([
    ['renamed by hand', { name: 'by-hand' }],
    ['adopted', { tags: { [ownershipTags.owner]: owner(new Harness().event()) } }],
  ])('of what was %s, too, though no list shows it', async (_, members) => {
    const harness = await created();
    harness.service.meddle(harness.recorded!, members);
    harness.service.deletion = () => ({ milliseconds: 5000, fails: true });
    expect((await harness.delete()).Reason).toContain('DELETE_FAILED');
    harness.service.deletion = () => ({ milliseconds: 5000 });
    const left = leftAtTheAnswer(harness);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
  });

  test('of what a list still shows under the name that it had a moment ago, too', async () => {
    const harness = await created();
    harness.service.deletion = () => ({ milliseconds: 5000, fails: true });
    harness.intercept = ({ operation }, ordinary) => {
      if (operation !== 'ListLoggingConfigurations') return undefined;
      const { loggingConfigurations } = JSON.parse(ordinary().body);
      return { status: 200, body: JSON.stringify({ loggingConfigurations: loggingConfigurations.map((one: object) => ({ ...one, name: 'stage' })) }) };
    };
    expect((await harness.delete()).Reason).toContain('DELETE_FAILED');
  });

  test('of what else the resource\'s creates made, too', async () => {
    const harness = await created();
    const { tags } = harness.owned[0]!;
    const other = harness.service.put('logging-configuration', { name: 'lobby', tags: { ...tags } });
    harness.service.deletion = (arn) => ({ milliseconds: 5000, fails: arn === other.arn });
    expect((await harness.delete()).Reason).toContain(`the service says of ${other.arn}: DELETE_FAILED`);
  });

  test('takes longer than there is time: the delete fails, and the next one finds it gone', async () => {
    const harness = await created();
    harness.service.deletion = () => ({ milliseconds: 400_000 });
    expect((await harness.delete()).Reason).toMatch(/^the time ran out during: Waiting until the service has deleted it\. Deploy again/);
    expect((await harness.delete()).Status).toBe('SUCCESS');
  });

  test('of one that is another stack\'s by now is nobody\'s business', async () => {
    const harness = await created();
    harness.service.meddle(harness.recorded!, { name: 'theirs', tags: { [ownershipTags.owner]: 'somebody/else' }, state: 'DELETING' });
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.chatOperations).toEqual(['GetLoggingConfiguration', 'ListLoggingConfigurations']);
  });
});

describe('T23 one that is still used: the reason', () => {
  const conflict = (users: object[]) => async () => {
    const harness = await created();
    for (const user of users) harness.service.put('room', { ...user, loggingConfigurationIdentifiers: [harness.recorded!] });
    const rooms = harness.service.rooms;
    harness.service.put('room', { name: 'of-nobody' }); // which is not to be named
    const answer = await harness.deliver(harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded }), 20);
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
      const harness = await created();
      if (operation === 'ListRooms') harness.service.put('room', { name: 'stage', loggingConfigurationIdentifiers: [harness.recorded!] });
      harness.intercept = (call) => (call.operation === operation ? fault('AccessDeniedException', 403)
        : call.operation === 'DeleteLoggingConfiguration' && operation === 'GetRoom' ? fault('ConflictException', 409, 'The logging configuration is associated with rooms') : undefined);
      const { Reason } = await harness.deliver(harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded }), 20);
      expect(Reason).toContain('ConflictException: The logging configuration is associated with rooms (request id a1b2c3) Something else changes the same resource');
    }
  });

  test('is looked for only where something uses it', async () => {
    const harness = await created();
    harness.intercept = ({ operation }) => (operation === 'DeleteLoggingConfiguration' ? fault('ValidationException', 400, 'no') : undefined);
    expect((await harness.delete()).Reason).toContain('ValidationException: no');
    expect(harness.operations).not.toContain('ListRooms');
  });
});

test('a create and an update send name and destination; the tags go into the create call', async () => {
  const harness = new Harness(LOGGING);
  await harness.create({ Tags: { team: 'live' } });
  const { tags, ...settings } = harness.calls.find(({ operation }) => operation === 'CreateLoggingConfiguration')!.input;
  expect(settings).toEqual({ name: 'lobby', destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } } });
  expect(Object.keys(tags).sort()).toEqual([...Object.values(ownershipTags), 'team'].sort());
  await harness.update({ Name: 'stage' });
  expect(harness.calls.find(({ operation }) => operation === 'UpdateLoggingConfiguration')!.input)
    .toEqual({ identifier: harness.recorded, name: 'stage', destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } } });
});

describe('what the service shows is waited for', () => {
  const showing = async (view: object, times: number) => {
    const harness = new Harness(LOGGING);
    const event = harness.event();
    let reads = 0;
    harness.intercept = ({ operation }, ordinary) => {
      const reply = ordinary();
      return operation === 'GetLoggingConfiguration' && ++reads <= times ? { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), ...view }) } : reply;
    };
    const answer = await harness.deliver(event, 60);
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
  const harness = new Harness(LOGGING);
  const old = harness.service.put('logging-configuration', { name: 'theirs', destinationConfiguration: { s3: { bucketName: 'bucket' } } });
  expect((await harness.create({ Adopt: old.arn, Name: undefined })).Status).toBe('SUCCESS');
  expect(harness.owned).toMatchObject([{ name: 'theirs', destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } } }]);
});

test('what it made is found on every page of the list, and nothing of another name', async () => {
  const harness = await created();
  const { tags } = harness.owned[0]!;
  for (let index = 0; index < 120; index++) harness.service.put('logging-configuration', { name: 'lobby' });
  const others = [harness.service.put('logging-configuration', { name: 'other', tags: { ...tags } }), harness.service.put('logging-configuration', { tags: { ...tags } })];
  harness.service.meddle(others[1]!.arn, { name: undefined });
  const mine = harness.service.put('logging-configuration', { name: 'lobby', tags: { ...tags } });
  expect((await harness.delete()).Status).toBe('SUCCESS');
  expect(harness.service.resources.has(mine.arn)).toBe(false);
  for (const { arn } of others) expect(harness.service.resources.has(arn)).toBe(true);
});
