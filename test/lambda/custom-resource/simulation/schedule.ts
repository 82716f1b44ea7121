import type { CustomResourceEvent } from '../../../../lambda/custom-resource/event';
import { owner } from '../../../../lambda/custom-resource/ownership';
import { ownershipTags } from '../../../../src/contract/ownership-tags';
import { type Authorize, IvsChat, type Reply, type Stored } from '../world/ivs-chat';
import { ADOPTED_ARN, POLICY_STACK_UUID } from '../world/permissions';
import { Random } from '../world/random';
import { Stack } from '../world/stack';
import { type Call } from '../world/transport';
import { VirtualClock } from '../world/virtual-clock';
import { Functions, type Trace } from './functions';
import { calm, type Rates } from './worlds';

export interface Verdict {
  /** Resources that exist in the end although no stack has recorded or retained them. */
  orphans: number;
  /** Resources that exist in the end in addition to the one that CloudFormation has recorded. */
  siblings: number;
  /** Resources that CloudFormation has recorded and that do not exist any more. */
  lost: number;
  /** Retained and released resources that do not exist any more. */
  retainedLost: number;
  /** Deletes and rollbacks that failed even without new faults. */
  stuck: number;
  /** Resources that do not match the template, and released resources that still have tags of the library. */
  wrong: number;
  /** Writes that took effect more than a minute after the end of the operation. */
  late: number;
  /** Resources of others that were changed, and tags of others that were removed. */
  foreign: number;
  /** Updates that responded with another physical id. */
  replaced: number;
  /** Failures without a reason. */
  unexplained: number;
  /**
   * Resources that exist in the end because every attempt of their create request had died and no Delete followed.
   * Nothing is left that could remove them.
   */
  abandoned: number;
  /** Creates that failed without a cancellation or a refusal. They report the failure, so they are not deadly. */
  failedCreates: number;
  failedUpdates: number;
  failedDeletes: number;
  creates: number;
  updates: number;
  deletes: number;
  calls: number;
  invocations: number;
}

export const none: Verdict = {
  orphans: 0,
  siblings: 0,
  lost: 0,
  retainedLost: 0,
  stuck: 0,
  wrong: 0,
  late: 0,
  foreign: 0,
  replaced: 0,
  unexplained: 0,
  abandoned: 0,
  failedCreates: 0,
  failedUpdates: 0,
  failedDeletes: 0,
  creates: 0,
  updates: 0,
  deletes: 0,
  calls: 0,
  invocations: 0,
};

/** The results that must not happen in any world. */
export const deadly = [
  'orphans', 'siblings', 'lost', 'retainedLost', 'stuck', 'wrong', 'late', 'foreign', 'replaced', 'unexplained',
] as const satisfies readonly (keyof Verdict)[];

const SERVICE_TIMEOUT = 1_200_000;
/** Writes of an operation may take effect this long after its end. */
const LAST_WRITES = 65_000;
/** The time before the next deployment after a failure that was not rolled back. */
const SECOND_THOUGHTS = 70_000;
const OTHER_OWNER = 'ffffffff-0000-1111-2222-333344445555/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
export const STACK_UUIDS = [1, 2, 3, 4, 5, 6, 7, 8].map((digit) => POLICY_STACK_UUID.replace(/^./, String(digit)));

interface Answer {
  readonly Status: string;
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly RequestId: string;
}

type Properties = Record<string, any>;
type Form = 'create' | 'create shown as update' | 'update';

/** A resource that CloudFormation has recorded. */
interface Recorded {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly arn: string;
  readonly policy: string;
  properties: Properties;
  /** Whether a person has edited it since the last deployment. */
  edited: boolean;
  /** Whether a person has removed all tags of the library since the last deployment. */
  stripped?: boolean;
  /** Tags that others have set on it. They must not change. */
  readonly foreignTags: Record<string, string>;
  /** The keys of all tags that the templates of the stack have had. Tags with other keys belong to others. */
  readonly keys: Set<string>;
}

