import type { Clock } from '../../clock';

/** The activity of one second. */
export interface ActivitySecond {
  /** The second, since 1970. */
  readonly second: number;
  readonly messages: number;
  readonly requests: number;
  readonly errors: number;
  /** The number of connections at the end of the second. */
  readonly connections: number;
  /** The 95th percentile of the duration of requests, in milliseconds. Undefined without a request. */
  readonly p95?: number;
}

type Counts = { -readonly [name in Exclude<keyof ActivitySecond, 'p95'>]: number } & { readonly durations: number[] };

/** The number of seconds with activity that are remembered. */
const REMEMBERED = 120;
/** More durations in one second do not change the percentile by much. */
const MAXIMUM_DURATIONS = 200;

/** Counts the activity of each second. */
export class Activity {
  private readonly seconds: Counts[] = [];

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  message(): void {
    this.current().messages++;
  }

  /** Counts the connections after one of them has started or ended. */
  connections(count: number): void {
    this.current().connections = count;
  }

  request(isError: boolean, milliseconds?: number): void {
    const current = this.current();
    current.requests++;
    if (isError) current.errors++;
    if (milliseconds !== undefined && current.durations.length < MAXIMUM_DURATIONS) {
      current.durations.push(milliseconds);
    }
  }

  /** Returns the last seconds with activity, oldest first. */
  recent(): ActivitySecond[] {
    return this.seconds.map(({ durations, ...counts }) => ({
      ...counts,
      p95: durations.length
        ? durations.sort((a, b) => a - b)[Math.ceil(durations.length * 0.95) - 1]
        : undefined,
    }));
  }

  private current(): Counts {
    const second = Math.floor(this.clock.now() / 1000);
    const last = this.seconds.at(-1);
    if (last?.second === second) return last;
    const connections = last?.connections ?? 0;
    const counts = { second, messages: 0, requests: 0, errors: 0, connections, durations: [] };
    this.seconds.push(counts);
    if (this.seconds.length > REMEMBERED) this.seconds.shift();
    return counts;
  }
}
