import { Harness } from './world/harness';
import { fault } from './world/ivs-chat';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

test('the owner tag comes before any change: IAM allows changes only to what carries it', async () => {
  const harness = new Harness();
  const old = harness.service.put('room', { name: 'theirs', tags: { left: 'x' } });
  await harness.create({ Adopt: old.arn, Tags: { team: 'live' } });
  expect(harness.chatOperations).toEqual(['GetRoom', 'TagResource', 'UpdateRoom', 'UntagResource', 'GetRoom', 'GetRoom']);
  expect(harness.calls[2]!.input).toEqual({ resourceArn: old.arn, tags: { [ownershipTags.owner]: owner(harness.event()), team: 'live' } });
});

test('what is adopted already is adopted again, as when the request comes twice', async () => {
  const harness = new Harness();
  const old = harness.service.put('room', { name: 'theirs' });
  const event = harness.event({ ResourceProperties: { Adopt: old.arn } });
  expect((await harness.deliver(event)).Status).toBe('SUCCESS');
  harness.start(event);
  await harness.clock.run();
  expect(harness.answers.map(({ Status, PhysicalResourceId }) => [Status, PhysicalResourceId])).toEqual([['SUCCESS', old.arn], ['SUCCESS', old.arn]]);
});

test('a request that nobody waits for adopts nothing', async () => {
  const harness = new Harness();
  const old = harness.service.put('room', { name: 'theirs' });
  const event = harness.event({ ResourceProperties: { Adopt: old.arn } });
  harness.status = 'DELETE_COMPLETE';
  expect((await harness.deliver(event)).Reason).toBe('CloudFormation no longer waits for this request (it is DELETE_COMPLETE); nothing was adopted');
  expect(harness.chatOperations).toEqual([]);
});

test.each([
  ['TagResource', 'TagResource failed: '], ['UpdateRoom', 'Update room failed: '], ['GetRoom', 'Get room failed: '], ['UntagResource', 'UntagResource failed: '],
])('a %s that is refused is told', async (operation, reason) => {
  const harness = new Harness();
  const old = harness.service.put('room', { name: 'theirs', tags: { left: 'x' } });
  harness.intercept = (call) => (call.operation === operation ? fault('ValidationException', 400, 'no') : undefined);
  expect((await harness.create({ Adopt: old.arn })).Reason).toBe(`${reason}ValidationException: no (request id a1b2c3)`);
});

describe('given back', () => {
  test('is the owner tag, and no other', async () => {
    const harness = new Harness();
    const old = harness.service.put('room', { name: 'theirs', tags: { team: 'x', [ownershipTags.owner]: owner(harness.event()) } });
    expect((await harness.delete({ Adopt: old.arn }, { PhysicalResourceId: 'pending/request-1' })).Status).toBe('SUCCESS');
    expect(old.tags).toEqual({ team: 'x' });
  });

  test('what the service refuses to give back is told', async () => {
    const harness = new Harness();
    const old = harness.service.put('room', { name: 'theirs', tags: { [ownershipTags.owner]: owner(harness.event()) } });
    harness.intercept = (call) => (call.operation === 'UntagResource' ? fault('ValidationException', 400, 'no') : undefined);
    expect((await harness.delete({ Adopt: old.arn }, { PhysicalResourceId: 'pending/request-1' })).Reason).toMatch(/^UntagResource failed: ValidationException: no/);
  });

  test.each([
    ['somebody else\'s', { [ownershipTags.owner]: 'somebody/else' }], ['nobody\'s', {}],
    ['created and not adopted', { [ownershipTags.owner]: owner(new Harness().event()), [ownershipTags.born]: '20260105T115900Z' }],
  ])('is nothing that is %s', async (_, tags) => {
    const harness = new Harness();
    const old = harness.service.put('room', { name: 'theirs', tags: { ...tags } });
    expect((await harness.delete({ Adopt: old.arn }, { PhysicalResourceId: 'pending/request-1' })).Status).toBe('SUCCESS');
    expect(harness.operations).not.toContain('UntagResource');
    expect(old.tags).toEqual(tags);
  });

  test.each(['not an ARN', 'arn:aws:ivschat:eu-west-1:123456789012:room/AbCdEfGhIjKl', 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl'])(
    'of %s nothing can be, and that is fine', async (arn) => {
      const harness = new Harness();
      expect((await harness.delete({ Adopt: arn }, { PhysicalResourceId: 'pending/request-1' })).Status).toBe('SUCCESS');
      expect(new Set(harness.chatOperations)).toEqual(new Set(arn.includes('us-west-2') ? ['GetRoom'] : []));
    });
});
