import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LoggedRequest } from '../../../local/ivs-chat/request-log';
import { Fixture, type TestConnection } from './fixture';
import { CountingClock } from '../../counting-clock';
import { VirtualClock } from '../../../local/clock';
import {
  invokeFunctionAt,
  type InvocationLimit,
  type MessageReviewEvent,
} from '../../../local/ivs-chat/messaging/message-review';

const uri = 'arn:aws:lambda:us-west-2:123456789012:function:review';
let clock: CountingClock;
let fixture: Fixture;
let sender: TestConnection;
let room: string;
let answer: (event: MessageReviewEvent, limit: InvocationLimit) => unknown;
const seen: [string, MessageReviewEvent][] = [];
const log: LoggedRequest[] = [];

async function start(fallbackResult: 'ALLOW' | 'DENY'): Promise<void> {
  clock = new CountingClock();
  seen.length = log.length = 0;
  fixture = await Fixture.start({
    clock,
    onRequest: (request) => { log.push(request); },
    invokeFunction: async (arn, event, limit) => {
      seen.push([arn, event]);
      return answer(event, limit);
    },
  });
  room = await fixture.createRoom({ maximumMessageLength: 10, messageReviewHandler: { uri, fallbackResult } });
  sender = await fixture.connect(room, 'u', ['SEND_MESSAGE'], { attributes: { name: 'U' } });
}
afterEach(() => fixture.end());

const send = (over: object = {}) => sender.ask({ Action: 'SEND_MESSAGE', Content: 'hello', RequestId: 'r', ...over });

test('the handler receives the documented event and can replace the message', async () => {
  await start('DENY');
  answer = () => ({ ReviewResult: 'ALLOW', Content: 'HELLO', Attributes: { seen: 'yes' } });
  const timers = clock.pending.size;
  const message = await send({ Attributes: { a: 'b' } });
  expect(clock.pending.size).toBe(timers); // the time limit has ended
  expect(message).toMatchObject({ Type: 'MESSAGE', Content: 'HELLO', RequestId: 'r' });
  expect(message.Attributes).toEqual({ seen: 'yes' });
  expect(seen).toEqual([
    [
      uri,
      {
        Content: 'hello',
        MessageId: message.Id,
        RoomArn: room,
        Attributes: { a: 'b' },
        Sender: { Attributes: { name: 'U' }, UserId: 'u', Ip: '127.0.0.1' },
      },
    ],
  ]);
});

test('the message keeps its attributes if the handler returns none', async () => {
  await start('DENY');
  answer = ({ Content }) => ({ ReviewResult: 'ALLOW', Content, Attributes: null });
  expect(await send({ Attributes: { a: 'b' } })).toMatchObject({ Content: 'hello', Attributes: { a: 'b' } });
  answer = ({ Content }) => ({ ReviewResult: 'ALLOW', Content });
  expect(await send()).toMatchObject({ Content: 'hello', Attributes: null });
});

test('the handler can return content of all lengths that the room allows', async () => {
  await start('DENY');
  for (const [Content, code] of [['x', undefined], ['👋'.repeat(10), undefined], ['👋'.repeat(11), 406]] as const) {
    answer = () => ({ ReviewResult: 'ALLOW', Content });
    expect((await send()).ErrorCode).toBe(code);
  }
});

test('a denied message is a 406 with the reason, for the sender only', async () => {
  await start('ALLOW');
  const witness = await fixture.connect(room, 'w');
  answer = () => ({ ReviewResult: 'DENY', Content: '', Attributes: { Reason: 'be nice' } });
  expect(await send()).toMatchObject({
    Type: 'ERROR',
    ErrorCode: 406,
    ErrorMessage: 'Message rejected by the message review handler: be nice',
    RequestId: 'r',
  });
  answer = () => ({ ReviewResult: 'DENY', Attributes: { Reason: '' } });
  expect((await send()).ErrorMessage).toBe('Message rejected by the message review handler: ');
  answer = () => ({ ReviewResult: 'DENY' });
  expect(await send()).toMatchObject({
    ErrorCode: 406, ErrorMessage: 'Message rejected by the message review handler',
  });
  expect(log.filter(({ operation }) => operation === 'MessageReview')).toEqual([]);
  answer = () => ({ ReviewResult: 'DENY', Attributes: { Reason: 5 } });
  expect((await send()).ErrorMessage).toBe('Message rejected by the message review handler');
  expect(witness.frames).toEqual([]);
});

