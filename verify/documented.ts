import type { Row } from './probe';

/**
 * The rows of "Undocumented behavior of the service" in docs/local-ivs-chat.md, each with its probes or with the reason
 * why it has none.
 */
export const documented: { readonly [question: string]: readonly string[] | { readonly notMeasured: string } } = {
  'order of the checks': ['fields-before-permission', 'absent-under-condition'],
  'a body that is not JSON; an unknown path': ['no-json'],
  'a content-type other than JSON; a body that is too large': ['content-type'],
  'a resource of another account': ['other-account'],
  'a resource of another Region': ['other-region'],
  '`resourceType` of a logging configuration': ['absent-type', 'delete-attached'],
  'deleting a logging configuration that a room uses': ['delete-attached'],
  'content that is too long; attributes that are too long': ['too-long'],
  'keys of a messaging request in another case, such as `action`': ['key-case'],
  'texts of the errors for rates and for content that is too long': ['error-texts'],
  'maximum size of message attributes': ['attribute-size'],
  'a long RequestId': ['request-id'],
  'deleting a message that does not exist': ['delete-unsent'],
  'the end of a session': ['session-end'],
  'close codes': ['close-codes', 'session-end'],
  'a binary frame': ['binary-frame'],
  '`messageReviewHandler` and `name` of a room without them': ['unset-handler', 'default-name'],
  'a handler update with a missing member': ['partial-handler'],
  'a DENY with invalid other members': ['odd-denial'],
  '`MessageId` in the event of the handler': ['review-id'],
  'duplicate identifiers of logging configurations; tag keys that begin with `aws:`': ['given-twice'],
  'parallel message reviews': ['review-order'],
};

/** Assumptions that no probe can measure. They are in every report. */
const unmeasured: { readonly [question: string]: readonly [assumes: string, why: string] } = {
  'How late can a write take effect after it was sent?': [
    'ASSUMPTIONS.writeDelay', 'a client cannot delay a request inside AWS',
  ],
  'In which order does messaging check a request?': [
    'local IVS Chat: rate, size, fields, session, capability, room, rates, content, attributes, review',
    'a request that violates two rules shows the order of only these two, and there are many pairs',
  ],
  'Which error does a request for an existing room of a second account get?': [
    'local IVS Chat: AccessDeniedException', 'the run has the credentials of one account',
  ],
};

export const documentedRows: readonly Row[] = Object.entries(unmeasured).map(([question, [assumes, why]], index) => ({
  id: `unmeasured-${index + 1}`,
  group: 'No probe',
  question,
  assumes,
  seen: '',
  verdict: 'not measured',
  why,
  ran: true,
}));
