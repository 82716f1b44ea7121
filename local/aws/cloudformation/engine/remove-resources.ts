import { dependants, inDependencyOrder } from './in-dependency-order';
import type { ResourceContext, ResourceHandler } from '../resource-handler';
import type { Removal, Stack, StackResource } from './stack';

/** The account, Region and handlers of resources. */
export interface ResourceWorld {
  readonly region: string;
  readonly accountId: string;
  handler(type: string): ResourceHandler;
}

export function removalOf(resource: StackResource, policy = resource.deletionPolicy): Removal {
  return { resource, state: resource.state, policy, forget: true };
}

/** Returns the deletion of a resource after its create is rolled back. RetainExceptOnCreate does not apply. */
export function removalAfterCreate(resource: StackResource): Removal {
  return removalOf(resource, resource.deletionPolicy === 'RetainExceptOnCreate' ? 'Delete' : resource.deletionPolicy);
}

/** Deletes resources in reverse dependency order, and continues after failures. Returns the failed logical IDs. */
export async function removeResources(stack: Stack, world: ResourceWorld, all: readonly Removal[]): Promise<string[]> {
  const failed: string[] = [];
  const byId = new Map<string, Removal[]>();
  for (const one of all) byId.set(one.resource.logicalId, [...(byId.get(one.resource.logicalId) ?? []), one]);
  const before = dependants(byId.keys(), (id) => byId.get(id)!.flatMap(({ resource }) => [...resource.dependencies]));
  await inDependencyOrder(byId.keys(), before, async (id) => {
    let gone = true;
    for (const one of byId.get(id)!) gone = (await removeOne(stack, world, one)) && gone;
    if (!gone) failed.push(id);
    return gone;
  });
  return failed;
}

export function resourceContext(
  stack: Stack,
  world: ResourceWorld,
  { logicalId, type }: StackResource,
  signal: AbortSignal,
): ResourceContext {
  const { region, accountId } = world;
  return {
    stackId: stack.id,
    stackName: stack.name,
    logicalId,
    type,
    region,
    accountId,
    stackTags: stack.tagMap,
    signal,
  };
}

async function removeOne(
  stack: Stack,
  world: ResourceWorld,
  { resource, state, policy, forget }: Removal,
): Promise<boolean> {
  const tell = (status: string, reason?: string) => {
    if (forget) stack.setResourceStatus(resource, status, { reason });
    else stack.recordResource(resource, status, { reason, physicalId: state?.physicalId });
  };
  if (state && (policy === 'Retain' || policy === 'RetainExceptOnCreate')) {
    tell('DELETE_SKIPPED');
  } else {
    try {
      tell('DELETE_IN_PROGRESS');
      if (state) {
        await world
          .handler(resource.type)
          .delete(resourceContext(stack, world, resource, new AbortController().signal), state);
      }
      tell('DELETE_COMPLETE');
    } catch (error) {
      tell('DELETE_FAILED', (error as Error).message);
      return false;
    }
  }
  if (forget) stack.resources.delete(resource.logicalId);
  return true;
}
