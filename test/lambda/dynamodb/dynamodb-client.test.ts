/** The client for DynamoDB and the official SDK make the same calls, with the same items, errors and attempts. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { credentials, startDynaliteTable, type DynaliteTable } from './dynalite-table';
import { fromAttributeValues, toAttributeValues, type Attributes } from '../../../lambda/dynamodb/attribute-values';
import { DynamoDbClient } from '../../../lambda/dynamodb/dynamodb-client';
import { verifySignature } from '../../../local/aws/http/verify-signature';

const provider = async () => credentials;
const ATTRIBUTES = ['Key', 'Item', 'ExclusiveStartKey', 'ExpressionAttributeValues'];
const commands = {
  query: QueryCommand,
  getItem: GetItemCommand,
  putItem: PutItemCommand,
  updateItem: UpdateItemCommand,
  deleteItem: DeleteItemCommand,
} as const;

type Operation = keyof typeof commands;
type Call = [Operation, any];

/** Makes a call with the official SDK, in the form of our client. */
async function callSdk(sdk: DynamoDBClient, [operation, input]: Call): Promise<unknown> {
  const members = Object.entries<any>(input).map(([name, value]) =>
    [name, ATTRIBUTES.includes(name) ? toAttributeValues(value) : value]);
  const output: any = await sdk.send(new (commands[operation] as any)(Object.fromEntries(members)));
  if (operation === 'query') {
    const { Items, LastEvaluatedKey } = output;
    return {
      Items: Items.map(fromAttributeValues),
      LastEvaluatedKey: LastEvaluatedKey && fromAttributeValues(LastEvaluatedKey),
    };
  }
  return output.Item && fromAttributeValues(output.Item);
}

const outcome = (call: Promise<unknown>) => call.then(
  (value) => ({ value }), ({ name, message }) => ({ name, message }));

