/** The web server of the example. */
import { Server } from 'node:net';
import { servePage, type ServedPage } from '../../../examples/live-chat/serve-page';

const addresses: unknown[] = [];
let page: ServedPage;

beforeAll(async () => {
  const listen = jest.spyOn(Server.prototype, 'listen');
  page = await servePage();
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
  const own = await servePage();
  try {
    own.configure({ tokenUrl: 'http://127.0.0.1:1/' });
    expect(await (await fetch(`${own.origin}/configuration.json`)).json()).toEqual({ tokenUrl: 'http://127.0.0.1:1/' });
  } finally {
    await own.close();
  }
  await expect(fetch(own.origin)).rejects.toThrow('fetch failed');
});
