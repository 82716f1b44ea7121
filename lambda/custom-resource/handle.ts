import type { Effects } from './effects';
import { malformed, type CustomResourceEvent } from './event';
import { failureReason } from './failure-reason';
import { create, destroy, type Known, NOTHING, update } from './lifecycle';
import { loggingConfiguration } from './logging-configuration';
import type { ResourceKind } from './resource-kind';
import { respond, responseUrl, type Outcome } from './respond';
import { room } from './room';
import { Session } from './session';
import { Refused, Target } from './target';
import { LOGGING_CONFIGURATION_RESOURCE_TYPE } from '../../src/contract/logging-configuration-properties';
import { ROOM_RESOURCE_TYPE } from '../../src/contract/room-properties';

const kinds: { readonly [resourceType: string]: ResourceKind<any> } = {
  [ROOM_RESOURCE_TYPE]: room,
  [LOGGING_CONFIGURATION_RESOURCE_TYPE]: loggingConfiguration,
};

/** Answered at the latest this long before Lambda would stop the function. */
const MARGIN = 5000;

/** Handles one request of CloudFormation, and answers it. */
export async function handle(effects: Effects, event: CustomResourceEvent, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  const start = effects.now();
  const problem = malformed(event ?? {});
  const url = responseUrl(event?.ResponseURL); // without it there is nobody to answer to
  const session = new Session(effects, start + context.getRemainingTimeInMillis() - MARGIN, event.RequestType === 'Delete');
  const outcome: Outcome = problem
    ? { status: 'FAILED', physicalResourceId: event.PhysicalResourceId || `${NOTHING}${event.RequestId}`, reason: problem }
    : await carryOut(session, event);
  effects.log({
    message: `${event.RequestType} ${outcome.status}`,
    logicalResourceId: event.LogicalResourceId,
    requestId: event.RequestId,
    physicalResourceId: outcome.physicalResourceId,
    ...(outcome.status === 'FAILED' ? { reason: outcome.reason } : {}),
    milliseconds: effects.now() - start,
  });
  await respond(effects, url, event, outcome);
}

async function carryOut(session: Session, event: CustomResourceEvent): Promise<Outcome> {
  const { PhysicalResourceId: given } = event;
  const known: Known = { id: NOTHING };
  const deleted: Outcome = { status: 'SUCCESS', physicalResourceId: given || `${NOTHING}${event.RequestId}` };
  try {
    return await session.run<Outcome>(async () => {
      const kind = kindOf(event);
      if (!kind) {
        const neverCreated = event.RequestType === 'Delete' && !given?.startsWith('arn:');
        if (neverCreated) return deleted;
        throw new Refused(`the resource type ${JSON.stringify(event.ResourceType)} is not known to this version of the library`);
      }
      const target = new Target(session, kind, event);
      if (event.RequestType === 'Delete') {
        await destroy(target);
        return deleted;
      }
      const live = event.RequestType === 'Create' ? await create(target, known) : await update(target);
      const data = { Arn: live.arn, Id: live.id, Name: live.name ?? '', ...kind.attributes(live) };
      return { status: 'SUCCESS', physicalResourceId: live.arn, data };
    });
  } catch (error) {
    return { status: 'FAILED', physicalResourceId: given || `${known.id}${event.RequestId}`, reason: failureReason(session.step, error) };
  }
}

function kindOf({ ResourceType }: CustomResourceEvent): ResourceKind | undefined {
  return Object.hasOwn(kinds, ResourceType) ? kinds[ResourceType] : undefined;
}
