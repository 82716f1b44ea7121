import {
  databaseFor, key, pageOfPartition, timeFor, checkInput, type BanListOptions, type ListRequest,
} from './ban-list';
import { UserID } from '../../src/contract/generated/constraints';
import { structure } from '../../src/contract/shape';

/** A user, and another user whom the first one blocks. */
export interface BlockUserRequest {
  /** The name of the table of the ban list. */
  readonly banList: string;
  /** The ID of the user who blocks. */
  readonly userId: string;
  readonly blockedUserId: string;
}

/** A user whom another user has blocked. */
export interface BlockedUser {
  readonly userId: string;
  readonly creationTime: Date;
}

/** One page of blocked users. */
export interface BlockedUsers {
  readonly blockedUsers: readonly BlockedUser[];
  /** The token for the next page. Absent on the last page. */
  readonly nextToken?: string;
}

const BlockUserShape = /* @__PURE__ */ structure({
  banList: { type: 'string', minimum: 1 },
  userId: UserID,
  blockedUserId: UserID,
}, ['banList', 'userId', 'blockedUserId']);

const partitionOf = (userId: string) => `BLOCKS#${userId}`;

/**
 * Records that a user blocks another user. Both stay in the room. The client of the first user hides the messages of
 * the second one, because IVS Chat sends each message to everyone in the room.
 *
 * The function needs the permission `banList.grantWrite(fn)`.
 */
export async function blockUser(request: BlockUserRequest, options?: BanListOptions): Promise<void> {
  checkInput('blockUser', BlockUserShape, request);
  const { banList, userId, blockedUserId } = request;
  const creationTime = new Date(timeFor(options)).toISOString();
  await databaseFor(options).putItem({
    TableName: banList,
    Item: { ...key(partitionOf(userId), blockedUserId), blockedUserId, creationTime },
  });
}

/** Ends the block of a user. Succeeds if there is none. */
export async function unblockUser(request: BlockUserRequest, options?: BanListOptions): Promise<void> {
  checkInput('unblockUser', BlockUserShape, request);
  const { banList, userId, blockedUserId } = request;
  await databaseFor(options).deleteItem({ TableName: banList, Key: key(partitionOf(userId), blockedUserId) });
}

/** Returns a page of the users whom a user has blocked, with a consistent read. */
export async function listBlockedUsers(
  request: ListRequest & { readonly userId: string }, options?: BanListOptions,
): Promise<BlockedUsers> {
  const { items, nextToken } = await pageOfPartition(partitionOf(request.userId), request, false, options);
  const blockedUsers = items.map(({ blockedUserId, creationTime }) =>
    ({ userId: blockedUserId as string, creationTime: new Date(creationTime as string) }));
  return { blockedUsers, nextToken };
}
