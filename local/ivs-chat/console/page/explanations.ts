import type { ShownFrame, ShownRequest } from '../console-update';
import { nameKey } from './live-console';
import type { PageName } from './route';

/** An error in words. */
export interface Explanation {
  /** The cause. */
  readonly what: string;
  /** The next step of the developer. */
  readonly next?: string;
  /** The page that has more. */
  readonly page?: PageName;
}

/** Whether a request failed. */
export const hasFailed = ({ status, error }: ShownRequest) => error !== undefined || status === 0 || status >= 400;

const rules: readonly {
  readonly operation?: RegExp;
  readonly status?: number;
  /** Matches the error code, a blank and the message. */
  readonly error?: RegExp;
  readonly explain: (request: ShownRequest, message: string) => Explanation;
}[] = [
  {
    operation: /^MessageReview$/,
    error: /^ReviewTimedOut/,
    explain: (request) => ({
      what: `The message review handler did not answer within 200 ms. ${fallbackOf(request)}`,
      next: 'Look at the output of the function. The first invocation starts a process, which takes longer.',
      page: 'logs',
    }),
  },
  {
    operation: /^MessageReview$/,
    error: /^ReviewInvalid/,
    explain: (request) => ({
      what: `The response of the message review handler is not valid. ${fallbackOf(request)}`,
      next: 'The response needs ReviewResult (ALLOW or DENY). With ALLOW, it also needs Content.',
      page: 'logs',
    }),
  },
  {
    operation: /^MessageReview$/,
    explain: (request) => ({
      what: `The message review handler failed. ${fallbackOf(request)}`,
      next: request.message ?? 'Look at the output of the function.',
      page: 'logs',
    }),
  },
  {
    operation: /^LogDelivery$/,
    explain: ({ error }) => ({ what: `The chat logs were not delivered: ${error}.`, page: 'logs' }),
  },
  {
    operation: /^CONNECT$/,
    error: /has already been used/,
    explain: () => ({
      what: 'The chat token has already opened a connection. Each token opens one.',
      next: 'Return a new token from the token provider at each call.',
      page: 'tokens',
    }),
  },
  {
    operation: /^CONNECT$/,
    error: /token has expired/,
    explain: () => ({
      what: 'The chat token is older than 60 seconds.',
      next: 'Create the token immediately before the connection.',
      page: 'tokens',
    }),
  },
  {
    operation: /^CONNECT$/,
    error: /token is not valid/,
    explain: () => ({
      what: 'This service did not create the chat token.',
      next: 'Create the token with this service, after its last start. Each Region has its own endpoint on AWS.',
      page: 'tokens',
    }),
  },
  {
    operation: /^CONNECT$/,
    error: /token is missing/,
    explain: () => ({
      what: 'The connection has no chat token.',
      next: 'Send the token as the WebSocket subprotocol.',
    }),
  },
  {
    operation: /^CONNECT$/,
    status: 404,
    explain: () => ({ what: 'The room of the chat token was deleted.', page: 'rooms' }),
  },
  {
    status: 403,
    error: /^The (host|origin) /,
    explain: (_request, message) => ({ what: sentence(message) }),
  },
  {
    operation: /^CONNECT$/,
    status: 429,
    explain: (_request, message) => ({
      what: sentence(message), next: 'Close connections, or raise the quota concurrentConnections.',
    }),
  },
  {
    operation: /^[A-Z_]+$/,
    status: 429,
    explain: (_request, message) => ({
      what: `${sentence(message)} The client received ERROR 429.`,
      next: 'Send fewer messages, or raise maximumMessageRatePerSecond of the room (at most 100).',
    }),
  },
  {
    operation: /^[A-Z_]+$/,
    status: 406,
    explain: (_request, message) => ({
      what: `${sentence(message)} Only the sender was told.`,
      next: 'The review function of the room decided. It may have printed a reason.',
      page: 'logs',
    }),
  },
  {
    operation: /^[A-Z_]+$/,
    status: 403,
    explain: ({ operation }) => ({
      what: `The chat token of this user does not have the capability ${operation}.`,
      next: `Add ${operation} to the capabilities in CreateChatToken.`,
      page: 'tokens',
    }),
  },
  {
    operation: /^[A-Z_]+$/,
    status: 401,
    explain: () => ({ what: 'The session of the user has ended.', next: 'Connect again with a new token.' }),
  },
  {
    error: /^AccessDeniedException/,
    explain: (_request, message) => ({
      what: sentence(message),
      next: 'Grant the action to the role, for example with room.grants.',
    }),
  },
  {
    error: /^ThrottlingException/,
    explain: ({ operation }) => ({
      what: `The account sent more ${operation} requests per second than its quota allows.`,
      next: 'Retry with a delay. The AWS SDKs do it by themselves.',
    }),
  },
  {
    error: /^ResourceNotFoundException/,
    explain: (_request, message) => ({
      what: sentence(message),
      next: 'Check the identifier and the Region. A restart without a state file removes all rooms.',
      page: 'rooms',
    }),
  },
  {
    error: /^(InvalidSignature|UnrecognizedClient|MissingAuthentication|IncompleteSignature|SignatureDoesNotMatch)/,
    explain: (_request, message) => ({
      what: sentence(message),
      next: 'Use the credentials that the service printed at its start, or start it with --any-credentials.',
    }),
  },
  { status: 0, explain: () => ({ what: 'The connection closed before there was a response.' }) },
];

/** Explains why a request failed. */
export function explainRequest(request: ShownRequest): Explanation {
  if (request.fault) {
    return {
      what: `The injected fault “${request.fault}” caused this. ${effectOf(request)}`,
      next: 'Remove the fault to go on.',
      page: 'faults',
    };
  }
  const message = request.message ?? request.error ?? '';
  const text = `${request.error ?? ''} ${message}`.trim();
  const rule = rules.find(({ operation, status, error }) =>
    (operation?.test(request.operation) ?? true)
    && (status === undefined || status === request.status)
    && (error?.test(text) ?? true));
  return rule?.explain(request, message) ?? { what: sentence(message || `The status is ${request.status}`) };
}

/** Explains why a connection ended. */
export function explainClose({ content, roomArn }: ShownFrame, names: ReadonlyMap<string, string>): string {
  const { ClosedBy, Reason = '' } = content as { readonly ClosedBy?: string; readonly Reason?: string };
  const by = ClosedBy === undefined
    ? 'the operation DisconnectUser'
    : names.get(nameKey(roomArn, ClosedBy)) ?? ClosedBy;
  return sentence(Reason.replace(/^disconnected/, () => `disconnected by ${by}`));
}

function effectOf({ fault, operation, output }: ShownRequest): string {
  if (operation === 'MessageReview') return fallbackText(output);
  return fault === 'lostResponse'
    ? 'The request took effect, but the client did not receive the response.'
    : 'The request had no effect.';
}

const fallbackOf = ({ output }: ShownRequest) => fallbackText(output);

function fallbackText(output: unknown): string {
  const { FallbackResult } = (output ?? {}) as { readonly FallbackResult?: string };
  return FallbackResult === 'ALLOW'
    ? 'The fallback result ALLOW applied, so the message was delivered without a review.'
    : 'The fallback result DENY applied, so the message was rejected.';
}

function sentence(text: string): string {
  const trimmed = text.trim().replace(/\.$/, '');
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
}
