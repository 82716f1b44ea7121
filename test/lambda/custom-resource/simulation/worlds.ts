/** The faults in the world of a schedule: probabilities, and times in milliseconds. */
export interface Rates {
  /**
   * Per HTTP request: it or its response is lost, it takes effect late, it is refused, or its response cannot be read.
   */
  readonly fault: number;
  /** A request that was sent takes effect up to this much later. */
  readonly lateness: number;
  /** Per HTTP request: the function dies, before or after the request takes effect. */
  readonly crash: number;
  /** Per invocation: the event is delivered once more. */
  readonly duplicate: number;
  /** The duplicate comes up to this much later. */
  readonly duplicateWithin: number;
  /** Per invocation: the event is delivered once more within two hours. */
  readonly lateDuplicate: number;
  /** Per create or update: CloudFormation cancels it. */
  readonly cancel: number;
  /** The cancellation comes within this time. */
  readonly cancelWithin: number;
  /** Per create or update that succeeds: another part of the deployment fails, and the deployment is rolled back. */
  readonly rollBack: number;
  /** Per create or update: the service refuses it for up to two minutes. */
  readonly refusal: number;
  /** Per request: IAM refuses everything for up to seven minutes. */
  readonly lockout: number;
  /** Per schedule: the ResponseURL has `Expires` instead of `X-Amz-Date`. */
  readonly signedByExpiry: number;
  /** Per resource: it has the deletion policy Retain or RetainExceptOnCreate. */
  readonly retain: number;
  /** Per deployment: rollback is disabled. */
  readonly noRollback: number;
  /** Per new resource of the stack: it adopts an existing resource, which was made by hand or retained earlier. */
  readonly adopt: number;
  /** Between two deployments: a person edits the tags or the settings of the resource. */
  readonly edit: number;
  /** Per schedule: a tool tags everything that is created. */
  readonly autoTagger: number;
  /** Per schedule: there is a second stack with a resource of the same name. */
  readonly secondStack: number;
  /** Per schedule: the stack is deleted and created again, with another id, between two resources. */
  readonly newStack: number;
  /** Reads are up to this old. */
  readonly readLag: number;
  /** The statuses and events of CloudFormation are up to this old. Each schedule has one of these values. */
  readonly statusLags: readonly number[];
  /** A response of CloudFormation arrives up to this long after its contents were determined. */
  readonly slowStatus: number;
  /** Deployments and requests are this many times faster. Two requests of CloudFormation can then have one second. */
  readonly haste: number;
  /** The clocks of CloudFormation, of the service and of Lambda differ by up to this much. */
  readonly clockSkew: number;
  /** A new policy of the role is not effective for up to this long. */
  readonly policyDelay: number;
  /** The tags of a resource that IAM sees are up to this old. */
  readonly tagLag: number;
  /** An action that is denied for good. */
  readonly denied?: string;
}

/** Far worse than any real cloud, but within the assumptions of `lambda/custom-resource/timing.ts`. */
export const adversarial: Rates = {
  fault: 0.12,
  lateness: 30_000,
  crash: 0.05,
  duplicate: 0.15,
  duplicateWithin: 120_000,
  lateDuplicate: 0.03,
  cancel: 0.2,
  cancelWithin: 20_000,
  rollBack: 0.15,
  refusal: 0.15,
  lockout: 0.01,
  signedByExpiry: 0.2,
  retain: 0.3,
  noRollback: 0.2,
  adopt: 0.15,
  edit: 0.2,
  autoTagger: 0.2,
  secondStack: 0.2,
  newStack: 0.2,
  readLag: 3000,
  statusLags: [0, 500, 2000, 5000, 10_000],
  slowStatus: 50,
  haste: 1,
  clockSkew: 2500,
  policyDelay: 15_000,
  tagLag: 3000,
};

/** No new faults. Requests that were sent before still arrive. */
export const calm: Partial<Rates> = {
  fault: 0, lateness: 0, crash: 0, duplicate: 0, lateDuplicate: 0, cancel: 0, refusal: 0, lockout: 0,
};

/** No faults at all. A world adds its own faults to these rates. */
export const quiet: Partial<Rates> = {
  ...calm,
  rollBack: 0,
  retain: 0,
  noRollback: 0,
  adopt: 0,
  edit: 0,
  autoTagger: 0,
  secondStack: 0,
  newStack: 0,
  clockSkew: 0,
  policyDelay: 0,
  tagLag: 0,
};

/** The worlds of a run, each with one kind of fault or with all of them. Consecutive seeds use consecutive worlds. */
export const worlds: { readonly [name: string]: Partial<Rates> } = {
  'everything': {},
  'mild faults': { fault: 0.02, crash: 0.01, duplicate: 0.05, lateDuplicate: 0.01 },
  'canceled operations only': { ...quiet, cancel: 0.5, lateness: 30_000 },
  'canceled operations that the service refuses': { ...quiet, cancel: 0.6, refusal: 0.6, rollBack: 0.2 },
  'retained resources': { ...quiet, retain: 1, cancel: 0.2, rollBack: 0.3, newStack: 0.3 },
  'no rollback': { ...quiet, noRollback: 1, refusal: 0.4, cancel: 0.2, retain: 0.3 },
  'adoption': { ...quiet, adopt: 0.7, retain: 0.5, rollBack: 0.3, cancel: 0.3, refusal: 0.2, newStack: 0.2 },
  'tags edited by hand': { ...quiet, edit: 0.8, autoTagger: 0.5, retain: 0.3, rollBack: 0.2, tagLag: 3000 },
  'IAM settles': {
    ...quiet, policyDelay: 120_000, tagLag: 3000, cancel: 0.2, rollBack: 0.3, fault: 0.05, duplicate: 0.1,
  },
  'IAM locks the provider out': { ...quiet, lockout: 0.2, cancel: 0.3, retain: 0.2, rollBack: 0.2 },
  'two stacks and new stacks': { secondStack: 1, newStack: 0.7, edit: 0 },
  'clocks that differ': { clockSkew: 2500, statusLags: [10_000], edit: 0 },
  'statuses that arrive late': { ...quiet, slowStatus: 3900, statusLags: [14_900], clockSkew: 2500, cancel: 0.2 },
  'two requests in one second': { ...quiet, haste: 6, readLag: 0, statusLags: [0], cancel: 0.5, cancelWithin: 1500 },
};

/** Worlds beyond the assumptions of timing.ts. Their failures are reported and allowed. */
export const worldsBeyond: { readonly [name: string]: Partial<Rates> } = {
  'statuses that are 30 s old': { statusLags: [30_000] },
  'reads that are 10 s old': { readLag: 10_000 },
  'writes that take effect 90 s late': { lateness: 90_000 },
  'clocks that differ by 20 s': { clockSkew: 10_000 },
};

/** Worlds in which IAM denies an action for good. Each create fails with a reason. */
export const worldsOfDenial: { readonly [name: string]: Partial<Rates> } = {
  'DescribeStackResource is denied': { denied: 'cloudformation:DescribeStackResource' },
  'creating is denied': { denied: 'ivschat:Create*' },
};
