import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Bucket, Buckets } from './buckets';
import type { Identity } from '../http/identities';
import { ServiceError } from '../http/service-error';
import { Flattened, xmlElement } from '../http/xml';
import { authorize, notImplemented, type Service, type ServiceRequest, type ServiceResponse } from '../http/service';

const NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const xml = { 'content-type': 'application/xml' };

/** Creates the S3 API with path-style addresses. */
export function s3Service(buckets: Buckets, region: string): Service {
  const uploads = new Map<string, Upload>();

  const bucketOf = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (!bucket) throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404);
    return bucket;
  };

  const onBucket: Handlers = {
    'GET location': {
      action: 's3:GetBucketLocation',
      run: ({ bucket }) => document('LocationConstraint', bucketOf(bucket) && (region === 'us-east-1' ? '' : region)),
    },
    'GET encryption': {
      action: 's3:GetEncryptionConfiguration',
      run: ({ bucket }) =>
        document(
          'ServerSideEncryptionConfiguration',
          bucketOf(bucket) && {
            Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
          },
        ),
    },
    'GET list-type': { action: 's3:ListBucket', run: ({ bucket, query }) => listObjects(bucketOf(bucket), query) },
    'GET': { action: 's3:ListBucket', run: ({ bucket, query }) => listObjects(bucketOf(bucket), query) },
    'GET versions': {
      action: 's3:ListBucketVersions',
      run: ({ bucket }) =>
        document('ListVersionsResult', {
          Name: bucket,
          IsTruncated: false,
          Version: new Flattened(
            inOrder(bucketOf(bucket)).map(([Key, { etag, lastModified, body }]) => ({
              Key,
              VersionId: 'null',
              IsLatest: true,
              LastModified: lastModified,
              ETag: etag,
              Size: body.length,
            })),
          ),
        }),
    },
    'GET tagging': {
      action: 's3:GetBucketTagging',
      run: () => {
        throw new ServiceError('NoSuchTagSet', 'The TagSet does not exist', 404);
      },
    },
    'HEAD': {
      action: 's3:ListBucket',
      run: ({ bucket }) => bucketOf(bucket) && { statusCode: 200, headers: { 'x-amz-bucket-region': region } },
    },
    'PUT': {
      action: 's3:CreateBucket',
      run: ({ bucket }) => buckets.create(bucket) && { statusCode: 200, headers: { location: `/${bucket}` } },
    },
    'DELETE': {
      action: 's3:DeleteBucket',
      run: ({ bucket }) => {
        if (bucketOf(bucket).objects.size) {
          throw new ServiceError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
        }
        buckets.remove(bucket);
        return { statusCode: 204 };
      },
    },
    // Each object is authorized on its own.
    'POST delete': {
      run: ({ bucket, body, identity }) => {
        const { objects } = bucketOf(bucket);
        const keys = [...body.toString('utf8').matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => unescaped(key!));
        const deleted: object[] = [];
        const errors: object[] = [];
        for (const Key of keys) {
          try {
            allow(identity, 's3:DeleteObject', bucket, Key);
            objects.delete(Key);
            deleted.push({ Key });
          } catch (error) {
            const { code, message } = error as ServiceError;
            errors.push({ Key, Code: code, Message: message });
          }
        }
        return document('DeleteResult', { Deleted: new Flattened(deleted), Error: new Flattened(errors) });
      },
    },
  };

  const onObject: Handlers = {
    'PUT': {
      action: 's3:PutObject',
      run: ({ bucket, key, body, headers }) => {
        const { etag } = buckets.put(bucketOf(bucket), key, body, headers['content-type'], metadataOf(headers));
        return { statusCode: 200, headers: { etag } };
      },
    },
    'GET': { action: 's3:GetObject', run: (request) => readObject(bucketOf(request.bucket), request) },
    'HEAD': { action: 's3:GetObject', run: (request) => readObject(bucketOf(request.bucket), request) },
    'DELETE': {
      action: 's3:DeleteObject',
      run: ({ bucket, key }) => (bucketOf(bucket).objects.delete(key), { statusCode: 204 }),
    },
    'GET tagging': { action: 's3:GetObjectTagging', run: () => document('Tagging', { TagSet: {} }) },
    'POST uploads': {
      action: 's3:PutObject',
      run: ({ bucket, key, headers }) => {
        const UploadId = randomUUID();
        uploads.set(UploadId, { headers, parts: new Map() });
        return document('InitiateMultipartUploadResult', { Bucket: bucketOf(bucket).name, Key: key, UploadId });
      },
    },
    'PUT uploadId': {
      action: 's3:PutObject',
      run: ({ query, body }) => {
        upload(query).parts.set(Number(query.get('partNumber')), body);
        return { statusCode: 200, headers: { etag: `"${createHash('md5').update(body).digest('hex')}"` } };
      },
    },
    'POST uploadId': {
      action: 's3:PutObject',
      run: ({ bucket, key, query }) => {
        const { headers, parts } = upload(query);
        const body = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
        const { etag } = buckets.put(bucketOf(bucket), key, body, headers['content-type'], metadataOf(headers));
        uploads.delete(query.get('uploadId')!);
        return document('CompleteMultipartUploadResult', { Bucket: bucket, Key: key, ETag: etag });
      },
    },
    'DELETE uploadId': {
      action: 's3:AbortMultipartUpload',
      run: ({ query }) => (uploads.delete(query.get('uploadId')!), { statusCode: 204 }),
    },
  };

  const upload = (query: URLSearchParams) => {
    const found = uploads.get(query.get('uploadId')!);
    if (!found) throw new ServiceError('NoSuchUpload', 'The specified upload does not exist.', 404);
    return found;
  };

  return {
    signingName: 's3',
    errors: 's3',
    handle: async (request) => {
      const [bucket = '', ...rest] = request.path.slice(1).split('/').map(decodeURIComponent);
      const key = rest.join('/');
      const handlers = key ? onObject : onBucket;
      const subresource = [
        'location',
        'encryption',
        'list-type',
        'versions',
        'tagging',
        'delete',
        'uploads',
        'uploadId',
        'policy',
        'acl',
        'versioning',
        'lifecycle',
        'cors',
        'notification',
        'publicAccessBlock',
        'object-lock',
        'accelerate',
        'attributes',
        'legal-hold',
        'logging',
        'ownershipControls',
        'policyStatus',
        'replication',
        'requestPayment',
        'restore',
        'retention',
        'website',
      ].find((name) => request.query.has(name));
      const copy = request.headers['x-amz-copy-source'] === undefined ? undefined : 'copy';
      const operation = [request.method, subresource, copy].filter(Boolean).join(' ');
      const label = `${operation} /${bucket}${key ? '/…' : ''}`;
      const handler = bucket && Object.hasOwn(handlers, operation) ? handlers[operation] : undefined;
      if (!handler) throw Object.assign(notImplemented('s3', operation), { operation: label });
      try {
        if (handler.action !== undefined) allow(request.identity, handler.action, bucket, key);
        const body = dechunked(request);
        return { operation: label, ...handler.run({ ...request, body, bucket, key }) };
      } catch (error) {
        throw Object.assign(error as Error, { operation: label });
      }
    },
    refuse: ({ code, message, status: statusCode }, requestId) => ({
      statusCode,
      headers: xml,
      body: xmlElement('Error', { Code: code, Message: message, RequestId: requestId }),
    }),
  };
}

