import { Harness } from './world/harness';
import { fault, type Reply } from './world/ivs-chat';
import { LOGGING_CONFIGURATION, resourceTypes, ROOM } from './world/resource-types';
import type { Call } from './world/transport';
import { timeText } from '../../../lambda/custom-resource/event';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const { createdBy, owner: ownerTag, tagKeys, updatedBy } = ownershipTags;
const DRAIN = 43_000;

const userTags = (tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.values<string>(ownershipTags).includes(key)));
const arns = (harness: Harness) => harness.owned.map(({ arn }) => arn);
const callsOf = (harness: Harness, operation: string) => harness.calls.filter((call) => call.operation === operation);
const tagsOfCalls = (harness: Harness) => harness.calls.filter(
  ({ operation }) => operation === 'TagResource',
).map(({ input }) => Object.keys(input.tags).sort());

/** A resource that was created a while ago. */
async function created({ options }: typeof ROOM = ROOM, properties: object = {}, more: object = {}): Promise<Harness> {
  const harness = new Harness({ ...options, ...more });
  expect((await harness.create(properties)).Status).toBe('SUCCESS');
  await harness.wait(3600);
  harness.reset();
  return harness;
}

describe('An update without faults', () => {
  test.each(resourceTypes)('makes three calls to Amazon IVS Chat and one to CloudFormation: %s', async (_, type) => {
    const harness = await created(type);
    const answer = await harness.update(type.change.properties);
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.owned).toMatchObject([type.change.shown]);
    expect(harness.operations).toEqual([
      'DescribeStackResource', `Get${type.kind}`, `Update${type.kind}`, `Get${type.kind}`, 'PUT',
    ]);
  });

  test('makes the same calls right after the create', async () => {
    const harness = new Harness();
    await harness.create();
    harness.reset();
    await harness.update({ MaximumMessageLength: '7' });
    expect(harness.chatOperations).toEqual(['GetRoom', 'UpdateRoom', 'GetRoom']);
  });

  test.each([[1000, false], [1001, true]])(
    'marks a new room first if the service shows a change of it %d ms after its creation: %s', async (later, waits) => {
      const harness = new Harness();
      await harness.create();
      const [{ createTime }] = harness.owned as any;
      harness.service.meddle(harness.recorded!, { updateTime: new Date(Date.parse(createTime) + later).toISOString() });
      harness.reset();
      await harness.update({ MaximumMessageLength: '7' });
      expect(harness.chatOperations.includes('TagResource')).toBe(waits);
    });

  test('sends the complete desired state, removes former tags, and marks the room with the last write', async () => {
    const former = { MaximumMessageLength: '300', Tags: { team: 'live', old: '1' } };
    const harness = await created(ROOM, former);
    const answer = await harness.update({ MaximumMessageRatePerSecond: '20', Tags: { team: 'vod' } }, former);
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.owned).toMatchObject([{ maximumMessageLength: 500, maximumMessageRatePerSecond: 20 }]);
    expect(userTags(harness.owned[0]!.tags)).toEqual({ team: 'vod' });
    expect(harness.chatOperations).toEqual(['GetRoom', 'UpdateRoom', 'UntagResource', 'TagResource', 'GetRoom']);
    expect(callsOf(harness, 'UntagResource')[0]!.input.tagKeys).toEqual(['old']);
    expect(tagsOfCalls(harness)).toEqual([[tagKeys, updatedBy, 'team'].sort()]);
  });

  test('writes nothing if nothing differs', async () => {
    const harness = await created(ROOM, { Tags: { a: '1' } });
    await harness.update({ Tags: { a: '1' } }, { Tags: { a: '1' } });
    expect(harness.chatOperations).toEqual(['GetRoom', 'GetRoom']);
  });

  test('does not wait where nothing lags', async () => {
    const harness = new Harness({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    await harness.create();
    await harness.update({ MaximumMessageLength: '7' });
    await harness.update({ MaximumMessageLength: '8', Tags: { a: '1' } }, { MaximumMessageLength: '9' });
    expect(harness.owned).toMatchObject([{ maximumMessageLength: 8, tags: { a: '1' } }]);
    expect(harness.milliseconds).toBeLessThan(500);
  });
});

