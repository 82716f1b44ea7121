import type { Random } from './random';
import type { VirtualClock } from './virtual-clock';

export interface Stored {
  readonly arn: string;
  readonly id: string;
  readonly createTime: string;
  updateTime: string;
  name: string;
  tags: Record<string, string>;
  [member: string]: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

export const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value) });
export const fault = (name: string, status: number, message: string = name): Reply =>
  ({ status, body: JSON.stringify({ message }), headers: { 'x-amzn-errortype': name } });

/** The states of one resource with their times, because reads can be old. */
interface History {
  readonly times: number[];
  readonly states: (string | undefined)[];
}

export interface IvsChatOptions {
  readonly region?: string;
  readonly account?: string;
  /** The maximum age of a read, in milliseconds. */
  readonly readLag?: number;
  /** The maximum age of the tags in an IAM condition, in milliseconds. */
  readonly tagLag?: number;
  /** The difference between the clock of the service and the true time, in milliseconds. */
  readonly clockOffset?: number;
  /** Whether a change of tags also changes `updateTime`. This is not documented. */
  readonly tagsMoveUpdateTime?: boolean;
}

/** A decision of IAM. The context has the condition keys of the request and of the resource. */
export type Authorize = (action: string, resource: string, context: Record<string, string | string[]>) => boolean;

/**
 * The rooms, logging configurations and tags of Amazon IVS Chat, with eventually consistent reads. It deliberately
 * shares no code with local/.
 */
