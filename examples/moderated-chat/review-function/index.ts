import { createBlocklist } from 'cdk-ivs-chat/blocklist';
import { allow, deny, isBanned, isMuted, reviewMessage } from 'cdk-ivs-chat/runtime';

const blocklist = createBlocklist();

/**
 * Denies the messages of users who are banned or muted, and profanity.
 *
 * A user whose token is older than the ban can still send messages for a minute. The ban list stops them at once.
 */
export const handler = reviewMessage(
  async ({ Content, RoomArn, Sender }) => {
    if (blocklist.matches(Content)) return deny('The message contains a blocked word.');
    const user = { banList: process.env.BAN_LIST!, userId: Sender.UserId, roomIdentifier: RoomArn };
    const [banned, muted] = await Promise.all([isBanned(user), isMuted(user)]);
    return banned || muted ? deny('A moderator has muted you.') : allow();
  },
  { onError: 'DENY' },
);
