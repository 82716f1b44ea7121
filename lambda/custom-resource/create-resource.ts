import { AmbiguousOutcomeError } from '../client';
import { adoptResource } from './adopt-resource';
import { type Progress, UNCREATED } from './failed-create';
import type { ManagedResource } from './managed-resource';
import { checkAwaited, SupersededError } from './request-status';
import { IncompleteResponseError, type Live, type Properties } from './resource-kind';
import { neverRecorded, recordedId } from './stack-history';
import { birthTags } from './tags';
import { timingOf } from './timing';
import { untilShown } from './until-shown';

/** Time between two lists, in milliseconds. */
const LIST_EVERY = 3000;

/**
 * Creates the resource, or finds the resource that another delivery of the same request has created.
 *
 * While CloudFormation waits for the request, nothing is removed. Lists are eventually consistent, so a resource that
 * looks like a duplicate can be the resource that another delivery has just responded with.
 */
export async function createResource(resource: ManagedResource, progress: Progress): Promise<Live> {
  const desired = resource.desired();
  const name = desired.name ?? '';
  progress.physicalId = `${UNCREATED.denied}${resource.request}/${name}`;
  if (desired.existingArn !== undefined) return adoptResource(resource, desired.existingArn, desired, progress);

  const outcome = { isAmbiguous: false };
  try {
    const arn = await findOrCreate(resource, desired, progress, outcome);
    let shown = await untilShown(resource, arn, desired);
    const [oldest, ...siblings] = await untilListed(resource, arn, name);
    // All deliveries of the request respond with the oldest.
    if (oldest!.arn !== arn) shown = await untilShown(resource, oldest!.arn, desired);
    await checkAwaited(resource);
    // CloudFormation may have canceled the request since. Under Retain, no Delete follows to remove the resource.
    progress.mayLeaveResources = siblings.length > 0 || outcome.isAmbiguous || desired.deletionPolicy === 'Retain';
    return shown;
  } catch (error) {
    if (error instanceof SupersededError) await removeUnrecorded(resource);
    throw error;
  }
}

async function findOrCreate(
  resource: ManagedResource, desired: Properties, progress: Progress, outcome: { isAmbiguous: boolean },
): Promise<string> {
  const { invocation, kind, client, request } = resource;
  const { effects } = invocation;
  const { createDelay, checkValidity } = timingOf(effects);
  const name = desired.name!;
  const toCreate = { ...desired, tags: birthTags(resource, desired) };
  for (let attempt = 0, lookedAt = -Infinity; ; attempt++) {
    const isOld = () => effects.now() - lookedAt >= checkValidity;
    if (isOld()) {
      do {
        lookedAt = effects.now();
        await checkAwaited(resource);
        const [oldest] = await listMade(resource, name);
        if (oldest) return oldest.arn;
        progress.physicalId = `${UNCREATED.pending}${request}/${name}`;
      } while (checkValidity > 0 && isOld()); // looking can take that long itself
    }

    const sentAt = effects.now();
    try {
      progress.mayLeaveResources = true;
      const { arn } = await invocation.once(`Create ${kind.arnResource}`, () => kind.create(client, toCreate));
      return arn;
    } catch (error) {
      if (error instanceof AmbiguousOutcomeError || error instanceof IncompleteResponseError) {
        // The resource may exist now or later, and another create could make a second one. Wait for a certain list.
        outcome.isAmbiguous = true;
        do {
          await invocation.pause(Math.min(LIST_EVERY, createDelay));
          const [oldest] = await listMade(resource, name);
          if (oldest) return oldest.arn;
          // Stryker disable next-line EqualityOperator: a millisecond makes no difference
        } while (effects.now() < sentAt + createDelay);
        // The last look is old by now, so the next attempt looks again.
      } else {
        progress.mayLeaveResources = outcome.isAmbiguous;
        if (!invocation.mayPass(error as Error)) throw error;
        await invocation.backOff(attempt, error as Error);
      }
    }
  }
}

/** Lists until the list shows the resource. Such a list also shows every older resource of the request. */
async function untilListed(resource: ManagedResource, arn: string, name: string): Promise<Live[]> {
  const { invocation, kind } = resource;
  for (;;) {
    const made = await listMade(resource, name);
    if (made.some((live) => live.arn === arn)) return made;
    invocation.step = `Waiting until Amazon IVS Chat lists ${arn}`;
    await invocation.pause(kind.readEvery);
    await checkAwaited(resource); // another delivery that knows the end may have removed the resource
  }
}

/** Lists the resources of the request that are not being deleted, oldest first. */
async function listMade(resource: ManagedResource, name: string): Promise<Live[]> {
  return (await resource.listCreatedBy(resource.request, name)).filter(({ state }) => state !== 'DELETING');
}

/**
 * Removes the resources that this request has created and that CloudFormation has never recorded. The request must have
 * ended.
 */
export async function removeUnrecorded(resource: ManagedResource): Promise<void> {
  const made = await listMade(resource, resource.desired().name!);
  for (const { arn } of await neverRecorded(resource, made)) {
    if (await recordedId(resource) !== arn) await resource.remove(arn);
  }
}
