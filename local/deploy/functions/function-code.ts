import { createHash } from 'node:crypto';
import type { AssetDirectories } from './asset-directories';
import type { FunctionConfiguration } from './function-configuration';
import type { Buckets } from '../buckets';
import { ResourceFailure } from '../engine/resource-handler';

/** Where the code of a function or layer is: an object in a bucket, or a zip file itself. */
export type CodeLocation = { readonly S3Bucket?: unknown; readonly S3Key?: unknown } | { readonly zip: Buffer };

/** What a function's configuration says of its code. */
export type UnpackedCode = Pick<FunctionConfiguration, 'codeDirectory' | 'codeSize' | 'codeSha256'>;

/** Puts the code of functions on disk. */
export class FunctionCode {
  constructor(private readonly buckets: Buckets, private readonly assets: AssetDirectories) {}

  /** @throws ResourceFailure when there is no such object, or it is no zip file. */
  unpack(location: CodeLocation): UnpackedCode {
    const zip = 'zip' in location ? location.zip : this.storedObject(String(location.S3Bucket), String(location.S3Key));
    return { codeDirectory: this.assets.unpack(zip), codeSize: zip.length, codeSha256: sha256(zip) };
  }

  /** Code that stands in the template itself. */
  inline(source: string): UnpackedCode {
    return { codeDirectory: this.assets.inline(source), codeSize: Buffer.byteLength(source), codeSha256: sha256(Buffer.from(source)) };
  }

  private storedObject(bucket: string, key: string): Buffer {
    const object = this.buckets.get(bucket)?.objects.get(key);
    if (object) return object.body;
    throw new ResourceFailure(
      `Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist: s3://${bucket}/${key}`,
    );
  }
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('base64');
