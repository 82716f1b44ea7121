import type { CustomResourceEvent } from '../../../../lambda/custom-resource/event';
import { ownershipTags } from '../../../../src/contract/ownership-tags';
import { IvsChat, type Reply } from '../world/ivs-chat';
import { Random } from '../world/random';
import { type Call, noSuchStack, stackResource } from '../world/transport';
import { VirtualClock } from '../world/virtual-clock';
import { Functions, type Trace } from './functions';
import { calm, type Rates } from './rates';

export interface Verdict {
  /** Rooms that are left of a resource that is gone. */
  orphans: number;
  /** Rooms that are left beside the one that CloudFormation knows. */
  siblings: number;
  /** Rooms that CloudFormation has as living and that are not there. */
  lost: number;
  /** Deletes that failed even when nothing went wrong any more. */
  stuck: number;
  /** Rooms that are not as the template says. */
  wrong: number;
  /** Rooms of others that were touched. */
  foreign: number;
  /** Updates that answered with another physical id. */
  replaced: number;
  /** Creates that failed though nobody cancelled them: honest, but a pity. */
  failedCreates: number;
  failedUpdates: number;
  creates: number;
  updates: number;
  deletes: number;
  calls: number;
  invocations: number;
  milliseconds: { create: number; update: number; delete: number };
}

const SERVICE_TIMEOUT = 600_000;
const STACK_ID = 'arn:aws:cloudformation:us-west-2:123456789012:stack/chat/9a1b2c30-0000-1111-2222-333344445555';
const OTHER_OWNER = 'ffffffff-0000-1111-2222-333344445555/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';

interface Answer {
  readonly Status: string;
  readonly PhysicalResourceId: string;
  readonly RequestId: string;
}

type Properties = Record<string, any>;

/** One life of one resource of one stack, as the seed has it. */
export async function runSchedule(seed: number, rates: Rates, trace?: Trace): Promise<Verdict> {
  return new Schedule(seed, rates, trace).run();
}

class Schedule {
  private readonly random: Random;
  private readonly clock = new VirtualClock();
  private readonly service: IvsChat;
  private readonly functions: Functions;
  /** One in five is a logging configuration: the same protocol, but lists that can't be asked for a name. */
  private readonly kind: 'room' | 'logging-configuration';
  private readonly statusLag: number;
  private readonly statuses: { time: number; reply: Reply }[] = [];
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private status = '';
  private recorded: string | undefined;
  private requests = 0;
  private readonly verdict: Verdict = {
    orphans: 0,
    siblings: 0,
    lost: 0,
    stuck: 0,
    wrong: 0,
    foreign: 0,
    replaced: 0,
    failedCreates: 0,
    failedUpdates: 0,
    creates: 0,
    updates: 0,
    deletes: 0,
    calls: 0,
    invocations: 0,
    milliseconds: { create: 0, update: 0, delete: 0 },
  };

  constructor(seed: number, private readonly rates: Rates, private readonly trace?: Trace) {
    this.random = new Random(seed);
    this.kind = this.random.chance(0.2) ? 'logging-configuration' : 'room';
    this.statusLag = this.random.pick(rates.statusLags);
    this.service = new IvsChat(this.clock, this.random, { readLag: rates.readLag });
    this.service.onDelete = (arn) => {
      if (arn === this.recorded && !this.status.startsWith('DELETE_')) this.verdict.lost++;
    };
    this.functions = new Functions(this.clock, this.random, rates, (call) => this.apply(call), trace);
    this.service.deletion = (arn) => ({
      milliseconds: this.random.between(0, rates.lateness),
      fails: arn === this.recorded && this.random.chance(this.functions.rates.fault),
    });
  }

