import type { RunTimeOptions } from './client-for';
import { invalidInput } from '../client/invalid-input';
import { BAN_LIST_TABLE as TABLE } from '../../src/contract/chat-api/ban-list-table';
import { check } from '../../src/contract/check';
import type { StructureShape } from '../../src/contract/shape';
import type { Attributes } from '../dynamodb/attribute-values';
import { DynamoDbClient, type DynamoDbQuery } from '../dynamodb/dynamodb-client';

/** The operations of DynamoDB that a ban list needs. */
export type BanListDatabase = Pick<DynamoDbClient, 'query' | 'getItem' | 'putItem' | 'updateItem' | 'deleteItem'>;

/** Options for the functions that use a ban list. */
export interface BanListOptions extends RunTimeOptions {
  /** The client for DynamoDB. @default - a client for AWS_REGION, with the credentials of the environment */
  readonly database?: BanListDatabase;
  /** Returns the time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** One page of a list. */
export interface ListRequest {
  /** The name of the table of the ban list. */
  readonly banList: string;
  /** The maximum number of items, 1 to 50. A page can have fewer items, even if it is not the last one. @default 50 */
  readonly maxResults?: number;
  /** The `nextToken` of the page before. @default - the first page */
  readonly nextToken?: string;
}

/** Returns the key of an item. */
export const key = (partition: string, item: string) =>
  ({ [TABLE.partitionKey]: partition, [TABLE.sortKey]: item });

/** Returns the key of an item in the partition of a user, which has all items that the creation of a token reads. */
export const userKey = (userId: string, item: string) => key(`USER#${userId}`, item);

/** Returns the attributes with which an item is in a list of the index. */
export const listed = (list: string, order: string) =>
  ({ [TABLE.indexPartitionKey]: list, [TABLE.indexSortKey]: order });

/** Returns the attribute with which DynamoDB deletes an item after a time, in milliseconds since 1970. */
export const expiring = (time: number | undefined) =>
  ({ [TABLE.timeToLive]: time === undefined ? undefined : Math.ceil(time / 1000) });

/** Returns the time after which an item is over, in milliseconds since 1970. */
export function expirationOf(item: Attributes): number | undefined {
  const seconds = item[TABLE.timeToLive];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** DynamoDB deletes items a few days after they expire. */
export const isCurrent = (item: Attributes, now: number) => (expirationOf(item) ?? Infinity) > now;

let sharedClient: DynamoDbClient | undefined;

export const databaseFor = (options?: BanListOptions): BanListDatabase =>
  options?.database ?? (sharedClient ??= new DynamoDbClient());

export const timeFor = (options?: BanListOptions): number => (options?.now ?? Date.now)();

/**
 * Checks the input of a function.
 *
 * @throws ValidationException if a member is invalid.
 */
export function checkInput(name: string, shape: StructureShape, input: unknown): void {
  const problems = check(shape, input);
  if (problems.length > 0) throw invalidInput(name, problems);
}

/** Returns all items of a user for which the sort key begins with a prefix, with a consistent read. */
export async function itemsOfUser(
  banList: string, userId: string, prefix: string | undefined, options?: BanListOptions,
): Promise<Attributes[]> {
  const database = databaseFor(options);
  const ofUser = `${TABLE.partitionKey} = :user`;
  const items: Attributes[] = [];
  let ExclusiveStartKey: Attributes | undefined;
  do {
    const { Items, LastEvaluatedKey } = await database.query({
      TableName: banList,
      KeyConditionExpression: prefix ? `${ofUser} AND begins_with(${TABLE.sortKey}, :prefix)` : ofUser,
      ExpressionAttributeValues: { ':user': `USER#${userId}`, ':prefix': prefix },
      ConsistentRead: true,
      ExclusiveStartKey,
    });
    items.push(...Items);
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  const now = timeFor(options);
  return items.filter((item) => isCurrent(item, now));
}

interface Page {
  readonly items: readonly Attributes[];
  readonly nextToken?: string;
}

/** Returns a page of a list of the index. */
export function pageOfList(
  list: string, request: ListRequest, isDescending: boolean, options?: BanListOptions,
): Promise<Page> {
  const { index, indexPartitionKey, indexSortKey, partitionKey, sortKey } = TABLE;
  const keyNames = [indexSortKey, partitionKey, sortKey];
  return page({ IndexName: index }, indexPartitionKey, list, keyNames, request, isDescending, options);
}

/** Returns a page of the items of a partition. */
export function pageOfPartition(
  partition: string, request: ListRequest, isDescending: boolean, options?: BanListOptions,
): Promise<Page> {
  return page({ ConsistentRead: true }, TABLE.partitionKey, partition, [TABLE.sortKey], request, isDescending, options);
}

/** The token contains the key without the partition. It cannot select another partition. */
async function page(
  source: Partial<DynamoDbQuery>,
  partitionName: string,
  partition: string,
  keyNames: readonly string[],
  { banList, maxResults = 50, nextToken }: ListRequest,
  isDescending: boolean,
  options?: BanListOptions,
): Promise<Page> {
  const start = nextToken === undefined ? undefined : keyOf(nextToken, keyNames);
  const { Items, LastEvaluatedKey } = await databaseFor(options).query({
    ...source,
    TableName: banList,
    KeyConditionExpression: '#partition = :partition',
    FilterExpression: 'attribute_not_exists(#expiration) OR #expiration > :now',
    ExpressionAttributeNames: { '#partition': partitionName, '#expiration': TABLE.timeToLive },
    ExpressionAttributeValues: { ':partition': partition, ':now': timeFor(options) / 1000 },
    ScanIndexForward: !isDescending,
    Limit: maxResults,
    ExclusiveStartKey: start && { ...start, [partitionName]: partition },
  });
  return {
    items: Items,
    nextToken: LastEvaluatedKey && Buffer.from(JSON.stringify(keyNames.map((name) => LastEvaluatedKey[name])))
      .toString('base64url'),
  };
}

function keyOf(nextToken: string, keyNames: readonly string[]): Attributes {
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(nextToken, 'base64url').toString());
  } catch {} // It is not JSON.
  const isKey = Array.isArray(values) && values.length === keyNames.length
    && values.every((value) => typeof value === 'string' && value.length > 0 && value.length < 1024);
  if (!isKey) throw invalidInput('List', [{ path: 'nextToken', message: 'must be a token of an earlier page' }]);
  return Object.fromEntries(keyNames.map((name, position) => [name, (values as string[])[position]]));
}
