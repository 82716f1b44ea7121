import type { StackResource } from './cloudformation';
import { type ManagedResource, RefusedError } from './managed-resource';
import { CLOCK_TOLERANCE, type Timing, timingOf } from './timing';

/** CloudFormation no longer waits for the request: it has ended or was canceled, or a later request has begun. */
export class SupersededError extends RefusedError {}

/**
 * Throws `SupersededError` unless CloudFormation waits for this create or update request. Returns the time of the
 * status.
 */
export async function checkAwaited(resource: ManagedResource): Promise<number> {
  const { invocation } = resource;
  const { effects } = invocation;
  const timing = timingOf(effects);
  for (;;) {
    const askedAt = effects.now();
    const answer = await describe(resource);
    const verdict = judge(resource, answer, askedAt, timing);
    if (verdict === 'awaited') return answer.since ?? 0;

    const status = `the resource is ${answer.status}`;
    if (verdict === 'ended') {
      throw new SupersededError(
        `CloudFormation does not wait for this request any more (${status}); nothing more was changed`,
      );
    }
    await invocation.pauseBeforeAskingAgain(`Waiting until CloudFormation shows this request (${status})`);
  }
}

/** Gets the status of the resource from CloudFormation. */
export function describe({ invocation, event }: ManagedResource): Promise<StackResource> {
  const { cloudFormation } = invocation.effects;
  return invocation.call('DescribeStackResource', () =>
    cloudFormation.describeStackResource(event.StackId, event.LogicalResourceId));
}

/** Whether a status that CloudFormation returned at this time cannot be older than the request. */
export function isCurrentView({ requestTime }: ManagedResource, askedAt: number, { statusLag }: Timing): boolean {
  return askedAt > requestTime + statusLag + CLOCK_TOLERANCE;
}

/**
 * Returns whether CloudFormation still waits for the request, according to the status of the resource. Returns
 * `unknown` if the status can be older than the request.
 */
export function judge(
  resource: ManagedResource, { status, since = 0, physicalResourceId }: StackResource, askedAt: number, timing: Timing,
): 'awaited' | 'ended' | 'unknown' {
  const { requestTime, event, invocation } = resource;
  if (invocation.effects.isEmulated) return 'awaited';
  const isCurrent = isCurrentView(resource, askedAt, timing);
  if (status === 'NOT_FOUND') return isCurrent ? 'ended' : 'unknown';
  if (since > requestTime + CLOCK_TOLERANCE) return 'ended';

  const inProgress = event.RequestType === 'Create' || resource.arn === undefined
    // CloudFormation may show the retry of a failed create as an update.
    ? status === 'CREATE_IN_PROGRESS' || (status === 'UPDATE_IN_PROGRESS' && !resource.ownArn(physicalResourceId))
    : status === 'UPDATE_IN_PROGRESS';
  if (inProgress) return isCurrent || since >= requestTime - CLOCK_TOLERANCE ? 'awaited' : 'unknown';
  // Times of requests are in whole seconds, so an old view of the same second can show the request before.
  return since >= requestTime + (isCurrent || timing.statusLag === 0 ? 0 : 1000) ? 'ended' : 'unknown';
}
