import { Bench, type BenchOptions } from './world/bench';
import { owner } from '../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../src/contract/ownership-tags';

const LOGGING: BenchOptions = {
  resourceType: 'Custom::IVSChatLoggingConfiguration',
  properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
};

async function created(options: BenchOptions = {}): Promise<Bench> {
  const bench = new Bench({ ...LOGGING, ...options });
  await bench.create();
  await bench.wait(100);
  bench.calm();
  return bench;
}

/** How many there were when the delete was answered. */
function leftAtTheAnswer(bench: Bench): () => number | undefined {
  let left: number | undefined;
  bench.interfere = ({ operation }) => {
    if (operation === 'PUT') left = bench.service.resources.size;
    return undefined;
  };
  return () => left;
}

describe('T22 the deletion that the service accepts', () => {
  test('is waited for: the stack is not told of it before it is true', async () => {
    const bench = await created();
    bench.service.deletion = () => ({ milliseconds: 9000 });
    const left = leftAtTheAnswer(bench);
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
    const reads = bench.calls.filter(({ operation }) => operation === 'GetLoggingConfiguration').map(({ time }) => time);
    for (let index = 2; index < reads.length; index++) expect(reads[index]! - reads[index - 1]!).toBeGreaterThanOrEqual(1500);
    expect(reads.length).toBeLessThan(8);
  });

  test('and can\'t carry out fails the delete, which can be tried again', async () => {
    const bench = await created({ readLag: 3000 });
    bench.service.deletion = () => ({ milliseconds: 9000, fails: true });
    const answer = await bench.delete();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: bench.recorded });
    expect(answer.Reason).toBe('Waiting until the service has deleted it failed: Error: '
      + `the service says of ${bench.recorded}: DELETE_FAILED; delete the stack again, or the logging configuration by hand`);
    expect(bench.milliseconds).toBeLessThan(40_000);
    // The old state is still shown for a while, and is not believed.
    bench.service.deletion = () => ({ milliseconds: 1000 });
    const left = leftAtTheAnswer(bench);
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
  });

  test.each([
    ['renamed by hand', { name: 'by-hand' }],
    ['adopted', { tags: { [ownershipTags.owner]: owner(new Bench().event()) } }],
  ])('of what was %s, too, though no list shows it', async (_, members) => {
    const bench = await created();
    bench.service.meddle(bench.recorded!, members);
    bench.service.deletion = () => ({ milliseconds: 5000, fails: true });
    expect((await bench.delete()).Reason).toContain('DELETE_FAILED');
    bench.service.deletion = () => ({ milliseconds: 5000 });
    const left = leftAtTheAnswer(bench);
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(left()).toBe(0);
  });

  test('of what else the resource\'s creates made, too', async () => {
    const bench = await created();
    const { tags } = bench.owned[0]!;
    const other = bench.service.put('logging-configuration', { name: 'lobby', tags: { ...tags } });
    bench.service.deletion = (arn) => ({ milliseconds: 5000, fails: arn === other.arn });
    expect((await bench.delete()).Reason).toContain(`the service says of ${other.arn}: DELETE_FAILED`);
  });

  test('takes longer than there is time: the delete fails, and the next one finds it gone', async () => {
    const bench = await created();
    bench.service.deletion = () => ({ milliseconds: 400_000 });
    expect((await bench.delete()).Reason).toMatch(/^the time ran out during: Waiting until the service has deleted it\. Deploy again/);
    expect((await bench.delete()).Status).toBe('SUCCESS');
  });

  test('of one that is another stack\'s by now is nobody\'s business', async () => {
    const bench = await created();
    bench.service.meddle(bench.recorded!, { name: 'theirs', tags: { [ownershipTags.owner]: 'somebody/else' }, state: 'DELETING' });
    expect((await bench.delete()).Status).toBe('SUCCESS');
    expect(bench.chatOperations).toEqual(['GetLoggingConfiguration', 'ListLoggingConfigurations']);
  });
});
