import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-ivschat';
import { ChatRoom, DisconnectUserRequest, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import type { Browser, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { VirtualClock, type Clock } from '../../../local/clock';
import type { DeployState } from '../../../local/aws/deploy-state';
import type { LocalIvsChatOptions } from '../../../local/ivs-chat/start-local-ivs-chat';
import { failure, Fixture } from './fixture';
import { chromiumPath, launchChromium } from '../../chromium';

if (!chromiumPath) {
  console.warn('SKIPPED: no Chromium on this machine, so the web console is not looked at in a browser');
}
const inBrowser = chromiumPath ? describe : describe.skip;

const reviewUri = 'arn:aws:lambda:us-west-2:123456789012:function:review';
const everything = ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'];
const hostile = 'Hello <b>world</b> <img src=x onerror=alert(1)> 👋';

const deployState: DeployState = {
  stacks: [{
    name: 'LiveChat',
    status: 'UPDATE_ROLLBACK_COMPLETE',
    statusReason: undefined,
    lastUpdated: new Date(0).toISOString(),
    outputs: [{ name: 'TokenUrl', value: 'http://127.0.0.1:8080/' }],
    resources: [
      { logicalId: 'Review', physicalId: 'review', type: 'AWS::Lambda::Function', status: 'CREATE_COMPLETE' },
      {
        logicalId: 'Room',
        type: 'Custom::IVSChatRoom',
        status: 'CREATE_FAILED',
        statusReason: 'The room name is not valid <script>alert(1)</script>',
      },
    ],
    events: [{
      time: new Date(0).toISOString(),
      logicalId: 'Room',
      type: 'Custom::IVSChatRoom',
      status: 'CREATE_FAILED',
      statusReason: 'The room name is not valid',
    }],
  }],
  logLines: [{
    id: '1',
    time: new Date(0).toISOString(),
    logGroupName: '/aws/lambda/review',
    message: 'review of ada, "ResponseURL":"http://127.0.0.1:1/arn%3Aaws%3Acloudformation%3A1?X-Amz-Signature=abc"',
  }],
};

inBrowser('the web console, in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let fixture: Fixture;
  let room: string;
  const complaints: string[] = [];
  const rooms: ChatRoom[] = [];

  beforeAll(async () => {
    (globalThis as any).WebSocket ??= WebSocket; // for the official messaging client in Node.js
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser.close());

  const start = async (options: LocalIvsChatOptions = {}) => {
    fixture = await Fixture.start({
      logDestinations: { putObject: () => {}, putLogEvents: () => {}, putRecordBatch: () => {} },
      ...options,
    });
    const { arn } = await fixture.client.send(
      new sdk.CreateLoggingConfigurationCommand({
        name: 'archive',
        destinationConfiguration: { s3: { bucketName: 'logs' } },
      }),
    );
    room = await fixture.createRoom({ name: 'lobby', loggingConfigurationIdentifiers: [arn!] });
  };
  const newPage = async () => {
    const opened = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    opened.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('ERR_CONNECTION_REFUSED')) {
        complaints.push(message.text());
      }
    });
    opened.on('pageerror', (error) => complaints.push(String(error)));
    return opened;
  };

  beforeEach(async () => {
    complaints.length = 0;
    await start();
    page = await newPage();
  }, 60_000);
  afterEach(async () => {
    for (const chatRoom of rooms.splice(0)) chatRoom.disconnect();
    await page.close();
    await fixture.end();
    expect(complaints).toEqual([]);
  });

  const open = async (hash = '') => {
    await page.goto(`${fixture.chat.console}${hash}`);
    await page.getByText('Live', { exact: true }).waitFor();
  };
  const table = (name: string) => page.getByRole('region', { name, exact: true });
  const row = (name: string, ...texts: string[]) => texts.reduce(
    (found, text) => found.filter({ hasText: text }), table(name).locator('tbody tr'),
  );
  const explanation = (text: string) => page.locator('.explanation').getByText(text).first();
  /** Connects with the official messaging client. */
  const connect = async (userId: string, displayName: string, capabilities: string[] = []) => {
    const client = new ChatRoom({
      regionOrUrl: fixture.chat.messaging,
      maxReconnectAttempts: 0,
      tokenProvider: async () => ({
        token: await fixture.token(room, userId, capabilities, { attributes: { displayName } }),
        sessionExpirationTime: new Date(Date.now() + 3_600_000),
        tokenExpirationTime: new Date(Date.now() + 60_000),
      }),
    });
    client.logLevel = 'silent' as any;
    const connected = new Promise((resolve) => client.addListener('connect', resolve as any));
    client.connect();
    rooms.push(client);
    await connected;
    return client;
  };

  test('shows a kicked user, hostile content, a refused frame and the deliveries of chat logs', async () => {
    await page.goto(fixture.chat.console);
    await page.getByText('Live', { exact: true }).waitFor();
    const ada = await connect('user-1', 'Ada <i>Lovelace</i>', everything);
    const bob = await connect('user-2', 'Bob');
    await ada.sendMessage(new SendMessageRequest(hostile));
    await expect(bob.sendMessage(new SendMessageRequest('may I?'))).rejects.toMatchObject({ errorCode: 403 });
    await ada.disconnectUser(new DisconnectUserRequest('user-2', 'spam'));
    await fixture.chat.flushLogs();

    await page.getByRole('link', { name: /^Messages/ }).first().click();
    await row('Messages and events', hostile, 'Ada <i>Lovelace</i>').waitFor();
    await row('Messages and events', 'aws:DISCONNECT_USER', 'spam').waitFor();
    expect(await page.locator('main img, main b, main i').count()).toBe(0);

    await open('#/people');
    await row('People', 'Bob', 'left', 'Disconnected by Ada <i>Lovelace</i>, reason: spam.').waitFor();
    await row('People', 'Ada <i>Lovelace</i>').filter({ hasNotText: 'Bob' }).filter({ hasText: 'connected' }).waitFor();

    await open('#/frames?show=failed');
    await row('Frames', '↑ SEND_MESSAGE', '403').getByRole('link').first().click();
    await explanation('The chat token of this user does not have the capability SEND_MESSAGE.').waitFor();
    await page.getByText('"may I?"').waitFor();

    await open('#/logs');
    await row('Deliveries of chat logs', 's3://logs/AWSLogs/', 'delivered').first().waitFor();
  }, 60_000);

  test('explains a 429 of a room, and a request of the control plane with its input and output', async () => {
    await fixture.client.send(new sdk.UpdateRoomCommand({ identifier: room, maximumMessageRatePerSecond: 1 }));
    const ada = await connect('user-1', 'Ada', everything);
    await ada.sendMessage(new SendMessageRequest('one'));
    await expect(ada.sendMessage(new SendMessageRequest('two'))).rejects.toMatchObject({ errorCode: 429 });
    const missing = room.replace(/.{12}$/, 'AAAAAAAAAAAA');
    await failure(fixture.client.send(new sdk.GetRoomCommand({ identifier: missing })));

    await open();
    const failures = page.locator('section').filter({ hasText: 'What did not work' });
    await failures.getByText('Ada: More than 1 messages per second in this room.').waitFor();
    await failures.getByRole('link', { name: 'GetRoom 404' }).click();
    await page.getByRole('heading', { name: 'GetRoom 404' }).waitFor();
    await page.getByLabel('Input', { exact: true }).getByText(missing).waitFor();
    await page.getByLabel('Output', { exact: true }).getByText('not found').waitFor();
    await page.getByText('A restart without a state file removes all rooms.').waitFor();
    await page.getByRole('button', { name: 'curl' }).click();
    await page.getByLabel('curl', { exact: true }).getByText(`${fixture.chat.controlPlane}/GetRoom`).waitFor();
  }, 60_000);

  test('explains a review that timed out, and the effect of the fallback result', async () => {
    await fixture.end();
    await start({ invokeFunction: () => new Promise(() => {}) });
    await fixture.client.send(new sdk.UpdateRoomCommand({
      identifier: room, messageReviewHandler: { uri: reviewUri, fallbackResult: 'DENY' },
    }));
    const ada = await connect('user-1', 'Ada', everything);
    await expect(ada.sendMessage(new SendMessageRequest('hello'))).rejects.toMatchObject({ errorCode: 406 });

    await open('#/requests?show=failed');
    await row('Requests', 'MessageReview', 'did not answer within 200 ms').getByRole('link').first().click();
    await explanation('The fallback result DENY applied, so the message was rejected.').waitFor();
    await page.getByRole('link', { name: /^Frame \d/ }).click();
    await page.getByRole('heading', { name: '↑ SEND_MESSAGE' }).waitFor();
  }, 60_000);

  test('never shows a chat token, a ResponseURL or credentials', async () => {
    await fixture.end();
    await start({ deployState: () => deployState });
    const token = await fixture.token(room, 'user-1', everything);
    const connection = await fixture.open(token);
    if (typeof connection === 'number') throw new Error('refused');
    const { secretAccessKey } = fixture.chat.identities.administrator;
    await connection.ask({
      Action: 'SEND_MESSAGE', Content: `my token is ${token}`, Attributes: { Authorization: secretAccessKey },
    });
    const response = await fetch(`${fixture.chat.console}events`);
    const reader = response.body!.getReader();
    const first = Buffer.from((await reader.read()).value!).toString();
    await reader.cancel();
    expect(first).toContain('my token is ••••••••');
    expect(first).toContain('"token":"••••••••"');
    expect(first).toContain('review of ada');
    for (const secret of [token, secretAccessKey, 'X-Amz-Signature', 'arn%3Aaws%3Acloudformation']) {
      expect(first).not.toContain(secret);
    }
    await open('#/logs');
    await row('Output of functions', 'review of ada', '••••••••').waitFor();
  }, 60_000);

  test('shows stacks with their failed resources, and links to the output of a function', async () => {
    await fixture.end();
    await start({ deployState: () => deployState });
    await open('#/stack');
    await page.getByText('Room: The room name is not valid <script>alert(1)</script>').waitFor();
    await row('Events', 'create failed', 'Room').waitFor();
    await row('Resources', 'Review').getByRole('link', { name: 'Logs' }).click();
    await row('Output of functions', 'review of ada').waitFor();
  }, 60_000);

  test('faults are switches, with a banner that removes them', async () => {
    const ada = await fixture.connect(room, 'ada', everything);
    await open('#/faults');
    await page.getByRole('switch', { name: 'Throttle' }).check();
    await page.getByText('A fault is on: Throttle').waitFor();
    expect(await ada.ask({ Action: 'SEND_MESSAGE', Content: 'x' })).toMatchObject({ ErrorCode: 429 });
    await page.getByRole('link', { name: '1 affected request' }).click();
    await row('Requests', 'SEND_MESSAGE', 'The injected fault “throttle” caused this.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('A fault is on').waitFor({ state: 'hidden' });
    expect(fixture.chat.faults.list()).toEqual([]);
    expect(await ada.ask({ Action: 'SEND_MESSAGE', Content: 'x' })).toMatchObject({ Type: 'MESSAGE' });
  }, 60_000);

  test.each<[string, () => Promise<unknown>]>([
    ['Slow 2 s', async () => {
      const begin = performance.now();
      await fixture.createRoom();
      expect(performance.now() - begin).toBeGreaterThan(1_900); // at least the delay of the fault
    }],
    ['Drop everyone', async () => {
      const opening = fixture.open(await fixture.token(room, 'bob'));
      await expect(opening).rejects.toThrow('socket hang up');
    }],
    ['Review down', async () => {
      await fixture.client.send(new sdk.UpdateRoomCommand({
        identifier: room, messageReviewHandler: { uri: reviewUri, fallbackResult: 'DENY' },
      }));
      const bob = await fixture.connect(room, 'bob', everything);
      expect(await bob.ask({ Action: 'SEND_MESSAGE', Content: 'x' })).toMatchObject({ ErrorCode: 406 });
    }],
    ['Expire tokens', async () => expect(await fixture.open(await fixture.token(room, 'bob'))).toBe(403)],
  ])('the switch "%s" has its effect', async (name, check) => {
    await fixture.end();
    await start({ invokeFunction: async (_uri, { Content }) => ({ ReviewResult: 'ALLOW', Content }) });
    const ada = await fixture.connect(room, 'ada');
    await open('#/faults');
    await page.getByRole('switch', { name }).check();
    await page.getByText(`A fault is on: ${name}`).waitFor();
    if (name === 'Drop everyone') expect(await ada.closed).toBe(1006);
    await check();
    await page.getByRole('switch', { name }).uncheck();
    await page.getByText('A fault is on').waitFor({ state: 'hidden' });
    expect(fixture.chat.faults.list()).toEqual([]);
  }, 60_000);

  test('creates a user, sends as the user, sends a frame again, and disconnects', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await open('#/people/new');
    await page.getByLabel('User ID').fill('grace');
    await page.getByLabel('Name', { exact: true }).fill('Grace');
    await page.getByRole('button', { name: 'CreateChatToken' }).click();
    await page.getByRole('button', { name: 'Copy the token' }).click();
    const token = await page.evaluate(() => (globalThis as any).navigator.clipboard.readText());
    expect(await page.content()).not.toContain(token);
    const grace = await fixture.open(token);
    if (typeof grace === 'number') throw new Error(`refused with ${grace}`);

    await page.getByRole('link', { name: 'Open the page of grace' }).click();
    await page.getByRole('heading', { name: 'Grace', exact: true }).waitFor(); // The page knows the attributes.
    await page.getByLabel('Message', { exact: true }).fill('from the console');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    expect(await grace.next()).toMatchObject({
      Content: 'from the console', Sender: { UserId: 'grace', Attributes: { displayName: 'Grace' } },
    });
    await page.getByText('The message was sent to the room.').waitFor();
    await row('Frames', 'SEND_MESSAGE', 'from the console').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Send again' }).click();
    expect(await grace.next()).toMatchObject({ Content: 'from the console', Sender: { UserId: 'grace' } });

    await open(`#/people/${room.slice(-12)}/grace`);
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    expect(await grace.closed).toBe(1000);
    await page.getByText('Grace is not connected. Disconnected by the operation DisconnectUser').waitFor();
  }, 60_000);

  test('frames can be paused, filtered and exported', async () => {
    const ada = await fixture.connect(room, 'ada', everything);
    await ada.ask({ Action: 'SEND_MESSAGE', Content: 'before' });
    await open('#/frames');
    await row('Frames', 'MESSAGE', 'before').first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await ada.ask({ Action: 'SEND_MESSAGE', Content: 'after' });
    await page.getByRole('button', { name: 'Resume (2 new)' }).waitFor();
    expect(await row('Frames', 'after').count()).toBe(0);
    await page.getByRole('button', { name: /^Resume/ }).click();
    await row('Frames', 'after').first().waitFor();
    await page.getByRole('link', { name: 'To the service', exact: true }).click();
    await row('Frames', 'SEND_MESSAGE', 'before').waitFor();
    expect(await row('Frames', 'MESSAGE').count()).toBe(2);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    const file = await (await downloading).createReadStream();
    const exported = JSON.parse(Buffer.concat(await file.toArray()).toString());
    expect(exported.map(({ content }: any) => content.Content)).toEqual(['after', 'before']);
  }, 60_000);

  test('a deep link opens a request, and the search narrows every page', async () => {
    await failure(fixture.client.send(new sdk.GetRoomCommand({ identifier: room.replace(/.{12}$/, 'AAAAAAAAAAAA') })));
    await fixture.createRoom({ name: 'backstage' });
    await open('#/requests/3');
    await page.getByRole('heading', { name: 'GetRoom 404' }).waitFor();
    await open('#/rooms?q=backst');
    await row('Rooms', 'backstage').waitFor();
    expect(await row('Rooms', 'lobby').count()).toBe(0);
    expect(await page.getByLabel('Search').inputValue()).toBe('backst');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Requests 1' }).waitFor();
  }, 60_000);

  test('works with the keyboard alone', async () => {
    await failure(fixture.client.send(new sdk.GetRoomCommand({ identifier: room.replace(/.{12}$/, 'AAAAAAAAAAAA') })));
    await open();
    const focused = () => page.evaluate(() => {
      const { ariaLabel, textContent, tagName } = (globalThis as any).document.activeElement;
      return `${tagName} ${ariaLabel ?? textContent}`;
    });
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('A Skip to content');
    await page.keyboard.press('/');
    await page.keyboard.type('getroom');
    const requests = page.getByRole('link', { name: 'Requests 1', exact: true });
    await requests.waitFor();
    for (let tabs = 0; tabs < 20 && !(await focused()).startsWith('A Requests'); tabs++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await row('Requests', 'GetRoom').waitFor();
    expect(await focused()).toBe('H1 Requests');
    await page.keyboard.press('/');
    await page.keyboard.press('Escape'); // clears the search
    await row('Requests', 'CreateRoom').waitFor();
    await row('Requests', 'GetRoom').getByRole('link').first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('A CreateRoom');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'GetRoom 404' }).waitFor();
    await page.getByRole('link', { name: 'Faults', exact: false }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('switch', { name: 'Throttle' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('A fault is on: Throttle').waitFor();
    await page.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('A fault is on').waitFor({ state: 'hidden' });
  }, 60_000);

  test('each page says that a search has no result', async () => {
    const texts = {
      rooms: 'No room matches.',
      people: 'Nobody matches.',
      messages: 'Nothing matches.',
      frames: 'No frame matches.',
      requests: 'No request matches.',
      tokens: 'No token matches.',
      logs: 'No line matches.',
    };
    for (const [name, text] of Object.entries(texts)) {
      await open(`#/${name}?q=zzz`);
      await page.getByText(text).waitFor();
    }
  }, 60_000);

  test('a live update keeps the focus', async () => {
    await open('#/rooms');
    const link = row('Rooms', 'lobby').getByRole('link');
    await link.focus();
    await fixture.createRoom({ name: 'second' });
    await row('Rooms', 'second').waitFor();
    expect(await link.evaluate((element) => element === (globalThis as any).document.activeElement)).toBe(true);
  }, 60_000);

  test('without its key, a page says where its address is', async () => {
    await page.goto(fixture.chat.controlPlane);
    await page.getByRole('heading', { name: 'Open the console at its own address' }).waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('403')]); // the status of the page
  }, 60_000);

  test('reconnects after the service has started again with the same credentials, without its old state', async () => {
    await open('#/rooms');
    await row('Rooms', 'lobby').waitFor();
    const port = Number(new URL(fixture.chat.controlPlane).port);
    await fixture.end();
    await page.getByText('Not reachable').waitFor();
    await page.getByRole('alert').getByText('open the address of the console that it prints').waitFor();
    await start({ port, identities: fixture.chat.identities });
    await fixture.createRoom({ name: 'reborn' });
    await row('Rooms', 'reborn').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await row('Rooms', 'lobby').count()).toBe(1);
  }, 60_000);

  test('advances a virtual clock until a session ends', async () => {
    await fixture.end();
    const clock: Clock = new VirtualClock();
    await start({ clock });
    const ada = await fixture.connect(room, 'ada', [], { sessionDurationInMinutes: 1 });
    await open();
    await page.getByRole('button', { name: 'Advance 1 min' }).click();
    expect(await ada.closed).toBe(1000);
    await open('#/people');
    await row('People', 'ada', 'The session ended.').waitFor();
  }, 60_000);

  const scenes = ['overview', 'rooms', 'people', 'messages', 'frames', 'requests', 'tokens', 'logs', 'stack', 'faults'];

  /** Fills every page: names, failures, a fault, an open request, and a stack. */
  const fill = async () => {
    await fixture.end();
    await start({
      deployState: () => deployState,
      invokeFunction: async (_uri, { Content }) => ({
        ReviewResult: Content.includes('spam') ? 'DENY' : 'ALLOW', Content,
      }),
    });
    await fixture.client.send(new sdk.UpdateRoomCommand({
      identifier: room,
      messageReviewHandler: { uri: reviewUri, fallbackResult: 'ALLOW' },
      maximumMessageRatePerSecond: 100,
    }));
    const ada = await connect('f3a1c8e0-7d52-4e0b', 'Ada Lovelace', everything);
    const bob = await connect('b81d2a44-0c1f-4f6a', 'Bob');
    const troll = await connect('c90e11aa-52b7-4d11', 'Troll', everything);
    await ada.sendMessage(new SendMessageRequest('Welcome, everybody! The show starts in five minutes.'));
    await ada.sendMessage(new SendMessageRequest('مرحبا بالجميع'));
    for (const content of ['buy spam', 'more spam']) await failure(troll.sendMessage(new SendMessageRequest(content)));
    await failure(bob.sendMessage(new SendMessageRequest('may I?')));
    await fixture.client.send(new sdk.UpdateRoomCommand({ identifier: room, maximumMessageRatePerSecond: 5 }));
    for (let count = 0; count < 6; count++) {
      await ada.sendMessage(new SendMessageRequest(`wave ${count} 👋`)).catch(() => {}); // the last ones are too many
    }
    await ada.disconnectUser(new DisconnectUserRequest('c90e11aa-52b7-4d11', 'spam'));
    await failure(fixture.client.send(new sdk.GetRoomCommand({ identifier: room.replace(/.{12}$/, 'AAAAAAAAAAAA') })));
    await fixture.client.send(new sdk.SendEventCommand({
      roomIdentifier: room, eventName: 'app:poll', attributes: { question: 'Ready?' },
    }));
    await fixture.token(room, 'carol', [], { attributes: { displayName: 'Carol' } });
    expect(await fixture.open('not-a-token')).toBe(403);
    await fixture.chat.flushLogs();
    fixture.chat.faults.add({ kind: 'latency', milliseconds: 2000, operation: 'CreateRoom', probability: 0.5 });
  };
  const deepLinks = () => [
    ...scenes.map((scene) => [scene, `#/${scene}`]),
    ['request', '#/requests/8'],
    ['frame', '#/frames/5'],
    ['room', `#/rooms/${room.slice(-12)}`],
    ['person', `#/people/${room.slice(-12)}/f3a1c8e0-7d52-4e0b`],
    ['new-user', '#/people/new'],
  ] as [string, string][];

  test.each(['light', 'dark'] as const)('axe finds no problem in any page, and all fit: %s', async (colorScheme) => {
    await fill();
    await page.emulateMedia({ colorScheme });
    await open();
    // The security policy of the page allows no other script tag.
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const folder = process.env.IVS_CHAT_SCREENSHOTS;
    const problems: unknown[] = [];
    // The structure of the pages is the same in both color schemes.
    const rules = colorScheme === 'dark'
      ? ['color-contrast'] : ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
    for (const [name, hash] of deepLinks()) {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate((next) => (globalThis as any).location.hash = next, hash);
        await page.locator('main h1').waitFor();
        await page.waitForTimeout(50);
        const path = `${folder}/${name}-${colorScheme}-${width}.png`;
        if (folder) await page.screenshot({ path, fullPage: width === 390 });
        const found = await page.evaluate(async (runOnly) => {
          const { axe, document } = globalThis as any;
          const { violations } = await axe.run({ runOnly });
          const { scrollWidth } = document.documentElement;
          return [
            ...violations.map(({ id, nodes }: any) => [id, nodes.map(({ html }: any) => html).slice(0, 3)]),
            ...scrollWidth > innerWidth ? [['wider than the window', scrollWidth]] : [],
          ];
        }, rules);
        if (found.length) problems.push([name, width, found]);
      }
    }
    expect(problems).toEqual([]);
  }, 300_000);
});