/** The life of one or two stacks. The seed determines everything that happens. */
export class Schedule {
  private readonly random: Random;
  private readonly clock = new VirtualClock();
  private readonly service: IvsChat;
  private readonly functions: Functions;
  /** One in five is a logging configuration: the same protocol, but its list cannot filter by name. */
  private readonly kind: 'room' | 'logging-configuration';
  private readonly cloudFormation: { readonly offset: number; readonly lag: number };
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private readonly stacks: Stack[] = [];
  /** The time at which the policy of a stack's role becomes effective. */
  private readonly effectiveAt = new Map<string, number>();
  private readonly recorded = new Set<Recorded>();
  /** Resources that must not change (retained, released, or of other owners), with their former appearance. */
  private readonly kept = new Map<string, string>();
  /** The ARNs that operations change, and the end of the last operation. */
  private readonly busy = new Map<string, number>();
  /** The ARN of the current Delete. */
  private readonly doomed = new Set<string>();
  private readonly adopted = new Set<string>();
  /** The ARN that each create has responded with. */
  private readonly created = new Map<string, string>();
  /** Requests for a resource with the policy Retain. */
  private readonly retaining = new Set<string>();
  private readonly autoTags: boolean;
  private readonly form: Form;
  private readonly signedByExpiry: boolean;
  /** The time during which IAM denies every action. */
  private lockout = { from: 0, to: 0 };
  private caller: Stack | undefined;
  private requests = 0;
  private readonly verdict: Verdict = { ...none };

  constructor(
    seed: number,
    private readonly rates: Rates,
    private readonly permissions: readonly Authorize[],
    private readonly trace?: Trace,
  ) {
    const random = this.random = new Random(seed);
    this.kind = random.chance(0.2) ? 'logging-configuration' : 'room';
    const skew = () => random.between(-rates.clockSkew, rates.clockSkew);
    this.cloudFormation = { offset: skew(), lag: random.pick(rates.statusLags) };
    this.autoTags = random.chance(rates.autoTagger);
    this.form = random.pick(['create', 'create shown as update', 'update']);
    this.signedByExpiry = random.chance(rates.signedByExpiry);
    this.service = new IvsChat(this.clock, random, {
      readLag: rates.readLag, tagLag: rates.tagLag, clockOffset: skew(), tagsMoveUpdateTime: random.chance(0.5),
    });
    const apply = (call: Call, stackId: string) => this.apply(call, stackId);
    this.functions = new Functions(this.clock, random, rates, apply, skew(), trace);
    this.watch();
  }

  async run(): Promise<Verdict> {
    const { service, verdict, clock, random, rates } = this;
    const createdBy = `${OTHER_OWNER.split('/')[0]}/request-1/20200101T000000Z/lobby`;
    const tagsOfOther = { [ownershipTags.owner]: OTHER_OWNER, [ownershipTags.createdBy]: createdBy };
    this.keep(service.put(this.kind, { name: 'lobby', tags: {} }).arn);
    this.keep(service.put(this.kind, { name: 'lobby', tags: tagsOfOther }).arn);

    const lives = [this.live('chat'), ...(random.chance(rates.secondStack) ? [this.live('other')] : [])];
    await clock.run();
    await Promise.all(lives);
    this.judge();
    verdict.calls = this.functions.calls;
    verdict.invocations = this.functions.invocations;
    return verdict;
  }

  /** Simulates CloudFormation for one stack after the other. */
  private async live(name: string): Promise<void> {
    const { random, clock, rates } = this;
    let stack = this.newStack(name);
    const lives = random.pick([1, 1, 2]);
    for (let life = 1; life <= lives; life++) {
      await this.oneLife(stack, life === lives);
      const pauses = [random.between(1000, 3000), random.between(0, 60_000), random.between(0, 3_600_000)];
      await clock.sleep(random.pick(pauses));
      const isEmpty = ![...this.recorded].some((one) => one.stack === stack);
      if (isEmpty && life < lives && random.chance(rates.newStack)) stack = this.newStack(name);
    }
  }

