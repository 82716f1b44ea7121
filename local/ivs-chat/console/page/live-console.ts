import type { ConsoleParts, ConsoleUpdate, ShownFrame, ShownLogLine, ShownRequest } from '../console-update';

/** The state of the service, as the console knows it. */
export interface ConsoleData extends ConsoleParts {
  readonly status: 'connecting' | 'live' | 'offline';
  /** The time of the service minus the time of the browser, in milliseconds. */
  readonly clockOffset: number;
  /** Oldest first. */
  readonly frames: readonly ShownFrame[];
  readonly requests: readonly ShownRequest[];
  readonly logLines: readonly ShownLogLine[];
  /** The display names by room and user ID. */
  readonly names: ReadonlyMap<string, string>;
}

const MAXIMUM_FRAMES = 1000;
const MAXIMUM_REQUESTS = 500;
const MAXIMUM_LOG_LINES = 500;
const MAXIMUM_NAMES = 2000;
const RETRY_MILLISECONDS = 1000;
/** The attributes of chat tokens that front ends use for the name, in this order. */
const NAME_ATTRIBUTES = ['displayName', 'username', 'name'];

export const emptyData: ConsoleData = {
  status: 'connecting',
  clockOffset: 0,
  frames: [],
  requests: [],
  logLines: [],
  names: new Map(),
  counts: { rooms: 0, connections: 0, deliveries: 0 },
  rooms: [],
  loggingConfigurations: [],
  connections: [],
  tokens: [],
  logDeliveries: [],
  faults: [],
  faultKinds: {},
  service: { region: '', accountId: '', faultOperations: [], hasStacks: false },
  activity: [],
  stacks: [],
};

/** Returns the state after an update. */
export function updatedData(data: ConsoleData, update: ConsoleUpdate): ConsoleData {
  const before = update.isFirst ? emptyData : data;
  const added = <T>(old: readonly T[], items: readonly T[], maximum: number) =>
    (items.length ? [...old, ...items].slice(-maximum) : old);
  return {
    ...before,
    ...update.parts,
    status: 'live',
    clockOffset: Date.parse(update.now) - Date.now(),
    frames: added(before.frames, update.frames, MAXIMUM_FRAMES),
    requests: added(before.requests, update.requests, MAXIMUM_REQUESTS),
    logLines: added(before.logLines, update.logLines, MAXIMUM_LOG_LINES),
    names: withNames(before.names, update),
  };
}

/** Receives the state while the page is visible. A hidden page uses no connection of the browser. */
export class LiveConsole {
  data = emptyData;
  private source: EventSource | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly onChange: (data: ConsoleData) => void) {}

  start(): void {
    document.addEventListener('visibilitychange', () => (document.hidden ? this.close() : this.open()));
    if (!document.hidden) this.open();
  }

  private open(): void {
    this.close();
    this.source = new EventSource('events');
    this.source.onmessage = ({ data }) => this.set(updatedData(this.data, JSON.parse(data as string) as ConsoleUpdate));
    this.source.onerror = () => {
      this.close();
      this.set({ ...this.data, status: 'offline' });
      this.retry = setTimeout(() => this.open(), RETRY_MILLISECONDS);
    };
  }

  private close(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
  }

  private set(data: ConsoleData): void {
    this.data = data;
    this.onChange(data);
  }
}

/** Returns the type of a frame, without the names of events: an event can have the name MESSAGE or CLOSE. */
export const kindOf = ({ type, content }: Pick<ShownFrame, 'type' | 'content'>) =>
  ((content as any).EventName === undefined ? type : 'EVENT');

export const nameKey = (roomArn: string, userId: string) => `${roomArn} ${userId}`;

function withNames(names: ReadonlyMap<string, string>, { parts, frames }: ConsoleUpdate): ReadonlyMap<string, string> {
  const learned = new Map(names);
  const learn = (roomArn: string, userId: string, attributes: { readonly [key: string]: unknown } | null = {}) => {
    const name = NAME_ATTRIBUTES.map((key) => attributes?.[key]).find((value) => typeof value === 'string' && value);
    if (name) learned.set(nameKey(roomArn, userId), String(name));
  };
  for (const frame of frames) {
    const { Sender, UserId, Attributes } = frame.content as any;
    if (kindOf(frame) === 'MESSAGE') learn(frame.roomArn, Sender.UserId, Sender.Attributes);
    if (kindOf(frame) === 'CONNECT') learn(frame.roomArn, UserId, Attributes);
  }
  // The newest of each list is first. The last name that is learned remains.
  for (const { roomArn, userId, attributes } of [...parts.connections ?? [], ...parts.tokens ?? []].reverse()) {
    learn(roomArn, userId, attributes);
  }
  for (const oldest of learned.keys()) {
    if (learned.size <= MAXIMUM_NAMES) break;
    learned.delete(oldest);
  }
  return learned;
}
