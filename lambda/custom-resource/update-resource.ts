import { type ManagedResource, RefusedError } from './managed-resource';
import { checkAwaited, SupersededError } from './request-status';
import type { Live, Properties, Tags } from './resource-kind';
import { changeTags, lostTags, mark, obsoleteTags, tag, updatedBy } from './tags';
import { timingOf } from './timing';
import { differencesOf, untilShown } from './until-shown';
import { ownershipTags } from '../../src/contract/ownership-tags';

/** Brings the resource to the desired state. The physical id never changes. */
export async function updateResource(resource: ManagedResource): Promise<Live> {
  const { kind, event, arn, region } = resource;
  if (!arn) {
    const given = JSON.stringify(event.PhysicalResourceId);
    throw new RefusedError(`${given} is not the ARN of a ${kind.arnResource} of this account in ${region}; `
      + 'give the construct a new id to move it to another Region');
  }

  const desired = resource.desired();
  if (desired.existingArn !== undefined && desired.existingArn !== arn) {
    throw new RefusedError(`the ${kind.arnResource} is ${arn} and cannot become ${desired.existingArn}; `
      + 'give the construct a new id to adopt another one');
  }

  const view = new CurrentView(resource, arn);
  const live = await view.look();
  const former = formerProperties(resource);
  await restoreOwner(resource, view, live, former?.tags ?? {}, desired.existingArn !== undefined);
  if (!isCalm(resource, live, former)) await waitForEarlierRequests(resource, view, arn);
  return write(resource, view, arn, former, desired);
}

/** Writes the settings and the tags, and waits until the service shows them. */
export async function write(
  resource: ManagedResource, view: CurrentView, arn: string, former: Properties | undefined, desired: Properties,
): Promise<Live> {
  const { invocation, kind, client } = resource;
  await invocation.call(`Update ${kind.arnResource}`, async () => {
    const live = await view.look();
    // An earlier attempt may have taken effect. A needless write could undo a later request.
    if (kind.differences(live, desired).length > 0) await kind.update(client, arn, desired);
  });
  await changeTags(resource, await view.look(), former?.tags ?? {}, desired.tags ?? {}, () => view.look());
  return untilShown(resource, arn, desired);
}

/**
 * The state of the resource at most five seconds ago. At that time, CloudFormation still waited for the request and no
 * later request had marked the resource. Every write requires a view that recent.
 */
export class CurrentView {
  private live?: Live;
  private lookedAt = -Infinity;
  /** When CloudFormation gave the resource the status of this request. */
  private inProgressSince?: number;

  constructor(private readonly resource: ManagedResource, private readonly arn: string) {}

  /** Reads the resource if the view is too old. Throws `SupersededError` if a later request has begun. */
  async look(): Promise<Live> {
    const { effects } = this.resource.invocation;
    const { checkValidity } = timingOf(effects);
    const isOld = () => !this.live || effects.now() - this.lookedAt >= checkValidity;
    if (isOld()) {
      do await this.lookAgain();
      while (checkValidity > 0 && isOld()); // looking can take that long itself
    }
    return this.live!;
  }

  async lookAgain(): Promise<Live> {
    const { resource, arn } = this;
    const startedAt = resource.invocation.effects.now();
    const since = await checkAwaited(resource);
    this.inProgressSince ??= since;
    const live = await resource.findSurely(arn);
    if (!live) {
      throw new RefusedError(`${arn} does not exist any more. It was deleted outside of CloudFormation: `
        + 'remove the construct from the stack, deploy, and add it again');
    }
    if (this.isMarkedByLater(live, since)) {
      throw new SupersededError(`a later request is updating ${arn}; nothing more was changed`);
    }

    this.live = live;
    this.lookedAt = startedAt;
    return live;
  }

  private isMarkedByLater({ tags }: Live, since: number): boolean {
    const { resource } = this;
    const last = updatedBy(tags);
    if (!last || last.request === resource.request) return false;
    if (last.requestTime !== resource.requestTime) return last.requestTime > resource.requestTime;
    // Both requests were made in the same second. The later request has the more recent status.
    return since > this.inProgressSince!;
  }
}

/** Restores the owner tag if it was removed. Without it, IAM refuses every change. */
async function restoreOwner(
  resource: ManagedResource, view: CurrentView, live: Live, userTags: Tags, isAdopted: boolean,
): Promise<void> {
  const owner = live.tags[ownershipTags.owner];
  if (owner === resource.owner) return;
  if (owner !== undefined) throw new RefusedError(foreignOwner(live.arn, owner));

  // On an adopted resource, IAM allows no other tag of the library.
  const lost = isAdopted ? { [ownershipTags.owner]: resource.owner } : lostTags(resource, live, userTags);
  await tag(resource, live.arn, () => lost, () => view.look());
}

export function foreignOwner(arn: string, owner: string): string {
  return `${arn} belongs to another stack or to another resource of this stack: `
    + `its tag ${ownershipTags.owner} is ${JSON.stringify(owner)}. `
    + 'If the other one does not use it any more, remove the tag and deploy again';
}

/** Returns the properties before this request. Returns undefined if they are malformed, as after an old version. */
function formerProperties(resource: ManagedResource): Properties | undefined {
  const { kind, event } = resource;
  if (!event.OldResourceProperties) return undefined;
  const { properties, problems } = kind.decode(event.OldResourceProperties);
  return problems.length === 0 ? { ...properties, name: resource.nameOf(properties) } : undefined;
}

/**
 * Whether no earlier request can still change the resource: its state is the one that CloudFormation has recorded, and
 * it has not changed recently.
 */
function isCalm(resource: ManagedResource, live: Live, former: Properties | undefined): boolean {
  const { effects } = resource.invocation;
  const { quietTime } = timingOf(effects);
  if (!former || differencesOf(resource, live, former).length > 0) return false;
  if (obsoleteTags(live.tags, {}, former.tags ?? {}).length > 0) return false;
  const isOld = (time: number) => effects.now() - time >= quietTime;
  const wasNeverUpdated = live.updateTime - live.createTime <= 1000;
  const { markedAt = -Infinity } = updatedBy(live.tags) ?? {};
  return (wasNeverUpdated || isOld(live.updateTime)) && isOld(markedAt);
}

/**
 * Marks the resource with this request, and waits until every earlier request has seen the mark and stopped. An earlier
 * request can overwrite the mark before it stops, and then this one marks the resource again.
 */
async function waitForEarlierRequests(resource: ManagedResource, view: CurrentView, arn: string): Promise<void> {
  const { invocation, request } = resource;
  const { drainTime } = timingOf(invocation.effects);
  const step = 'Waiting until earlier requests for the same resource have stopped';
  for (;;) {
    await tag(resource, arn, () => mark(resource), () => view.look());
    await invocation.pauseUntil(invocation.effects.now() + drainTime, step);
    const { tags } = await view.lookAgain();
    if (updatedBy(tags)?.request === request) return;
  }
}
