/**
 * What becomes of a message that the message review handler did not answer for: because it failed, took longer than
 * 200 ms, answered something invalid, or could not be invoked.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_MessageReviewHandler.html
 */
export enum FallbackResult {
  /** The message is delivered, unreviewed. */
  ALLOW = 'ALLOW',

  /** The message is refused. */
  DENY = 'DENY',
}
