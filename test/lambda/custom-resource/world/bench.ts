import { effectsOf } from '../../../../lambda/custom-resource/effects';
import type { CustomResourceEvent } from '../../../../lambda/custom-resource/event';
import { handle } from '../../../../lambda/custom-resource/handle';
import { Invocation } from './invocation';
import { IvsChat, type IvsChatOptions, type Reply } from './ivs-chat';
import { Random } from './random';
import { type Call, callOf, responseOf, stackResource } from './transport';
import { VirtualClock } from './virtual-clock';

export const STACK_ID = 'arn:aws:cloudformation:us-west-2:123456789012:stack/chat/9a1b2c30-0000-1111-2222-333344445555';
export const SIGNATURE = 'canaryResponseUrlSignature';
export const SECRETS = { accessKeyId: 'AKIACANARY', secretAccessKey: 'canarySecretAccessKey', sessionToken: 'canarySessionToken' };

export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly RequestId: string;
  readonly Data?: Record<string, string>;
  readonly raw: string;
}

/** What a call meets instead of its ordinary answer; nothing given: the ordinary answer. */
export type Interference = (call: Call, ordinary: () => Reply, index: number) => Reply | Promise<Reply> | Fault | undefined;

/** Where the call goes wrong, and whether the service carries it out all the same. */
export type Fault = typeof faults[number];
export const faults = [
  'reset, not done', 'reset, done', 'no answer, not done', 'no answer, done', 'no answer, done 20 s later', '500', '429', 'crash, not done', 'crash, done',
] as const;

export interface BenchOptions extends IvsChatOptions {
  readonly seed?: number;
  readonly environment?: Record<string, string>;
  readonly resourceType?: string;
  /** What every event's ResourceProperties have. */
  readonly properties?: Record<string, unknown>;
}

/** The real handler with everything around it simulated: one stack with one resource. */
export class Bench {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly service: IvsChat;
  readonly calls: (Call & { readonly time: number })[] = [];
  readonly logged: string[] = [];
  readonly answers: Answer[] = [];
  readonly thrown: Error[] = [];
  /** What CloudFormation says of the resource. */
  status = 'CREATE_IN_PROGRESS';
  recorded: string | undefined;
  interfere?: Interference;
  credentials = async () => SECRETS as { accessKeyId: string; secretAccessKey: string; expiration?: Date };
  /** How long the last invocation took. */
  milliseconds = 0;
  private requests = 0;

  constructor(private readonly options: BenchOptions = {}) {
    this.random = new Random(options.seed ?? 1);
    this.service = new IvsChat(this.clock, this.random, options);
  }

  /** The operations that were called, in order. */
  get operations(): string[] {
    return this.calls.map(({ operation }) => operation);
  }

  /** Those of IVS Chat. */
  get chatOperations(): string[] {
    return this.operations.filter((operation) => operation !== 'PUT' && operation !== 'DescribeStackResource');
  }

  /** What of this stack's resource the service has. */
  get owned() {
    return [...this.service.resources.values()].filter(({ tags }) => tags['cdk-ivs-chat:owner']?.startsWith(STACK_ID.split('/')[2]!));
  }

  event(event: Partial<CustomResourceEvent> = {}): CustomResourceEvent {
    const requestId = event.RequestId ?? `request-${++this.requests}`;
    const date = new Date(this.clock.now()).toISOString().replace(/[-:]|\.[0-9]+/g, '');
    return {
      RequestType: 'Create',
      ResponseURL: `https://cloudformation-custom-resource-response-uswest2.s3-us-west-2.amazonaws.com/${requestId}?X-Amz-Date=${date}&X-Amz-Signature=${SIGNATURE}`,
      StackId: STACK_ID,
      RequestId: requestId,
      LogicalResourceId: 'Room',
      ResourceType: this.options.resourceType ?? 'Custom::IVSChatRoom',
      ...event,
      ResourceProperties: {
        ServiceToken: 'arn:aws:lambda:us-west-2:123456789012:function:provider', Name: 'lobby', ...this.options.properties, ...event.ResourceProperties,
      },
    };
  }

