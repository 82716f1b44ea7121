import { CHAT_API_PROBLEMS, chatApiProblemType, type ChatApiProblemName } from '../../src/contract/chat-api/problems';
import type { HttpResult } from './http-event';

/** Members of a problem in addition to the type, the title and the status. */
export interface ProblemMembers {
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  /** The end of a temporary ban. */
  readonly bannedUntil?: Date;
  /** The delay before the next request, in seconds. It is also in the header `Retry-After`. */
  readonly retryAfterInSeconds?: number;
}

/** A problem that the response reports, in the format of RFC 9457. */
export class ProblemError extends Error {
  constructor(readonly problem: ChatApiProblemName, readonly members: ProblemMembers = {}) {
    super(problem);
    this.name = 'ProblemError';
  }

  get result(): HttpResult {
    const { status, title } = CHAT_API_PROBLEMS[this.problem];
    const { retryAfterInSeconds } = this.members;
    return {
      statusCode: status,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        ...retryAfterInSeconds !== undefined && { 'retry-after': String(retryAfterInSeconds) },
      },
      body: JSON.stringify({ type: chatApiProblemType(this.problem), title, status, ...this.members }),
    };
  }
}

/** Returns the problem of one invalid field. */
export function invalidField(field: string, message: string): ProblemError {
  return new ProblemError('invalid-input', { errors: [{ field, message }] });
}
