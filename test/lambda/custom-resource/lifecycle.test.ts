import { Bench } from './world/bench';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const userTags = (tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.values<string>(ownershipTags).includes(key)));
const chatCalls = (bench: Bench) => bench.operations.filter((operation) => operation !== 'PUT' && operation !== 'DescribeStackResource');

describe('a room that nothing goes wrong with', () => {
  test('is created as the template says, with its owner in the create call', async () => {
    const bench = new Bench();
    const answer = await bench.create({ MaximumMessageLength: '300', MaximumMessageRatePerSecond: '50', Tags: { team: 'live' } });
    const [room] = bench.service.rooms;
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: room!.arn, Data: { Arn: room!.arn, Id: room!.id } });
    expect(room).toMatchObject({ name: 'lobby', maximumMessageLength: 300, maximumMessageRatePerSecond: 50, tags: { team: 'live' } });
    const { tags } = bench.calls.find(({ operation }) => operation === 'CreateRoom')!.input;
    expect(Object.keys(tags).sort()).toEqual([...Object.values(ownershipTags), 'team'].sort());
    expect(chatCalls(bench)).toEqual(['ListRooms', 'CreateRoom', 'GetRoom', 'GetRoom']);
  });

  test('is updated in place with the whole desired state', async () => {
    const bench = new Bench();
    const created = await bench.create({ MaximumMessageLength: '300', Tags: { team: 'live', old: '1' } });
    bench.calls.length = 0;
    const answer = await bench.update({ MaximumMessageRatePerSecond: '20', Tags: { team: 'vod' } }, { MaximumMessageLength: '300', Tags: { team: 'live', old: '1' } });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: created.PhysicalResourceId });
    const [room] = bench.service.rooms;
    expect(room).toMatchObject({ maximumMessageLength: 500, maximumMessageRatePerSecond: 20 });
    expect(userTags(room!.tags)).toEqual({ team: 'vod' });
    expect(chatCalls(bench)).toEqual(['UpdateRoom', 'TagResource', 'UntagResource', 'GetRoom', 'GetRoom']);
  });

  test('is deleted', async () => {
    const bench = new Bench();
    await bench.create();
    await bench.wait(3600);
    bench.calls.length = 0;
    expect(await bench.delete()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: bench.recorded });
    expect(bench.service.rooms).toEqual([]);
    expect(chatCalls(bench)).toEqual(['GetRoom', 'DeleteRoom', 'ListRooms']);
  });

  test('where nothing lags, nothing is waited for', async () => {
    const bench = new Bench({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
    await bench.create();
    expect(bench.milliseconds).toBeLessThan(200);
    await bench.update({ MaximumMessageLength: '7' });
    expect(bench.milliseconds).toBeLessThan(200);
    await bench.delete();
    expect(bench.milliseconds).toBeLessThan(200);
  });
});
