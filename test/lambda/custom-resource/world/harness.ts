import { effectsOf } from '../../../../lambda/custom-resource/effects';
import type { CustomResourceEvent } from '../../../../lambda/custom-resource/event';
import { handle } from '../../../../lambda/custom-resource/handle';
import { Invocation } from './invocation';
import { type Authorize, fault as errorReply, IvsChat, type IvsChatOptions, type Reply } from './ivs-chat';
import { Random } from './random';
import { ADOPTED_ARN, permissionsOfStack } from './permissions';
import { providerPolicy } from './provider-policy';
import { Stack } from './stack';
import { type Call, callOf, responseOf } from './transport';
import { VirtualClock } from './virtual-clock';

export const STACK_UUID = '9a1b2c30-0000-1111-2222-333344445555';
export const STACK_ID = `arn:aws:cloudformation:us-west-2:123456789012:stack/chat/${STACK_UUID}`;
export const SIGNATURE = 'canaryResponseUrlSignature';
export const SECRETS = {
  accessKeyId: 'AKIACANARY', secretAccessKey: 'canarySecretAccessKey', sessionToken: 'canarySessionToken',
};

export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Record<string, string>;
  readonly raw: string;
}

/** Returns another reply or a fault for a call. Returns undefined for the ordinary reply. */
export type Interceptor =
  (call: Call, ordinary: () => Reply, index: number) => Reply | Promise<Reply> | Fault | undefined;

/** How the call fails, and whether the service performs it nevertheless. */
export type Fault = typeof faults[number];
export const faults = [
  'reset, not done', 'reset, done', 'no answer, not done', 'no answer, done', 'no answer, done 20 s later',
  '500', '429', 'crash, not done', 'crash, done',
] as const;

export interface HarnessOptions extends IvsChatOptions {
  readonly seed?: number;
  readonly environment?: Record<string, string>;
  readonly resourceType?: string;
  /** The ResourceProperties of every event. */
  readonly properties?: Record<string, unknown>;
  /** An action that IAM denies to the provider, such as `ivschat:ListRooms` or `ivschat:Get*`. */
  readonly denied?: string;
  /** The maximum age of the responses of CloudFormation, in milliseconds. */
  readonly stackLag?: number;
  /** The time from sending a request until it takes effect, in milliseconds. The default is 20. */
  readonly latency?: number;
}

/** A resource as CloudFormation records it. */
interface StackRecord {
  status: string;
  recorded?: string;
  /** The last request. CloudFormation ignores the responses to earlier requests. */
  requestId?: string;
}

let policies: string | undefined;

/**
 * The real handler in a simulated environment: one stack with the resource `Room`, and with the other resources that
 * events name. IAM enforces the policy that the constructs synthesize. The first response to a request that
 * CloudFormation waits for changes the status of the resource.
 */
export class Harness {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly service: IvsChat;
  readonly calls: (Call & { readonly time: number })[] = [];
  readonly logged: string[] = [];
  readonly answers: Answer[] = [];
  readonly thrown: Error[] = [];
  /** The stack in CloudFormation. */
  readonly stack: Stack;
  intercept?: Interceptor;
  credentials = async () => SECRETS as { accessKeyId: string; secretAccessKey: string; expiration?: Date };
  /** The duration of the last invocation. */
  milliseconds = 0;
  /** The decision of IAM, by the policy that the constructs synthesize. */
  allowed: Authorize;
  private readonly records = new Map<string, StackRecord>();
  private readonly adopted = new Set<string>();
  private readonly started = new Set<string>();
  private requests = 0;

  constructor(private readonly options: HarnessOptions = {}) {
    this.random = new Random(options.seed ?? 1);
    this.service = new IvsChat(this.clock, this.random, options);
    this.stack = new Stack('chat', STACK_UUID, this.clock, this.random, { offset: 0, lag: options.stackLag ?? 0 });
    this.setStatus('Room', 'CREATE_IN_PROGRESS');
    policies ??= providerPolicy();
    this.allowed = permissionsOfStack(policies, STACK_UUID, options.denied);
    this.service.authorize = (action, resource, context) => {
      const arn = this.adopted.has(resource) ? ADOPTED_ARN : resource;
      return this.allowed(action, arn, context);
    };
  }

