import type { Clock } from '../../clock';

export interface LogEvent {
  readonly eventId: string;
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export interface LogGroup {
  readonly name: string;
  readonly creationTime: number;
  retentionInDays?: number;
  readonly streams: Map<string, number>;
  readonly events: LogEvent[];
}

const MAXIMUM_EVENTS = 10_000;

/** In-memory CloudWatch Logs. Each group keeps its newest events. */
export class LogGroups {
  private readonly groups = new Map<string, LogGroup>();
  private written = 0;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  get(name: string): LogGroup | undefined {
    return this.groups.get(name);
  }

  list(prefix = ''): readonly LogGroup[] {
    return [...this.groups.values()].filter(({ name }) => name.startsWith(prefix));
  }

  /** Returns the log group with this name, and creates it if it does not exist. */
  create(name: string): LogGroup {
    const group = this.groups.get(name) ?? { name, creationTime: this.clock.now(), streams: new Map(), events: [] };
    this.groups.set(name, group);
    return group;
  }

  remove(name: string): void {
    this.groups.delete(name);
  }

  write(groupName: string, logStreamName: string, message: string, timestamp = this.clock.now()): void {
    const group = this.create(groupName);
    if (!group.streams.has(logStreamName)) group.streams.set(logStreamName, this.clock.now());
    group.events.push({
      eventId: String(this.written++).padStart(56, '0'),
      logStreamName,
      timestamp,
      ingestionTime: this.clock.now(),
      message,
    });
    if (group.events.length > MAXIMUM_EVENTS) group.events.shift();
  }
}
