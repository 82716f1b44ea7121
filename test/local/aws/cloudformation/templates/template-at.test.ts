import { templateAt } from '../../../../../local/aws/cloudformation/templates/template-at';

test.each([
  ['https://bucket.s3.us-east-1.amazonaws.com/a/b.json', 'bucket', 'a/b.json'],
  ['https://bucket.s3.amazonaws.com/key', 'bucket', 'key'],
  ['https://bucket.s3-us-west-2.amazonaws.com/key', 'bucket', 'key'],
  ['https://my.bucket.s3.eu-west-1.amazonaws.com/key', 'my.bucket', 'key'],
  ['https://s3.us-east-1.amazonaws.com/bucket/a/b.json', 'bucket', 'a/b.json'],
  ['https://s3-us-west-2.amazonaws.com/bucket/key', 'bucket', 'key'],
  ['http://127.0.0.1:4000/bucket/key', 'bucket', 'key'],
  ['https://s3.amazonaws.com/bucket/a//b%20c%2Fd+%25.json?x-id=GetObject', 'bucket', 'a//b c/d+%.json'],
])('%s is an object of a bucket', (address, bucket, key) => {
  const asked: string[][] = [];
  const getObject = (...names: string[]) => {
    asked.push(names);
    return Buffer.from('{"é":"💬"}');
  };
  expect(templateAt(address, getObject)).toBe('{"é":"💬"}');
  expect(asked).toEqual([[bucket, key]]);
  expect(templateAt(address, () => Buffer.alloc(0))).toBe('');
  expect(() => templateAt(address, () => undefined)).toThrow(expect.objectContaining({
    code: 'ValidationError', message: `S3 error: The specified key does not exist. (s3://${bucket}/${key})`,
  }));
});
