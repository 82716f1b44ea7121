import { Harness, STACK_UUID } from './world/harness';
import { fault } from './world/ivs-chat';
import { resourceTypes, ROOM } from './world/resource-types';
import { owner } from '../../../lambda/custom-resource/ownership';
import { isOwnershipTag, ownershipTags } from '../../../src/contract/ownership-tags';

const { createdBy, owner: ownerTag, tagKeys, updatedBy } = ownershipTags;
const INVENTED = 'chat-Room-1A2B3C4D5E6F7';
const ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl';

const ownershipTagsOf = (tags: Record<string, string>) => Object.keys(tags).filter(isOwnershipTag).sort();

/** A stack, and a resource that existed before it and has not changed for an hour. */
async function withExisting(
  { options, arnResource }: typeof ROOM = ROOM, tags: Record<string, string> = { team: 'old' }, more: object = {},
) {
  const harness = new Harness({ ...options, ...more });
  const settings = arnResource === 'room' ? { maximumMessageLength: 9 } : {
    destinationConfiguration: { s3: { bucketName: 'theirs' } },
  };
  const existing = harness.service.put(arnResource, { name: 'theirs', tags, ...settings });
  await harness.wait(3600);
  return { harness, existing, properties: { ExistingArn: existing.arn, Name: undefined } };
}

describe.each(resourceTypes)('The adoption of a %s', (_, type) => {
  const { kind } = type;

  test('tags it first, brings it to the desired state, and creates nothing', async () => {
    const { harness, existing, properties } = await withExisting(type, { left: 'x', team: 'old' });
    const answer = await harness.create({ ...properties, ...type.change.properties, Tags: { team: 'live' } });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: existing.arn });
    expect(harness.chatOperations).toEqual([`Get${kind}`, 'TagResource', `Update${kind}`, 'TagResource', `Get${kind}`]);
    expect(
      Object.keys(harness.calls.find(({ operation }) => operation === 'TagResource')!.input.tags).sort(),
    ).toEqual([ownerTag, updatedBy]);
    expect(harness.owned).toMatchObject([
      { ...type.change.shown, name: 'theirs', tags: { [ownerTag]: owner(harness.event()), left: 'x', team: 'live' } },
    ]);
    expect(ownershipTagsOf(harness.owned[0]!.tags)).toEqual([ownerTag, tagKeys, updatedBy].sort());
  });

  test('gives it the name of the template', async () => {
    const { harness, properties } = await withExisting(type);
    expect((await harness.create({ ...properties, Name: 'mine' })).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([{ name: 'mine' }]);
  });

  test('has the same result when its request is delivered twice', async () => {
    const { harness, existing, properties } = await withExisting(type);
    harness.status = 'CREATE_IN_PROGRESS';
    const event = harness.event({ ResourceProperties: properties });
    harness.start(event);
    harness.clock.setTimeout(() => harness.start(event), 50);
    await harness.clock.run();
    expect(harness.answerTo(event)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: existing.arn });
    expect(harness.owned.map(({ arn }) => arn)).toEqual([existing.arn]);
  });

  test('of a resource of another stack fails, and the reason names the tag to remove', async () => {
    const { harness, existing, properties } = await withExisting(type, { [ownerTag]: 'other/stack', team: 'x' });
    const answer = await harness.create(properties);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: expect.stringMatching(/^pending\//) });
    expect(answer.Reason).toBe(`${existing.arn} belongs to another stack or to another resource of this stack: `
      + 'its tag cdk-ivs-chat:owner is "other/stack". '
      + 'If the other one does not use it any more, remove the tag and deploy again');
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    expect(existing.tags).toEqual({ [ownerTag]: 'other/stack', team: 'x' });
  });
});

