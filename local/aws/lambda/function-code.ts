import { createHash } from 'node:crypto';
import type { AssetDirectories } from './asset-directories';
import type { FunctionConfiguration } from './function-configuration';
import type { Buckets } from '../s3/buckets';
import { ResourceFailure } from '../cloudformation/resource-handler';

/** The location of the code of a function or layer: an object in a bucket, or the zip file. */
export type CodeLocation = { readonly S3Bucket?: unknown; readonly S3Key?: unknown } | { readonly zip: Buffer };

/** The properties of unpacked code in the configuration of a function. */
export type UnpackedCode = Pick<FunctionConfiguration, 'codeDirectory' | 'codeSize' | 'codeSha256'>;

/** Writes the code of functions to disk. */
export class FunctionCode {
  constructor(private readonly buckets: Buckets, private readonly assets: AssetDirectories) {}

  /** @throws ResourceFailure if the object does not exist or is not a zip file. */
  unpack(location: CodeLocation): UnpackedCode {
    const zip = 'zip' in location ? location.zip : this.storedObject(String(location.S3Bucket), String(location.S3Key));
    return { codeDirectory: this.assets.unpack(zip), codeSize: zip.length, codeSha256: sha256(zip) };
  }

  /** Writes the inline code of a template. */
  inline(source: string): UnpackedCode {
    return {
      codeDirectory: this.assets.inline(source),
      codeSize: Buffer.byteLength(source),
      codeSha256: sha256(Buffer.from(source)),
    };
  }

  private storedObject(bucket: string, key: string): Buffer {
    const object = this.buckets.object(bucket, key);
    if (object) return object.body;
    throw new ResourceFailure(
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not '
      + `exist: s3://${bucket}/${key}`,
    );
  }
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('base64');
