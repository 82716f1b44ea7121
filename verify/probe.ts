import type { Kit } from './kit';

/** One question to the service or to the project, and its answer. */
export interface Probe {
  readonly id: string;
  readonly group: string;
  readonly question: string;
  /** The constant, the rule or the row of the documentation that the code relies on. */
  readonly assumes: string;
  /** The reason why the local service cannot answer. The probe still runs there. */
  readonly onlyOnAws?: string;
  /** Throws an AssertionError if the assumption does not hold, and any other error if the question could not be answered. */
  run(kit: Kit): Promise<string | Observation>;
}

export interface Observation {
  readonly seen: string;
  readonly holds: boolean;
}

export type Verdict = 'holds' | 'differs' | 'not measured';

/** A line of the report. */
export interface Row extends Pick<Probe, 'id' | 'group' | 'question' | 'assumes'> {
  readonly seen: string;
  readonly verdict: Verdict;
  /** The reason of `not measured`. */
  readonly why?: string;
  /** Whether the probe came to its end. */
  readonly ran: boolean;
}
