import { Harness } from './world/harness';
import type { Reply } from './world/ivs-chat';
import { stackResource } from './world/transport';
import type { StackResource } from '../../../lambda/custom-resource/cloudformation';
import type { Effects } from '../../../lambda/custom-resource/effects';
import { Invocation } from '../../../lambda/custom-resource/invocation';
import { ManagedResource } from '../../../lambda/custom-resource/managed-resource';
import { checkAwaited, judge } from '../../../lambda/custom-resource/request-status';
import { room } from '../../../lambda/custom-resource/room';
import { timingOf } from '../../../lambda/custom-resource/timing';

const ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl';
const PENDING = 'pending/request-1/lobby';

describe('the verdict on a request', () => {
  const requestTime = Date.UTC(2026, 0, 5, 12);
  type Verdict = ReturnType<typeof judge>;

  /** Returns the verdict. `since` and the time of the read are in milliseconds after the time of the request. */
  function verdict(
    request: 'Create' | 'Update' | 'Update of a failed create', answer: StackResource, askedAfter: number,
    settlingTime = 3000,
  ): Verdict {
    const effects = { settlingTime, now: () => requestTime, region: 'us-west-2' } as Effects;
    const event = new Harness().event({
      RequestType: request === 'Create' ? 'Create' : 'Update',
      PhysicalResourceId: { 'Create': undefined, 'Update': ARN, 'Update of a failed create': PENDING }[request],
      ResponseURL: 'https://s3.amazonaws.com/?X-Amz-Date=20260105T120000Z',
    });
    const resource = new ManagedResource(new Invocation(effects, requestTime + 600_000), room, event);
    const since = answer.since === undefined ? undefined : requestTime + answer.since;
    return judge(resource, { ...answer, since }, requestTime + askedAfter, timingOf(effects));
  }

  /** The latest time at which a view can be older than the request. */
  const OLD = 20_000;
  const NEW = 20_001;
  const LONG_BEFORE = -3_600_000;

  type Row = [status: string, since: number | undefined, askedAfter: number, expected: Verdict, physicalId?: string];
  const title = 'is for %s since %p ms, asked for after %p ms: %s (physical id %p)';

  describe('of a create', () => {
    test.each<Row>([
      // The request is in progress.
      ['CREATE_IN_PROGRESS', 0, 0, 'awaited'],
      ['CREATE_IN_PROGRESS', 5000, 5000, 'awaited'],
      ['CREATE_IN_PROGRESS', -5000, 0, 'awaited'],
      ['CREATE_IN_PROGRESS', 0, 3_600_000, 'awaited'],
      // The retry of a failed create.
      ['UPDATE_IN_PROGRESS', 0, 0, 'awaited'],
      ['UPDATE_IN_PROGRESS', 0, 0, 'awaited', PENDING],
      ['UPDATE_IN_PROGRESS', 0, 0, 'awaited', 'nothing/request-1'],
      ['UPDATE_IN_PROGRESS', 0, 0, 'awaited', ARN.replace('123456789012', '999999999999')],
      // An update of the resource that was created.
      ['UPDATE_IN_PROGRESS', 0, 0, 'unknown', ARN],
      ['UPDATE_IN_PROGRESS', 999, OLD, 'unknown', ARN],
      ['UPDATE_IN_PROGRESS', 0, NEW, 'ended', ARN],
      ['UPDATE_IN_PROGRESS', 1000, 0, 'ended', ARN],
      // In progress since long before the request: an earlier one, unless the view cannot be that old.
      ['CREATE_IN_PROGRESS', -5001, 0, 'unknown'],
      ['CREATE_IN_PROGRESS', LONG_BEFORE, OLD, 'unknown'],
      ['CREATE_IN_PROGRESS', LONG_BEFORE, NEW, 'awaited'],
      ['CREATE_IN_PROGRESS', undefined, OLD, 'unknown'],
      ['CREATE_IN_PROGRESS', undefined, NEW, 'awaited'],
      ['UPDATE_IN_PROGRESS', LONG_BEFORE, OLD, 'unknown', PENDING],
      ['UPDATE_IN_PROGRESS', LONG_BEFORE, NEW, 'awaited', PENDING],
      // A later request.
      ['CREATE_IN_PROGRESS', 5001, 5001, 'ended'],
      ['UPDATE_IN_PROGRESS', 5001, NEW, 'ended', PENDING],
      // Not in progress.
      ['CREATE_COMPLETE', 1000, 1000, 'ended', ARN],
      ['CREATE_COMPLETE', 999, OLD, 'unknown', ARN],
      ['CREATE_COMPLETE', 0, NEW, 'ended', ARN],
      ['CREATE_COMPLETE', -1, NEW, 'unknown', ARN],
      ['CREATE_FAILED', 1000, 1000, 'ended', PENDING],
      ['CREATE_FAILED', LONG_BEFORE, NEW, 'unknown', PENDING],
      ['DELETE_IN_PROGRESS', 1000, 1000, 'ended'],
      ['DELETE_COMPLETE', 1000, 1000, 'ended'],
      ['DELETE_COMPLETE', undefined, NEW, 'unknown'],
      ['ROLLBACK_IN_PROGRESS', 1000, 1000, 'ended'],
      // There is no such resource.
      ['NOT_FOUND', undefined, OLD, 'unknown'],
      ['NOT_FOUND', undefined, NEW, 'ended'],
    ])(title, (...[status, since, askedAfter, expected, physicalResourceId]: Row) => {
      expect(verdict('Create', { status, since, physicalResourceId }, askedAfter)).toBe(expected);
    });
  });

  describe('of an update', () => {
    test.each<Row>([
      // The request is in progress.
      ['UPDATE_IN_PROGRESS', 0, 0, 'awaited', ARN],
      ['UPDATE_IN_PROGRESS', -5000, 0, 'awaited', ARN],
      ['UPDATE_IN_PROGRESS', 5000, 5000, 'awaited', ARN],
      ['UPDATE_IN_PROGRESS', 0, 3_600_000, 'awaited', ARN],
      // In progress since long before the request.
      ['UPDATE_IN_PROGRESS', -5001, OLD, 'unknown', ARN],
      ['UPDATE_IN_PROGRESS', LONG_BEFORE, OLD, 'unknown', ARN],
      ['UPDATE_IN_PROGRESS', LONG_BEFORE, NEW, 'awaited', ARN],
      ['UPDATE_IN_PROGRESS', undefined, NEW, 'awaited', ARN],
      // A later request, such as the rollback.
      ['UPDATE_IN_PROGRESS', 5001, 5001, 'ended', ARN],
      // The status before the request, and the one after it.
      ['CREATE_COMPLETE', -1000, 0, 'unknown', ARN],
      ['CREATE_COMPLETE', LONG_BEFORE, NEW, 'unknown', ARN],
      ['UPDATE_COMPLETE', 999, 1000, 'unknown', ARN],
      ['UPDATE_COMPLETE', 1000, 1000, 'ended', ARN],
      ['UPDATE_FAILED', 1000, 1000, 'ended', ARN],
      ['DELETE_IN_PROGRESS', 1000, 1000, 'ended', ARN],
      // An update of an ARN is never the retry of a create.
      ['CREATE_IN_PROGRESS', 0, OLD, 'unknown', ARN],
      ['CREATE_IN_PROGRESS', 0, NEW, 'ended', ARN],
      ['CREATE_IN_PROGRESS', 1000, 1000, 'ended', ARN],
      // There is no such resource.
      ['NOT_FOUND', undefined, OLD, 'unknown'],
      ['NOT_FOUND', undefined, NEW, 'ended'],
    ])(title, (...[status, since, askedAfter, expected, physicalResourceId]: Row) => {
      expect(verdict('Update', { status, since, physicalResourceId }, askedAfter)).toBe(expected);
    });
  });

  describe('of an update that retries a failed create', () => {
    test.each<Row>([
      ['UPDATE_IN_PROGRESS', 0, 0, 'awaited', PENDING],
      ['CREATE_IN_PROGRESS', 0, 0, 'awaited', PENDING],
      ['UPDATE_IN_PROGRESS', 1000, 1000, 'ended', ARN],
      ['CREATE_FAILED', -1000, 0, 'unknown', PENDING],
      ['UPDATE_FAILED', 1000, 1000, 'ended', PENDING],
    ])(title, (...[status, since, askedAfter, expected, physicalResourceId]: Row) => {
      expect(verdict('Update of a failed create', { status, since, physicalResourceId }, askedAfter)).toBe(expected);
    });
  });

  test('needs no margin for old views with the settling time 0', () => {
    expect(verdict('Update', { status: 'UPDATE_COMPLETE', since: 0 }, 0, 0)).toBe('ended');
    expect(verdict('Update', { status: 'UPDATE_COMPLETE', since: -1 }, 0, 0)).toBe('unknown');
    expect(verdict('Create', { status: 'NOT_FOUND' }, 5000, 0)).toBe('unknown');
    expect(verdict('Create', { status: 'NOT_FOUND' }, 5001, 0)).toBe('ended');
  });
});

