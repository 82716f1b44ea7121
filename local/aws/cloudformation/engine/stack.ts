import type { Clock } from '../../../clock';
import type { EvaluatedTemplate } from '../templates/evaluated-template';
import type { ResourceState } from '../resource-handler';

export interface StackEvent {
  readonly StackId: string;
  readonly StackName: string;
  readonly EventId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
  readonly Timestamp: Date;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  readonly ResourceProperties?: string;
  readonly ClientRequestToken?: string;
}

/** A resource of a stack, from its first CREATE_IN_PROGRESS to its DELETE_COMPLETE. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  physicalId?: string;
  status: string;
  statusReason?: string;
  /** The time of its current status. */
  lastUpdated: Date;
  /** Undefined until a create succeeds or fails with a physical ID. */
  state?: ResourceState;
  /** Whether a create has succeeded. */
  isCreated: boolean;
  /** The logical ids of the resources that were created before it. They are deleted after it. */
  dependencies: ReadonlySet<string>;
  deletionPolicy?: string;
  updateReplacePolicy?: string;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** The deployment mode of an operation. */
export interface DeploymentConfig {
  readonly mode: 'STANDARD' | 'EXPRESS';
  /** @default - rollback is disabled in express mode only */
  readonly disableRollback?: boolean;
}

/** The options of a stack. */
export interface StackOptions {
  readonly deploymentConfig?: DeploymentConfig;
  readonly tags?: readonly Tag[];
  readonly capabilities?: readonly string[];
  readonly roleArn?: string;
  readonly notificationArns?: readonly string[];
}

/** The deletion of a resource. */
export interface Removal {
  readonly resource: StackResource;
  /** The state to delete. Undefined if the resource was never created. */
  readonly state?: ResourceState;
  /** The deletion policy that applies. */
  readonly policy?: string;
  /** Whether the resource leaves the stack. False for a replaced predecessor. */
  readonly forget: boolean;
}

/** A change of a resource in an update, with everything that its rollback requires. */
export interface Change {
  readonly resource: StackResource;
  /** The previous state. Undefined for a created resource. */
  readonly before?: ResourceState;
  /** The current state of an updated resource, or the state that a failed update may have caused. */
  after?: ResourceState;
}

/** An unfinished update: it has not succeeded yet and was not rolled back. It starts from the last stable state. */
export interface UpdateAttempt {
  /** The template of the last stable state. Undefined if no operation has succeeded. */
  readonly previous?: EvaluatedTemplate;
  readonly changes: Map<string, Change>;
  /** Replaced and abandoned resources. Those that are not in use at the end are deleted. */
  leftovers: Removal[];
}

export class Stack {
  /** Undefined before the first change set is executed. */
  template?: EvaluatedTemplate;
  status = 'REVIEW_IN_PROGRESS';
  statusReason?: string;
  readonly creationTime: Date;
  lastUpdatedTime?: Date;
  deletionTime?: Date;
  tags: readonly Tag[] = [];
  capabilities: readonly string[] = [];
  roleArn?: string;
  notificationArns: readonly string[] = [];
  disableRollback = false;
  /** The deployment mode of the most recent operation. */
  deploymentConfig?: DeploymentConfig;
  terminationProtection = false;
  outputs: readonly StackOutput[] = [];
  readonly resources = new Map<string, StackResource>();
  /** The events, newest last. */
  readonly events: StackEvent[] = [];
  /** The most recent operation. Never rejects. */
  operation: Promise<void> = Promise.resolve();
  /** Cancels the creates and updates of the running operation. */
  cancel?: () => void;
  attempt?: UpdateAttempt;
  clientRequestToken?: string;
  private eventCount = 0;

  constructor(
    readonly id: string,
    readonly name: string,
    private readonly clock: Clock,
    private readonly onEvent: (event: StackEvent) => void,
    /** The ID of the stack that contains this stack, if it is nested. */
    readonly parentId?: string,
    /** The ID of the outermost stack, if this stack is nested. */
    readonly rootId?: string,
  ) {
    this.creationTime = new Date(clock.now());
  }

  get exists(): boolean {
    return this.status !== 'DELETE_COMPLETE';
  }

  get busy(): boolean {
    return this.status.endsWith('_IN_PROGRESS') && this.status !== 'REVIEW_IN_PROGRESS';
  }

  /** Whether the last operation failed with rollback disabled. */
  get hasFailed(): boolean {
    return this.status === 'CREATE_FAILED' || this.status === 'UPDATE_FAILED';
  }

  get tagMap(): { readonly [key: string]: string } {
    return Object.fromEntries(this.tags.map(({ Key, Value }) => [Key, Value]));
  }

  setStatus(status: string, reason?: string): void {
    this.status = status;
    this.statusReason = reason;
    this.record({
      LogicalResourceId: this.name,
      PhysicalResourceId: this.id,
      ResourceType: 'AWS::CloudFormation::Stack',
      ResourceStatus: status,
      ResourceStatusReason: reason,
    });
  }

  /** Sets the status of a resource and records an event. */
  setResourceStatus(
    resource: StackResource,
    status: string,
    details: { readonly reason?: string; readonly properties?: unknown } = {},
  ): void {
    resource.status = status;
    resource.statusReason = details.reason;
    resource.lastUpdated = new Date(this.clock.now());
    this.recordResource(resource, status, { ...details, physicalId: resource.physicalId });
  }

  /** Records an event that does not change the status of the resource, such as the deletion of its predecessor. */
  recordResource(
    resource: StackResource,
    status: string,
    details: { readonly reason?: string; readonly physicalId?: string; readonly properties?: unknown },
  ): void {
    this.record({
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: details.physicalId ?? '',
      ResourceType: resource.type,
      ResourceStatus: status,
      ResourceStatusReason: details.reason,
      ResourceProperties: JSON.stringify(details.properties),
    });
  }

  private record(
    event: Pick<
      StackEvent,
      | 'LogicalResourceId'
      | 'PhysicalResourceId'
      | 'ResourceType'
      | 'ResourceStatus'
      | 'ResourceStatusReason'
      | 'ResourceProperties'
    >,
  ): void {
    // The CDK CLI sorts events by time, so two events cannot have the same timestamp.
    const now = Math.max(this.clock.now(), (this.events.at(-1)?.Timestamp.getTime() ?? 0) + 1);
    const full: StackEvent = {
      StackId: this.id,
      StackName: this.name,
      EventId: `${event.LogicalResourceId}-${event.ResourceStatus}-${new Date(now).toISOString()}-${this.eventCount++}`,
      Timestamp: new Date(now),
      ClientRequestToken: this.clientRequestToken,
      ...event,
    };
    this.events.push(full);
    this.onEvent(full);
  }
}

export interface StackOutput {
  readonly OutputKey: string;
  readonly OutputValue: string;
  readonly Description?: string;
  readonly ExportName?: string;
}
