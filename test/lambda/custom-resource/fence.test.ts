import { Harness } from './world/harness';
import { stackResource } from './world/transport';

/** Requests say when they were made in whole seconds. */
async function wholeSecond(harness: Harness, after: number): Promise<void> {
  harness.clock.setTimeout(() => {}, Math.ceil(harness.clock.now() / 1000) * 1000 + after - harness.clock.now());
  await harness.clock.run();
}

/** A create or update that is delivered when CloudFormation's view is as told. */
async function delivered(type: 'Create' | 'Update', { age = 0, ...described }: { age?: number; status: string | ((asked: number) => string); since?: number; recorded?: string }) {
  const harness = new Harness();
  await harness.create();
  const arn = harness.recorded!;
  await wholeSecond(harness, 3_600_000);
  const event = harness.event(type === 'Create' ? {} : { RequestType: 'Update', PhysicalResourceId: arn, ResourceProperties: { MaximumMessageLength: '7' } });
  const born = harness.clock.now();
  await harness.wait(age / 1000);
  harness.reset();
  harness.status = type === 'Create' ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS';
  let asked = 0;
  harness.intercept = ({ operation }) => {
    if (operation !== 'DescribeStackResource') return undefined;
    const { status, since, recorded } = described;
    return stackResource(typeof status === 'string' ? status : status(++asked), recorded, since === undefined ? undefined : born + since);
  };
  const answer = await harness.deliver(event);
  const asks = harness.calls.filter(({ operation }) => operation === 'DescribeStackResource').map(({ time }) => time - born);
  const did = harness.operations.some((operation) => operation === 'CreateRoom' || operation === 'UpdateRoom');
  return { answer, asks, did, arn, harness };
}

describe('a request is carried out while CloudFormation waits for it', () => {
  test.each([
    ['Create', 'CREATE_IN_PROGRESS', true], ['Create', 'CREATE_COMPLETE', false], ['Create', 'CREATE_FAILED', false], ['Create', 'DELETE_IN_PROGRESS', false],
    ['Create', 'UPDATE_IN_PROGRESS', false], ['Create', 'ROLLBACK_IN_PROGRESS', false], ['Create', 'NOT_THERE', false],
    ['Update', 'UPDATE_IN_PROGRESS', true], ['Update', 'UPDATE_ROLLBACK_IN_PROGRESS', true], ['Update', 'IMPORT_IN_PROGRESS', true],
    ['Update', 'UPDATE_COMPLETE', false], ['Update', 'UPDATE_FAILED', false], ['Update', 'CREATE_IN_PROGRESS', false], ['Update', 'CREATE_COMPLETE', false],
    ['Update', 'DELETE_IN_PROGRESS', false], ['Update', 'DELETE_COMPLETE', false],
  ] as const)('%s, %s: %p', async (type, status, wanted) => {
    const { answer, did } = await delivered(type, { status });
    expect(did).toBe(wanted);
    expect(answer.Status).toBe(wanted ? 'SUCCESS' : 'FAILED');
    if (!wanted) expect(answer.Reason).toBe(`CloudFormation no longer waits for this request (it is ${status}); nothing was ${type === 'Create' ? 'created' : 'updated'}`);
  });

  test('whose view may be older than the request: it is asked every two seconds until it can\'t be', async () => {
    const late = await delivered('Update', { status: (asked) => (asked < 5 ? 'CREATE_COMPLETE' : 'UPDATE_IN_PROGRESS') });
    expect(late.did).toBe(true);
    const never = await delivered('Update', { status: 'CREATE_COMPLETE' });
    expect(never.did).toBe(false);
    expect(never.asks.at(-1)).toBeGreaterThan(15_000);
    expect(never.asks.at(-2)).toBeLessThanOrEqual(15_000);
    for (let index = 1; index < never.asks.length; index++) {
      expect(never.asks[index]! - never.asks[index - 1]!).toBeGreaterThanOrEqual(2000);
      expect(never.asks[index]! - never.asks[index - 1]!).toBeLessThan(2100);
    }
  });

  test.each([[15_000, 2], [16_000, 1]])('a request that is %d ms old: it is asked so many times what it does not want to hear: %d', async (age, times) => {
    const { did, asks } = await delivered('Update', { status: 'CREATE_COMPLETE', age });
    expect(did).toBe(false);
    expect(asks).toHaveLength(times);
  });

  test.each([[30_000, true], [31_000, false], [-3_600_000, true]])('the resource has been in progress since %d ms after the request was made: %p', async (since, wanted) => {
    const { answer, did, asks } = await delivered('Update', { status: 'UPDATE_IN_PROGRESS', since });
    expect(did).toBe(wanted);
    if (wanted) return;
    expect(answer.Reason).toContain('(it is UPDATE_IN_PROGRESS for a later one)');
    expect(asks).toHaveLength(1);
  });

  test.each([[660_000, true], [661_000, false]])('the request is %d ms old: %p', async (age, wanted) => {
    const { answer, did, asks } = await delivered('Update', { status: 'UPDATE_IN_PROGRESS', age });
    expect(did).toBe(wanted);
    if (wanted) return;
    expect(answer.Reason).toContain('(the request is too old)');
    expect(asks).toHaveLength(1);
  });

  test('a status that is older than eleven minutes is not held against it', async () => {
    const { did } = await delivered('Create', { status: 'CREATE_IN_PROGRESS', age: 400_000, since: -1000 });
    expect(did).toBe(true);
  });
});

test.each([[0, 'UPDATE_COMPLETE'], [700_000, 'UPDATE_IN_PROGRESS']])(
  'a create that comes again, %d ms old, is answered with what CloudFormation has recorded', async (age, status) => {
    const harness = new Harness();
    await harness.create();
    const event = harness.event();
    await harness.wait(age / 1000);
    harness.status = status;
    expect(await harness.deliver(event)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
    expect(harness.owned).toHaveLength(1);
  });

test('what CloudFormation refuses to tell is said', async () => {
  const harness = new Harness();
  harness.intercept = ({ operation }) => (operation === 'DescribeStackResource'
    ? { status: 400, body: '<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>No such token</Message></Error></ErrorResponse>' } : undefined);
  const answer = await harness.create();
  expect(answer.Reason).toBe('DescribeStackResource failed: InvalidClientTokenId: No such token');
  expect(harness.chatOperations).toEqual([]);
});

test.each([[660_000, true], [661_000, false]])('where asking is not permitted, an update is believed while it is young: %d ms, %p', async (age, believed) => {
  const harness = new Harness();
  await harness.create();
  await wholeSecond(harness, 0);
  const event = harness.event({ RequestType: 'Update', PhysicalResourceId: harness.recorded });
  await harness.wait(age / 1000);
  harness.intercept = ({ operation }) => (operation === 'DescribeStackResource'
    ? { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' } : undefined);
  expect((await harness.deliver(event)).Status).toBe(believed ? 'SUCCESS' : 'FAILED');
});
