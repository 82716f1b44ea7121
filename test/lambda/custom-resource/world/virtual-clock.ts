/** A clock that advances only when no other work is pending, so an hour takes a millisecond. */
export class VirtualClock {
  private time: number;
  private sequence = 0;
  private readonly heap: Timer[] = [];

  constructor(start = Date.UTC(2026, 0, 5, 12)) {
    this.time = start;
  }

  now = () => this.time;

  setTimeout = (callback: () => void, milliseconds: number): Timer => {
    const timer: Timer = { at: this.time + Math.max(0, milliseconds), sequence: this.sequence++, callback };
    if (timer.at < Infinity) this.push(timer);
    return timer;
  };

  clearTimeout = (timer: Timer | undefined): void => {
    if (timer) timer.callback = undefined;
  };

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.setTimeout(resolve, milliseconds));
  }

  /**
   * Advances the time until no timer is pending. Throws the errors of callbacks, and an error after too many steps.
   */
  run(maximumSteps = 100_000): Promise<void> {
    let steps = 0;
    return new Promise((resolve, reject) => {
      const step = () => {
        if (++steps > maximumSteps) return reject(new Error(`timers are still pending after ${maximumSteps} steps`));
        let timer = this.pop();
        while (timer && !timer.callback) timer = this.pop();
        if (!timer) return resolve();
        this.time = timer.at;
        try {
          timer.callback!();
        } catch (error) {
          return reject(error);
        }
        whenPromisesRest(step);
      };
      whenPromisesRest(step);
    });
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = Math.floor((index - 1) / 2);
      if (!before(timer, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = timer;
  }

  private pop(): Timer | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last && heap.length > 0) {
      let index = 0;
      for (;;) {
        let child = 2 * index + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
        if (!before(heap[child]!, last)) break;
        heap[index] = heap[child]!;
        index = child;
      }
      heap[index] = last;
    }
    return top;
  }
}

/** A tick comes after all microtasks, but a tick that another tick schedules comes before them. */
function whenPromisesRest(callback: () => void): void {
  queueMicrotask(() => process.nextTick(callback));
}

export interface Timer {
  readonly at: number;
  readonly sequence: number;
  callback?: () => void;
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}
