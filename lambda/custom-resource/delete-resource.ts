import { releaseResource } from './adopt-resource';
import { UNCREATED, unlessStillDenied } from './failed-create';
import { waitForLateWrites } from './late-writes';
import { type ManagedResource, RefusedError } from './managed-resource';
import { createdBy } from './ownership';
import { neverRecorded, recordedId } from './stack-history';
import { lostTags, tag } from './tags';
import { untilGone } from './until-shown';
import { foreignOwner } from './update-resource';
import { ownershipTags } from '../../src/contract/ownership-tags';
import type { Live } from './resource-kind';

/** Deletes the resource of the physical id. Keeps every resource that CloudFormation has recorded under another id. */
export async function deleteResource(resource: ManagedResource): Promise<void> {
  const { kind, event, arn, isOffered } = resource;
  const { PhysicalResourceId: physicalId = '' } = event;
  const { properties } = kind.decode(event.ResourceProperties);
  // No create has made a call.
  if (!isOffered || physicalId.startsWith(UNCREATED.nothing)) return;

  const isFailedCreate = physicalId.startsWith(UNCREATED.pending) || physicalId.startsWith(UNCREATED.denied);
  if (typeof properties.existingArn === 'string') await releaseResource(resource, properties.existingArn);
  else if (arn) await deleteRecorded(resource, arn, resource.nameOf(properties));
  else if (isFailedCreate) await deleteMadeBy(resource, physicalId);
  else await deleteNeverRecorded(resource, resource.nameOf(properties));
}

/**
 * Deletes the recorded resource. Its siblings from the same create are deleted first, because the tags of the resource
 * identify them.
 */
async function deleteRecorded(resource: ManagedResource, arn: string, name: string | undefined): Promise<void> {
  const live = await resource.findSurely(arn);
  if (!live) return deleteNeverRecorded(resource, name, { isRecent: false });

  const owner = live.tags[ownershipTags.owner];
  if (owner !== undefined && owner !== resource.owner) throw new RefusedError(foreignOwner(arn, owner));
  if (owner === undefined) await tag(resource, arn, () => lostTags(resource, live, {}), async () => undefined);

  await waitForLateWrites(resource, live.createTime);
  const creation = createdBy(live.tags);
  if (creation) {
    const made = await resource.listCreatedBy(creation.request, creation.name);
    for (const sibling of made) if (sibling.arn !== arn) await removeSurely(resource, sibling);
  } else {
    await deleteNeverRecorded(resource, name, { isRecent: false, except: arn });
  }
  await removeSurely(resource, live);
}

/** Deletes the resources of one create request. The request failed, so CloudFormation has recorded none of them. */
async function deleteMadeBy(resource: ManagedResource, physicalId: string): Promise<void> {
  const [, request = '', name = ''] = physicalId.split('/');
  await waitForLateWrites(resource, resource.invocation.effects.now());
  await removeUnlessRecorded(resource, await unlessStillDenied(resource, resource.listCreatedBy(request, name), []));
}

/**
 * Deletes the resources that any create of this logical id has made and CloudFormation has never recorded. The physical
 * id does not name the request: CloudFormation generates such an id when it cancels a create.
 */
async function deleteNeverRecorded(
  resource: ManagedResource, name: string | undefined, { isRecent = true, except = '' } = {},
): Promise<void> {
  if (name === undefined) return;
  if (isRecent) await waitForLateWrites(resource, resource.invocation.effects.now());
  const earlier = (await resource.list(name)).filter(({ arn, tags }) => {
    const creation = createdBy(tags);
    return arn !== except && creation !== undefined && creation.requestedAt <= resource.requestedAt;
  });
  await removeUnlessRecorded(resource, await neverRecorded(resource, earlier));
}

/** Deletes the resources, except the one that CloudFormation has recorded by then. */
async function removeUnlessRecorded(resource: ManagedResource, candidates: readonly Live[]): Promise<void> {
  for (const live of candidates) {
    if (await recordedId(resource) !== live.arn) await removeSurely(resource, live);
  }
}

/** Deletes the resource. The service accepts the delete of a logging configuration and completes it later. */
async function removeSurely(resource: ManagedResource, { arn, state }: Live): Promise<void> {
  if (state !== 'DELETING') await resource.remove(arn);
  if (state !== undefined) await untilGone(resource, arn);
}
