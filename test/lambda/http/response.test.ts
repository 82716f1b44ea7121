import { textOf } from '../../../lambda/http/response';

const read = (body: unknown) => textOf({ statusCode: 200, headers: {}, body } as never, 4);

test.each([undefined, null])('the text of the body %s is empty', async (body) => {
  expect(await read(body)).toBe('');
});

test('a stream that is longer than the maximum is refused', async () => {
  const stream = (...chunks: string[]) => (async function* () {
    yield* chunks.map((chunk) => new TextEncoder().encode(chunk));
  })();
  expect(await read(stream('12', '34'))).toBe('1234');
  await expect(read(stream('123', '45'))).rejects.toMatchObject({ name: 'ResponseTooLargeError' });
});
