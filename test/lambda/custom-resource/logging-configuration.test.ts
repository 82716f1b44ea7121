import { Harness, type HarnessOptions } from './world/harness';
import { fault } from './world/ivs-chat';
import { LOGGING_CONFIGURATION, resourceTypes } from './world/resource-types';
import { loggingConfiguration } from '../../../lambda/custom-resource/logging-configuration';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING = LOGGING_CONFIGURATION.options;

async function created(options: HarnessOptions = {}): Promise<Harness> {
  const harness = new Harness({ ...LOGGING, ...options });
  await harness.create();
  await harness.wait(3600);
  harness.reset();
  return harness;
}

/** The number of logging configurations at the response to the delete. */
function leftAtResponse(harness: Harness): () => number | undefined {
  let left: number | undefined;
  harness.intercept = ({ operation }) => {
    if (operation === 'PUT') left = harness.service.resources.size;
    return undefined;
  };
  return () => left;
}

describe('T22 A deletion that the service has accepted', () => {
  test('is waited for before the response', async () => {
    const harness = await created();
    harness.service.deletion = () => ({ milliseconds: 9000 });
    const left = leftAtResponse(harness);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
    const reads = harness.calls.filter(
      ({ operation }) => operation === 'GetLoggingConfiguration',
    ).map(({ time }) => time);
    for (let index = 2; index < reads.length; index++) {
      expect(
        reads[index]! - reads[index - 1]!,
      ).toBeGreaterThanOrEqual(1500);
    }
    expect(reads.length).toBeLessThan(9);
  });

  test('is named as the step during which the time runs out', async () => {
    const harness = await created();
    harness.service.deletion = () => ({ milliseconds: 900_000 });
    harness.status = 'DELETE_IN_PROGRESS';
    const event = harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded });
    expect((await harness.deliver(event, 60)).Reason).toContain('the time ran out during this step: '
      + `Waiting until Amazon IVS Chat has deleted ${harness.recorded}.`);
  });

  test.each([
    ['another failure', ['CREATE_FAILED']], ['failures that are not consecutive', ['DELETE_FAILED', 'DELETING']],
  ])('does not fail because of %s', async (_, states) => {
    const harness = await created();
    harness.service.deletion = () => ({ milliseconds: 30_000 });
    let reads = 0;
    harness.intercept = ({ operation }, ordinary) => {
      const reply = ordinary();
      if (operation !== 'GetLoggingConfiguration' || reply.status !== 200 || ++reads === 1) return reply;
      return { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), state: states[reads % states.length] }) };
    };
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(reads).toBeGreaterThan(8);
  });

  test('fails the delete if the service cannot complete it, and the delete can be repeated', async () => {
    const harness = await created({ readLag: 3000 });
    harness.service.deletion = () => ({ milliseconds: 9000, fails: true });
    const answer = await harness.delete();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason).toContain(
      `the state of ${harness.recorded} is DELETE_FAILED; delete the stack again, `
      + 'or delete the logging configuration by hand',
    );
    expect(harness.milliseconds).toBeLessThan(40_000);

    // Reads show the old state for a while, which does not fail the next delete.
    harness.service.deletion = () => ({ milliseconds: 1000 });
    const left = leftAtResponse(harness);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
  });

  test.each<[string, (tags: Record<string, string>) => object]>([
    ['was renamed by hand', () => ({ name: 'by-hand' })],
    ['has lost its tags', () => ({ tags: {} })],
    ['has kept only its owner tag', ({ [ownershipTags.owner]: owner }) => ({ tags: { [ownershipTags.owner]: owner } })],
  ])('is waited for if the logging configuration %s', async (_, members) => {
    const harness = await created();
    harness.service.meddle(harness.recorded!, members(harness.owned[0]!.tags));
    harness.service.deletion = () => ({ milliseconds: 5000, fails: true });
    expect((await harness.delete()).Reason).toContain('DELETE_FAILED');
    harness.service.deletion = () => ({ milliseconds: 5000 });
    const left = leftAtResponse(harness);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
  });

  test('is waited for if the same create has made the logging configuration twice', async () => {
    const harness = await created();
    const { tags } = harness.owned[0]!;
    const other = harness.service.put('logging-configuration', { name: 'lobby', tags: { ...tags } });
    harness.service.deletion = (arn) => ({ milliseconds: 5000, fails: arn === other.arn });
    expect((await harness.delete()).Reason).toContain(`the state of ${other.arn} is DELETE_FAILED`);
  });

  test('fails the delete if it takes too long, and the next delete succeeds', async () => {
    const harness = await created();
    harness.service.deletion = () => ({ milliseconds: 700_000 });
    expect((await harness.delete()).Reason).toMatch(
      /^the time ran out during this step: Waiting until Amazon IVS Chat has deleted arn:.*\. Deploy again\./,
    );
    await harness.wait(200);
    expect((await harness.delete()).Status).toBe('SUCCESS');
  });

  test('is not requested again by a second delete', async () => {
    const harness = await created();
    harness.service.deletion = () => ({ milliseconds: 20_000 });
    harness.status = 'DELETE_IN_PROGRESS';
    const event = harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded });
    harness.start(event);
    harness.clock.setTimeout(() => harness.start(event), 5000);
    await harness.clock.run();
    expect(harness.answers.slice(1).map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(harness.operations.filter((operation) => operation === 'DeleteLoggingConfiguration')).toHaveLength(1);
  });

  test('of another stack is not completed by this stack', async () => {
    const harness = await created();
    harness.service.meddle(
      harness.recorded!, { name: 'theirs', tags: { [ownershipTags.owner]: 'other/stack' }, state: 'DELETING' },
    );
    expect((await harness.delete()).Status).toBe('FAILED');
    expect(harness.chatOperations).toEqual(['GetLoggingConfiguration']);
  });
});

