import type { BanListOptions, ListRequest } from './ban-list';
import {
  isRestricted, listRestrictions, restrict, unrestrict, type RestrictUserRequest, type Restrictions, type UserInRoom,
  type UserInRooms,
} from './restrictions';

/**
 * Bans a user and closes the connections of the user. First the ban is written, and then the user is disconnected.
 *
 * A ban only stops the creation of tokens in functions that call `isBanned`. A token that was created before the ban
 * can open a connection for 60 seconds. Call `disconnectUser` again after 62 seconds to close it. `ChatApi` does both.
 *
 * With `allRooms`, the ban applies to all rooms, and the user is disconnected from `roomIdentifiers`. The function
 * needs the permissions `banList.grantWrite(fn)` and `room.grantModerate(fn)`.
 *
 * @throws The exceptions of the client and of DynamoDB. The ban stays if the user cannot be disconnected. A second call
 * completes it.
 *
 * @example
 * await banUser({
 *   banList: process.env.BAN_LIST!,
 *   userId: 'u-17',
 *   roomIdentifiers: [process.env.ROOM_ARN!],
 *   durationInMinutes: 24 * 60,
 * });
 */
export async function banUser(request: RestrictUserRequest, options?: BanListOptions): Promise<void> {
  await restrict('BAN', request, options);
}

/**
 * Ends the bans of a user from the rooms in `roomIdentifiers`. With `allRooms`, it also ends the ban from all rooms.
 *
 * The function needs the permission `banList.grantWrite(fn)`.
 */
export async function unbanUser(request: UserInRooms, options?: BanListOptions): Promise<void> {
  await unrestrict('BAN', request, options);
}

/**
 * Returns whether a user is banned from a room. The read is consistent: it sees each ban that was written before.
 *
 * Call it before the creation of a token and once more before the token leaves the function. Otherwise, a ban between
 * the two steps has no effect on the token. The function needs the permission `banList.grantRead(fn)`.
 *
 * @example
 * async function tokenFor(userId: string) {
 *   const roomIdentifier = process.env.ROOM_ARN!;
 *   const user = { banList: process.env.BAN_LIST!, userId, roomIdentifier };
 *   if (await isBanned(user)) return undefined;
 *   const chatToken = await createChatToken({ roomIdentifier, userId, role: 'viewer' });
 *   return await isBanned(user) ? undefined : chatToken;
 * }
 */
export async function isBanned(user: UserInRoom, options?: BanListOptions): Promise<boolean> {
  return isRestricted('BAN', user, options);
}

/** Returns a page of the bans and mutes, the latest first. The function needs `banList.grantRead(fn)`. */
export async function listBans(request: ListRequest, options?: BanListOptions): Promise<Restrictions> {
  return listRestrictions(request, options);
}