describe('on the same table', () => {
  let ours: DynaliteTable;
  let theirs: DynaliteTable;
  let client: DynamoDbClient;

  beforeAll(async () => {
    [ours, theirs] = await Promise.all([startDynaliteTable(), startDynaliteTable()]);
    const { endpoint } = ours;
    client = new DynamoDbClient({ region: 'eu-west-1', endpoint, credentials: provider, maxAttempts: 1 });
  });
  afterAll(() => Promise.all([ours.close(), theirs.close()]));

  const both = async (call: Call) => [
    await outcome((client as any)[call[0]](call[1])), await outcome(callSdk(theirs.sdk, call)),
  ];
  const TableName = 'BanList';
  const queryAll = (extra = {}): Call => ['query', {
    TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'USER#ada' }, ...extra,
  }];

  const values: Attributes = {
    pk: 'USER#ada',
    sk: 'BAN#*',
    text: 'ü€😀',
    empty: '',
    count: 5,
    negative: -1.5,
    large: 1e21,
    yes: true,
    no: false,
    list: 'BANS',
    listOrder: '1',
  };
  const calls: Call[] = [
    ['putItem', { TableName, Item: values }],
    ['getItem', { TableName, Key: { pk: 'USER#ada', sk: 'BAN#*' }, ConsistentRead: true }],
    ['getItem', { TableName, Key: { pk: 'USER#bob', sk: 'BAN#*' } }],
    ['putItem', { TableName, Item: values, ConditionExpression: 'attribute_not_exists(pk)' }],
    ['updateItem', {
      TableName,
      Key: { pk: 'RATE#ada', sk: '1' },
      UpdateExpression: 'SET expiresAt = :time ADD requests :one',
      ConditionExpression: 'attribute_not_exists(requests) OR requests < :maximum',
      ExpressionAttributeValues: { ':one': 1, ':maximum': 1, ':time': 1 },
    }],
    ['putItem', { TableName, Item: { pk: 'USER#ada', sk: 'MUTE#1', list: 'BANS', listOrder: '2' } }],
    ['putItem', { TableName, Item: { pk: 'USER#ada', sk: 'MUTE#2' } }],
    queryAll(),
    queryAll({ Limit: 1, ScanIndexForward: false, ConsistentRead: true }),
    queryAll({ Limit: 1, ExclusiveStartKey: { pk: 'USER#ada', sk: 'BAN#*' } }),
    queryAll({
      FilterExpression: '#text = :text',
      ExpressionAttributeNames: { '#text': 'text' },
      ExpressionAttributeValues: { ':pk': 'USER#ada', ':text': 'no' },
    }),
    ['query', {
      TableName,
      IndexName: 'list',
      KeyConditionExpression: '#list = :list',
      ExpressionAttributeNames: { '#list': 'list' },
      ExpressionAttributeValues: { ':list': 'BANS' },
      Limit: 1,
    }],
    ['deleteItem', { TableName, Key: { pk: 'USER#ada', sk: 'MUTE#2' } }],
    ['deleteItem', { TableName, Key: { pk: 'USER#ada', sk: 'MUTE#2' } }],
    ['deleteItem', {
      TableName, Key: { pk: 'USER#ada', sk: 'BAN#*' }, ConditionExpression: 'attribute_not_exists(pk)',
    }],
    ['getItem', { TableName: 'Missing', Key: { pk: 'a', sk: 'b' } }],
    ['getItem', { TableName, Key: { pk: 'a' } }],
    ['putItem', { TableName, Item: { pk: 'a' } }],
    ['putItem', { TableName, Item: { pk: '', sk: 'b' } }],
    ['query', { TableName, KeyConditionExpression: 'nonsense', ExpressionAttributeValues: { ':a': 1 } }],
    queryAll({ Limit: 0 }),
  ];

  test('the same calls have the same outcomes, in this order', async () => {
    const names: unknown[] = [];
    for (const call of [...calls, ...calls]) {
      const [our, their] = await both(call) as any[];
      expect({ call, outcome: our }).toEqual({ call, outcome: their });
      names.push(our.name);
    }
    // The calls contain all kinds of errors.
    expect(new Set(names)).toEqual(new Set([
      undefined, 'ConditionalCheckFailedException', 'ResourceNotFoundException', 'ValidationException',
    ]));
  });

  test('an item of almost 400 KB, the maximum of DynamoDB, comes back unchanged', async () => {
    const Item = { pk: 'USER#large', sk: 'ITEM', text: 'x'.repeat(399_000) };
    await client.putItem({ TableName, Item });
    expect(await client.getItem({ TableName, Key: { pk: Item.pk, sk: Item.sk } })).toEqual(Item);
  });

  test('generated items come back unchanged', async () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean());
    const extra = fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), value, { maxKeys: 5 });
    await fc.assert(fc.asyncProperty(extra, async (attributes) => {
      const Item = { ...attributes, pk: 'USER#generated', sk: 'ITEM' };
      const [our, their] = await both(['putItem', { TableName, Item }]);
      expect(our).toEqual(their);
      const Key = { pk: 'USER#generated', sk: 'ITEM' };
      if (!('name' in our!)) expect(await client.getItem({ TableName, Key })).toEqual(Item);
    }), { numRuns: 50 });
  });
});