  /** Delivers the event now; time does not pass by itself. A function that dies is started again, as Lambda does. */
  start(event: CustomResourceEvent, seconds = 300, attempt = 0): void {
    const { clock } = this;
    const begin = clock.now();
    const end = begin + seconds * 1000;
    const again = () => attempt < 2 && clock.setTimeout(() => this.start(event, seconds, attempt + 1), (attempt + 1) * 60_000);
    const invocation = new Invocation(clock, again);
    const timeout = clock.setTimeout(() => invocation.die(), seconds * 1000);
    const effects = effectsOf({
      transport: { handle: (request, { abortSignal } = {}) => this.carry(invocation, callOf(request), abortSignal as AbortSignal) },
      clock: invocation,
      random: this.random.next,
      log: (record) => this.logged.push(JSON.stringify(record)),
      credentials: () => this.credentials(),
      environment: { AWS_REGION: 'us-west-2', ...this.options.environment },
    });
    handle(effects, event, { getRemainingTimeInMillis: () => end - clock.now() }).then(
      () => {
        this.milliseconds = clock.now() - begin;
        clock.clearTimeout(timeout);
      },
      (error) => {
        this.thrown.push(error);
        clock.clearTimeout(timeout);
        invocation.die();
      });
  }

  /** Delivers the event and lets time pass until all is done. Gives the first answer to it. */
  async deliver(event: CustomResourceEvent, seconds?: number): Promise<Answer> {
    this.start(event, seconds);
    await this.clock.run();
    return this.answerTo(event)!;
  }

  answerTo({ RequestId }: CustomResourceEvent): Answer | undefined {
    return this.answers.find((answer) => answer.RequestId === RequestId);
  }

  async create(properties: object = {}, event: Partial<CustomResourceEvent> = {}): Promise<Answer> {
    this.status = 'CREATE_IN_PROGRESS';
    const answer = await this.deliver(this.event({ ...event, ResourceProperties: { ...properties } }));
    this.status = answer?.Status === 'SUCCESS' ? 'CREATE_COMPLETE' : 'CREATE_FAILED';
    this.recorded = answer?.PhysicalResourceId;
    return answer;
  }

  async update(properties: object, oldProperties: object = {}, event: Partial<CustomResourceEvent> = {}): Promise<Answer> {
    this.status = 'UPDATE_IN_PROGRESS';
    const answer = await this.deliver(this.event({
      RequestType: 'Update',
      PhysicalResourceId: this.recorded,
      OldResourceProperties: this.event({ RequestId: '-', ResourceProperties: { ...oldProperties } }).ResourceProperties,
      ...event,
      ResourceProperties: { ...properties },
    }));
    this.status = answer?.Status === 'SUCCESS' ? 'UPDATE_COMPLETE' : 'UPDATE_FAILED';
    return answer;
  }

  async delete(properties: object = {}, event: Partial<CustomResourceEvent> = {}): Promise<Answer> {
    this.status = 'DELETE_IN_PROGRESS';
    const answer = await this.deliver(this.event({ RequestType: 'Delete', PhysicalResourceId: this.recorded, ...event, ResourceProperties: { ...properties } }));
    this.status = answer?.Status === 'SUCCESS' ? 'DELETE_COMPLETE' : 'DELETE_FAILED';
    return answer;
  }

  /** Lets so much time pass. */
  async wait(seconds: number): Promise<void> {
    this.clock.setTimeout(() => {}, seconds * 1000);
    await this.clock.run();
  }

  /** Forgets the calls and what interferes with them. */
  calm(): void {
    this.calls.length = 0;
    this.interfere = undefined;
  }

  private async carry(invocation: Invocation, call: Call, abortSignal?: AbortSignal) {
    this.calls.push({ ...call, time: this.clock.now() });
    const index = this.calls.length - 1;
    await invocation.sleep(20);
    const ordinary = () => this.ordinary(call);
    const met = this.interfere?.(call, ordinary, index) ?? ordinary();
    const reply = typeof met === 'string' ? this.suffer(met, invocation, ordinary) : met;
    return responseOf(await Promise.race([reply, new Promise<never>((_, reject) => abortSignal?.addEventListener('abort', () => reject(abortSignal.reason)))]));
  }

  private suffer(fault: Fault, invocation: Invocation, ordinary: () => Reply): Promise<Reply> | Reply {
    if (fault.endsWith(', done')) ordinary();
    if (fault.endsWith('later')) this.clock.setTimeout(ordinary, 20_000);
    if (fault.startsWith('reset')) return Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    if (fault === '500') return { status: 500, body: '{"message":"oops"}', headers: { 'x-amzn-errortype': 'InternalServerException' } };
    if (fault === '429') return { status: 429, body: '{"message":"slow down"}', headers: { 'x-amzn-errortype': 'ThrottlingException' } };
    if (fault.startsWith('crash')) invocation.die();
    return new Promise<never>(() => undefined);
  }

  private ordinary({ operation, input }: Call): Reply {
    if (operation === 'PUT') {
      this.answers.push({ ...JSON.parse(input), raw: input });
      return { status: 200, body: '' };
    }
    if (operation === 'DescribeStackResource') return stackResource(this.status, this.recorded);
    return this.service.apply(operation, input);
  }
}
