import { sleep, systemClock, VirtualClock } from '../../local/clock';

test('a virtual clock starts at the given time or now, and moves only by its advances', () => {
  const clock = new VirtualClock(1000);
  expect(clock.now()).toBe(1000);
  clock.advance(250);
  clock.advance(0);
  expect(clock.now()).toBe(1250);
  const before = Date.now();
  const now = new VirtualClock().now();
  expect([now >= before, now <= Date.now()]).toEqual([true, true]);
});

test('an advance runs the timers that become due, in their order, each at its time', () => {
  const clock = new VirtualClock(0);
  const ran: [string, number][] = [];
  const timer = (name: string, milliseconds: number, then?: () => void) => clock.setTimeout(() => {
    ran.push([name, clock.now()]);
    then?.();
  }, milliseconds);
  timer('third', 30);
  timer('first', 10, () => {
    timer('second', 5);
    timer('late', 21);
    clock.clearTimeout(cleared);
  });
  const cleared = timer('cleared', 20);
  timer('also third', 30);
  clock.advance(30);
  const expected = [['first', 10], ['second', 15], ['third', 30], ['also third', 30]];
  expect(ran).toEqual(expected);
  expect(clock.now()).toBe(30);
  clock.advance(100);
  expect(ran).toEqual([...expected, ['late', 31]]);
  expect(clock.now()).toBe(130);
});

test('a timer of 0 runs at the next advance, and a cleared timer leaves another one with the same function', () => {
  const clock = new VirtualClock(0);
  const run = jest.fn(() => clock.now());
  const cleared = clock.setTimeout(run, 0);
  clock.setTimeout(run, 0);
  clock.clearTimeout(cleared);
  expect(run).not.toHaveBeenCalled();
  clock.advance(0);
  expect(run).toHaveBeenCalledTimes(1);
  clock.setTimeout(run, -5);
  clock.advance(0);
  expect(run.mock.results.map(({ value }) => value as number)).toEqual([0, 0]);
});

test('a timer can advance the clock, which never goes back', () => {
  const clock = new VirtualClock(0);
  const times: number[] = [];
  clock.setTimeout(() => clock.advance(100), 10);
  clock.setTimeout(() => times.push(clock.now()), 20);
  clock.setTimeout(() => times.push(clock.now()), 70);
  clock.advance(70);
  expect([...times, clock.now()]).toEqual([20, 70, 110]);
});

test('sleep ends after its duration', async () => {
  const clock = new VirtualClock(0);
  const { signal } = new AbortController();
  const add = jest.spyOn(signal, 'addEventListener');
  const remove = jest.spyOn(signal, 'removeEventListener');
  const ended = jest.fn();
  const slept = sleep(clock, 10, signal).then(ended);
  clock.advance(9);
  await new Promise(setImmediate);
  expect(ended).not.toHaveBeenCalled();
  clock.advance(1);
  await slept;
  expect(ended).toHaveBeenCalledTimes(1);
  expect(remove).toHaveBeenCalledWith('abort', add.mock.calls[0]![1]);
  const withoutSignal = sleep(clock, 10);
  clock.advance(10);
  await withoutSignal;
});

test('sleep is rejected with the reason of an aborted signal, and leaves no timer', async () => {
  const clock = new VirtualClock(0);
  const setTimer = jest.spyOn(clock, 'setTimeout');
  const clearTimer = jest.spyOn(clock, 'clearTimeout');
  await expect(sleep(clock, 10, AbortSignal.abort('early'))).rejects.toBe('early');
  expect(setTimer).not.toHaveBeenCalled();

  const controller = new AbortController();
  const slept = sleep(clock, 10, controller.signal);
  controller.abort('closing');
  await expect(slept).rejects.toBe('closing');
  expect(clearTimer).toHaveBeenCalledWith(setTimer.mock.results[0]!.value);
});

test('the system clock has the time and the timers of this machine', async () => {
  expect(Math.abs(Date.now() - systemClock.now())).toBeLessThan(1000);
  const ran: string[] = [];
  const set = jest.spyOn(globalThis, 'setTimeout');
  const cleared = systemClock.setTimeout(() => ran.push('cleared'), 0);
  systemClock.clearTimeout(cleared);
  let timer: unknown;
  await new Promise<void>((resolve) => timer = systemClock.setTimeout(resolve, 1));
  expect((timer as NodeJS.Timeout).hasRef()).toBe(true); // A program that waits does not end.
  expect(ran).toEqual([]);
  expect(set.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([0, 1]);
  set.mockRestore();
});
