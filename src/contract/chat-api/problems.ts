/** A problem of the chat API: the HTTP status and the title of the response. */
export interface ProblemDefinition {
  readonly status: number;
  readonly title: string;
}

/**
 * The problems of the chat API by name. An error response has the format of RFC 9457, and its `type` is
 * `chatApiProblemType(name)`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const CHAT_API_PROBLEMS = {
  'invalid-input': { status: 400, title: 'The request is invalid.' },
  'unauthenticated': { status: 401, title: 'The request has no identity that the API can use.' },
  'forbidden': { status: 403, title: 'The user does not have this right.' },
  /** Final. A client must not repeat the request. */
  'banned': { status: 403, title: 'The user is banned.' },
  'not-found': { status: 404, title: 'The resource does not exist.' },
  'conflict': { status: 409, title: 'The state of the resource does not allow this operation.' },
  'room-deleted': { status: 410, title: 'The room has been deleted.' },
  'request-too-large': { status: 413, title: 'The request is too large.' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON.' },
  'too-many-requests': { status: 429, title: 'The user has sent too many requests.' },
  'internal-error': { status: 500, title: 'The request failed.' },
  'unavailable': { status: 503, title: 'The request failed. Another attempt can succeed.' },
} as const satisfies Record<string, ProblemDefinition>;

export type ChatApiProblemName = keyof typeof CHAT_API_PROBLEMS;

/** Returns the `type` of a problem, for example `https://cdk-ivs-chat.dev/problems/banned`. */
export function chatApiProblemType(name: ChatApiProblemName): string {
  return `https://cdk-ivs-chat.dev/problems/${name}`;
}

/** The maximum size of a request body, in bytes. */
export const CHAT_API_MAXIMUM_BODY_BYTES = 4096;
