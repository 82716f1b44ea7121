/**
 * The assumptions of the protocol about the timing of AWS, in milliseconds.
 *
 * AWS documents none of them. `npx projen verify:aws` measures them in a real account. docs/reliability.md describes
 * the effect of a wrong assumption.
 */
export const ASSUMPTIONS = {
  /** Maximum read-after-write delay of the Get and List operations. */
  readLag: 3000,
  /** Maximum age of the status that CloudFormation returns for a resource. */
  statusLag: 15_000,
  /** Maximum time from sending a write until it takes effect, even if its response is lost or its sender crashes. */
  writeDelay: 35_000,
  /** Maximum time from a read of the status until the write that relies on it. The library sets this limit itself. */
  checkValidity: 5000,
  /** Maximum time that IAM needs until a policy or a tag is effective everywhere. IVS Chat says "a few minutes". */
  permissionDelay: 240_000,
} as const;

/**
 * Maximum difference between two clocks of AWS, and between the times of a request and of its status.
 */
export const CLOCK_TOLERANCE = 5000;
/** The service timeout of the custom resource. A create that has not ended by then has failed. */
export const MAXIMUM_CREATE_DURATION = 20 * 60_000;
/** CloudFormation keeps stack events for 90 days. A resource that is older than this counts as recorded. */
export const EVENT_RETENTION = 80 * 24 * 60 * 60_000;

export interface Timing {
  readonly readLag: number;
  readonly statusLag: number;
  /** A request reads again before a write when its last read is at least this old. */
  readonly checkValidity: number;
  readonly permissionDelay: number;
  /** Time for which a conflict with another change of the same resource can last. */
  readonly conflictDelay: number;
  /** Time from sending a create until a list shows the resource, if it was created. */
  readonly createDelay: number;
  /** Time from a mark on a resource until no request that has not seen the mark can change the resource any more. */
  readonly drainTime: number;
  /** Time from the end of a request until none of its writes can take effect any more. */
  readonly endTime: number;
  /** No late write is pending for a resource that was not changed for this long. */
  readonly quietTime: number;
}

/** Returns the times to wait for. With a settling time of 0, as for the local services, all of them are 0. */
export function timingOf({ settlingTime }: { readonly settlingTime: number }): Timing {
  if (settlingTime === 0) {
    return {
      readLag: 0,
      statusLag: 0,
      checkValidity: 0,
      permissionDelay: 0,
      conflictDelay: 0,
      createDelay: 0,
      drainTime: 0,
      endTime: 0,
      quietTime: 0,
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