describe.each(resourceTypes)('An adopted %s', (_, type) => {
  const adopted = async (tags?: Record<string, string>) => {
    const { harness, existing, properties } = await withExisting(type, tags);
    expect((await harness.create({ ...properties, Tags: { live: '1' } })).Status).toBe('SUCCESS');
    await harness.wait(3600);
    harness.reset();
    return { harness, existing, properties: { ...properties, Tags: { live: '1' } } };
  };

  test('is released and not deleted when it leaves the stack', async () => {
    const { harness, existing, properties } = await adopted();
    expect(await harness.delete(properties)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: existing.arn });
    expect(harness.service.resources.get(existing.arn)!.tags).toEqual({ team: 'old', live: '1' });
    expect(harness.operations).toEqual([`Get${type.kind}`, `Get${type.kind}`, 'UntagResource', 'PUT']);
    expect(harness.calls[2]!.input.tagKeys.sort()).toEqual([ownerTag, tagKeys, updatedBy].sort());
  });

  test.each([
    ['an id of a failed create', 'pending/request-1/'],
    ['an id of a create that was refused', 'denied/request-1/'],
    ['an invented id', INVENTED],
  ])('is released and not deleted after a failed adoption, by %s', async (__, PhysicalResourceId) => {
    const { harness, existing, properties } = await withExisting(type);
    harness.intercept = ({ operation }) => (
      operation === `Update${type.kind}` ? fault('ValidationException', 400, 'no') : undefined
    );
    expect((await harness.create(properties)).Status).toBe('FAILED');
    expect(existing.tags).toHaveProperty([ownerTag]);

    harness.reset();
    harness.recorded = PhysicalResourceId;
    expect(await harness.delete(properties)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(ownershipTagsOf(existing.tags)).toEqual([]);
    expect(harness.operations).not.toContain(`Delete${type.kind}`);
  });

  test('is not released by the clean-up of an earlier failed adoption, even hours later', async () => {
    const { harness, existing, properties } = await adopted();
    await harness.wait(60);
    harness.stack.set('Room', 'DELETE_IN_PROGRESS', INVENTED, true);
    const cleanUp = harness.event({
      RequestType: 'Delete', PhysicalResourceId: INVENTED, ResourceProperties: properties,
    });
    expect((await harness.deliver(cleanUp)).Status).toBe('SUCCESS');
    expect(existing.tags).toHaveProperty([ownerTag]);

    harness.retain();
    await harness.wait(7200);
    await harness.deliver(cleanUp);
    expect(existing.tags).toHaveProperty([ownerTag]);
  });

  test('is updated, and released when it leaves the stack later', async () => {
    const { harness, existing, properties } = await adopted();
    const changed = { ...properties, ...type.change.properties, Name: 'mine' };
    expect((await harness.update(changed, properties)).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([{ ...type.change.shown, name: 'mine' }]);
    expect((await harness.delete(changed)).Status).toBe('SUCCESS');
    expect(ownershipTagsOf(existing.tags)).toEqual([]);
    expect(harness.service.resources.has(existing.arn)).toBe(true);
  });

  test('gets its owner tag back if the tag was removed', async () => {
    const { harness, existing, properties } = await adopted();
    harness.service.meddle(existing.arn, { tags: { team: 'old', live: '1' } });
    expect((await harness.update({ ...properties, ...type.change.properties }, properties)).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([{ ...type.change.shown, arn: existing.arn }]);
    expect(existing.tags).not.toHaveProperty([createdBy]);
  });

  test('is deleted like any other resource if the template no longer adopts it', async () => {
    const { harness, existing, properties } = await adopted();
    expect(
      await harness.update({ Tags: properties.Tags }, properties),
    ).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: existing.arn });
    expect(harness.owned).toMatchObject([{ name: 'lobby' }]);
    await harness.wait(3600);
    expect((await harness.delete({ Tags: properties.Tags })).Status).toBe('SUCCESS');
    expect(harness.service.resources.size).toBe(0);
  });

  test('cannot be replaced by another existing resource', async () => {
    const { harness, existing, properties } = await adopted();
    const other = ARN.replace(/room/, type.arnResource);
    const answer = await harness.update({ ExistingArn: other }, properties);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toBe(`the ${type.arnResource} is ${existing.arn} and cannot become ${other}; `
      + 'give the construct a new id to adopt another one');
    expect(harness.chatOperations).toEqual([]);
  });

  test('keeps the tags of a later adoption when its release is delivered again', async () => {
    const { harness, existing, properties } = await adopted();
    harness.status = 'DELETE_IN_PROGRESS';
    const release = harness.event({
      RequestType: 'Delete',
      PhysicalResourceId: existing.arn,
      ResourceProperties: properties,
    });
    expect((await harness.deliver(release)).Status).toBe('SUCCESS');
    expect(ownershipTagsOf(existing.tags)).toEqual([]);
    harness.recorded = undefined;
    await harness.wait(5);
    expect((await harness.create(properties)).Status).toBe('SUCCESS');
    harness.reset();
    harness.start(release);
    await harness.clock.run();
    expect(harness.operations).not.toContain('UntagResource');
    expect(existing.tags[ownerTag]).toBe(owner(harness.event()));
  });

  test('stays adopted when CloudFormation cleans up an earlier failed attempt', async () => {
    const { harness, existing, properties } = await withExisting(type);
    harness.intercept = ({ operation }) => (
      operation.startsWith('Update') ? fault('ValidationException', 400, 'no') : undefined
    );
    const { PhysicalResourceId } = await harness.create(properties);
    expect(PhysicalResourceId).toBe('pending/request-1/');
    harness.reset();
    await harness.wait(30);
    expect(
      await harness.update(properties, properties),
    ).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: existing.arn });
    await harness.wait(3);
    harness.stack.set('Room', 'DELETE_IN_PROGRESS', PhysicalResourceId, true);
    const cleanUp = harness.event({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties: properties });
    expect((await harness.deliver(cleanUp)).Status).toBe('SUCCESS');
    expect(existing.tags[ownerTag]).toBe(owner(harness.event()));
  });

  test('that does not exist any more is released', async () => {
    const { harness, existing, properties } = await adopted();
    harness.service.meddle(existing.arn);
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
  });

  test('is released although the first read does not find it', async () => {
    const { harness, existing, properties } = await adopted();
    let reads = 0;
    harness.intercept = ({ operation }) =>
      (operation === `Get${type.kind}` && ++reads === 1 ? fault('ResourceNotFoundException', 404) : undefined);
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    expect(ownershipTagsOf(existing.tags)).toEqual([]);
  });

  test('keeps the tags of another stack that adopts it while the release waits', async () => {
    const { harness, existing, properties } = await withExisting(type);
    await harness.create(properties);
    const tags = { [ownerTag]: 'other/stack' };
    harness.clock.setTimeout(() => harness.service.meddle(existing.arn, { tags }), 10_000);
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeGreaterThan(60_000);
    expect(existing.tags).toEqual({ [ownerTag]: 'other/stack' });
  });

  test('keeps the tags of another stack that has adopted it since', async () => {
    const { harness, existing, properties } = await adopted();
    harness.service.meddle(existing.arn, { tags: { [ownerTag]: 'other/stack', [updatedBy]: 'x' } });
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    expect(existing.tags).toEqual({ [ownerTag]: 'other/stack', [updatedBy]: 'x' });
  });
});

