import { Harness } from './world/harness';
import { fault } from './world/ivs-chat';
import { LOGGING_CONFIGURATION, resourceTypes } from './world/resource-types';
import { stackEntries } from './world/transport';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const { createdBy, owner: ownerTag, tagKeys, updatedBy } = ownershipTags;
const STACK_UUID = new Harness().stack.uuid;

/** Adds a room that a request of the resource `Room` created. */
function putRoom(harness: Harness, request: string, kind: 'room' | 'logging-configuration' = 'room') {
  const tags = {
    [ownerTag]: owner(harness.event({ RequestId: '-' })),
    [createdBy]: `${STACK_UUID}/${request}/20260105T120000Z/lobby`,
  };
  const settings = kind === 'room' ? {} : { destinationConfiguration: { cloudWatchLogs: { logGroupName: 'chat' } } };
  return harness.service.put(kind, { name: 'lobby', tags, ...settings });
}

/** Adds a room that another delivery of the first request created a moment ago. */
function putOlderRoom(harness: Harness): string {
  const { arn } = putRoom(harness, 'request-1');
  harness.service.meddle(arn, { createTime: new Date(harness.clock.now() - 10).toISOString() });
  return arn;
}

/** With this latency, a create takes longer than a second. */
const SLOW = { latency: 300 };

const arns = (harness: Harness) => harness.owned.map(({ arn }) => arn);
const timesOf = (harness: Harness, operation: string) => harness.calls.filter(
  (call) => call.operation === operation,
).map(({ time }) => time);

describe('A create without faults', () => {
  test('creates the room of the template, with the ownership tags in the create call', async () => {
    const harness = new Harness();
    const answer = await harness.create({
      MaximumMessageLength: '300',
      MaximumMessageRatePerSecond: '50',
      Tags: { team: 'live' },
    });
    const [room] = harness.service.rooms;
    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: room!.arn,
      Data: { Arn: room!.arn, Id: room!.id, Name: 'lobby' },
    });
    expect(room).toMatchObject({ name: 'lobby', maximumMessageLength: 300, maximumMessageRatePerSecond: 50 });
    const { tags } = harness.calls.find(({ operation }) => operation === 'CreateRoom')!.input;
    expect(tags).toEqual({
      team: 'live',
      [ownerTag]: owner(harness.event()),
      [createdBy]: `${STACK_UUID}/request-1/20260105T120000Z/lobby`,
      [tagKeys]: expect.stringMatching(/^.{5}$/),
    });
    expect(room!.tags).toEqual(tags);
  });

  test.each(resourceTypes)('of a %s makes four calls to IVS Chat and two others', async (_, { options, kind }) => {
    const harness = new Harness(options);
    await harness.create({ Tags: { team: 'live' } });
    expect(harness.operations).toEqual([
      'DescribeStackResource', `List${kind}s`, `Create${kind}`,
      `Get${kind}`, `List${kind}s`, 'DescribeStackResource', 'PUT',
    ]);
  });

  test('does not wait where nothing lags', async () => {
    const harness = new Harness({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    await harness.create();
    expect(harness.milliseconds).toBeLessThan(200);
  });
});

describe.each(resourceTypes)('A retained %s', (_, { options, arnResource }) => {
  test('is kept when its construct is added again, and the construct gets a new resource', async () => {
    const harness = new Harness({ ...options, readLag: 3000 });
    const { PhysicalResourceId: retained } = await harness.create();
    harness.retain();
    await harness.wait(100);
    const answer = await harness.create();
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(answer.PhysicalResourceId).not.toBe(retained);
    expect(arns(harness)).toEqual([retained, answer.PhysicalResourceId]);
  });

  test('is kept when the create of its successor is canceled and removes the new resource', async () => {
    const harness = new Harness(options);
    const { PhysicalResourceId: retained } = await harness.create();
    harness.retain();
    await harness.wait(100);
    harness.intercept = ({ operation }) => {
      if (operation.startsWith('Create')) harness.status = 'DELETE_IN_PROGRESS';
      return undefined;
    };
    expect((await harness.create()).Status).toBe('FAILED');
    expect(arns(harness)).toEqual([retained]);
  });

  test('is kept, and so is the leftover of another request until the Delete of that request', async () => {
    const harness = new Harness(options);
    const other = putRoom(harness, 'request-0', arnResource);
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([other.arn, harness.recorded]);
  });
});

