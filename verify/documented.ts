import type { Row } from './probe';

/** The rows of "Where the service's behaviour is not known" in docs/local-ivs-chat.md: the probes of each, or why there is none. */
export const documented: { readonly [question: string]: readonly string[] | { readonly notMeasured: string } } = {
  'order of the checks': ['fields-before-permission', 'absent-under-condition'],
  'a body that is not JSON, a path that is no operation': ['no-json'],
  'another content-type than JSON; a body that is too large': ['content-type'],
  'a resource of another account': ['other-account'],
  'a resource of another Region': ['other-region'],
  '`resourceType` of a logging configuration': ['absent-type', 'delete-attached'],
  'deleting a logging configuration that a room has': ['delete-attached'],
  'content that is too long; attributes that are': ['too-long'],
  'size of message attributes, and how 1 KB is counted': ['attribute-size'],
  'a RequestId of any length': ['request-id'],
  'deleting a message that nobody has sent': ['delete-unsent'],
  'the end of a session': ['session-end'],
  'close codes': ['close-codes', 'session-end'],
  'a binary frame': ['binary-frame'],
  '`messageReviewHandler` when there is none; `name` when there is none': ['unset-handler', 'default-name'],
  'a handler update that leaves a member out': ['partial-handler'],
  'a denial whose other members are wrong': ['odd-denial'],
  '`MessageId` that the handler sees': ['review-id'],
  'identifiers of logging configurations given twice; tag keys that begin with `aws:`': ['given-twice'],
  'messages under review at the same time': ['review-order'],
};

/** Assumptions that no probe can measure. They are in every report. */
const unmeasured: { readonly [question: string]: readonly [assumes: string, why: string] } = {
  'How late can a write take effect after it was sent?': [
    'ASSUMPTIONS.writeDelay', 'a request cannot be delayed inside AWS from outside',
  ],
  'In which order do the checks of messaging come?': [
    'local IVS Chat: rate, size, fields, session, capability, room, rates, content, attributes, review',
    'a request that breaks two rules tells only of these two, and there are many pairs',
  ],
  'How does an existing room of a second account answer?': [
    'local IVS Chat: AccessDeniedException', 'the run has the credentials of one account',
  ],
};

export const documentedRows: readonly Row[] = Object.entries(unmeasured).map(([question, [assumes, why]], index) => ({
  id: `unmeasured-${index + 1}`, group: 'No probe', question, assumes, seen: '', verdict: 'not measured', why, ran: true,
}));