describe('An adoption that fails', () => {
  test.each([
    ['TagResource', 'TagResource failed: '], ['UpdateRoom', 'Update room failed: '], ['GetRoom', 'Get room failed: '],
  ])('at %s names the call, and its rollback releases the room', async (operation, reason) => {
    const { harness, existing, properties } = await withExisting();
    harness.intercept = (call) => (call.operation === operation ? fault('ValidationException', 400, 'no') : undefined);
    const answer = await harness.create(properties);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toBe(`${reason}ValidationException: no (request id a1b2c3)`);
    expect(answer.PhysicalResourceId).toMatch(/^(pending|denied)\/request-\d+\/$/);
    harness.reset();
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    expect(existing.tags).toEqual({ team: 'old' });
    expect(harness.operations).not.toContain('DeleteRoom');
  });

  // With the latency of 1500 ms, the adoption marks the room after the Delete was requested.
  test.each([
    [0, 20], [30, 20], [50, 20], [70, 20], [90, 20], [110, 20], [1700, 1500],
  ])('after a cancellation at %d ms leaves the room unchanged (latency %d ms)', async (after, latency) => {
    const { harness, existing, properties } = await withExisting(ROOM, undefined, { latency });
    harness.status = 'CREATE_IN_PROGRESS';
    harness.start(harness.event({ ResourceProperties: properties }));
    harness.clock.setTimeout(() => {
      harness.status = 'DELETE_IN_PROGRESS';
      harness.start(
        harness.event({ RequestType: 'Delete', PhysicalResourceId: INVENTED, ResourceProperties: properties }),
      );
    }, after);
    await harness.clock.run();
    expect(
      harness.answers.find(({ PhysicalResourceId }) => PhysicalResourceId === INVENTED),
    ).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.service.resources.has(existing.arn)).toBe(true);
    expect(existing.tags).toEqual({ team: 'old' });
  });

  test('because CloudFormation no longer waits for it changes nothing', async () => {
    const { harness, existing, properties } = await withExisting();
    harness.status = 'DELETE_COMPLETE';
    const event = harness.event({ ResourceProperties: properties });
    await harness.wait(3);
    harness.status = 'DELETE_COMPLETE';
    expect((await harness.deliver(event)).Reason).toBe(
      'CloudFormation does not wait for this request any more '
      + '(the resource is DELETE_COMPLETE); nothing more was changed',
    );
    expect(harness.chatOperations).toEqual([]);
    expect(existing.tags).toEqual({ team: 'old' });
  });

  test.each([
    ['does not exist', ARN, /does not exist any more/],
    ['is in another Region', ARN.replace(
      'us-west-2', 'eu-west-1',
    ), /^ExistingArn must be the ARN of a room of this account in us-west-2, got arn:aws:ivschat:eu-west-1:/],
    ['is in another account', ARN.replace(
      '123456789012', '999999999999',
    ), /^ExistingArn must be the ARN of a room of this account in us-west-2, got /],
  ])('because the room %s has that reason, and its delete succeeds', async (_, ExistingArn, reason) => {
    const { harness } = await withExisting();
    const answer = await harness.create({ ExistingArn });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(reason);
    const before = harness.chatOperations.length;
    expect((await harness.delete({ ExistingArn })).Status).toBe('SUCCESS');
    expect(harness.chatOperations.slice(before)).toEqual(ExistingArn === ARN ? ['GetRoom', 'GetRoom'] : []);
    expect(harness.operations.filter((operation) => /^(Update|Delete|Tag|Untag|Create)/.test(operation))).toEqual([]);
  });

  test('names the Region of the template, not the Region of the function', async () => {
    const { harness } = await withExisting();
    const { Reason } = await harness.create({ ExistingArn: ARN, Region: 'eu-west-1' });
    expect(Reason).toBe(`ExistingArn must be the ARN of a room of this account in eu-west-1, got ${ARN}`);
  });

  test('because IAM denies the first read is cleaned up without that permission', async () => {
    const { harness, existing, properties } = await withExisting(ROOM, undefined, { denied: 'ivschat:GetRoom' });
    expect(await harness.create(properties)).toMatchObject({
      Status: 'FAILED', PhysicalResourceId: 'denied/request-1/', Reason: expect.stringContaining('Get room failed'),
    });
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    expect(existing.tags).toEqual({ team: 'old' });
  });

  test.each([
    'TagResource', 'UpdateRoom',
  ])('does not repeat %s after CloudFormation has stopped waiting', async (operation) => {
    const { harness, existing, properties } = await withExisting();
    harness.intercept = (call) => {
      if (call.operation !== operation) return undefined;
      harness.clock.setTimeout(() => {
        if (harness.status === 'CREATE_IN_PROGRESS') harness.status = 'CREATE_FAILED';
      }, 1500);
      return '429';
    };
    const answer = await harness.create({ ...properties, MaximumMessageLength: '7' });
    expect(answer.Reason).toContain('CloudFormation does not wait for this request any more');
    const [first, ...later] = harness.calls.filter((call) => call.operation === operation).map(({ time }) => time);
    for (const time of later) expect(time - first!).toBeLessThan(5000);
    expect(existing.maximumMessageLength).toBe(9);
  });

  test.each([
    ['an empty owner', ''],
    ['an owner in a stack with a longer ID', `${STACK_UUID}0/Room`],
  ])('because the room has %s names this owner', async (_, value) => {
    const { harness, existing, properties } = await withExisting(ROOM, { [ownerTag]: value });
    const { Reason } = await harness.create(properties);
    expect(Reason).toContain(`${existing.arn} belongs to another stack or to another resource of this stack: `
      + `its tag cdk-ivs-chat:owner is ${JSON.stringify(value)}. `);
    expect(existing.tags).toEqual({ [ownerTag]: value });
  });

  test('at its release names the call', async () => {
    const { harness, properties } = await withExisting();
    await harness.create(properties);
    await harness.wait(3600);
    harness.intercept = (call) => (
      call.operation === 'UntagResource' ? fault('ValidationException', 400, 'no') : undefined
    );
    const answer = await harness.delete(properties);
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(
        /^UntagResource failed: ValidationException: no/,
      ),
    });
    expect(harness.service.rooms).toHaveLength(1);
  });
});

