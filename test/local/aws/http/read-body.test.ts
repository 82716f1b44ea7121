import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { readBody } from '../../../../local/aws/http/read-body';

/** A request that sends its body in two parts, with or without a content-length. */
function request(bytes: number, contentLength?: string): IncomingMessage {
  const headers = contentLength === undefined ? {} : { 'content-length': contentLength };
  const parts = [Buffer.alloc(Math.floor(bytes / 2), 'a'), Buffer.alloc(Math.ceil(bytes / 2), 'b')];
  return Object.assign(Readable.from(parts), { headers }) as unknown as IncomingMessage;
}

test('a body can have the maximum number of bytes', async () => {
  expect((await readBody(request(10), 10)).toString()).toBe('aaaaabbbbb');
  expect((await readBody(request(10, '10'), 10)).toString()).toBe('aaaaabbbbb');
});

test.each([undefined, '11'])('a larger body is refused with the limit, with the content-length %s', async (length) => {
  await expect(readBody(request(11, length), 10)).rejects.toMatchObject({
    code: 'RequestEntityTooLargeException', status: 413, message: 'The body must be at most 10 bytes',
  });
});