describe('on a server that fails', () => {
  let server: Server;
  let respond: (response: ServerResponse, attempt: number) => void;
  let requests: { request: IncomingMessage; body: string }[];
  let options: { region: string; endpoint: string; maxAttempts: number };

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      requests.push({ request, body: Buffer.concat(chunks).toString() });
      respond(response, requests.length);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    options = { region: 'eu-west-1', endpoint: `http://127.0.0.1:${port}`, maxAttempts: 3 };
  });
  beforeEach(() => {
    requests = [];
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const get = { TableName: 'BanList', Key: { pk: 'a', sk: 'b' } };
  const error = (status: number, type: string) => (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }));
  };
  const failures: [number, string, number][] = [
    [400, 'ProvisionedThroughputExceededException', 3],
    [400, 'ThrottlingException', 3],
    [400, 'RequestLimitExceeded', 3],
    [500, 'InternalServerError', 3],
    [503, 'ServiceUnavailable', 3],
    [400, 'ValidationException', 1],
    [400, 'AccessDeniedException', 1],
    [400, 'ConditionalCheckFailedException', 1],
  ];

  test('a call has at most three attempts by default', async () => {
    respond = error(500, 'InternalServerError');
    const { region, endpoint } = options;
    const client = new DynamoDbClient({ region, endpoint, credentials: provider, random: () => 0 });
    await expect(client.getItem(get)).rejects.toMatchObject({ $metadata: { attempts: 3 } });
    expect(requests).toHaveLength(3);
  });

  test.each(failures)('HTTP %i %s results in the same error after %i attempts', async (status, type, attempts) => {
    respond = error(status, type);
    const random = () => 0;
    const client = new DynamoDbClient({ ...options, credentials: provider, random });
    const failure: any = await client.getItem(get).catch((thrown) => thrown);
    expect(failure).toMatchObject({ name: type, message: 'no', $metadata: { httpStatusCode: status, attempts } });
    expect(requests).toHaveLength(attempts);

    const sdk = new DynamoDBClient({ ...options, credentials });
    const theirs: any = await callSdk(sdk, ['getItem', get]).catch((thrown) => thrown);
    sdk.destroy();
    expect([theirs.name, theirs.message, theirs.$metadata.attempts]).toEqual([type, 'no', attempts]);
  });

  test('the clock limits the time of a request to three seconds, and of its connection to two', async () => {
    respond = (response) => response.end('{}');
    const delays: number[] = [];
    const clock = {
      now: () => Date.now(),
      setTimeout: (_: () => void, milliseconds: number) => delays.push(milliseconds),
      clearTimeout() {},
    };
    await new DynamoDbClient({ ...options, credentials: provider, clock }).getItem(get);
    expect(delays).toEqual([3000, 2000]);
  });

  test('a call succeeds after two lost connections', async () => {
    respond = (response, attempt) => (attempt < 3 ? response.destroy() : response.end('{"Item":{"n":{"N":"1"}}}'));
    const client = new DynamoDbClient({ ...options, credentials: provider, random: () => 0 });
    expect(await client.getItem(get)).toEqual({ n: 1 });
  });

  test('a response that is not JSON is an error with the status', async () => {
    respond = (response) => response.writeHead(404).end('<html>');
    const client = new DynamoDbClient({ ...options, credentials: provider });
    await expect(client.getItem(get)).rejects.toMatchObject({ name: 'Unknown', $metadata: { httpStatusCode: 404 } });
  });

  test('the request has a valid signature and the same target and body as the one of the official SDK', async () => {
    respond = (response) => response.end('{}');
    await new DynamoDbClient({ ...options, credentials: provider }).getItem(get);
    const sdk = new DynamoDBClient({ ...options, credentials });
    await callSdk(sdk, ['getItem', get]);
    sdk.destroy();
    const [our, their] = requests as [typeof requests[0], typeof requests[0]];
    expect(our.request.headers['user-agent']).toBe('cdk-ivs-chat');
    for (const header of ['x-amz-target', 'content-type']) {
      expect(our.request.headers[header]).toBe(their.request.headers[header]);
    }
    expect(JSON.parse(our.body)).toEqual(JSON.parse(their.body));
    expect(verifySignature(our.request as any, {
      identities: { find: () => ({ ...credentials, accountId: '123456789012' }) } as any,
      body: Buffer.from(our.body),
      service: 'dynamodb',
      region: 'eu-west-1',
      now: Date.now(),
    }).refusal).toBeUndefined();
  });
});