describe('The release of a room', () => {
  const adopt = async (seconds: number, prepare?: (harness: Harness) => void) => {
    const { harness, existing, properties } = await withExisting();
    prepare?.(harness);
    expect((await harness.create({ ...properties, MaximumMessageLength: '9' })).Status).toBe('SUCCESS');
    await harness.wait(seconds);
    return { harness, existing, properties };
  };
  const later = (harness: Harness, seconds: number) => new Date(harness.clock.now() + seconds * 1000).toISOString();

  test('does not wait an hour after the last change', async () => {
    const { harness, properties } = await adopt(3600);
    await harness.delete(properties);
    expect(harness.milliseconds).toBeLessThan(500);
  });

  test.each([
    ['83 seconds after the mark of the adoption', 30, undefined],
    ['83 seconds after the mark if IAM has refused the adoption at first', 30, 200],
  ])('waits until %s', async (_, seconds, refused) => {
    const { harness, properties } = await adopt(seconds, (of) => {
      const end = of.clock.now() + (refused ?? 0) * 1000;
      of.intercept = ({ operation }) => (
        operation === 'TagResource' && of.clock.now() < end ? fault('AccessDeniedException', 403) : undefined);
    });
    await harness.delete(properties);
    expect(harness.milliseconds / 1000).toBeGreaterThan(51);
    expect(harness.milliseconds / 1000).toBeLessThan(53);
  });

  test.each([
    ['an edit by hand', 0], ['an edit by hand, with a clock of the service that is an hour ahead', 3600],
  ])('waits until 83 seconds after %s', async (_, ahead) => {
    const { harness, existing, properties } = await adopt(3600);
    harness.service.meddle(existing.arn, { updateTime: later(harness, ahead) });
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    expect(Math.round(harness.milliseconds / 1000)).toBe(83);
  });

  test('does not wait for an hour after the last change if the mark of the adoption was removed', async () => {
    const { harness, existing, properties } = await adopt(3600);
    const { tags: { [updatedBy]: _, ...tags }, updateTime } = harness.service.rooms[0]!;
    harness.service.meddle(existing.arn, { tags, updateTime });
    await harness.delete(properties);
    expect(harness.milliseconds).toBeLessThan(500);
    expect(ownershipTagsOf(harness.service.rooms[0]!.tags)).toEqual([]);
  });

  test('waits after a failed adoption until no write of the create can take effect any more', async () => {
    const { harness, properties } = await withExisting();
    harness.intercept = ({ operation }) => (operation === 'UpdateRoom' ? fault('ValidationException', 400) : undefined);
    expect((await harness.create({ ...properties, MaximumMessageLength: '7' })).Status).toBe('FAILED');
    await harness.wait(3600);
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    expect(Math.round(harness.milliseconds / 1000)).toBe(63);
  });

  test('names the step during which the time runs out', async () => {
    const { harness, properties } = await adopt(0);
    harness.status = 'DELETE_IN_PROGRESS';
    const { Reason } = await harness.deliver(harness.event({
      RequestType: 'Delete', PhysicalResourceId: harness.recorded, ResourceProperties: properties,
    }), 80);
    expect(Reason).toContain('the time ran out during this step: '
      + 'Waiting until no change of the last update can take effect any more.');
  });
});

