import type { StackResource } from './effects';
import { born, type CustomResourceEvent } from './event';
import type { Session } from './session';

/** CloudFormation's own view of a resource may lag behind for this long. */
const STATUS_LAG = 15_000;
/** Without the permission to ask, a create request is too old to be believed after this long. */
const BELIEVABLE_AGE = 7 * 60_000;

export type Standing =
  /** CloudFormation waits for this create. */
  | { readonly wanted: true; readonly recorded?: string }
  /** The request was answered, cancelled or overtaken: a late duplicate. */
  | { readonly wanted: false; readonly status: string; readonly recorded?: string };

/**
 * Whether CloudFormation still waits for what a create request asks.
 *
 * Lambda may deliver a request twice, hours apart; without this question the second delivery would make a room that no
 * stack knows of.
 */
export async function standing(session: Session, event: CustomResourceEvent): Promise<Standing> {
  const { effects } = session;
  const until = effects.now() + STATUS_LAG;
  for (;;) {
    let resource: StackResource;
    try {
      resource = await session.call('DescribeStackResource', 'whenever it may help',
        () => effects.describeStackResource(event.StackId, event.LogicalResourceId));
    } catch (error) {
      if ((error as Error).name !== 'AccessDenied') throw error;
      const age = effects.now() - parseBorn(born(event, effects.now()));
      return age <= BELIEVABLE_AGE ? { wanted: true } : { wanted: false, status: `a request of ${Math.round(age / 1000)} s ago` };
    }
    if (resource.status === 'CREATE_IN_PROGRESS') return { wanted: true, recorded: resource.physicalResourceId };
    if (effects.now() >= until) return { wanted: false, status: resource.status, recorded: resource.physicalResourceId };
    await session.pause(2000);
  }
}

function parseBorn(text: string): number {
  return Date.parse(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