const failures: [string, () => unknown, string?][] = [
  [
    'throws',
    () => {
      throw new Error('secret detail');
    },
    'ReviewFailed',
  ],
  ['throws no error', () => Promise.reject(undefined), 'ReviewFailed'],
  ['returns null', () => null],
  ['denies in lower case', () => ({ ReviewResult: 'deny', Content: 'x' })],
  ['allows with content that is no string', () => ({ ReviewResult: 'ALLOW', Content: ['x'] })],
  ['returns nothing', () => undefined],
  ['returns text', () => 'ALLOW'],
  ['gives another result', () => ({ ReviewResult: 'MAYBE', Content: 'x' })],
  ['allows without content', () => ({ ReviewResult: 'ALLOW' })],
  ['allows empty content', () => ({ ReviewResult: 'ALLOW', Content: '' })],
  ['makes the content longer than the room allows', () => ({ ReviewResult: 'ALLOW', Content: 'x'.repeat(11) })],
  [
    'returns attributes of more than 1 KB',
    () => ({ ReviewResult: 'ALLOW', Content: 'x', Attributes: { a: 'x'.repeat(1024) } }),
  ],
  ['returns attributes that are no strings', () => ({ ReviewResult: 'ALLOW', Content: 'x', Attributes: { a: 1 } })],
];
describe.each(failures)('a handler that %s', (_what, fail, failure = 'ReviewInvalid') => {
  test('delivers the original message with the fallback result ALLOW', async () => {
    await start('ALLOW');
    answer = fail;
    expect(await send({ Attributes: { a: 'b' } })).toMatchObject({
      Type: 'MESSAGE',
      Content: 'hello',
      Attributes: { a: 'b' },
    });
  });

  test('denies the message with the fallback result DENY', async () => {
    await start('DENY');
    answer = fail;
    const error = await send();
    expect(error).toMatchObject({ ErrorCode: 406, ErrorMessage: 'Message rejected by the message review handler' });
    const time = new Date(clock.now()).toISOString();
    expect(log.slice(-2)).toEqual([
      { time, requestId: 'r', operation: 'MessageReview', status: 0, error: failure, caller: uri },
      { time, requestId: 'r', operation: 'SEND_MESSAGE', status: 406, error: undefined, caller: room },
    ]);
    expect(JSON.stringify(log)).not.toContain('secret');
  });
});

test('a message is refused with 404 when its room is deleted during the review', async () => {
  await start('ALLOW');
  let finish = (_review: unknown) => {};
  answer = () => new Promise((resolve) => {
    finish = resolve;
  });
  sender.send({ Action: 'SEND_MESSAGE', Content: 'late', RequestId: 'r' });
  while (seen.length < 1) await new Promise(setImmediate);
  const deleted = fixture.chat.call('DeleteRoom', { identifier: room });
  finish({ ReviewResult: 'ALLOW', Content: 'late' });
  await deleted;
  await sender.closed;
  while (!log.some(({ operation }) => operation === 'SEND_MESSAGE')) await new Promise(setImmediate);
  expect(log.find(({ operation }) => operation === 'SEND_MESSAGE')).toMatchObject({ status: 404 });
  expect(sender.frames).not.toContainEqual(expect.objectContaining({ Type: 'MESSAGE' }));
  expect((await fixture.state()).frames).toEqual([]);
});

test('a handler times out after 200 ms', async () => {
  await start('ALLOW');
  answer = () => new Promise((resolve) => clock.setTimeout(() => resolve({ ReviewResult: 'DENY' }), 200.5));
  sender.send({ Action: 'SEND_MESSAGE', Content: 'late' });
  while (seen.length < 1) await new Promise(setImmediate);
  clock.advance(199);
  // An answer to a later request shows that the first one has none yet.
  expect(await sender.ask({ Action: 'PING' })).toMatchObject({ Type: 'ERROR', ErrorCode: 400 });
  clock.advance(2);
  expect(await sender.next()).toMatchObject({ Type: 'MESSAGE', Content: 'late' });
  answer = () => new Promise((resolve) => clock.setTimeout(() => resolve({ ReviewResult: 'DENY' }), 199));
  sender.send({ Action: 'SEND_MESSAGE', Content: 'in time' });
  while (seen.length < 2) await new Promise(setImmediate);
  clock.advance(199);
  expect(await sender.next()).toMatchObject({ ErrorCode: 406 });
});

