/** The web server of the example. */
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
  for (const [path, type] of [['/', 'text/html'], ['/chat.css', 'text/css'], ['/chat.js', 'text/javascript']]) {
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
