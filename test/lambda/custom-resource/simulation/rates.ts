/** How unkind the world of a schedule is: probabilities, and times in milliseconds. */
export interface Rates {
  /** Per HTTP request: it, or its answer, is lost, it is carried out late, or it is refused. */
  readonly fault: number;
  /** A request that was sent is carried out up to so much later. */
  readonly lateness: number;
  /** Per HTTP request: the function dies, before or after it is carried out. */
  readonly crash: number;
  /** Per invocation: the event is delivered once more, */
  readonly duplicate: number;
  /** up to so much later. */
  readonly duplicateWithin: number;
  /** Per invocation: the event is delivered once more within two hours. */
  readonly lateDuplicate: number;
  /** Per create or update: CloudFormation stops waiting within the first 20 seconds. */
  readonly cancel: number;
  /** The same logical id is created again after its deletion. */
  readonly again: number;
  /** Once a create is answered, nothing goes wrong any more, but for what is on its way. */
  readonly calmAfterCreate: boolean;
  /** Reads show what was up to so much earlier. */
  readonly readLag: number;
  /** CloudFormation's statuses are up to so much older; one of these per schedule. */
  readonly statusLags: readonly number[];
}

/** Far worse than any real cloud. */
export const adversarial: Rates = {
  fault: 0.12,
  lateness: 30_000,
  crash: 0.05,
  duplicate: 0.15,
  duplicateWithin: 120_000,
  lateDuplicate: 0.03,
  cancel: 0.3,
  again: 0.5,
  calmAfterCreate: false,
  readLag: 3000,
  statusLags: [0, 500, 2000, 5000, 10_000],
};

export const calm: Rates = {
  fault: 0,
  lateness: 0,
  crash: 0,
  duplicate: 0,
  duplicateWithin: 0,
  lateDuplicate: 0,
  cancel: 0,
  again: 0.5,
  calmAfterCreate: true,
  readLag: 0,
  statusLags: [0],
};