  private newStack(name: string): Stack {
    const { clock, random, rates } = this;
    const stack = new Stack(name, STACK_UUIDS[this.stacks.length]!, clock, random, this.cloudFormation);
    this.stacks.push(stack);
    this.effectiveAt.set(stack.id, clock.now() + random.between(0, rates.policyDelay));
    return stack;
  }

  /** Creates a resource of the stack, updates it, and deletes it or keeps it. */
  private async oneLife(stack: Stack, isLast: boolean): Promise<void> {
    const { random, clock, rates } = this;
    const policy = random.chance(rates.retain) ? random.pick(['Retain', 'RetainExceptOnCreate']) : 'Delete';
    const adopt = random.chance(rates.adopt) ? this.adoptable(stack) : undefined;
    const logicalId = adopt !== undefined && random.chance(0.5) ? 'Moved' : 'Room';
    const one = await this.bringIn(stack, logicalId, policy, adopt);
    if (!one) return;

    for (let updates = random.pick([0, 0, 1, 2]); updates > 0; updates--) {
      const pauses = [random.between(1100, 5000), random.between(0, 100_000), random.between(0, 600_000)];
      await clock.sleep(random.pick(pauses) + 1000);
      if (random.chance(rates.edit)) await this.edit(one);
      await this.update(one);
    }

    const pauses = [random.between(1100, 5000), random.between(0, 90_000), random.between(0, 7_200_000)];
    await clock.sleep(random.pick(pauses) + 1000);
    if (isLast && random.chance(0.3)) return;

    if (random.chance(rates.edit)) await this.edit(one);
    if (policy === 'Delete') return this.delete(one.stack, one.logicalId, one.arn, one.properties, one);
    stack.set(logicalId, 'DELETE_SKIPPED', one.arn);
    this.recorded.delete(one);
    this.keep(one.arn, { withOurTags: true });
  }

  /** Waits between two steps of a deployment. */
  private pause(from: number, to: number): Promise<void> {
    return this.clock.sleep(this.random.between(from, to) / this.rates.haste);
  }

  /** The time until CloudFormation cancels the operation, or undefined if it does not. */
  private cancellation(): number | undefined {
    const { random, rates, functions } = this;
    return random.chance(functions.rates.cancel) ? random.between(1100, rates.cancelWithin) / rates.haste : undefined;
  }

