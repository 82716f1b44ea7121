import { Harness, STACK_UUID } from './world/harness';
import { fault } from './world/ivs-chat';
import { resourceTypes, ROOM } from './world/resource-types';
import { timeText } from '../../../lambda/custom-resource/event';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const { createdBy, owner: ownerTag } = ownershipTags;
const INVENTED = 'chat-Room-1A2B3C4D5E6F7';
/** With this latency, a create takes longer than a second. */
const SLOW = { latency: 300 };

const arns = (harness: Harness) => harness.owned.map(({ arn }) => arn);

/** Adds a resource that a request of the resource `Room` created. */
function put(harness: Harness, request: string, kind: 'room' | 'logging-configuration' = 'room') {
  const tags = {
    [ownerTag]: owner(harness.event({ RequestId: '-' })),
    [createdBy]: `${harness.stack.uuid}/${request}/20260105T120000Z/lobby`,
  };
  return harness.service.put(kind, { name: 'lobby', tags });
}

/** A resource that was created a while ago. */
async function created({ options }: typeof ROOM = ROOM, seconds = 3600): Promise<Harness> {
  const harness = new Harness(options);
  expect((await harness.create()).Status).toBe('SUCCESS');
  await harness.wait(seconds);
  harness.reset();
  return harness;
}

describe.each(resourceTypes)('The delete of a %s', (_, type) => {
  const { options, kind, arnResource } = type;

  test('makes three calls to Amazon IVS Chat and none to CloudFormation if it is old', async () => {
    const harness = await created(type);
    harness.service.meddle(harness.recorded!, {}); // was changed a moment ago
    expect(await harness.delete()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.service.resources.size).toBe(0);
    const chatCalls = [`Get${kind}`, `List${kind}s`, `Delete${kind}`];
    // The service deletes a logging configuration some time later.
    expect(harness.operations).toEqual([...chatCalls, ...(kind === 'Room' ? [] : [`Get${kind}`]), 'PUT']);
  });

  test('reads the events of the stack if it is younger than 21 minutes', async () => {
    const harness = await created(type, 1250);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.operations.filter((operation) => operation.includes('Stack'))).toEqual(['DescribeStackEvents']);
    expect(harness.milliseconds).toBeLessThan(1000);
  });

  /** Creates a resource after an earlier resource of the same construct was retained. */
  const successor = async () => {
    const harness = new Harness(options);
    const { PhysicalResourceId: retained } = await harness.create();
    harness.retain();
    await harness.wait(100);
    await harness.create();
    await harness.wait(100);
    return { harness, retained };
  };

  test('keeps the retained resource that had the same construct before', async () => {
    const { harness, retained } = await successor();
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([retained]);
  });

  test('keeps the retained resource even if it has lost its own tags', async () => {
    const { harness, retained } = await successor();
    harness.service.meddle(harness.recorded!, { tags: {} });
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([retained]);
  });

  test.each([
    ['an id that CloudFormation invented', INVENTED], ['no id', undefined],
    ['an ARN of another account', `arn:aws:ivschat:us-west-2:999999999999:${arnResource}/AbCdEfGhIjKl`],
  ])('by %s keeps the retained resource and removes the leftover of the create', async (__, PhysicalResourceId) => {
    const harness = new Harness({ ...options, ...SLOW });
    const { PhysicalResourceId: retained } = await harness.create();
    harness.retain();
    await harness.wait(100);
    harness.status = 'CREATE_IN_PROGRESS';
    await harness.wait(5);
    harness.status = 'CREATE_FAILED';
    const leftover = put(harness, 'request-7', arnResource);
    expect((await harness.delete({}, { PhysicalResourceId })).Status).toBe('SUCCESS');
    expect(harness.service.resources.has(leftover.arn)).toBe(false);
    expect(arns(harness)).toEqual([retained]);
  });

  test('by an id of a failed create removes only the resources of that request', async () => {
    const harness = await created(type);
    const others = [harness.recorded!, put(harness, 'request-8', arnResource).arn];
    const made = [put(harness, 'request-7', arnResource), put(harness, 'request-7', arnResource)];
    harness.stack.set('Room', 'DELETE_IN_PROGRESS', 'pending/request-7/lobby', true);
    const answer = await harness.deliver(
      harness.event({ RequestType: 'Delete', PhysicalResourceId: 'pending/request-7/lobby' }),
    );
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'pending/request-7/lobby' });
    expect(made.some(({ arn }) => harness.service.resources.has(arn))).toBe(false);
    expect(arns(harness)).toEqual(others);
  });

  test('by an id of a failed create removes what it creates late, and keeps a recorded resource', async () => {
    const harness = await created(type);
    harness.clock.setTimeout(() => put(harness, 'request-1', arnResource), 40_000);
    harness.stack.set('Room', 'DELETE_IN_PROGRESS', 'pending/request-1/lobby', true);
    const event = harness.event({ RequestType: 'Delete', PhysicalResourceId: 'pending/request-1/lobby' });
    expect((await harness.deliver(event)).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([harness.recorded]);
  });

  test('removes the siblings of the same create even if the resource was renamed', async () => {
    const harness = await created(type);
    await harness.update({ Name: 'stage' });
    const sibling = harness.service.put(arnResource, { name: 'lobby', tags: { ...harness.owned[0]!.tags } });
    await harness.wait(3600);
    expect((await harness.delete({ Name: 'stage' })).Status).toBe('SUCCESS');
    expect(harness.service.resources.has(sibling.arn)).toBe(false);
    expect(harness.service.resources.size).toBe(0);
  });

  test('succeeds if the resource was renamed by hand', async () => {
    const harness = await created(type);
    harness.service.meddle(harness.recorded!, { name: 'by-hand' });
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.service.resources.size).toBe(0);
  });

  test.each([
    'other/stack', `${STACK_UUID}/other`,
  ])('is refused if the resource belongs to %s, and the reason names the tag', async (other) => {
    const harness = await created(type);
    harness.service.meddle(harness.recorded!, { tags: { [ownerTag]: other } });
    const answer = await harness.delete();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason).toContain(
      `its tag cdk-ivs-chat:owner is "${other}". `
      + 'If the other one does not use it any more, remove the tag and deploy again',
    );
    expect(harness.service.resources.size).toBe(1);
  });

  test('succeeds if the resource is gone, and removes what the create has left', async () => {
    const harness = await created(type);
    put(harness, 'request-1', arnResource);
    harness.service.meddle(harness.recorded!);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.service.resources.size).toBe(0);
    expect(harness.milliseconds).toBeLessThan(10_000);
  });

  test('removes the resource although the first read does not find it', async () => {
    const harness = await created(type);
    let reads = 0;
    harness.intercept = ({ operation }) =>
      (operation === `Get${kind}` && ++reads === 1 ? fault('ResourceNotFoundException', 404) : undefined);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.service.resources.size).toBe(0);
  });

  test('in a Region without Amazon IVS Chat makes no call', async () => {
    const harness = await created(type);
    const PhysicalResourceId = harness.recorded!.replace('us-west-2', 'ca-west-1');
    expect((await harness.delete({ Region: 'ca-west-1' }, { PhysicalResourceId })).Status).toBe('SUCCESS');
    expect(harness.operations).toEqual(['PUT']);
  });
});

