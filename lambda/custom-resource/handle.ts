import type { Effects } from './effects';
import { malformed, type CustomResourceEvent } from './event';
import { failureReason } from './failure-reason';
import { create, destroy, type Known, NOTHING, PENDING, update } from './lifecycle';
import type { Live, ResourceKind } from './resource-kind';
import { respond, responseUrl, type Outcome } from './respond';
import { room } from './room';
import { Session } from './session';
import { Refused, Target } from './target';
import { ROOM_RESOURCE_TYPE } from '../../src/contract/room-properties';

const kinds: { readonly [resourceType: string]: ResourceKind } = { [ROOM_RESOURCE_TYPE]: room };

/** Answered at the latest this long before Lambda would stop the function. */
const MARGIN = 5000;

/** Handles one request of CloudFormation, and answers it. */
export async function handle(effects: Effects, event: CustomResourceEvent, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  const start = effects.now();
  const problem = malformed(event ?? {});
  const url = responseUrl(event?.ResponseURL); // without it there is nobody to answer to
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
  await respond(effects, url, event, outcome);
}

async function carryOut(session: Session, event: CustomResourceEvent): Promise<Outcome> {
  const { PhysicalResourceId: given } = event;
  const known: Known = { id: NOTHING };
  try {
    const live = await session.run(async () => {
      const target = new Target(session, kindOf(event), event);
      switch (event.RequestType) {
        case 'Create': return create(target, known);
        case 'Update': return update(target);
        case 'Delete': return destroy(target).then(() => undefined);
      }
    });
    return { status: 'SUCCESS', physicalResourceId: live?.arn ?? (given || `${NOTHING}${event.RequestId}`), data: live && attributes(live) };
  } catch (error) {
    const id = known.id === NOTHING || known.id === PENDING ? `${known.id}${event.RequestId}` : known.id;
    return { status: 'FAILED', physicalResourceId: given || id, reason: failureReason(session.step, error) };
  }
}

function kindOf({ ResourceType }: CustomResourceEvent): ResourceKind {
  if (Object.hasOwn(kinds, ResourceType)) return kinds[ResourceType]!;
  throw new Refused(`the resource type ${JSON.stringify(ResourceType)} is not known to this version of the library`);
}

function attributes({ arn, id }: Live) {
  return { Arn: arn, Id: id };
}
