import type { DeployEvent } from '../../../../local/aws/deploy-event';
import { Buckets } from '../../../../local/aws/s3/buckets';
import { startLocalDeploy, type LocalDeploy } from '../../../../local/aws/start-local-deploy';
import { allows } from '../../../../local/aws/iam/policy-evaluation';
import { VirtualClock } from '../../../../local/clock';
import { failureOf, updateStack } from '../api-gateway-v2/deploy-http-api';
import { createStack, signedClient } from '../signed-client';

jest.setTimeout(30_000);

const events: DeployEvent[] = [];
let deploy: LocalDeploy;
beforeEach(async () => {
  deploy = await startLocalDeploy({ log: (event) => events.push(event) });
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

/**
 * Returns the status, the content type and the body of a response, with placeholders for times and identifiers. The
 * request ID is the one of the header.
 */
async function whole(response: Response): Promise<[status: number, contentType: string | null, body: string]> {
  const text = (await response.text())
    .replace(/(<LastModified>)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '$1TIME')
    .replace(/(<UploadId>)[0-9a-f-]{36}/g, '$1ID')
    .replaceAll(response.headers.get('x-amz-request-id')!, 'ID');
  return [response.status, response.headers.get('content-type'), text];
}

const code = async (response: Response) => [response.status, /<Code>(\w+)</.exec(await response.text())?.[1]];
const texts = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)<`, 'g'))].map(([, value]) => value);

/** Returns a session with the permissions of a policy statement. */
const sessionWith = (Action: string, Resource: string, Condition = {}) => deploy.identities.assumeRole(
  'arn:aws:sts::123456789012:assumed-role/r/s',
  allows([{ Statement: { Effect: 'Allow', Action, Resource, Condition } }]),
);

const etagOfX = '"9dd4e461268c8034f5c8564e155c67a6"';
const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const xml = 'application/xml';
const refusal = (status: number, errorCode: string, message: string) =>
  [status, xml, `<Error><Code>${errorCode}</Code><Message>${message}</Message><RequestId>ID</RequestId></Error>`];
const noBucket = refusal(404, 'NoSuchBucket', 'The specified bucket does not exist');

test('an object belongs to its bucket, with its type and its metadata', async () => {
  const etag = '"900150983cd24fb0d6963f7d28e17f72"';
  const put = await send('PUT', '/one/a/b%20c', 'abc', { 'content-type': 'text/css', 'x-amz-meta-own': 'V w' });
  expect([put.status, put.headers.get('etag')]).toEqual([200, etag]);
  const got = await send('GET', '/one/a/b%20c');
  expect([got.status, await got.text()]).toEqual([200, 'abc']);
  const common = { 'content-type': 'text/css', etag, 'x-amz-meta-own': 'V w' };
  expect(Object.fromEntries(got.headers)).toMatchObject({ ...common, 'content-length': '3' });
  expect([...got.headers.keys()].filter((name) => name.startsWith('x-amz-'))).toEqual([
    'x-amz-meta-own', 'x-amz-request-id',
  ]);
  const lastModified = new Date(got.headers.get('last-modified')!);
  expect(got.headers.get('last-modified')).toBe(lastModified.toUTCString());
  expect(Math.abs(Date.now() - lastModified.getTime())).toBeLessThan(60_000);
  const head = await send('HEAD', '/one/a/b%20c');
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect(Object.fromEntries(head.headers)).toMatchObject({ ...common, 'content-length': '3' });
  const known = await send('GET', '/one/a/b%20c', undefined, { 'if-none-match': etag });
  expect([known.status, Object.fromEntries(known.headers)]).toEqual([304, expect.objectContaining(common)]);
  expect((await send('GET', '/one/a/b%20c', undefined, { 'if-none-match': '"other"' })).status).toBe(200);
  const noKey = refusal(404, 'NoSuchKey', 'The specified key does not exist.');
  expect(await whole(await send('GET', '/two/a/b%20c'))).toEqual(noKey);
  expect(await whole(await send('GET', '/one/a'))).toEqual(noKey);

  expect((await send('DELETE', '/one/a/b%20c')).status).toBe(204);
  expect((await send('DELETE', '/one/a/b%20c')).status).toBe(204);
  expect(await code(await send('GET', '/one/a/b%20c'))).toEqual([404, 'NoSuchKey']);
  deploy.putObject('one', 'untyped', Buffer.from('x'));
  const { headers } = await send('GET', '/one/untyped');
  expect(headers.get('content-type')).toBe('binary/octet-stream');
  expect([...headers.keys()].filter((name) => name.startsWith('x-amz-meta-'))).toEqual([]);
  await send('PUT', '/one/empty');
  const empty = await send('GET', '/one/empty');
  expect(['content-type', 'content-length'].map((name) => empty.headers.get(name))).toEqual([
    'binary/octet-stream', '0',
  ]);
});

test('an object has the hash of its bytes, and the time of its last write', () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 22));
  const buckets = new Buckets(clock);
  const bucket = buckets.create('one');
  for (const [byte, hash] of [
    [0xff, '00594fd4f42ba43fc1ca0427a0576295'], [0xfe, '403ae091d3be6acf1181148527f1e0ae'],
  ] as const) {
    clock.advance(1000);
    const { etag, lastModified } = buckets.put(bucket, 'a', Buffer.from([byte]));
    expect([etag, lastModified.getTime()]).toEqual([`"${hash}"`, clock.now()]);
  }
});

test.each([
  ['GET', '/none?location'],
  ['GET', '/none?encryption'],
  ['GET', '/none'],
  ['GET', '/none?list-type=2'],
  ['GET', '/none?versions'],
  ['DELETE', '/none'],
  ['POST', '/none?delete'],
  ['PUT', '/none/a'],
  ['GET', '/none/a'],
  ['DELETE', '/none/a'],
  ['POST', '/none/a?uploads'],
])('%s %s needs a bucket that exists', async (method, path) => {
  expect(await whole(await send(method, path))).toEqual(noBucket);
  expect((await send('HEAD', path.split('?')[0]!)).status).toBe(404);
});

test('the answers about a bucket and about its objects have all their members', async () => {
  const created = await send('PUT', '/three');
  expect([created.status, created.headers.get('location')]).toEqual([200, '/three']);
  const head = await send('HEAD', '/three');
  expect([head.status, head.headers.get('x-amz-bucket-region')]).toEqual([200, 'us-west-2']);
  await send('PUT', '/three/a', 'ä');
  const stored = await send('GET', '/three/a');
  expect([stored.headers.get('content-length'), await stored.text()]).toEqual(['2', 'ä']);
  const etag = '&#34;8419b71c87a225a2c70b50486fbee545&#34;';
  const object = `<LastModified>TIME</LastModified><ETag>${etag}</ETag><Size>2</Size>`;
  const list = `<ListBucketResult ${namespace}><Name>three</Name><Prefix></Prefix><KeyCount>1</KeyCount>`
    + '<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>'
    + `<Contents><Key>a</Key>${object}<StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>`;
  for (const [path, answer] of [
    ['/three', list],
    ['/three?list-type=2', list],
    ['/three/?list-type=2', list],
    ['/three?location', `<LocationConstraint ${namespace}>us-west-2</LocationConstraint>`],
    [
      '/three?encryption',
      `<ServerSideEncryptionConfiguration ${namespace}><Rule><ApplyServerSideEncryptionByDefault>`
      + '<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>'
      + '<BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>',
    ],
    [
      '/three?versions',
      `<ListVersionsResult ${namespace}><Name>three</Name><IsTruncated>false</IsTruncated>`
      + `<Version><Key>a</Key><VersionId>null</VersionId><IsLatest>true</IsLatest>${object}</Version>`
      + '</ListVersionsResult>',
    ],
    ['/three/a?tagging', `<Tagging ${namespace}><TagSet></TagSet></Tagging>`],
  ] as const) {
    expect([path, ...await whole(await send('GET', path))]).toEqual([path, 200, xml, answer]);
  }
  expect(await whole(await send('GET', '/three?tagging')))
    .toEqual(refusal(404, 'NoSuchTagSet', 'The TagSet does not exist'));
});

test('the location of a bucket in us-east-1 is empty', async () => {
  await deploy.close();
  deploy = await startLocalDeploy({ region: 'us-east-1' });
  await send('PUT', '/one');
  expect(await (await send('GET', '/one?location')).text())
    .toBe(`<LocationConstraint ${namespace}></LocationConstraint>`);
});

test.each([
  'policy', 'acl', 'versioning', 'lifecycle', 'cors', 'notification', 'publicAccessBlock', 'object-lock', 'accelerate',
  'attributes', 'legal-hold', 'logging', 'ownershipControls', 'policyStatus', 'replication', 'requestPayment',
  'restore', 'retention', 'website',
])('?%s is not implemented, and does not look like a list', async (subresource) => {
  const message = `s3:GET ${subresource} is not implemented by the local service. See docs/local-deploy.md for the `
    + 'supported operations.';
  expect(await whole(await send('GET', `/one?${subresource}`))).toEqual(refusal(501, 'NotImplemented', message));
  expect((await send('PUT', `/one?${subresource}`, 'x')).status).toBe(501);
});

test('a copy is not implemented, and does not write an empty object', async () => {
  await send('PUT', '/one/a', 'x');
  const copied = await send('PUT', '/one/b', '', { 'x-amz-copy-source': '/one/a' });
  expect([copied.status, await copied.text()]).toEqual([
    501, expect.stringContaining('s3:PUT copy is not implemented by the local service.'),
  ]);
  expect((await send('GET', '/one/b')).status).toBe(404);
  const part = await send('PUT', '/one/b?partNumber=1&uploadId=1', '', { 'x-amz-copy-source': '/one/a' });
  expect([part.status, await part.text()]).toEqual([
    501, expect.stringContaining('s3:PUT uploadId copy is not implemented by the local service.'),
  ]);
});

test('operations without a bucket and operations of the other kind are not implemented', async () => {
  for (const [method, path] of [
    ['GET', '/'], ['GET', '/one/a?location'], ['PUT', '/one?uploadId=1'], ['POST', '/one/a'], ['PATCH', '/one'],
  ] as const) {
    expect([path, (await send(method, path)).status]).toEqual([path, 501]);
  }
});

test('the log has the operation and the bucket of a request, without its key', async () => {
  events.length = 0;
  await send('PUT', '/one/secret', 'x');
  await send('GET', '/one/secret?tagging');
  await send('GET', '/one?acl');
  await send('GET', '/one/secret/none');
  await send('GET', '/none?location');
  expect(events.map((event) => event.kind === 'request' && [event.operation, event.statusCode, event.errorCode]))
    .toEqual([
      ['PUT /one/…', 200, undefined],
      ['GET tagging /one/…', 200, undefined],
      ['GET acl /one', 501, 'NotImplemented'],
      ['GET /one/…', 404, 'NoSuchKey'],
      ['GET location /none', 404, 'NoSuchBucket'],
    ]);
});

test('a list has the keys of a prefix in order, in pages of at most 1,000', async () => {
  for (const key of ['b', 'a/2', 'a/1', 'B', 'a/10']) await send('PUT', `/one/${key}`, 'x');
  const list = async (query: string) => (await send('GET', `/one?list-type=2${query}`)).text();
  expect(texts(await list(''), 'Key')).toEqual(['B', 'a/1', 'a/10', 'a/2', 'b']);
  const first = await list('&prefix=a/&max-keys=2');
  const members = ['Key', 'Prefix', 'IsTruncated', 'MaxKeys', 'KeyCount'];
  expect(members.map((name) => texts(first, name))).toEqual([['a/1', 'a/10'], ['a/'], ['true'], ['2'], ['2']]);
  const token = encodeURIComponent(texts(first, 'NextContinuationToken')[0]!);
  const last = await list(`&prefix=a/&max-keys=2&continuation-token=${token}`);
  expect([texts(last, 'Key'), texts(last, 'IsTruncated'), texts(last, 'NextContinuationToken')])
    .toEqual([['a/2'], ['false'], []]);
  expect(texts(await list(`&prefix=a/&start-after=b&continuation-token=${token}`), 'Key')).toEqual(['a/2']);
  expect(texts(await list('&start-after=a/10'), 'Key')).toEqual(['a/2', 'b']);
  expect(texts(await list('&prefix=/'), 'Key')).toEqual([]);
  expect(texts(await list('&prefix=a/&max-keys=3'), 'IsTruncated')).toEqual(['false']);
  expect(texts(await list('&max-keys=5000'), 'MaxKeys')).toEqual(['1000']);
  const none = await list('&max-keys=0');
  expect([texts(none, 'Key'), texts(none, 'MaxKeys'), texts(none, 'IsTruncated')]).toEqual([[], ['0'], ['false']]);
  expect(texts(await (await send('GET', '/two')).text(), 'Key')).toEqual([]);
  expect(texts(await (await send('GET', '/one?versions')).text(), 'Key')).toHaveLength(5);
});

test('lists have the order of the bytes of the keys in UTF-8', async () => {
  const keys = ['\u{1F955}', '\uFF5E', '\uE000', 'z', 'ä'];
  for (const key of keys) await send('PUT', `/one/${encodeURIComponent(key)}`, 'x');
  const sorted = ['z', 'ä', '\uE000', '\uFF5E', '\u{1F955}'];
  const list = async (query: string) => (await send('GET', `/one?${query}`)).text();
  for (const query of ['list-type=2', 'versions']) expect(texts(await list(query), 'Key')).toEqual(sorted);
  const after = encodeURIComponent('\uFF5E');
  for (const name of ['start-after', 'continuation-token']) {
    expect(texts(await list(`list-type=2&${name}=${after}`), 'Key')).toEqual(['\u{1F955}']);
  }
});

test('a key is decoded, and can have empty parts', async () => {
  await send('PUT', '/one//a%20b%2Fc//d%C3%A4', 'x');
  expect(texts(await (await send('GET', '/one')).text(), 'Key')).toEqual(['/a b/c//dä']);
});

test('an upload can be aborted, and ends when it is completed', async () => {
  const start = (headers = {}) => send('POST', '/one/big?uploads', undefined, headers);
  expect(await whole(await start())).toEqual([
    200,
    xml,
    `<InitiateMultipartUploadResult ${namespace}><Bucket>one</Bucket><Key>big</Key><UploadId>ID</UploadId>`
    + '</InitiateMultipartUploadResult>',
  ]);
  const idOf = async (response: Response) => texts(await response.text(), 'UploadId')[0]!;
  const aborted = await idOf(await start());
  const completed = await idOf(await start({ 'content-type': 'text/css', 'x-amz-meta-own': 'v' }));
  const other = { 'content-type': 'text/html' };
  await send('PUT', `/one/big?partNumber=2&uploadId=${aborted}`, 'other');
  for (const [number, body] of [[10, 'z'], [2, 'y'], [1, 'o'], [1, 'x']] as const) {
    const part = await send('PUT', `/one/big?partNumber=${number}&uploadId=${completed}`, body, other);
    expect([part.status, body === 'x' ? part.headers.get('etag') : etagOfX]).toEqual([200, etagOfX]);
  }
  const noUpload = refusal(404, 'NoSuchUpload', 'The specified upload does not exist.');
  expect((await send('DELETE', `/one/big?uploadId=${aborted}`)).status).toBe(204);
  expect(await whole(await send('POST', `/one/big?uploadId=${aborted}`))).toEqual(noUpload);
  const end = await send('POST', `/one/big?uploadId=${completed}`, '<CompleteMultipartUpload/>', other);
  expect(await whole(end)).toEqual([
    200,
    xml,
    `<CompleteMultipartUploadResult ${namespace}><Bucket>one</Bucket><Key>big</Key>`
    + '<ETag>&#34;d16fb36f0911f878998c136191af705e&#34;</ETag></CompleteMultipartUploadResult>',
  ]);
  const object = await send('GET', '/one/big');
  expect([await object.text(), object.headers.get('content-type'), object.headers.get('x-amz-meta-own')])
    .toEqual(['xyz', 'text/css', 'v']);
  expect(await whole(await send('PUT', `/one/big?partNumber=2&uploadId=${completed}`, 'x'))).toEqual(noUpload);
  expect(await whole(await send('PUT', '/one/big?partNumber=1&uploadId=', 'x'))).toEqual(noUpload);

  // An upload that could not be completed can still be completed.
  const again = await idOf(await send('POST', '/two/big?uploads'));
  await send('PUT', `/two/big?partNumber=1&uploadId=${again}`, 'x');
  await send('DELETE', '/two');
  expect(await whole(await send('POST', `/two/big?uploadId=${again}`))).toEqual(noBucket);
  await send('PUT', '/two');
  expect((await send('POST', `/two/big?uploadId=${again}`)).status).toBe(200);
  const untyped = await send('GET', '/two/big');
  expect([untyped.headers.get('content-type'), await untyped.text()]).toEqual(['binary/octet-stream', 'x']);
});

test.each<[string, string, { [name: string]: string }, string]>([
  [
    'a content encoding alone',
    '2\r\nab\r\nA\r\n0123456789\r\n0\r\n\r\n',
    { 'content-encoding': 'aws-chunked' },
    'ab0123456789',
  ],
  [
    'its length',
    '2\r\nab\r\n0\r\n\r\n',
    { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '2' },
    'ab',
  ],
  ['two encodings', '2\r\nab\r\n0\r\n\r\n', { 'content-encoding': 'gzip,aws-chunked' }, 'ab'],
  [
    'a trailer',
    '2;extension=1\r\nab\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n',
    { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
    'ab',
  ],
  ['another encoding', '2\r\nab\r\n0\r\n\r\n', { 'content-encoding': 'gzip' }, '2\r\nab\r\n0\r\n\r\n'],
  [
    'a missing end',
    '2\r\nab\r\n',
    { 'content-encoding': 'aws-chunked' },
    'The request body terminated unexpectedly',
  ],
  [
    'a chunk that is too short',
    '3\r\nab',
    { 'content-encoding': 'aws-chunked' },
    'The request body terminated unexpectedly',
  ],
  [
    'a negative size',
    '-9\r\n',
    { 'content-encoding': 'aws-chunked' },
    'The request body terminated unexpectedly',
  ],
  ...['1', '3'].map((length): [string, string, { [name: string]: string }, string] => [
    `the length ${length}`,
    '2\r\nab\r\n0\r\n\r\n',
    { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': length },
    'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
  ]),
])('a chunked body with %s', async (_, body, headers, expected) => {
  const put = await send('PUT', '/one/a', body, headers);
  if (put.status === 200) expect(await (await send('GET', '/one/a')).text()).toBe(expected);
  else expect(await whole(put)).toEqual(refusal(400, 'IncompleteBody', expected));
});

test('a bucket with objects cannot be deleted, by the API or by a stack', async () => {
  await send('PUT', '/one/a', 'x');
  expect(await whole(await send('DELETE', '/one')))
    .toEqual(refusal(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty'));
  await send('DELETE', '/one/a');
  expect((await send('DELETE', '/one')).status).toBe(204);
  expect(await code(await send('GET', '/one'))).toEqual([404, 'NoSuchBucket']);
  expect((await send('HEAD', '/two')).status).toBe(200);

  const resources = { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'three' } } };
  expect(await createStack(deploy, 'App', resources)).toBe('CREATE_COMPLETE');
  const remove = () => signedClient(deploy).query('cloudformation', 'DeleteStack', { StackName: 'App' });
  for (const [key, count] of [['a', '1 object'], ['b', '2 objects']]) {
    await send('PUT', `/three/${key}`, 'x');
    await remove();
    expect(await failureOf(deploy, 'App'))
      .toContain(`The bucket you tried to delete is not empty: three has ${count}.`);
  }
  for (const key of ['a', 'b']) await send('DELETE', `/three/${key}`);
  await remove();
  expect((await send('HEAD', '/three')).status).toBe(404);
  // A bucket that is already deleted does not stop the delete of its stack.
  expect(await createStack(deploy, 'App', resources)).toBe('CREATE_COMPLETE');
  await send('DELETE', '/three');
  await remove();
  expect(await createStack(deploy, 'App', resources)).toBe('CREATE_COMPLETE');
});

test('a stack can take over the bucket of the bootstrapping once, and no other bucket', async () => {
  const bucket = (BucketName: string) => ({ Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName } } });
  const seeded = 'cdk-hnb659fds-assets-123456789012-us-west-2';
  expect(await createStack(deploy, 'Other', bucket('one'))).toBe('CREATE_FAILED');
  expect(await failureOf(deploy, 'Other')).toContain('one already exists');
  await send('PUT', `/${seeded}/asset`, 'x');
  expect(await createStack(deploy, 'Bootstrap', bucket(seeded))).toBe('CREATE_COMPLETE');
  expect(await createStack(deploy, 'Again', bucket(seeded))).toBe('CREATE_FAILED');
  expect(await (await send('GET', `/${seeded}/asset`)).text()).toBe('x');
});

test('a bucket of a stack has a name in lower case and its attributes, and another name replaces it', async () => {
  const bucket = (properties = {}) => ({ Type: 'AWS::S3::Bucket', Properties: properties });
  const policy = (of: string, more = {}) =>
    ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: of }, PolicyDocument: {}, ...more } });
  const attributes = ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName', 'WebsiteURL'];
  const named = attributes.map((name) => [name, { Value: { 'Fn::GetAtt': ['Named', name] } }]);
  const Outputs = {
    ...Object.fromEntries(named),
    Unnamed: { Value: { Ref: 'Unnamed' } },
    Policy: { Value: { Ref: 'Policy' } },
  };
  const resources = (BucketName: string) =>
    ({ Named: bucket({ BucketName }), Unnamed: bucket(), Policy: policy('Named') });
  expect(await createStack(deploy, 'App', resources('three'), { Outputs })).toBe('CREATE_COMPLETE');
  const { text } = await signedClient(deploy).query('cloudformation', 'DescribeStacks', { StackName: 'App' });
  const name = expect.stringMatching(/^app-unnamed-[a-z0-9]{12}$/);
  expect(texts(text, 'OutputValue')).toEqual([
    'arn:aws:s3:::three',
    'three.s3.amazonaws.com',
    'three.s3.dualstack.us-west-2.amazonaws.com',
    'three.s3.us-west-2.amazonaws.com',
    'http://three.s3-website-us-west-2.amazonaws.com',
    name,
    'three',
  ]);
  expect((await send('HEAD', `/${texts(text, 'OutputValue')[5]}`)).status).toBe(200);
  expect(await updateStack(deploy, 'App', resources('four'))).toBe('UPDATE_COMPLETE');
  const statuses = ['/three', '/four'].map(async (path) => (await send('HEAD', path)).status);
  expect(await Promise.all(statuses)).toEqual([404, 200]);
  expect(await updateStack(deploy, 'App', resources('one'))).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await failureOf(deploy, 'App')).toContain('one already exists');
  expect((await send('HEAD', '/four')).status).toBe(200);
  for (const missing of ['Bucket', 'PolicyDocument']) {
    const resource = policy('Named', { [missing]: undefined });
    expect(await updateStack(deploy, 'App', { ...resources('four'), Second: resource })).toContain('ROLLBACK');
    expect(await failureOf(deploy, 'App')).toContain(missing);
  }
});

describe('IAM', () => {
  test.each([
    ['s3:PutObject', 'one/b', 'PUT', '/one/b', 200],
    ['s3:GetObject', 'one/a', 'GET', '/one/a', 200],
    ['s3:GetObject', 'one/a', 'HEAD', '/one/a', 200],
    ['s3:DeleteObject', 'one/a', 'DELETE', '/one/a', 204],
    ['s3:GetObjectTagging', 'one/a', 'GET', '/one/a?tagging', 200],
    ['s3:PutObject', 'one/a', 'POST', '/one/a?uploads', 200],
    // There is no such upload, so the caller of these operations is allowed to ask for it.
    ['s3:PutObject', 'one/a', 'PUT', '/one/a?partNumber=1&uploadId=1', 404],
    ['s3:PutObject', 'one/a', 'POST', '/one/a?uploadId=1', 404],
    ['s3:AbortMultipartUpload', 'one/a', 'DELETE', '/one/a?uploadId=1', 204],
    ['s3:ListBucket', 'one', 'GET', '/one', 200],
    ['s3:ListBucket', 'one', 'GET', '/one?list-type=2', 200],
    ['s3:ListBucket', 'one', 'HEAD', '/one', 200],
    ['s3:ListBucketVersions', 'one', 'GET', '/one?versions', 200],
    ['s3:GetBucketLocation', 'one', 'GET', '/one?location', 200],
    ['s3:GetEncryptionConfiguration', 'one', 'GET', '/one?encryption', 200],
    ['s3:GetBucketTagging', 'one', 'GET', '/one?tagging', 404],
    ['s3:CreateBucket', 'three', 'PUT', '/three', 200],
    ['s3:DeleteBucket', 'two', 'DELETE', '/two', 204],
  ])('%s of %s allows %s %s', async (Action, name, method, path, expected) => {
    deploy.putObject('one', 'a', Buffer.from('x'));
    const Resource = `arn:aws:s3:::${name}`;
    const ask = (action: string, resource: string, condition = {}) =>
      send(method, path, undefined, {}, sessionWith(action, resource, condition));
    for (const session of [
      ask(Action, name.includes('/') ? 'arn:aws:s3:::one' : `${Resource}/*`),
      ask(Action, `${Resource}-other`),
      ask('s3:PutObjectAcl', '*'),
      ask(Action, Resource, { StringEquals: { 'aws:ResourceAccount': '210987654321' } }),
    ]) {
      expect((await session).status).toBe(403);
    }
    const ownAccount = { 'aws:ResourceAccount': '123456789012', 's3:ResourceAccount': '123456789012' };
    expect((await ask(Action, Resource, { StringEquals: ownAccount })).status).toBe(expected);
  });

  test('a refused request has no effect, and names the action and the resource', async () => {
    deploy.putObject('one', 'a', Buffer.from('x'));
    const nobody = sessionWith('s3:GetObject', '*');
    const message = 'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: s3:DeleteObject on '
      + 'resource: arn:aws:s3:::one/a because no identity-based policy allows the s3:DeleteObject action';
    expect(await whole(await send('DELETE', '/one/a', undefined, {}, nobody)))
      .toEqual(refusal(403, 'AccessDenied', message));
    await send('PUT', '/one/b', 'x', {}, nobody);
    // The permission is checked before the body.
    expect((await send('PUT', '/one/b', 'x', { 'content-encoding': 'aws-chunked' }, nobody)).status).toBe(403);
    await send('DELETE', '/two', undefined, {}, nobody);
    expect(texts(await (await send('GET', '/one')).text(), 'Key')).toEqual(['a']);
    expect((await send('HEAD', '/two')).status).toBe(200);
  });

  test('each object of DeleteObjects needs a permission of its own', async () => {
    const stored = ['own/a', 'own/&<>"\'', 'own/\u{1F955}', 'other', 'another'];
    for (const key of stored) deploy.putObject('one', key, Buffer.from('x'));
    const encoded = ['own/&amp;&lt;&gt;&quot;&apos;', 'own/&#97;', 'own/&#129365;', 'own/&#x1F955;', 'own/&#xA;'];
    const keys = ['own/a', ...encoded, 'other', 'another'];
    const session = sessionWith('s3:DeleteObject', 'arn:aws:s3:::one/own/*');
    const objects = keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('');
    const response = await send('POST', '/one?delete', `<Delete>${objects}</Delete>`, {}, session);
    const deleted = ['own/a', 'own/&#38;&#60;&#62;&#34;&#39;', 'own/a', 'own/\u{1F955}', 'own/\u{1F955}', 'own/\n'];
    expect(await whole(response)).toEqual([
      200,
      xml,
      expect.stringMatching(
        `^<DeleteResult ${namespace}>${deleted.map((key) => `<Deleted><Key>${key}</Key></Deleted>`).join('')}`
        + '<Error><Key>other</Key><Code>AccessDenied</Code><Message>User: .*</Message></Error>'
        + '<Error><Key>another</Key><Code>AccessDenied</Code><Message>User: .*</Message></Error></DeleteResult>$',
      ),
    ]);
    expect(texts(await (await send('GET', '/one')).text(), 'Key')).toEqual(['another', 'other']);
  });
});
