/**
 * A session in a tab of Chromium that is really in the background. Another tab is in front of it, so Chromium reports
 * it as hidden, renders no frames and slows its timers down. The DevTools protocol freezes it as Chromium does to save
 * memory: then no timer and no event of the page runs.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { chromiumPath, serveHtml, type ServedPage } from '../../chromium';
import { Fixture, type TestConnection } from '../../local/ivs-chat/fixture';

jest.setTimeout(90_000); // enough for a busy machine

if (!chromiumPath) console.warn('SKIPPED: a session in a background tab. Install Chromium, or set CHROMIUM_PATH.');

(chromiumPath ? describe : describe.skip)('a tab in the background', () => {
  let site: ServedPage;
  let program: ChildProcess;
  let browser: Browser;
  let tab: Page;
  let otherTab: Page;
  let devTools: CDPSession;
  let fixture: Fixture;
  let roomArn: string;
  let bob: TestConnection;
  let tokens = 0;

  beforeAll(async () => {
    fixture = await Fixture.start();
    roomArn = await fixture.createRoom({ maximumMessageRatePerSecond: 100 });
    bob = await fixture.connect(roomArn, 'bob', ['SEND_MESSAGE']);
    site = await serveHtml('<!doctype html>');

    // A browser that Playwright starts shows all tabs as visible.
    program = spawn(chromiumPath!, [
      '--headless=new', '--no-sandbox', '--remote-debugging-port=0',
      `--user-data-dir=${mkdtempSync(join(tmpdir(), 'chromium-'))}`, 'about:blank',
    ], { stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    const address = /DevTools listening on (ws:\S+)/;
    while (!address.test(printed)) printed += (await once(program.stderr!, 'data'))[0];
    browser = await chromium.connectOverCDP(address.exec(printed)![1]!, { noDefaults: true });

    const [context] = browser.contexts();
    otherTab = context!.pages()[0]!;
    tab = await context!.newPage();
    devTools = await context!.newCDPSession(tab);
    await tab.exposeFunction('issueToken', () => {
      tokens++;
      return fixture.token(roomArn, 'ada', ['SEND_MESSAGE']);
    });
    await tab.goto(site.url);
    const { outputFiles } = buildSync({
      entryPoints: [join(__dirname, '..', 'react', 'page.ts')], bundle: true, format: 'iife', write: false,
    });
    await tab.addScriptTag({ content: outputFiles[0]!.text });
    await tab.evaluate((endpoint) => (globalThis as any).startSession(endpoint), fixture.chat.messaging);
    await reaches('connected');
  });
  afterAll(async () => {
    await browser?.close();
    if (program?.exitCode === null && program.kill()) await once(program, 'exit');
    await site?.close();
    await fixture.end();
  });
  beforeEach(async () => {
    await tab.bringToFront();
    await reaches('connected');
    await otherTab.bringToFront();
    await tab.waitForFunction(() => document.visibilityState === 'hidden', undefined, { polling: 50 });
  });

  // The page of a tab in the background has no frames, so Playwright has to look at it by a timer.
  const reaches = (status: string) => tab.waitForFunction((expected) =>
    (globalThis as any).session.status === expected, status, { polling: 50 });
  const entries = (): Promise<string[]> => tab.evaluate(() =>
    (globalThis as any).session.messages.map((entry: any) => (entry.type === 'gap' ? 'gap' : entry.content)));
  const shows = (content: string) => tab.waitForFunction((expected) =>
    (globalThis as any).session.messages.some((entry: any) => entry.content === expected), content, { polling: 50 });

  /** Sends a message, waits until the service has delivered it, and returns its time. */
  async function say(content: string): Promise<{ content: string; time: number }> {
    bob.send({ Action: 'SEND_MESSAGE', Content: content });
    for (;;) {
      const { Content, SendTime } = await bob.next();
      if (Content === content) return { content, time: Date.parse(SendTime) };
    }
  }
  const setState = (state: 'frozen' | 'active') => devTools.send('Page.setWebLifecycleState', { state });

  test('receives messages and notifications', async () => {
    const notifications = () => tab.evaluate(() => (globalThis as any).notifications);
    const before = await notifications();
    await say('hidden');
    await shows('hidden');
    while (await notifications() === before);
    expect(await tab.evaluate(() => document.visibilityState)).toBe('hidden');
  });

  test('connects again in the background, with a gap', async () => {
    fixture.chat.dropConnections();
    bob = await fixture.connect(roomArn, 'bob', ['SEND_MESSAGE']);
    await reaches('reconnecting');
    await reaches('connected');
    await say('again');
    await shows('again');
    expect((await entries()).slice(-2)).toEqual(['gap', 'again']);
    expect(await tab.evaluate(() => document.visibilityState)).toBe('hidden');
  });

  test('connects again after it was frozen, without a loss outside of the gap', async () => {
    const before = await entries();
    const tokensBefore = tokens;
    await say('last');
    await shows('last');
    await setState('frozen'); // Chromium closes the connection a little later, and the page does not learn it.
    const missing = [await say('missing 1'), await say('missing 2')];
    expect(await tab.evaluate(() => (globalThis as any).session.status)).toBe('connected');

    await setState('active');
    await tab.bringToFront();
    while ((await entries()).at(-1) !== 'gap');
    await reaches('connected');
    await say('found');
    await shows('found');
    expect(tokens).toBe(tokensBefore + 1);
    const after = await entries();
    const arrived = missing.filter(({ content }) => after.includes(content));
    expect(after).toEqual([...before, 'last', ...arrived.map(({ content }) => content), 'gap', 'found']);
    const [from, to] = await tab.evaluate(() => {
      const gap = (globalThis as any).session.messages.at(-2);
      return [+gap.from, +gap.to] as [number, number];
    });
    for (const { time } of missing.slice(arrived.length)) {
      expect(time).toBeGreaterThanOrEqual(from);
      expect(time).toBeLessThanOrEqual(to);
    }
  });
});
