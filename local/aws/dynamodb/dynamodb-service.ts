import { ServiceError } from '../http/service-error';
import { authorize, notImplemented, type Service, type ServiceRequest } from '../http/service';
import type { DynamoDbTables, TableDescription, TableResponse } from './dynamodb-tables';
import { leadingKeys } from './leading-keys';

type Input = { readonly [name: string]: any };

/** The operations of dynalite. */
const operations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
];

const operationsOfTags = ['ListTagsOfResource', 'TagResource', 'UntagResource'];
const operationsOfIndexes = ['Query', 'Scan'];

/** Creates the DynamoDB API. It enforces IAM policies, and dynalite does the rest. */
export function dynamoDbService(tables: DynamoDbTables): Service {
  const contentType = { 'content-type': 'application/x-amz-json-1.0' };

  const allow = async ({ identity }: ServiceRequest, operation: string, input: Input) => {
    // Only the sessions of roles have policies.
    if (!identity.allows) return;
    for (const { tableName, indexName, request } of accesses(operation, input)) {
      const arn = tableName === undefined ? tables.arnOf('*') : tables.arnOf(tableName);
      const resource = indexName === undefined ? arn : `${arn}/index/${indexName}`;
      // dynalite refuses a name that is not valid.
      const table = tableName === undefined ? undefined : await tables.describe(tableName).catch(() => undefined);
      const context = contextOf(operation, request, table);
      authorize(identity, `dynamodb:${operation}`, resource, context, 'AccessDeniedException');
    }
  };

  return {
    signingName: 'dynamodb',
    errors: 'json',
    handle: async (request) => {
      const operation = String(request.headers['x-amz-target'] ?? '').split('.').pop()!;
      try {
        if (!operations.includes(operation)) throw notImplemented('dynamodb', operation);

        const input = withTableNames(JSON.parse(request.body.toString('utf8') || '{}') as Input);
        await allow(request, operation, input);
        const response = await tables.send(operation, input);
        return { ...response, operation, errorCode: errorCodeOf(response) };
      } catch (error) {
        throw Object.assign(error as Error, { operation });
      }
    },
    refuse: ({ code, message, status }) => ({
      // DynamoDB responds to all errors of the caller with 400.
      statusCode: status === 501 ? 501 : 400,
      headers: contentType,
      body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message }),
    }),
  };
}

/** Returns the name of the error in a response of DynamoDB. */
function errorCodeOf({ statusCode, body }: TableResponse): string | undefined {
  return statusCode === 200 ? undefined : String(JSON.parse(body).__type).split('#').pop();
}

interface Access {
  readonly tableName?: string;
  readonly indexName?: string;
  /** The part of the request that concerns the table. */
  readonly request: Input;
}

/** Returns the tables and indexes that a request uses. */
function accesses(operation: string, input: Input): Access[] {
  if (operation === 'ListTables') return [{ request: input }];
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    return Object.entries((input.RequestItems ?? {}) as Input).map(([tableName, request]) => ({
      tableName,
      request: operation === 'BatchGetItem' ? request : { writes: request },
    }));
  }
  // DynamoDB ignores the members that an operation does not have, so they must not decide what the caller may use.
  if (operationsOfTags.includes(operation)) {
    return [{ tableName: tableNameOf(String(input.ResourceArn)), request: input }];
  }
  const { IndexName: indexName } = input;
  const hasIndex = indexName !== undefined && operationsOfIndexes.includes(operation);
  return [{
    tableName: String(input.TableName),
    indexName: hasIndex ? String(indexName) : undefined,
    request: input,
  }];
}

/** Returns the condition keys of a request. */
function contextOf(operation: string, request: Input, table: TableDescription | undefined) {
  const keys = table && leadingKeys(operation, request, table);
  return {
    ...(keys ? { 'dynamodb:LeadingKeys': keys } : {}),
    ...(request.Select === undefined ? {} : { 'dynamodb:Select': String(request.Select) }),
    ...(request.ReturnValues === undefined ? {} : { 'dynamodb:ReturnValues': String(request.ReturnValues) }),
  };
}

/** Replaces the ARNs of tables with their names, because dynalite does not accept ARNs. */
function withTableNames(input: Input): Input {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new ServiceError('SerializationException', 'The request is not an object');
  }
  const { TableName, RequestItems } = input;
  const byName = (items: object) =>
    Object.fromEntries(Object.entries(items).map(([name, value]) => [tableNameOf(name), value]));
  return {
    ...input,
    ...(typeof TableName === 'string' ? { TableName: tableNameOf(TableName) } : {}),
    ...(typeof RequestItems === 'object' && RequestItems !== null ? { RequestItems: byName(RequestItems) } : {}),
  };
}

const tableNameOf = (nameOrArn: string) => nameOrArn.replace(/^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\//, '');