interface ObjectRequest extends ServiceRequest {
  readonly bucket: string;
  readonly key: string;
}

interface Upload {
  /** The headers of the request that started the upload. They have the content type and the metadata of the object. */
  readonly headers: IncomingHttpHeaders;
  readonly parts: Map<number, Buffer>;
}

type Handlers = {
  readonly [operation: string]: {
    /** The action that the caller needs. @default - the handler authorizes the caller */
    readonly action?: string;
    readonly run: (request: ObjectRequest) => Omit<ServiceResponse, 'operation'>;
  };
};

/** @throws AccessDenied if IAM does not allow the action on the bucket, or on the object if there is a key. */
function allow(identity: Identity, action: string, bucket: string, key: string): void {
  authorize(identity, action, `arn:aws:s3:::${bucket}${key ? `/${key}` : ''}`, {
    's3:ResourceAccount': identity.accountId,
    'aws:ResourceAccount': identity.accountId,
  });
}

function metadataOf(headers: IncomingHttpHeaders): { [name: string]: string } {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return Object.fromEntries(metadata.map(([name, value]) => [name, String(value)]));
}

function document(name: string, value: unknown): Omit<ServiceResponse, 'operation'> {
  return { statusCode: 200, headers: xml, body: xmlElement(name, value, NAMESPACE) };
}

