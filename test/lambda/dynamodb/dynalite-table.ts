import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand, DynamoDBClient, type CreateTableCommandInput, type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { BAN_LIST_TABLE } from '../../../src/contract/chat-api/ban-list-table';

// The package has no types.
const dynalite: (options: object) => Server = createRequire(__filename)('dynalite');

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret access key' };

/** An in-memory DynamoDB with the table of a ban list. */
export interface DynaliteTable {
  readonly endpoint: string;
  readonly table: string;
  readonly sdk: DynamoDBClient;
  close(): Promise<void>;
}

const { partitionKey, sortKey, index, indexPartitionKey, indexSortKey } = BAN_LIST_TABLE;
const keys = (hash: string, range: string) =>
  [{ AttributeName: hash, KeyType: 'HASH' as const }, { AttributeName: range, KeyType: 'RANGE' as const }];

const definition = (TableName: string): CreateTableCommandInput => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: keys(partitionKey, sortKey),
  AttributeDefinitions: [partitionKey, sortKey, indexPartitionKey, indexSortKey]
    .map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
  GlobalSecondaryIndexes: [{
    IndexName: index, KeySchema: keys(indexPartitionKey, indexSortKey), Projection: { ProjectionType: 'ALL' },
  }],
});

export async function startDynaliteTable(): Promise<DynaliteTable> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config: DynamoDBClientConfig = { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 };
  const sdk = new DynamoDBClient(config);
  const table = 'BanList';
  await sdk.send(new CreateTableCommand(definition(table)));
  return {
    endpoint,
    table,
    sdk,
    async close() {
      sdk.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