  /** Simulates the first deployment with all its retries. Returns undefined if it was rolled back. */
  private async bringIn(
    stack: Stack, logicalId: string, policy: string, adopt?: string,
  ): Promise<Recorded | undefined> {
    const { random, clock, rates, verdict } = this;
    const properties = this.template(policy, adopt);
    const markBefore = this.service.resources.get(adopt ?? '')?.tags[ownershipTags.updatedBy];
    const keepsFailed = random.chance(rates.noRollback);
    const failed: { id: string; properties: Properties }[] = [];
    for (let attempt = 1; ; attempt++) {
      const isRetry = attempt > 1;
      const last = failed.at(-1);
      const shownOperation = isRetry && this.form !== 'create' ? 'UPDATE' : 'CREATE';
      if (attempt > 3) this.calmDown();
      stack.set(logicalId, `${shownOperation}_IN_PROGRESS`, last?.id);
      await this.pause(0, 1000);

      const refused = this.refuse(properties) || this.lockout.to > clock.now();
      verdict.creates++;
      const canceled = this.cancellation();
      const type = isRetry && this.form === 'update' ? 'Update' : 'Create';
      const answer = await this.request(stack, logicalId, type, last?.id, properties, last?.properties, canceled);
      if (answer?.Status === 'SUCCESS') {
        const arn = answer.PhysicalResourceId;
        this.functions.rates = rates;
        if (random.chance(0.5)) stack.set(logicalId, 'CREATE_IN_PROGRESS', arn);
        stack.set(logicalId, `${shownOperation}_COMPLETE`, arn);
        const keys = new Set(Object.keys(properties.Tags ?? {}));
        const one: Recorded = { stack, logicalId, arn, policy, properties, edited: false, foreignTags: {}, keys };
        this.kept.delete(arn);
        this.recorded.add(one);
        this.noticeForeignTags(one);
        this.compare(one);
        for (const { id, properties: before } of failed) {
          await this.delete(stack, logicalId, id, random.chance(0.5) ? before : properties);
          this.compare(one);
        }
        if (isRetry || !random.chance(rates.rollBack)) return one;
        await clock.sleep(random.between(1000, 20_000));
        await this.takeBack(one);
        return undefined;
      }

      if (canceled === undefined && !refused) verdict.failedCreates++;
      const id = answer?.PhysicalResourceId ?? `${stack.id.split('/')[1]}-${logicalId}-${random.letters(13)}`;
      stack.set(logicalId, 'CREATE_FAILED', answer?.PhysicalResourceId);
      if (keepsFailed && attempt < 6) {
        failed.push({ id, properties });
        await clock.sleep(random.between(1000, 300_000));
        continue;
      }
      if (keepsFailed && rates.denied === undefined) verdict.stuck++;
      this.functions.rates = rates;
      await this.pause(10, 2000);
      for (const one of [{ id, properties }, ...failed]) {
        if (policy === 'Retain') stack.set(logicalId, 'DELETE_SKIPPED', one.id);
        else await this.delete(stack, logicalId, one.id, one.properties);
      }
      // Under Retain, no Delete follows, so the resource is not released. The next adoption starts from this state.
      if (adopt !== undefined) {
        const { tags = {} } = this.service.resources.get(adopt) ?? {};
        // An attempt that was canceled before it began leaves a retained resource as it was.
        const isOurs = tags[ownershipTags.owner] === owner({ StackId: stack.id, LogicalResourceId: logicalId })
          && tags[ownershipTags.updatedBy] !== markBefore;
        this.keep(adopt, { withOurTags: policy === 'Retain' || !isOurs, exactly: false });
      }
      return undefined;
    }
  }

  /** Rolls back the creation of a resource. */
  private async takeBack(one: Recorded): Promise<void> {
    if (one.policy !== 'Retain') return this.delete(one.stack, one.logicalId, one.arn, one.properties, one);
    one.stack.set(one.logicalId, 'DELETE_SKIPPED', one.arn);
    this.recorded.delete(one);
    this.keep(one.arn, { withOurTags: true });
  }

  /** Updates the resource, and rolls the update back if it or another part of the deployment fails. */
  private async update(one: Recorded): Promise<void> {
    const { random, clock, verdict, rates } = this;
    const { stack, logicalId, arn } = one;
    const old = one.properties;
    const next = this.template(one.policy, old.ExistingArn);
    Object.keys(next.Tags ?? {}).forEach((key) => one.keys.add(key));
    const keepsFailed = random.chance(rates.noRollback);
    for (let attempt = 1, before = old; ; attempt++) {
      if (attempt > 3) this.calmDown();
      stack.set(logicalId, 'UPDATE_IN_PROGRESS', arn);
      await this.pause(0, 1000);
      const refused = this.refuse(next) || this.lockout.to > clock.now();
      verdict.updates++;
      const canceled = this.cancellation();
      const answer = await this.request(stack, logicalId, 'Update', arn, next, before, canceled);
      if (answer && answer.PhysicalResourceId !== arn) verdict.replaced++;
      if (answer?.Status === 'SUCCESS' && (keepsFailed || !random.chance(rates.rollBack))) {
        stack.set(logicalId, 'UPDATE_COMPLETE', arn);
        this.succeed(one, next);
        return;
      }
      if (answer?.Status !== 'SUCCESS' && canceled === undefined && !refused) verdict.failedUpdates++;
      stack.set(logicalId, 'UPDATE_FAILED', arn);
      if (!keepsFailed) break;
      if (attempt === 8) {
        verdict.stuck++;
        return;
      }
      // It is not documented which properties CloudFormation has then.
      const guess = random.pick([before, next]);
      // Without the tags of the library and without the former properties, the tags of the stack are not known.
      if (!one.stripped) before = guess;
      await clock.sleep(SECOND_THOUGHTS + random.between(0, 300_000));
    }

    await this.pause(1000, 3000);
    for (let attempt = 1; ; attempt++) {
      if (attempt > 3) this.calmDown();
      stack.set(logicalId, 'UPDATE_IN_PROGRESS', arn);
      await this.pause(0, 1000);
      const reversed = await this.request(stack, logicalId, 'Update', arn, old, next);
      if (reversed?.Status === 'SUCCESS') break;
      verdict.failedUpdates++;
      stack.set(logicalId, 'UPDATE_FAILED', arn);
      if (attempt === 6) {
        verdict.stuck++;
        return;
      }
      await clock.sleep(random.between(1000, 60_000));
    }
    stack.set(logicalId, 'UPDATE_COMPLETE', arn);
    this.succeed(one, old);
  }

