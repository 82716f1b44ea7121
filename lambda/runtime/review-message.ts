import { codePoints, utf8Bytes } from '../../src/contract/check';

/**
 * The event of a message review handler.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/chat-message-review-handler.html
 */
export interface MessageReviewEvent {
  readonly Content: string;
  readonly MessageId: string;
  readonly RoomArn: string;
  readonly Attributes?: { readonly [name: string]: string } | null;
  readonly Sender: {
    readonly UserId: string;
    readonly Ip: string;
    /** The attributes of the chat token. */
    readonly Attributes?: { readonly [name: string]: string } | null;
  };
}

/** The answer of a message review handler. */
export interface MessageReviewAnswer {
  readonly ReviewResult: 'ALLOW' | 'DENY';
  readonly Content: string;
  readonly Attributes: { readonly [name: string]: string };
}

/** The result of a review. `allow` and `deny` create it. */
export type Review =
  | { readonly result: 'ALLOW'; readonly content?: string; readonly attributes?: { readonly [name: string]: string } }
  | { readonly result: 'DENY'; readonly reason?: string };

/** Options of `reviewMessage`. */
export interface ReviewMessageOptions {
  /**
   * The answer if the review throws, takes too long or returns an invalid result. `ALLOW` delivers the message
   * unchanged, and `DENY` refuses it.
   */
  readonly onError: 'ALLOW' | 'DENY';
  /**
   * The maximum duration of a review in milliseconds, 1 to 190. IVS Chat waits for 200 milliseconds, which include the
   * invocation of the function.
   *
   * @default 150
   */
  readonly timeoutInMilliseconds?: number;
  /** The maximum message length of the room. Longer content is cut. @default 500 */
  readonly maximumMessageLength?: number;
}

/** The maximum size of all attributes of a message, in bytes. */
const MAXIMUM_ATTRIBUTES_BYTES = 1024;
/** The maximum length of a reason. In UTF-8, it is shorter than the maximum size of the attributes. */
const MAXIMUM_REASON_LENGTH = 250;

/**
 * Delivers a message.
 *
 * @param change The new content and the new attributes. Without them, the message keeps its own.
 */
export function allow(
  change?: { readonly content?: string; readonly attributes?: { readonly [name: string]: string } },
): Review {
  return { ...change, result: 'ALLOW' };
}

/**
 * Refuses a message. The sender gets an error.
 *
 * @param reason The reason in the error of the sender. It is cut after 250 characters.
 */
export function deny(reason?: string): Review {
  return { result: 'DENY', reason };
}

/**
 * Creates the handler of a message review function. The answer is always valid.
 *
 * The handler answers with `onError` before IVS Chat stops waiting, if the review throws, does not end in time, or
 * returns an invalid result. It logs the name of the error, without the message. It cannot interrupt code that does not
 * wait, such as a slow regular expression.
 *
 * @param review Returns `allow()` or `deny()` for a message.
 *
 * @example
 * export const handler = reviewMessage(
 *   ({ Content }) => (Content.includes('http') ? deny('No links, please') : allow()),
 *   { onError: 'DENY' },
 * );
 */
export function reviewMessage(
  review: (event: MessageReviewEvent) => Review | Promise<Review>, options: ReviewMessageOptions,
): (event: MessageReviewEvent) => Promise<MessageReviewAnswer> {
  const { onError, timeoutInMilliseconds = 150, maximumMessageLength = 500 } = options ?? {};
  if (onError !== 'ALLOW' && onError !== 'DENY') throw new TypeError('onError must be ALLOW or DENY');
  if (!(timeoutInMilliseconds >= 1 && timeoutInMilliseconds <= 190)) {
    throw new TypeError(`timeoutInMilliseconds must be between 1 and 190, got ${timeoutInMilliseconds}`);
  }

  return async (event) => {
    const original = { Content: event.Content, Attributes: { ...event.Attributes } };
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(Object.assign(new Error('the review took too long'), { name: 'TimeoutError' }));
      }, timeoutInMilliseconds);
    });
    try {
      return answerOf(await Promise.race([ended(review, event), timeout]), original, maximumMessageLength);
    } catch (error) {
      logFailure(error, event.MessageId);
      return { ReviewResult: onError, ...original };
    } finally {
      clearTimeout(timer);
    }
  };
}

async function ended(review: (event: MessageReviewEvent) => Review | Promise<Review>, event: MessageReviewEvent) {
  return review(event);
}

/** @throws TypeError if the result of a review is invalid. */
function answerOf(
  review: Review, original: Omit<MessageReviewAnswer, 'ReviewResult'>, maximumMessageLength: number,
): MessageReviewAnswer {
  if (review.result === 'DENY') {
    const { reason } = review;
    const Reason = typeof reason === 'string' ? cut(reason, MAXIMUM_REASON_LENGTH) : undefined;
    return { ReviewResult: 'DENY', Content: original.Content, Attributes: Reason === undefined ? {} : { Reason } };
  }
  if (review.result !== 'ALLOW') throw new TypeError('a review must return allow() or deny()');

  const { content, attributes } = review;
  const Content = content === undefined ? original.Content : contentOf(content, maximumMessageLength);
  return { ReviewResult: 'ALLOW', Content, Attributes: attributes ? attributesOf(attributes) : original.Attributes };
}

function contentOf(content: unknown, maximumMessageLength: number): string {
  if (typeof content !== 'string' || content === '') {
    throw new TypeError('content must be text of at least 1 character');
  }
  return cut(content, maximumMessageLength);
}

function attributesOf(attributes: object): Record<string, string> {
  const entries = Object.entries(attributes);
  if (Array.isArray(attributes) || entries.some(([, value]) => typeof value !== 'string')) {
    throw new TypeError('attributes must be an object with text as its values');
  }
  const bytes = entries.flat().reduce((sum, text) => sum + utf8Bytes(text), 0);
  if (bytes > MAXIMUM_ATTRIBUTES_BYTES) {
    throw new TypeError(`attributes must be at most ${MAXIMUM_ATTRIBUTES_BYTES} bytes`);
  }
  return Object.fromEntries(entries);
}

/** Returns at most the given number of code points, and no half of a surrogate pair. */
function cut(text: string, maximum: number): string {
  const whole = text.replace(/\p{Cs}/gu, '\ufffd');
  return codePoints(whole) > maximum ? [...whole].slice(0, maximum).join('') : whole;
}

/** The message of an error can contain the content, so only the name and the places are logged. */
function logFailure(error: unknown, messageId: string): void {
  const { name, stack } = (error ?? {}) as Partial<Error>;
  const frames = String(stack).split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 5);
  const message = 'The review of a message failed';
  console.error(JSON.stringify({ level: 'ERROR', message, messageId, error: name, frames }));
}
