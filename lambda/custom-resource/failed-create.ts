import { isAccessDenied } from './invocation';
import type { ManagedResource } from './managed-resource';

/**
 * The prefix of the physical id of a create that failed. It tells the later delete whether a resource can exist. A
 * failed create never responds with an ARN, because a delete assumes that CloudFormation has recorded every ARN.
 */
export const UNCREATED = {
  /** No delivery of the request can have created anything: `nothing/REQUEST`. */
  nothing: 'nothing/',
  /** IAM denied the first read, before anything was created: `denied/REQUEST/NAME`. */
  denied: 'denied/',
  /** The request may have created something: `pending/REQUEST/NAME`. */
  pending: 'pending/',
} as const;

/**
 * Returns the fallback if IAM denies a call of the delete, and denied the create (`denied/`) before it could create
 * anything.
 */
export async function unlessStillDenied<Result>(
  { event }: ManagedResource, call: Promise<Result>, fallback: Result,
): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (!event.PhysicalResourceId?.startsWith(UNCREATED.denied) || !isAccessDenied(error as Error)) throw error;
    return fallback;
  }
}

/** The progress of a create. */
export interface Progress {
  /** The physical id to respond with if the create fails now. */
  physicalId: string;
  /**
   * Whether this delivery may have created a resource that its response does not name. Such a resource is removed
   * after the response.
   */
  mayLeaveResources: boolean;
}
