/** The chat page of the example in Chromium when it loses its connection: the banner, and the way back. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Page, Route } from 'playwright-core';
import { ChatPageBrowser, connected, say } from './chat-page-browser';
import { DeployedLiveChat } from './deployed-live-chat';
import { DeleteRoomCommand, IvschatClient } from '../../lambda/client';
import { chromiumPath } from '../chromium';

jest.setTimeout(180_000);

if (!chromiumPath) console.warn('SKIPPED: the chat page. Install Chromium, or set CHROMIUM_PATH.');

/** A proxy for the messaging endpoint that can end connections. */
class MessagingProxy {
  static async start(messaging: string): Promise<MessagingProxy> {
    const proxy = new MessagingProxy(Number(new URL(messaging).port));
    await once(proxy.server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(port: number) {
    this.server = createServer((socket) => {
      const service = connect(port, '127.0.0.1');
      socket.pipe(service).pipe(socket);
      this.sockets.add(socket);
      for (const [one, other] of [[socket, service], [service, socket]] as const) {
        one.on('error', () => {}).on('close', () => other.destroy());
      }
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends the connections as a failing network does. */
  drop(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Ends the connections with a close frame with the status 1000. */
  closeCleanly(): void {
    for (const socket of this.sockets) socket.end(Buffer.from([0x88, 2, 0x03, 0xe8]));
  }

  close(): void {
    this.drop();
    this.server.close();
  }
}

(chromiumPath ? describe : describe.skip)('the chat page in Chromium', () => {
  let chat: DeployedLiveChat;
  let proxy: MessagingProxy;
  let browser: ChatPageBrowser;
  let page: Page;

  beforeAll(async () => {
    chat = await DeployedLiveChat.start();
    proxy = await MessagingProxy.start(chat.local.messaging);
    chat.page.configure({ chatUrl: chat.outputs.ChatUrl, messaging: proxy.url }, chat.signIn);
    browser = await ChatPageBrowser.launch(chat.page.origin);
  });
  afterAll(async () => {
    await browser?.close();
    proxy?.close();
    await chat?.close();
  });

  beforeEach(async () => {
    page = await browser.join('Ada');
    await say(page, 'Before');
    await page.locator('.message:not(.sending)', { hasText: 'Before' }).waitFor();
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.errors.splice(0)).toEqual([]);
  });

  const banner = (text: string) => page.locator('.banner').getByRole('alert').filter({ hasText: text }).waitFor();
  /** Waits for a pause in which a test can click the button before the page tries again on its own. */
  const longPause = () => page.getByText(/Next attempt in ([3-9]|\d\d) s/).waitFor();
  const userId = () => page.evaluate(() => sessionStorage.userId as string);
  const moderate = async (operation: string, input: object) =>
    chat.call(await chat.tokenOf('Grace', 'moderator'), operation, { userId: await userId(), ...input });

  /** Answers the requests for a chat token in another way, until the returned function is called. */
  async function interceptTokens(handler: (route: Route) => unknown): Promise<() => Promise<void>> {
    await page.route('**/create-chat-token', handler);
    return () => page.unroute('**/create-chat-token', handler);
  }

  async function expectConnected(): Promise<void> {
    await connected(page);
    expect(await page.locator('.banner').count()).toBe(0);
    await say(page, 'After');
    await page.getByText('After').waitFor();
    expect(await page.getByText('Before').count()).toBe(1);
  }

  test.each([
    ['an abrupt close', () => proxy.drop()],
    ['a clean close, as at the end of a session', () => proxy.closeCleanly()],
  ])('after %s, the page connects again on its own', async (_, end) => {
    const waiting: Route[] = [];
    let isReleased = false;
    const release = await interceptTokens((route) => (isReleased ? route.continue() : waiting.push(route)));
    end();
    await banner('The connection was lost.');
    await page.getByText('Reconnecting …').waitFor();
    // A browser can continue the waiting requests itself as soon as nothing intercepts requests any more.
    isReleased = true;
    await Promise.all(waiting.map((route) => route.continue()));
    await release();
    await expectConnected();
    await page.getByText('Messages may be missing here').waitFor();
  });

  test('while the chat API fails, the page shows the time of the next attempt, and can try at once', async () => {
    const release = await interceptTokens((route) => route.fulfill({
      status: 500, json: {}, headers: { 'access-control-allow-origin': '*' },
    }));
    proxy.drop();
    await banner('The chat cannot be reached.');
    await longPause();
    await release();
    await page.getByRole('button', { name: 'Retry now' }).click();
    await expectConnected();
  });

  test('a refused user reads the reason, and can try again', async () => {
    const release = await interceptTokens((route) => route.fulfill({
      status: 403, json: { title: 'Your subscription has ended' }, headers: { 'access-control-allow-origin': '*' },
    }));
    proxy.drop();
    await banner('You cannot enter the chat: Your subscription has ended');
    await release();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectConnected();
  });

  test('an expired sign-in is renewed', async () => {
    const requests: string[] = [];
    await page.route('**/create-chat-token', (route) => {
      requests.push(route.request().headers().authorization!);
      if (requests.length > 1) return route.continue();
      return route.fulfill({ status: 401, json: {}, headers: { 'access-control-allow-origin': '*' } });
    });
    proxy.drop();
    await page.getByText('Reconnecting …').waitFor();
    await expectConnected();
    expect(new Set(requests).size).toBe(2);

    // The drawer also has the frames of the time before.
    await page.getByRole('button', { name: 'Under the hood' }).click();
    expect(await page.locator('.wire code').getByText('CONNECT', { exact: true }).count()).toBe(2);
  });

  test('a user whom a moderator has disconnected reads the reason, and can connect again', async () => {
    await moderate('disconnect-user', { reason: 'Please calm down' });
    await banner('A moderator has disconnected you. Reason: Please calm down');
    await page.getByText('Not connected').waitFor();
    await page.getByRole('button', { name: 'Connect again' }).click();
    await expectConnected();
  });

  test('a banned user stays out until the ban ends', async () => {
    await moderate('ban-user', {});
    await banner('A moderator has disconnected you.');
    await page.getByRole('button', { name: 'Connect again' }).click();
    await banner('A moderator has banned you from this chat.');
    await page.getByRole('button', { name: 'Check again' }).click();
    await banner('A moderator has banned you from this chat.');
    await moderate('unban-user', {});
    await page.getByRole('button', { name: 'Check again' }).click();
    await expectConnected();
  });

  test('without a network, the page waits for it', async () => {
    await page.context().setOffline(true);
    proxy.drop();
    await banner('Your device is offline.');
    expect(await page.locator('.banner button').count()).toBe(0);
    await page.context().setOffline(false);
    await expectConnected();
  });

  test('after the server of the page has ended, the page enters the chat when the server runs again', async () => {
    const urls = /create-chat-token|configuration\.json/;
    await page.route(urls, (route) => route.abort());
    proxy.drop();
    await banner('The server of this chat has ended. Run npm start again.');
    await longPause();
    await page.unroute(urls);
    await page.getByRole('button', { name: 'Retry now' }).click();
    await expectConnected();
  });

  // The other tests need the room.
  test('after the room has been deleted, the page says so and stays out', async () => {
    const { controlPlane: endpoint, environment } = chat.local;
    const credentials = {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
    };
    const client = new IvschatClient({ region: 'us-west-2', endpoint, credentials });
    await client.send(new DeleteRoomCommand({ identifier: chat.outputs.RoomArn }));
    await banner('This chat has ended.');
    await page.getByRole('button', { name: 'Check again' }).click();
    await banner('This chat has ended.');
  });

  // It deploys the example twice.
  const long = process.env.LONG_TESTS ? test : test.skip;
  long('after the server has been started again, the page enters the new room', async () => {
    const first = await DeployedLiveChat.start();
    const port = Number(new URL(first.page.origin).port);
    const tab = await ChatPageBrowser.launch(first.page.origin);
    let second: DeployedLiveChat | undefined;
    try {
      page = await tab.join('Ada');
      await first.close();
      await banner('The server of this chat has ended. Run npm start again.');
      second = await DeployedLiveChat.start(port);
      await page.getByRole('button', { name: 'Retry now' }).click();
      await connected(page);
      const reader = await tab.join('Bob');
      await say(page, 'In the new room');
      await reader.getByText('In the new room').waitFor();
      expect(tab.errors).toEqual([]);
    } finally {
      await tab.close();
      await second?.close();
    }
  });
});