  /** Ends all faults, so that the operation must succeed. */
  private calmDown(): void {
    this.functions.rates = { ...this.rates, ...calm };
    this.service.quotaExceededUntil = 0;
    this.service.invalidPermissionUntil = 0;
    this.lockout = { from: 0, to: 0 };
  }

  private succeed(one: Recorded, properties: Properties): void {
    this.functions.rates = this.rates;
    one.properties = properties;
    one.edited = false;
    one.stripped = false;
    this.noticeForeignTags(one);
    this.compare(one);
  }

  /** Sends the Delete of a physical id until it succeeds. `one` is the resource that has this physical id. */
  private async delete(
    stack: Stack, logicalId: string, id: string, properties: Properties, one?: Recorded,
  ): Promise<void> {
    const { random, clock, verdict, rates } = this;
    const releases = properties.ExistingArn !== undefined;
    const isCleanup = [...this.recorded].some((other) =>
      other.stack === stack && other.logicalId === logicalId && other.arn !== id);
    const set = (status: string) => stack.set(logicalId, status, id, isCleanup);
    for (let attempt = 1; ; attempt++) {
      if (attempt > 3) this.calmDown();
      set('DELETE_IN_PROGRESS');
      if (one && !releases) this.doomed.add(id);
      verdict.deletes++;
      await this.pause(0, 1000);
      const answer = await this.request(stack, logicalId, 'Delete', id, properties);
      if (answer?.Status === 'SUCCESS') break;
      set('DELETE_FAILED');
      verdict.failedDeletes++;
      if (attempt === 6) {
        verdict.stuck++;
        break;
      }
      await clock.sleep(random.between(1000, 60_000));
    }
    this.functions.rates = rates;
    set('DELETE_COMPLETE');
    if (!one) return;
    this.recorded.delete(one);
    if (releases) this.keep(one.arn);
  }

