export type Properties = { readonly [name: string]: unknown };

/** The resource of an operation, with its stack and account. */
export interface ResourceContext {
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly region: string;
  readonly accountId: string;
  readonly stackTags: { readonly [key: string]: string };
  /** Aborted when another resource fails or the stack is deleted. */
  readonly signal: AbortSignal;
}

export interface ResourceState {
  readonly physicalId: string;
  /** The properties of the last create or update. */
  readonly properties: Properties;
  /** The attributes for `Fn::GetAtt`. */
  readonly attributes: { readonly [name: string]: unknown };
}

/** A resource as it is now, also if somebody has changed it outside of CloudFormation. */
export interface CurrentResource {
  readonly properties: Properties;
  readonly attributes: ResourceState['attributes'];
}

/** The lifecycle of a resource type. An update that returns another physical ID is a replacement. */
export interface ResourceHandler {
  create(context: ResourceContext, properties: Properties): Promise<ResourceState>;
  update(context: ResourceContext, current: ResourceState, properties: Properties): Promise<ResourceState>;
  delete(context: ResourceContext, current: ResourceState): Promise<void>;
  /** Reverts an update in a rollback. */
  restore(context: ResourceContext, current: ResourceState, before: ResourceState): Promise<ResourceState>;
  /** The property whose value is the physical ID, for imports. @default - resources cannot be imported */
  readonly identifier?: string;
  /**
   * Returns a resource as it is now, or undefined if it does not exist. Imports and drift detection need it.
   *
   * @default - resources cannot be imported, and drift is not detected
   */
  read?(context: ResourceContext, physicalId: string): Promise<CurrentResource | undefined>;
  /** Returns whether an update replaces the resource, as far as the changed properties show it. */
  replaces(changedProperties: readonly string[]): 'True' | 'False' | 'Conditional';
  /** Returns the value of an attribute that the state does not have. @default - `Fn::GetAtt` fails */
  attribute?(context: ResourceContext, current: ResourceState, name: string): unknown;
  /** Returns the message of `Fn::GetAtt` for a missing attribute. */
  missingAttribute(context: Pick<ResourceContext, 'logicalId' | 'type'>, attribute: string): string;
}

/** The failure of a create, update or delete of a resource. */
export class ResourceFailure extends Error {
  /**
   * @param physicalId The physical ID of a resource that may exist despite the failure.
   * @param canceled Whether the cancellation of the operation caused the failure.
   */
  constructor(message: string, readonly physicalId?: string, readonly canceled = false) {
    super(message);
    this.name = 'ResourceFailure';
  }
}