describe('T23 The reason why a logging configuration that is in use cannot be deleted', () => {
  const conflict = async (users: object[], roomsOfPage = 50) => {
    const harness = await created();
    harness.intercept = ({ operation, input }) => {
      if (operation === 'ListRooms') input.maxResults = roomsOfPage;
      return undefined;
    };
    for (const user of users) {
      harness.service.put(
        'room', { ...user, loggingConfigurationIdentifiers: [harness.recorded!] },
      );
    }
    const rooms = harness.service.rooms;
    harness.service.put('room', { name: 'unrelated' });
    const answer = await harness.deliver(
      harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded }), 20,
    );
    return { answer, rooms };
  };

  test('names all rooms', async () => {
    const { answer, rooms } = await conflict([{ name: 'stage' }, { name: '' }]);
    expect(answer.Reason).toContain('ConflictException: The logging configuration is associated with rooms. ');
    expect(answer.Reason).toContain(`It is still used by ${rooms[0]!.arn} (stage), ${rooms[1]!.arn} (request id`);
  });

  test('names the only room', async () => {
    const { answer, rooms } = await conflict([{ name: 'stage' }]);
    expect(answer.Reason).toContain(`It is still used by ${rooms[0]!.arn} (stage) (request id`);
  });

  test('names the rooms of every page of the list', async () => {
    const { answer, rooms } = await conflict([{ name: 'stage' }, { name: '' }, { name: 'lobby' }], 1);
    expect(answer.Reason).toContain(
      `It is still used by ${rooms[0]!.arn} (stage), ${rooms[1]!.arn}, ${rooms[2]!.arn} (lobby) (request id`,
    );
  });

  test('is cut at the end if it has more rooms than fit into a response', async () => {
    const { answer, rooms } = await conflict(Array.from({ length: 100 }, () => ({ name: '' })));
    expect(answer.Reason).toContain(rooms[0]!.arn);
    expect(answer.Reason).not.toContain(rooms[99]!.arn);
    expect(Buffer.byteLength(answer.raw)).toBe(4096);
  });

  test('names no rooms if they cannot be listed, or if there are none any more', async () => {
    for (const operation of ['ListRooms', 'GetRoom']) {
      const harness = await created();
      if (operation === 'ListRooms') {
        harness.service.put(
          'room', { name: 'stage', loggingConfigurationIdentifiers: [harness.recorded!] },
        );
      }
      harness.intercept = (call) => {
        if (call.operation === operation) return fault('AccessDeniedException', 403);
        return call.operation === 'DeleteLoggingConfiguration' && operation === 'GetRoom'
          ? fault('ConflictException', 409, 'The logging configuration is associated with rooms')
          : undefined;
      };
      const { Reason } = await harness.deliver(
        harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded }), 20,
      );
      expect(Reason).toContain('The logging configuration is associated with rooms (request id a1b2c3)');
      expect(Reason).toContain(' Something else is changing the same resource');
    }
  });

  test('does not list the rooms after another error', async () => {
    const harness = await created();
    harness.intercept = ({ operation }) => (
      operation === 'DeleteLoggingConfiguration' ? fault('ValidationException', 400, 'no') : undefined
    );
    expect((await harness.delete()).Reason).toContain('ValidationException: no');
    expect(harness.operations).not.toContain('ListRooms');
  });
});

