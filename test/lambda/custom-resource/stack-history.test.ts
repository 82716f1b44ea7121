import { Harness, STACK_ID } from './world/harness';
import { VirtualClock } from './world/virtual-clock';
import type { Page, StackResource } from '../../../lambda/custom-resource/cloudformation';
import type { Effects } from '../../../lambda/custom-resource/effects';
import type { CustomResourceEvent } from '../../../lambda/custom-resource/event';
import { Invocation } from '../../../lambda/custom-resource/invocation';
import { ManagedResource } from '../../../lambda/custom-resource/managed-resource';
import type { Live } from '../../../lambda/custom-resource/resource-kind';
import { room } from '../../../lambda/custom-resource/room';
import {
  neverRecorded, recordedAt, recordedBy, recordedId, wasRecordedSince,
} from '../../../lambda/custom-resource/stack-history';
import { EVENT_RETENTION } from '../../../lambda/custom-resource/timing';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const REQUEST_TIME = Date.UTC(2026, 0, 5, 12);
const DAY = 24 * 60 * 60_000;
const arnOf = (letter: string) => `arn:aws:ivschat:us-west-2:123456789012:room/${letter.repeat(12)}`;
const [A, B, C] = [arnOf('a'), arnOf('b'), arnOf('c')] as const;

/** Adds a room that was created this many milliseconds before the request. */
const roomOf = (arn: string, age = 60_000): Live =>
  ({ arn, id: arn.slice(-12), tags: {}, createTime: REQUEST_TIME - age, updateTime: REQUEST_TIME - age });

/** An event this many milliseconds after the request. */
function entry(
  status: string, physicalResourceId: string | undefined, after: number, logicalResourceId = 'Room',
): StackResource {
  return { logicalResourceId, status, physicalResourceId, since: REQUEST_TIME + after };
}

/** The views that CloudFormation shows one after the other, as lists of pages. The last view is repeated. */
type Views = readonly (readonly (readonly StackResource[])[])[];

function resourceOf(views: Views, event: Partial<CustomResourceEvent> = {}) {
  const clock = new VirtualClock(REQUEST_TIME + 1000);
  const calls: { operation: string; stackId: string; token?: string; time: number }[] = [];
  let view = -1;
  const page = (operation: string, stackId: string, token?: string): Page => {
    calls.push({ operation, stackId, token, time: clock.now() });
    if (token === undefined) view = Math.min(view + 1, views.length - 1);
    const index = Number(token ?? 0);
    const pages = views[view]!;
    return { items: pages[index]!, nextToken: index + 1 < pages.length ? String(index + 1) : undefined };
  };
  const effects = {
    now: clock.now,
    sleep: clock.sleep.bind(clock),
    random: () => 0,
    region: 'us-west-2',
    settlingTime: 3000,
    cloudFormation: {
      describeStackResource: async (stackId: string, logicalId: string) => {
        calls.push({ operation: 'DescribeStackResource', stackId, token: logicalId, time: clock.now() });
        return views[0]![0]![0]!;
      },
      describeStackEvents: async (stackId: string, token?: string) => page('DescribeStackEvents', stackId, token),
      listStackResources: async (stackId: string, token?: string) => page('ListStackResources', stackId, token),
    },
  } as unknown as Effects;
  const resource = new ManagedResource(new Invocation(effects, REQUEST_TIME + 600_000), room, new Harness().event({
    RequestType: 'Delete', ResponseURL: 'https://s3.amazonaws.com/?X-Amz-Date=20260105T120000Z', ...event,
  }));
  /** Runs the clock until the work ends. */
  const after = async <Result>(work: Promise<Result>): Promise<Result> => {
    const settled = work.then((value) => ({ value }), (error: Error) => ({ error }));
    await clock.run();
    const outcome = await settled;
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  };
  return { resource, calls, clock, after };
}

const deleteBegun = entry('DELETE_IN_PROGRESS', A, 0);

