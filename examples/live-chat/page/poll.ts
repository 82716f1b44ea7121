/**
 * A poll. The page of the host counts the votes, and sends the poll to everyone with SendEvent. Only hosts can send
 * events, so a viewer cannot send a wrong result.
 */
export interface Poll {
  readonly id: string;
  readonly question: string;
  readonly options: readonly string[];
  /** The number of votes for each option. */
  readonly votes: readonly number[];
  readonly isOpen: boolean;
}

export const MAXIMUM_OPTIONS = 4;
/** Events can have 1 KB of attributes. A poll of these lengths fits into it in every script. */
export const MAXIMUM_QUESTION_LENGTH = 80;
export const MAXIMUM_OPTION_LENGTH = 30;

/** Returns the attributes of the event `poll`. */
export function attributesOf({ id, question, options, votes, isOpen }: Poll): { [name: string]: string } {
  return { id, question, options: JSON.stringify(options), votes: votes.join(), state: isOpen ? 'open' : 'closed' };
}

/** Reads the attributes of an event `poll`. Returns undefined if they are no poll. */
export function pollOf({ id, question, options, votes, state }: { readonly [name: string]: string }): Poll | undefined {
  try {
    const texts: unknown = JSON.parse(options!);
    const counts = votes!.split(',').map(Number);
    const isList = Array.isArray(texts) && texts.every((text) => typeof text === 'string');
    if (!id || !question || !isList || texts.length !== counts.length || counts.some(Number.isNaN)) return undefined;
    return { id, question, options: texts, votes: counts, isOpen: state === 'open' };
  } catch {
    return undefined;
  }
}

/** Counts the votes. Each user has one vote, the last one. */
export function countVotes(ballots: ReadonlyMap<string, number>, optionCount: number): number[] {
  const votes = Array<number>(optionCount).fill(0);
  for (const option of ballots.values()) {
    if (option < optionCount) votes[option]!++;
  }
  return votes;
}
