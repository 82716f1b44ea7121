import { Bench } from './world/bench';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};

/** What GetRoom or GetLoggingConfiguration shows, one after the other; then the truth. */
function shown(bench: Bench, ...views: (object | 'not there' | 'right')[]): void {
  bench.interfere = ({ operation }, ordinary) => {
    const view = operation.startsWith('Get') ? views.shift() : undefined;
    const reply = ordinary();
    if (view === undefined || view === 'right') return reply;
    if (view === 'not there') return { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } };
    return { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), ...view }) };
  };
}
const readsOf = (bench: Bench) => bench.calls.filter(({ operation }) => operation.startsWith('Get'));

test.each([
  ['at once', [], 2], ['after one wrong view', [{ name: 'old' }], 3], ['after one that shows nothing', ['not there'], 3],
  ['not after a right view before a wrong one', ['right', { name: 'old' }], 4], ['not after a right view before none', ['right', 'not there'], 4],
] as const)('two right views in a row: %s', async (_, views, reads) => {
  const bench = new Bench();
  await bench.create();
  bench.calm();
  shown(bench, ...views);
  expect((await bench.update({ Name: 'new' })).Status).toBe('SUCCESS');
  expect(readsOf(bench)).toHaveLength(reads);
});

test('a room is looked at about once a second, a logging configuration every two; the second right view comes at once', async () => {
  for (const [options, every] of [[{}, 1000], [LOGGING, 2000]] as const) {
    const bench = new Bench(options);
    await bench.create();
    bench.calm();
    shown(bench, ...Array.from({ length: 20 }, () => 'not there' as const));
    await bench.update({ Name: 'new' });
    const times = readsOf(bench).map(({ time }) => time);
    const pauses = times.slice(1).map((time, index) => time - times[index]!);
    expect(pauses.pop()).toBeLessThan(100);
    for (const pause of pauses) {
      expect(pause).toBeGreaterThanOrEqual(every * 0.75);
      expect(pause).toBeLessThan(every * 1.25 + 100);
    }
    expect(Math.min(...pauses)).toBeLessThan(every * 0.8); // not in step with others
    expect(Math.max(...pauses)).toBeGreaterThan(every * 1.15);
  }
});

test('what is not as asked for is named: settings, tags that are missing, and those that are too many', async () => {
  const bench = new Bench();
  await bench.create();
  const view = { name: 'old', maximumMessageLength: 9, tags: { ...bench.owned[0]!.tags, surplus: '1' } };
  shown(bench, ...Array.from({ length: 1000 }, () => view));
  expect((await bench.update({ Name: 'new', Tags: { a: '1' } })).Reason)
    .toMatch(/^the time ran out during: Waiting until the service shows name, maximumMessageLength, the tag a, the tag surplus as asked for\. Deploy again/);
  const gone = new Bench();
  await gone.create();
  shown(gone, ...Array.from({ length: 1000 }, () => 'not there' as const));
  expect((await gone.update({})).Reason).toMatch(/^the time ran out during: Waiting until the service shows it as asked for\./);
});

describe('a failed state', () => {
  test.each([[4, 'SUCCESS'], [5, 'FAILED']])('that is shown %d times in a row: %s', async (times, status) => {
    const bench = new Bench(LOGGING);
    await bench.create();
    shown(bench, ...Array.from({ length: times }, () => ({ state: 'UPDATE_FAILED' })));
    const answer = await bench.update({ Name: 'other' });
    expect(answer.Status).toBe(status);
    if (status === 'FAILED') expect(answer.Reason).toContain(`the service says of ${bench.recorded}: UPDATE_FAILED`);
  });

  test('that comes and goes is none', async () => {
    const bench = new Bench(LOGGING);
    await bench.create();
    const failed = { state: 'UPDATE_FAILED' };
    shown(bench, failed, failed, failed, failed, { state: 'UPDATING' }, failed, failed, 'not there', failed, failed, failed, failed);
    expect((await bench.update({ Name: 'other' })).Status).toBe('SUCCESS');
  });
});

test('the tags of AWS and our own are not waited for', async () => {
  const bench = new Bench();
  await bench.create();
  shown(bench, ...Array.from({ length: 2 }, () => ({ tags: { 'aws:x': '1', [ownershipTags.owner]: 'x' } })));
  bench.calls.length = 0;
  expect((await bench.update({})).Status).toBe('SUCCESS');
  expect(readsOf(bench)).toHaveLength(2);
});