describe('A create that is delivered twice', () => {
  test('responds with the room of the other delivery', async () => {
    const harness = new Harness();
    const made = putRoom(harness, 'request-1');
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: made.arn });
    expect(harness.operations).toEqual([
      'DescribeStackResource', 'ListRooms', 'GetRoom', 'ListRooms', 'DescribeStackResource', 'PUT',
    ]);
  });

  test('responds with the older of two rooms, and removes the other room only after the response', async () => {
    const harness = new Harness(SLOW);
    let deletedBeforeResponse: boolean | undefined;
    let older = '';
    harness.intercept = ({ operation }) => {
      if (operation === 'CreateRoom') older = putOlderRoom(harness);
      if (operation === 'PUT') deletedBeforeResponse = harness.operations.includes('DeleteRoom');
      return undefined;
    };
    const answer = await harness.create();
    const [first] = timesOf(harness, 'PUT');
    const [deleted] = timesOf(harness, 'DeleteRoom');
    expect(deletedBeforeResponse).toBe(false);
    expect(deleted! - first!).toBeGreaterThanOrEqual(63_000);
    expect(answer.PhysicalResourceId).toBe(older);
    expect(arns(harness)).toEqual([older]);
  });

  test('waits until the older logging configuration is active', async () => {
    const harness = new Harness({ ...LOGGING_CONFIGURATION.options, ...SLOW });
    let activeAt = 0;
    let older = '';
    harness.intercept = ({ operation }) => {
      if (operation !== 'CreateLoggingConfiguration') return undefined;
      older = putRoom(harness, 'request-1', 'logging-configuration').arn;
      const createTime = new Date(harness.clock.now() - 10).toISOString();
      harness.service.meddle(older, { createTime, state: 'CREATING' });
      harness.clock.setTimeout(() => {
        harness.service.meddle(older, { state: 'ACTIVE' });
        activeAt = harness.clock.now();
      }, 10_000);
      return undefined;
    };
    expect(await harness.create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: older });
    expect(timesOf(harness, 'PUT')[0]).toBeGreaterThan(activeAt);
    expect(arns(harness)).toEqual([older]);
  });

  test.each([0, 3000])('leaves one room if both deliveries create at once (read lag %d ms)', async (readLag) => {
    let creates = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const harness = new Harness({ seed, readLag, stackLag: seed % 2 * 10_000, ...SLOW });
      const event = harness.event();
      harness.clock.setTimeout(() => harness.start(event), seed % 5 * 10);
      harness.start(event);
      await harness.clock.run();
      creates += timesOf(harness, 'CreateRoom').length;
      expect(harness.recorded).toMatch(/^arn:/);
      expect(arns(harness)).toEqual([harness.recorded]);
    }
    expect(creates).toBeGreaterThan(35);
  });

  test('removes nothing while CloudFormation waits for the request, even after the response', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => {
      if (operation === 'CreateRoom') putRoom(harness, 'request-1');
      // CloudFormation does not accept the response yet
      return operation === 'PUT' ? { status: 200, body: '' } : undefined;
    };
    harness.start(harness.event());
    await harness.clock.run();
    expect(harness.operations).not.toContain('DeleteRoom');
    expect(harness.owned).toHaveLength(2);
  });

  test('changes nothing after the room was recorded', async () => {
    const harness = new Harness(SLOW);
    const event = harness.event();
    await harness.deliver(event);
    await harness.wait(7200);
    harness.reset();
    harness.start(event);
    await harness.clock.run();
    expect(harness.answers.at(-1)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'denied/request-1/lobby' });
    expect(arns(harness)).toEqual([harness.recorded]);
    expect(harness.operations).not.toContain('DeleteRoom');
  });

  test('removes its other rooms after the room was recorded, and no room of another request', async () => {
    const harness = new Harness(SLOW);
    const event = harness.event();
    await harness.deliver(event);
    const other = putRoom(harness, 'request-0');
    putRoom(harness, 'request-1');
    harness.start(event);
    await harness.clock.run();
    expect(arns(harness).sort()).toEqual([harness.recorded!, other.arn].sort());
  });
});

