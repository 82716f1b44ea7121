import type { BanListOptions } from './ban-list';
import {
  isRestricted, restrict, unrestrict, type RestrictUserRequest, type UserInRoom, type UserInRooms,
} from './restrictions';

/**
 * Mutes a user: writes the mute and closes the connections of the user.
 *
 * A mute only has an effect in functions that call `isMuted` and then create a token without `SEND_MESSAGE`. The client
 * of the user connects again with such a token. Call `disconnectUser` again after 62 seconds, as for `banUser`.
 * `ChatApi` does both. The function needs the permissions `banList.grantWrite(fn)` and `room.grantModerate(fn)`.
 *
 * @throws The exceptions of the client and of DynamoDB. The mute stays if the user cannot be disconnected.
 */
export async function muteUser(request: RestrictUserRequest, options?: BanListOptions): Promise<void> {
  await restrict('MUTE', request, options);
}

/** Ends the mutes of a user, as `unbanUser` ends bans. The client has to connect again before it can send messages. */
export async function unmuteUser(request: UserInRooms, options?: BanListOptions): Promise<void> {
  await unrestrict('MUTE', request, options);
}

/** Returns whether a user is muted in a room. The read is consistent. The function needs `banList.grantRead(fn)`. */
export async function isMuted(user: UserInRoom, options?: BanListOptions): Promise<boolean> {
  return isRestricted('MUTE', user, options);
}
