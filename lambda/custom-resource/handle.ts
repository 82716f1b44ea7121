import { regions } from '../../src/contract/regions';
import { ROOM_RESOURCE_TYPE } from '../../src/contract/room-properties';
import type { Effects } from './effects';
import { malformed, type CustomResourceEvent } from './event';
import { create, destroy, type Known, NOTHING, PENDING, Refused, update } from './lifecycle';
import { failureReason } from './failure-reason';
import type { Live, ResourceKind } from './resource-kind';
import { respond, type Outcome } from './respond';
import { room } from './room';
import { Session } from './session';

const kinds: { readonly [resourceType: string]: ResourceKind } = { [ROOM_RESOURCE_TYPE]: room };

/** Answered at the latest this long before Lambda would stop the function. */
const MARGIN = 5000;

/** Handles one request of CloudFormation, and answers it. */
export async function handle(effects: Effects, event: CustomResourceEvent, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  const start = effects.now();
  const problem = malformed(event ?? {});
  if (problem && typeof event?.ResponseURL !== 'string') throw new Error(problem); // nobody to answer to
  const session = new Session(effects, start + context.getRemainingTimeInMillis() - MARGIN);
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
  await respond(effects, event, outcome);
}

async function carryOut(session: Session, event: CustomResourceEvent): Promise<Outcome> {
  const known: Known = { mayExist: false };
  try {
    const live = await session.run(() => {
      const kind = Object.hasOwn(kinds, event.ResourceType) ? kinds[event.ResourceType]! : undefined;
      if (!kind) throw new Refused(`the resource type ${JSON.stringify(event.ResourceType)} is not known to this version of the library`);
      if (!(regions as readonly string[]).includes(session.effects.region)) {
        throw new Refused(`Amazon IVS Chat is not offered in ${session.effects.region}; use one of ${regions.join(', ')}`);
      }
      switch (event.RequestType) {
        case 'Create': return create(session, kind, event, known);
        case 'Update': return update(session, kind, event);
        case 'Delete': return destroy(session, kind, event).then(() => undefined);
      }
    });
    return { status: 'SUCCESS', physicalResourceId: live?.arn ?? event.PhysicalResourceId!, data: live && attributes(live) };
  } catch (error) {
    const physicalResourceId = event.PhysicalResourceId ?? known.arn ?? `${known.mayExist ? PENDING : NOTHING}${event.RequestId}`;
    return { status: 'FAILED', physicalResourceId, reason: failureReason(session.step, error) };
  }
}

function attributes({ arn, id }: Live) {
  return { Arn: arn, Id: id };
}