describe('with the responses of a handler', () => {
  type Response = { readonly statusCode: number; readonly headers?: object; readonly body?: unknown };
  const get = { TableName: 'BanList', Key: { pk: 'a', sk: 'b' } };
  function clientOf(responses: Response[], options = {}) {
    const requests: any[] = [];
    const requestHandler = {
      async handle(request: object) {
        requests.push(request);
        return { response: { headers: {}, body: '{}', ...responses.shift() } as never };
      },
    };
    const endpoint = 'http://127.0.0.1:8000/prefix';
    const given = { region: 'eu-west-1', endpoint, credentials: provider, random: () => 0, requestHandler };
    return { requests, client: new DynamoDbClient({ ...given, ...options }) };
  }

  test('a request has the address, the headers and the members that are defined', async () => {
    const { client, requests } = clientOf([{ statusCode: 200 }]);
    await client.getItem({ ...get, ConsistentRead: undefined });
    expect(requests[0]).toEqual({
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      port: 8000,
      path: '/prefix',
      headers: {
        'host': '127.0.0.1:8000',
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.GetItem',
        'x-amz-date': expect.any(String),
        'authorization': expect.stringContaining('/eu-west-1/dynamodb/aws4_request'),
      },
      body: '{"TableName":"BanList","Key":{"pk":{"S":"a"},"sk":{"S":"b"}}}',
    });
  });

  test.each([
    ['{"__type":"a#Wrong","Message":"Large"}', 'Wrong', 'Large'],
    ['{"__type":"Wrong","message":"small","Message":"Large"}', 'Wrong', 'small'],
    ['{"__type":"a#Wrong"}', 'Wrong', 'UnknownError'],
    ['null', 'Unknown', 'UnknownError'],
    ['<html>', 'Unknown', 'UnknownError'],
  ])('the error %s has a name and a message', async (body, name, message) => {
    const { client } = clientOf([{ statusCode: 400, body, headers: { 'x-amzn-requestid': 'r1' } }]);
    const error: any = await client.getItem(get).catch((thrown) => thrown);
    expect([error.name, error.message, error.$metadata])
      .toEqual([name, message, { httpStatusCode: 400, requestId: 'r1', attempts: 1 }]);
  });

  test('a success that is not JSON and a redirect are errors of the first attempt', async () => {
    const unreadable = clientOf([{ statusCode: 200, body: '{"Item":' }]);
    await expect(unreadable.client.getItem(get))
      .rejects.toMatchObject({ name: 'SyntaxError', $metadata: { attempts: 1 } });
    const moved = clientOf([{ statusCode: 302 }]);
    await expect(moved.client.getItem(get)).rejects.toMatchObject({ $metadata: { httpStatusCode: 302, attempts: 1 } });
  });

  test('the credentials are asked for once, and again five minutes before they expire', async () => {
    let now = 1000;
    const clock = { now: () => now, setTimeout() {}, clearTimeout() {} };
    const given = jest.fn(async () => ({ ...credentials, expiration: new Date(now + 3_600_000) }));
    const { client } = clientOf([1, 2, 3, 4].map(() => ({ statusCode: 200 })), { clock, credentials: given });
    await Promise.all([client.getItem(get), client.getItem(get)]);
    now += 3_300_000;
    await client.getItem(get);
    expect(given).toHaveBeenCalledTimes(1);
    now += 1;
    await client.getItem(get);
    expect(given).toHaveBeenCalledTimes(2);
  });

  test('the delays have the jitter of Math.random by default', async () => {
    jest.spyOn(Math, 'random').mockReturnValueOnce(0.5).mockReturnValueOnce(0.1);
    const delays: number[] = [];
    const clock = {
      now: () => 0,
      setTimeout(callback: () => void, milliseconds: number) {
        delays.push(milliseconds);
        if (milliseconds !== 3000) callback();
      },
      clearTimeout() {},
    };
    const { client } = clientOf([500, 500, 200].map((statusCode) => ({ statusCode })), { clock, random: undefined });
    await client.getItem(get);
    jest.restoreAllMocks();
    expect(delays).toEqual([3000, 25, 3000, 10, 3000]);
  });

  test('each success pays for the failure before it', async () => {
    const { client, requests } = clientOf(
      Array.from({ length: 100 }, (_, index) => ({ statusCode: index % 2 ? 200 : 500 })));
    for (let call = 0; call < 50; call++) await client.putItem({ TableName: 'BanList', Item: {} });
    expect(requests).toHaveLength(100);
  });

  test('a request has three seconds, and the next one waits as long as the service says', async () => {
    const delays: number[] = [];
    let now = 0;
    const clock = {
      now: () => now,
      setTimeout(callback: () => void, milliseconds: number) {
        delays.push(milliseconds);
        if (milliseconds !== 2000) return;
        now += milliseconds;
        callback();
      },
      clearTimeout() {},
    };
    const responses = [{ statusCode: 503, headers: { 'retry-after': '2' } }, { statusCode: 200 }];
    const { client, requests } = clientOf(responses, { clock });
    await client.getItem(get);
    expect(delays).toEqual([3000, 2000, 3000]);
    // Each attempt is signed with its own time.
    expect(requests.map(({ headers }) => headers['x-amz-date'])).toEqual(['19700101T000000Z', '19700101T000002Z']);
  });

  test.each([[16_777_216, undefined], [16_777_217, 'ResponseTooLargeError']])(
    'a response of %i bytes', async (bytes, error) => {
      const body = Buffer.alloc(bytes, ' ');
      body.write('{}');
      const { client } = clientOf([{ statusCode: 200, body }]);
      expect(await client.getItem(get).catch(({ name }) => name)).toBe(error);
    });
});

