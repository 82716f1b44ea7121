import type { ManagedResource } from './managed-resource';
import { recordedAt } from './stack-history';
import { MAXIMUM_CREATE_DURATION, timingOf } from './timing';

/**
 * Waits until no write of the create can take effect any more. Another delivery of the create may assume for a while
 * that CloudFormation still waits for it.
 *
 * @param startedAt a time at which the create was in progress, in milliseconds since 1970
 */
export async function waitForLateWrites(resource: ManagedResource, startedAt: number): Promise<void> {
  const { invocation, arn, requestTime } = resource;
  const { endTime } = timingOf(invocation.effects);
  const now = invocation.effects.now();
  if (endTime === 0 || now - startedAt > MAXIMUM_CREATE_DURATION + endTime) return;

  const createEndedAt = arn === undefined ? undefined : await recordedAt(resource, arn);
  const endedAt = Math.min(requestTime, createEndedAt ?? Infinity);
  await invocation.pauseUntil(endedAt + endTime, 'Waiting until no write of the create can take effect any more');
}
