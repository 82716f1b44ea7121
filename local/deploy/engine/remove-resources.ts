import { dependants, inDependencyOrder } from './in-dependency-order';
import type { ResourceContext, ResourceHandler, ResourceState } from './resource-handler';
import type { Stack, StackResource } from './stack';

/** Something to be deleted. */
export interface Doomed {
  readonly resource: StackResource;
  /** Undefined: there never was anything. */
  readonly state?: ResourceState;
  /** The deletion policy that counts. */
  readonly policy?: string;
  /** Whether the resource itself goes from the stack, not only something that it was before. */
  readonly forget: boolean;
}

/** Where a resource is and who handles it. */
export interface ResourceWorld {
  readonly region: string;
  readonly accountId: string;
  handler(type: string): ResourceHandler;
}

export function doomed(resource: StackResource, policy = resource.deletionPolicy): Doomed {
  return { resource, state: resource.state, policy, forget: true };
}

/** Of the operation that would have created a resource: RetainExceptOnCreate does not retain. */
export function doomedAfterCreate(resource: StackResource): Doomed {
  return doomed(resource, resource.deletionPolicy === 'RetainExceptOnCreate' ? 'Delete' : resource.deletionPolicy);
}

/** Deletes in reverse order of dependency and goes on after failures. Gives the logical ids that could not be deleted. */
export async function removeResources(stack: Stack, world: ResourceWorld, all: readonly Doomed[]): Promise<string[]> {
  const failed: string[] = [];
  const byId = new Map<string, Doomed[]>();
  for (const one of all) byId.set(one.resource.logicalId, [...(byId.get(one.resource.logicalId) ?? []), one]);
  const before = dependants(byId.keys(), (id) => byId.get(id)![0]!.resource.dependencies);
  await inDependencyOrder(byId.keys(), before, async (id) => {
    let gone = true;
    for (const one of byId.get(id)!) gone = (await removeOne(stack, world, one)) && gone;
    if (!gone) failed.push(id);
    return gone;
  });
  return failed;
}

export function resourceContext(stack: Stack, world: ResourceWorld, { logicalId, type }: StackResource, signal: AbortSignal): ResourceContext {
  const { region, accountId } = world;
  return { stackId: stack.id, stackName: stack.name, logicalId, type, region, accountId, stackTags: stack.tagMap, signal };
}

async function removeOne(stack: Stack, world: ResourceWorld, { resource, state, policy, forget }: Doomed): Promise<boolean> {
  const tell = (status: string, reason?: string) => {
    if (forget) stack.setResourceStatus(resource, status, { reason });
    else stack.recordResource(resource, status, { reason, physicalId: state?.physicalId });
  };
  if (state && (policy === 'Retain' || policy === 'RetainExceptOnCreate')) {
    tell('DELETE_SKIPPED');
  } else {
    try {
      tell('DELETE_IN_PROGRESS');
      if (state) await world.handler(resource.type).delete(resourceContext(stack, world, resource, new AbortController().signal), state);
      tell('DELETE_COMPLETE');
    } catch (error) {
      tell('DELETE_FAILED', (error as Error).message);
      return false;
    }
  }
  if (forget) stack.resources.delete(resource.logicalId);
  return true;
}
