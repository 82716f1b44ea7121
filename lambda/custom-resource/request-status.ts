import type { StackResource } from './cloudformation';
import { type ManagedResource, RefusedError } from './managed-resource';
import { CLOCK_TOLERANCE, type Timing, timingOf } from './timing';

const ASK_EVERY = 2000;

/** CloudFormation does not wait for the request any more: it was answered or cancelled, or a later one has begun. */
export class SupersededError extends RefusedError {}

/**
 * Throws `SupersededError` unless CloudFormation waits for this create or update request. Returns the time of the
 * status.
 */
export async function checkAwaited(resource: ManagedResource): Promise<number> {
  const { invocation, event } = resource;
  const { effects } = invocation;
  const timing = timingOf(effects);
  for (;;) {
    const askedAt = effects.now();
    const answer = await invocation.call('DescribeStackResource', () =>
      effects.cloudFormation.describeStackResource(event.StackId, event.LogicalResourceId));
    const verdict = judge(resource, answer, askedAt, timing);
    if (verdict === 'awaited') return answer.since ?? 0;
    if (verdict === 'ended') {
      throw new SupersededError(`CloudFormation does not wait for this request any more (the resource is ${answer.status}); nothing more was changed`);
    }
    await invocation.pauseUntil(effects.now() + ASK_EVERY, `Waiting until CloudFormation shows this request (the resource is ${answer.status})`);
  }
}

/**
 * Judges by the status of the resource whether its request is still awaited. The status can be older than the request,
 * in which case it says nothing.
 */
export function judge(
  resource: ManagedResource, { status, since = 0, physicalResourceId }: StackResource, askedAt: number, { statusLag }: Timing,
): 'awaited' | 'ended' | 'unknown' {
  const { requestTime, event } = resource;
  // No status that was asked for after this time can be older than the request.
  const isCurrent = askedAt > requestTime + statusLag + CLOCK_TOLERANCE;
  if (status === 'NOT_FOUND') return isCurrent ? 'ended' : 'unknown';
  if (since > requestTime + CLOCK_TOLERANCE) return 'ended';
  const inProgress = event.RequestType === 'Create' || resource.arn === undefined
    // CloudFormation may show the retry of a failed create as an update.
    ? status === 'CREATE_IN_PROGRESS' || (status === 'UPDATE_IN_PROGRESS' && !resource.ownArn(physicalResourceId))
    : status === 'UPDATE_IN_PROGRESS';
  if (inProgress) return isCurrent || since >= requestTime - CLOCK_TOLERANCE ? 'awaited' : 'unknown';
  // Times of requests are in whole seconds, so an old view of the same second can show the request before.
  return since >= requestTime + (isCurrent || statusLag === 0 ? 0 : 1000) ? 'ended' : 'unknown';
}