export class IvsChat {
  readonly resources = new Map<string, Stored>();
  private readonly histories = new Map<string, History>();
  /** Called before a resource is deleted. */
  onDelete?: (arn: string) => void;
  /** The states of a new logging configuration before it is active, and the duration of each. */
  loggingStates: { state: string; milliseconds: number }[] = [];
  /** The duration of the deletion of a logging configuration, and whether it fails in the end. */
  deletion: (arn: string) => { readonly milliseconds: number; readonly fails?: boolean } = () => ({ milliseconds: 0 });
  invalidPermissionUntil = 0;
  /**
   * The only review function without permission for the service. If it is not set, all functions lack the permission.
   */
  invalidUri?: string;
  /** The time until which the quota refuses every create. */
  quotaExceededUntil = 0;
  /** The decision of IAM. Without it, every action is allowed. */
  authorize?: Authorize;
  /** Called after a resource was created. */
  onCreate?: (stored: Stored) => void;
  /** Called before every requested change of a resource. */
  onChange?: (arn: string, operation: string) => void;

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly options: IvsChatOptions = {},
  ) {}

  get rooms(): Stored[] {
    return [...this.resources.values()].filter(({ arn }) => arn.includes(':room/'));
  }

  /** Performs the operation immediately. */
  apply(operation: string, input: any): Reply {
    const refusal = this.refusal(operation, input);
    if (refusal) return refusal;
    if (/^(Update|Delete|Tag|Untag)/.test(operation)) this.onChange?.(input.identifier ?? input.resourceArn, operation);
    switch (operation) {
      case 'CreateRoom': return this.create('room', input);
      case 'GetRoom': case 'GetLoggingConfiguration': return this.get(input.identifier);
      case 'UpdateRoom': return this.update(input);
      case 'DeleteRoom': return this.delete(input.identifier);
      case 'ListRooms': return this.list('room', input);
      case 'CreateLoggingConfiguration': return this.create('logging-configuration', input);
      case 'UpdateLoggingConfiguration': return this.update(input);
      case 'DeleteLoggingConfiguration': return this.deleteLoggingConfiguration(input.identifier);
      case 'ListLoggingConfigurations': return this.list('logging-configuration', input);
      case 'TagResource': return this.changeTags(input.resourceArn, (tags) => ({ ...tags, ...input.tags }));
      case 'UntagResource': return this.changeTags(input.resourceArn, (tags) =>
        Object.fromEntries(Object.entries(tags).filter(([key]) => !input.tagKeys.includes(key))));
      default: return fault('ValidationException', 400, `no operation ${operation}`);
    }
  }

  /** Returns the error if IAM denies the request. IAM decides before the service looks up the resource. */
  private refusal(operation: string, input: any): Reply | undefined {
    if (!this.authorize) return undefined;
    const { region = 'us-west-2', account = '123456789012' } = this.options;
    const kind = /Logging/.test(operation) ? 'logging-configuration' : 'room';
    const any = `arn:aws:ivschat:${region}:${account}:${kind}/*`;
    const context: Record<string, string | string[]> = { 'aws:RequestedRegion': region };
    for (const [key, value] of Object.entries<string>(input.tags ?? {})) context[`aws:RequestTag/${key}`] = value;
    const tagKeys = input.tagKeys ?? Object.keys(input.tags ?? {});
    if (tagKeys.length > 0) context['aws:TagKeys'] = tagKeys;
    const needed: [string, string][] = [[operation, input.identifier ?? input.resourceArn ?? any]];
    if (operation.startsWith('Create') && tagKeys.length > 0) needed.push(['TagResource', any]);
    for (const [name, resource] of needed) {
      const all = { ...context };
      for (const [key, value] of Object.entries(this.tagsSeen(resource))) all[`aws:ResourceTag/${key}`] = value;
      if (!this.authorize(`ivschat:${name}`, resource, all)) {
        const message = `User is not authorized to perform: ivschat:${name} on resource: ${resource}`;
        return fault('AccessDeniedException', 403, message);
      }
    }
    return undefined;
  }

  /** Returns the tags that IAM sees. */
  private tagsSeen(arn: string): Record<string, string> {
    const { tagLag } = this.options;
    if (!tagLag) return this.resources.get(arn)?.tags ?? {};
    const seen = this.seen(arn, this.random.between(0, tagLag));
    return seen === undefined ? {} : JSON.parse(seen).tags;
  }

  /** Adds a resource without a request. */
  put(kind: 'room' | 'logging-configuration', members: Partial<Stored> = {}): Stored {
    const { region = 'us-west-2', account = '123456789012' } = this.options;
    const id = this.random.letters(12);
    const stored: Stored = {
      arn: `arn:aws:ivschat:${region}:${account}:${kind}/${id}`,
      id,
      createTime: this.time(),
      updateTime: this.time(),
      name: '',
      tags: {},
      ...(kind === 'room' ? { maximumMessageLength: 500, maximumMessageRatePerSecond: 10 } : { state: 'ACTIVE' }),
      ...members,
    };
    this.resources.set(stored.arn, stored);
    this.remember(stored.arn);
    return stored;
  }

  /** Changes a resource without a request, or removes it if no members are given. */
  meddle(arn: string, members?: Partial<Stored>): void {
    if (members) Object.assign(this.resources.get(arn)!, { updateTime: this.time() }, members);
    else this.resources.delete(arn);
    this.remember(arn);
  }

  private create(kind: 'room' | 'logging-configuration', { tags = {}, ...members }: any): Reply {
    if (this.isInvalid(members.messageReviewHandler?.uri)) return invalidPermission;
    if (this.clock.now() < this.quotaExceededUntil) return fault('ServiceQuotaExceededException', 402);
    const stored = this.put(kind, { ...members, tags: { ...tags } });
    this.onCreate?.(stored);
    if (kind === 'logging-configuration' && this.loggingStates.length > 0) {
      const answer = json(stored);
      const [first, ...rest] = this.loggingStates;
      const { state: firstState, milliseconds: firstDuration } = first!;
      this.meddle(stored.arn, { state: firstState });
      if (firstDuration < Infinity) rest.push({ state: 'ACTIVE', milliseconds: Infinity });
      let at = firstDuration;
      for (const { state, milliseconds } of rest) {
        this.clock.setTimeout(() => this.resources.has(stored.arn) && this.meddle(stored.arn, { state }), at);
        at += milliseconds;
      }
      return answer;
    }
    return json(stored);
  }

  private get(arn: string): Reply {
    const state = this.seen(arn, this.lag());
    return state === undefined ? notFound(arn) : { status: 200, body: state };
  }

  private update({ identifier, ...members }: any): Reply {
    const stored = this.resources.get(identifier);
    if (!stored) return notFound(identifier);
    if (this.isInvalid(members.messageReviewHandler?.uri)) return invalidPermission;
    for (const [member, value] of Object.entries(members)) if (value !== undefined) stored[member] = value;
    if (members.messageReviewHandler?.uri === '') delete stored.messageReviewHandler;
    stored.updateTime = this.time();
    this.remember(identifier);
    return json(stored);
  }

  private delete(arn: string): Reply {
    if (!this.resources.has(arn)) return notFound(arn);
    this.onDelete?.(arn);
    this.resources.delete(arn);
    this.remember(arn);
    return { status: 204, body: '' };
  }

  private deleteLoggingConfiguration(arn: string): Reply {
    const conflict = (problem: string) => fault('ConflictException', 409, `The logging configuration is ${problem}`);
    const isUsed = this.rooms.some((room) =>
      (room.loggingConfigurationIdentifiers as string[] | undefined)?.includes(arn));
    if (isUsed) return conflict('associated with rooms');
    if (this.resources.get(arn)?.state === 'DELETING') return conflict('being deleted');

    const { milliseconds, fails } = this.deletion(arn);
    if (milliseconds === 0 || !this.resources.has(arn)) return this.delete(arn);
    this.meddle(arn, { state: 'DELETING' });
    this.clock.setTimeout(() => {
      if (fails) this.meddle(arn, { state: 'DELETE_FAILED' });
      else this.delete(arn);
    }, milliseconds);
    return { status: 204, body: '' };
  }

  private list(kind: string, { name, loggingConfigurationIdentifier: user, nextToken, maxResults = 50 }: any): Reply {
    const lag = this.lag();
    const seen: unknown[] = [];
    for (const arn of this.histories.keys()) {
      if (!arn.includes(`:${kind}/`)) continue;
      const state = this.seen(arn, lag);
      if (state === undefined) continue;
      const { maximumMessageLength, maximumMessageRatePerSecond, ...summary } = JSON.parse(state);
      if (name !== undefined && summary.name !== name) continue;
      if (user && !summary.loggingConfigurationIdentifiers?.includes(user)) continue;
      seen.push(summary);
    }

    const from = Number(nextToken ?? 0);
    const end = from + maxResults;
    const member = kind === 'room' ? 'rooms' : 'loggingConfigurations';
    return json({ [member]: seen.slice(from, end), ...(end < seen.length ? { nextToken: String(end) } : {}) });
  }

  private changeTags(arn: string, change: (tags: Record<string, string>) => Record<string, string>): Reply {
    const stored = this.resources.get(arn);
    if (!stored) return notFound(arn);
    stored.tags = change(stored.tags);
    if (this.options.tagsMoveUpdateTime) stored.updateTime = this.time();
    if (Object.keys(stored.tags).length > 50) return fault('ValidationException', 400, 'too many tags');
    this.remember(arn);
    return { status: 200, body: '' };
  }

  private isInvalid(uri: string | undefined): boolean {
    return Boolean(uri) && (this.invalidUri ?? uri) === uri && this.clock.now() < this.invalidPermissionUntil;
  }

  private time(): string {
    return new Date(this.clock.now() + (this.options.clockOffset ?? 0)).toISOString();
  }

  private lag(): number {
    return this.options.readLag ? this.random.between(0, this.options.readLag) : 0;
  }

  private remember(arn: string): void {
    let history = this.histories.get(arn);
    if (!history) this.histories.set(arn, history = { times: [], states: [] });
    const stored = this.resources.get(arn);
    history.times.push(this.clock.now());
    history.states.push(stored && JSON.stringify(stored));
  }

  private seen(arn: string, lag: number): string | undefined {
    const history = this.histories.get(arn);
    if (!history) return undefined;
    const then = this.clock.now() - lag;
    for (let index = history.times.length - 1; index >= 0; index--) {
      if (history.times[index]! <= then) return history.states[index];
    }
    return undefined;
  }
}

function notFound(arn: string): Reply {
  const message = `Resource ${arn} was not found`;
  return {
    status: 404,
    body: JSON.stringify({ message, resourceId: arn.split('/')[1], resourceType: 'ROOM' }),
    headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
  };
}

const invalidPermission = fault(
  'ValidationException', 400, 'Request member: uri failed to satisfy the constraints: invalid lambda permission',
);
