import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { allows } from '../../../../local/aws/iam/policy-evaluation';
import { failureOf } from '../api-gateway-v2/deploy-http-api';
import { createStack, signedClient } from '../signed-client';

jest.setTimeout(30_000);

let deploy: LocalDeploy;
beforeEach(async () => {
  deploy = await startLocalDeploy();
  await send('PUT', '/one');
  await send('PUT', '/two');
});
afterEach(() => deploy.close());

function send(
  method: string,
  path: string,
  body?: string,
  headers: { [name: string]: string } = {},
  identity = deploy.identities.administrator,
) {
  return signedClient(deploy, identity).send('s3', path, { method, headers, ...(body === undefined ? {} : { body }) });
}

const code = async (response: Response) => [response.status, /<Code>(\w+)</.exec(await response.text())?.[1]];
const texts = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)<`, 'g'))].map(([, value]) => value);

/** Returns a session with the permissions of a policy statement. */
const sessionWith = (Action: string, Resource: string) => deploy.identities.assumeRole(
  'arn:aws:sts::123456789012:assumed-role/r/s',
  allows([{ Statement: { Effect: 'Allow', Action, Resource } }]),
);

test('an object belongs to its bucket, with its type and its metadata', async () => {
  const etag = '"900150983cd24fb0d6963f7d28e17f72"';
  const put = await send('PUT', '/one/a/b%20c', 'abc', { 'content-type': 'text/css', 'x-amz-meta-own': 'v' });
  expect([put.status, put.headers.get('etag')]).toEqual([200, etag]);
  const got = await send('GET', '/one/a/b%20c');
  expect([got.status, await got.text()]).toEqual([200, 'abc']);
  expect(Object.fromEntries(got.headers)).toMatchObject({ 'content-type': 'text/css', etag, 'x-amz-meta-own': 'v' });
  const head = await send('HEAD', '/one/a/b%20c');
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '3', '']);
  expect((await send('GET', '/one/a/b%20c', undefined, { 'if-none-match': etag })).status).toBe(304);
  expect((await send('GET', '/one/a/b%20c', undefined, { 'if-none-match': '"other"' })).status).toBe(200);
  expect(await code(await send('GET', '/two/a/b%20c'))).toEqual([404, 'NoSuchKey']);
  expect(await code(await send('GET', '/none/a/b%20c'))).toEqual([404, 'NoSuchBucket']);
  expect(await code(await send('PUT', '/none/a', 'x'))).toEqual([404, 'NoSuchBucket']);

  await send('DELETE', '/one/a/b%20c');
  expect(await code(await send('GET', '/one/a/b%20c'))).toEqual([404, 'NoSuchKey']);
  deploy.putObject('one', 'untyped', Buffer.from('x'));
  expect((await send('GET', '/one/untyped')).headers.get('content-type')).toBe('binary/octet-stream');
});

test('a list has the keys of a prefix in order, in pages of at most 1,000', async () => {
  for (const key of ['b', 'a/2', 'a/1', 'A', 'a/10']) await send('PUT', `/one/${key}`, 'x');
  const list = async (query: string) => (await send('GET', `/one?list-type=2${query}`)).text();
  expect(texts(await list(''), 'Key')).toEqual(['A', 'a/1', 'a/10', 'a/2', 'b']);
  const first = await list('&prefix=a/&max-keys=2');
  expect([texts(first, 'Key'), texts(first, 'IsTruncated'), texts(first, 'MaxKeys'), texts(first, 'KeyCount')])
    .toEqual([['a/1', 'a/10'], ['true'], ['2'], ['2']]);
  const token = encodeURIComponent(texts(first, 'NextContinuationToken')[0]!);
  const last = await list(`&prefix=a/&max-keys=2&continuation-token=${token}`);
  expect([texts(last, 'Key'), texts(last, 'IsTruncated'), texts(last, 'NextContinuationToken')])
    .toEqual([['a/2'], ['false'], []]);
  expect(texts(await list('&start-after=a/10'), 'Key')).toEqual(['a/2', 'b']);
  expect(texts(await list('&max-keys=5000'), 'MaxKeys')).toEqual(['1000']);
  expect(texts(await (await send('GET', '/two')).text(), 'Key')).toEqual([]);
  expect(texts(await (await send('GET', '/one?versions')).text(), 'Key')).toHaveLength(5);
});

test('an upload can be aborted, and ends when it is completed', async () => {
  const start = async () => texts(await (await send('POST', '/one/big?uploads')).text(), 'UploadId')[0]!;
  const [aborted, completed] = [await start(), await start()];
  for (const id of [aborted, completed]) await send('PUT', `/one/big?partNumber=1&uploadId=${id}`, id);
  expect((await send('DELETE', `/one/big?uploadId=${aborted}`)).status).toBe(204);
  expect(await code(await send('POST', `/one/big?uploadId=${aborted}`))).toEqual([404, 'NoSuchUpload']);
  expect((await send('POST', `/one/big?uploadId=${completed}`)).status).toBe(200);
  expect(await (await send('GET', '/one/big')).text()).toBe(completed);
  const late = await send('PUT', `/one/big?partNumber=2&uploadId=${completed}`, 'x');
  expect(await code(late)).toEqual([404, 'NoSuchUpload']);
});

test('a bucket with objects cannot be deleted, by the API or by a stack', async () => {
  await send('PUT', '/one/a', 'x');
  expect(await code(await send('DELETE', '/one'))).toEqual([409, 'BucketNotEmpty']);
  await send('DELETE', '/one/a');
  expect((await send('DELETE', '/one')).status).toBe(204);
  expect(await code(await send('GET', '/one'))).toEqual([404, 'NoSuchBucket']);
  expect((await send('HEAD', '/two')).status).toBe(200);

  const resources = { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'three' } } };
  expect(await createStack(deploy, 'App', resources)).toBe('CREATE_COMPLETE');
  await send('PUT', '/three/a', 'x');
  const remove = () => signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  await remove();
  expect(await failureOf(deploy, 'App')).toContain('The bucket you tried to delete is not empty');
  await send('DELETE', '/three/a');
  await remove();
  expect((await send('HEAD', '/three')).status).toBe(404);
});

test('a stack can take over the bucket of the bootstrapping once, and no other bucket', async () => {
  const bucket = (BucketName: string) => ({ Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName } } });
  const seeded = 'cdk-hnb659fds-assets-123456789012-us-west-2';
  expect(await createStack(deploy, 'Other', bucket('one'))).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'Other')).toContain('one already exists');
  expect(await createStack(deploy, 'Bootstrap', bucket(seeded))).toBe('CREATE_COMPLETE');
  expect(await createStack(deploy, 'Again', bucket(seeded))).toBe('CREATE_FAILED');
});

describe('IAM', () => {
  test('the actions on objects and on buckets differ', async () => {
    await send('PUT', '/one/a', 'x');
    const status = async (Action: string, Resource: string, method: string, path: string) =>
      (await send(method, path, method === 'PUT' ? 'x' : undefined, {}, sessionWith(Action, Resource))).status;
    for (const [Action, Resource, method, path] of [
      ['s3:GetObject', 'arn:aws:s3:::one/a', 'GET', '/one/a'],
      ['s3:GetObject', 'arn:aws:s3:::one/a', 'HEAD', '/one/a'],
      ['s3:PutObject', 'arn:aws:s3:::one/b', 'PUT', '/one/b'],
      ['s3:DeleteObject', 'arn:aws:s3:::one/b', 'DELETE', '/one/b'],
      ['s3:ListBucket', 'arn:aws:s3:::one', 'GET', '/one?list-type=2'],
      ['s3:ListBucket', 'arn:aws:s3:::one', 'HEAD', '/one'],
      ['s3:ListBucketVersions', 'arn:aws:s3:::one', 'GET', '/one?versions'],
      ['s3:GetBucketLocation', 'arn:aws:s3:::one', 'GET', '/one?location'],
    ] as const) {
      expect([Action, await status(Action, Resource, method, path)]).toEqual([Action, method === 'DELETE' ? 204 : 200]);
      expect([Action, await status(Action, Resource.replace('one', 'two'), method, path)]).toEqual([Action, 403]);
      expect([Action, await status('s3:GetObjectTagging', '*', method, path)]).toEqual([Action, 403]);
    }
  });

  test('each object of DeleteObjects needs a permission of its own', async () => {
    for (const key of ['own/a', 'own/%26', 'other']) await send('PUT', `/one/${key}`, 'x');
    const keys = ['own/a', 'own/&amp;', 'other'].map((key) => `<Object><Key>${key}</Key></Object>`).join('');
    const session = sessionWith('s3:DeleteObject', 'arn:aws:s3:::one/own/*');
    const response = await send('POST', '/one?delete', `<Delete>${keys}</Delete>`, {}, session);
    const text = await response.text();
    expect([response.status, texts(text, 'Key'), texts(text, 'Code')])
      .toEqual([200, ['own/a', 'own/&#38;', 'other'], ['AccessDenied']]);
    expect(texts(await (await send('GET', '/one')).text(), 'Key')).toEqual(['other']);
  });
});

test('a bucket is encrypted with keys of S3, without a bucket key', async () => {
  const text = await (await send('GET', '/one?encryption')).text();
  expect(texts(text, 'SSEAlgorithm')).toEqual(['AES256']);
  expect(texts(text, 'BucketKeyEnabled')).toEqual(['false']);
});