  /** The status of the resource `Room` in CloudFormation. */
  get status(): string {
    return this.recordOf('Room').status;
  }

  set status(status: string) {
    this.setStatus('Room', status);
  }

  /** The physical id that CloudFormation has recorded for `Room`. It is shown from the next status on. */
  get recorded(): string | undefined {
    return this.recordOf('Room').recorded;
  }

  set recorded(physicalId: string | undefined) {
    this.recordOf('Room').recorded = physicalId;
  }

  recordOf(logicalId: string): StackRecord {
    let record = this.records.get(logicalId);
    if (!record) this.records.set(logicalId, record = { status: '' });
    return record;
  }

  setStatus(logicalId: string, status: string): void {
    const record = this.recordOf(logicalId);
    record.status = status;
    this.stack.set(logicalId, status, record.recorded);
  }

  /**
   * Removes the resource from the stack and keeps it in the service, as CloudFormation does under the policy Retain.
   */
  retain(logicalId = 'Room'): void {
    this.setStatus(logicalId, 'DELETE_SKIPPED');
    this.recordOf(logicalId).recorded = undefined;
  }

  /** The operations that were called, in order. */
  get operations(): string[] {
    return this.calls.map(({ operation }) => operation);
  }

  /** The operations of IVS Chat that were called, in order. */
  get chatOperations(): string[] {
    return this.operations.filter((operation) => !/^(PUT$|DescribeStack|ListStack)/.test(operation));
  }

  /** The resources in the service that this stack owns. */
  get owned() {
    return [...this.service.resources.values()]
      .filter(({ tags }) => tags['cdk-ivs-chat:owner']?.startsWith(STACK_UUID));
  }

  event(event: Partial<CustomResourceEvent> = {}): CustomResourceEvent {
    const requestId = event.RequestId ?? `request-${++this.requests}`;
    const { ExistingArn } = event.ResourceProperties ?? {};
    if (typeof ExistingArn === 'string') this.adopted.add(ExistingArn); // the policy names what the template adopts
    const date = new Date(this.clock.now()).toISOString().replace(/[-:]|\.[0-9]+/g, '');
    const origin = 'https://cloudformation-custom-resource-response-uswest2.s3-us-west-2.amazonaws.com';
    return {
      RequestType: 'Create',
      ResponseURL: `${origin}/${requestId}?X-Amz-Date=${date}&X-Amz-Signature=${SIGNATURE}`,
      StackId: STACK_ID,
      RequestId: requestId,
      LogicalResourceId: 'Room',
      ResourceType: this.options.resourceType ?? 'Custom::IVSChatRoom',
      ...event,
      ResourceProperties: {
        ServiceToken: 'arn:aws:lambda:us-west-2:123456789012:function:provider',
        Name: 'lobby',
        ...this.options.properties,
        ...event.ResourceProperties,
      },
    };
  }

