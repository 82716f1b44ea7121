import { type Progress, UNCREATED, unlessStillDenied } from './failed-create';
import { waitForLateWrites } from './late-writes';
import { type ManagedResource, RefusedError } from './managed-resource';
import { isCurrentView } from './request-status';
import type { Live, Properties } from './resource-kind';
import { recordedBy, wasRecordedSince } from './stack-history';
import { mark, tag, untag, updatedBy } from './tags';
import { timingOf } from './timing';
import { CurrentView, foreignOwner, write } from './update-resource';
import { isOwnershipTag, ownershipTags } from '../../src/contract/ownership-tags';

/** Adopts an existing resource: the stack owns it from now on. Brings the resource to the desired state. */
export async function adoptResource(
  resource: ManagedResource, arn: string, desired: Properties, progress: Progress,
): Promise<Live> {
  const { kind, owner, region, request } = resource;
  if (!resource.ownArn(arn)) {
    const expected = `the ARN of a ${kind.arnResource} of this account in ${region}`;
    throw new RefusedError(`ExistingArn must be ${expected}, got ${arn}`);
  }

  const view = new CurrentView(resource, arn);
  const live = await view.look();
  progress.physicalId = `${UNCREATED.pending}${request}/`;
  await checkOwner(resource, live);
  // Without the owner tag, IAM allows no other change.
  await tag(resource, arn, () => ({ [ownershipTags.owner]: owner, ...mark(resource) }), () => view.look());
  return write(resource, view, arn, undefined, desired);
}

/** Throws `RefusedError` if another stack owns the resource, or if this stack has it under another logical id. */
async function checkOwner(resource: ManagedResource, { arn, tags }: Live): Promise<void> {
  const owner = tags[ownershipTags.owner];
  if (owner === undefined || owner === resource.owner) return;
  if (!owner.startsWith(`${resource.stack}/`)) throw new RefusedError(foreignOwner(arn, owner));

  const other = await otherRecordOf(resource, arn);
  if (other === undefined) return;
  throw new RefusedError(`${arn} belongs to the resource ${other} of this stack. To move it to another construct, `
    + 'give its present construct the removal policy RETAIN and deploy, remove that construct and deploy, '
    + 'and then adopt the resource');
}

/**
 * Returns the logical id under which the stack has recorded the ARN. The list can be older than the request, so a
 * resource in an old list is looked up again.
 */
async function otherRecordOf(resource: ManagedResource, arn: string): Promise<string | undefined> {
  const { invocation } = resource;
  const timing = timingOf(invocation.effects);
  for (;;) {
    const askedAt = invocation.effects.now();
    const [other] = await recordedBy(resource, arn);
    if (other === undefined || isCurrentView(resource, askedAt, timing)) return other;
    await invocation.pauseBeforeAskingAgain(
      `Waiting until CloudFormation shows that the resource ${other} does not have ${arn} any more`,
    );
  }
}

/**
 * Releases an adopted resource: removes the tags of the library and leaves the resource in place. An adopted resource
 * is never deleted, whatever the removal policy and the cause of the delete.
 */
export async function releaseResource(resource: ManagedResource, adopted: string): Promise<void> {
  const arn = resource.ownArn(adopted);
  const found = arn && await unlessStillDenied(resource, resource.findSurely(arn), undefined);
  if (!found) return;

  await waitForLastChange(resource, found);
  const live = await resource.find(arn);
  if (live?.tags[ownershipTags.owner] !== resource.owner) return;

  const adoptedBy = updatedBy(live.tags);
  if (adoptedBy && adoptedBy.requestTime > resource.requestTime) return; // adopted again since
  // The clean-up of an attempt that failed, after a later attempt has adopted the resource.
  if (!resource.arn && await wasRecordedSince(resource, arn, adoptedBy?.requestTime ?? 0)) return;

  const keys = Object.keys(live.tags).filter(isOwnershipTag);
  await untag(resource, arn, keys, async () => undefined);
}

/** Waits until no change of the last update can take effect any more. */
async function waitForLastChange(resource: ManagedResource, found: Live): Promise<void> {
  const { invocation } = resource;
  const { effects } = invocation;
  const { quietTime } = timingOf(effects);
  const { markedAt = 0 } = updatedBy(found.tags) ?? {};
  await waitForLateWrites(resource, resource.arn ? markedAt : effects.now());

  // The clock of the service can be ahead, and the clock of a local service by any amount.
  const lastChange = Math.min(Math.max(found.updateTime, markedAt), effects.now());
  const step = 'Waiting until no change of the last update can take effect any more';
  await invocation.pauseUntil(lastChange + quietTime, step);
}
