import {
  databaseFor, expirationOf, expiring, itemsOfUser, listed, pageOfList, timeFor, userKey, checkInput,
  type BanListOptions, type ListRequest,
} from './ban-list';
import { disconnectFromRooms } from './disconnect-from-rooms';
import { DurationInMinutes, ModeratorReason } from '../../src/contract/chat-api/ban-list-constraints';
import { RoomIdentifier, UserID } from '../../src/contract/generated/constraints';
import { structure } from '../../src/contract/shape';
import type { Attributes } from '../dynamodb/attribute-values';

/** A user and the rooms of a ban or a mute. */
export interface UserInRooms {
  /** The name of the table of the ban list. */
  readonly banList: string;
  /** The user ID, exactly as in the tokens of the user. */
  readonly userId: string;
  /** The ARNs of the rooms. */
  readonly roomIdentifiers: readonly string[];
  /** Whether all rooms are meant, also those that are not in `roomIdentifiers`. @default false */
  readonly allRooms?: boolean;
}

/** A user and a room. */
export interface UserInRoom {
  /** The name of the table of the ban list. */
  readonly banList: string;
  /** The user ID, exactly as in the tokens of the user. */
  readonly userId: string;
  /** The ARN of the room. */
  readonly roomIdentifier: string;
}

/** The input of `banUser` and `muteUser`. */
export interface RestrictUserRequest extends UserInRooms {
  /** The duration in minutes, 1 to 525,600 (365 days). @default - without an end */
  readonly durationInMinutes?: number;
  /** The reason for moderators, 1 to 256 characters. The user does not see it. @default - no reason */
  readonly reason?: string;
  /** The user ID of the moderator. @default - no moderator */
  readonly moderatorId?: string;
}

/** A ban or a mute. */
export interface Restriction {
  readonly type: 'BAN' | 'MUTE';
  readonly userId: string;
  /** The ARN of the room. Absent for all rooms. */
  readonly roomIdentifier?: string;
  readonly reason?: string;
  readonly moderatorId?: string;
  readonly creationTime: Date;
  /** The end. Absent if there is none. */
  readonly expirationTime?: Date;
}

/** One page of bans and mutes. */
export interface Restrictions {
  readonly restrictions: readonly Restriction[];
  /** The token for the next page. Absent on the last page. */
  readonly nextToken?: string;
}

const ALL_ROOMS = '*';
const LIST = 'RESTRICTIONS';

const UserInRoomsShape = /* @__PURE__ */ structure({
  banList: { type: 'string', minimum: 1 },
  userId: UserID,
  roomIdentifiers: { type: 'list', member: RoomIdentifier },
  durationInMinutes: DurationInMinutes,
  reason: ModeratorReason,
  moderatorId: UserID,
}, ['banList', 'userId', 'roomIdentifiers']);

/** Writes a ban or a mute, and then closes the connections of the user. */
export async function restrict(
  type: Restriction['type'], request: RestrictUserRequest, options?: BanListOptions,
): Promise<void> {
  checkInput(type === 'BAN' ? 'banUser' : 'muteUser', UserInRoomsShape, request);
  const { banList, userId, roomIdentifiers, allRooms, durationInMinutes, reason, moderatorId } = request;
  const database = databaseFor(options);
  const now = timeFor(options);
  const creationTime = new Date(now).toISOString();

  const put = (room: string) => database.putItem({
    TableName: banList,
    Item: {
      ...userKey(userId, `${type}#${room}`),
      ...listed(LIST, `${creationTime}#${userId}`),
      ...expiring(durationInMinutes && now + durationInMinutes * 60_000),
      type,
      userId,
      roomIdentifier: room,
      reason,
      moderatorId,
      creationTime,
    },
  });
  await Promise.all((allRooms ? [ALL_ROOMS] : roomIdentifiers).map(put));
  await disconnectFromRooms(userId, roomIdentifiers, options);
}

/** Deletes bans or mutes. */
export async function unrestrict(
  type: Restriction['type'], request: UserInRooms, options?: BanListOptions,
): Promise<void> {
  checkInput(type === 'BAN' ? 'unbanUser' : 'unmuteUser', UserInRoomsShape, request);
  const { banList, userId, roomIdentifiers, allRooms } = request;
  const rooms = allRooms ? [ALL_ROOMS, ...roomIdentifiers] : roomIdentifiers;
  await Promise.all(rooms.map((room) => databaseFor(options)
    .deleteItem({ TableName: banList, Key: userKey(userId, `${type}#${room}`) })));
}

/** Returns the restriction of one of the rooms among the items of a user. The one that ends last counts. */
export function restrictionIn(
  type: Restriction['type'], roomIdentifiers: readonly string[], items: readonly Attributes[],
): Restriction | undefined {
  const end = ({ expirationTime }: Restriction) => expirationTime?.getTime() ?? Infinity;
  return items
    .filter((item) => item.type === type && [ALL_ROOMS, ...roomIdentifiers].includes(item.roomIdentifier as string))
    .map(toRestriction)
    .sort((one, other) => (end(one) < end(other) ? 1 : -1))[0];
}

/** Returns whether a user has a current restriction in a room. Reads consistently. */
export async function isRestricted(
  type: Restriction['type'], { banList, userId, roomIdentifier }: UserInRoom, options?: BanListOptions,
): Promise<boolean> {
  const roomIdentifiers = [roomIdentifier];
  checkInput(type === 'BAN' ? 'isBanned' : 'isMuted', UserInRoomsShape, { banList, userId, roomIdentifiers });
  const items = await itemsOfUser(banList, userId, `${type}#`, options);
  return restrictionIn(type, roomIdentifiers, items) !== undefined;
}

/** Returns a page of the bans and mutes, the latest first. */
export async function listRestrictions(request: ListRequest, options?: BanListOptions): Promise<Restrictions> {
  const { items, nextToken } = await pageOfList(LIST, request, true, options);
  return { restrictions: items.map(toRestriction), nextToken };
}

function toRestriction(item: Attributes): Restriction {
  const expiration = expirationOf(item);
  return {
    type: item.type as Restriction['type'],
    userId: item.userId as string,
    roomIdentifier: item.roomIdentifier === ALL_ROOMS ? undefined : item.roomIdentifier as string,
    reason: item.reason as string | undefined,
    moderatorId: item.moderatorId as string | undefined,
    creationTime: new Date(item.creationTime as string),
    expirationTime: expiration === undefined ? undefined : new Date(expiration),
  };
}
