import { effectsOf } from '../../../../lambda/custom-resource/effects';
import type { CustomResourceEvent } from '../../../../lambda/custom-resource/event';
import { handle } from '../../../../lambda/custom-resource/handle';
import type { HttpRequest, HttpResponse } from '../../../../lambda/client';
import { Invocation } from '../world/invocation';
import { fault, type Reply } from '../world/ivs-chat';
import type { Random } from '../world/random';
import { type Call, callOf, responseOf } from '../world/transport';
import type { VirtualClock } from '../world/virtual-clock';
import type { Rates } from './worlds';

const TIMEOUT = 600_000;
const MAXIMUM_EVENT_AGE = 600_000;
const never = new Promise<never>(() => undefined);

export interface Trace {
  (time: number, invocation: string, what: string): void;
}

const replyFaults = ['lost request', 'lost answer', 'late', '500', '429', 'unreadable'] as const;

/** The asynchronous invocations of AWS Lambda: at least once, with retries, and with occasional duplicates. */
export class Functions {
  rates: Rates;
  invocations = 0;
  calls = 0;
  /** The requests for which every attempt of a delivery has died. */
  readonly givenUp = new Set<string>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
    rates: Rates,
    private readonly apply: (call: Call, stackId: string) => Reply,
    private readonly clockOffset: number,
    private readonly trace?: Trace,
  ) {
    this.rates = rates;
  }

  invoke(event: CustomResourceEvent): void {
    const { random, clock, rates } = this;
    const deliver = () => this.deliver(event, clock.now(), 0);
    clock.setTimeout(deliver, random.between(20, 800) / rates.haste);
    if (random.chance(rates.duplicate)) clock.setTimeout(deliver, random.between(0, rates.duplicateWithin));
    if (random.chance(rates.lateDuplicate)) clock.setTimeout(deliver, random.between(0, 7_200_000));
  }

  private deliver(event: CustomResourceEvent, first: number, attempt: number): void {
    const { clock } = this;
    const name = `${event.RequestType} ${event.RequestId} #${++this.invocations}`;
    const invocation = new Invocation(this.clock, () => {
      this.trace?.(clock.now(), name, 'dies');
      const wait = (attempt + 1) * 60_000;
      const isLast = attempt === 2 || clock.now() + wait - first >= MAXIMUM_EVENT_AGE;
      if (isLast) this.givenUp.add(event.RequestId);
      else clock.setTimeout(() => this.deliver(event, first, attempt + 1), wait);
    });
    const end = clock.now() + TIMEOUT;
    const timeout = clock.setTimeout(() => invocation.die(), TIMEOUT);
    const effects = effectsOf({
      transport: { handle: (request: HttpRequest) => this.carry(invocation, name, request, event.StackId) },
      clock: invocation.ahead(this.clockOffset),
      random: this.random.next,
      log: () => undefined,
      credentials,
      environment: { AWS_REGION: 'us-west-2' },
    });
    this.trace?.(clock.now(), name, `starts, id ${event.PhysicalResourceId ?? '-'}`);
    handle(effects, event, { getRemainingTimeInMillis: () => end - clock.now() }).then(
      () => clock.clearTimeout(timeout),
      () => {
        clock.clearTimeout(timeout);
        invocation.die();
      });
  }

  /** Delivers one request and its response, or loses one of them. */
  private async carry(
    invocation: Invocation, name: string, request: HttpRequest, stackId: string,
  ): Promise<{ response: HttpResponse }> {
    const { random, clock, rates } = this;
    this.calls++;
    const call = callOf(request);
    const { operation, input } = call;
    const there = random.between(5, 100) / rates.haste;
    const apply = () => {
      const reply = this.apply(call, stackId);
      const target = input.identifier ?? input.resourceArn ?? '';
      this.trace?.(clock.now(), name, `${operation} ${target} -> ${reply.status} ${shown(reply)}`);
      return reply;
    };

    const later = () => clock.setTimeout(apply, there + random.between(0, rates.lateness));
    if (random.chance(rates.crash)) {
      const fate = random.pick(['not sent', 'done', 'done late'] as const);
      if (fate === 'done') clock.setTimeout(apply, there);
      else if (fate === 'done late') later();
      this.trace?.(clock.now(), name, `${operation}: crash, ${fate}`);
      clock.setTimeout(() => invocation.die(), fate === 'done' ? there + 10 : random.between(0, there));
      return never;
    }

    const kind = random.chance(rates.fault) ? random.pick(replyFaults) : undefined;
    if (kind) this.trace?.(clock.now(), name, `${operation}: ${kind}`);
    switch (kind) {
      case 'lost request':
        return this.lose(invocation, there);
      case 'lost answer':
        clock.setTimeout(apply, there);
        return this.lose(invocation, there);
      case 'late':
        later();
        return this.lose(invocation, there);
      case '500':
        await invocation.sleep(there);
        if (random.chance(0.5)) apply();
        return responseOf(fault('InternalServerException', 500));
      case '429':
        await invocation.sleep(there);
        return responseOf(fault('ThrottlingException', 429));
      case 'unreadable':
        await invocation.sleep(there);
        return responseOf(unreadable(apply()));
      default: {
        await invocation.sleep(there);
        const reply = apply();
        await invocation.sleep(random.between(5, /^(Describe|List)Stack/.test(operation) ? rates.slowStatus : 50));
        return responseOf(reply);
      }
    }
  }

  /** Fails with a connection reset, or never settles, in which case the caller times out. */
  private async lose(invocation: Invocation, there: number): Promise<never> {
    if (this.random.chance(0.5)) return never;
    await invocation.sleep(there + this.random.between(0, 50));
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  }
}

/** Damages the body of a response. A response without a body does not change. */
function unreadable(reply: Reply): Reply {
  return reply.status === 200 && reply.body !== '' ? { ...reply, body: '<html>' } : reply;
}

const identity = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
const credentials = async () => identity;

function shown({ body, headers }: Reply): string {
  if (headers?.['x-amzn-errortype']) return headers['x-amzn-errortype'];
  const idsAndStatuses = body.match(/(?<=room\/|logging-configuration\/)[A-Za-z0-9]{12}|<ResourceStatus>[A-Z_]+/g);
  return (idsAndStatuses ?? []).map((text) => text.replace('<ResourceStatus>', '')).join(' ');
}
