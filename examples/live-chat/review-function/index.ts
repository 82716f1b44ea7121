import { allow, deny, reviewMessage } from 'cdk-ivs-chat/runtime';

/** Denies messages with links. A message is also denied if the review fails. */
export const handler = reviewMessage(
  ({ Content }) => (/https?:|www\./i.test(Content) ? deny('Links are not allowed.') : allow()),
  { onError: 'DENY' },
);