  async run(): Promise<Verdict> {
    const { service, verdict, clock } = this;
    const foreign = [
      service.put(this.kind, { name: 'lobby', tags: {} }),
      service.put(this.kind, { name: 'lobby', tags: { [ownershipTags.owner]: OTHER_OWNER, [ownershipTags.request]: 'request-1', [ownershipTags.born]: '20200101T000000Z' } }),
    ];
    const before = JSON.stringify(foreign);
    const life = this.live();
    await clock.run();
    await life;

    if (JSON.stringify(foreign) !== before || foreign.some(({ arn }) => !service.resources.has(arn))) verdict.foreign++;
    const mine = [...service.resources.values()].filter((resource) => !foreign.includes(resource));
    if (this.recorded === undefined) {
      verdict.orphans += mine.length;
    } else {
      verdict.siblings += mine.filter(({ arn }) => arn !== this.recorded).length;
      if (!service.resources.has(this.recorded)) verdict.lost++;
    }
    verdict.calls = this.functions.calls;
    verdict.invocations = this.functions.invocations;
    return verdict;
  }

  /** What CloudFormation does with the resource. */
  private async live(): Promise<void> {
    const { random, clock, verdict, rates } = this;
    const lives = random.chance(rates.again) ? 2 : 1;
    for (let life = 1; life <= lives; life++) {
      let properties: Properties = this.template('lobby');
      this.set('CREATE_IN_PROGRESS', undefined);
      verdict.creates++;
      const start = clock.now();
      const cancelled = random.chance(rates.cancel) ? random.between(0, 20_000) : undefined;
      const answer = await this.request('Create', undefined, properties, undefined, cancelled);
      verdict.milliseconds.create += clock.now() - start;
      if (rates.calmAfterCreate) this.functions.rates = calm;
      if (answer?.Status === 'SUCCESS') {
        this.set('CREATE_COMPLETE', answer.PhysicalResourceId);
        if (!this.service.resources.has(answer.PhysicalResourceId)) verdict.lost++;
        for (let updates = random.pick([0, 0, 1, 2]); updates > 0; updates--) {
          await clock.sleep(random.pick([random.between(100, 5000), random.between(0, 600_000)]));
          const next = this.template(random.pick(['lobby', 'lobby', 'stage', 'backstage']));
          properties = await this.update(properties, next);
        }
        await clock.sleep(random.pick([random.between(100, 5000), random.between(0, 90_000), random.between(0, 7_200_000)]));
        if (life === lives && random.chance(0.3)) return;
      } else {
        if (cancelled === undefined) verdict.failedCreates++;
        this.set('CREATE_FAILED', answer?.PhysicalResourceId);
        await clock.sleep(random.between(10, 2000));
      }
      await this.delete(answer?.PhysicalResourceId ?? `chat-Room-${random.letters(13)}`, properties);
      await clock.sleep(random.pick([random.between(10, 2000), random.between(0, 60_000), random.between(0, 3_600_000)]));
    }
  }

  /** An update, and its reversal if it fails or something else of the stack does. Gives what the room must be then. */
  private async update(old: Properties, next: Properties): Promise<Properties> {
    const { random, clock, verdict, rates } = this;
    const id = this.recorded!;
    verdict.updates++;
    const start = clock.now();
    this.set('UPDATE_IN_PROGRESS', id);
    const cancelled = random.chance(rates.cancel / 3) ? random.between(0, 20_000) : undefined;
    const answer = await this.request('Update', id, next, old, cancelled);
    verdict.milliseconds.update += clock.now() - start;
    if (answer && answer.PhysicalResourceId !== id) verdict.replaced++;
    if (answer?.Status === 'SUCCESS' && !random.chance(0.2)) {
      this.set('UPDATE_COMPLETE', id);
      this.compare(next);
      return next;
    }
    if (answer?.Status !== 'SUCCESS' && cancelled === undefined) verdict.failedUpdates++;
    for (let attempt = 1; ; attempt++) {
      if (attempt > 3) this.functions.rates = calm;
      this.set('UPDATE_FAILED', id);
      await clock.sleep(random.between(10, 2000));
      this.set('UPDATE_IN_PROGRESS', id);
      const reversed = await this.request('Update', id, old, next);
      if (reversed?.Status === 'SUCCESS') break;
      if (attempt === 5) {
        verdict.stuck++;
        break;
      }
    }
    this.functions.rates = rates;
    this.set('UPDATE_COMPLETE', id);
    this.compare(old);
    return old;
  }

