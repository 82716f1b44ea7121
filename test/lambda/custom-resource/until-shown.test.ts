import { Harness } from './world/harness';
import { fault } from './world/ivs-chat';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};

type View = object | 'missing' | 'as it is';

/** Makes GetRoom or GetLoggingConfiguration return these views one after the other, and then the current state. */
function show(harness: Harness, ...views: View[]): void {
  harness.intercept = ({ operation }, ordinary) => {
    const view = operation.startsWith('Get') ? views.shift() : undefined;
    const reply = ordinary();
    if (view === undefined || view === 'as it is') return reply;
    if (view === 'missing') return fault('ResourceNotFoundException', 404);
    return { ...reply, body: JSON.stringify({ ...JSON.parse(reply.body), ...view }) };
  };
}

const times = (count: number, view: View) => Array.from({ length: count }, () => view);
const readsOf = (harness: Harness) => harness.calls.filter(({ operation }) => operation.startsWith('Get'));

describe('a create succeeds when one read shows the desired state', () => {
  test.each<[string, View[], number]>([
    ['the first', [], 1],
    ['the one after an old name', [{ name: 'old' }], 2],
    ['the one after a read that does not find the room', ['missing'], 2],
    ['the one after a read without the tags', [{ tags: {} }], 2],
  ])('%s', async (_, views, reads) => {
    const harness = new Harness();
    show(harness, ...views);
    expect((await harness.create({ Tags: { team: '1' } })).Status).toBe('SUCCESS');
    expect(readsOf(harness)).toHaveLength(reads);
  });
});

test('an update succeeds when one read after the write shows the desired state', async () => {
  const harness = new Harness();
  await harness.create();
  await harness.wait(3600);
  harness.reset();
  show(harness, 'as it is', { name: 'old' }, 'missing', 'as it is', { name: 'old' });
  expect((await harness.update({ Name: 'new' })).Status).toBe('SUCCESS');
  expect(readsOf(harness)).toHaveLength(4);
});

test('a room is read about every second and a logging configuration about every two, with jitter', async () => {
  for (const [options, every] of [[{}, 1000], [LOGGING, 2000]] as const) {
    const harness = new Harness(options);
    show(harness, ...times(20, 'missing'));
    expect((await harness.create()).Status).toBe('SUCCESS');
    const at = readsOf(harness).map(({ time }) => time);
    const pauses = at.slice(1).map((time, index) => time - at[index]!);
    expect(pauses).toHaveLength(20);
    for (const pause of pauses) {
      expect(pause).toBeGreaterThanOrEqual(every * 0.75);
      expect(pause).toBeLessThan(every * 1.25 + 100);
    }
    expect(Math.min(...pauses)).toBeLessThan(every * 0.8);
    expect(Math.max(...pauses)).toBeGreaterThan(every * 1.15);
  }
});

describe('at the deadline, the reason', () => {
  test('names the settings and the tags that differ, but not the tags of others', async () => {
    const harness = new Harness();
    show(harness, ...times(1000, { name: 'old', maximumMessageLength: 9, tags: { theirs: '1', b: '2' } }));
    const { Status, Reason } = await harness.create({ Name: 'new', Tags: { a: '1', b: '1' } });
    expect(Status).toBe('FAILED');
    expect(Reason).toBe('the time ran out during this step: '
      + 'Waiting until Amazon IVS Chat shows name, maximumMessageLength, the tag a, the tag b '
      + `as requested (room ${harness.calls.find(({ operation }) => operation === 'GetRoom')!.input.identifier}). `
      + 'Deploy again. If this happens again, read the log of the provider function.');
  });

  test('says that the resource is not shown', async () => {
    const harness = new Harness();
    show(harness, ...times(1000, 'missing'));
    expect((await harness.create()).Reason).toMatch(
      /: Waiting until Amazon IVS Chat shows the resource as requested \(room arn:aws:\S+\)\. Deploy again\./);
  });
});

describe('a failed state', () => {
  const failed = { state: 'UPDATE_FAILED' };

  test.each([
    [4, 'SUCCESS'],
    [5, 'FAILED'],
  ])('that %d reads in a row show ends the request with %s', async (count, status) => {
    const harness = new Harness(LOGGING);
    show(harness, ...times(count, failed));
    const answer = await harness.create();
    expect(answer.Status).toBe(status);
    if (status === 'FAILED') expect(answer.Reason).toMatch(/failed: Error: the state of arn:aws:\S+ is UPDATE_FAILED$/);
  });

  test('is ignored between reads with other states', async () => {
    const harness = new Harness(LOGGING);
    show(harness, ...times(4, failed), { state: 'UPDATING' }, ...times(2, failed), 'missing', ...times(4, failed));
    expect((await harness.create()).Status).toBe('SUCCESS');
  });
});

test('a create does not wait for tags that are not in the template', async () => {
  const harness = new Harness();
  show(harness, { tags: { 'aws:x': '1', [ownershipTags.owner]: 'x', 'theirs': '1' } });
  expect((await harness.create()).Status).toBe('SUCCESS');
  expect(readsOf(harness)).toHaveLength(1);
});

describe('the delete of a logging configuration', () => {
  /** Deletes a logging configuration. The service needs this many milliseconds for it. */
  async function deleted(milliseconds: number, fails = false) {
    const harness = new Harness(LOGGING);
    await harness.create();
    await harness.wait(3600);
    harness.reset();
    harness.service.deletion = () => ({ milliseconds, fails });
    return { answer: await harness.delete(), harness };
  }

  test('succeeds when the service does not show it any more', async () => {
    const { answer, harness } = await deleted(30_000);
    expect(answer.Status).toBe('SUCCESS');
    expect(harness.milliseconds).toBeGreaterThanOrEqual(30_000);
    expect(harness.service.resources.size).toBe(0);
  });

  test('fails when five reads in a row show that it has failed', async () => {
    const { answer, harness } = await deleted(10_000, true);
    expect(answer)
      .toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('is DELETE_FAILED; delete the stack again') });
    expect(harness.milliseconds).toBeLessThan(60_000);
  });
});