describe.each(resourceTypes)('A retained %s', (_, type) => {
  test('is kept when its successor is renamed, and when the successor gets its name', async () => {
    const harness = new Harness(type.options);
    const { PhysicalResourceId: lobby } = await harness.create();
    harness.retain();
    await harness.wait(100);
    const { PhysicalResourceId: stage } = await harness.create({ Name: 'stage' });
    harness.retain();
    await harness.wait(100);
    await harness.create();
    await harness.wait(100);
    expect((await harness.update({ Name: 'stage' })).Status).toBe('SUCCESS');
    expect((await harness.update({ Name: 'lobby' }, { Name: 'stage' })).Status).toBe('SUCCESS');
    expect(arns(harness)).toEqual([lobby, stage, harness.recorded]);
  });
});

describe('A write of an update', () => {
  test.each<[string, object, object, Record<string, unknown> | undefined]>([
    ['UpdateRoom', { MaximumMessageLength: '7' }, {}, undefined],
    ['UntagResource', {}, { Tags: { old: '1' } }, undefined],
    ['TagResource', { Tags: { new: '1' } }, {}, undefined],
    ['TagResource', {}, {}, { maximumMessageLength: 9 }], // the mark
    ['TagResource', {}, {}, { tags: {} }], // the owner
  ])('(%s for %j after %j, edited %j) is not repeated after CloudFormation has stopped waiting', async (
    ...[operation, properties, former, edited]
  ) => {
    const harness = await created(ROOM, former);
    if (edited) harness.service.meddle(harness.recorded!, edited);
    harness.intercept = (call) => {
      if (call.operation !== operation) return undefined;
      harness.status = 'UPDATE_FAILED';
      return { ...fault('ThrottlingException', 429), headers: { 'retry-after': '6' } };
    };
    const { Reason } = await harness.update(properties, former);
    expect(Reason).toContain('CloudFormation does not wait for this request any more');
    expect(callsOf(harness, operation)).toHaveLength(1);
  });

  test.each([
    [3950, 980, 1], [3950, 1010, 3],
  ])('follows a look that began less than five seconds ago: %d ms for the status, %d for the room: %d looks', async (
    ...[status, room, looks]
  ) => {
    const harness = await created();
    const slow = [status, room, status, room];
    harness.intercept = async ({ operation }, ordinary) => {
      if (/^(DescribeStackResource|GetRoom)$/.test(operation)) await harness.clock.sleep(slow.shift() ?? 0);
      return ordinary();
    };
    expect((await harness.update({ MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
    expect(harness.operations.indexOf('UpdateRoom')).toBe(2 * looks);
  });

  test('is only a change of tags if the settings do not differ', async () => {
    const harness = await created();
    await harness.update({ Tags: { a: '1' } });
    expect(harness.chatOperations).toEqual(['GetRoom', 'TagResource', 'GetRoom']);
  });
});

describe('An update that cannot be sure of earlier requests', () => {
  const { properties } = ROOM.change;

  const marked = (harness: Harness) => {
    expect(harness.chatOperations).toEqual(['GetRoom', 'TagResource', 'GetRoom', 'UpdateRoom', 'GetRoom']);
    const [mark] = callsOf(harness, 'TagResource');
    expect(Object.keys(mark!.input.tags)).toEqual([updatedBy]);
    expect(mark!.input.tags[updatedBy]).toMatch(/^2026\d{4}T\d{6}Z\/request-\d+\/2026\d{4}T\d{6}Z$/);
    const [write] = callsOf(harness, 'UpdateRoom');
    expect(write!.time - mark!.time).toBeGreaterThanOrEqual(DRAIN);
    expect(write!.time - mark!.time).toBeLessThan(DRAIN + 2000);
  };

  test.each([
    ['its settings were changed', { maximumMessageLength: 9 }],
    ['it was renamed', { name: 'by-hand' }],
  ])('marks the room and waits 43 seconds if %s by hand', async (_, members) => {
    const harness = await created();
    harness.service.meddle(harness.recorded!, { ...members, updateTime: harness.owned[0]!.createTime });
    expect((await harness.update(properties)).Status).toBe('SUCCESS');
    marked(harness);
    expect(harness.owned).toMatchObject([{ ...ROOM.change.shown, name: 'lobby' }]);
  });

  test('marks the room and waits if it does not have the former tags', async () => {
    const harness = await created();
    await harness.update({ ...properties, Tags: { a: '1' } }, { Tags: { a: '1' } });
    expect(tagsOfCalls(harness)[0]).toEqual([updatedBy]);
    expect(harness.milliseconds).toBeGreaterThanOrEqual(DRAIN);
  });

  test('marks the room and waits without the former properties', async () => {
    const harness = await created();
    await harness.update(properties, {}, { OldResourceProperties: undefined });
    marked(harness);
  });

  test.each([
    [60, true], [82, true], [84, false],
  ])('marks the room if it was updated %d seconds ago: %s', async (seconds, waits) => {
    const harness = await created();
    await harness.update({ MaximumMessageLength: '8' });
    await harness.wait(seconds);
    harness.reset();
    expect((await harness.update(properties, { MaximumMessageLength: '8' })).Status).toBe('SUCCESS');
    if (waits) marked(harness);
    else expect(harness.chatOperations).toEqual(['GetRoom', 'UpdateRoom', 'GetRoom']);
  });

  test.each([
    [60, true], [85, false],
  ])('marks the room if its tags were changed %d seconds ago: %s', async (seconds, waits) => {
    const harness = await created();
    await harness.update({ Tags: { a: '1' } });
    await harness.wait(seconds);
    harness.reset();
    expect((await harness.update({ ...properties, Tags: { a: '1' } }, { Tags: { a: '1' } })).Status).toBe('SUCCESS');
    expect(harness.chatOperations.includes('TagResource')).toBe(waits);
  });

  test('marks the room again if an earlier request has overwritten the mark', async () => {
    const harness = await created();
    harness.service.meddle(harness.recorded!, { maximumMessageLength: 9 });
    harness.clock.setTimeout(() => {
      const { tags } = harness.owned[0]!;
      harness.service.meddle(
        harness.recorded!, { tags: { ...tags, [updatedBy]: '20260105T120000Z/request-0/20260105T120000Z' } },
      );
    }, 10_000);
    expect((await harness.update(properties)).Status).toBe('SUCCESS');
    expect(callsOf(harness, 'TagResource')).toHaveLength(2);
    expect(harness.milliseconds).toBeGreaterThanOrEqual(2 * DRAIN);
  });

  test('stops when a later request has marked the room', async () => {
    const harness = await created();
    harness.service.meddle(harness.recorded!, { maximumMessageLength: 9 });
    harness.clock.setTimeout(() => {
      const { tags } = harness.owned[0]!;
      harness.service.meddle(
        harness.recorded!, { tags: { ...tags, [updatedBy]: '20270105T120000Z/request-9/20270105T120000Z' } },
      );
    }, 10_000);
    const answer = await harness.update(properties);
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: `a later request is updating ${harness.recorded}; nothing more was changed`,
    });
    expect(callsOf(harness, 'UpdateRoom')).toEqual([]);
  });

  test.each([
    ['a later request', true], ['an earlier request', false],
  ])('tells by its status whether a mark of the same second is of %s', async (_, isLater) => {
    const harness = await created();
    harness.service.meddle(harness.recorded!, { maximumMessageLength: 9 });
    const second = timeText(harness.clock.now());
    harness.clock.setTimeout(() => {
      if (isLater) {
        harness.status = 'UPDATE_FAILED';
        harness.status = 'UPDATE_IN_PROGRESS';
      }
      const { tags } = harness.owned[0]!;
      harness.service.meddle(
        harness.recorded!, { tags: { ...tags, [updatedBy]: `${second}/request-9/${second}` } },
      );
    }, 2_000);
    const answer = await harness.update(properties);
    expect(answer.Reason).toBe(isLater
      ? `a later request is updating ${harness.recorded}; nothing more was changed` : undefined);
    expect(callsOf(harness, 'UpdateRoom')).toHaveLength(isLater ? 0 : 1);
  });
});

describe('An update that is canceled while it is refused', () => {
  const review = {
    MessageReviewHandler: { Uri: 'arn:aws:lambda:us-west-2:123456789012:function:review', FallbackResult: 'DENY' },
  };
  const isOfTheCanceledOne = ({ operation, input }: Call) =>
    operation === 'UpdateRoom' && input.maximumMessageLength === 7;

  const refusals: [string, () => Reply][] = [
    ['by throttling', () => fault('ThrottlingException', 429)],
    ['by an invalid Lambda permission', () => fault('ValidationException', 400, 'invalid lambda permission')],
    ['by IAM', () => fault('AccessDeniedException', 403, 'not authorized to perform: ivschat:UpdateRoom')],
  ];

  test.each(refusals)('%s stops writing when the rollback begins, which waits for it', async (_, refusal) => {
    for (const refusedFor of [31_000, 35_000, 45_000, 60_000]) {
      const harness = await created(ROOM, {}, { stackLag: 10_000, seed: refusedFor });
      const begin = harness.clock.now();
      let lastWrite = 0;
      harness.intercept = (call) => {
        if (!isOfTheCanceledOne(call)) return undefined;
        if (harness.clock.now() < begin + refusedFor) return refusal();
        lastWrite = harness.clock.now();
        return undefined;
      };

      const former = harness.event({ RequestId: '-' }).ResourceProperties;
      const desired = { ...former, MaximumMessageLength: '7', ...review };
      harness.status = 'UPDATE_IN_PROGRESS';
      const canceled = harness.event({
        RequestType: 'Update',
        PhysicalResourceId: harness.recorded,
        ResourceProperties: desired,
        OldResourceProperties: former,
      });
      harness.start(canceled);
      let rollback = canceled;
      harness.clock.setTimeout(() => {
        harness.status = 'UPDATE_FAILED';
        harness.status = 'UPDATE_IN_PROGRESS';
        rollback = harness.event({
          RequestType: 'Update',
          PhysicalResourceId: harness.recorded,
          ResourceProperties: former,
          OldResourceProperties: desired,
        });
        harness.start(rollback);
      }, 30_000);
      await harness.clock.run();

      expect(harness.answerTo(rollback)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
      if (refusedFor >= 45_000) {
        expect(harness.answerTo(canceled)!.Reason).toMatch(
          /^(CloudFormation does not wait for this request any more|a later request is updating) /,
        );
        expect(lastWrite).toBe(0);
      }
      const answeredAt = harness.calls.find(
        ({ operation, input }) => operation === 'PUT' && JSON.parse(input).RequestId === rollback.RequestId,
      )!.time;
      expect(answeredAt - begin).toBeGreaterThanOrEqual(30_000 + DRAIN);
      expect(lastWrite).toBeLessThan(begin + 30_000 + DRAIN);
      const attempts = harness.calls.filter(isOfTheCanceledOne).map(({ time }) => time - begin);
      expect(attempts.length).toBeGreaterThan(1);
      expect(Math.max(...attempts)).toBeLessThan(30_000 + DRAIN);
      expect(harness.owned).toMatchObject([{ maximumMessageLength: 500 }]);
      expect(harness.owned[0]).not.toHaveProperty('messageReviewHandler');
    }
  });

  test('leaves the state of the rollback even if its last write takes effect 20 seconds late', async () => {
    const harness = await created();
    harness.intercept = (call) => (isOfTheCanceledOne(call) ? 'no answer, done 20 s later' : undefined);
    const former = harness.event({ RequestId: '-' }).ResourceProperties;
    const desired = { ...former, MaximumMessageLength: '7' };
    harness.status = 'UPDATE_IN_PROGRESS';
    harness.start(harness.event({
      RequestType: 'Update',
      PhysicalResourceId: harness.recorded,
      ResourceProperties: desired,
      OldResourceProperties: former,
    }));
    harness.clock.setTimeout(() => {
      harness.status = 'UPDATE_IN_PROGRESS';
      harness.start(harness.event({
        RequestType: 'Update',
        PhysicalResourceId: harness.recorded,
        ResourceProperties: former,
        OldResourceProperties: desired,
      }));
    }, 3000);
    await harness.clock.run();
    // the create, and the two updates
    expect(harness.answers.map(({ Status }) => Status).sort()).toEqual(['FAILED', 'SUCCESS', 'SUCCESS']);
    expect(harness.owned).toMatchObject([{ maximumMessageLength: 500 }]);
  });
});

describe('An update that IAM or the service refuses', () => {
  test.each(resourceTypes)('changes no %s while DescribeStackResource is denied, with a reason', async (_, type) => {
    const harness = await created(type);
    const allowed = harness.allowed;
    harness.allowed = (action, ...rest) =>
      action !== 'cloudformation:DescribeStackResource' && allowed(action, ...rest);
    const answer = await harness.update(type.change.properties);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason).toMatch(/^DescribeStackResource failed: AccessDenied: /);
    expect(answer.Reason).toMatch(/ Without the response of CloudFormation, nothing is created or updated\.$/);
    expect(harness.chatOperations).toEqual([]);
  });

  test('waits up to 240 seconds for the permissions', async () => {
    const harness = await created();
    const known = harness.clock.now() + 225_000;
    harness.intercept = ({ operation }) => (
      /Room/.test(operation) && harness.clock.now() < known ? fault('AccessDeniedException', 403) : undefined
    );
    expect((await harness.update(ROOM.change.properties)).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([ROOM.change.shown]);
  });

  test.each([
    ['AccessDeniedException', 230_000], ['ValidationException', 0],
  ])('names the call that was refused with %s', async (name, least) => {
    const harness = await created();
    harness.intercept = ({ operation }) => (operation === 'UpdateRoom' ? fault(name, 400, 'no') : undefined);
    const answer = await harness.update(ROOM.change.properties);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason).toMatch(new RegExp(`^Update room failed: ${name}: no`));
    expect(harness.milliseconds).toBeGreaterThanOrEqual(least);
    expect(harness.milliseconds).toBeLessThan(least + 30_000);
  });

  test('leaves no tags of a failed update that was not rolled back', async () => {
    const harness = await created(ROOM, { Tags: { a: '1' } });
    harness.intercept = ({ operation }) => {
      const isAfterTheTags = operation === 'GetRoom' && harness.operations.includes('TagResource');
      return isAfterTheTags ? fault('ValidationException', 400) : undefined;
    };
    expect((await harness.update({ Tags: { b: '1' } }, { Tags: { a: '1' } })).Status).toBe('FAILED');
    expect(userTags(harness.owned[0]!.tags)).toEqual({ b: '1' });
    await harness.wait(5);
    harness.reset();
    // CloudFormation sends the properties of the last success.
    expect(await harness.update({ Tags: { c: '1' } }, { Tags: { a: '1' } })).toMatchObject({ Status: 'SUCCESS' });
    expect(userTags(harness.owned[0]!.tags)).toEqual({ c: '1' });
  });
});

describe.each(resourceTypes)('A recorded %s', (_, type) => {
  const { properties, shown } = type.change;
  const kept = { Tags: { team: 'live' } };

  test('that has lost its owner tag is updated and deleted, with the synthesized permissions', async () => {
    const harness = await created(type, kept);
    const { [ownerTag]: _owner, ...rest } = harness.owned[0]!.tags;
    const birth = rest[createdBy];
    harness.service.meddle(harness.recorded!, { tags: rest });
    expect((await harness.update({ ...properties, ...kept }, kept)).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([
      { ...shown, tags: { [ownerTag]: owner(harness.event()), [createdBy]: birth, team: 'live' } },
    ]);
    await harness.wait(3600);
    expect((await harness.delete({ ...properties, ...kept })).Status).toBe('SUCCESS');
    expect(harness.service.resources.size).toBe(0);
  });

  test('that has lost all tags is updated and deleted, with the synthesized permissions', async () => {
    const harness = await created(type, kept);
    harness.service.meddle(harness.recorded!, { tags: {} });
    expect((await harness.update({ ...properties, ...kept }, kept)).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([
      { ...shown, tags: { [createdBy]: `${harness.stack.uuid}/-/-/`, team: 'live' } },
    ]);
    await harness.wait(3600);
    expect((await harness.delete({ ...properties, ...kept })).Status).toBe('SUCCESS');
    expect(harness.service.resources.size).toBe(0);
  });

  test('that has the owner tag of another stack is not changed, and the reason names the tag', async () => {
    const harness = await created(type);
    harness.service.meddle(harness.recorded!, { tags: { [ownerTag]: 'other/stack' } });
    const answer = await harness.update(properties);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason).toBe(`${harness.recorded} belongs to another stack or to another resource of this stack: `
      + 'its tag cdk-ivs-chat:owner is "other/stack". '
      + 'If the other one does not use it any more, remove the tag and deploy again');
    expect(harness.chatOperations).toEqual([`Get${type.kind}`]);
  });

  test('keeps the tags that others have set', async () => {
    const harness = await created(type, kept);
    const foreign = { 'auto-tagger': 'x', 'aws:cloudformation:stack-name': 'chat' };
    harness.service.meddle(
      harness.recorded!, { tags: { ...harness.owned[0]!.tags, ...foreign }, updateTime: harness.owned[0]!.createTime },
    );
    expect((await harness.update({ ...properties, Tags: { other: '1' } }, kept)).Status).toBe('SUCCESS');
    expect(userTags(harness.owned[0]!.tags)).toEqual({ ...foreign, other: '1' });
    expect(harness.milliseconds).toBeLessThan(DRAIN); // tags of others do not indicate another request
  });

  test('that does not exist any more cannot be updated, and the reason has a remedy', async () => {
    const harness = await created(type);
    harness.service.meddle(harness.recorded!);
    const answer = await harness.update(properties);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: harness.recorded });
    expect(answer.Reason).toBe(`${harness.recorded} does not exist any more. It was deleted outside of CloudFormation: `
      + 'remove the construct from the stack, deploy, and add it again');
  });
});

describe('An update', () => {
  test('finds a room that the first read does not show yet', async () => {
    const harness = await created();
    let reads = 0;
    harness.intercept = ({ operation }) => (
      operation === 'GetRoom' && ++reads === 1 ? fault('ResourceNotFoundException', 404) : undefined
    );
    expect((await harness.update(ROOM.change.properties)).Status).toBe('SUCCESS');
  });

  test('changes nothing if CloudFormation does not wait for it', async () => {
    const harness = await created();
    harness.status = 'UPDATE_COMPLETE';
    await harness.wait(2);
    harness.status = 'UPDATE_ROLLBACK_COMPLETE';
    const event = harness.event({
      RequestType: 'Update',
      PhysicalResourceId: harness.recorded,
      ResourceProperties: { MaximumMessageLength: '7' },
    });
    await harness.wait(2);
    harness.status = 'UPDATE_COMPLETE';
    expect((await harness.deliver(event)).Reason).toBe(
      'CloudFormation does not wait for this request any more '
      + '(the resource is UPDATE_COMPLETE); nothing more was changed',
    );
    expect(harness.chatOperations).toEqual([]);
  });

  test('changes nothing if it is delivered again during a later one', async () => {
    const harness = await created();
    harness.status = 'UPDATE_IN_PROGRESS';
    const first = harness.event({
      RequestType: 'Update',
      PhysicalResourceId: harness.recorded,
      ResourceProperties: {
        MaximumMessageLength: '1',
      },
      OldResourceProperties: harness.event().ResourceProperties,
    });
    await harness.deliver(first);
    await harness.wait(100);
    await harness.update({ MaximumMessageLength: '2' }, { MaximumMessageLength: '1' });
    await harness.wait(100);
    harness.status = 'UPDATE_IN_PROGRESS';
    harness.reset();
    harness.start(first);
    await harness.clock.run();
    expect(harness.answers.at(-1)!.Reason).toMatch(
      /does not wait for this request any more \(the resource is UPDATE_IN_PROGRESS\)/,
    );
    expect(harness.owned).toMatchObject([{ maximumMessageLength: 2 }]);
    expect(harness.chatOperations).toEqual([]);
  });

  test.each([
    ['x', true], [7, true], [null, false],
  ])('succeeds with the former tags %j, and marks the room before: %s', async (Tags, waits) => {
    const harness = await created();
    expect((await harness.update(ROOM.change.properties, { Tags })).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([ROOM.change.shown]);
    const mark = waits ? ['TagResource', 'GetRoom'] : [];
    expect(harness.chatOperations).toEqual(['GetRoom', ...mark, 'UpdateRoom', 'GetRoom']);
  });

  test('of a rollback succeeds with the status of the resource during a rollback', async () => {
    const harness = await created();
    await harness.update({ MaximumMessageLength: '7' });
    expect((await harness.update({}, { MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([{ maximumMessageLength: 500 }]);
  });

  test.each([
    ['another Region', 'arn:aws:ivschat:eu-west-1:123456789012:room/AbCdEfGhIjKl'],
    ['another account', 'arn:aws:ivschat:us-west-2:999999999999:room/AbCdEfGhIjKl'],
    ['another type', 'arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEfGhIjKl'],
  ])('of an ARN of %s is refused', async (_, PhysicalResourceId) => {
    const harness = await created();
    const answer = await harness.update({}, {}, { PhysicalResourceId });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId });
    expect(answer.Reason).toBe(`"${PhysicalResourceId}" is not the ARN of a room of this account in us-west-2; `
      + 'give the construct a new id to move it to another Region');
    expect(harness.chatOperations).toEqual([]);
  });

  test('waits for a logging configuration, and ignores an old failed state', async () => {
    const harness = await created(LOGGING_CONFIGURATION);
    const states = ['UPDATE_FAILED', 'UPDATE_FAILED', 'UPDATING'];
    harness.intercept = ({ operation }, ordinary) => {
      const reply = ordinary();
      if (operation !== 'GetLoggingConfiguration' || !harness.operations.includes(
        'UpdateLoggingConfiguration',
      )) return reply;
      const state = states.shift();
      return state ? { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), state }) } : reply;
    };
    expect((await harness.update({ Name: 'other' })).Status).toBe('SUCCESS');
    expect(states).toEqual([]);
  });
});
