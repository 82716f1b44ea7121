/** An HTTP API with authorizers, tables and a user pool of aws-cdk-lib, deployed with the real CDK CLI. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { AwsClient } from 'aws4fetch';
import { cdk } from '../../examples/live-chat/cdk-cli';
import { startLocal, type Local } from '../../local';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'http-api-'));
let local: Local;
let outputs: { Url: string; Endpoint: string; PoolId: string; TableName: string; AccessLogName: string };

const run = (...args: string[]) => cdk([
  ...args,
  '--app', `node --import tsx ${join(__dirname, 'app', 'http-api-app.ts')}`,
  '--output', join(folder, 'cdk.out'),
  '--context', `issuer=${local.issuer}`,
], { environment: local.environment });

beforeAll(async () => {
  local = await startLocal();
  await run('deploy', '--require-approval', 'never', '--outputs-file', join(folder, 'outputs.json'));
  outputs = JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')).HttpApi;
});

afterAll(async () => {
  await local.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = (path: string, token?: string, headers: { [name: string]: string } = {}) =>
  fetch(outputs.Url + path, {
    method: 'POST',
    headers: { ...(token === undefined ? {} : { authorization: token }), ...headers },
  });

test('the URL of the stage and the endpoint of the API are loopback addresses', () => {
  expect(outputs.Url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect(outputs.Endpoint).toBe(outputs.Url.slice(0, -1));
});

test('a token of the user pool reaches the function', async () => {
  const token = await local.issueToken({
    sub: 'ada',
    userPool: outputs.PoolId,
    claims: { 'cognito:groups': ['moderators', 'staff'] },
  });
  const response = await post('pool', `Bearer ${token}`);
  expect(response.status).toBe(200);
  const { requestContext } = (await response.json()) as any;
  expect(requestContext.authorizer.jwt.claims).toMatchObject({
    'sub': 'ada',
    'username': 'ada',
    'token_use': 'access',
    'cognito:groups': '[moderators staff]',
    'iss': `https://cognito-idp.us-west-2.amazonaws.com/${outputs.PoolId}`,
  });
  const idToken = await local.issueToken({ sub: 'ada', userPool: outputs.PoolId, tokenUse: 'id' });
  expect((await post('pool', idToken)).status).toBe(200);
  expect((await post('pool')).status).toBe(401);
  expect((await post('jwt', token)).status).toBe(401);
});

test('tokens of any issuer and of the local issuer', async () => {
  const token = await local.issueToken({ sub: 'ada', issuer: 'https://issuer.example', client: 'app' });
  expect((await post('jwt', token)).status).toBe(200);
  expect((await post('local', token)).status).toBe(401);
  expect((await post('local', await local.issueToken({ sub: 'ada', client: 'app' }))).status).toBe(200);
  expect((await post('local', await local.issueToken({ sub: 'ada', client: 'other' }))).status).toBe(401);
});

test('a Lambda authorizer', async () => {
  const response = await post('lambda', 'secret');
  expect(response.status).toBe(200);
  expect(((await response.json()) as any).requestContext.authorizer).toEqual({ lambda: { role: 'viewer', level: 3 } });
  expect((await post('lambda', 'wrong')).status).toBe(403);
  expect((await post('lambda')).status).toBe(401);
});

test('the IAM authorizer', async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = local.environment;
  const aws = new AwsClient({
    accessKeyId: accessKeyId!,
    secretAccessKey: secretAccessKey!,
    region: 'us-west-2',
    service: 'execute-api',
    retries: 0,
  });
  const response = await aws.fetch(`${outputs.Url}iam`, { method: 'POST', body: 'x' });
  expect(response.status).toBe(200);
  expect((await post('iam')).status).toBe(403);
});

test('the function uses the table with the AWS SDK, within the permissions of its role', async () => {
  const token = await local.issueToken({ sub: 'ada', userPool: outputs.PoolId });
  const response = await post('items/one', token);
  expect(await response.json()).toEqual({ items: ['one'], refused: 'AccessDeniedException' });
});

test('the AWS SDK uses the table from outside', async () => {
  const client = new DynamoDBClient({
    endpoint: local.deploy,
    region: 'us-west-2',
    credentials: {
      accessKeyId: local.environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: local.environment.AWS_SECRET_ACCESS_KEY!,
    },
  });
  const Key = { pk: { S: 'a' }, sk: { S: 'b' } };
  const TableName = outputs.TableName;
  await client.send(new PutItemCommand({ TableName, Item: { ...Key, n: { N: '1' } } }));
  expect((await client.send(new GetItemCommand({ TableName, Key }))).Item).toEqual({ ...Key, n: { N: '1' } });
  await client.send(new DeleteItemCommand({ TableName, Key }));
  expect((await client.send(new GetItemCommand({ TableName, Key }))).Item).toBeUndefined();
});

test('API Gateway answers preflight requests, and other origins get nothing', async () => {
  const preflight = (origin: string) => fetch(`${outputs.Url}pool`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });
  const allowed = await preflight('https://app.example');
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example');
  const other = await preflight('https://evil.example');
  expect([...other.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test('destroy deletes everything', async () => {
  await run('destroy', '--force');
  await expect(fetch(outputs.Url)).rejects.toThrow();
  await expect(local.issueToken({ sub: 'ada', userPool: outputs.PoolId })).rejects.toThrow('No user pool is deployed');
});
