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
  const parts = Object.assign(Readable.from(['a', 'b', 'c'].map((part) => Buffer.from(part))), { headers: {} });
  expect((await readBody(parts as unknown as IncomingMessage, 10)).toString()).toBe('abc');
});

test.each([undefined, '11'])('a larger body is refused with the limit, with the content-length %s', async (length) => {
  await expect(readBody(request(11, length), 10)).rejects.toMatchObject({
    code: 'RequestEntityTooLargeException', status: 413, message: 'The body must be at most 10 bytes',
  });
});

test('a body that is announced as too large is not read', async () => {
  const endless = Object.assign(new Readable({ read() {} }), { headers: { 'content-length': '11' } });
  await expect(readBody(endless as unknown as IncomingMessage, 10)).rejects.toMatchObject({ status: 413 });
});

test('the rest of a body that is too large is not read', async () => {
  const large = request(22);
  await expect(readBody(large, 10)).rejects.toMatchObject({ status: 413 });
  expect(large.isPaused()).toBe(true);
});

test.each([undefined, new Error('reset')])('a request that ends before its body is an error (%s)', async (reason) => {
  const endless = Object.assign(new Readable({ read() {} }), { headers: {} });
  const body = readBody(endless as unknown as IncomingMessage, 10);
  endless.destroy(reason);
  await expect(body).rejects.toMatchObject({
    code: 'RequestAbortedException', status: 400, message: 'The request ended before its body did',
  });
});
