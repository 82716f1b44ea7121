import type { Clock } from '../../clock';
import type { Room } from '../state/resource-store';
import { check, codePoints } from '../../../src/contract/check';
import { ChatTokenAttributes } from '../../../src/contract/generated/constraints';

type Attributes = { readonly [key: string]: string };

/** The event of a message review handler. */
export interface MessageReviewEvent {
  readonly Content: string;
  readonly MessageId: string;
  readonly RoomArn: string;
  readonly Attributes: Attributes;
  readonly Sender: { readonly Attributes: Attributes; readonly UserId: string; readonly Ip: string };
}

/** The time limit of one invocation. */
export interface InvocationLimit {
  /** Stops the time. Call it before a wait that a function on AWS does not have, such as the start of a process. */
  stop(): void;
  /** Starts the time again, from zero. */
  restart(): void;
}

/** Invokes a Lambda function and returns its result. Rejects if the function fails. */
export type InvokeFunction = (
  functionArn: string,
  event: MessageReviewEvent,
  limit: InvocationLimit,
) => Promise<unknown>;

/** The reason of a failed review. It contains no output of the function, which could contain the message. */
export type ReviewFailure = 'ReviewFailed' | 'ReviewTimedOut' | 'ReviewInvalid';

export type MessageReview =
  | {
    readonly result: 'ALLOW';
    readonly content: string;
    readonly attributes: Attributes | null;
    readonly failure?: ReviewFailure;
    readonly cause?: string;
  }
  | {
    readonly result: 'DENY';
    readonly reason?: string;
    readonly failure?: ReviewFailure;
    /** The error of the function. It can contain the message, so only the console shows it. */
    readonly cause?: string;
  };

const TIMEOUT_MILLISECONDS = 200;
const tooLate = new Error('too late');

/**
 * Reviews a message with the handler of the room. If the handler fails, times out or returns an invalid response, the
 * `fallbackResult` of the room applies, and `failure` has the reason.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/chat-message-review-handler.html
 */
export async function reviewMessage(
  room: Room,
  event: MessageReviewEvent,
  attributes: Attributes | null,
  invokeFunction: InvokeFunction | undefined,
  clock: Clock,
): Promise<MessageReview> {
  const { uri, fallbackResult } = room.messageReviewHandler!;
  const fallback = (failure: ReviewFailure, cause?: string): MessageReview =>
    fallbackResult === 'ALLOW'
      ? { result: 'ALLOW', content: event.Content, attributes, failure, cause }
      : { result: 'DENY', failure, cause };
  if (!invokeFunction) return fallback('ReviewFailed', 'The option invokeFunction is not set');
  let answer: unknown;
  let timer: unknown;
  let expire: () => void;
  const timeout = new Promise<never>((_, reject) => {
    expire = () => reject(tooLate);
  });
  const limit: InvocationLimit = {
    stop: () => clock.clearTimeout(timer),
    restart() {
      limit.stop();
      timer = clock.setTimeout(expire, TIMEOUT_MILLISECONDS);
    },
  };
  try {
    limit.restart();
    answer = await Promise.race([invokeFunction(uri, event, limit), timeout]);
  } catch (error) {
    return error === tooLate ? fallback('ReviewTimedOut') : fallback('ReviewFailed', String((error as Error)?.message));
  } finally {
    limit.stop();
  }
  return judge(answer, room.maximumMessageLength, attributes) ?? fallback('ReviewInvalid');
}

/** Returns the review of a response, or undefined if the response is not valid. */
function judge(
  answer: unknown,
  maximumMessageLength: number,
  attributes: Attributes | null,
): MessageReview | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { ReviewResult, Content, Attributes: returned } = answer as { [member: string]: unknown };
  const valid = returned === undefined || returned === null || check(ChatTokenAttributes, returned).length === 0;
  if (ReviewResult === 'DENY') {
    // A denial applies even with invalid attributes, because the fallback result could allow the message.
    const reason = valid ? (returned as Attributes | undefined | null)?.Reason : undefined;
    return { result: 'DENY', reason };
  }
  if (ReviewResult !== 'ALLOW' || !valid || typeof Content !== 'string') return undefined;
  const length = codePoints(Content);
  return length < 1 || length > maximumMessageLength
    ? undefined
    : { result: 'ALLOW', content: Content, attributes: (returned as Attributes | undefined | null) ?? attributes };
}

/**
 * Invokes a message review handler at a URL, such as the AWS Lambda runtime interface emulator. The event is sent as
 * JSON, and the response is the review.
 *
 * @example
 * const url = 'http://127.0.0.1:9000/2015-03-31/functions/function/invocations';
 * await startLocalIvsChat({ invokeFunction: invokeFunctionAt(url) });
 */
export function invokeFunctionAt(url: string): InvokeFunction {
  // Node.js loads its HTTP client at the first use, which would count as time of the first review.
  void new Headers();
  return async (_functionArn, event) => {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(event),
      headers: { 'content-type': 'application/json' },
    });
    if (!response.ok || response.headers.has('x-amz-function-error')) {
      throw new Error(`the handler answered ${response.status}`);
    }
    return response.json();
  };
}
