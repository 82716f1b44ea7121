import { Harness } from './world/harness';
import type { Effects } from '../../../lambda/custom-resource/effects';
import { ASSUMPTIONS, CLOCK_TOLERANCE, timingOf } from '../../../lambda/custom-resource/timing';
import { isOwnershipTag } from '../../../src/contract/ownership-tags';

const timing = (seconds: number) => timingOf({ settlingTime: seconds * 1000 } as Effects);

test('the derived times are the sums of the assumptions', () => {
  expect(timing(3)).toEqual({
    readLag: 3000,
    statusLag: 15_000,
    checkValidity: 5000,
    permissionDelay: 240_000,
    conflictDelay: Infinity,
    createDelay: 38_000,
    drainTime: 43_000,
    endTime: 63_000,
    quietTime: 83_000,
  });
  expect(ASSUMPTIONS.readLag).toBe(3000);
});

test('a longer settling time lengthens the read lag and every time that includes it', () => {
  const [usual, longer] = [timing(3), timing(10)];
  for (const name of ['readLag', 'createDelay', 'drainTime', 'endTime', 'quietTime'] as const) {
    expect(longer[name] - usual[name]).toBe(7000);
  }
  for (const name of ['statusLag', 'checkValidity', 'permissionDelay', 'conflictDelay'] as const) {
    expect(longer[name]).toBe(usual[name]);
  }
});

test('a write that was checked just before the end of its request takes effect within the end time', () => {
  const { checkValidity, endTime, statusLag, drainTime, quietTime } = timing(3);
  expect(drainTime).toBeGreaterThanOrEqual(checkValidity + ASSUMPTIONS.writeDelay + ASSUMPTIONS.readLag);
  expect(endTime).toBeGreaterThanOrEqual(statusLag + CLOCK_TOLERANCE + drainTime);
  expect(quietTime).toBeGreaterThan(endTime);
});

test('every time is 0 with the settling time 0', () => {
  expect(new Set(Object.values(timing(0)))).toEqual(new Set([0]));
});

describe('with the settling time 0', () => {
  const harness = () => new Harness({ environment: { IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0' } });
  /** All calls of a request without any pause between them: the harness takes 20 ms for each. */
  function expectNoPause(tested: Harness): void {
    expect(tested.milliseconds).toBe(tested.calls.length * 20);
    tested.reset();
  }

  test('the whole life of a room is a sequence of calls without a pause', async () => {
    const tested = harness();
    expect((await tested.create()).Status).toBe('SUCCESS');
    expectNoPause(tested);
    expect((await tested.update({ MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
    expectNoPause(tested);
    expect((await tested.update({ Tags: { team: 'x' } }, { MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
    expectNoPause(tested);
    expect((await tested.delete({ Tags: { team: 'x' } })).Status).toBe('SUCCESS');
    expectNoPause(tested);
    expect(tested.service.rooms).toEqual([]);
  });

  test('an update of a room that was changed by hand is not delayed', async () => {
    const tested = harness();
    await tested.create();
    tested.service.meddle(tested.recorded!, { maximumMessageLength: 9 });
    tested.reset();
    expect((await tested.update({ MaximumMessageLength: '7' })).Status).toBe('SUCCESS');
    expectNoPause(tested);
  });

  test('the delete of a failed create is not delayed', async () => {
    const tested = harness();
    await tested.create();
    const physicalId = 'pending/request-1/lobby';
    tested.status = 'CREATE_FAILED';
    tested.recorded = physicalId;
    tested.reset();
    expect((await tested.delete()).Status).toBe('SUCCESS');
    expectNoPause(tested);
    expect(tested.service.rooms).toEqual([]);
  });

  test('the delete of a room that does not exist any more is not delayed', async () => {
    const tested = harness();
    await tested.create();
    tested.service.meddle(tested.recorded!);
    tested.reset();
    expect((await tested.delete()).Status).toBe('SUCCESS');
    expectNoPause(tested);
  });

  test('an adoption and a release are not delayed', async () => {
    const tested = harness();
    const { arn } = tested.service.put('room', { name: 'lobby' });
    expect((await tested.create({ ExistingArn: arn })).Status).toBe('SUCCESS');
    expectNoPause(tested);
    expect((await tested.delete({ ExistingArn: arn })).Status).toBe('SUCCESS');
    expectNoPause(tested);
    expect(Object.keys(tested.service.rooms[0]!.tags).filter(isOwnershipTag)).toEqual([]);
  });

  test.each([
    ['AccessDeniedException', 403],
    ['ConflictException', 409],
  ])('%s is not repeated', async (name, status) => {
    const tested = harness();
    await tested.create();
    tested.reset();
    tested.intercept = ({ operation }) => (
      operation === 'UpdateRoom' ? { status, body: '{}', headers: { 'x-amzn-errortype': name } } : undefined);
    expect((await tested.update({ MaximumMessageLength: '7' })).Reason).toContain(` failed: ${name}`);
    expect(tested.operations.filter((operation) => operation === 'UpdateRoom')).toHaveLength(1);
  });
});
