import { ChatError } from '../../../front-end/session/chat-error';
import type { ChatMessage, ChatStatus } from '../../../front-end/session/chat-session';
import {
  createSessionCore, type SessionCore, type SessionEffect, type SessionEvent, type SessionLimits,
} from '../../../front-end/session/session-core';

/** A step of a schedule. Times are in milliseconds. */
export type SimulatedAction =
  | { readonly name: 'advance'; readonly milliseconds: number }
  | {
    readonly name:
      | 'join' | 'leave' | 'retry' | 'offline' | 'online' | 'drop' | 'closeCleanly' | 'expireSession' | 'kick' | 'other'
      | 'send' | 'resend' | 'removeOther' | 'throttle' | 'loseRequest' | 'loseResponse' | 'reject' | 'silence';
  }
  | { readonly name: 'tokens'; readonly mode: 'issued' | 'failing' | 'refused' | 'silent' }
  | { readonly name: 'handshakes'; readonly mode: 'accepted' | 'refused' | 'silent' };

interface Connection {
  readonly link: number;
  readonly endsAt: number;
  state: 'opening' | 'open' | 'closed';
  /** A half-open connection delivers nothing, and neither side has closed it. */
  isSilent?: boolean;
}

interface BroadcastMessage { readonly id: string; readonly time: number; readonly text: string }

const LATENCY = 20;
export const SESSION = 3 * 60_000;

/** A room and one session in it, on a virtual clock. All delays are those of a network, so events arrive in between. */
export class SimulatedWorld {
  now = 1_700_000_000_000;
  readonly core: SessionCore;
  readonly problems: string[] = [];
  readonly visited = new Set<ChatStatus>();
  readonly left = new Set<ChatStatus>();
  readonly broadcast: BroadcastMessage[] = [];
  readonly delivered: string[] = [];
  /** The start of the first half-open connection. From then on, the session cannot know what it misses. */
  silentAt?: number;
  readonly connectedTimes: { readonly from: number; to: number }[] = [];
  readonly settled = new Map<string, ChatError | undefined>();
  readonly sent = new Map<string, number>();
  tokens = 0;
  private tokenMode = 'issued';
  private handshakeMode = 'accepted';
  private faults: string[] = [];
  private readonly connections = new Map<number, Connection>();
  private readonly asked = new Set<number>();
  private timers: { readonly due: number; readonly order: number; readonly run: () => void }[] = [];
  private order = 0;
  private sends = 0;
  private lastId = 0;
  private lastStatus: ChatStatus = 'idle';

  constructor(random: () => number, limits: Partial<SessionLimits> = {}) {
    this.core = createSessionCore({ hasHistory: false, maximumMessages: 100_000, ...limits }, random);
  }

  get status(): ChatStatus {
    return this.core.snapshot().status;
  }

  get openConnections(): number {
    return [...this.connections.values()].filter(({ state }) => state !== 'closed').length;
  }

  act(action: SimulatedAction): void {
    switch (action.name) {
      case 'advance': return this.advance(action.milliseconds);
      case 'tokens':
        this.tokenMode = action.mode;
        return;
      case 'handshakes':
        this.handshakeMode = action.mode;
        return;
      case 'join': case 'leave': case 'retry': case 'offline': case 'online': return this.handle([action.name]);
      case 'drop': return this.each((connection) => this.close(connection));
      case 'closeCleanly': return this.each((connection) => this.close(connection));
      case 'silence':
        this.silentAt ??= this.now;
        return this.each((connection) => {
          connection.isSilent = true;
        });
      case 'expireSession': return this.each((connection) => this.expire(connection));
      case 'kick':
        this.publish({ Type: 'EVENT', EventName: 'aws:DISCONNECT_USER', Attributes: { UserId: 'me' } });
        return this.each((connection) => this.later(LATENCY + 1, () => this.close(connection)));
      case 'other':
        this.publishMessage('other', '', 'hello');
        return;
      case 'removeOther': {
        const last = this.broadcast.at(-1);
        if (!last) return;
        const Attributes = { MessageID: last.id, MessageId: last.id };
        this.publish({ Type: 'EVENT', EventName: 'aws:DELETE_MESSAGE', Attributes });
        return;
      }
      case 'send': return this.send(`key-${++this.sends}`);
      case 'resend': {
        const failed = this.core.snapshot().messages.find(({ ...entry }) => (entry as ChatMessage).status === 'failed');
        if (!failed) return;
        this.settled.delete(failed.key);
        this.sent.set(failed.key, this.now);
        return this.handle(['resend', failed.key]);
      }
      default: this.faults.push(action.name);
    }
  }

