/**
 * The table of a ban list.
 *
 * `BanList` creates it, and the functions of `cdk-ivs-chat/runtime` read and write it. One consistent query of the
 * partition of a user returns everything that the creation of a token has to know.
 */
export const BAN_LIST_TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** The time after which DynamoDB deletes an item, in seconds since 1970. Readers compare it too. */
  timeToLive: 'expiresAt',
  /** A sparse index for the lists of bans and reports. */
  index: 'list',
  indexPartitionKey: 'list',
  indexSortKey: 'listOrder',
} as const;
