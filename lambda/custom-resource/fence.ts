import type { StackResource } from './effects';
import { Refused, type Target } from './target';
import { CLOCK_TOLERANCE, CREDIBLE_AGE, timesOf } from './times';

/** The request was answered or cancelled, or is a late duplicate. */
export interface Overtaken {
  readonly wanted: false;
  /** Why that is clear, for people. */
  readonly status: string;
  /** The physical id that CloudFormation has. */
  readonly recorded?: string;
}

/**
 * Whether CloudFormation still waits for what a create or update request asks.
 *
 * Lambda may deliver a request twice, hours apart; without this question the second delivery of a create would make a
 * room that no stack knows of, and that of an update would undo a later one.
 */
export async function standing({ session, event, bornAt }: Target): Promise<{ readonly wanted: true } | Overtaken> {
  const { effects } = session;
  const awaited = (status: string) => (event.RequestType === 'Create'
    ? status === 'CREATE_IN_PROGRESS'
    : status.endsWith('_IN_PROGRESS') && !status.startsWith('CREATE') && !status.startsWith('DELETE'));
  const tooOld = effects.now() - bornAt > CREDIBLE_AGE;
  for (;;) {
    const asked = effects.now();
    let resource: StackResource;
    try {
      resource = await session.call('DescribeStackResource', () => effects.describeStackResource(event.StackId, event.LogicalResourceId));
    } catch (error) {
      if ((error as Error).name !== 'AccessDenied') throw error;
      // Not permitted to ask, so the age has to do.
      if (tooOld) throw new Refused('CloudFormation waits no longer than ten minutes, and this request is older; nothing was done');
      return { wanted: true };
    }
    const { status, physicalResourceId: recorded, since = 0 } = resource;
    // The status of a request is set when the request is made, so one that is younger is not of this request.
    if (since > bornAt + CLOCK_TOLERANCE) return { wanted: false, status: `it is ${status} for a later one`, recorded };
    if (tooOld) return { wanted: false, status: 'the request is too old', recorded };
    if (awaited(status)) return { wanted: true };
    // A view may be older than the request itself; from some age on, it is not, and what it says is final.
    if (asked > bornAt + timesOf(effects).statusLag) return { wanted: false, status: `it is ${status}`, recorded };
    await session.pause(2000);
  }
}
