import type { TableDescription } from './dynamodb-tables';

type Input = { readonly [name: string]: any };

/**
 * Returns the values of the partition key in a request, for the condition key `dynamodb:LeadingKeys`, or undefined if
 * the request does not name any.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function leadingKeys(operation: string, request: Input, table: TableDescription): string[] | undefined {
  const name = partitionKeyOf(table, operation === 'Query' ? request.IndexName : undefined);
  const itemsOf: { readonly [operation: string]: () => readonly Input[] } = {
    BatchGetItem: () => request.Keys ?? [],
    BatchWriteItem: () =>
      (request.writes ?? []).map(({ PutRequest, DeleteRequest }: Input) => PutRequest?.Item ?? DeleteRequest?.Key),
    DeleteItem: () => [request.Key],
    GetItem: () => [request.Key],
    PutItem: () => [request.Item],
    // A query without a readable value must not look like a request without a key.
    Query: () => [{ [name]: queriedValue(request, name) ?? { S: '' } }],
    UpdateItem: () => [request.Key],
  };
  const items = Object.hasOwn(itemsOf, operation) ? itemsOf[operation]!() : [];
  const values = items.flatMap((item) => Object.values((item?.[name] ?? {}) as { readonly [type: string]: string }));
  return values.length ? values.map(String) : undefined;
}

function partitionKeyOf(table: TableDescription, indexName: string | undefined): string {
  // A local secondary index has the partition key of its table.
  const { KeySchema } = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === indexName) ?? table;
  return KeySchema.find(({ KeyType }) => KeyType === 'HASH')!.AttributeName;
}

/** Returns the value that a query requires of the partition key. A query can name only one. */
function queriedValue(request: Input, name: string): unknown {
  const legacy = request.KeyConditions?.[name]?.AttributeValueList?.[0];
  if (legacy !== undefined) return legacy;
  const conditions = String(request.KeyConditionExpression ?? '').matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g);
  for (const [, attribute, value] of conditions) {
    const named = attribute!.startsWith('#') ? request.ExpressionAttributeNames?.[attribute!] : attribute;
    if (named === name) return request.ExpressionAttributeValues?.[value!];
  }
  return undefined;
}
