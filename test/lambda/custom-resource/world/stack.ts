import { type Reply } from './ivs-chat';
import type { Random } from './random';
import { noSuchStack, stackEntries, stackResource, type StackEntry } from './transport';
import type { VirtualClock } from './virtual-clock';

const PAGE = 100;

export interface StackClock {
  /** The difference between the clock of CloudFormation and the true time, in milliseconds. */
  readonly offset: number;
  /** The maximum age of a response, in milliseconds. */
  readonly lag: number;
}

/** A stack as the API of CloudFormation shows it: the statuses of its resources and its events, with a delay. */
export class Stack {
  readonly id: string;
  private readonly entries: (StackEntry & { readonly at: number; readonly isCleanup: boolean })[] = [];

  constructor(
    name: string,
    readonly uuid: string,
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly view: StackClock,
  ) {
    this.id = `arn:aws:cloudformation:us-west-2:123456789012:stack/${name}/${uuid}`;
  }

  /** Sets the status of a resource and records the event. The clean-up of a former physical id is an event only. */
  set(logicalId: string, status: string, physicalId?: string, isCleanup = false): void {
    const at = this.clock.now();
    this.entries.push({ at, isCleanup, logicalId, physicalId, status, time: at + this.view.offset });
  }

  describeStackResource(logicalId: string): Reply {
    const last = this.lastOf(logicalId);
    if (!last || last.status === 'DELETE_SKIPPED') return noSuchStack;
    return stackResource(last.status, last.physicalId, last.time);
  }

  describeStackEvents(token?: string): Reply {
    // As on AWS, a token continues the same list.
    const [count, from] = token ? token.split('-').map(Number) as [number, number] : [this.seen().length, 0];
    const newestFirst = this.entries.slice(0, count).reverse();
    const more = from + PAGE < newestFirst.length ? `${count}-${from + PAGE}` : undefined;
    return stackEntries('DescribeStackEvents', newestFirst.slice(from, from + PAGE), more);
  }

  listStackResources(): Reply {
    const entries = this.seen().filter(({ isCleanup }) => !isCleanup);
    const lastEntries = new Map(entries.map((entry) => [entry.logicalId, entry]));
    return stackEntries('ListStackResources', [...lastEntries.values()]);
  }

  private lastOf(logicalId: string) {
    const then = this.then();
    for (let index = this.entries.length - 1; index >= 0; index--) {
      const entry = this.entries[index]!;
      if (entry.at <= then && entry.logicalId === logicalId && !entry.isCleanup) return entry;
    }
    return undefined;
  }

  private seen() {
    const then = this.then();
    return this.entries.filter(({ at }) => at <= then);
  }

  private then(): number {
    return this.clock.now() - (this.view.lag && this.random.between(0, this.view.lag));
  }
}