  /** Invokes the function and returns its response. Returns undefined after a cancellation or the service timeout. */
  private request(
    stack: Stack, logicalId: string, type: CustomResourceEvent['RequestType'], id: string | undefined,
    properties: Properties, old?: Properties, canceled = SERVICE_TIMEOUT,
  ): Promise<Answer | undefined> {
    const { clock } = this;
    const requestId = `request-${++this.requests}`;
    if (properties.DeletionPolicy === 'Retain') this.retaining.add(requestId);
    if (this.random.chance(this.functions.rates.lockout)) {
      const from = clock.now() + this.random.between(0, 5000);
      this.lockout = { from, to: from + this.random.between(0, 400_000) };
    }
    const now = clock.now() + this.cloudFormation.offset;
    const date = new Date(now).toISOString().replace(/[-:]|\.[0-9]+/g, '');
    const signature = this.signedByExpiry
      ? `Expires=${Math.floor(now / 1000) + 7200}&Signature=secret`
      : `X-Amz-Date=${date}&X-Amz-Signature=secret`;
    const arns = [id, properties.ExistingArn].filter((arn): arn is string => Boolean(arn?.startsWith('arn:')));
    for (const arn of arns) this.busy.set(arn, Infinity);
    return new Promise((resolve) => {
      const end = (answer?: Answer) => {
        const { Status, PhysicalResourceId = '', Reason } = answer ?? {};
        clock.clearTimeout(timer);
        this.waiting.delete(requestId);
        if (Status === 'SUCCESS' && type !== 'Delete') this.created.set(requestId, PhysicalResourceId);
        if (Status === 'FAILED' && !Reason) this.verdict.unexplained++;
        if (PhysicalResourceId.startsWith('arn:')) arns.push(PhysicalResourceId);
        for (const arn of arns) this.busy.set(arn, clock.now());

        const told = answer ? `${Status} ${PhysicalResourceId} ${Reason ?? ''}` : 'no longer waits';
        this.trace?.(clock.now(), 'CloudFormation', `${type} ${requestId}: ${told}`);
        resolve(answer);
      };
      const timer = clock.setTimeout(() => end(), canceled);
      this.waiting.set(requestId, end);
      const details = [type, requestId, stack.uuid[0], logicalId, id ?? '', JSON.stringify(properties)];
      this.trace?.(clock.now(), 'CloudFormation', details.join(' '));
      this.functions.invoke({
        RequestType: type,
        ResponseURL: `https://responses.s3.us-west-2.amazonaws.com/${requestId}?${signature}`,
        StackId: stack.id,
        RequestId: requestId,
        LogicalResourceId: logicalId,
        ResourceType: this.kind === 'room' ? 'Custom::IVSChatRoom' : 'Custom::IVSChatLoggingConfiguration',
        ...(id === undefined ? {} : { PhysicalResourceId: id }),
        ResourceProperties: properties,
        ...(old === undefined ? {} : { OldResourceProperties: old }),
      });
    });
  }

