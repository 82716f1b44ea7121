export type Properties = { readonly [name: string]: unknown };

/** Which resource of which stack, and in whose account. */
export interface ResourceContext {
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly region: string;
  readonly accountId: string;
  readonly stackTags: { readonly [key: string]: string };
  /** Aborted when the operation stops waiting for this resource: another one failed, or the stack is being deleted. */
  readonly signal: AbortSignal;
}

export interface ResourceState {
  readonly physicalId: string;
  /** With which it was last created or updated. */
  readonly properties: Properties;
  /** What `Fn::GetAtt` can ask for. */
  readonly attributes: { readonly [name: string]: unknown };
}

/** How resources of a type are made, changed and unmade. An update that returns another physical id has made a replacement. */
export interface ResourceHandler {
  create(context: ResourceContext, properties: Properties): Promise<ResourceState>;
  update(context: ResourceContext, current: ResourceState, properties: Properties): Promise<ResourceState>;
  delete(context: ResourceContext, current: ResourceState): Promise<void>;
  /** Takes back an update in a rollback. */
  restore(context: ResourceContext, current: ResourceState, before: ResourceState): Promise<ResourceState>;
  /** Whether an update would replace the resource, as far as it can be told beforehand. */
  replaces(changedProperties: readonly string[]): 'True' | 'False' | 'Conditional';
  /** What `Fn::GetAtt` of an attribute that is not there says. */
  missingAttribute(context: Pick<ResourceContext, 'logicalId' | 'type'>, attribute: string): string;
}

/** Why a resource could not be created, updated or deleted. */
export class ResourceFailure extends Error {
  /**
   * @param physicalId what may exist all the same
   * @param cancelled whether it failed only because the operation ended
   */
  constructor(message: string, readonly physicalId?: string, readonly cancelled = false) {
    super(message);
    this.name = 'ResourceFailure';
  }
}
