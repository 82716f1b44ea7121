import { Bench } from './world/bench';
import { fault } from './world/ivs-chat';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const tagsOf = (bench: Bench, request: string, born = '20260105T120000Z') =>
  ({ [ownershipTags.owner]: owner(bench.event({ RequestId: '-' })), [ownershipTags.request]: request, [ownershipTags.born]: born });
const room = (id: string) => `arn:aws:ivschat:us-west-2:123456789012:room/${id}`;
const ids = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'] as const;

describe('of several rooms that one request made, all its deliveries choose the same', () => {
  test.each([
    ['the oldest', [0, 1], 'aaaaaaaaaaaa'], ['the oldest, however they are listed', [1, 0], 'bbbbbbbbbbbb'], ['of two at the same time one of them', [0, 0], 'aaaaaaaaaaaa'],
  ] as const)('%s', async (_, ages, chosen) => {
    for (const order of [[0, 1], [1, 0]] as const) {
      const bench = new Bench();
      for (const index of order) {
        bench.service.put('room', {
          arn: room(ids[index]!), id: ids[index]!, name: 'lobby', tags: tagsOf(bench, 'request-1'), createTime: new Date(bench.clock.now() + ages[index]! * 1000).toISOString(),
        });
      }
      expect((await bench.create()).PhysicalResourceId).toBe(room(chosen));
      expect(bench.operations).not.toContain('CreateRoom');
      expect(bench.owned).toHaveLength(2); // a later delete sweeps
    }
  });
});

test('what was adopted is not swept, though it is owned', async () => {
  const bench = new Bench();
  await bench.create();
  const { [ownershipTags.born]: _, ...adopted } = tagsOf(bench, 'request-1');
  const other = bench.service.put('room', { name: 'lobby', tags: adopted });
  await bench.wait(100);
  expect((await bench.delete()).Status).toBe('SUCCESS');
  expect(bench.owned.map(({ arn }) => arn)).toEqual([other.arn]);
});

test('what others have of the same name is neither taken nor swept', async () => {
  const bench = new Bench();
  const theirs = [
    bench.service.put('room', { name: 'lobby' }),
    bench.service.put('room', { name: 'lobby', tags: { ...tagsOf(bench, 'request-1'), [ownershipTags.owner]: 'somebody/else' } }),
  ];
  await bench.create();
  expect(theirs.map(({ arn }) => arn)).not.toContain(bench.recorded);
  await bench.wait(100);
  await bench.delete();
  expect(bench.service.rooms).toEqual(theirs);
});

test.each(['ListRooms', 'GetRoom'])('a %s that is refused for good fails the request', async (operation) => {
  const bench = new Bench();
  await bench.create();
  await bench.wait(100);
  bench.interfere = (call) => (call.operation === operation ? fault('SomethingNewException', 400) : undefined);
  expect(await bench.delete()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('SomethingNewException') });
});

test('a delete that is refused for good fails, though what it is about may be read', async () => {
  const bench = new Bench();
  await bench.create();
  await bench.wait(100);
  bench.interfere = ({ operation }) => (operation === 'DeleteRoom' ? fault('ValidationException', 400, 'no') : undefined);
  bench.calls.length = 0;
  expect((await bench.delete()).Reason).toBe('Delete room failed: ValidationException: no (request id a1b2c3)');
  expect(bench.chatOperations).toEqual(['GetRoom', 'DeleteRoom']);
});

test('a room that somebody deleted meanwhile is as good as deleted', async () => {
  const bench = new Bench();
  await bench.create();
  await bench.wait(100);
  bench.interfere = ({ operation }) => {
    if (operation === 'DeleteRoom') bench.service.meddle(bench.recorded!);
    return undefined;
  };
  expect((await bench.delete()).Status).toBe('SUCCESS');
});

test('the Region is the stack\'s, or the one that the template names', async () => {
  expect((await new Bench({ environment: { AWS_REGION: 'eu-central-1' }, region: 'eu-central-1' }).create()).PhysicalResourceId).toContain(':eu-central-1:');
  expect((await new Bench({ region: 'eu-central-1' }).create({ Region: 'eu-central-1' })).PhysicalResourceId).toContain(':eu-central-1:');
});