test('the Region and the endpoint come from the environment, unless they are given', async () => {
  const before = { ...process.env };
  delete process.env.AWS_REGION;
  expect(() => new DynamoDbClient()).toThrow('Region is missing: set AWS_REGION, or give `region`');
  const hosts: string[] = [];
  const requestHandler = {
    async handle({ hostname }: { hostname: string }) {
      hosts.push(hostname);
      return { response: { statusCode: 200, headers: {}, body: '{}' } };
    },
  };
  const get = { TableName: 'BanList', Key: { pk: 'a', sk: 'b' } };
  process.env.AWS_REGION = 'us-west-2';
  await new DynamoDbClient({ requestHandler, credentials: provider }).getItem(get);
  process.env.AWS_ENDPOINT_URL = 'http://one.localhost:1';
  await new DynamoDbClient({ requestHandler, credentials: provider }).getItem(get);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = 'http://two.localhost:1';
  await new DynamoDbClient({ requestHandler, credentials: provider }).getItem(get);
  delete process.env.AWS_ENDPOINT_URL;
  delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
  await new DynamoDbClient({ region: 'eu-west-1', requestHandler, credentials: provider }).getItem(get);
  process.env = before;
  expect(hosts).toEqual([
    'dynamodb.us-west-2.amazonaws.com', 'one.localhost', 'two.localhost', 'dynamodb.eu-west-1.amazonaws.com',
  ]);
});

test('the credentials come from the environment, also from a later one', async () => {
  const before = { ...process.env };
  const sent: any[] = [];
  const requestHandler = {
    async handle({ headers }: any) {
      sent.push([/Credential=([^/]+)/.exec(headers.authorization)![1], headers['x-amz-security-token']]);
      return { response: { statusCode: 200, headers: {}, body: '{}' } };
    },
  };
  const client = new DynamoDbClient({ region: 'eu-west-1', requestHandler });
  const get = { TableName: 'BanList', Key: { pk: 'a', sk: 'b' } };
  const AWS_CREDENTIAL_EXPIRATION = new Date(0).toISOString();
  const environment = { AWS_ACCESS_KEY_ID: 'AKID1', AWS_SECRET_ACCESS_KEY: 'secret', AWS_CREDENTIAL_EXPIRATION };
  delete process.env.AWS_PROFILE;
  Object.assign(process.env, environment, { AWS_SESSION_TOKEN: 'token' });
  await client.getItem(get);
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKID2' });
  delete process.env.AWS_SESSION_TOKEN;
  await client.getItem(get);
  process.env = before;
  expect(sent).toEqual([['AKID1', 'token'], ['AKID2', undefined]]);
});

test('falsy values are kept, and only undefined is omitted', () => {
  const attributes = { empty: '', zero: 0, no: false, fraction: 1.5, text: '0' };
  const values = {
    empty: { S: '' }, zero: { N: '0' }, no: { BOOL: false }, fraction: { N: '1.5' }, text: { S: '0' },
  };
  expect(toAttributeValues({ ...attributes, absent: undefined })).toEqual(values);
  expect(fromAttributeValues({ ...values, list: { L: [] } })).toEqual(attributes);
});
