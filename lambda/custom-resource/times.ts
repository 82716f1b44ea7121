/**
 * How far things may lag behind or come late, in milliseconds: what the protocol believes of the world outside.
 *
 * With `settlingTime` 0 there is no lag at all, as on one machine, and nothing is ever waited for.
 */
import type { Effects } from './effects';

/** CloudFormation's view of a resource may be this old, and its clock this far from ours. */
const STATUS_LAG = 15_000;
/** A request may be carried out this long after it was sent, even if its answer was lost or the sender has crashed. */
const LATENESS = 35_000;
/** Permissions may need this long to be known everywhere. */
const PROPAGATION = 60_000;
/** A create request is sent at most this long after CloudFormation was asked and the list was read. */
export const FRESHNESS = 5000;
/** A create that took no longer is answered this soon after the resource was made; one that took longer says on the resource when it is. */
const ANSWER_TIME = 15_000;
/** CloudFormation gives up on a request after its service timeout; a create request that is older is not waited for by anyone. */
export const CREDIBLE_AGE = 11 * 60_000;

/** Two times of CloudFormation's that belong to one request are at most this far apart. */
export const CLOCK_TOLERANCE = 30_000;

export interface Times {
  readonly statusLag: number;
  readonly propagation: number;
  /** Something else may be at work on a resource for this long. */
  readonly conflict: number;
  /** From the sending of a create request until a list shows what it made, if it made anything. */
  readonly untilListed: number;
  /** After so long a create says when it is answered. */
  readonly answerTime: number;
  /** From the end of a create (cancelled, or the beginning of its answer) until the last of its requests can be seen in a list. */
  readonly untilNothingMoreComes: number;
}

export function timesOf({ settlingTime }: Effects): Times {
  if (settlingTime === 0) return { statusLag: 0, propagation: 0, conflict: 0, answerTime: Infinity, untilListed: 0, untilNothingMoreComes: 0 };
  const untilListed = LATENESS + settlingTime;
  return {
    statusLag: STATUS_LAG,
    propagation: PROPAGATION,
    conflict: Infinity,
    untilListed,
    answerTime: ANSWER_TIME,
    untilNothingMoreComes: ANSWER_TIME + STATUS_LAG + FRESHNESS + untilListed,
  };
}