describe('A create that is canceled', () => {
  const canceled = async (operationToCancelAt: string, properties: object = {}) => {
    const harness = new Harness({ latency: 600 });
    harness.intercept = ({ operation }) => {
      if (operation === operationToCancelAt) harness.status = 'DELETE_IN_PROGRESS';
      return undefined;
    };
    return { harness, answer: await harness.create(properties) };
  };

  test('removes its room, and the reason is the cancellation', async () => {
    const { harness, answer } = await canceled('CreateRoom');
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1/lobby' });
    expect(answer.Reason).toBe(
      'CloudFormation does not wait for this request any more '
      + '(the resource is DELETE_IN_PROGRESS); nothing more was changed',
    );
    expect(harness.service.rooms).toEqual([]);
  });

  test('keeps the room that another delivery has responded with', async () => {
    const harness = new Harness({ latency: 600 });
    harness.intercept = ({ operation }, ordinary) => {
      const reply = ordinary();
      if (operation === 'CreateRoom') [harness.recorded, harness.status] = [harness.owned[0]!.arn, 'CREATE_COMPLETE'];
      return reply;
    };
    await harness.deliver(harness.event());
    expect(harness.operations).not.toContain('DeleteRoom');
    expect(arns(harness)).toEqual([harness.recorded]);
  });

  test('keeps the recorded room although the events do not show it yet', async () => {
    const harness = new Harness({ latency: 600 });
    harness.intercept = ({ operation }, ordinary) => {
      if (operation === 'DescribeStackEvents') {
        const event = { logicalId: 'Room', status: 'CREATE_FAILED', time: harness.clock.now() };
        return stackEntries('DescribeStackEvents', [event]);
      }
      const reply = ordinary();
      if (operation === 'CreateRoom') [harness.recorded, harness.status] = [harness.owned[0]!.arn, 'CREATE_COMPLETE'];
      return reply;
    };
    await harness.deliver(harness.event());
    expect(harness.operations).toContain('DescribeStackEvents');
    expect(arns(harness)).toEqual([harness.recorded]);
  });

  test('removes its own room if another delivery has responded with another room', async () => {
    const harness = new Harness({ latency: 600 });
    harness.intercept = ({ operation }) => {
      if (operation === 'CreateRoom') {
        [harness.recorded, harness.status] = [
          putRoom(harness, 'request-1').arn, 'CREATE_COMPLETE',
        ];
      }
      return undefined;
    };
    await harness.deliver(harness.event());
    expect(arns(harness)).toEqual([harness.recorded]);
  });

  test('removes all rooms that it has created', async () => {
    const harness = new Harness({ latency: 600 });
    harness.intercept = ({ operation }) => {
      if (operation !== 'CreateRoom') return undefined;
      for (let others = 0; others < 2; others++) putRoom(harness, 'request-1');
      harness.status = 'DELETE_IN_PROGRESS';
      return undefined;
    };
    expect((await harness.create()).Status).toBe('FAILED');
    expect(harness.service.rooms).toEqual([]);
  });

  test('names the call if its room cannot be removed', async () => {
    const harness = new Harness({ latency: 600, denied: 'ivschat:DeleteRoom' });
    harness.intercept = ({ operation }) => {
      if (operation === 'CreateRoom') harness.status = 'DELETE_IN_PROGRESS';
      return undefined;
    };
    expect((await harness.create()).Reason).toMatch(/^Delete room failed: AccessDeniedException: /);
  });

  test('removes the room that it finds after the response of the service was lost', async () => {
    const harness = new Harness({ latency: 600 });
    harness.intercept = ({ operation }) => {
      if (operation !== 'CreateRoom') return undefined;
      harness.status = 'DELETE_IN_PROGRESS';
      return 'reset, done';
    };
    expect((await harness.create()).Status).toBe('FAILED');
    expect(harness.service.rooms).toEqual([]);
  });

  test.each(resourceTypes)('during its response removes its %s under DeletionPolicy Retain', async (_, { options }) => {
    const harness = new Harness({ ...options, ...SLOW });
    harness.intercept = ({ operation }) => {
      if (operation === 'PUT') harness.retain();
      return undefined;
    };
    expect((await harness.create({ DeletionPolicy: 'Retain' })).Status).toBe('SUCCESS');
    expect(harness.recorded).toBeUndefined();
    expect(harness.owned).toEqual([]);
  });

  test('in its first second removes its room under DeletionPolicy Retain', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => {
      if (operation === 'PUT' && harness.status === 'CREATE_IN_PROGRESS') harness.status = 'CREATE_FAILED';
      return undefined;
    };
    await harness.create({ DeletionPolicy: 'Retain' });
    expect(harness.recorded).toBeUndefined();
    expect(harness.owned).toEqual([]);
  });

  test('keeps its room under DeletionPolicy Retain if the cancellation did not happen', async () => {
    const harness = new Harness(SLOW);
    await harness.create({ DeletionPolicy: 'Retain' });
    expect(arns(harness)).toEqual([harness.recorded]);
    expect(harness.operations).not.toContain('DeleteRoom');
  });
});

