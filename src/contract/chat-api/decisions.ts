import { oneOf, type StringShape } from '../shape';

/** The decisions on an open report, and the two decisions on an appeal. */
export const DECISIONS = [
  'NO_ACTION', 'MESSAGE_DELETED', 'USER_MUTED', 'USER_BANNED', 'APPEAL_ACCEPTED', 'APPEAL_REJECTED',
] as const;

export type DecisionName = typeof DECISIONS[number];

/** Returns whether a decision is one on an appeal. */
export const isOnAppeal = (decision: DecisionName) => decision.startsWith('APPEAL_');

export const Decision: StringShape = { type: 'string', values: DECISIONS };

/** The values of the EU database of statements of reasons are the same, with a prefix. */
export type AutomatedDecisionName = 'NOT_AUTOMATED' | 'PARTIALLY_AUTOMATED' | 'FULLY_AUTOMATED';

export const AutomatedDecision = /* @__PURE__ */ oneOf('NOT_AUTOMATED', 'PARTIALLY_AUTOMATED', 'FULLY_AUTOMATED');
