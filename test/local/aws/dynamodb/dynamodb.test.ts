import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  TransactWriteItemsCommand,
  UntagResourceCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResourceContext, ResourceState } from '../../../../local/aws/cloudformation/resource-handler';
import { loadDynalite, type Dynalite } from '../../../../local/aws/dynamodb/dynalite';
import { dynamoDbResourceTypes } from '../../../../local/aws/dynamodb/dynamodb-resource-types';
import { DynamoDbTables, type TableDescription } from '../../../../local/aws/dynamodb/dynamodb-tables';
import { leadingKeys } from '../../../../local/aws/dynamodb/leading-keys';
import type { Identity } from '../../../../local/aws/http/identities';
import { allows } from '../../../../local/aws/iam/policy-evaluation';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { failureOf, updateStack } from '../api-gateway-v2/deploy-http-api';
import { createStack, signedClient } from '../signed-client';

jest.setTimeout(60_000);

const arn = 'arn:aws:dynamodb:us-west-2:123456789012:table/items';
const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE' = 'HASH') => ({ AttributeName, KeyType });
const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
const index = (name: string) => ({ IndexName: name, KeySchema: [key(name)], Projection: { ProjectionType: 'ALL' } });
const table = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'items',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [attribute('pk'), attribute('sk'), attribute('kind')],
    KeySchema: [key('pk'), key('sk', 'RANGE')],
    GlobalSecondaryIndexes: [index('kind')],
    ...properties,
  },
  ...more,
});

let deploy: LocalDeploy;
beforeEach(async () => {
  deploy = await startLocalDeploy();
});
afterEach(() => deploy.close());

function client(identity: Identity = deploy.identities.administrator) {
  const { accessKeyId, secretAccessKey, sessionToken } = identity;
  return new DynamoDBClient({
    endpoint: deploy.endpoint,
    region: 'us-west-2',
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 1,
  });
}

/** Returns a client with the permissions of a policy statement. */
function clientWith(Action: string | string[], Resource: string | string[], Condition?: object) {
  const statement = { Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) } as object;
  const evaluate = allows([{ Statement: [statement] }]);
  return client(deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', evaluate));
}

const item = (pk: string, more: object = {}) => ({ pk: { S: pk }, sk: { S: 'x' }, kind: { S: 'k' }, ...more });
const Key = { pk: { S: 'a' }, sk: { S: 'x' } };
const TableName = 'items';
const denied = { name: 'AccessDeniedException' };

async function outputsOf(StackName: string): Promise<{ [key: string]: string }> {
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName });
  const pairs = text.matchAll(/<OutputKey>(\w+)<\/OutputKey><OutputValue>([^<]+)</g);
  return Object.fromEntries([...pairs].map(([, name, value]) => [name, value]));
}