test('The delete of a create that IAM had refused fails if IAM also refuses to delete a leftover', async () => {
  const harness = new Harness({ latency: 300, denied: 'ivschat:DeleteRoom' });
  put(harness, 'request-7');
  const answer = await harness.delete({}, { PhysicalResourceId: 'denied/request-7/lobby' });
  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toMatch(/^Delete room failed: AccessDenied/);
  expect(harness.owned).toHaveLength(1);
});

describe('A delete that is refused', () => {
  const ids: [string, string | undefined][] = [
    ['denied', 'denied/request-1/lobby'], [
      'pending', 'pending/request-1/lobby',
    ], ['invented', INVENTED], ['recorded', undefined],
  ];

  test.each(ids)('at every call succeeds only for a denied create (%s)', async (title, PhysicalResourceId) => {
    const harness = await created();
    const left = arns(harness);
    harness.allowed = () => false;
    const answer = await harness.delete({}, PhysicalResourceId ? { PhysicalResourceId } : {});
    expect(answer.Status).toBe(title === 'denied' ? 'SUCCESS' : 'FAILED');
    expect(answer.PhysicalResourceId).toBe(PhysicalResourceId ?? harness.recorded);
    expect(answer.Reason).toEqual(title === 'denied' ? undefined : expect.stringMatching(
      /^(List rooms|Get room) failed: AccessDeniedException: /,
    ));
    expect(arns(harness)).toEqual(left);
  });

  test('for another reason than a permission fails, also after a denied create', async () => {
    const harness = await created();
    harness.intercept = ({ operation }) => (operation === 'ListRooms' ? fault('PendingVerification', 403) : undefined);
    expect((await harness.delete({}, { PhysicalResourceId: 'denied/request-1/lobby' })).Reason)
      .toMatch(/^List rooms failed: PendingVerification: /);
  });

  test('at the deletion of a leftover of a failed create fails and names the call', async () => {
    const harness = new Harness(SLOW);
    await harness.create();
    const leftover = put(harness, 'request-7');
    const allowed = harness.allowed;
    harness.allowed = (action, ...rest) => action !== 'ivschat:DeleteRoom' && allowed(action, ...rest);
    const answer = await harness.delete({}, { PhysicalResourceId: 'pending/request-7/lobby' });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-7/lobby' });
    expect(answer.Reason).toMatch(/^Delete room failed: AccessDeniedException: .*ivschat:DeleteRoom/);
    expect(harness.service.resources.has(leftover.arn)).toBe(true);
  });

  test.each([
    ['GetRoom', /^Get room failed: /], ['ListRooms', /^List rooms failed: /], ['DeleteRoom', /^Delete room failed: /],
  ])('at %s fails and names the call', async (operation, reason) => {
    for (const [name, status] of [
      ['AccessDeniedException', 403], ['PendingVerification', 403], ['InvalidSignatureException', 403],
    ] as const) {
      const harness = await created();
      harness.intercept = (call) => (call.operation === operation ? fault(name, status, 'no') : undefined);
      const answer = await harness.delete();
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
      expect(answer.Reason).toMatch(reason);
      expect(answer.Reason).toContain(`${name}: no`);
      expect(harness.owned).toHaveLength(1);
    }
  });

  test('by CloudFormation fails if it needs the events of the stack', async () => {
    const harness = await created(ROOM, 100);
    put(harness, 'request-7');
    const allowed = harness.allowed;
    harness.allowed = (action, ...rest) => action !== 'cloudformation:DescribeStackEvents' && allowed(action, ...rest);
    const answer = await harness.delete({}, { PhysicalResourceId: INVENTED });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: INVENTED });
    expect(answer.Reason).toMatch(
      /^Reading the events of the stack, to find out whether it has ever recorded arn:.* failed: AccessDenied/,
    );
    expect(harness.owned).toHaveLength(2);
  });

  test('for up to 240 seconds, until IAM knows the permissions, succeeds', async () => {
    const harness = await created();
    const allowed = harness.allowed;
    const known = harness.clock.now() + 230_000;
    harness.allowed = (...question) => harness.clock.now() >= known && allowed(...question);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.service.rooms).toEqual([]);
    expect(harness.milliseconds).toBeGreaterThanOrEqual(230_000);
  });
});