/** A request that is delivered to a room that was created an hour ago, at the beginning of a second. */
async function delivered(type: 'Create' | 'Update', answer: (asked: number) => Reply, age = 0) {
  const harness = new Harness();
  await harness.create();
  const next = Math.ceil(harness.clock.now() / 1000) * 1000 + 3_600_000;
  await harness.wait((next - harness.clock.now()) / 1000);

  const requestTime = harness.clock.now();
  const event = harness.event(type === 'Create' ? {} : {
    RequestType: 'Update',
    PhysicalResourceId: harness.recorded,
    ResourceProperties: { MaximumMessageLength: '7' },
    OldResourceProperties: harness.event({ RequestId: '-' }).ResourceProperties,
  });
  await harness.wait(age / 1000);
  harness.reset();
  harness.status = `${type.toUpperCase()}_IN_PROGRESS`;
  let asked = 0;
  harness.intercept = ({ operation }) => (
    operation === 'DescribeStackResource' ? answer(++asked) : undefined);
  const outcome = await harness.deliver(event);
  const describes = harness.calls.filter(({ operation }) => operation === 'DescribeStackResource');
  const asks = describes.map(({ time }) => time - requestTime);
  const writes = harness.operations.filter((operation) => /^(Create|Update|Tag|Untag|Delete)/.test(operation));
  return { answer: outcome, asks, writes, harness, requestTime };
}