  private template(policy: string, adopt?: string): Properties {
    const { random } = this;
    const setting = random.pick(['1', '300', '500']);
    const handler = random.pick(['one', 'two', undefined]);
    const Uri = `arn:aws:lambda:us-west-2:123456789012:function:${handler}`;
    const review = handler && { MessageReviewHandler: { Uri, FallbackResult: 'DENY' } };
    const tags = {
      ...(random.chance(0.5) ? { team: random.pick(['a', 'b']) } : {}),
      ...(random.chance(0.3) ? { stage: 'test' } : {}),
    };
    const settings = this.kind === 'room'
      ? { MaximumMessageLength: setting, ...review }
      : { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: setting } } };
    return {
      ...(policy === 'Delete' ? {} : { DeletionPolicy: policy }),
      ...(adopt ? { ExistingArn: adopt } : {}),
      ...(adopt && random.chance(0.5) ? {} : { Name: random.pick(['lobby', 'lobby', 'stage', 'backstage']) }),
      ...settings,
      ...(Object.keys(tags).length > 0 ? { Tags: tags } : {}),
    };
  }

  /** Makes the service refuse creates or review handlers for a while. Returns whether it does. */
  private refuse({ MessageReviewHandler }: Properties): boolean {
    const { random, clock, service } = this;
    if (!random.chance(this.functions.rates.refusal)) return false;
    const until = clock.now() + random.between(0, 120_000);
    if (MessageReviewHandler && random.chance(0.7)) {
      service.invalidUri = MessageReviewHandler.Uri;
      service.invalidPermissionUntil = until;
    } else {
      service.quotaExceededUntil = until;
    }
    return true;
  }

  /**
   * Returns the ARN of a resource to adopt, which was made by hand or retained earlier. If it has the tags of another
   * stack, a person removes them first.
   */
  private adoptable(stack: Stack): string {
    const { random, service } = this;
    const isOfStack = (arn: string) => service.resources.get(arn)?.tags[ownershipTags.owner]?.startsWith(stack.uuid);
    const kept = [...this.kept.keys()].filter((arn) => this.adopted.has(arn) || isOfStack(arn));
    const arn = kept.length > 0 && random.chance(0.7)
      ? random.pick(kept)
      : service.put(this.kind, { name: 'byhand', tags: { by: 'hand' } }).arn;
    const { tags } = service.resources.get(arn)!;
    const formerOwner = tags[ownershipTags.owner];
    if (formerOwner !== undefined && !formerOwner.startsWith(stack.uuid)) {
      service.meddle(arn, { tags: withoutOurs(tags) });
    }
    this.adopted.add(arn);
    this.kept.delete(arn);
    this.effectiveAt.set(stack.id, this.clock.now() + random.between(0, this.rates.policyDelay));
    return arn;
  }

  /** Edits the resource as a person in the console or a tool would. */
  private async edit(one: Recorded): Promise<void> {
    const { random, service } = this;
    const stored = service.resources.get(one.arn);
    if (!stored) return;
    const { [ownershipTags.owner]: _, ...withoutOwner } = stored.tags;
    const edits: { readonly [name: string]: () => Partial<Stored> } = {
      'owner tag off': () => ({ tags: withoutOwner }),
      'our tags off': () => ({ tags: withoutOurs(stored.tags) }),
      'foreign tag on': () => ({ tags: { ...stored.tags, note: 'by hand' } }),
      'tag changed': () => ({ tags: { ...stored.tags, [one.properties.Tags?.team ? 'team' : 'note']: 'edited' } }),
      'setting changed': () => (this.kind === 'room' ? { maximumMessageLength: 77 } : { name: 'edited' }),
    };
    const name = random.pick(Object.keys(edits));
    // An adopted resource can only be released while it has its owner tag.
    if (one.properties.ExistingArn !== undefined && name.endsWith('off')) return;
    this.trace?.(this.clock.now(), 'person', `${name} ${one.arn}`);
    service.meddle(one.arn, edits[name]!());
    one.edited = true;
    if (name === 'our tags off') one.stripped = true;
    this.noticeForeignTags(one);
    // A deployment does not see an edit that is more recent than the read lag.
    await this.clock.sleep(this.rates.readLag + random.between(0, 10_000));
  }

  private noticeForeignTags(one: Recorded): void {
    const { tags = {} } = this.service.resources.get(one.arn) ?? {};
    for (const key of ['auto', 'note', 'by']) if (tags[key] !== undefined) one.foreignTags[key] = tags[key];
  }

  private keep(arn: string, { withOurTags = !this.adopted.has(arn), exactly = true } = {}): void {
    const stored = this.service.resources.get(arn);
    if (!stored) {
      this.verdict.retainedLost++;
      return;
    }
    if (!withOurTags && Object.keys(stored.tags).some((key) => key.startsWith('cdk-ivs-chat:'))) {
      this.verdict.wrong++;
      this.trace?.(this.clock.now(), 'WRONG', `released with ${JSON.stringify(stored.tags)}`);
    }
    this.kept.set(arn, exactly ? appearance(stored) : '');
  }

  private watch(): void {
    const { service, clock, random } = this;
    service.deletion = (arn) => ({
      milliseconds: random.between(0, this.rates.lateness),
      fails: this.doomed.has(arn) && random.chance(this.functions.rates.fault),
    });
    service.onDelete = (arn) => {
      if ([...this.recorded].some((one) => one.arn === arn) && !this.doomed.has(arn)) this.verdict.lost++;
      if (this.kept.has(arn)) this.verdict.retainedLost++;
    };
    service.onChange = (arn) => {
      if ((this.busy.get(arn) ?? Infinity) + LAST_WRITES < clock.now() && !this.doomed.has(arn)) this.verdict.late++;
    };
    service.onCreate = ({ arn }) => {
      if (!this.autoTags) return;
      clock.setTimeout(() => {
        const stored = service.resources.get(arn);
        if (stored) service.meddle(arn, { tags: { ...stored.tags, auto: 'yes' } });
      }, random.between(20, 3000));
    };
    service.authorize = (action, resource, context) => {
      const { caller } = this;
      if (!caller) return true;
      if (clock.now() < this.effectiveAt.get(caller.id)!) return false;
      if (clock.now() >= this.lockout.from && clock.now() < this.lockout.to) return false;
      const arn = this.adopted.has(resource) ? ADOPTED_ARN : resource;
      return this.permissions[STACK_UUIDS.indexOf(caller.uuid)]!(action, arn, context);
    };
  }

  /** Compares the resource with its template. They must agree as soon as CloudFormation has the response. */
  private compare(one: Recorded): void {
    const stored: any = this.service.resources.get(one.arn);
    if (!stored || one.edited) return; // a missing resource counts as lost
    const { Name, Tags = {}, MaximumMessageLength, MessageReviewHandler, DestinationConfiguration } = one.properties;
    const setting = this.kind === 'room'
      ? String(stored.maximumMessageLength)
      : stored.destinationConfiguration.cloudWatchLogs.logGroupName;
    const right = (Name === undefined || stored.name === Name)
      && setting === (MaximumMessageLength ?? DestinationConfiguration?.CloudWatchLogs.LogGroupName)
      && (stored.messageReviewHandler?.uri || undefined) === MessageReviewHandler?.Uri
      && [...one.keys].every((key) => stored.tags[key] === Tags[key]);
    if (!right) {
      this.verdict.wrong++;
      this.trace?.(this.clock.now(), 'WRONG', `${JSON.stringify(stored)} instead of ${JSON.stringify(one.properties)}`);
    }
    for (const [key, value] of Object.entries(one.foreignTags)) if (stored.tags[key] !== value) this.verdict.foreign++;
  }

  /** Judges the final state. */
  private judge(): void {
    const { service, verdict } = this;
    for (const one of this.recorded) {
      if (!service.resources.has(one.arn)) verdict.lost++;
      this.compare(one);
    }
    for (const [arn, was] of this.kept) {
      const stored = service.resources.get(arn);
      if (!stored) verdict.retainedLost++;
      else if (was !== '' && appearance(stored) !== was) verdict.foreign++;
    }
    const known = new Set([...[...this.recorded].map(({ arn }) => arn), ...this.kept.keys()]);
    for (const { arn, tags } of service.resources.values()) {
      if (known.has(arn)) continue;
      this.trace?.(this.clock.now(), 'LEFT', `${arn} ${JSON.stringify(tags)}`);
      const hasSibling = [...this.recorded].some(({ arn: recorded }) =>
        service.resources.get(recorded)?.tags[ownershipTags.owner] === tags[ownershipTags.owner]);
      const request = tags[ownershipTags.createdBy]?.split('/')[1] ?? '';
      const mayBeAbandoned = service.resources.has(this.created.get(request) ?? '') || this.retaining.has(request);
      if (mayBeAbandoned && this.functions.givenUp.has(request)) verdict.abandoned++;
      else if (hasSibling) verdict.siblings++;
      else verdict.orphans++;
    }
  }

  private apply({ operation, input }: Call, stackId: string): Reply {
    if (operation === 'PUT') {
      const answer: Answer = JSON.parse(input);
      this.waiting.get(answer.RequestId)?.(answer);
      return { status: 200, body: '' };
    }
    const stack = this.stacks.find(({ id }) => id === stackId)!;
    this.caller = stack;
    try {
      if (!/^(DescribeStack|ListStack)/.test(operation)) return this.service.apply(operation, input);
      if (!this.service.authorize!(`cloudformation:${operation}`, input.StackName, {})) return accessDenied(operation);
      if (operation === 'DescribeStackResource') return stack.describeStackResource(input.LogicalResourceId);
      if (operation === 'DescribeStackEvents') return stack.describeStackEvents(input.NextToken);
      return stack.listStackResources();
    } finally {
      this.caller = undefined;
    }
  }
}

function withoutOurs(tags: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('cdk-ivs-chat:')));
}

/** Returns all that users can see of a resource, except for the mark of the last update and automatic tags. */
function appearance({ updateTime, tags, ...rest }: Stored): string {
  const { [ownershipTags.updatedBy]: _, auto, ...others } = tags;
  return JSON.stringify({ ...rest, tags: Object.entries(others).sort() });
}

function accessDenied(operation: string): Reply {
  const error = `<Code>AccessDenied</Code><Message>not authorized to perform ${operation}</Message>`;
  return { status: 403, body: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
}
