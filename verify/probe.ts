import type { Kit } from './kit';

/** One question about the service or the project, and the code that answers it. */
export interface Probe {
  readonly id: string;
  readonly group: string;
  readonly question: string;
  /** The constant, the rule or the row of the documentation that the code relies on. */
  readonly assumes: string;
  /** The reason why the local service cannot answer. The probe still runs there. */
  readonly onlyOnAws?: string;
  /**
   * Throws an AssertionError if the assumption does not hold, and any other error if the question could not be
   * answered.
   */
  run(kit: Kit): Promise<string | Observation>;
}

export interface Observation {
  readonly seen: string;
  readonly holds: boolean;
}

/** A line of the report. */
export interface Row extends Pick<Probe, 'id' | 'group' | 'question' | 'assumes'> {
  readonly seen: string;
  readonly verdict: 'holds' | 'differs' | 'not measured';
  /** The reason of `not measured`. */
  readonly why?: string;
  /** Whether the probe ran to its end. */
  readonly ran: boolean;
}

type Ask = (id: string, question: string, expected: string, see: (kit: Kit) => Promise<string>) => Probe;

/** Returns a function that creates probes of one group. Each probe compares the answer with the expected answer. */
export function asking(group: string, source: string): Ask {
  return (id, question, expected, see) => ({
    id,
    group,
    question,
    assumes: `${source}: ${expected}`,
    async run(kit) {
      const seen = await see(kit);
      return { seen, holds: seen === expected };
    },
  });
}

/** Returns `success`, or the name and the given members of the error. */
export async function outcome(work: Promise<unknown>, ...members: string[]): Promise<string> {
  return work.then(
    () => 'success',
    (error) => [error.name, ...members.map((member) => `${member} ${error[member]}`)].join(', '),
  );
}
