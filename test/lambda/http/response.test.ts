import { metadataOf, textOf } from '../../../lambda/http/response';
import { retryAfter } from '../../../lambda/http/retry';

const read = (body: unknown) => textOf({ statusCode: 200, headers: {}, body } as never, 4);
const stream = (...chunks: (string | Uint8Array)[]) => (async function* () {
  yield* chunks;
})();
const bytes = (text: string) => new TextEncoder().encode(text);

test.each([undefined, null])('the text of the body %s is empty', async (body) => {
  expect(await read(body)).toBe('');
});

test('a stream that is longer than the maximum is refused', async () => {
  expect(await read(stream(bytes('12'), bytes('34')))).toBe('1234');
  await expect(read(stream(bytes('123'), bytes('45')))).rejects.toMatchObject({ name: 'ResponseTooLargeError' });
});

test('the length of text is counted in bytes of UTF-8', async () => {
  expect(await read(stream('é', 'é'))).toBe('éé');
  await expect(read(stream('éé', '1'))).rejects.toMatchObject({ name: 'ResponseTooLargeError' });
});

test('a character can be in two chunks, and half a character is replaced', async () => {
  const [first, second] = [bytes('é').slice(0, 1), bytes('é').slice(1)];
  expect(await read(stream('a', first, second))).toBe('aé');
  expect(await read(stream('a', first))).toBe('a\ufffd');
});

test.each([
  ['text', 'aé'], ['bytes', bytes('aé')], ['a Blob', new Blob(['aé'])],
])('a body can be %s', async (_, body) => {
  expect(await read(body)).toBe('aé');
});

test('the metadata has the status and the IDs of the response', () => {
  const headers = {
    'x-amz-request-id': 'third',
    'x-amzn-request-id': 'second',
    'x-amzn-requestid': 'first',
    'x-amz-id-2': 'extended',
    'x-amz-cf-id': 'front',
  };
  const metadata = { httpStatusCode: 503, requestId: 'first', extendedRequestId: 'extended', cfId: 'front' };
  expect(metadataOf({ statusCode: 503, headers })).toEqual(metadata);
  const { 'x-amzn-requestid': _, ...others } = headers;
  expect(metadataOf({ statusCode: 503, headers: others })).toEqual({ ...metadata, requestId: 'second' });
  expect(metadataOf({ statusCode: 503, headers: { 'x-amz-request-id': 'third' } }))
    .toEqual({ httpStatusCode: 503, requestId: 'third' });
});

test.each([
  [{}, undefined],
  [{ 'retry-after': '5' }, 5000],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': 'Mon, 05 Jan 2026 12:00:07 GMT' }, 7000],
  [{ 'retry-after': '5 minutes' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'x-amz-retry-after': '1500' }, 1500],
  [{ 'x-amz-retry-after': 'soon' }, undefined],
  [{ 'retry-after': '5', 'x-amz-retry-after': '1500' }, 5000],
])('the headers %j ask for a delay of %p ms', (headers, delay) => {
  const now = Date.UTC(2026, 0, 5, 12);
  const time = retryAfter({ statusCode: 503, headers: headers as Record<string, string> }, now);
  expect(time && time.getTime() - now).toBe(delay);
});

test('a failure without a response asks for no delay', () => {
  expect(retryAfter(undefined, 0)).toBeUndefined();
});
