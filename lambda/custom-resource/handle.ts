import { createResource, removeUnrecorded } from './create-resource';
import { deleteResource } from './delete-resource';
import type { Effects } from './effects';
import { malformed, type CustomResourceEvent } from './event';
import { type Progress, UNCREATED } from './failed-create';
import { failureReason } from './failure-reason';
import { Invocation } from './invocation';
import { loggingConfiguration } from './logging-configuration';
import { ManagedResource, RefusedError } from './managed-resource';
import { requestKey } from './ownership';
import type { ResourceKind } from './resource-kind';
import { respond, responseUrl, type Outcome } from './respond';
import { room } from './room';
import { timingOf } from './timing';
import { updateResource } from './update-resource';
import { LOGGING_CONFIGURATION_RESOURCE_TYPE } from '../../src/contract/logging-configuration-properties';
import { ROOM_RESOURCE_TYPE } from '../../src/contract/room-properties';

const kinds: { readonly [resourceType: string]: ResourceKind<any> } = {
  [ROOM_RESOURCE_TYPE]: room,
  [LOGGING_CONFIGURATION_RESOURCE_TYPE]: loggingConfiguration,
};

/** Time that is reserved for the response before Lambda stops the function, in milliseconds. */
const MARGIN = 5000;

/** Handles one request of CloudFormation, and responds to it. */
export async function handle(
  given: Effects, event: CustomResourceEvent, context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  const start = given.now();
  const deadline = start + context.getRemainingTimeInMillis() - MARGIN;
  const problem = malformed(event ?? {});
  const { url, isEmulated } = responseUrl(event?.ResponseURL, given.endpoint); // without it, no response is possible
  const effects = isEmulated ? { ...given, isEmulated, settlingTime: 0 } : given;
  const invocation = new Invocation(effects, deadline);

  const request = problem ? event.RequestId : requestKey(event);
  const progress: Progress = { physicalId: `${UNCREATED.nothing}${request}`, mayLeaveResources: false };
  const outcome: Outcome = problem
    ? { status: 'FAILED', physicalResourceId: event.PhysicalResourceId || progress.physicalId, reason: problem }
    : await carryOut(invocation, event, progress);

  effects.log({
    message: `${event.RequestType} ${outcome.status}`,
    logicalResourceId: event.LogicalResourceId,
    requestId: event.RequestId,
    physicalResourceId: outcome.physicalResourceId,
    ...(outcome.status === 'FAILED' ? { reason: outcome.reason } : {}),
    milliseconds: effects.now() - start,
  });
  await respond(effects, url, event, outcome);
  if (progress.mayLeaveResources) await removeLeftovers(effects, event, deadline);
}

async function carryOut(invocation: Invocation, event: CustomResourceEvent, progress: Progress): Promise<Outcome> {
  const { RequestType, PhysicalResourceId: given, ResourceType } = event;
  const deleted: Outcome = { status: 'SUCCESS', physicalResourceId: given || progress.physicalId };
  try {
    return await invocation.run<Outcome>(async () => {
      const kind = kindOf(event);
      if (!kind) {
        const neverCreated = RequestType === 'Delete' && !given?.startsWith('arn:');
        if (neverCreated) return deleted;
        const type = JSON.stringify(ResourceType);
        throw new RefusedError(`the resource type ${type} is not known to this version of the library`);
      }

      const resource = new ManagedResource(invocation, kind, event);
      if (RequestType === 'Delete') {
        await deleteResource(resource);
        return deleted;
      }
      const live = isCreate(event) ? await createResource(resource, progress) : await updateResource(resource);
      const data = { Arn: live.arn, Id: live.id, Name: live.name ?? '' };
      return { status: 'SUCCESS', physicalResourceId: live.arn, data };
    });
  } catch (error) {
    const physicalResourceId = isCreate(event) ? progress.physicalId : given || progress.physicalId;
    return { status: 'FAILED', physicalResourceId, reason: failureReason(invocation.step, error) };
  }
}

/**
 * Whether the request creates a resource. CloudFormation may retry a failed create as an update with the physical id of
 * the failed create. That id is never an ARN, and the physical id of an existing resource always is.
 */
function isCreate({ RequestType, PhysicalResourceId = '' }: CustomResourceEvent): boolean {
  return RequestType === 'Create' || (RequestType === 'Update' && !PhysicalResourceId.startsWith('arn:'));
}

/**
 * Waits until every delivery of the create has ended, and removes its other resources. A Delete would also remove them,
 * but the removal policy RETAIN has no Delete.
 */
async function removeLeftovers(effects: Effects, event: CustomResourceEvent, deadline: number): Promise<void> {
  const invocation = new Invocation(effects, deadline);
  await invocation.run(async () => {
    await invocation.pause(timingOf(effects).endTime);
    await removeUnrecorded(new ManagedResource(invocation, kindOf(event)!, event));
  });
}

function kindOf({ ResourceType }: CustomResourceEvent): ResourceKind | undefined {
  return Object.hasOwn(kinds, ResourceType) ? kinds[ResourceType] : undefined;
}
