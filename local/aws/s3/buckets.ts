import { createHash } from 'node:crypto';
import type { Clock } from '../../clock';

export interface StoredObject {
  readonly body: Buffer;
  /** The entity tag, in quotation marks. */
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: { readonly [name: string]: string };
  readonly lastModified: Date;
}

export interface Bucket {
  readonly name: string;
  readonly objects: Map<string, StoredObject>;
  /** Whether the bucket was created before any stack. A stack, such as the bootstrap stack, can take it over. */
  seeded: boolean;
}

/** In-memory S3 buckets. */
export class Buckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  get(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  object(bucketName: string, key: string): StoredObject | undefined {
    return this.buckets.get(bucketName)?.objects.get(key);
  }

  /** Returns the bucket with this name, and creates it if it does not exist. */
  create(name: string, seeded = false): Bucket {
    const bucket = this.buckets.get(name) ?? { name, objects: new Map(), seeded };
    bucket.seeded = seeded;
    this.buckets.set(name, bucket);
    return bucket;
  }

  remove(name: string): void {
    this.buckets.delete(name);
  }

  put(
    bucket: Bucket,
    key: string,
    body: Buffer,
    contentType = 'binary/octet-stream',
    metadata: StoredObject['metadata'] = {},
  ): StoredObject {
    const object: StoredObject = {
      body,
      etag: `"${createHash('md5').update(body).digest('hex')}"`,
      contentType,
      metadata,
      lastModified: new Date(this.clock.now()),
    };
    bucket.objects.set(key, object);
    return object;
  }
}
