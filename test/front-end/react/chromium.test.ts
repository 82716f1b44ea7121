/** Sessions and hooks in Chromium, with React 19 and 18, against the local service. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { EVERYTHING } from '../session/participant';
import { chromiumPath, launchChromium, serveHtml, type ServedPage } from '../../chromium';
import { installFromNpm } from '../../npm-install';
import { Fixture } from '../../local/ivs-chat/fixture';

if (!chromiumPath) console.warn('SKIPPED: sessions and hooks in a browser. Install Chromium, or set CHROMIUM_PATH.');

const folder = mkdtempSync(join(tmpdir(), 'react-18-'));
const hasReact18 = chromiumPath !== undefined
  && installFromNpm(folder, ['react@18', 'react-dom@18'], 'the hooks with React 18');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const root = join(__dirname, '..', '..', '..');
const versions: [string, string][] = [['19', root], ...hasReact18 ? [['18', folder] as [string, string]] : []];

(chromiumPath ? describe : describe.skip).each(versions)('in Chromium with React %s', (version, modules) => {
  let site: ServedPage;
  let browser: Browser;
  let script: string;
  let fixture: Fixture;
  let context: BrowserContext;
  let roomArn: string;
  let tokens: number;
  /** The token function of each token. */
  const issuers: (string | undefined)[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    const alias = Object.fromEntries(['react', 'react-dom'].map((name) => [name, join(modules, 'node_modules', name)]));
    script = buildSync({
      entryPoints: [join(__dirname, 'page.ts')],
      alias,
      bundle: true,
      format: 'iife',
      write: false,
      platform: 'browser',
    }).outputFiles[0]!.text;
    const html = '<!doctype html><div id="root"></div>';
    site = await serveHtml(html);
    browser = await launchChromium();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  beforeEach(async () => {
    tokens = 0;
    errors.length = issuers.length = 0;
    fixture = await Fixture.start();
    roomArn = await fixture.createRoom({ maximumMessageRatePerSecond: 100 });
    context = await browser.newContext();
  });
  afterEach(async () => {
    await context.close();
    await fixture.end();
    expect(errors).toEqual([]);
  });

  async function open(start: 'startSession' | 'startReact', userId: string): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.exposeFunction('issueToken', async (issuer?: string) => {
      tokens++;
      issuers.push(issuer);
      return { token: await fixture.token(roomArn, userId, EVERYTHING), userId };
    });
    await page.goto(site.url);
    await page.addScriptTag({ content: script });
    await page.evaluate(([name, endpoint]) => (globalThis as any)[name!](endpoint), [start, fixture.chat.messaging]);
    await page.waitForFunction(() => (globalThis as any).session.status === 'connected');
    return page;
  }
  const issued = async (count: number) => {
    while (tokens < count) await new Promise(setImmediate);
  };
  const connectionCount = async () => (await fixture.state()).rooms[0]!.connections;
  const say = (page: Page, text: string) => page.evaluate((content) => (globalThis as any).session.send(content), text);
  const hears = (page: Page, text: string) => page.waitForFunction((content) =>
    (globalThis as any).session.messages.some((entry: any) => entry.content === content), text);

  test('StrictMode opens one connection with one token, and the last unmount closes it', async () => {
    const page = await open('startReact', 'ada');
    expect(await page.evaluate(() => (globalThis as any).renders)).toBeGreaterThan(1);
    expect([tokens, await connectionCount()]).toEqual([1, 1]);
    await page.evaluate(() => (globalThis as any).send('Hi'));
    await page.waitForFunction(() => document.querySelector('li')?.textContent === 'Hi sent');
    expect(await page.evaluate(() => (globalThis as any).heard)).toEqual(['Hi']);
    await page.evaluate(() => void (globalThis as any).send(' ')); // An ignored rejection is not an unhandled one.
    await page.waitForFunction(() => document.getElementById('error')?.textContent === 'invalid');

    await page.evaluate(() => (globalThis as any).show(false));
    await page.waitForFunction(() => document.getElementById('status')?.textContent === 'unmounted');
    while (await connectionCount());
    await page.evaluate(() => (globalThis as any).show(true));
    await page.waitForFunction(() => document.getElementById('status')?.textContent === 'connected');
    expect([tokens, await connectionCount()]).toEqual([2, 1]);
  }, 60_000);

  test('the last token function is called, and another key or endpoint makes a new session', async () => {
    const page = await open('startReact', 'ada');
    const endpoint = fixture.chat.messaging;
    const render = (appProps: object) => page.evaluate((props) => {
      (globalThis as any).before = (globalThis as any).session;
      (globalThis as any).setAppProps(props);
    }, appProps);
    const hasSameSession = () => page.evaluate(() => (globalThis as any).before === (globalThis as any).session);

    await render({ endpoint, issuer: 'second' });
    fixture.chat.dropConnections();
    await issued(2);
    expect(await hasSameSession()).toBe(true);
    await render({ endpoint, issuer: 'third', sessionKey: 'another' });
    await issued(3);
    expect(await hasSameSession()).toBe(false);
    await render({ endpoint: `${endpoint}/`, issuer: 'fourth', sessionKey: 'another' });
    await issued(4);
    expect(await hasSameSession()).toBe(false);
    expect(issuers).toEqual([undefined, 'second', 'third', 'fourth']);
    await page.waitForFunction(() => (globalThis as any).session.status === 'connected');
  }, 60_000);

  test('100 messages render at most once for each frame', async () => {
    const page = await open('startReact', 'ada');
    const speakers = await Promise.all([...Array(10)].map((_, index) =>
      fixture.connect(roomArn, `speaker-${index}`, ['SEND_MESSAGE'])));
    const counts = () => page.evaluate(() => [(globalThis as any).renders, (globalThis as any).frames]);
    const [renders, frames] = await counts();
    for (const speaker of speakers) {
      for (let message = 0; message < 10; message++) speaker.send({ Action: 'SEND_MESSAGE', Content: `${message}` });
    }
    await page.waitForFunction(() => document.querySelectorAll('li').length === 100);
    const [laterRenders, laterFrames] = await counts();
    // StrictMode renders each time twice.
    expect((laterRenders - renders) / 2).toBeLessThanOrEqual(laterFrames - frames + 1);
  }, 60_000);

  if (version !== '19') return; // The rest does not depend on React.

  test('two pages talk, also after a time without a network, in which no token is requested', async () => {
    const [one, two] = [await open('startSession', 'ada'), await open('startSession', 'bob')];
    await say(one, 'Hi');
    await hears(two, 'Hi');
    await context.setOffline(true);
    fixture.chat.dropConnections();
    for (const page of [one, two]) {
      await page.waitForFunction(() => (globalThis as any).session.status === 'reconnecting');
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // longer than the first back-off
    expect(tokens).toBe(2);
    await context.setOffline(false);
    for (const page of [one, two]) {
      await page.waitForFunction(() => (globalThis as any).session.status === 'connected');
    }
    expect(tokens).toBe(4);
    await say(two, 'back');
    await hears(one, 'back');
    expect(await one.evaluate(() => (globalThis as any).session.messages.map(({ type }: any) => type))).toEqual(
      ['message', 'gap', 'message']);
  }, 60_000);

  test('a page in the background receives messages and notifications', async () => {
    const page = await open('startSession', 'ada');
    const setVisibility = (state: string) => page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
    await setVisibility('hidden');
    const before = await page.evaluate(() => (globalThis as any).notifications);
    await say(page, 'in the background');
    await page.waitForFunction((count) => (globalThis as any).notifications > count, before);
    await setVisibility('visible');
    await hears(page, 'in the background');
  }, 60_000);
});