describe('the resources that the stack has never recorded', () => {
  test('are those without an event that names their ARN', async () => {
    const { resource, after } = resourceOf([[[
      deleteBegun,
      entry('UPDATE_COMPLETE', B, -20_000, 'Other'),
      entry('CREATE_COMPLETE', A, -50_000),
      entry('CREATE_IN_PROGRESS', undefined, -60_000),
    ]]]);
    expect(await after(neverRecorded(resource, [roomOf(A), roomOf(B), roomOf(C)]))).toEqual([roomOf(C)]);
  });

  test('are found on all pages of the events since their creation', async () => {
    const { resource, calls, after } = resourceOf([[
      [entry('DELETE_IN_PROGRESS', undefined, 0), entry('CREATE_FAILED', undefined, -10_000)],
      [entry('CREATE_COMPLETE', B, -20_000, 'Other')],
      [entry('CREATE_COMPLETE', C, -60_000, 'Another')],
      [entry('CREATE_IN_PROGRESS', undefined, -80_000)],
      [entry('CREATE_COMPLETE', A, -90_000)],
    ]]);
    expect(await after(neverRecorded(resource, [roomOf(A), roomOf(B), roomOf(C, 30_000)]))).toEqual([roomOf(A)]);
    expect(calls.map(({ token }) => token)).toEqual([undefined, '1', '2', '3']);
    expect(new Set(calls.map(({ stackId }) => stackId))).toEqual(new Set([STACK_ID]));
  });

  test('are found after a page without events', async () => {
    const { resource, after } = resourceOf([[[deleteBegun], [], [entry('CREATE_COMPLETE', C, -30_000)]]]);
    expect(await after(neverRecorded(resource, [roomOf(C), roomOf(B)]))).toEqual([roomOf(B)]);
  });

  test('are found although a response was lost', async () => {
    const { resource, calls, after } = resourceOf([[[deleteBegun]]]);
    const { cloudFormation } = resource.invocation.effects;
    const { describeStackEvents } = cloudFormation;
    cloudFormation.describeStackEvents = async (...input) => {
      cloudFormation.describeStackEvents = describeStackEvents;
      throw Object.assign(new Error(`no response for ${input[0]}`), { name: 'TimeoutError' });
    };
    expect(await after(neverRecorded(resource, [roomOf(B)]))).toEqual([roomOf(B)]);
    expect(calls).toHaveLength(1);
  });

  test('are not searched in events from more than ten seconds before the creation of the oldest', async () => {
    for (const [oldestEvent, pages] of [[-70_001, 1], [-70_000, 2]] as const) {
      const { resource, calls, after } =
        resourceOf([[[deleteBegun, entry('X', undefined, oldestEvent)], [entry('Y', A, -70_000)]]]);
      await after(neverRecorded(resource, [roomOf(B, 100), roomOf(A, 60_000)]));
      expect(calls).toHaveLength(pages);
    }
  });

  test('are not searched without candidates', async () => {
    const { resource, calls, after } = resourceOf([[[deleteBegun]]]);
    expect(await after(neverRecorded(resource, []))).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('never include a resource that is 80 days old or older', async () => {
    const { resource, calls, after } = resourceOf([[[deleteBegun]]]);
    const atLimit = EVENT_RETENTION - 1000; // the invocation began a second after the request
    expect(EVENT_RETENTION).toBe(80 * DAY);
    expect(await after(neverRecorded(resource, [roomOf(A, atLimit), roomOf(B, atLimit - 1), roomOf(C, 400 * DAY)])))
      .toEqual([roomOf(B, atLimit - 1)]);
    expect(calls).toHaveLength(1);
    expect(await after(neverRecorded(resource, [roomOf(A, atLimit)]))).toEqual([]);
    expect(calls).toHaveLength(1);
  });
});

describe('a view of the events that is too old', () => {
  const old = [[entry('CREATE_IN_PROGRESS', undefined, -60_000)]];

  test('is read again every two seconds until it shows the delete request', async () => {
    const { resource, calls, after } =
      resourceOf([old, old, [[deleteBegun, entry('CREATE_COMPLETE', A, -30_000), ...old[0]!]]]);
    expect(await after(neverRecorded(resource, [roomOf(A), roomOf(B)]))).toEqual([roomOf(B)]);
    expect(calls.map(({ time }) => time - calls[0]!.time)).toEqual([0, 2000, 4000]);
  });

  test('fails the request at the deadline, and the error names the resources', async () => {
    const { resource, after } = resourceOf([old]);
    await expect(after(neverRecorded(resource, [roomOf(A), roomOf(B)]))).rejects.toThrow(
      'the time ran out during this step: Reading the events of the stack, '
      + `to find out whether it has ever recorded ${A}, ${B}`);
  });

  /** Returns whether a delete request accepts a view with this newest event. */
  async function isBelieved(newest: StackResource, event: Partial<CustomResourceEvent> = {}): Promise<boolean> {
    const { resource, calls, after } =
      resourceOf([[[newest]], [[deleteBegun, entry('CREATE_COMPLETE', A, 1000)]]], event);
    await after(neverRecorded(resource, [roomOf(A)]));
    return calls.length === 1;
  }

  test.each<[string, number, boolean, string?]>([
    ['DELETE_IN_PROGRESS', 0, true],
    ['DELETE_IN_PROGRESS', -5000, true],
    ['DELETE_IN_PROGRESS', -5001, false],
    ['DELETE_FAILED', 1000, true],
    ['CREATE_FAILED', 1000, false],
    ['UPDATE_COMPLETE', 1000, false],
    ['DELETE_IN_PROGRESS', 0, false, 'Other'],
    ['DELETE_IN_PROGRESS', 0, false, 'RoomTwo'],
  ])('is recognized by a delete request from the event %s at %d ms: %p', async (...[status, after, believed, id]) => {
    expect(await isBelieved(entry(status, undefined, after, id))).toBe(believed);
  });

  test.each<[string, number, boolean, string?]>([
    ['CREATE_IN_PROGRESS', 0, false],
    ['CREATE_FAILED', 999, false],
    ['CREATE_FAILED', 1000, true],
    ['DELETE_IN_PROGRESS', 1000, true],
    ['DELETE_IN_PROGRESS', -1000, false],
    ['CREATE_FAILED', 1000, false, 'Other'],
  ])('is recognized by a create request from the event %s at %d ms: %p', async (...[status, after, believed, id]) => {
    expect(await isBelieved(entry(status, undefined, after, id), { RequestType: 'Create' })).toBe(believed);
    const retry = { RequestType: 'Update', PhysicalResourceId: 'pending/request-0/lobby' } as const;
    expect(await isBelieved(entry(status, undefined, after, id), retry)).toBe(believed);
  });

  test('is recognized by a create request from the newest event', async () => {
    const begun = entry('CREATE_IN_PROGRESS', undefined, 0);
    const { resource, calls, after } =
      resourceOf([[[entry('CREATE_FAILED', undefined, 1000), begun]], [[begun]]], { RequestType: 'Create' });
    expect(await after(neverRecorded(resource, [roomOf(A)]))).toEqual([roomOf(A)]);
    expect(calls).toHaveLength(1);
  });

  test('is recognized on every page', async () => {
    const { resource, calls, after } = resourceOf([[[entry('UPDATE_COMPLETE', B, 2000, 'Other')], [deleteBegun]]]);
    expect(await after(neverRecorded(resource, [roomOf(A), roomOf(C)]))).toEqual([roomOf(C)]);
    expect(calls.map(({ token }) => token)).toEqual([undefined, '1']);
  });
});

describe('the time at which the stack recorded an ARN', () => {
  test('is the time of its CREATE_COMPLETE event', async () => {
    const { resource, after } = resourceOf([[[
      deleteBegun, entry('UPDATE_COMPLETE', A, -10_000), entry('CREATE_COMPLETE', B, -20_000),
      entry('CREATE_COMPLETE', A, -30_000),
    ]]]);
    expect(await after(recordedAt(resource, A))).toBe(REQUEST_TIME - 30_000);
  });

  test('is not known if the newest events do not show it', async () => {
    const { resource, calls, after } =
      resourceOf([[[deleteBegun, entry('UPDATE_COMPLETE', A, -1)], [entry('CREATE_COMPLETE', A, -9)]]]);
    expect(await after(recordedAt(resource, A))).toBeUndefined();
    expect(calls).toHaveLength(1);
  });

  test('is not known, and is no error, if the events cannot be read', async () => {
    const { resource, after } = resourceOf([]);
    expect(await after(recordedAt(resource, A))).toBeUndefined();
  });
});

test('the time at which the stack recorded an ARN is asked for once', async () => {
  const { resource, after } = resourceOf([]);
  const describeStackEvents = jest.fn().mockRejectedValue(Object.assign(new Error('late'), { name: 'TimeoutError' }));
  Object.assign(resource.invocation.effects.cloudFormation, { describeStackEvents });
  expect(await after(recordedAt(resource, A))).toBeUndefined();
  expect(describeStackEvents).toHaveBeenCalledTimes(1);
});

describe('an ARN was recorded since a time', () => {
  test.each<[boolean, StackResource]>([
    [true, entry('CREATE_COMPLETE', A, -1000)],
    [true, entry('UPDATE_COMPLETE', A, 0)],
    [false, entry('CREATE_COMPLETE', A, -1001)],
    [false, entry('CREATE_COMPLETE', B, 0)],
    [false, entry('CREATE_COMPLETE', A, 0, 'Other')],
    [false, entry('DELETE_COMPLETE', A, 0)],
    [false, entry('CREATE_FAILED', A, 0)],
    [false, entry('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', A, 0)],
  ])('is %s for the event %j', async (expected, event) => {
    const { resource, after } = resourceOf([[[event]]]);
    expect(await after(wasRecordedSince(resource, A, REQUEST_TIME - 1000))).toBe(expected);
  });

  test('by the events of every page, up to five seconds before that time', async () => {
    const pages = [[entry('X', B, 0)], [entry('X', B, -6000)], [entry('X', B, -6001)], [entry('X', B, -9000)]];
    const { resource, calls, after } = resourceOf([pages]);
    expect(await after(wasRecordedSince(resource, A, REQUEST_TIME - 1000))).toBe(false);
    expect(calls).toHaveLength(3);
  });
});

describe('the logical ids that have an ARN', () => {
  test('come from all pages of the list', async () => {
    const { resource, calls, after } = resourceOf([[
      [entry('CREATE_COMPLETE', A, -1, 'One'), entry('CREATE_COMPLETE', B, -1, 'Two')],
      [entry('UPDATE_COMPLETE', A, -1, 'Three'), entry('CREATE_IN_PROGRESS', undefined, -1, 'Four')],
    ]]);
    expect(await after(recordedBy(resource, A))).toEqual(['One', 'Three']);
    expect(calls.map(({ operation, token }) => [operation, token])).toEqual([
      ['ListStackResources', undefined], ['ListStackResources', '1'],
    ]);
  });

  test.each([
    ['DELETE_COMPLETE', []], ['DELETE_SKIPPED', []],
    ['DELETE_IN_PROGRESS', ['Old']], ['DELETE_FAILED', ['Old']], ['CREATE_FAILED', ['Old']],
  ])('have the resource that is %s: %j', async (status, expected) => {
    const { resource, after } = resourceOf([[[entry(status, A, -1, 'Old')]]]);
    expect(await after(recordedBy(resource, A))).toEqual(expected);
  });
});

test('the recorded physical id is the one that DescribeStackResource returns for the resource', async () => {
  const { resource, calls, after } = resourceOf([[[entry('CREATE_FAILED', 'pending/request-1/lobby', 0)]]]);
  expect(await after(recordedId(resource))).toBe('pending/request-1/lobby');
  expect(calls).toMatchObject([{ operation: 'DescribeStackResource', stackId: STACK_ID, token: 'Room' }]);
});

test('the recorded physical id is not the one of the request', async () => {
  const { resource, after } = resourceOf([[[entry('CREATE_IN_PROGRESS', undefined, 0)]]], { PhysicalResourceId: A });
  expect(await after(recordedId(resource))).toBeUndefined();
});

describe('the delete of a create that CloudFormation has canceled', () => {
  /** Delivers the delete of a physical id that CloudFormation generated, with an unrecorded room of the owner. */
  async function canceled(prepare: (harness: Harness, arn: string) => Promise<void> | void) {
    const harness = new Harness();
    await harness.create();
    const arn = harness.recorded!;
    harness.stack.set('Room', 'DELETE_COMPLETE', arn);
    const { tags } = harness.owned[0]!;
    const { arn: leftover } = harness.service.put('room', { name: 'lobby', tags: { ...tags } });
    await prepare(harness, leftover);
    harness.reset();
    harness.recorded = undefined;
    const answer = await harness.delete({}, { PhysicalResourceId: 'chat-Room-1ABCDEFGHIJKL' });
    const kept = harness.service.rooms.map((stored) => stored.arn);
    return { answer, arn, leftover, kept, harness };
  }

  test('removes the room that no event names, and keeps the recorded one', async () => {
    const { answer, arn, kept, harness } = await canceled(() => undefined);
    expect(answer.Status).toBe('SUCCESS');
    expect(kept).toEqual([arn]);
    expect(harness.operations.filter((operation) => operation === 'DescribeStackEvents')).toHaveLength(1);
  });

  test('reads more than a hundred events', async () => {
    const { arn, kept, harness } = await canceled(({ stack }) => {
      for (let index = 0; index < 250; index++) stack.set('Other', 'UPDATE_COMPLETE', 'other');
    });
    expect(kept).toEqual([arn]);
    expect(harness.operations.filter((operation) => operation === 'DescribeStackEvents')).toHaveLength(3);
  });

  test('keeps a room that any resource of the stack has had before', async () => {
    const { arn, leftover, kept } =
      await canceled(({ stack }, unrecorded) => stack.set('Other', 'DELETE_SKIPPED', unrecorded));
    expect(kept).toEqual([arn, leftover]);
  });

  test('keeps a room that is older than 80 days', async () => {
    const { arn, leftover, kept } = await canceled((harness) => harness.wait(81 * DAY / 1000));
    expect(kept).toEqual([arn, leftover]);
  });

  test('keeps everything if the events cannot be read, and names the rooms', async () => {
    const { answer, arn, leftover, kept } = await canceled((harness) => {
      const { allowed } = harness;
      harness.allowed = (action, ...rest) => !action.endsWith('DescribeStackEvents') && allowed(action, ...rest);
    });
    expect(kept).toEqual([arn, leftover]);
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(leftover) });
    expect(answer.Reason).toContain('AccessDenied');
  });

  test('does not look at the tags of a room without the owner', async () => {
    const { kept, arn, leftover } = await canceled((harness, unrecorded) => {
      const { [ownershipTags.owner]: _, ...tags } = harness.owned[0]!.tags;
      harness.service.meddle(unrecorded, { tags });
    });
    expect(kept).toEqual([arn, leftover]);
  });
});
