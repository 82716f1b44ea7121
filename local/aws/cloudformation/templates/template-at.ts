import { validationError } from '../validation-error';

/** Returns an object of a bucket, or undefined if it does not exist. */
export type GetObject = (bucketName: string, key: string) => Buffer | undefined;

/** Reads a template from a local bucket, by any form of its S3 URL. */
export function templateAt(address: string, getObject: GetObject): string {
  if (!URL.canParse(address)) throw validationError(`TemplateURL must be a supported URL, got ${address}`);
  const url = new URL(address);
  const virtualHost = /^(.+?)\.s3[.-]/.exec(url.hostname)?.[1];
  const path = url.pathname.slice(1).split('/').map(decodeURIComponent);
  const bucket = virtualHost ?? path.shift()!;
  const key = path.join('/');
  const object = getObject(bucket, key);
  if (!object) throw validationError(`S3 error: The specified key does not exist. (s3://${bucket}/${key})`);
  return object.toString('utf8');
}
