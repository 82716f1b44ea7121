import { createBlocklist, reviewMessage } from 'cdk-ivs-chat/runtime';

const blocklist = createBlocklist();

/** Denies messages with words of the blocklist. A message is also denied if the review fails. */
export const handler = reviewMessage(
  ({ content, allow, deny }) => (blocklist.matches(content) ? deny('The message contains a blocked word.') : allow()),
  { onError: 'DENY' },
);
