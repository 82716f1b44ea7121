import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MASK } from '../../../../local/ivs-chat/console/mask-secrets';
import { ConsoleStream, type ConsoleSource } from '../../../../local/ivs-chat/console/console-stream';

let frames: { number: number; content: string }[];
let requests: { number: number }[];
let logLines: { id: string }[];
let rooms: string[];
let looks: number;
let stream: ConsoleStream;
let server: Server;
let url: string;

beforeEach(async () => {
  [frames, requests, logLines, rooms, looks] = [[], [], [], ['lobby'], 0];
  stream = new ConsoleStream({
    now: () => 'now',
    parts: () => {
      looks++;
      return { rooms, counts: { rooms: rooms.length } };
    },
    news: (frame: number, request: number, logLine: string) => ({
      frames: frames.filter(({ number }) => number > frame),
      requests: requests.filter(({ number }) => number > request),
      logLines: logLines.filter(({ id }) => id > logLine),
    }),
  } as unknown as ConsoleSource);
  server = createServer((_request, response) => stream.open(response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  stream.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** Opens the stream. `next` returns the next update. */
async function open() {
  const controller = new AbortController();
  const response = await fetch(url, { signal: controller.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<any> => {
    while (!text.includes('\n\n')) text += (await reader.read()).value;
    const [event, ...rest] = text.split('\n\n');
    text = rest.join('\n\n');
    return JSON.parse(event!.slice('data: '.length));
  };
  return { response, next, end: () => controller.abort() };
}

test('the first update has everything, and the next ones only what changed', async () => {
  frames = [{ number: 1, content: 'a' }];
  const { response, next } = await open();
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(await next()).toEqual({
    now: 'now',
    isFirst: true,
    parts: { rooms: ['lobby'], counts: { rooms: 1 } },
    frames: [{ number: 1, content: 'a' }],
    requests: [],
    logLines: [],
  });
  frames.push({ number: 2, content: 'b' });
  const empty = { now: 'now', isFirst: false, parts: {}, frames: [], requests: [], logLines: [] };
  expect(await next()).toEqual({ ...empty, frames: [{ number: 2, content: 'b' }] });
  rooms = ['stage'];
  expect(await next()).toEqual({ ...empty, parts: { rooms: ['stage'] } });
  requests.push({ number: 8 }, { number: 9 });
  expect(await next()).toEqual({ ...empty, requests: [{ number: 8 }, { number: 9 }] });
  logLines.push({ id: 'x1' }, { id: 'x2' });
  expect(await next()).toEqual({ ...empty, logLines: [{ id: 'x1' }, { id: 'x2' }] });
  requests.push({ number: 10 });
  logLines.push({ id: 'x3' });
  expect(await next()).toEqual({ ...empty, requests: [{ number: 10 }], logLines: [{ id: 'x3' }] });
});

test('the parts and the new items are masked', async () => {
  const secret = 'AKIAABCDEFGHIJKLMNOP';
  [frames, rooms] = [[{ number: 1, content: `frame ${secret}` }], [`room ${secret}`]];
  logLines = [{ id: `line ${secret}` }];
  const { next } = await open();
  expect(await next()).toMatchObject({
    parts: { rooms: [`room ${MASK}`] }, frames: [{ content: `frame ${MASK}` }], logLines: [{ id: `line ${MASK}` }],
  });
});

test('two readers have their own positions', async () => {
  frames = [{ number: 1, content: 'a' }];
  const first = await open();
  await first.next();
  frames.push({ number: 2, content: 'b' });
  const second = await open();
  expect((await second.next()).frames).toHaveLength(2);
  expect((await first.next()).frames).toHaveLength(1);
});

test('closed pages leave nothing behind, and without a page the state is not read', async () => {
  const readers = await Promise.all([...Array(40)].map(open));
  await Promise.all(readers.map(({ next }) => next()));
  expect(stream.readerCount).toBe(40);
  for (const { end } of readers) end();
  while (stream.readerCount > 0) await new Promise((resolve) => setImmediate(resolve));
  const before = looks;
  jest.useFakeTimers();
  jest.advanceTimersByTime(10_000);
  jest.useRealTimers();
  expect(looks).toBe(before);
  expect((stream as any).timer).toBeUndefined();
  expect((stream as any).parts.size).toBe(0);
});

test('a page that does not read gets its updates later, and the service does not keep them', () => {
  jest.useFakeTimers();
  try {
    const written: string[] = [];
    const response = {
      writableLength: 0, on() {}, writeHead() {}, end() {}, write: (text: string) => written.push(text),
    };
    stream.open(response as any);
    response.writableLength = 1024 * 1024 + 1;
    frames = [{ number: 1, content: 'a' }];
    jest.advanceTimersByTime(60_000);
    expect(written).toHaveLength(1);
    response.writableLength = 1024 * 1024;
    jest.advanceTimersByTime(249);
    expect(written).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(JSON.parse(written[1]!.slice('data: '.length)).frames).toHaveLength(1);
    stream.open({ ...response } as any);
    expect(jest.getTimerCount()).toBe(1);
    for (const reader of [...(stream as any).readers]) (stream as any).leave(reader);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