describe('The retry of a create that failed', () => {
  /** Fails a create. Its call takes effect late, so the room exists after the failure. */
  const failed = async () => {
    const harness = new Harness({ readLag: 3000 });
    harness.intercept = ({ operation }) => (
      operation === 'GetRoom' ? fault('ValidationException', 400, 'no') : undefined
    );
    expect(await harness.create()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1/lobby' });
    expect(harness.owned).toEqual([]);
    putRoom(harness, 'request-1');
    await harness.wait(30);
    harness.reset();
    return { harness, leftover: harness.owned[0]!.arn };
  };

  test.each([
    ['a Create event and the status CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'Create'],
    ['a Create event and the status UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'Create'],
    ['an Update event of the pending id and the status UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'Update'],
    ['an Update event of the pending id and the status CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'Update'],
  ] as const)('creates a room with %s, and the clean-up removes only the leftover', async (_, status, RequestType) => {
    const { harness, leftover } = await failed();
    harness.status = status;
    const answer = await harness.deliver(
      harness.event({ RequestType, ...(RequestType === 'Update' ? { PhysicalResourceId: harness.recorded } : {}) }),
    );
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).toBe(harness.recorded);
    expect(answer.PhysicalResourceId).not.toBe(leftover);
    expect(arns(harness).sort()).toEqual([leftover, answer.PhysicalResourceId].sort());

    harness.stack.set('Room', 'DELETE_IN_PROGRESS', 'pending/request-1/lobby', true);
    const cleanUp = await harness.deliver(
      harness.event({ RequestType: 'Delete', PhysicalResourceId: 'pending/request-1/lobby' }),
    );
    expect(cleanUp).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'pending/request-1/lobby' });
    expect(arns(harness)).toEqual([answer.PhysicalResourceId]);
  });

  test.each([
    'nothing/request-1', 'denied/request-1/lobby', 'pending/request-1/lobby', 'chat-Room-1A2B3C4D5E6F7',
  ])('as an Update event of %s that fails responds with its own id', async (id) => {
    const harness = new Harness();
    await harness.delete({}, { PhysicalResourceId: 'nothing/request-1' }); // takes the id request-1
    harness.recorded = id;
    harness.intercept = ({ operation }) => (
      operation === 'CreateRoom' ? fault('ValidationException', 400, 'no') : undefined
    );
    const answer = await harness.update({});
    expect(answer).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: expect.stringMatching(
        /^pending\/request-\d+\/lobby$/,
      ),
    });
    expect(answer.PhysicalResourceId).toBe(`pending/${answer.RequestId}/lobby`);
    expect(answer.Reason).toBe('Create room failed: ValidationException: no (request id a1b2c3)');
    expect(harness.operations.at(-1)).toBe('PUT');
  });

  test('is not awaited as an update while CloudFormation has an ARN for the resource', async () => {
    const harness = new Harness();
    await harness.create();
    harness.status = 'UPDATE_IN_PROGRESS';
    harness.reset();
    await harness.deliver(harness.event(), 60);
    expect(harness.operations).not.toContain('CreateRoom');
    expect(arns(harness)).toEqual([harness.recorded]);
  });
});

