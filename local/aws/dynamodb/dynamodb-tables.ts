import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { loadDynalite, type Dynalite } from './dynalite';

export interface TableResponse {
  readonly statusCode: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** The description of a table, as DescribeTable returns it. */
export interface TableDescription {
  readonly TableName: string;
  readonly TableArn: string;
  readonly TableId: string;
  readonly TableStatus: string;
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
  readonly GlobalSecondaryIndexes?: readonly TableIndex[];
  readonly LocalSecondaryIndexes?: readonly TableIndex[];
}

export interface TableIndex {
  readonly IndexName: string;
  readonly KeySchema: TableDescription['KeySchema'];
}

/** The input of CreateTable. */
export interface TableDefinition {
  readonly TableName: string;
  readonly GlobalSecondaryIndexes?: readonly TableIndex[];
  readonly [member: string]: unknown;
}

/** dynalite checks the presence of these headers, not their values. The signature is verified before. */
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'authorization': 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=local',
  'x-amz-date': '20260101T000000Z',
};
const PAGE_OF_WRITES = 25;

/** In-memory DynamoDB tables. The package dynalite is loaded when a table is first needed. */
export class DynamoDbTables {
  private server?: Server;
  /** The requests of callers in progress. No table moves its items before they end. */
  private readonly requests = new Set<Promise<TableResponse>>();
  /** The moves of items to a new definition of their table. New requests wait for the end. */
  private readonly moves = new Set<Promise<void>>();
  /** The definitions of the tables of stacks, by name. */
  private readonly definitions = new Map<string, TableDefinition>();

  constructor(
    private readonly region: string,
    private readonly accountId: string,
    private readonly load: () => Dynalite = loadDynalite,
  ) {}

  arnOf(tableName: string): string {
    return `arn:aws:dynamodb:${this.region}:${this.accountId}:table/${tableName}`;
  }

  /** Sends a request of a caller to dynalite, and returns its response. */
  async send(operation: string, input: object): Promise<TableResponse> {
    while (this.moves.size) await Promise.all(this.moves);
    const response = this.forward(operation, input);
    this.requests.add(response);
    return response.finally(() => this.requests.delete(response));
  }

  /** Calls an operation. @throws an error with the name and the message of DynamoDB. */
  async call<T>(operation: string, input: object): Promise<T> {
    const { statusCode, body } = await this.forward(operation, input);
    const output = JSON.parse(body) as T & { readonly __type?: string; readonly message?: string };
    if (statusCode === 200) return output;
    throw Object.assign(new Error(output.message ?? operation), { name: String(output.__type).split('#').pop() });
  }

  async describe(tableName: string): Promise<TableDescription | undefined> {
    if (!this.server) return undefined;
    try {
      return (await this.call<{ readonly Table: TableDescription }>('DescribeTable', { TableName: tableName })).Table;
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  /** Returns the current definition of a table of a stack. */
  definition(tableName: string): TableDefinition {
    return this.definitions.get(tableName)!;
  }

  /** Creates a table, and waits until it is active. @throws ResourceInUseException if it exists. */
  async create(definition: TableDefinition): Promise<TableDescription> {
    await this.call('CreateTable', definition);
    this.definitions.set(definition.TableName, definition);
    return (await this.until(definition.TableName, (table) => table?.TableStatus === 'ACTIVE'))!;
  }

  /** Deletes a table, if it exists, and waits until it is deleted. */
  async remove(tableName: string): Promise<void> {
    if (!(await this.describe(tableName))) return;
    await this.call('DeleteTable', { TableName: tableName });
    await this.until(tableName, (table) => table === undefined);
  }

  /** Changes the definition of a table, and keeps its items. A change that fails has no effect. */
  async redefine(definition: TableDefinition): Promise<void> {
    const { TableName: tableName } = definition;
    const createWith = async (of: TableDefinition, items: readonly object[]) => {
      await this.remove(tableName);
      await this.create(of);
      for (let start = 0; start < items.length; start += PAGE_OF_WRITES) {
        const requests = items.slice(start, start + PAGE_OF_WRITES).map((Item) => ({ PutRequest: { Item } }));
        await this.call('BatchWriteItem', { RequestItems: { [tableName]: requests } });
      }
    };
    const move = async () => {
      await Promise.all(this.requests);
      const before = this.definition(tableName);
      const items = await this.itemsOf(tableName);
      try {
        await createWith(definition, items);
      } catch (error) {
        await createWith(before, items);
        throw error;
      }
    };
    const moved = move();
    const ended = moved.then(() => {}, () => {}).finally(() => this.moves.delete(ended));
    this.moves.add(ended);
    await moved;
  }

  private async itemsOf(TableName: string): Promise<object[]> {
    const items: object[] = [];
    let ExclusiveStartKey: object | undefined;
    do {
      const page: { Items: object[]; LastEvaluatedKey?: object } = await this.call(
        'Scan',
        { TableName, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) },
      );
      items.push(...page.Items);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }

  private async until(
    tableName: string,
    isReached: (table: TableDescription | undefined) => boolean,
  ): Promise<TableDescription | undefined> {
    for (;;) {
      const table = await this.describe(tableName);
      if (isReached(table)) return table;
      await delay(1);
    }
  }

  /** Handles a request in this process. There is no port that accepts unsigned requests. */
  private forward(operation: string, input: object): Promise<TableResponse> {
    this.server ??= this.start();
    return new Promise((resolve) => {
      const request = Object.assign(Readable.from([Buffer.from(JSON.stringify(input))]), {
        method: 'POST',
        url: '/',
        headers: { ...headers, 'x-amz-target': `DynamoDB_20120810.${operation}` },
      });
      const answered: { [name: string]: string } = {};
      const response = {
        statusCode: 200,
        setHeader(name: string, value: unknown) { answered[name.toLowerCase()] = String(value); },
        end(body = '') { resolve({ statusCode: this.statusCode, headers: answered, body }); },
      };
      this.server!.emit('request', request, response);
    });
  }

  /** dynalite reads the Region and the account of its ARNs from the environment when it starts. */
  private start(): Server {
    const dynalite = this.load();
    const own = { AWS_REGION: this.region, AWS_ACCOUNT_ID: this.accountId };
    const before = Object.keys(own).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, own);
    try {
      return dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  }
}