  private async delete(id: string, properties: Properties): Promise<void> {
    const { random, clock, verdict, rates } = this;
    const start = clock.now();
    for (let attempt = 1; ; attempt++) {
      if (attempt > 3) this.functions.rates = calm;
      this.set('DELETE_IN_PROGRESS', id);
      verdict.deletes++;
      const answer = await this.request('Delete', id, properties);
      if (answer?.Status === 'SUCCESS') break;
      this.set('DELETE_FAILED', id);
      if (attempt === 5) {
        verdict.stuck++;
        break;
      }
      await clock.sleep(random.between(1000, 60_000));
    }
    verdict.milliseconds.delete += clock.now() - start;
    this.functions.rates = rates;
    this.set('DELETE_COMPLETE', id);
    this.recorded = undefined;
  }

  /** Asks the function, and waits for its answer until it is cancelled or the service timeout has passed. */
  private request(
    type: CustomResourceEvent['RequestType'], id: string | undefined, properties: Properties, old?: Properties, cancelled = SERVICE_TIMEOUT,
  ): Promise<Answer | undefined> {
    const { clock } = this;
    const requestId = `request-${++this.requests}`;
    const date = new Date(clock.now()).toISOString().replace(/[-:]|\.[0-9]+/g, '');
    return new Promise((resolve) => {
      const end = (answer?: Answer) => {
        clock.clearTimeout(timer);
        this.waiting.delete(requestId);
        this.trace?.(clock.now(), 'CloudFormation', `${type} ${requestId}: ${answer ? `${answer.Status} ${answer.PhysicalResourceId}` : 'no longer waits'}`);
        resolve(answer);
      };
      const timer = clock.setTimeout(() => end(), cancelled);
      this.waiting.set(requestId, end);
      this.functions.invoke({
        RequestType: type,
        ResponseURL: `https://responses.s3.us-west-2.amazonaws.com/${requestId}?X-Amz-Date=${date}&X-Amz-Signature=secret`,
        StackId: STACK_ID,
        RequestId: requestId,
        LogicalResourceId: 'Room',
        ResourceType: this.kind === 'room' ? 'Custom::IVSChatRoom' : 'Custom::IVSChatLoggingConfiguration',
        ...(id === undefined ? {} : { PhysicalResourceId: id }),
        ResourceProperties: properties,
        ...(old === undefined ? {} : { OldResourceProperties: old }),
      });
    });
  }

  private template(name: string): Properties {
    const { random } = this;
    const setting = random.pick(['1', '300', '500']);
    return {
      Name: name,
      ...(this.kind === 'room' ? { MaximumMessageLength: setting } : { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: setting } } }),
      ...(random.chance(0.5) ? { Tags: { team: random.pick(['a', 'b']) } } : {}),
    };
  }

  /** What the room is must be what its template says, as soon as CloudFormation was told so. */
  private compare({ Name, Tags, MaximumMessageLength, DestinationConfiguration }: Properties): void {
    const live: any = this.service.resources.get(this.recorded!);
    if (!live) return; // lost, and counted as that
    const setting = this.kind === 'room' ? String(live.maximumMessageLength) : live.destinationConfiguration.cloudWatchLogs.logGroupName;
    const right = live.name === Name && setting === (MaximumMessageLength ?? DestinationConfiguration?.CloudWatchLogs.LogGroupName)
      && live.tags.team === Tags?.team;
    if (!right) this.verdict.wrong++;
  }

  private set(status: string, recorded: string | undefined): void {
    this.status = status;
    this.recorded = recorded?.startsWith('arn:') ? recorded : undefined;
    this.trace?.(this.clock.now(), 'CloudFormation', `${status} ${recorded ?? ''}`);
    this.statuses.push({ time: this.clock.now(), reply: stackResource(status, recorded, this.clock.now()) });
  }

  private apply({ operation, input }: Call): Reply {
    if (operation === 'PUT') {
      const answer: Answer = JSON.parse(input);
      this.waiting.get(answer.RequestId)?.(answer);
      return { status: 200, body: '' };
    }
    if (operation === 'DescribeStackResource') return this.described();
    return this.service.apply(operation, input);
  }

  private described(): Reply {
    const then = this.clock.now() - (this.statusLag && this.random.between(0, this.statusLag));
    for (let index = this.statuses.length - 1; index >= 0; index--) {
      if (this.statuses[index]!.time <= then) return this.statuses[index]!.reply;
    }
    return noSuchStack;
  }
}