  advance(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const timer = this.timers.reduce<(typeof this.timers)[number] | undefined>((first, other) =>
        (!first || other.due < first.due || (other.due === first.due && other.order < first.order) ? other : first),
      undefined);
      const deadline = this.core.deadline();
      const next = Math.min(deadline, timer?.due ?? Infinity);
      if (next > end) break;
      this.now = Math.max(this.now, next);
      if (timer && timer.due <= deadline) {
        this.timers = this.timers.filter((other) => other !== timer);
        timer.run();
      } else {
        this.handle(['time']);
        if (this.core.deadline() <= this.now) this.problems.push('a deadline is not met');
      }
    }
    this.now = end;
  }

  send(key: string): void {
    this.sent.set(key, this.now);
    this.handle(['send', key, `text ${key}`]);
  }

  private handle(event: SessionEvent): void {
    const before = this.core.snapshot().messages;
    const copy = [...before];
    const effects = this.core.handle(event, this.now);
    if (before.some((entry, index) => entry !== copy[index])) this.problems.push('an earlier snapshot has changed');
    for (const effect of effects) this.perform(effect);
    const { status } = this;
    if (status !== this.lastStatus) {
      this.left.add(this.lastStatus);
      if (status === 'connected') this.connectedTimes.push({ from: this.now, to: Infinity });
      if (this.lastStatus === 'connected') this.connectedTimes.at(-1)!.to = this.now;
    }
    this.visited.add(status);
    this.lastStatus = status;
    if (this.openConnections > 3) this.problems.push(`${this.openConnections} connections are open`);
    if (this.asked.size > 1) this.problems.push('two chat tokens are requested at once');
  }

  private perform([name, ...values]: SessionEffect): void {
    const [link] = values as [number];
    switch (name) {
      case 'token': {
        this.tokens++;
        this.asked.add(link);
        const mode = this.tokenMode;
        if (mode === 'silent') return;
        return this.later(LATENCY, () => {
          if (!this.asked.delete(link)) return;
          if (mode === 'failing') this.handle(['noToken', link, 'outage']);
          else if (mode === 'refused') this.handle(['noToken', link, 'no', 'refused']);
          else this.handle(['token', link, { userId: 'me', sessionExpirationTime: this.now + SESSION }]);
        });
      }
      case 'open': {
        const connection: Connection = { link, endsAt: this.now + SESSION, state: 'opening' };
        this.connections.set(link, connection);
        const mode = this.handshakeMode;
        if (mode === 'silent') return;
        return this.later(LATENCY, () => {
          if (connection.state !== 'opening') return;
          if (mode === 'refused') return this.close(connection);
          connection.state = 'open';
          this.handle(['opened', link]);
          this.later(SESSION, () => this.expire(connection));
        });
      }
      case 'close': {
        this.asked.delete(link);
        const connection = this.connections.get(link);
        if (connection) connection.state = 'closed';
        return;
      }
      case 'write': return this.receive(link, values[1] as any);
      case 'settle': {
        const [key, error] = values as unknown as [string, ChatError?];
        if (this.settled.has(key)) this.problems.push(`${key} is settled twice`);
        const limit = 40_000; // 10 seconds in the queue, and 10 for an answer, twice after the end of a session
        if (this.now - this.sent.get(key)! > limit) this.problems.push(`${key} is settled late`);
        this.settled.set(key, error);
        return;
      }
      case 'emit': {
        const [event, value] = values as [string, ChatMessage];
        if (event === 'message') this.delivered.push(value.id);
        return;
      }
      default:
    }
  }

  private receive(link: number, { Content, RequestId }: { Content: string; RequestId: string }): void {
    const connection = this.connections.get(link)!;
    this.later(LATENCY, () => {
      if (connection.state !== 'open' || connection.isSilent) return;
      const fault = this.faults.shift();
      const error = (ErrorCode: number) =>
        this.deliver(connection, { Type: 'ERROR', Id: this.id(), RequestId, ErrorCode, ErrorMessage: 'no' });
      if (fault === 'loseRequest') return this.close(connection);
      if (fault === 'throttle') return error(429);
      if (fault === 'reject') return error(406);
      if (fault === 'expireSession' || connection.endsAt <= this.now) return error(401);
      this.publishMessage('me', RequestId, Content);
      if (fault === 'loseResponse') this.close(connection);
    });
  }

  private publishMessage(userId: string, RequestId: string, Content: string): void {
    const id = this.publish({
      Type: 'MESSAGE', RequestId, Content, Attributes: null, SendTime: '', Sender: { UserId: userId, Attributes: {} },
    });
    this.broadcast.push({ id, time: this.now, text: Content });
  }

  private publish(frame: object): string {
    const Id = this.id();
    this.each((connection) => this.deliver(connection, { Id, RequestId: '', ...frame }));
    return Id;
  }

  private deliver(connection: Connection, frame: object): void {
    this.later(LATENCY, () => {
      if (connection.state === 'open' && !connection.isSilent) this.handle(['frame', connection.link, frame]);
    });
  }

  private expire(connection: Connection): void {
    this.deliver(connection, { Type: 'ERROR', Id: this.id(), RequestId: '', ErrorCode: 401, ErrorMessage: 'expired' });
    this.later(LATENCY + 1, () => this.close(connection));
  }

  private close(connection: Connection): void {
    if (connection.state === 'closed') return;
    connection.state = 'closed';
    this.handle(['closed', connection.link]);
  }

  private each(change: (connection: Connection) => void): void {
    for (const connection of [...this.connections.values()]) {
      if (connection.state === 'open') change(connection);
    }
  }

  private later(milliseconds: number, run: () => void): void {
    this.timers.push({ due: this.now + milliseconds, order: ++this.order, run });
  }

  private id(): string {
    return `id-${++this.lastId}`;
  }
}
