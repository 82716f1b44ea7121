import * as sdk from '@aws-sdk/client-ivschat';
import { chromium, type Browser, type Page } from 'playwright-core';
import { failure, Fixture } from './fixture';
import { chromiumPath } from '../../chromium';

if (!chromiumPath) {
  console.warn('SKIPPED: no Chromium on this machine, so the web console is not looked at in a browser');
}
const inBrowser = chromiumPath ? describe : describe.skip;

inBrowser('the web console, in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let fixture: Fixture;
  let room: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  }, 30_000);
  afterAll(() => browser.close());

  beforeEach(async () => {
    complaints.length = 0;
    fixture = await Fixture.start({
      logDestinations: { putObject: () => {}, putLogEvents: () => {}, putRecordBatch: () => {} },
    });
    const { arn } = await fixture.client.send(
      new sdk.CreateLoggingConfigurationCommand({
        name: 'archive',
        destinationConfiguration: { s3: { bucketName: 'logs' } },
      }),
    );
    room = await fixture.createRoom({ name: 'lobby', loggingConfigurationIdentifiers: [arn!] });
    page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
  }, 30_000);
  afterEach(async () => {
    await page.close();
    await fixture.end();
  });

  const rows = (id: string) => page.locator(`#${id} tbody tr`);
  const picture = (name: string) =>
    process.env.IVS_CHAT_SCREENSHOTS
      ? page.screenshot({ path: `${process.env.IVS_CHAT_SCREENSHOTS}/${name}.png`, fullPage: true })
      : undefined;

  test('shows rooms, connections, messages, tokens, requests and deliveries live', async () => {
    await page.goto(fixture.chat.controlPlane); // redirects to the console
    expect(page.url()).toBe(fixture.chat.console);
    await page.getByText('live', { exact: true }).waitFor();
    const alice = await fixture.connect(room, 'alice', ['SEND_MESSAGE', 'DELETE_MESSAGE']);
    await fixture.connect(room, 'bob');
    await fixture.token(room, 'carol');
    await alice.ask({ Action: 'SEND_MESSAGE', Content: 'Hello <b>world</b> <img src=x onerror=alert(1)> 👋' });
    await alice.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAAA' });
    await alice.ask({ Action: 'DISCONNECT_USER', UserId: 'bob' });
    await failure(fixture.client.send(new sdk.GetRoomCommand({ identifier: room.replace(/.{12}$/, 'AAAAAAAAAAAA') })));
    await fixture.chat.flushLogs();
    await rows('messages').filter({ hasText: 'Hello <b>world</b>' }).waitFor();
    await rows('messages').filter({ hasText: 'aws:DELETE_MESSAGE' }).waitFor();
    await rows('deliveries').filter({ hasText: 's3://logs/AWSLogs/' }).waitFor();
    await rows('requests').filter({ hasText: 'ResourceNotFoundException' }).waitFor();
    await rows('requests').filter({ hasText: 'DISCONNECT_USER' }).filter({ hasText: '403' }).waitFor();
    await rows('tokens').filter({ hasText: 'carol' }).filter({ hasText: 'unused' }).waitFor();
    expect(await rows('rooms').filter({ hasText: 'lobby' }).locator('td').nth(2).innerText()).toBe('2');
    expect(await rows('connections').allInnerTexts()).toHaveLength(2);
    expect(await rows('logging').allInnerTexts()).toEqual([expect.stringContaining('s3: logs')]);
    expect(await page.locator('#messages img, #messages b').count()).toBe(0);
    await page.getByLabel('only errors').check();
    await page.waitForFunction(
      () => (globalThis as any).document.querySelectorAll('#requests .badge.good').length === 0,
    );
    await picture('console-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture('console-dark');
    expect(complaints).toEqual([]);
  }, 30_000);

  test('can inject and remove faults and drop connections with the keyboard', async () => {
    await page.goto(fixture.chat.console);
    const alice = await fixture.connect(room, 'alice');
    await rows('connections').filter({ hasText: 'alice' }).waitFor();
    await page.getByRole('combobox', { name: 'Kind' }).focus();
    await page.keyboard.type('throttle');
    await page.keyboard.press('Tab');
    await page.keyboard.type('CreateRoom');
    await page.keyboard.press('Tab');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    await rows('faults').filter({ hasText: 'throttle' }).filter({ hasText: 'CreateRoom' }).waitFor();
    expect(await failure(fixture.createRoom())).toBeInstanceOf(sdk.ThrottlingException);
    await page.getByRole('button', { name: 'Remove the fault throttle' }).focus();
    await page.keyboard.press('Enter');
    await rows('faults').filter({ hasText: 'No active faults' }).waitFor();
    const focused = () => page.evaluate(() => {
      const { ariaLabel, textContent } = (globalThis as any).document.activeElement;
      return ariaLabel ?? textContent.trim().slice(0, 4);
    });
    expect(await focused()).toBe('Kind'); // the table of the faults, because the button was removed
    await page.getByRole('button', { name: 'Drop the connections of room lobby' }).focus();
    await fixture.createRoom();
    await rows('rooms').filter({ hasText: '(no name)' }).waitFor(); // the table is rendered again
    expect(await focused()).toBe('Drop the connections of room lobby');
    await page.keyboard.press('Enter');
    expect(await alice.closed).toBe(1006);
    expect(complaints).toEqual([]);
  }, 30_000);

  test.each(['light', 'dark'] as const)('meets the accessibility rules in %s mode', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(fixture.chat.console);
    await page.getByText('live', { exact: true }).waitFor();
    await fixture.token(room, 'carol');
    await rows('tokens').filter({ hasText: 'carol' }).waitFor();
    const unnamed = await page.evaluate(() => {
      const document = (globalThis as any).document;
      return [...document.querySelectorAll('button, input, select')]
        .filter(
          (control: any) =>
            !(control.labels?.length || control.getAttribute('aria-label') || control.textContent.trim()),
        )
        .map((control: any) => control.outerHTML);
    });
    expect(unnamed).toEqual([]);
    const faint = await page.evaluate(() => {
      const window = globalThis as any;
      const channels = (color: string) => color.match(/[\d.]+/g)!.map(Number);
      const luminance = (color: number[]) => {
        const [r, g, b] = color
          .slice(0, 3)
          .map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const ground = (element: any): number[] => {
        const color = channels(window.getComputedStyle(element).backgroundColor);
        return color[3] === 0 && element.parentElement ? ground(element.parentElement) : color;
      };
      return [...window.document.querySelectorAll('h1, h2, th, td, dt, dd, label, button, .badge')]
        .filter((element: any) => element.innerText.trim())
        .map((element: any) => {
          const [a, b] = [luminance(channels(window.getComputedStyle(element).color)), luminance(ground(element))];
          return [element.innerText.slice(0, 30), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
        })
        .filter(([, ratio]: any) => ratio < 4.5);
    });
    expect(faint).toEqual([]);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(complaints).toEqual([]);
  }, 30_000);

  test('shows that the service is not reachable', async () => {
    await page.goto(fixture.chat.console);
    await page.getByText('live', { exact: true }).waitFor();
    await fixture.chat.close();
    await page.getByText('not reachable').waitFor();
    fixture = await Fixture.start();
  }, 30_000);

  test('fits in a narrow window', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(fixture.chat.console);
    await page.getByText('live', { exact: true }).waitFor();
    expect(await page.evaluate(() => (globalThis as any).document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      390,
    );
    await picture('console-narrow');
  }, 30_000);
});