test('the time limit can stop while a process starts, and starts again from zero', async () => {
  await start('DENY');
  const after = (milliseconds: number, callback: () => void) => clock.setTimeout(callback, milliseconds);
  answer = ({ Content }, limit) => new Promise((resolve) => {
    limit.stop();
    after(1000, limit.restart);
    after(1199, () => resolve({ ReviewResult: 'ALLOW', Content }));
  });
  sender.send({ Action: 'SEND_MESSAGE', Content: 'in time' });
  while (seen.length < 1) await new Promise(setImmediate);
  clock.advance(1199);
  expect(await sender.next()).toMatchObject({ Content: 'in time' });

  answer = ({ Content }, limit) => new Promise((resolve) => {
    after(150, limit.restart);
    after(349, () => resolve({ ReviewResult: 'ALLOW', Content }));
  });
  sender.send({ Action: 'SEND_MESSAGE', Content: 'again' });
  while (seen.length < 2) await new Promise(setImmediate);
  clock.advance(349);
  expect(await sender.next()).toMatchObject({ Content: 'again' });

  answer = (_event, limit) => new Promise(() => {
    limit.stop();
    after(1000, limit.restart);
  });
  sender.send({ Action: 'SEND_MESSAGE', Content: 'late' });
  while (seen.length < 3) await new Promise(setImmediate);
  clock.advance(1200);
  expect(await sender.next()).toMatchObject({ ErrorCode: 406 });
});

describe('a handler on a URL', () => {
  let server: Server;
  let requests: unknown[];
  let status: number;
  let headers: { [name: string]: string };
  beforeEach(async () => {
    requests = [];
    status = 200;
    headers = {};
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => body += chunk).on('end', () => {
        const { method, headers: { 'content-type': contentType } } = request;
        requests.push({ method, contentType, ...JSON.parse(body) });
        response.writeHead(status, headers).end(JSON.stringify({ ReviewResult: 'ALLOW', Content: 'by URL' }));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/2015-03-31/functions/function/invocations`;
    fixture = await Fixture.start({ clock: new VirtualClock(), invokeFunction: invokeFunctionAt(url) });
    room = await fixture.createRoom({ messageReviewHandler: { uri, fallbackResult: 'DENY' } });
    sender = await fixture.connect(room, 'u', ['SEND_MESSAGE']);
  });
  afterEach(() => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  }));

  test('receives the event and returns the review', async () => {
    expect(await send()).toMatchObject({ Content: 'by URL' });
    expect(requests).toEqual([{
      method: 'POST',
      contentType: 'application/json',
      Content: 'hello',
      RoomArn: room,
      Attributes: {},
      MessageId: expect.stringMatching(/^\w{12}$/),
      Sender: { Attributes: {}, UserId: 'u', Ip: '127.0.0.1' },
    }]);
  });

  test('fails with the status 500', async () => {
    status = 500;
    expect(await send()).toMatchObject({ ErrorCode: 406 });
    const { requests: shown } = await fixture.firstUpdate();
    expect(shown.find(({ operation }) => operation === 'MessageReview')).toMatchObject({
      error: 'ReviewFailed', message: 'the handler answered 500',
    });
  });

  test.each(['Unhandled', 'Handled'])('fails if the function error in the header is %s', async (kind) => {
    headers = { 'x-amz-function-error': kind };
    expect(await send()).toMatchObject({ ErrorCode: 406 });
  });
});

test('the fallback result applies without invokeFunction', async () => {
  fixture = await Fixture.start();
  room = await fixture.createRoom({ messageReviewHandler: { uri, fallbackResult: 'ALLOW' } });
  sender = await fixture.connect(room, 'u', ['SEND_MESSAGE']);
  expect(await send()).toMatchObject({ Type: 'MESSAGE', Attributes: null });
  const { requests, frames } = await fixture.firstUpdate();
  const review = requests.find(({ operation }) => operation === 'MessageReview');
  expect(review).toEqual({
    number: expect.any(Number),
    time: expect.any(String),
    requestId: 'r',
    operation: 'MessageReview',
    status: 0,
    error: 'ReviewFailed',
    caller: uri,
    message: 'The option invokeFunction is not set',
    roomArn: room,
    userId: 'u',
    frame: frames.find(({ direction }) => direction === 'received')!.number,
    output: { ReviewResult: 'ALLOW', FallbackResult: 'ALLOW' },
  });
});
