/** The web server of the example. */
import { EventEmitter, once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { Server } from 'node:net';
import { servePage, type ServedPage } from '../../../examples/live-chat/serve-page';

const addresses: unknown[] = [];
let page: ServedPage;

beforeAll(async () => {
  const listen = jest.spyOn(Server.prototype, 'listen');
  page = await servePage(0);
  addresses.push(...listen.mock.contexts.map((server) => (server as Server).address()));
  listen.mockRestore();
});

afterAll(() => page.close());

test('the page is served on the loopback interface only', () => {
  const port = Number(new URL(page.origin).port);
  expect(page.origin).toBe(`http://127.0.0.1:${port}`);
  expect(addresses).toEqual([{ address: '127.0.0.1', family: 'IPv4', port }]);
});

test('the server serves the page, its style and its script', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/chat.css', 'text/css'],
    ['/chat.js', 'text/javascript'],
    ['/live-chat-stack.ts', 'text/plain'],
  ]) {
    const response = await fetch(page.origin + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect((await response.text()).length).toBeGreaterThan(100);
  }
});

test.each([
  '/configuration.json', '/chat.ts', '/../serve-page.ts', '/..%2fserve-page.ts', '/constructor', '/__proto__', '//',
])('the server answers 404 for %s', async (path) => {
  expect((await fetch(page.origin + path)).status).toBe(404);
});

test('the server serves the configuration after it is set', async () => {
  const own = await servePage(0);
  try {
    own.configure({ chatUrl: 'http://127.0.0.1:1/' }, async () => '');
    expect(await (await fetch(`${own.origin}/configuration.json`)).json()).toEqual({ chatUrl: 'http://127.0.0.1:1/' });
  } finally {
    await own.close();
  }
  await expect(fetch(own.origin)).rejects.toThrow('fetch failed');
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
    expect(await (await signIn('{"name":"Ada"}')).json()).toEqual({ idToken: 'the token of Ada' });
    const refused = await signIn('{}');
    expect([refused.status, await refused.json()]).toEqual([400, { message: 'the user has no name' }]);
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
      expect(response.statusCode).toBe(403);
      response.resume();
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
  const bringIn = (signal?: AbortSignal) => fetch(`${own.origin}/viewers`, { method: 'POST', signal });
  try {
    const tab = new AbortController();
    await Promise.all([once(events, 'here'), bringIn(tab.signal)]);
    expect((await bringIn()).status).toBe(409);
    const left = once(events, 'left');
    tab.abort();
    await left;
    await Promise.all([once(events, 'here'), bringIn()]);
  } finally {
    await Promise.all([once(events, 'left'), own.close()]);
  }
});

test('the page reads the reason if the viewers cannot enter', async () => {
  const own = await servePage(0);
  own.configure({}, async () => '', async () => {
    throw new Error('the chat API does not answer');
  });
  try {
    const response = await fetch(`${own.origin}/viewers`, { method: 'POST' });
    expect(await response.text()).toBe('the chat API does not answer');
  } finally {
    await own.close();
  }
});
