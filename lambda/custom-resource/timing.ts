import type { Effects } from './effects';

/**
 * Every assumption about time that the protocol makes about AWS, in milliseconds.
 *
 * None of them is documented by AWS. `npx projen verify:aws` measures them on a real account, and docs/reliability.md
 * says what happens when one of them does not hold.
 */
export const ASSUMPTIONS = {
  /** Maximum read-after-write delay of the Get and List operations. */
  readLag: 3000,
  /** Maximum age of the status that CloudFormation returns for a resource. */
  statusLag: 15_000,
  /** Maximum time from sending a write until it takes effect, even if its response is lost or its sender crashes. */
  writeDelay: 35_000,
  /** Maximum time from a look at the status until the write that relies on it: our own choice. */
  checkValidity: 5000,
  /** Maximum time that IAM needs until a policy or a tag is effective everywhere. IVS Chat says "a few minutes". */
  permissionDelay: 240_000,
} as const;

/**
 * Maximum difference between two clocks of AWS, and between the times of a request and of its status.
 */
export const CLOCK_TOLERANCE = 5000;
/** A create is answered within this time, or never: the service timeout of the custom resource. */
export const MAXIMUM_CREATE_DURATION = 20 * 60_000;
/** CloudFormation keeps stack events for 90 days. Nothing older than this is taken for unrecorded. */
export const EVENT_RETENTION = 80 * 24 * 60 * 60_000;

export interface Timing {
  readonly readLag: number;
  readonly statusLag: number;
  /** A request looks again before a write when its last look is at least this old. */
  readonly checkValidity: number;
  readonly permissionDelay: number;
  /** Time for which a conflict with another change of the same resource can last. */
  readonly conflictDelay: number;
  /** Time from sending a create until a list shows the resource, if it was created. */
  readonly createDelay: number;
  /** Time from a mark on a resource until no request that has not seen the mark can change the resource any more. */
  readonly drainTime: number;
  /** Time from the end of a request until nothing that it has sent can take effect any more. */
  readonly endTime: number;
  /** A resource that was not changed for this long has no late change to come. */
  readonly quietTime: number;
}

/** With the settling time 0 nothing lags, as in the local services, and nothing is waited for. */
export function timingOf({ settlingTime }: Effects): Timing {
  if (settlingTime === 0) {
    return {
      readLag: 0, statusLag: 0, checkValidity: 0, permissionDelay: 0, conflictDelay: 0, createDelay: 0, drainTime: 0, endTime: 0, quietTime: 0,
    };
  }

  const { statusLag, writeDelay, checkValidity, permissionDelay } = ASSUMPTIONS;
  const createDelay = writeDelay + settlingTime;
  const drainTime = checkValidity + createDelay;
  const endTime = statusLag + CLOCK_TOLERANCE + drainTime;
  return {
    readLag: settlingTime,
    statusLag,
    checkValidity,
    permissionDelay,
    conflictDelay: Infinity,
    createDelay,
    drainTime,
    endTime,
    quietTime: endTime + 20_000,
  };
}
