import { isDeepStrictEqual } from 'node:util';
import {
  ResourceFailure,
  type CurrentResource,
  type Properties,
  type ResourceContext,
  type ResourceHandler,
  type ResourceState,
} from './resource-handler';

/** A created resource: the values of `Ref` and `Fn::GetAtt`. */
export interface Made {
  readonly physicalId: string;
  readonly attributes?: { readonly [name: string]: unknown };
}

/** The behavior of a CloudFormation resource type. */
export interface ResourceType {
  /** The required properties. */
  readonly required?: readonly string[];
  /** The properties that require a replacement when they change, or `'*'` for all. */
  readonly createOnly?: readonly string[] | '*';
  create(properties: Properties, context: ResourceContext): Made | Promise<Made>;
  /** Updates the resource and returns its attributes. @default - an update has no effect */
  update?(
    properties: Properties,
    current: ResourceState,
    context: ResourceContext,
  ): Made['attributes'] | void | Promise<Made['attributes'] | void>;
  /** Returns the value of an attribute that `create` has not returned. @default - `Fn::GetAtt` fails */
  attribute?(name: string, current: ResourceState, context: ResourceContext): unknown;
  /** The property whose value is the physical ID, for imports. @default - resources cannot be imported */
  readonly identifier?: string;
  /** Returns the resource as it is now, or undefined if it does not exist. @default - no imports, no drift detection */
  read?(physicalId: string, context: ResourceContext): Promise<CurrentResource | undefined>;
  /** Deletes the resource. @default - a delete has no effect */
  delete?(current: ResourceState, context: ResourceContext): void | Promise<void>;
}

export type ResourceTypes = { readonly [type: string]: ResourceType };

/** Creates the handler of a resource type. */
export function resourceTypeHandler(type: ResourceType): ResourceHandler {
  const replaces = (names: readonly string[]) =>
    names.some((name) => type.createOnly === '*' || type.createOnly?.includes(name));
  const isReplacement = (before: Properties, after: Properties) => {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return replaces(names.filter((name) => !isDeepStrictEqual(before[name], after[name])));
  };
  const create = async (context: ResourceContext, properties: Properties): Promise<ResourceState> => {
    checkRequired(type, context, properties);
    const { physicalId, attributes = {} } = await type.create(properties, context);
    return { physicalId, properties, attributes };
  };
  const update = async (
    context: ResourceContext,
    current: ResourceState,
    properties: Properties,
  ): Promise<ResourceState> => {
    if (isReplacement(current.properties, properties)) return create(context, properties);

    checkRequired(type, context, properties);
    return {
      physicalId: current.physicalId,
      properties,
      attributes: (await type.update?.(properties, current, context)) ?? current.attributes,
    };
  };
  return {
    create,
    update,
    // A replaced resource exists until the cleanup, and a replacement that failed has changed nothing.
    restore: async (context, current, before) =>
      current.physicalId === before.physicalId && !isReplacement(current.properties, before.properties)
        ? update(context, current, before.properties)
        : before,
    delete: async (context, current) => type.delete?.(current, context),
    identifier: type.identifier,
    read: type.read && ((context, physicalId) => type.read!(physicalId, context)),
    attribute: (context, current, name) => type.attribute?.(name, current, context),
    replaces: (names) => (replaces(names) ? 'True' : 'False'),
    missingAttribute: ({ logicalId, type: name }, attribute) =>
      `Template error: resource ${logicalId} of type ${name} does not support attribute type ${attribute} in `
      + 'Fn::GetAtt',
  };
}

/** Returns the tags of a resource. They take precedence over the tags of the stack. */
export function tagsOf({ Tags }: Properties, { stackTags }: ResourceContext): { [key: string]: string } {
  const own = Array.isArray(Tags) ? (Tags as { Key: string; Value: string }[]) : [];
  return { ...stackTags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, Value])) };
}

function checkRequired(type: ResourceType, { logicalId }: ResourceContext, properties: Properties): void {
  const missing = (type.required ?? []).filter((name) => properties[name] === undefined);
  if (missing.length === 0) return;

  const problems = missing.map((name) => `#: required key [${name}] not found`).join(', ');
  throw new ResourceFailure(`Properties validation failed for resource ${logicalId} with message: ${problems}`);
}