  /** Delivers the event without advancing the clock. Like Lambda, starts a function again after it dies. */
  start(event: CustomResourceEvent, seconds = 600, attempt = 0): void {
    const { clock } = this;
    if (!this.started.has(event?.RequestId)) this.recordOf(event?.LogicalResourceId).requestId = event?.RequestId;
    this.started.add(event?.RequestId);
    const begin = clock.now();
    const end = begin + seconds * 1000;
    const again = () => {
      if (attempt < 2) clock.setTimeout(() => this.start(event, seconds, attempt + 1), (attempt + 1) * 60_000);
    };
    const invocation = new Invocation(clock, again);
    const timeout = clock.setTimeout(() => invocation.die(), seconds * 1000);
    const effects = effectsOf({
      transport: {
        handle: (request, { abortSignal } = {}) =>
          this.carry(invocation, callOf(request), abortSignal as AbortSignal),
      },
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

  /** Delivers the event and runs the clock until nothing is pending. Returns the first response to the event. */
  async deliver(event: CustomResourceEvent, seconds?: number): Promise<Answer> {
    this.start(event, seconds);
    await this.clock.run();
    return this.answerTo(event)!;
  }

  answerTo({ RequestId }: Pick<CustomResourceEvent, 'RequestId'>): Answer | undefined {
    return this.answers.find((answer) => answer.RequestId === RequestId);
  }

  async create(properties: object = {}, event: Partial<CustomResourceEvent> = {}): Promise<Answer> {
    this.status = 'CREATE_IN_PROGRESS';
    return this.deliver(this.event({ ...event, ResourceProperties: { ...properties } }));
  }

  async update(
    properties: object, oldProperties: object = {}, event: Partial<CustomResourceEvent> = {},
  ): Promise<Answer> {
    this.status = 'UPDATE_IN_PROGRESS';
    const former = this.event({ RequestId: '-', ResourceProperties: { ...oldProperties } });
    return this.deliver(this.event({
      RequestType: 'Update',
      PhysicalResourceId: this.recorded,
      OldResourceProperties: former.ResourceProperties,
      ...event,
      ResourceProperties: { ...properties },
    }));
  }

  async delete(properties: object = {}, event: Partial<CustomResourceEvent> = {}): Promise<Answer> {
    this.status = 'DELETE_IN_PROGRESS';
    return this.deliver(this.event({
      RequestType: 'Delete', PhysicalResourceId: this.recorded, ...event, ResourceProperties: { ...properties },
    }));
  }

  /** Advances the clock by a number of seconds. */
  async wait(seconds: number): Promise<void> {
    this.clock.setTimeout(() => {}, seconds * 1000);
    await this.clock.run();
  }

  /** Forgets the calls and the interceptor. */
  reset(): void {
    this.calls.length = 0;
    this.intercept = undefined;
  }

  private async carry(invocation: Invocation, call: Call, abortSignal?: AbortSignal) {
    this.calls.push({ ...call, time: this.clock.now() });
    const index = this.calls.length - 1;
    await invocation.sleep(this.options.latency ?? 20);
    const ordinary = () => this.ordinary(call);
    const met = this.intercept?.(call, ordinary, index) ?? ordinary();
    const reply = typeof met === 'string' ? this.applyFault(met, invocation, ordinary) : met;
    const aborted = new Promise<never>((_, reject) => {
      abortSignal?.addEventListener('abort', () => reject(abortSignal.reason));
    });
    return responseOf(await Promise.race([reply, aborted]));
  }

  private applyFault(fault: Fault, invocation: Invocation, ordinary: () => Reply): Promise<Reply> | Reply {
    if (fault.endsWith(', done')) ordinary();
    if (fault.endsWith('later')) this.clock.setTimeout(ordinary, 20_000);
    if (fault.startsWith('reset')) {
      return Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    }
    if (fault === '500') return errorReply('InternalServerException', 500, 'oops');
    if (fault === '429') return errorReply('ThrottlingException', 429, 'slow down');
    if (fault.startsWith('crash')) invocation.die();
    return new Promise<never>(() => undefined);
  }

  private ordinary({ operation, input }: Call): Reply {
    if (operation === 'PUT') {
      const answer: Answer = { ...JSON.parse(input), raw: input };
      const isFirst = this.answerTo(answer) === undefined;
      this.answers.push(answer);
      if (isFirst) this.take(answer);
      return { status: 200, body: '' };
    }
    if (!/^(DescribeStack|ListStack)/.test(operation)) return this.service.apply(operation, input);
    if (!this.allowed(`cloudformation:${operation}`, STACK_ID, {})) {
      const message = `not authorized to perform cloudformation:${operation}`;
      const error = `<Code>AccessDenied</Code><Message>${message}</Message>`;
      return { status: 403, body: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
    }
    switch (operation) {
      case 'DescribeStackResource': return this.stack.describeStackResource(input.LogicalResourceId);
      case 'DescribeStackEvents': return this.stack.describeStackEvents(input.NextToken);
      default: return this.stack.listStackResources();
    }
  }

  /** Records the response if CloudFormation waits for it. */
  private take({ Status, PhysicalResourceId, LogicalResourceId, RequestId }: Answer): void {
    const record = this.recordOf(LogicalResourceId);
    if (record.requestId !== RequestId) return;
    const operation = /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.exec(record.status)?.[1];
    if (!operation) return;
    // An update that succeeds with another physical id has replaced the resource.
    if (operation === 'CREATE' || (operation === 'UPDATE' && Status === 'SUCCESS')) {
      record.recorded = PhysicalResourceId;
    }
    this.setStatus(LogicalResourceId, `${operation}_${Status === 'SUCCESS' ? 'COMPLETE' : 'FAILED'}`);
  }
}