describe('A create call', () => {
  const throttledOnce = (retryAfter: string) => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => (operation === 'CreateRoom' && ++times === 1
      ? {
        status: 429,
        body: '{}',
        headers: { 'x-amzn-errortype': 'ThrottlingException', 'retry-after': retryAfter },
      } : undefined);
    return harness;
  };

  test('that is throttled for a moment is sent again immediately', async () => {
    const harness = throttledOnce('0');
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.operations.slice(0, 4)).toEqual(['DescribeStackResource', 'ListRooms', 'CreateRoom', 'CreateRoom']);
  });

  test('that is throttled for longer than five seconds is sent again after another read', async () => {
    const harness = throttledOnce('6');
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.operations.slice(0, 6)).toEqual([
      'DescribeStackResource', 'ListRooms', 'CreateRoom', 'DescribeStackResource', 'ListRooms', 'CreateRoom',
    ]);
  });

  test('that is throttled repeatedly is sent at growing intervals', async () => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => (operation === 'CreateRoom' && ++times < 6 ? '429' : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    const at = timesOf(harness, 'CreateRoom');
    for (let index = 1; index < 5; index++) expect(at[index]! - at[index - 1]!).toBeGreaterThan(500 * 2 ** (index - 1));
    expect(harness.owned).toHaveLength(1);
  });

  test.each([
    [0, 4950, 'CreateRoom'], [0, 4960, 'DescribeStackResource'],
    [3950, 1000, 'CreateRoom'], [3950, 1010, 'DescribeStackResource'],
  ])('follows a read that is less than five seconds old: %d ms for the status, %d for the list, then %s', async (
    ...[status, list, next]
  ) => {
    const harness = new Harness();
    const slow = [status, list];
    harness.intercept = async ({ operation }, ordinary) => {
      if (/^(DescribeStackResource|ListRooms)$/.test(operation)) await harness.clock.sleep(slow.shift() ?? 0);
      return ordinary();
    };
    await harness.create();
    expect(harness.operations[2]).toBe(next);
  });

  test('that was lost is sent again only when a list would have shown its room', async () => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => (
      operation === 'CreateRoom' && ++times === 1 ? 'reset, not done' : undefined
    );
    expect((await harness.create()).Status).toBe('SUCCESS');
    const [first, second] = timesOf(harness, 'CreateRoom');
    expect(second! - first!).toBeGreaterThanOrEqual(38_000);
    expect(second! - first!).toBeLessThan(42_000);
    const looks = timesOf(harness, 'ListRooms').filter((time) => time > first! && time < second!);
    expect(looks.length).toBeGreaterThanOrEqual(13);
    expect(looks.length).toBeLessThanOrEqual(15);
    expect(looks[0]! - first!).toBeGreaterThanOrEqual(3000);
    expect(harness.operations[harness.operations.lastIndexOf('CreateRoom') - 2]).toBe('DescribeStackResource');
    expect(harness.owned).toHaveLength(1);
  });

  test('that took effect and lost its response is found by the next list', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => (operation === 'CreateRoom' ? 'reset, done' : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    const [answered] = timesOf(harness, 'PUT');
    expect(answered! - timesOf(harness, 'CreateRoom')[0]!).toBeLessThan(4000);
    expect(harness.operations.slice(0, 8)).toEqual([
      'DescribeStackResource', 'ListRooms', 'CreateRoom',
      'ListRooms', 'GetRoom', 'ListRooms', 'DescribeStackResource', 'PUT',
    ]);
  });

  test('that took effect and has an incomplete response is not sent again', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }, ordinary) => (
      operation === 'CreateRoom' ? { ...ordinary(), body: '{}' } : undefined);
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(timesOf(harness, 'CreateRoom')).toHaveLength(1);
  });

  test('that was throttled and then lost is sent again 38 seconds after the one that was lost', async () => {
    const harness = throttledOnce('4');
    const { intercept } = harness;
    let times = 0;
    harness.intercept = (call, ...rest) => (
      call.operation === 'CreateRoom' && ++times === 2 ? 'reset, not done' : intercept!(call, ...rest));
    expect((await harness.create()).Status).toBe('SUCCESS');
    const [, lost, again] = timesOf(harness, 'CreateRoom');
    expect(again! - lost!).toBeGreaterThanOrEqual(38_000);
  });

  test('that was lost and is then refused looks for rooms of the request after its end', async () => {
    const harness = new Harness();
    let times = 0;
    harness.intercept = ({ operation }) => {
      if (operation !== 'CreateRoom') return undefined;
      return ++times === 1 ? 'reset, not done' : fault('ServiceQuotaExceededException', 402);
    };
    expect((await harness.create()).Status).toBe('FAILED');
    expect(harness.operations.slice(harness.operations.indexOf('PUT'))).toContain('ListRooms');
  });

  test('that took effect and lost its response looks for other rooms of the request after its end', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => {
      if (operation !== 'CreateRoom') return undefined;
      harness.clock.setTimeout(() => putRoom(harness, 'request-1'), 20_000);
      return 'reset, done';
    };
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([harness.recorded]);
  });

  test('that was lost is sent again immediately with the settling time 0', async () => {
    const harness = new Harness({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    let times = 0;
    harness.intercept = ({ operation }) => (
      operation === 'CreateRoom' && ++times === 1 ? 'reset, not done' : undefined
    );
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeLessThan(1000);
  });
});