test.each([
  ['AWS::DynamoDB::Table', {}],
  ['AWS::DynamoDB::Table', {
    BillingMode: undefined,
    ProvisionedThroughput: { ReadCapacityUnits: '5', WriteCapacityUnits: 5 },
  }],
  ['AWS::DynamoDB::GlobalTable', { Replicas: [{ Region: 'us-west-2' }] }],
  ['AWS::DynamoDB::GlobalTable', {
    BillingMode: 'PROVISIONED',
    WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: {} },
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    Replicas: [{ Region: 'us-west-2' }, { Region: 'eu-west-1' }],
  }],
])('%s %j', async (Type, properties) => {
  const resource = {
    ...table({
      TableName: undefined,
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      ...properties,
    }),
    Type,
  };
  const status = await createStack(deploy, 'App', { Items: resource }, {
    Outputs: { Name: { Value: { Ref: 'Items' } }, Arn: { Value: { 'Fn::GetAtt': ['Items', 'Arn'] } } },
  });
  expect([status, await failureOf(deploy, 'App')]).toEqual(['CREATE_COMPLETE', '']);
  const { Name, Arn } = await outputsOf('App');
  expect(Name).toMatch(/^App-Items-[A-Z0-9]{12}$/);
  expect(Arn).toBe(`arn:aws:dynamodb:us-west-2:123456789012:table/${Name}`);
  const { Table } = await client().send(new DescribeTableCommand({ TableName: Name }));
  const GlobalSecondaryIndexes = [{ IndexName: 'kind' }];
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', TableArn: Arn, GlobalSecondaryIndexes });
  // An ARN also names the table, in each partition.
  const chinese = Arn!.replace('arn:aws:', 'arn:aws-cn:');
  const Item = item('a', { text: { S: 'ä\u{1F955}' } });
  await client().send(new PutItemCommand({ TableName: chinese, Item }));
  expect((await client().send(new GetItemCommand({ TableName: Name, Key }))).Item).toEqual(Item);
  await client().send(new BatchWriteItemCommand({ RequestItems: { [Arn!]: [{ DeleteRequest: { Key } }] } }));
  expect((await client().send(new GetItemCommand({ TableName: Name, Key }))).Item).toBeUndefined();

  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  await expect(client().send(new DescribeTableCommand({ TableName: Name }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('the capacity and the indexes of a table are those of its properties', async () => {
  const throughput = (units: number | string) => ({ ReadCapacityUnits: units, WriteCapacityUnits: units });
  const AttributeDefinitions = ['pk', 'sk', 'kind', 'other'].map(attribute);
  const projection = { Projection: { ProjectionType: 'KEYS_ONLY' } };
  const local = { IndexName: 'local', KeySchema: [key('pk'), key('kind', 'RANGE')], ...projection };
  const resources = (units: number) => ({
    Items: table({
      BillingMode: 'PROVISIONED',
      AttributeDefinitions,
      ProvisionedThroughput: throughput(String(units)),
      GlobalSecondaryIndexes: [index('kind'), { ...index('other'), ProvisionedThroughput: throughput('7') }],
      LocalSecondaryIndexes: [local],
    }),
  });
  const described = async () => (await client().send(new DescribeTableCommand({ TableName }))).Table;
  const Outputs = { Id: { Value: { 'Fn::GetAtt': ['Items', 'TableId'] } } };
  expect(await createStack(deploy, 'App', resources(5), { Outputs })).toBe('CREATE_COMPLETE');
  const globalIndex = (name: string, units: number) => expect.objectContaining({
    ...index(name), IndexStatus: 'ACTIVE', ProvisionedThroughput: expect.objectContaining(throughput(units)),
  });
  const provisioned = (units: number) => ({
    TableName,
    TableArn: arn,
    AttributeDefinitions: expect.arrayContaining(AttributeDefinitions),
    KeySchema: [key('pk'), key('sk', 'RANGE')],
    ProvisionedThroughput: throughput(units),
    GlobalSecondaryIndexes: expect.arrayContaining([globalIndex('kind', units), globalIndex('other', 7)]),
    LocalSecondaryIndexes: [local],
  });
  expect(await described()).toMatchObject(provisioned(5));
  expect((await described())!.LocalSecondaryIndexes![0]).not.toHaveProperty('ProvisionedThroughput');
  expect((await outputsOf('App')).Id).toBe((await described())!.TableId);
  // The capacity of an index can change, and its other properties cannot.
  expect(await updateStack(deploy, 'App', resources(6))).toBe('UPDATE_COMPLETE');
  expect(await described()).toMatchObject(provisioned(6));
  const { Properties } = resources(6).Items;
  const onDemand = { Items: table({ ...Properties, BillingMode: 'PAY_PER_REQUEST' }) };
  expect(await updateStack(deploy, 'App', onDemand)).toBe('UPDATE_COMPLETE');
  expect(await described()).toMatchObject({
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
  });
});

test('a table needs a key, and another name or local index replaces it', async () => {
  expect(await createStack(deploy, 'App', { Items: table({ KeySchema: undefined }) })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'App')).toContain('required key [KeySchema] not found');
  expect(await createStack(deploy, 'Invalid', { Items: table({ AttributeDefinitions: [] }) })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'Invalid')).toMatch(/\nInvalid KeySchema: .*$/);
  const names = async () => (await client().send(new ListTablesCommand())).TableNames;
  await createStack(deploy, 'Second', { Items: table({ TableName: 'one' }) });
  expect(await names()).toEqual(['one']);
  expect(await updateStack(deploy, 'Second', { Items: table({ TableName: 'two' }) })).toBe('UPDATE_COMPLETE');
  expect(await names()).toEqual(['two']);
  const LocalSecondaryIndexes = [{ ...index('local'), KeySchema: [key('pk'), key('kind', 'RANGE')] }];
  // A replacement needs another name. Without it, the table stays as it was.
  for (const properties of [{ LocalSecondaryIndexes }, { ImportSourceSpecification: { InputFormat: 'CSV' } }]) {
    expect(await updateStack(deploy, 'Second', { Items: table({ TableName: 'two', ...properties }) }))
      .toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await failureOf(deploy, 'Second')).toContain('two already exists');
    expect(await names()).toEqual(['two']);
  }
});

test('a table without indexes changes its capacity, and its name has at most 255 characters', async () => {
  const throughput = (units: number) => ({ ReadCapacityUnits: units, WriteCapacityUnits: units });
  const logicalId = 'L'.repeat(200);
  const resources = (units: number) => ({
    [logicalId]: table({
      TableName: undefined,
      BillingMode: undefined,
      AttributeDefinitions: [attribute('pk'), attribute('sk')],
      ProvisionedThroughput: throughput(units),
      GlobalSecondaryIndexes: [],
      LocalSecondaryIndexes: [],
    }),
  });
  const stackName = 'S'.repeat(120);
  expect(await createStack(deploy, stackName, resources(5))).toBe('CREATE_COMPLETE');
  expect(await updateStack(deploy, stackName, resources(6))).toBe('UPDATE_COMPLETE');
  const [name] = (await client().send(new ListTablesCommand())).TableNames!;
  const { Table } = await client().send(new DescribeTableCommand({ TableName: name }));
  expect(Table).toMatchObject({ TableName: expect.stringMatching(/^.{255}$/), ProvisionedThroughput: throughput(6) });
});

test('the name of a table that a request has created is taken', async () => {
  const input = {
    TableName, AttributeDefinitions: [attribute('pk')], KeySchema: [key('pk')], BillingMode: 'PAY_PER_REQUEST',
  };
  const { status } = await signedClient(deploy).json('dynamodb', 'DynamoDB_20120810.CreateTable', input);
  expect(status).toBe(200);
  expect(await createStack(deploy, 'App', { Items: table() })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'App')).toContain('items already exists');
});

test('errors have the format of DynamoDB', async () => {
  const { send } = signedClient(deploy);
  const ask = async (operation: string, body: string) => {
    const response = await send('dynamodb', '/', {
      method: 'POST', body, headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` },
    });
    return [response.status, response.headers.get('content-type'), await response.json()];
  };
  const type = 'application/x-amz-json-1.0';
  const prefix = 'com.amazonaws.dynamodb.v20120810#';
  for (const body of ['[]', 'null', '"a"']) {
    expect(await ask('GetItem', body)).toEqual([
      400, type, { __type: `${prefix}SerializationException`, message: 'The request is not an object' },
    ]);
  }
  expect(await ask('DescribeTable', '{"TableName":"none"}')).toEqual([400, type, {
    __type: `${prefix}ResourceNotFoundException`, message: expect.stringContaining('none'),
  }]);
  expect(await ask('ExecuteStatement', '{}')).toEqual([501, type, {
    __type: `${prefix}NotImplemented`,
    message: expect.stringContaining('dynamodb:ExecuteStatement is not implemented by the local service.'),
  }]);
  expect(await ask('ListTables', '')).toEqual([200, type, { TableNames: [] }]);
  const response = await send('dynamodb', '/', {
    method: 'POST', body: '{}', headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' },
  });
  expect(response.headers.get('x-amz-crc32')).toMatch(/^\d+$/);
});

test('a stream has no ARN', async () => {
  const resources = { Items: table({ StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }) };
  const Outputs = { Stream: { Value: { 'Fn::GetAtt': ['Items', 'StreamArn'] } } };
  expect(await createStack(deploy, 'App', resources, { Outputs })).toBe('CREATE_FAILED');
});

test('tags of the resource and of the stack', async () => {
  const tags = async () => (await client().send(new ListTagsOfResourceCommand({ ResourceArn: arn }))).Tags;
  const tag = (name: string, Value: unknown) => ({ Key: name, Value });
  const idOf = async () => (await client().send(new DescribeTableCommand({ TableName }))).Table!.TableId;
  await createStack(deploy, 'App', { Items: table({ Tags: [tag('a', '1'), tag('b', 2), tag('toString', 'c')] }) });
  const id = await idOf();
  expect(await tags()).toEqual([tag('a', '1'), tag('b', '2'), tag('toString', 'c')]);
  await updateStack(deploy, 'App', { Items: table({ Tags: [tag('b', '3')] }) });
  expect(await tags()).toEqual([tag('b', '3')]);
  await updateStack(deploy, 'App', { Items: table() });
  // Only its tags have changed, so it is the same table.
  expect([await tags(), await idOf()]).toEqual([[], id]);

  const { query } = signedClient(deploy);
  await query('cloudformation', 'DeleteStack', { StackName: 'App' });
  await query('cloudformation', 'CreateStack', {
    'StackName': 'Tagged',
    'TemplateBody': JSON.stringify({ Resources: { Items: table({ Tags: [tag('own', 'x')] }) } }),
    'Tags.member.1.Key': 'team',
    'Tags.member.1.Value': 'chat',
  });
  expect(await tags()).toEqual(expect.arrayContaining([tag('own', 'x'), tag('team', 'chat')]));
});

test('the tags of the replica in the Region of the stack', async () => {
  const replica = (Region: string) => ({ Region, Tags: [{ Key: 'region', Value: Region }] });
  const { Properties } = table({ Replicas: [replica('eu-west-1'), replica('us-west-2'), replica('us-east-1')] });
  await createStack(deploy, 'App', { Items: { Type: 'AWS::DynamoDB::GlobalTable', Properties } });
  const { Tags } = await client().send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
  expect(Tags).toEqual([{ Key: 'region', Value: 'us-west-2' }]);
});

test('a retained table keeps its items, and its name is taken', async () => {
  await createStack(deploy, 'App', { Items: table({}, { DeletionPolicy: 'Retain' }) });
  await client().send(new PutItemCommand({ TableName, Item: item('a') }));
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  expect((await client().send(new GetItemCommand({ TableName, Key }))).Item).toEqual(item('a'));
  expect(await createStack(deploy, 'Second', { Items: table() })).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'Second')).toContain('items already exists');
});

test.each([
  ['table', 'AWS::DynamoDB::Table', { DeletionProtectionEnabled: true }],
  ['replica', 'AWS::DynamoDB::GlobalTable', {
    Replicas: [{ Region: 'eu-west-1' }, { Region: 'us-west-2', DeletionProtectionEnabled: 'true' }],
  }],
])('a protected %s cannot be deleted', async (_, Type, properties) => {
  await createStack(deploy, 'App', { Items: { ...table(properties), Type } });
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  expect(await failureOf(deploy, 'App')).toContain(
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  );
  expect((await client().send(new ListTablesCommand())).TableNames).toEqual(['items']);
});

test('a table with the text false as its protection can be deleted', async () => {
  await createStack(deploy, 'App', { Items: table({ DeletionProtectionEnabled: 'false' }) });
  await signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  expect((await client().send(new ListTablesCommand())).TableNames).toEqual([]);
});

describe('an update', () => {
  const items = Array.from({ length: 30 }, (_, number) => item(`item-${number}`, { other: { S: 'o' } }));
  const attributes = ['pk', 'sk', 'kind', 'other', 'third'].map(attribute);
  const withIndexes = (...names: string[]) => ({
    Items: table({ AttributeDefinitions: attributes, GlobalSecondaryIndexes: names.map(index) }),
  });
  const count = async (name: string, value: string) =>
    (await client().send(new QueryCommand({
      TableName,
      IndexName: name,
      KeyConditionExpression: '#name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': { S: value } },
    }))).Count;

  test('adds and removes a global secondary index, and keeps the items', async () => {
    await createStack(deploy, 'App', { Items: table() });
    for (const Item of items) await client().send(new PutItemCommand({ TableName, Item }));
    expect(await updateStack(deploy, 'App', withIndexes('kind', 'other'))).toBe('UPDATE_COMPLETE');
    expect(await count('other', 'o')).toBe(30);
    expect(await updateStack(deploy, 'App', withIndexes('other'))).toBe('UPDATE_COMPLETE');
    expect(await count('other', 'o')).toBe(30);
    await expect(count('kind', 'k')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('of two indexes at the same time fails, and so does a changed index', async () => {
    await createStack(deploy, 'App', withIndexes('kind'));
    expect(await updateStack(deploy, 'App', withIndexes('kind', 'other', 'third'))).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await failureOf(deploy, 'App'))
      .toContain('Cannot perform more than one GSI creation or deletion in a single update');
    for (const [before, after] of [[['kind', 'other'], ['third']], [['kind', 'other'], []], [['kind'], ['other']]]) {
      const name = `From${before!.length}To${after!.length}`;
      const named = (names: string[]) =>
        ({ Items: table({ ...withIndexes(...names).Items.Properties, TableName: name }) });
      await createStack(deploy, name, named(before!));
      expect([name, await updateStack(deploy, name, named(after!))]).toEqual([name, 'UPDATE_ROLLBACK_COMPLETE']);
    }
    const changed = { ...index('kind'), Projection: { ProjectionType: 'KEYS_ONLY' } };
    const Items = table({ AttributeDefinitions: attributes, GlobalSecondaryIndexes: [changed] });
    expect(await updateStack(deploy, 'App', { Items })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await failureOf(deploy, 'App')).toContain(
      "Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. You "
      + 'can create a new GSI with a different name.',
    );
  });

  test('that fails keeps the table and its items', async () => {
    await createStack(deploy, 'App', { Items: table() });
    for (const Item of items) await client().send(new PutItemCommand({ TableName, Item }));
    const indexes = (AttributeDefinitions: object[]) => ({
      Items: table({ AttributeDefinitions, GlobalSecondaryIndexes: [index('kind'), index('other')] }),
    });
    // The attribute of the new index is not defined, or has another type in the items.
    const number = { AttributeName: 'other', AttributeType: 'N' };
    const reasons: string[] = [];
    for (const definitions of [attributes.slice(0, 3), [...attributes.slice(0, 3), number]]) {
      expect(await updateStack(deploy, 'App', indexes(definitions))).toBe('UPDATE_ROLLBACK_COMPLETE');
      reasons.push((await failureOf(deploy, 'App')).split('\n')[0]!);
      expect(await count('kind', 'k')).toBe(30);
    }
    expect(reasons).toEqual([
      'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. '
      + 'Keys: [other], AttributeDefinitions: [pk, sk, kind]',
      'One or more parameter values were invalid: Type mismatch for Index Key other Expected: N Actual: S IndexName: '
      + 'other',
    ]);
    expect(await updateStack(deploy, 'App', indexes(attributes.slice(0, 4)))).toBe('UPDATE_COMPLETE');
    expect(await count('other', 'o')).toBe(30);
  });

  test('keeps the items that are written while it moves the table', async () => {
    await createStack(deploy, 'App', { Items: table() });
    for (const Item of items) await client().send(new PutItemCommand({ TableName, Item }));
    let isDone = false;
    const update = updateStack(deploy, 'App', withIndexes('kind', 'other')).finally(() => {
      isDone = true;
    });
    let written = 0;
    const write = async () => {
      while (!isDone) {
        const Item = item(`new-${written++}`, { other: { S: 'o' } });
        await client().send(new PutItemCommand({ TableName, Item }));
        const requests = [{ PutRequest: { Item: { ...Item, pk: { S: `new-${written++}` } } } }];
        await client().send(new BatchWriteItemCommand({ RequestItems: { items: requests } }));
      }
    };
    await Promise.all([write(), write()]);
    expect(await update).toBe('UPDATE_COMPLETE');
    expect((await client().send(new ScanCommand({ TableName }))).Count).toBe(30 + written);
    expect(await count('other', 'o')).toBe(30 + written);
  });

  test('of the key replaces the table', async () => {
    const unnamed = (KeySchema: object[]) => ({
      Items: table({ TableName: undefined, KeySchema, AttributeDefinitions: attributes.slice(0, 3) }),
    });
    const Outputs = { Name: { Value: { Ref: 'Items' } } };
    await createStack(deploy, 'App', unnamed([key('pk'), key('sk', 'RANGE')]), { Outputs });
    const { Name } = await outputsOf('App');
    expect(await updateStack(deploy, 'App', unnamed([key('sk'), key('pk', 'RANGE')]))).toBe('UPDATE_COMPLETE');
    await expect(client().send(new DescribeTableCommand({ TableName: Name }))).rejects.toThrow();
  });
});

describe('IAM', () => {
  beforeEach(async () => {
    await createStack(deploy, 'App', { Items: table() });
    await client().send(new PutItemCommand({ TableName, Item: item('a') }));
  });

  const query = (pk: string, expression = 'pk = :pk', more: object = {}) => new QueryCommand({
    TableName,
    KeyConditionExpression: expression,
    ExpressionAttributeValues: { ':pk': { S: pk } },
    ...more,
  });
  const queryIndex = new QueryCommand({
    TableName,
    IndexName: 'kind',
    KeyConditionExpression: 'kind = :kind',
    ExpressionAttributeValues: { ':kind': { S: 'k' } },
  });

  test('each operation requires its own action', async () => {
    const commands = {
      GetItem: new GetItemCommand({ TableName, Key }),
      PutItem: new PutItemCommand({ TableName, Item: item('a') }),
      UpdateItem: new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET n = :n',
        ExpressionAttributeValues: { ':n': { N: '1' } },
      }),
      Query: query('a'),
      Scan: new ScanCommand({ TableName }),
      BatchGetItem: new BatchGetItemCommand({ RequestItems: { items: { Keys: [Key] } } }),
      BatchWriteItem: new BatchWriteItemCommand({ RequestItems: { items: [{ PutRequest: { Item: item('b') } }] } }),
      DescribeTable: new DescribeTableCommand({ TableName }),
      DescribeTimeToLive: new DescribeTimeToLiveCommand({ TableName }),
      TagResource: new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: 'a', Value: '1' }] }),
      ListTagsOfResource: new ListTagsOfResourceCommand({ ResourceArn: arn }),
      UntagResource: new UntagResourceCommand({ ResourceArn: arn, TagKeys: ['a'] }),
      DeleteItem: new DeleteItemCommand({ TableName, Key }),
      UpdateTable: new UpdateTableCommand({
        TableName,
        AttributeDefinitions: ['pk', 'sk'].map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
        GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'kind' } }],
      }),
      DeleteTable: new DeleteTableCommand({ TableName }),
    };
    for (const [action, command] of Object.entries(commands)) {
      const others = Object.keys(commands).filter((name) => name !== action).map((name) => `dynamodb:${name}`);
      const refusal = await clientWith(others, arn).send(command as GetItemCommand).catch((error: Error) => error);
      expect(refusal).toMatchObject({
        ...denied,
        $metadata: { httpStatusCode: 400 },
        message: `User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: dynamodb:${action} on `
          + `resource: ${arn} because no identity-based policy allows the dynamodb:${action} action`,
      });
      const other = clientWith(`dynamodb:${action}`, arn.replace('items', 'other'));
      await expect(other.send(command as GetItemCommand)).rejects.toMatchObject(denied);
      await clientWith(`dynamodb:${action}`, arn).send(command as GetItemCommand);
    }
  });

  test('an index has a resource of its own', async () => {
    await expect(clientWith('dynamodb:Query', arn).send(queryIndex)).rejects.toMatchObject(denied);
    await expect(clientWith('dynamodb:Query', `${arn}/index/*`).send(query('a'))).rejects.toMatchObject(denied);
    const scanIndex = new ScanCommand({ TableName, IndexName: 'kind' });
    await expect(clientWith('dynamodb:Scan', arn).send(scanIndex)).rejects.toMatchObject(denied);
    expect((await clientWith('dynamodb:Scan', `${arn}/index/kind`).send(scanIndex)).Count).toBe(1);
    expect((await clientWith('dynamodb:Query', `${arn}/index/kind`).send(queryIndex)).Count).toBe(1);
  });

  test('a member that an operation does not have is no reason to allow it', async () => {
    await createStack(deploy, 'Second', { Items: table({ TableName: 'second' }) });
    const Resource = [arn, `${arn.replace('items', '*')}/index/*`];
    const Statement = { Effect: 'Allow', Action: 'dynamodb:*', Resource };
    const session = deploy.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', allows([{ Statement }]));
    const status = async (operation: string, input: object) =>
      (await signedClient(deploy, session).json('dynamodb', `DynamoDB_20120810.${operation}`, input)).body.__type;
    const refused = 'com.amazonaws.dynamodb.v20120810#AccessDeniedException';
    const second = { TableName: 'second', Key };
    expect(await status('GetItem', { ...second, ResourceArn: arn })).toBe(refused);
    expect(await status('GetItem', { ...second, IndexName: 'kind' })).toBe(refused);
    const ResourceArn = arn.replace('items', 'second');
    expect(await status('ListTagsOfResource', { ResourceArn, TableName })).toBe(refused);
    expect(await status('GetItem', { TableName, Key, ResourceArn, IndexName: 'kind' })).toBeUndefined();
  });

  test('another table is refused, also in a batch', async () => {
    await createStack(deploy, 'Second', { Items: table({ TableName: 'second' }) });
    const batch = new BatchGetItemCommand({ RequestItems: { items: { Keys: [Key] }, second: { Keys: [Key] } } });
    await expect(clientWith('dynamodb:*', arn).send(batch)).rejects.toMatchObject(denied);
    await clientWith('dynamodb:*', [arn, arn.replace('items', 'second')]).send(batch);
  });

  test('dynamodb:LeadingKeys limits the partition keys', async () => {
    const limited = clientWith(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:Batch*'],
      [arn, `${arn}/index/*`],
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } },
    );
    const other = { pk: { S: 'b' }, sk: { S: 'x' } };
    await limited.send(new GetItemCommand({ TableName, Key }));
    await limited.send(query('a'));
    await limited.send(query('a', '#p=:pk', { ExpressionAttributeNames: { '#p': 'pk' } }));
    await limited.send(new QueryCommand({
      TableName,
      KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'a' }] } },
    }));
    for (const command of [
      new GetItemCommand({ TableName, Key: other }),
      new PutItemCommand({ TableName, Item: item('b') }),
      query('b'),
      query('b', '#p=:pk', { ExpressionAttributeNames: { '#p': 'pk' } }),
      query('b', '(pk = :pk)'),
      query('b', ':pk = pk'),
      new QueryCommand({
        TableName,
        KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'b' }] } },
      }),
      queryIndex,
      new BatchGetItemCommand({ RequestItems: { items: { Keys: [Key, other] } } }),
      new BatchWriteItemCommand({ RequestItems: { items: [{ DeleteRequest: { Key: other } }] } }),
    ]) {
      await expect(limited.send(command as GetItemCommand)).rejects.toMatchObject(denied);
    }
  });

  test('dynamodb:LeadingKeys has the partition key of the index that a query names', async () => {
    const limited = (value: string) => clientWith('dynamodb:Query', [arn, `${arn}/index/*`], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [value] },
    });
    expect((await limited('k').send(queryIndex)).Count).toBe(1);
    await expect(limited('a').send(queryIndex)).rejects.toMatchObject(denied);
    await expect(limited('k').send(query('a'))).rejects.toMatchObject(denied);
  });

  test('dynamodb:LeadingKeys covers all writes', async () => {
    const limited = clientWith(['dynamodb:*Item'], arn, {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] },
    });
    for (const [pk, isAllowed] of [['a', true], ['b', false]] as const) {
      const key_ = { pk: { S: pk }, sk: { S: 'x' } };
      for (const command of [
        new UpdateItemCommand({
          TableName,
          Key: key_,
          UpdateExpression: 'SET n = :n',
          ExpressionAttributeValues: { ':n': { N: '1' } },
        }),
        new BatchWriteItemCommand({ RequestItems: { items: [{ PutRequest: { Item: item(pk) } }] } }),
        new DeleteItemCommand({ TableName, Key: key_ }),
      ]) {
        const answer = await limited.send(command as DeleteItemCommand).then(() => true, (error: Error) => error.name);
        expect([pk, command.constructor.name, answer])
          .toEqual([pk, command.constructor.name, isAllowed || 'AccessDeniedException']);
      }
    }
  });

  test('dynamodb:Select and dynamodb:ReturnValues', async () => {
    const condition = (name: string, value: string) => ({ StringEquals: { [`dynamodb:${name}`]: value } });
    const counting = clientWith('dynamodb:Query', arn, condition('Select', 'COUNT'));
    expect((await counting.send(query('a', undefined, { Select: 'COUNT' }))).Count).toBe(1);
    await expect(counting.send(query('a'))).rejects.toMatchObject(denied);
    const blind = clientWith('dynamodb:PutItem', arn, condition('ReturnValues', 'NONE'));
    const putItem = (ReturnValues: 'NONE' | 'ALL_OLD') =>
      new PutItemCommand({ TableName, Item: item('a'), ReturnValues });
    await blind.send(putItem('NONE'));
    await expect(blind.send(putItem('ALL_OLD'))).rejects.toMatchObject(denied);
  });

  test('ListTables needs a permission for all tables', async () => {
    await expect(clientWith('dynamodb:ListTables', arn).send(new ListTablesCommand())).rejects.toMatchObject(denied);
    for (const resource of ['*', arn.replace('items', '*')]) {
      const { TableNames } = await clientWith('dynamodb:ListTables', resource).send(new ListTablesCommand());
      expect(TableNames).toEqual(['items']);
    }
  });

  test('a request that is not valid has the error of DynamoDB, if the caller is allowed', async () => {
    const batch = (items: object) => new BatchGetItemCommand({ RequestItems: { items } as never });
    const writes = (items: unknown) => new BatchWriteItemCommand({ RequestItems: { items } as never });
    for (const [command, name] of [
      [new GetItemCommand({ TableName: 'none', Key }), 'ResourceNotFoundException'],
      [new GetItemCommand({ TableName: 'a', Key }), 'ValidationException'],
      [batch({}), 'ValidationException'],
      [writes([]), 'ValidationException'],
    ] as const) {
      await expect(clientWith('dynamodb:*', '*').send(command as GetItemCommand)).rejects.toMatchObject({ name });
      await expect(clientWith('dynamodb:*', 'none').send(command as GetItemCommand)).rejects.toMatchObject(denied);
    }
  });

  test('a wrong signature is refused', async () => {
    const forger = { ...deploy.identities.administrator, secretAccessKey: 'wrong' };
    await expect(client(forger).send(query('a'))).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });
});

const expression = (KeyConditionExpression: string, value = ':v') =>
  ({ KeyConditionExpression, ExpressionAttributeValues: { [value]: { S: 'a' }, ':s': { S: 's' } } });
const put = { PutRequest: { Item: { id: { S: 'a' }, kind: { S: 'k' } } } };
const conditions = {
  sort: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 's' }] },
  id: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'a' }, { S: 'b' }] },
};
test.each<[string, object, string[] | undefined]>([
  ['GetItem', { Key: { sort: { S: 's' }, id: { S: 'a' } } }, ['a']],
  ['DeleteItem', { Key: { id: { N: '5' } } }, ['5']],
  ['UpdateItem', { Key: { id: { S: 'a' } } }, ['a']],
  ['PutItem', { Item: { id: { S: 'a' }, kind: { S: 'k' } } }, ['a']],
  ['PutItem', { Item: { kind: { S: 'k' } } }, undefined],
  ['GetItem', {}, undefined],
  ['BatchGetItem', { Keys: [{ id: { S: 'a' } }, { id: { S: 'b' } }, { id: { S: 'a' } }] }, ['a', 'b', 'a']],
  ['BatchGetItem', {}, undefined],
  ['BatchWriteItem', {}, undefined],
  ['BatchWriteItem', { writes: [put, { DeleteRequest: { Key: { id: { S: 'b' } } } }] }, ['a', 'b']],
  ['Scan', { Key: { id: { S: 'a' } } }, undefined],
  ['GetItem', { Key: { id: { S: 'a' } }, IndexName: 'by-kind' }, ['a']],
  ['PutItem', { Item: { id: { S: 'a' }, kind: { S: 'k' } }, IndexName: 'by-kind' }, ['a']],
  ['toString', {}, undefined],
  ['Query', expression('id = :v'), ['a']],
  ['Query', expression('id=:v AND begins_with(sort, :s)'), ['a']],
  ['Query', expression('sort = :s AND id  =  :v'), ['a']],
  ['Query', expression('sort >= :s AND id = :v'), ['a']],
  ['Query', expression('identity = :s AND id = :v'), ['a']],
  ['Query', { ...expression('#id-1 = :v'), ExpressionAttributeNames: { '#id-1': 'id' } }, ['a']],
  ['Query', { ...expression('#id = :v'), ExpressionAttributeNames: { '#id': 'kind' } }, ['']],
  ['Query', expression('id > :v'), ['']],
  ['Query', expression('id = :v', ':other'), ['']],
  ['Query', {}, ['']],
  ['Query', { KeyConditions: conditions }, ['a']],
  ['Query', { KeyConditions: { sort: conditions.sort } }, ['']],
  ['Query', { ...expression('kind = :v'), IndexName: 'by-kind' }, ['a']],
  ['Query', { ...expression('id = :v'), IndexName: 'by-kind' }, ['']],
  ['Query', { ...expression('id = :v'), IndexName: 'local' }, ['a']],
])('the leading keys of %s with %j are %j', (operation, request, expected) => {
  const description = {
    KeySchema: [key('sort', 'RANGE'), key('id')],
    GlobalSecondaryIndexes: [{ IndexName: 'by-kind', KeySchema: [key('kind')] }],
    LocalSecondaryIndexes: [{ IndexName: 'local', KeySchema: [key('id'), key('kind', 'RANGE')] }],
  } as Partial<TableDescription> as TableDescription;
  expect(leadingKeys(operation, request, description)).toEqual(expected);
});

test('transactions are not available, and the error says so', async () => {
  await createStack(deploy, 'App', { Items: table() });
  const command = new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: item('a') } }] });
  await expect(client().send(command)).rejects.toThrow('dynamodb:TransactWriteItems is not implemented');
});

test('two endpoints in one process have separate tables', async () => {
  const other = await startLocalDeploy({ region: 'eu-west-1', accountId: '210987654321' });
  try {
    await createStack(deploy, 'App', { Items: table() });
    await createStack(other, 'App', { Items: table() });
    await client().send(new PutItemCommand({ TableName, Item: item('a') }));
    const { body } = await signedClient(other).json('dynamodb', 'DynamoDB_20120810.Scan', { TableName });
    expect(body.Count).toBe(0);
    const described = await signedClient(other).json('dynamodb', 'DynamoDB_20120810.DescribeTable', { TableName });
    expect(described.body.Table.TableArn).toBe('arn:aws:dynamodb:eu-west-1:210987654321:table/items');
  } finally {
    await other.close();
  }
  expect((await client().send(new ScanCommand({ TableName }))).Count).toBe(1);
});

test('a table does not move its items before all earlier writes have ended', async () => {
  const tables = new DynamoDbTables('us-west-2', '123456789012');
  const { Properties } = table();
  const AttributeDefinitions = [attribute('pk'), attribute('sk')];
  await tables.create({ ...Properties, AttributeDefinitions, GlobalSecondaryIndexes: undefined, TableName });
  // A page of a scan has at most 1 MB, so the items have two pages.
  const text = { S: 'x'.repeat(60_000) };
  const write = (_: unknown, number: number) =>
    tables.send('PutItem', { TableName, Item: item(`${number}`, { text }) });
  const writes = Array.from({ length: 20 }, write);
  await tables.redefine({ ...Properties, TableName });
  expect((await Promise.all(writes)).map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
  const count = { TableName, Select: 'COUNT' };
  const first = JSON.parse((await tables.send('Scan', count)).body);
  const next = await tables.send('Scan', { ...count, ExclusiveStartKey: first.LastEvaluatedKey });
  expect([first.Count < 20, first.Count + JSON.parse(next.body).Count]).toEqual([true, 20]);
  expect(tables).toMatchObject({ requests: new Set(), moves: new Set() });
});

test('a request waits for all moves of items, also for one that begins in the meantime', async () => {
  const tables = new DynamoDbTables('us-west-2', '123456789012');
  const definition = (name: string) => ({ ...table().Properties, TableName: name });
  const changed = { ...index('kind'), Projection: { ProjectionType: 'KEYS_ONLY' } };
  const other = (name: string) => ({ ...definition(name), GlobalSecondaryIndexes: [changed] });
  for (const name of ['one', 'two']) await tables.create(definition(name));
  const first = tables.redefine(other('one'));
  const second = first.then(() => tables.redefine(other('two')));
  const { statusCode } = await tables.send('PutItem', { TableName: 'two', Item: item('a') });
  await second;
  const { body } = await tables.send('Scan', { TableName: 'two' });
  expect([statusCode, JSON.parse(body).Count]).toEqual([200, 1]);
});

test('a table is active when it is created, gone when it is removed, and has its definition', async () => {
  let options: object | undefined;
  const load = jest.fn((): Dynalite => (given) => {
    options = { ...given };
    return loadDynalite()(given);
  });
  const tables = new DynamoDbTables('us-west-2', '123456789012', load);
  // Nothing is there, so there is no reason to load dynalite.
  expect(await tables.describe(TableName)).toBeUndefined();
  await tables.remove(TableName);
  expect(load).not.toHaveBeenCalled();
  const { Properties } = table();
  expect(await tables.create(Properties)).toMatchObject({ TableName, TableStatus: 'ACTIVE' });
  expect(options).toEqual({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  // Another table with this name cannot be created, so it does not change the definition.
  await expect(tables.create({ ...Properties })).rejects.toMatchObject({ name: 'ResourceInUseException' });
  expect(tables.definition(TableName)).toBe(Properties);
  await tables.remove(TableName);
  expect(await tables.describe(TableName)).toBeUndefined();
  expect(load).toHaveBeenCalledTimes(1);
});

test('a change of a table waits for its tags, and its delete waits for the end of the table', async () => {
  const tables = new DynamoDbTables('us-west-2', '123456789012');
  const type = dynamoDbResourceTypes(tables)['AWS::DynamoDB::Table']!;
  const { Properties } = table();
  const context = { region: 'us-west-2', stackTags: {} } as ResourceContext;
  const state = { ...await type.create(Properties, context), properties: Properties } as ResourceState;
  const call = jest.spyOn(tables, 'call').mockRejectedValue(new Error('no tags'));
  await expect(type.update!(Properties, state, context)).rejects.toThrow('no tags');
  call.mockRestore();
  let isDone = false;
  jest.spyOn(tables, 'remove').mockReturnValue(new Promise(() => {}));
  void Promise.resolve(type.delete!(state, context)).then(() => {
    isDone = true;
  });
  await new Promise(setImmediate);
  expect(isDone).toBe(false);
});

test('a table has its Region and account, and leaves the environment of this process as it was', async () => {
  const before = { ...process.env };
  process.env.AWS_REGION = 'own';
  delete process.env.AWS_ACCOUNT_ID;
  try {
    const tables = new DynamoDbTables('us-west-2', '123456789012');
    await tables.create({ ...table().Properties, TableName });
    const { body } = await tables.send('DescribeTable', { TableName });
    expect(JSON.parse(body).Table.TableArn).toBe(`arn:aws:dynamodb:us-west-2:123456789012:table/${TableName}`);
    expect([process.env.AWS_REGION, 'AWS_ACCOUNT_ID' in process.env]).toEqual(['own', false]);
    expect(await tables.describe('none')).toBeUndefined();
    // A name that is not valid is not the name of a missing table.
    await expect(tables.describe('a')).rejects.toMatchObject({
      name: 'ValidationException', message: expect.stringContaining('at least 3 characters'),
    });
  } finally {
    process.env = before;
  }
});

test('a missing dynalite is an error with the command that installs it', async () => {
  expect(() => loadDynalite(['/']))
    .toThrow('DynamoDB tables require the package dynalite. Run: npm install --save-dev dynalite');
  expect(loadDynalite(['/', __dirname])).toEqual(expect.any(Function));
  const folder = mkdtempSync(join(tmpdir(), 'dynalite-'));
  const write = (name: string, source: string) => {
    mkdirSync(join(folder, name, 'node_modules/dynalite'), { recursive: true });
    writeFileSync(join(folder, name, 'node_modules/dynalite/index.js'), source);
    return join(folder, name);
  };
  expect(loadDynalite([write('own', 'module.exports = "own";')])).toBe('own');
  // The dependency of this package precedes the one of the application.
  const workingDirectory = jest.spyOn(process, 'cwd').mockReturnValue(join(folder, 'own'));
  expect(loadDynalite()).toEqual(expect.any(Function));
  workingDirectory.mockRestore();
  expect(() => loadDynalite([write('broken', 'throw new Error("broken");')])).toThrow('broken');
  rmSync(folder, { recursive: true });
  const tables = new DynamoDbTables('us-west-2', '123456789012', () => loadDynalite(['/']));
  await expect(tables.create({ TableName })).rejects.toThrow('npm install --save-dev dynalite');
});

test('the log has the operation of a request that failed', async () => {
  const events: object[] = [];
  await deploy.close();
  deploy = await startLocalDeploy({ log: (event) => events.push(event) });
  await client().send(new ListTablesCommand());
  const failed = client().send(new DescribeTableCommand({ TableName: 'none' }));
  await expect(failed).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const request = { kind: 'request', service: 'dynamodb' };
  expect(events).toEqual([
    { ...request, operation: 'ListTables', statusCode: 200, errorCode: undefined },
    { ...request, operation: 'DescribeTable', statusCode: 400, errorCode: 'ResourceNotFoundException' },
  ]);
});
