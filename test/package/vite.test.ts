/** Runs the unchanged recipe for Vite of docs/session.md in Chromium, with the packed package. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { installPackedPackage } from './packed-package';
import { chromiumPath, launchChromium } from '../chromium';
import { Fixture } from '../local/ivs-chat/fixture';
import { installFromNpm } from '../npm-install';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'vite-'));
if (!chromiumPath) console.warn('SKIPPED: the recipe for Vite. Install Chromium, or set CHROMIUM_PATH.');
const hasVite = chromiumPath !== undefined && installFromNpm(folder, ['vite@8'], 'the recipe for Vite');

const vite = [join(folder, 'node_modules', 'vite', 'bin', 'vite.js')];
const environment = { ...process.env, NO_COLOR: '1', VITE_CHAT_ENDPOINT: undefined };
const html = `<!doctype html><script type="module">
  import { session } from './chat.js';
  globalThis.session = session;
  session.join();
</script>`;

(hasVite ? describe : describe.skip)('the recipe for Vite', () => {
  let browser: Browser;

  beforeAll(async () => {
    installPackedPackage(folder);
    writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    const documentation = readFileSync(join(__dirname, '..', '..', 'docs', 'session.md'), 'utf8');
    const files = [...documentation.matchAll(/```js\n\/\/ ([\w.]+)\n([^]*?)```/g)];
    expect(files.map(([, name]) => name)).toEqual(['vite.config.js', 'chat.js']);
    for (const [, name, code] of files) writeFileSync(join(folder, name!), code!);
    writeFileSync(join(folder, 'index.html'), html);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page, sends a message, and returns the URL of the connection. */
  async function chat(url: string): Promise<string> {
    const page = await browser.newPage();
    const connecting = page.waitForEvent('websocket', (socket) => !socket.url().includes('localhost'));
    await page.goto(url);
    const connection = await connecting;
    const sent = await page.evaluate(() => (globalThis as any).session.send('Hi'));
    expect(sent).toMatchObject({ content: 'Hi', status: 'sent' });
    await page.close();
    return connection.url();
  }

  test('the development server starts the service for the page, and ends it when it restarts', async () => {
    const server: ChildProcess = spawn(process.execPath, [...vite, '--port', '0'], { cwd: folder, env: environment });
    let out = '';
    const printed = async (pattern: RegExp) => {
      while (!pattern.test(out)) out += (await once(server.stdout!, 'data'))[0];
      return pattern.exec(out)!;
    };
    try {
      const [url] = await printed(/http:\/\/localhost:\d+\//);
      const first = await chat(url!);
      expect(new URL(first).hostname).toBe('127.0.0.1');

      utimesSync(join(folder, 'vite.config.js'), new Date(), new Date());
      await printed(/server restarted/);
      const second = await chat(url!);
      expect(second).not.toBe(first);
      await expect(fetch(first.replace('ws:', 'http:'))).rejects.toThrow('fetch failed');
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  });

  test('the build has the endpoint of the environment or the Region, and starts no service', async () => {
    const built = (endpoint?: string) => {
      execFileSync(process.execPath, [...vite, 'build', '--assetsDir', '.'], {
        cwd: folder, stdio: 'pipe', env: { ...environment, VITE_CHAT_ENDPOINT: endpoint },
      });
      const page = readFileSync(join(folder, 'dist', 'index.html'), 'utf8');
      const [script] = /[\w.-]+\.js/.exec(page)!;
      return { page, code: readFileSync(join(folder, 'dist', script!), 'utf8') };
    };
    const { code } = built();
    expect([code.includes('us-west-2'), code.includes('127.0.0.1')]).toEqual([true, false]);

    const fixture = await Fixture.start();
    const roomArn = await fixture.createRoom();
    const site = built(fixture.chat.messaging);
    const issueToken = () => fixture.token(roomArn, 'ada', ['SEND_MESSAGE']);
    const server = createServer(async ({ method, url }, response) => {
      if (method === 'POST') response.end(JSON.stringify({ token: await issueToken() }));
      else if (url === '/') response.setHeader('content-type', 'text/html').end(site.page);
      else response.setHeader('content-type', 'text/javascript').end(site.code);
    });
    await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
    expect(await chat(`http://localhost:${(server.address() as AddressInfo).port}/`)).toContain(fixture.chat.messaging);
    server.closeAllConnections();
    server.close();
    await fixture.end();
  });
});
