import { Bench } from './world/bench';
import { fault } from './world/ivs-chat';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

test('the owner tag comes before any change: IAM allows changes only to what carries it', async () => {
  const bench = new Bench();
  const old = bench.service.put('room', { name: 'theirs', tags: { left: 'x' } });
  await bench.create({ Adopt: old.arn, Tags: { team: 'live' } });
  expect(bench.chatOperations).toEqual(['GetRoom', 'TagResource', 'UpdateRoom', 'UntagResource', 'GetRoom', 'GetRoom']);
  expect(bench.calls[2]!.input).toEqual({ resourceArn: old.arn, tags: { [ownershipTags.owner]: owner(bench.event()), team: 'live' } });
});

test('what is adopted already is adopted again, as when the request comes twice', async () => {
  const bench = new Bench();
  const old = bench.service.put('room', { name: 'theirs' });
  const event = bench.event({ ResourceProperties: { Adopt: old.arn } });
  expect((await bench.deliver(event)).Status).toBe('SUCCESS');
  bench.start(event);
  await bench.clock.run();
  expect(bench.answers.map(({ Status, PhysicalResourceId }) => [Status, PhysicalResourceId])).toEqual([['SUCCESS', old.arn], ['SUCCESS', old.arn]]);
});

test('a request that nobody waits for adopts nothing', async () => {
  const bench = new Bench();
  const old = bench.service.put('room', { name: 'theirs' });
  const event = bench.event({ ResourceProperties: { Adopt: old.arn } });
  bench.status = 'DELETE_COMPLETE';
  expect((await bench.deliver(event)).Reason).toBe('CloudFormation no longer waits for this request (it is DELETE_COMPLETE); nothing was adopted');
  expect(bench.chatOperations).toEqual([]);
});

test.each([
  ['TagResource', 'TagResource failed: '], ['UpdateRoom', 'Update room failed: '], ['GetRoom', 'Get room failed: '], ['UntagResource', 'UntagResource failed: '],
])('a %s that is refused is told', async (operation, reason) => {
  const bench = new Bench();
  const old = bench.service.put('room', { name: 'theirs', tags: { left: 'x' } });
  bench.interfere = (call) => (call.operation === operation ? fault('ValidationException', 400, 'no') : undefined);
  expect((await bench.create({ Adopt: old.arn })).Reason).toBe(`${reason}ValidationException: no (request id a1b2c3)`);
});

describe('given back', () => {
  test('is the owner tag, and no other', async () => {
    const bench = new Bench();
    const old = bench.service.put('room', { name: 'theirs', tags: { team: 'x', [ownershipTags.owner]: owner(bench.event()) } });
    expect((await bench.delete({ Adopt: old.arn }, { PhysicalResourceId: 'pending/request-1' })).Status).toBe('SUCCESS');
    expect(old.tags).toEqual({ team: 'x' });
  });

  test('what the service refuses to give back is told', async () => {
    const bench = new Bench();
    const old = bench.service.put('room', { name: 'theirs', tags: { [ownershipTags.owner]: owner(bench.event()) } });
    bench.interfere = (call) => (call.operation === 'UntagResource' ? fault('ValidationException', 400, 'no') : undefined);
    expect((await bench.delete({ Adopt: old.arn }, { PhysicalResourceId: 'pending/request-1' })).Reason).toMatch(/^UntagResource failed: ValidationException: no/);
  });

  test.each([
    ['somebody else\'s', { [ownershipTags.owner]: 'somebody/else' }], ['nobody\'s', {}],
    ['created and not adopted', { [ownershipTags.owner]: owner(new Bench().event()), [ownershipTags.born]: '20260105T115900Z' }],
  ])('is nothing that is %s', async (_, tags) => {
    const bench = new Bench();
    const old = bench.service.put('room', { name: 'theirs', tags: { ...tags } });
    expect((await bench.delete({ Adopt: old.arn }, { PhysicalResourceId: 'pending/request-1' })).Status).toBe('SUCCESS');
    expect(bench.operations).not.toContain('UntagResource');
    expect(old.tags).toEqual(tags);
  });

  test.each(['not an ARN', 'arn:aws:ivschat:eu-west-1:123456789012:room/AbCdEfGhIjKl', 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl'])(
    'of %s nothing can be, and that is fine', async (arn) => {
      const bench = new Bench();
      expect((await bench.delete({ Adopt: arn }, { PhysicalResourceId: 'pending/request-1' })).Status).toBe('SUCCESS');
      expect(new Set(bench.chatOperations)).toEqual(new Set(arn.includes('us-west-2') ? ['GetRoom'] : []));
    });
});