describe('a request', () => {
  const requestTime = Date.UTC(2026, 0, 5, 13, 0, 1);

  test.each([
    ['Create', 'CREATE_COMPLETE'], ['Create', 'CREATE_FAILED'], ['Create', 'DELETE_IN_PROGRESS'],
    ['Update', 'UPDATE_COMPLETE'], ['Update', 'UPDATE_FAILED'], ['Update', 'DELETE_IN_PROGRESS'],
    ['Update', 'CREATE_IN_PROGRESS'],
  ] as const)('%s changes nothing when the resource is %s', async (type, status) => {
    const run = await delivered(type, () => stackResource(status, ARN, requestTime + 1000), 1000);
    expect(run.requestTime).toBe(requestTime);
    expect(run.writes).toEqual([]);
    expect(run.answer).toMatchObject({
      Status: 'FAILED',
      Reason: `CloudFormation does not wait for this request any more (the resource is ${status}); `
        + 'nothing more was changed',
    });
    expect(run.asks).toHaveLength(1);
  });

  test('waits until CloudFormation shows it, and is then carried out', async () => {
    const { answer, asks, writes } = await delivered('Update', (asked) => (asked < 5
      ? stackResource('CREATE_COMPLETE', ARN, requestTime - 1000)
      : stackResource('UPDATE_IN_PROGRESS', ARN, requestTime)));
    expect(answer.Status).toBe('SUCCESS');
    expect(writes).toEqual(['UpdateRoom']);
    for (let index = 1; index < 5; index++) {
      expect(asks[index]! - asks[index - 1]!).toBeGreaterThanOrEqual(2000);
      expect(asks[index]! - asks[index - 1]!).toBeLessThan(2100);
    }
  });

  test.each(['Create', 'Update'] as const)('%s changes nothing if CloudFormation never shows it', async (type) => {
    const { answer, asks, writes } =
      await delivered(type, () => stackResource('DELETE_COMPLETE', ARN, requestTime - 1000));
    expect(writes).toEqual([]);
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: 'the time ran out during this step: Waiting until CloudFormation shows this request '
        + '(the resource is DELETE_COMPLETE). Deploy again. '
        + 'If this happens again, read the log of the provider function.',
    });
    expect(asks.at(-1)).toBeGreaterThan(590_000);
  });

  test('of a resource that does not exist ends as soon as the view cannot be older than the request', async () => {
    const { answer, asks, writes } = await delivered('Update', () => (
      { status: 400, body: '<ErrorResponse><Error><Code>ValidationError</Code></Error></ErrorResponse>' }));
    expect(answer.Reason).toContain('(the resource is NOT_FOUND)');
    expect(writes).toEqual([]);
    expect(asks.at(-1)).toBeGreaterThan(20_000);
    expect(asks.at(-2)).toBeLessThanOrEqual(20_000);
  });

  test('that was canceled during its create removes the room that it has created', async () => {
    const harness = new Harness();
    harness.intercept = ({ operation }) => {
      if (operation === 'GetRoom') harness.status = 'DELETE_IN_PROGRESS';
      return undefined;
    };
    await harness.wait(1);
    harness.status = 'CREATE_IN_PROGRESS';
    const event = harness.event();
    await harness.wait(2);
    const answer = await harness.deliver(event);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pending/request-1/lobby' });
    expect(harness.operations).toContain('CreateRoom');
    expect(harness.service.rooms).toEqual([]);
  });

  test('is looked up again when the last status is more than five seconds old', async () => {
    const harness = new Harness();
    await harness.create();
    await harness.wait(3600);
    harness.reset();
    let refusals = 0;
    harness.intercept = ({ operation }) => (operation === 'UpdateRoom' && ++refusals <= 4 ? '429' : undefined);
    expect((await harness.update({ MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
    const writes = harness.calls.filter(({ operation }) => operation === 'UpdateRoom');
    const asks = harness.calls.filter(({ operation }) => operation === 'DescribeStackResource');
    expect(writes).toHaveLength(5);
    for (const write of writes) {
      expect(asks.some(({ time }) => write.time - time >= 0 && write.time - time < 5000)).toBe(true);
    }
    expect(asks.length).toBeGreaterThan(1);
  });
});

test('a status is as old as its question, also if the answer takes long', async () => {
  const requestTime = Date.UTC(2026, 0, 5, 12);
  const answers: StackResource[] = [{ status: 'NOT_FOUND' }, { status: 'CREATE_IN_PROGRESS', since: requestTime }];
  let now = requestTime;
  const effects = {
    settlingTime: 3000,
    region: 'us-west-2',
    now: () => now,
    log: () => {},
    random: () => 0,
    sleep: (milliseconds: number) => new Promise<void>((resolve) => {
      if (milliseconds >= 100_000) return; // the deadline of the invocation
      now += milliseconds;
      resolve();
    }),
    cloudFormation: {
      describeStackResource: async () => {
        now += 30_000;
        return answers.shift()!;
      },
    },
  } as unknown as Effects;
  const event = new Harness().event({ ResponseURL: 'https://s3.amazonaws.com/?X-Amz-Date=20260105T120000Z' });
  const resource = new ManagedResource(new Invocation(effects, requestTime + 600_000), room, event);
  expect(await checkAwaited(resource)).toBe(requestTime);

  answers.push({ status: 'CREATE_IN_PROGRESS' });
  expect(await checkAwaited(resource)).toBe(0);
});

describe('the retry of a failed create', () => {
  test.each([
    ['a Create', 'CREATE_IN_PROGRESS'], ['a Create', 'UPDATE_IN_PROGRESS'],
    ['an Update', 'CREATE_IN_PROGRESS'], ['an Update', 'UPDATE_IN_PROGRESS'],
  ])('creates the room when it comes as %s and is shown as %s', async (type, status) => {
    const harness = new Harness();
    harness.recorded = 'pending/request-0/lobby';
    await harness.wait(3600);
    harness.status = status;
    const answer = await harness.deliver(harness.event(type === 'a Create' ? {} : {
      RequestType: 'Update', PhysicalResourceId: harness.recorded,
    }));
    expect(answer.Status).toBe('SUCCESS');
    expect(harness.owned.map(({ arn }) => arn)).toEqual([answer.PhysicalResourceId]);
  });
});

test('an error of DescribeStackResource that cannot pass is reported, and nothing is created', async () => {
  const harness = new Harness();
  harness.intercept = ({ operation }) => (operation === 'DescribeStackResource' ? {
    status: 400,
    body: '<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>No such token</Message></Error>'
      + '</ErrorResponse>',
  } : undefined);
  const answer = await harness.create();
  expect(answer.Reason).toBe('DescribeStackResource failed: InvalidClientTokenId: No such token');
  expect(harness.chatOperations).toEqual([]);
});