describe.each(resourceTypes)('A %s that moves to another construct of the stack', (_, type) => {
  const ofFormer = (harness: Harness) => owner(harness.event({ LogicalResourceId: 'Former', RequestId: '-' }));

  const moving = async (status: string | undefined, more: object = {}) => {
    const harness = new Harness({ ...type.options, ...more });
    harness.recordOf('Former').recorded = undefined;
    harness.setStatus('Former', 'CREATE_IN_PROGRESS');
    const { PhysicalResourceId } = await harness.deliver(harness.event({ LogicalResourceId: 'Former' }));
    expect(harness.recordOf('Former').status).toBe('CREATE_COMPLETE');
    await harness.wait(3600);
    if (status) harness.setStatus('Former', status);
    harness.reset();
    return { harness, arn: PhysicalResourceId, properties: { ExistingArn: PhysicalResourceId } };
  };

  test('is adopted after the former construct has left it in place under the policy Retain', async () => {
    const { harness, arn, properties } = await moving('DELETE_SKIPPED');
    expect(await harness.create(properties)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(harness.owned).toMatchObject([{ tags: { [ownerTag]: owner(harness.event()) } }]);
    expect(harness.operations.filter((operation) => operation === 'ListStackResources')).toHaveLength(1);
  });

  test('is adopted although a list that shows the former construct arrives late', async () => {
    const { harness, arn, properties } = await moving('CREATE_COMPLETE');
    harness.intercept = async ({ operation }, ordinary) => {
      const reply = ordinary();
      if (operation === 'ListStackResources') await harness.clock.sleep(3900);
      return reply;
    };
    harness.clock.setTimeout(() => harness.setStatus('Former', 'DELETE_SKIPPED'), 20_000);
    expect(await harness.create(properties)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
  });

  test('names the former construct if the time runs out before the list is recent enough', async () => {
    const { harness, arn, properties } = await moving('CREATE_COMPLETE');
    harness.status = 'CREATE_IN_PROGRESS';
    const { Reason } = await harness.deliver(harness.event({ ResourceProperties: properties }), 15);
    expect(Reason).toContain('the time ran out during this step: Waiting until CloudFormation shows that the resource '
      + `Former does not have ${arn} any more.`);
  });

  test('is adopted although the resources of the stack still include the former construct for a while', async () => {
    let lists = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const { harness, arn, properties } = await moving(undefined, { stackLag: 14_000, seed });
      harness.setStatus('Former', 'DELETE_SKIPPED');
      expect(await harness.create(properties)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
      lists += harness.operations.filter((operation) => operation === 'ListStackResources').length;
    }
    expect(lists).toBeGreaterThan(8);
  });

  test.each([
    ['CREATE_COMPLETE'], ['UPDATE_COMPLETE'], ['DELETE_FAILED'],
  ])('is refused while the former construct has it (%s), and the reason explains how to move it', async (status) => {
    const { harness, arn, properties } = await moving(status);
    const answer = await harness.create(properties);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toBe(`${arn} belongs to the resource Former of this stack. To move it to another construct, `
      + 'give its present construct the removal policy RETAIN and deploy, '
      + 'remove that construct and deploy, and then adopt the resource');
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    expect(harness.owned).toMatchObject([{ arn, tags: { [ownerTag]: ofFormer(harness) } }]);
    expect(harness.operations.filter((operation) => /^(Update|Delete|Tag|Untag)/.test(operation))).toEqual([]);
  });

  test('loses all tags of the library at its release, including created-by', async () => {
    const { harness, properties } = await moving('DELETE_SKIPPED');
    await harness.create(properties);
    await harness.wait(3600);
    expect((await harness.delete(properties)).Status).toBe('SUCCESS');
    const [released] = [...harness.service.resources.values()];
    expect(released!.tags).toEqual({});
  });

  test('is not deleted by the delete of a successor of the former construct', async () => {
    const { harness, arn, properties } = await moving('DELETE_SKIPPED');
    await harness.create(properties);
    await harness.wait(100);
    harness.recordOf('Former').recorded = undefined;
    harness.setStatus('Former', 'CREATE_IN_PROGRESS');
    const successor = await harness.deliver(harness.event({ LogicalResourceId: 'Former' }));
    expect(successor.Status).toBe('SUCCESS');
    await harness.wait(100);
    harness.setStatus('Former', 'DELETE_IN_PROGRESS');
    const deleted = await harness.deliver(harness.event({
      RequestType: 'Delete',
      LogicalResourceId: 'Former',
      PhysicalResourceId: successor.PhysicalResourceId,
    }));
    expect(deleted.Status).toBe('SUCCESS');
    expect(harness.owned.map((resource) => resource.arn)).toEqual([arn]);
  });
});