describe('A delete of a room that was deleted a moment ago', () => {
  test.each([0, 1, 2])('succeeds although IAM refuses it and %d reads still show the room', async (shown) => {
    const harness = await created();
    const last = JSON.stringify(harness.owned[0]);
    let reads = 0;
    harness.intercept = ({ operation }) => {
      const exists = harness.service.resources.has(harness.recorded!);
      if (operation === 'DeleteRoom' && exists) harness.service.meddle(harness.recorded!);
      if (operation !== 'GetRoom' || exists) return undefined;
      return ++reads <= shown ? { status: 200, body: last } : undefined;
    };
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(reads).toBeGreaterThanOrEqual(shown + 2); // two reads in a row
    expect(harness.milliseconds).toBeLessThan(20_000);
  });

  test('does not rely on a single read that does not find the room', async () => {
    const harness = await created();
    harness.allowed = (action) => action !== 'ivschat:DeleteRoom';
    let reads = 0;
    harness.intercept = ({ operation }) => (
      operation === 'GetRoom' && ++reads % 2 === 0 ? fault('ResourceNotFoundException', 404) : undefined
    );
    const answer = await harness.delete();
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^Delete room failed: AccessDeniedException/);
  });
});

describe('A delete of a new room', () => {
  test.each([
    [0, 62_000], [30, 32_000], [64, 0],
  ])('waits until no write of the create can be late: %d seconds after it', async (seconds, least) => {
    const harness = await created(ROOM, seconds);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeGreaterThanOrEqual(least);
    expect(harness.milliseconds).toBeLessThanOrEqual(least + 2000);
  });

  test('waits from its own request if it cannot read when the create ended', async () => {
    const harness = await created(ROOM, 30);
    const allowed = harness.allowed;
    harness.allowed = (action, ...rest) => action !== 'cloudformation:DescribeStackEvents' && allowed(action, ...rest);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeGreaterThanOrEqual(62_000);
    expect(harness.milliseconds).toBeLessThan(65_000);
  });

  test('removes the room that a late delivery of the create adds meanwhile', async () => {
    const harness = new Harness();
    await harness.create();
    const { tags } = harness.owned[0]!;
    harness.clock.setTimeout(() => harness.service.put('room', { name: 'lobby', tags: { ...tags } }), 40_000);
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.service.rooms).toEqual([]);
  });

  test('that runs out of time names the step in its reason', async () => {
    const harness = await created(ROOM, 0);
    harness.status = 'DELETE_IN_PROGRESS';
    const answer = await harness.deliver(
      harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded }), 30,
    );
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^the time ran out during this step: Waiting until no write of the create can /);
    expect(harness.service.rooms).toHaveLength(1);
  });

  test('does not wait where nothing lags', async () => {
    const harness = new Harness({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    await harness.create();
    expect((await harness.delete()).Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeLessThan(200);
    expect(harness.operations.filter((operation) => operation === 'DescribeStackEvents')).toEqual([]);
  });
});

describe('A delete of an id that no create has responded with', () => {
  test('of a create that made no call ends immediately', async () => {
    const harness = new Harness();
    expect((await harness.delete({}, { PhysicalResourceId: 'nothing/request-1' })).Status).toBe('SUCCESS');
    expect(harness.operations).toEqual(['PUT']);
  });

  test('keeps a room that was created after the delete request', async () => {
    const harness = new Harness(SLOW);
    await harness.create();
    const later = put(harness, 'request-9');
    harness.service.meddle(
      later.arn, { tags: { ...later.tags, [createdBy]: `${harness.stack.uuid}/request-9/20270101T000000Z/lobby` } },
    );
    const earlier = put(harness, 'request-8');
    const sameSecond = put(harness, 'request-7');
    const creation = `${harness.stack.uuid}/request-7/${timeText(harness.clock.now())}/lobby`;
    harness.service.meddle(sameSecond.arn, { tags: { ...sameSecond.tags, [createdBy]: creation } });
    expect((await harness.delete({}, { PhysicalResourceId: INVENTED })).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([harness.recorded, later.arn]);
    expect([earlier, sameSecond].some(({ arn }) => harness.service.resources.has(arn))).toBe(false);
  });

  test('removes the room that a create adds late', async () => {
    const harness = new Harness();
    harness.clock.setTimeout(() => put(harness, 'request-8'), 40_000);
    harness.status = 'DELETE_IN_PROGRESS';
    expect((await harness.delete({}, { PhysicalResourceId: INVENTED })).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([]);
  });

  test('keeps rooms that this library did not create', async () => {
    const harness = new Harness(SLOW);
    const foreign = harness.service.put('room', { name: 'lobby' });
    const untold = harness.service.put(
      'room', { name: 'lobby', tags: { [ownerTag]: owner(harness.event({ RequestId: '-' })) } },
    );
    expect((await harness.delete({}, { PhysicalResourceId: INVENTED })).Status).toBe('SUCCESS');
    expect([foreign, untold].every(({ arn }) => harness.service.resources.has(arn))).toBe(true);
  });

  test('treats a room that is older than 80 days as recorded', async () => {
    const harness = new Harness();
    const old = put(harness, 'request-7');
    await harness.wait(81 * 24 * 3600);
    const young = put(harness, 'request-8');
    harness.status = 'DELETE_IN_PROGRESS';
    await harness.wait(2);
    expect((await harness.delete({}, { PhysicalResourceId: INVENTED })).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([old.arn]);
    expect(harness.service.resources.has(young.arn)).toBe(false);
  });

  test('reads every page of the events before it treats a room as unrecorded', async () => {
    const harness = new Harness(SLOW);
    const { PhysicalResourceId: retained } = await harness.create();
    harness.retain();
    for (let index = 0; index < 250; index++) harness.stack.set(`Other${index}`, 'CREATE_COMPLETE', `other-${index}`);
    await harness.wait(10);
    expect((await harness.delete({}, { PhysicalResourceId: INVENTED })).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([retained]);
    expect(
      harness.operations.filter((operation) => operation === 'DescribeStackEvents').length,
    ).toBeGreaterThanOrEqual(3);
  });

  test('waits until the events show its own request, because older events prove nothing', async () => {
    const harness = new Harness({ ...SLOW, stackLag: 10_000, seed: 3 });
    await harness.create();
    harness.retain();
    await harness.wait(1);
    expect((await harness.delete({}, { PhysicalResourceId: INVENTED })).Status).toBe('SUCCESS');
    expect(harness.owned).toHaveLength(1);
  });

  test('of a name that the service does not accept succeeds', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => (operation === 'ListRooms' ? fault('ValidationException', 400) : undefined);
    expect((await harness.delete({ Name: 'not a name' }, { PhysicalResourceId: INVENTED })).Status).toBe('SUCCESS');
  });
});

test('A late duplicate of a delete keeps the room that was created since', async () => {
  const harness = await created();
  harness.status = 'DELETE_IN_PROGRESS';
  const event = harness.event({ RequestType: 'Delete', PhysicalResourceId: harness.recorded });
  await harness.deliver(event);
  harness.recorded = undefined;
  await harness.wait(5);
  const { PhysicalResourceId } = await harness.create();
  harness.start(event);
  await harness.clock.run();
  expect(arns(harness)).toEqual([PhysicalResourceId]);
});
