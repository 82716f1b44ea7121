import { RequestLog } from '../../../local/ivs-chat/request-log';

test.each([0, 1, 499, 500, 501, 1000, 1203])('after %d requests, the log has the last 500, newest first', (count) => {
  const log = new RequestLog();
  for (let index = 1; index <= count; index++) {
    log.add({ time: '', requestId: String(index), operation: 'GetRoom', status: 200 });
  }
  const expected = Array.from({ length: Math.min(count, 500) }, (_, index) => String(count - index));
  expect(log.recent().map(({ requestId }) => requestId)).toEqual(expected);
});

test('a listener receives each request without its details, and the log has it already', () => {
  const request = { time: '', requestId: '1', operation: 'GetRoom', status: 200 };
  const received: unknown[] = [];
  const log: RequestLog = new RequestLog((given) => received.push([given, log.recent()]));
  log.add(request, { input: { identifier: 'room' } });
  expect(received).toEqual([[request, [request]]]);
});
