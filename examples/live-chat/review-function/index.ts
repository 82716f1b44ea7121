import { createBlocklist } from 'cdk-ivs-chat/blocklist';
import { allow, deny, reviewMessage } from 'cdk-ivs-chat/runtime';

const blocklist = createBlocklist();

/** Denies messages with links or profanity. A message is also denied if the review fails. */
export const handler = reviewMessage(
  ({ Content }) => {
    if (/https?:|www\./i.test(Content)) return deny('Links are not allowed.');
    return blocklist.matches(Content) ? deny('The message contains a blocked word.') : allow();
  },
  { onError: 'DENY' },
);