/** Compares keys by their bytes in UTF-8, as lists order them. */
const compareKeys = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const inOrder = ({ objects }: Bucket) => [...objects].sort(([a], [b]) => compareKeys(a, b));

function listObjects(bucket: Bucket, query: URLSearchParams): Omit<ServiceResponse, 'operation'> {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const found = inOrder(bucket).filter(([key]) => key.startsWith(prefix) && compareKeys(key, after) > 0);
  const maximum = Math.min(Number(query.get('max-keys') ?? 1000), 1000);
  const page = found.slice(0, maximum);
  const truncated = maximum > 0 && page.length < found.length;
  return document('ListBucketResult', {
    Name: bucket.name,
    Prefix: prefix,
    KeyCount: page.length,
    MaxKeys: maximum,
    IsTruncated: truncated,
    NextContinuationToken: truncated ? page.at(-1)?.[0] : undefined,
    Contents: new Flattened(
      page.map(([Key, { etag, lastModified, body }]) => ({
        Key,
        LastModified: lastModified,
        ETag: etag,
        Size: body.length,
        StorageClass: 'STANDARD',
      })),
    ),
  });
}

/** Reads an object. The server leaves the body out of the response to a HEAD request. */
function readObject(bucket: Bucket, { key, headers }: ObjectRequest): Omit<ServiceResponse, 'operation'> {
  const object = bucket.objects.get(key);
  if (!object) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
  const common = {
    'etag': object.etag,
    'content-type': object.contentType,
    'last-modified': object.lastModified.toUTCString(),
    ...object.metadata,
  };
  if (headers['if-none-match'] === object.etag) return { statusCode: 304, headers: common };
  return {
    statusCode: 200,
    headers: { ...common, 'content-length': String(object.body.length) },
    body: object.body,
  };
}

/** Returns the payload of an aws-chunked body. Each chunk has a header, and trailers follow the last chunk. */
function dechunked({ headers, body }: ServiceRequest): Buffer {
  const chunked =
    String(headers['content-encoding'] ?? '').includes('aws-chunked')
    || String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  if (!chunked) return body;
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const end = body.indexOf('\r\n', at);
    const size = end < 0 ? NaN : parseInt(body.toString('latin1', at, end), 16);
    if (!(size >= 0) || end + 2 + size > body.length) {
      throw new ServiceError('IncompleteBody', 'The request body terminated unexpectedly');
    }
    if (size === 0) break;
    chunks.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  const whole = Buffer.concat(chunks);
  const expected = headers['x-amz-decoded-content-length'];
  if (expected !== undefined && Number(expected) !== whole.length) {
    throw new ServiceError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
    );
  }
  return whole;
}

function unescaped(text: string): string {
  const entities: { readonly [name: string]: string } = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp|#(\d+|x[0-9a-fA-F]+));/g, (_, name: string, code?: string) =>
    code ? String.fromCodePoint(Number(code.replace('x', '0x'))) : entities[name]!,
  );
}
