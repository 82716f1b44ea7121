import type { Page, StackResource } from './cloudformation';
import type { ManagedResource } from './managed-resource';
import type { Live } from './resource-kind';
import { describe, judge } from './request-status';
import { EVENT_RETENTION, CLOCK_TOLERANCE, timingOf } from './timing';

/** Returns the physical id that CloudFormation has for the resource now. */
export async function recordedId(resource: ManagedResource): Promise<string | undefined> {
  return (await describe(resource)).physicalResourceId;
}

/**
 * Returns the resources that CloudFormation has never recorded: no event of the stack has their ARN. Such a resource
 * was created by a request that failed or was canceled. The request of the invocation must have ended, and so must the
 * create of each resource.
 */
export async function neverRecorded(resource: ManagedResource, candidates: readonly Live[]): Promise<Live[]> {
  const { effects } = resource.invocation;
  const now = effects.now();
  const recent = candidates.filter(({ createTime }) => now - createTime < EVENT_RETENTION);
  if (recent.length === 0) return [];

  const oldest = Math.min(...recent.map(({ createTime }) => createTime)) - 2 * CLOCK_TOLERANCE;
  const arns = recent.map(({ arn }) => arn);
  const step = `Reading the events of the stack, to find out whether it has ever recorded ${arns.join(', ')}`;
  for (;;) {
    const events = await eventsSince(resource, oldest, step);
    if (showEndOfRequest(resource, events)) {
      const named = new Set(events.map(({ physicalResourceId }) => physicalResourceId));
      return recent.filter(({ arn }) => !named.has(arn));
    }
    await resource.invocation.pauseBeforeAskingAgain(step);
  }
}

/**
 * Returns when CloudFormation recorded the ARN, in milliseconds since 1970. Returns undefined if the newest events of
 * the stack do not include it.
 */
export async function recordedAt({ invocation, event }: ManagedResource, arn: string): Promise<number | undefined> {
  const { cloudFormation } = invocation.effects;
  const newest = await invocation
    .once('DescribeStackEvents', () => cloudFormation.describeStackEvents(event.StackId))
    .catch(() => undefined);
  const completed = newest?.items.find(({ physicalResourceId, status }) =>
    physicalResourceId === arn && status === 'CREATE_COMPLETE');
  return completed?.since;
}

/** Whether CloudFormation has recorded the ARN for this resource since a time, in milliseconds since 1970. */
export async function wasRecordedSince(resource: ManagedResource, arn: string, time: number): Promise<boolean> {
  const events = await eventsSince(resource, time - CLOCK_TOLERANCE, 'DescribeStackEvents');
  return events.some(({ logicalResourceId, physicalResourceId, status, since = 0 }) =>
    logicalResourceId === resource.event.LogicalResourceId && physicalResourceId === arn
    && /^(CREATE|UPDATE)_COMPLETE$/.test(status) && since >= time);
}

/** Returns the logical ids of all resources of the stack that have the ARN. */
export async function recordedBy(resource: ManagedResource, arn: string): Promise<string[]> {
  const { StackId } = resource.event;
  const { cloudFormation } = resource.invocation.effects;
  const logicalIds: string[] = [];
  const list = (nextToken?: string) => cloudFormation.listStackResources(StackId, nextToken);
  for await (const { items } of pages(resource, 'ListStackResources', list)) {
    for (const { physicalResourceId, status, logicalResourceId } of items) {
      const isGone = status === 'DELETE_COMPLETE' || status === 'DELETE_SKIPPED';
      if (physicalResourceId === arn && !isGone) logicalIds.push(logicalResourceId!);
    }
  }
  return logicalIds;
}

async function eventsSince(resource: ManagedResource, time: number, step: string): Promise<StackResource[]> {
  const { StackId } = resource.event;
  const { cloudFormation } = resource.invocation.effects;
  const events: StackResource[] = [];
  const list = (nextToken?: string) => cloudFormation.describeStackEvents(StackId, nextToken);
  for await (const { items } of pages(resource, step, list)) {
    events.push(...items);
    if ((events.at(-1)?.since ?? 0) < time) break;
  }
  return events;
}

async function* pages(
  { invocation }: ManagedResource, step: string, list: (nextToken?: string) => Promise<Page>,
): AsyncGenerator<Page> {
  let nextToken: string | undefined;
  do {
    const page = await invocation.call(step, () => list(nextToken));
    yield page;
    ({ nextToken } = page);
  } while (nextToken !== undefined);
}

/** Whether the events are recent enough: they show the end of the request, or the delete that follows every create. */
function showEndOfRequest(resource: ManagedResource, events: readonly StackResource[]): boolean {
  const { event: request, requestTime, invocation } = resource;
  const ofResource = events.filter(({ logicalResourceId }) => logicalResourceId === request.LogicalResourceId);
  if (request.RequestType === 'Delete') {
    return ofResource.some(({ status, since = 0 }) =>
      status.startsWith('DELETE_') && since >= requestTime - CLOCK_TOLERANCE);
  }

  const [newest] = ofResource;
  const { effects } = invocation;
  return newest !== undefined && judge(resource, newest, effects.now(), timingOf(effects)) === 'ended';
}
