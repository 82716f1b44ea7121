import type { JsonSchema } from './json-schema';
import { DECISIONS } from '../../src/contract/chat-api/decisions';
import { REPORT_CATEGORIES } from '../../src/contract/chat-api/report-categories';

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values });
const list = (items: JsonSchema) => ({ type: 'array', items });

/** An object. The names of members that can be absent end with a question mark. */
function object(members: Record<string, JsonSchema>): JsonSchema {
  const entries = Object.entries(members);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace('?', ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

const session = object({
  'token': text,
  'sessionExpirationTime': time,
  'tokenExpirationTime': time,
  'userId': text,
  'displayName?': text,
  'role': text,
  'capabilities': list(oneOf('SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER')),
  'room': text,
  'requiresTerms?': text,
  'mutedUntil?': time,
});

const decision = object({
  reportId: text,
  decision: oneOf(...DECISIONS),
  facts: text,
  ground: text,
  automatedDecision: oneOf('NOT_AUTOMATED', 'PARTIALLY_AUTOMATED', 'FULLY_AUTOMATED'),
  category: oneOf(...REPORT_CATEGORIES),
  decisionTime: time,
  canAppeal: { type: 'boolean' },
});

const report = object({
  'reportId': text,
  'status': oneOf('OPEN', 'APPEALED', 'RESOLVED'),
  'category': oneOf(...REPORT_CATEGORIES),
  'reporterId': text,
  'userId': text,
  'room?': text,
  'messageId?': text,
  'content?': text,
  'comment?': text,
  'creationTime': time,
  'dueTime': time,
  'decision?': decision,
  'appealComment?': text,
});

const ban = object({
  'type': oneOf('BAN', 'MUTE'),
  'userId': text,
  'room?': text,
  'reason?': text,
  'moderatorId?': text,
  'creationTime': time,
  'expirationTime?': time,
});

const event = object({ id: text });
const receipt = object({ reportId: text, dueTime: time });

/** The schemas of the responses with a body. A test compares them with the responses of the functions. */
export const responseSchemas: { readonly [name: string]: JsonSchema } = {
  CreateChatTokenResponse: session,
  CreateGuestChatTokenResponse: session,
  GetPolicyResponse: object({
    'contact?': text, 'termsUrl?': text, 'requiredTerms?': text, 'categories': list(oneOf(...REPORT_CATEGORIES)),
  }),
  SendEventResponse: event,
  DeleteMessageResponse: event,
  ListBansResponse: object({ 'bans': list(ban), 'nextToken?': text }),
  ListBlockedUsersResponse: object({
    'blockedUsers': list(object({ userId: text, creationTime: time })), 'nextToken?': text,
  }),
  ReportMessageResponse: receipt,
  ReportUserResponse: receipt,
  ListReportsResponse: object({ 'reports': list(report), 'nextToken?': text }),
  ListDecisionsResponse: object({ 'decisions': list(decision), 'nextToken?': text }),
};
