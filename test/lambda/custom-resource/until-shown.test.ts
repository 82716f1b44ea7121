import { Harness } from './world/harness';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};

/** What GetRoom or GetLoggingConfiguration shows, one after the other; then the truth. */
function shown(harness: Harness, ...views: (object | 'not there' | 'right')[]): void {
  harness.intercept = ({ operation }, ordinary) => {
    const view = operation.startsWith('Get') ? views.shift() : undefined;
    const reply = ordinary();
    if (view === undefined || view === 'right') return reply;
    if (view === 'not there') return { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } };
    return { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), ...view }) };
  };
}
const readsOf = (harness: Harness) => harness.calls.filter(({ operation }) => operation.startsWith('Get'));

test.each([
  ['at once', [], 2], ['after one wrong view', [{ name: 'old' }], 3], ['after one that shows nothing', ['not there'], 3],
  ['not after a right view before a wrong one', ['right', { name: 'old' }], 4], ['not after a right view before none', ['right', 'not there'], 4],
] as const)('two right views in a row: %s', async (_, views, reads) => {
  const harness = new Harness();
  await harness.create();
  harness.reset();
  shown(harness, ...views);
  expect((await harness.update({ Name: 'new' })).Status).toBe('SUCCESS');
  expect(readsOf(harness)).toHaveLength(reads);
});

test('a room is looked at about once a second, a logging configuration every two; the second right view comes at once', async () => {
  for (const [options, every] of [[{}, 1000], [LOGGING, 2000]] as const) {
    const harness = new Harness(options);
    await harness.create();
    harness.reset();
    shown(harness, ...Array.from({ length: 20 }, () => 'not there' as const));
    await harness.update({ Name: 'new' });
    const times = readsOf(harness).map(({ time }) => time);
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
  const harness = new Harness();
  await harness.create();
  const view = { name: 'old', maximumMessageLength: 9, tags: { ...harness.owned[0]!.tags, surplus: '1' } };
  shown(harness, ...Array.from({ length: 1000 }, () => view));
  expect((await harness.update({ Name: 'new', Tags: { a: '1' } })).Reason)
    .toMatch(/^the time ran out during: Waiting until the service shows name, maximumMessageLength, the tag a, the tag surplus as asked for\. Deploy again/);
  const gone = new Harness();
  await gone.create();
  shown(gone, ...Array.from({ length: 1000 }, () => 'not there' as const));
  expect((await gone.update({})).Reason).toMatch(/^the time ran out during: Waiting until the service shows it as asked for\./);
});

describe('a failed state', () => {
  test.each([[4, 'SUCCESS'], [5, 'FAILED']])('that is shown %d times in a row: %s', async (times, status) => {
    const harness = new Harness(LOGGING);
    await harness.create();
    shown(harness, ...Array.from({ length: times }, () => ({ state: 'UPDATE_FAILED' })));
    const answer = await harness.update({ Name: 'other' });
    expect(answer.Status).toBe(status);
    if (status === 'FAILED') expect(answer.Reason).toContain(`the service says of ${harness.recorded}: UPDATE_FAILED`);
  });

  test('that comes and goes is none', async () => {
    const harness = new Harness(LOGGING);
    await harness.create();
    const failed = { state: 'UPDATE_FAILED' };
    shown(harness, failed, failed, failed, failed, { state: 'UPDATING' }, failed, failed, 'not there', failed, failed, failed, failed);
    expect((await harness.update({ Name: 'other' })).Status).toBe('SUCCESS');
  });
});

test('the tags of AWS and our own are not waited for', async () => {
  const harness = new Harness();
  await harness.create();
  shown(harness, ...Array.from({ length: 2 }, () => ({ tags: { 'aws:x': '1', [ownershipTags.owner]: 'x' } })));
  harness.calls.length = 0;
  expect((await harness.update({})).Status).toBe('SUCCESS');
  expect(readsOf(harness)).toHaveLength(2);
});