test('A create and an update send the name and the destination, and only the create call has tags', async () => {
  const harness = new Harness(LOGGING);
  await harness.create({ Tags: { team: 'live' } });
  const { tags, ...settings } = harness.calls.find(
    ({ operation }) => operation === 'CreateLoggingConfiguration',
  )!.input;
  expect(settings).toEqual({ name: 'lobby', destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } } });
  expect(Object.keys(tags).sort()).toEqual(
    [ownershipTags.owner, ownershipTags.createdBy, ownershipTags.tagKeys, 'team'].sort(),
  );
  await harness.update({ Name: 'stage' });
  expect(harness.calls.find(({ operation }) => operation === 'UpdateLoggingConfiguration')!.input)
    .toEqual({
      identifier: harness.recorded,
      name: 'stage',
      destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } },
    });
});

describe('A create waits for the service', () => {
  const showing = async (view: object, times: number) => {
    const harness = new Harness(LOGGING);
    const event = harness.event();
    let reads = 0;
    harness.intercept = ({ operation }, ordinary) => {
      const reply = ordinary();
      return operation === 'GetLoggingConfiguration' && ++reads <= times ? {
        ...reply,
        body: JSON.stringify({ ...JSON.parse(reply.body), ...view }),
      } : reply;
    };
    const answer = await harness.deliver(event, 60);
    return { answer, reads };
  };

  test.each<[object, RegExp]>([
    [{ name: 'other' }, /shows name as requested/], [{ name: null }, /shows name as requested/],
    [{ destinationConfiguration: { s3: { bucketName: 'chat' } } }, /shows destinationConfiguration as requested/],
    [{
      destinationConfiguration: { cloudWatchLogs: { logGroupName: 'other' } },
    }, /shows destinationConfiguration as requested/],
    [{
      destinationConfiguration: { cloudWatchLogs: { logGroupName: 'Chat' } },
    }, /shows destinationConfiguration as requested/],
    [{ destinationConfiguration: null }, /shows destinationConfiguration as requested/],
    [{ state: 'CREATING' }, /shows the state ACTIVE \(now CREATING\) as requested/],
  ])('while it shows %j', async (view, reason) => {
    expect((await showing(view, Infinity)).answer.Reason).toMatch(reason);
    expect((await showing(view, 2)).answer.Status).toBe('SUCCESS');
  });

  test('and accepts null for the other destinations', async () => {
    const view = { destinationConfiguration: { s3: null, cloudWatchLogs: { logGroupName: 'chat' } } };
    expect(await showing(view, Infinity)).toMatchObject({ answer: { Status: 'SUCCESS' }, reads: 1 });
  });
});

test('An adopted logging configuration keeps its name if the template gives it none', async () => {
  const harness = new Harness(LOGGING);
  const old = harness.service.put(
    'logging-configuration', { name: 'theirs', destinationConfiguration: { s3: { bucketName: 'bucket' } } },
  );
  expect((await harness.create({ ExistingArn: old.arn, Name: undefined })).Status).toBe('SUCCESS');
  expect(harness.owned).toMatchObject([
    { name: 'theirs', destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } } },
  ]);
});

test('A delete finds the siblings of the same create on every page of the list, and none of another name', async () => {
  const harness = await created();
  const { tags } = harness.owned[0]!;
  for (let index = 0; index < 120; index++) harness.service.put('logging-configuration', { name: 'lobby' });
  const others = [
    harness.service.put(
      'logging-configuration', { name: 'other', tags: { ...tags } },
    ), harness.service.put('logging-configuration', { tags: { ...tags } }),
  ];
  harness.service.meddle(others[1]!.arn, { name: undefined });
  const sibling = harness.service.put('logging-configuration', { name: 'lobby', tags: { ...tags } });
  expect((await harness.delete()).Status).toBe('SUCCESS');
  expect(harness.service.resources.has(sibling.arn)).toBe(false);
  for (const { arn } of others) expect(harness.service.resources.has(arn)).toBe(true);
});

test.each(resourceTypes)('A page without a list of %ss is requested again', async (_, { options }) => {
  const harness = new Harness(options);
  let lists = 0;
  harness.intercept = ({ operation }) =>
    (/^List(Rooms|LoggingConfigurations)$/.test(operation) && ++lists === 1 ? { status: 200, body: '{}' } : undefined);
  expect((await harness.create()).Status).toBe('SUCCESS');
  expect(lists).toBe(3);
});

test.each([
  ['ACTIVE', []],
  ['CREATING', ['the state ACTIVE (now CREATING)']],
  ['UPDATING', ['the state ACTIVE (now UPDATING)']],
  ['UPDATE_FAILED', ['the state ACTIVE (now UPDATE_FAILED)']],
])('A logging configuration that is %s, with members that are null, differs in %j', (state, expected) => {
  const destination = { cloudWatchLogs: { logGroupName: 'chat' } };
  const live = {
    arn: '',
    id: '',
    tags: {},
    createTime: 0,
    updateTime: 0,
    state,
    destinationConfiguration: { s3: null, ...destination, firehose: null },
  };
  expect(loggingConfiguration.differences(live, { destinationConfiguration: destination })).toEqual(expected);
});
