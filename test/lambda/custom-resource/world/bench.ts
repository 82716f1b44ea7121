import { IvsChat, type IvsChatOptions, type Reply } from './ivs-chat';
import { Random } from './random';
import { callOf, responseOf, stackResource, type Call } from './transport';
import { VirtualClock } from './virtual-clock';
import { effectsOf } from '../../../../lambda/custom-resource/effects';
import type { CustomResourceEvent } from '../../../../lambda/custom-resource/event';
import { handle } from '../../../../lambda/custom-resource/handle';

export const STACK_ID = 'arn:aws:cloudformation:us-west-2:123456789012:stack/chat/9a1b2c30-0000-1111-2222-333344445555';
export const SIGNATURE = 'canaryResponseUrlSignature';
export const SECRETS = { accessKeyId: 'AKIACANARY', secretAccessKey: 'canarySecretAccessKey', sessionToken: 'canarySessionToken' };

export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Record<string, string>;
}

/** What a call meets instead of its ordinary answer; nothing given: the ordinary answer. */
export type Interference = (call: Call, ordinary: () => Reply) => Reply | Promise<Reply> | undefined;

export interface BenchOptions extends IvsChatOptions {
  readonly seed?: number;
  readonly environment?: Record<string, string>;
}

/** The real handler with everything around it simulated: one stack with one resource, and what is asked for is looked at. */
export class Bench {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly service: IvsChat;
  readonly calls: Call[] = [];
  readonly logged: string[] = [];
  readonly answers: (Answer & { readonly raw: string })[] = [];
  readonly thrown: Error[] = [];
  /** What CloudFormation says of the resource. */
  status = 'CREATE_IN_PROGRESS';
  recorded: string | undefined;
  interfere?: Interference;
  milliseconds = 0;
  private requests = 0;
  private readonly effects;

  constructor(options: BenchOptions = {}) {
    this.random = new Random(options.seed ?? 1);
    this.service = new IvsChat(this.clock, this.random, options);
    this.effects = effectsOf({
      transport: {
        handle: async (request, { abortSignal } = {}) => {
          const call = callOf(request);
          this.calls.push(call);
          await this.clock.sleep(20);
          const ordinary = () => this.ordinary(call);
          const reply = this.interfere?.(call, ordinary) ?? ordinary();
          return responseOf(await Promise.race([reply, new Promise<never>((_, reject) => {
            (abortSignal as AbortSignal | undefined)?.addEventListener('abort', () => reject((abortSignal as AbortSignal).reason));
          })]));
        },
      },
      clock: this.clock,
      random: this.random.next,
      log: (record) => this.logged.push(JSON.stringify(record)),
      credentials: async () => SECRETS,
      environment: { AWS_REGION: 'us-west-2', ...options.environment },
    });
  }

  /** The operations that were called, in order. */
  get operations(): string[] {
    return this.calls.map(({ operation }) => operation);
  }

  event(event: Partial<CustomResourceEvent>): CustomResourceEvent {
    const requestId = `request-${++this.requests}`;
    const date = new Date(this.clock.now()).toISOString().replace(/[-:]|\.[0-9]+/g, '');
    return {
      RequestType: 'Create',
      ResponseURL: `https://cloudformation-custom-resource-response-uswest2.s3-us-west-2.amazonaws.com/${requestId}?X-Amz-Date=${date}&X-Amz-Signature=${SIGNATURE}`,
      StackId: STACK_ID,
      RequestId: requestId,
      LogicalResourceId: 'Room',
      ResourceType: 'Custom::IVSChatRoom',
      ResourceProperties: { ServiceToken: 'arn:aws:lambda:us-west-2:123456789012:function:provider', Name: 'lobby' },
      ...event,
    };
  }

  /** Lets so much time pass. */
  async wait(seconds: number): Promise<void> {
    this.clock.setTimeout(() => {}, seconds * 1000);
    await this.clock.run();
  }

  /** Delivers the event and lets time pass until all is done. Gives the last answer. */
  async deliver(event: CustomResourceEvent, seconds = 300): Promise<Answer> {
    const start = this.clock.now();
    const end = start + seconds * 1000;
    handle(this.effects, event, { getRemainingTimeInMillis: () => end - this.clock.now() }).then(
      () => { this.milliseconds = this.clock.now() - start; },
      (error) => { this.thrown.push(error); });
    await this.clock.run();
    return this.answers.at(-1)!;
  }

  async create(properties: object = {}, event: Partial<CustomResourceEvent> = {}): Promise<Answer> {
    this.status = 'CREATE_IN_PROGRESS';
    const whole = this.event(event);
    const answer = await this.deliver({ ...whole, ResourceProperties: { ...whole.ResourceProperties, ...properties } });
    this.status = answer?.Status === 'SUCCESS' ? 'CREATE_COMPLETE' : 'CREATE_FAILED';
    this.recorded = answer?.PhysicalResourceId;
    return answer;
  }

  async update(properties: object, oldProperties: object = {}, event: Partial<CustomResourceEvent> = {}): Promise<Answer> {
    this.status = 'UPDATE_IN_PROGRESS';
    const whole = this.event({ RequestType: 'Update', PhysicalResourceId: this.recorded, ...event });
    const answer = await this.deliver({
      ...whole,
      ResourceProperties: { ...whole.ResourceProperties, ...properties },
      OldResourceProperties: { ...whole.ResourceProperties, ...oldProperties },
    });
    this.status = answer.Status === 'SUCCESS' ? 'UPDATE_COMPLETE' : 'UPDATE_FAILED';
    return answer;
  }

  async delete(properties: object = {}, event: Partial<CustomResourceEvent> = {}): Promise<Answer> {
    this.status = 'DELETE_IN_PROGRESS';
    const whole = this.event({ RequestType: 'Delete', PhysicalResourceId: this.recorded, ...event });
    const answer = await this.deliver({ ...whole, ResourceProperties: { ...whole.ResourceProperties, ...properties } });
    this.status = answer.Status === 'SUCCESS' ? 'DELETE_COMPLETE' : 'DELETE_FAILED';
    return answer;
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
