/** The web server of the example. */
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { Server } from 'node:net';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { servePage, type ServedPage } from '../../../examples/live-chat/serve-page';

/** Returns the whole answer of the server. */
async function answerOf(response: Response | Promise<Response>) {
  const { status, headers } = await response;
  const [type, cache] = ['content-type', 'cache-control'].map((name) => headers.get(name));
  return { status, type, cache, text: await (await response).text() };
}
const cache = 'no-store';

let servers: Server[];
let addresses: unknown[];
let page: ServedPage;

beforeAll(async () => {
  const listen = jest.spyOn(Server.prototype, 'listen');
  page = await servePage(0);
  servers = listen.mock.contexts as Server[];
  addresses = servers.map((server) => server.address());
  listen.mockRestore();
});

afterAll(() => page.close());

test('the page is served on the loopback interface only', () => {
  const port = Number(new URL(page.origin).port);
  expect(page.origin).toBe(`http://127.0.0.1:${port}`);
  expect(addresses).toEqual([{ address: '127.0.0.1', family: 'IPv4', port }]);
});

test('an error of the server after its start is not hidden', () => {
  expect(() => servers[0]!.emit('error', new Error('no more files'))).toThrow('no more files');
});

test.each([
  ['/', 'text/html', 'page/index.html'],
  ['/chat.css', 'text/css', 'page/chat.css'],
  ['/live-chat-stack.ts', 'text/plain', 'live-chat-stack.ts'],
])('the server serves %s', async (path, type, file) => {
  const text = readFileSync(join(__dirname, '../../../examples/live-chat', file), 'utf8');
  expect(await answerOf(fetch(page.origin + path)))
    .toEqual({ status: 200, type: `${type}; charset=utf-8`, cache, text });
});

test('the server serves the script of the page, which is small and a module for production', async () => {
  const { text, ...answer } = await answerOf(fetch(`${page.origin}/chat.js`));
  expect(answer).toEqual({ status: 200, type: 'text/javascript; charset=utf-8', cache });
  expect(text).toContain('The server of this page does not answer.');
  expect(text).not.toContain('process.env');
  expect(text).not.toMatch(/^\(\(\) => \{/);
  expect(text.length).toBeLessThan(400_000);
  expect(text.split('\n').length).toBeLessThan(200);
});

test.each([
  '/configuration.json', '/chat.ts', '/../serve-page.ts', '/..%2fserve-page.ts', '/constructor', '/__proto__', '//',
])('the server answers 404 for %s', async (path) => {
  expect(await answerOf(fetch(page.origin + path)))
    .toEqual({ status: 404, type: 'text/plain', cache, text: 'Not found' });
});

test('the server serves the configuration after it is set', async () => {
  const own = await servePage(0);
  try {
    own.configure({ chatUrl: 'http://127.0.0.1:1/' }, async () => '');
    const text = '{"chatUrl":"http://127.0.0.1:1/"}';
    expect(await answerOf(fetch(`${own.origin}/configuration.json`)))
      .toEqual({ status: 200, type: 'application/json', cache, text });
    // Without viewers, the page cannot bring them in. A sign-in is a POST request.
    expect((await fetch(`${own.origin}/viewers`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${own.origin}/sign-in`)).status).toBe(404);
  } finally {
    await own.close();
  }
  await expect(fetch(own.origin)).rejects.toThrow('fetch failed');
});

test('the server uses port 3000 by default', async () => {
  const listen = jest.spyOn(Server.prototype, 'listen');
  const own = await servePage();
  expect(listen.mock.calls[0]!.slice(0, 2)).toEqual([3000, '127.0.0.1']);
  listen.mockRestore();
  await own.close();
});

test('the server uses another port if another program uses its port', async () => {
  const own = await servePage(Number(new URL(page.origin).port));
  try {
    expect(own.origin).not.toBe(page.origin);
    expect((await fetch(own.origin)).status).toBe(200);
  } finally {
    await own.close();
  }
});

test('the server signs users in after it is configured', async () => {
  const own = await servePage(0);
  const signIn = (body: string) => fetch(`${own.origin}/sign-in`, { method: 'POST', body });
  try {
    expect((await signIn('{}')).status).toBe(404);
    own.configure({}, async ({ name }) => {
      if (!name) throw new Error('the user has no name');
      return `the token of ${name}`;
    });
    const type = 'application/json';
    expect(await answerOf(signIn('{"name":"Ada"}')))
      .toEqual({ status: 200, type, cache, text: '{"idToken":"the token of Ada"}' });
    expect(await answerOf(signIn('{}')))
      .toEqual({ status: 400, type, cache, text: '{"message":"the user has no name"}' });
    expect((await signIn('no JSON')).status).toBe(400);
  } finally {
    await own.close();
  }
});

test.each([
  ['origin', 'http://evil.example'], ['origin', 'null'], ['host', 'evil.example'],
])('the server refuses a request with the %s %s', async (header, value) => {
  const own = await servePage(0);
  own.configure({}, async () => 'a token', async () => {});
  try {
    for (const path of ['/sign-in', '/viewers']) {
      const request = httpRequest(own.origin + path, { method: 'POST', headers: { [header]: value } });
      const [response] = await once(request.end('{}'), 'response');
      expect([response.statusCode, await textOf(response)]).toEqual([403, 'Another origin']);
    }
    const headers = { origin: own.origin };
    expect((await fetch(`${own.origin}/sign-in`, { method: 'POST', body: '{}', headers })).status).toBe(200);
  } finally {
    await own.close();
  }
});

test('the viewers stay until the request or the server ends', async () => {
  const own = await servePage(0);
  const events = new EventEmitter();
  own.configure({}, async () => '', async (signal) => {
    events.emit('here');
    await once(signal, 'abort');
    events.emit('left');
  });
  let open: Response;
  const bringIn = (signal?: AbortSignal) => fetch(`${own.origin}/viewers`, { method: 'POST', signal });
  try {
    const tab = new AbortController();
    const [, { status, headers }] = await Promise.all([once(events, 'here'), bringIn(tab.signal)]);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain']);
    expect(await answerOf(bringIn())).toMatchObject({ status: 409, text: 'They are already here.' });
    const left = once(events, 'left');
    tab.abort();
    await left;
    [, open] = await Promise.all([once(events, 'here'), bringIn()]);
  } finally {
    await Promise.all([once(events, 'left'), own.close()]);
  }
  await expect(open.text()).rejects.toThrow('terminated');
});

test('the page reads the reason if the viewers cannot enter', async () => {
  const own = await servePage(0);
  own.configure({}, async () => '', async () => {
    throw new Error('the chat API does not answer');
  });
  try {
    const response = await fetch(`${own.origin}/viewers`, { method: 'POST' });
    expect(await response.text()).toBe('the chat API does not answer');
    // They can be brought in again.
    expect((await fetch(`${own.origin}/viewers`, { method: 'POST' })).status).toBe(200);
  } finally {
    await own.close();
  }
});
