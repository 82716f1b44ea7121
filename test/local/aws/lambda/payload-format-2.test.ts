import { commonLogTime, httpResponse } from '../../../../local/aws/lambda/payload-format-2';

const json = { 'content-type': 'application/json' };
const response = (statusCode: number, headers: object, text: string, cookies: string[] = []) =>
  ({ statusCode, headers, cookies, body: Buffer.from(text) });

test.each<[unknown, object | undefined]>([
  ['text', response(200, json, 'text')],
  ['', response(200, json, '')],
  [5, response(200, json, '5')],
  [null, response(200, json, 'null')],
  [['a'], response(200, json, '["a"]')],
  [{ message: 'hi' }, response(200, json, '{"message":"hi"}')],
  [{ statusCode: 204 }, response(204, json, '')],
  [{ statusCode: '201', headers: null, cookies: null, body: null }, response(201, json, '')],
  [
    { statusCode: 200, headers: { 'Content-Type': 'text/css', 'X-Number': 5 }, cookies: ['a=1', 2], body: 'x' },
    response(200, { 'content-type': 'text/css', 'x-number': '5' }, 'x', ['a=1', '2']),
  ],
  [{ statusCode: 200, body: { a: 1 } }, response(200, json, '{"a":1}')],
  [{ statusCode: 200, body: '' }, response(200, json, '')],
  [{ statusCode: 200, body: 'SGk=', isBase64Encoded: true }, response(200, json, 'Hi')],
  [{ statusCode: 200, body: 'SGk=', isBase64Encoded: false }, response(200, json, 'SGk=')],
  [{ statusCode: 100 }, response(100, json, '')],
  [{ statusCode: 599 }, response(599, json, '')],
  [{ statusCode: 99 }, undefined],
  [{ statusCode: 600 }, undefined],
  [{ statusCode: 200.5 }, undefined],
  [{ statusCode: 'carrot' }, undefined],
])('the response of a function that returns %j', (value, expected) => {
  expect(httpResponse(JSON.stringify(value))).toEqual(expected);
});

test('another default content type is only for a response without one', () => {
  const typeOf = (value: object) => httpResponse(JSON.stringify(value), 'text/plain')!.headers['content-type'];
  expect(typeOf({ statusCode: 200 })).toBe('text/plain');
  expect(typeOf({ statusCode: 200, headers: { 'content-type': 'text/css' } })).toBe('text/css');
  expect(typeOf({ message: 'hi' })).toBe('application/json');
});

test.each([
  ['2026-01-02T03:04:05.999Z', '02/Jan/2026:03:04:05 +0000'],
  ['2026-02-28T23:59:59.000Z', '28/Feb/2026:23:59:59 +0000'],
  ['2026-11-22T10:00:00.000Z', '22/Nov/2026:10:00:00 +0000'],
  ['2026-12-31T00:00:00.000Z', '31/Dec/2026:00:00:00 +0000'],
])('the time %s is %s', (time, expected) => {
  expect(commonLogTime(new Date(time))).toBe(expected);
});