describe('A create of a room that is not listed yet', () => {
  /** Delivers a create for which lists show only the given rooms for some seconds. */
  const unlisted = async (
    seconds: number, shown: (harness: Harness) => object[], meanwhile?: (harness: Harness) => void,
  ) => {
    const harness = new Harness();
    let until = Infinity;
    harness.intercept = ({ operation }, ordinary) => {
      if (operation === 'CreateRoom') {
        until = harness.clock.now() + seconds * 1000;
        meanwhile?.(harness);
      }
      const { body, status } = ordinary();
      const isHidden = operation === 'ListRooms' && until < Infinity && harness.clock.now() < until;
      return { status, body: isHidden ? JSON.stringify({ rooms: shown(harness) }) : body };
    };
    harness.status = 'CREATE_IN_PROGRESS';
    return { harness, answer: await harness.deliver(harness.event(), 60) };
  };

  test('lists every second, and names this step if the time runs out', async () => {
    const { harness, answer } = await unlisted(100, () => []);
    expect(answer.Reason).toContain('the time ran out during this step: '
      + `Waiting until Amazon IVS Chat lists ${harness.owned[0]?.arn ?? 'arn:'}`);
    const [, second, third] = timesOf(harness, 'ListRooms');
    expect(third! - second!).toBeGreaterThanOrEqual(1000);
    expect(third! - second!).toBeLessThan(1100);
  });

  test('ends when CloudFormation does not wait for it any more', async () => {
    const { answer } = await unlisted(100, () => [], (harness) => {
      harness.clock.setTimeout(() => harness.status = 'DELETE_IN_PROGRESS', 10_000);
    });
    expect(answer.Reason).toContain('CloudFormation does not wait for this request any more');
  });

  test('is not sure of its siblings, and waits until the list shows its own room', async () => {
    let older = '';
    const shown = (harness: Harness) => [harness.service.resources.get(older)!];
    const { harness, answer } = await unlisted(5, shown, (of) => older = putOlderRoom(of));
    expect(answer.PhysicalResourceId).toBe(older);
    expect(arns(harness)).toEqual([older]);
  });
});

describe('A create that IAM refuses', () => {
  test('waits up to 240 seconds for the permissions', async () => {
    const harness = new Harness();
    const known = harness.clock.now() + 230_000;
    harness.intercept = ({ operation }) => (
      /Room/.test(operation) && harness.clock.now() < known ? fault('AccessDeniedException', 403) : undefined
    );
    expect((await harness.create()).Status).toBe('SUCCESS');
    expect(harness.owned).toHaveLength(1);
  });

  test('names the call, and responds with an id that a refused Delete can end', async () => {
    const harness = new Harness({ denied: 'ivschat:ListRooms' });
    const answer = await harness.create();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'denied/request-1/lobby' });
    expect(answer.Reason).toMatch(/^List rooms failed: AccessDeniedException: .*ivschat:ListRooms/);
    expect(answer.Reason).toContain(' The role of the provider function does not allow the call');
    expect(harness.milliseconds).toBeGreaterThan(230_000);
    expect(harness.milliseconds).toBeLessThan(260_000);
  });

  test.each(resourceTypes)('creates no %s without DescribeStackResource, with a reason', async (_, { options }) => {
    const harness = new Harness({ ...options, denied: 'cloudformation:DescribeStackResource' });
    const answer = await harness.create();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'denied/request-1/lobby' });
    expect(answer.Reason).toMatch(/^DescribeStackResource failed: AccessDenied: /);
    expect(answer.Reason).toMatch(/ Without the response of CloudFormation, nothing is created or updated\.$/);
    expect(harness.chatOperations).toEqual([]);
    expect((await harness.delete()).Status).toBe('SUCCESS');
  });
});

test.each(resourceTypes)('A create keeps the tags that others add to the new %s', async (_, { options, kind }) => {
  const harness = new Harness(options);
  harness.service.onCreate = ({ arn, tags }) => harness.service.meddle(arn, { tags: { ...tags, 'auto-tagger': 'x' } });
  expect((await harness.create({ Tags: { team: 'live' } })).Status).toBe('SUCCESS');
  expect(harness.owned).toMatchObject([{ tags: { 'auto-tagger': 'x', 'team': 'live' } }]);
  expect(harness.owned[0]!.tags).not.toHaveProperty([updatedBy]);
  expect(timesOf(harness, `Get${kind}`)).toHaveLength(1);
});
