import type { StackResource } from './effects';
import { bornAt, type CustomResourceEvent } from './event';
import type { Session } from './session';
import { CREDIBLE_AGE, timesOf } from './times';

export type Standing =
  /** CloudFormation waits for this request. */
  | { readonly wanted: true }
  /** The request was answered, cancelled or overtaken: a late duplicate. */
  | { readonly wanted: false; readonly status: string; readonly recorded?: string };

const awaiting = { Create: /^CREATE_IN_PROGRESS$/, Update: /^(?!CREATE|DELETE).*_IN_PROGRESS$/ };

/**
 * Whether CloudFormation still waits for what a create or update request asks.
 *
 * Lambda may deliver a request twice, hours apart; without this question the second delivery of a create would make a
 * room that no stack knows of, and that of an update would undo a later one.
 */
export async function standing(session: Session, event: CustomResourceEvent & { readonly RequestType: 'Create' | 'Update' }): Promise<Standing> {
  const { effects } = session;
  const age = effects.now() - bornAt(event, effects.now());
  if (age > CREDIBLE_AGE) return { wanted: false, status: `the request is ${Math.round(age / 1000)} s old` };

  const until = effects.now() + timesOf(effects).statusLag;
  for (;;) {
    let resource: StackResource;
    try {
      resource = await session.call('DescribeStackResource', () => effects.describeStackResource(event.StackId, event.LogicalResourceId));
    } catch (error) {
      if ((error as Error).name !== 'AccessDenied') throw error;
      return { wanted: true }; // not permitted to ask: the age has to do
    }
    if (awaiting[event.RequestType].test(resource.status)) return { wanted: true };
    if (effects.now() >= until) return { wanted: false, status: resource.status, recorded: resource.physicalResourceId };
    await session.pause(2000);
  }
}
