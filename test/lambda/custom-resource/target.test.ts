import { Harness } from './world/harness';
import { fault } from './world/ivs-chat';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const tagsOf = (harness: Harness, request: string, born = '20260105T120000Z') =>
  ({ [ownershipTags.owner]: owner(harness.event({ RequestId: '-' })), [ownershipTags.request]: request, [ownershipTags.born]: born });
const room = (id: string) => `arn:aws:ivschat:us-west-2:123456789012:room/${id}`;
const ids = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'] as const;

describe('of several rooms that one request made, all its deliveries choose the same', () => {
  test.each([
    ['the oldest', [0, 1], 'aaaaaaaaaaaa'], ['the oldest, however they are listed', [1, 0], 'bbbbbbbbbbbb'], ['of two at the same time one of them', [0, 0], 'aaaaaaaaaaaa'],
  ] as const)('%s', async (_, ages, chosen) => {
    for (const order of [[0, 1], [1, 0]] as const) {
      const harness = new Harness();
      for (const index of order) {
        harness.service.put('room', {
          arn: room(ids[index]!), id: ids[index]!, name: 'lobby', tags: tagsOf(harness, 'request-1'), createTime: new Date(harness.clock.now() + ages[index]! * 1000).toISOString(),
        });
      }
      expect((await harness.create()).PhysicalResourceId).toBe(room(chosen));
      expect(harness.operations).not.toContain('CreateRoom');
      expect(harness.owned).toHaveLength(2); // a later delete sweeps
    }
  });
});

test('what was adopted is not swept, though it is owned', async () => {
  const harness = new Harness();
  await harness.create();
  const { [ownershipTags.born]: _, ...adopted } = tagsOf(harness, 'request-1');
  const other = harness.service.put('room', { name: 'lobby', tags: adopted });
  await harness.wait(100);
  expect((await harness.delete()).Status).toBe('SUCCESS');
  expect(harness.owned.map(({ arn }) => arn)).toEqual([other.arn]);
});

test('what others have of the same name is neither taken nor swept', async () => {
  const harness = new Harness();
  const theirs = [
    harness.service.put('room', { name: 'lobby' }),
    harness.service.put('room', { name: 'lobby', tags: { ...tagsOf(harness, 'request-1'), [ownershipTags.owner]: 'somebody/else' } }),
  ];
  await harness.create();
  expect(theirs.map(({ arn }) => arn)).not.toContain(harness.recorded);
  await harness.wait(100);
  await harness.delete();
  expect(harness.service.rooms).toEqual(theirs);
});

test.each(['ListRooms', 'GetRoom'])('a %s that is refused for good fails the request', async (operation) => {
  const harness = new Harness();
  await harness.create();
  await harness.wait(100);
  harness.intercept = (call) => (call.operation === operation ? fault('SomethingNewException', 400) : undefined);
  expect(await harness.delete()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('SomethingNewException') });
});

test('a delete that is refused for good fails, though what it is about may be read', async () => {
  const harness = new Harness();
  await harness.create();
  await harness.wait(100);
  harness.intercept = ({ operation }) => (operation === 'DeleteRoom' ? fault('ValidationException', 400, 'no') : undefined);
  harness.calls.length = 0;
  expect((await harness.delete()).Reason).toBe('Delete room failed: ValidationException: no (request id a1b2c3)');
  expect(harness.chatOperations).toEqual(['GetRoom', 'DeleteRoom']);
});

test('a room that somebody deleted meanwhile is as good as deleted', async () => {
  const harness = new Harness();
  await harness.create();
  await harness.wait(100);
  harness.intercept = ({ operation }) => {
    if (operation === 'DeleteRoom') harness.service.meddle(harness.recorded!);
    return undefined;
  };
  expect((await harness.delete()).Status).toBe('SUCCESS');
});

test('the Region is the stack\'s, or the one that the template names', async () => {
  expect((await new Harness({ environment: { AWS_REGION: 'eu-central-1' }, region: 'eu-central-1' }).create()).PhysicalResourceId).toContain(':eu-central-1:');
  expect((await new Harness({ region: 'eu-central-1' }).create({ Region: 'eu-central-1' })).PhysicalResourceId).toContain(':eu-central-1:');
});
