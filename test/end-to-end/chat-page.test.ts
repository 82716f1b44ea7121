/** The chat page of the example in Chromium, with the deployed chat API. */
import type { Locator, Page } from 'playwright-core';
import { axeProblems, choose, ChatPageBrowser, connected, say } from './chat-page-browser';
import { DeployedLiveChat } from './deployed-live-chat';
import { VIEWER_NAMES } from '../../examples/live-chat/viewers';
import { chromiumPath } from '../chromium';

jest.setTimeout(300_000);

if (!chromiumPath) console.warn('SKIPPED: the chat page. Install Chromium, or set CHROMIUM_PATH.');

(chromiumPath ? describe : describe.skip)('the chat page in Chromium', () => {
  let chat: DeployedLiveChat;
  let browser: ChatPageBrowser;

  beforeAll(async () => {
    chat = await DeployedLiveChat.start();
    browser = await ChatPageBrowser.launch(chat.page.origin);
  });
  afterAll(async () => {
    await browser?.close();
    await chat?.close();
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.errors.splice(0)).toEqual([]);
  });

  /** Waits until an element is gone, because the page can need a moment after an action. */
  const gone = (locator: Locator) => locator.first().waitFor({ state: 'detached' });

  /** Returns the name and the badges of the sender of a message. */
  const senderOf = (page: Page, text: string) =>
    page.getByRole('article').filter({ hasText: text }).locator('.sender > :not(time)').allTextContents();

  test('a user who cannot join reads the reason, and the role decides about the tools', async () => {
    const page = await browser.open();
    const join = page.getByRole('button', { name: 'Join' });
    const alert = (text: string) => page.getByRole('alert').getByText(text, { exact: true }).waitFor();
    await page.route('**/sign-in', (route) => route.fulfill({ status: 500 }), { times: 1 });
    await join.click();
    await alert('The chat cannot be joined: sign-in answered 500');
    await page.route('**/sign-in', (route) => route.abort(), { times: 1 });
    await join.click();
    await alert('The server of this page does not answer. Run npm start again.');
    await page.getByLabel('Your name').fill('Grace');
    await page.getByRole('radio', { name: 'moderator' }).check();
    await join.click();
    await connected(page);
    await page.reload();
    expect(await page.getByLabel('Your name').inputValue()).toBe('Grace');
    expect(await page.getByRole('radio', { name: 'moderator' }).isChecked()).toBe(true);
    await join.click();
    await connected(page);
    const tools = async (one: Page) => {
      const names = await one.getByRole('group', { name: 'Tools' }).getByRole('button').allTextContents();
      return names.map((name) => name.replace(/\d+$/, '')); // the number of reports
    };
    expect(await tools(page)).toEqual(['Reports', 'Bring in 20 viewers', 'Under the hood']);
    expect(await tools(await browser.join('Hugo', '#host'))).toEqual([
      'Announce', 'Start a poll', 'Reports', 'Bring in 20 viewers', 'Under the hood',
    ]);
    expect(await tools(await browser.join('Ada', '#unknown'))).toEqual(['Bring in 20 viewers', 'Under the hood']);
  });

  test('two users chat, and the moderator deletes a message', async () => {
    const viewer = await browser.join('Ada', '', { permissions: ['clipboard-read', 'clipboard-write'] });
    await viewer.getByText('1 person').waitFor();
    const moderator = await browser.join('Grace', '#moderator');
    await say(viewer, 'Is anybody <b>here</b>?');
    await moderator.getByText('Is anybody <b>here</b>?').waitFor();
    await say(moderator, 'I am.');
    await viewer.getByText('I am.').waitFor();

    await viewer.getByRole('article').filter({ hasText: 'I am.' }).hover();
    await viewer.getByRole('button', { name: 'Actions: Grace, I am.' }).click();
    expect(await viewer.getByRole('menuitem').allTextContents())
      .toEqual(['Copy text', 'Copy user ID', 'Report …', 'Block Grace']);
    await viewer.getByRole('menuitem', { name: 'Copy text' }).click();
    await viewer.getByText('The text is copied.').waitFor();
    const copied = () => viewer.evaluate(() => navigator.clipboard.readText());
    expect(await copied()).toBe('I am.');
    await choose(viewer, 'Grace', 'I am.', 'Copy user ID');
    await viewer.getByText('The user ID is copied.').waitFor();
    expect(await copied()).toBe(await moderator.evaluate(() => sessionStorage.userId));

    await viewer.getByText('2 people').waitFor();
    await viewer.locator('.latency').getByText(/^ · \d+ ms$/).waitFor();
    expect(await senderOf(viewer, 'I am.')).toEqual(['Grace', 'moderator']);
    expect(await senderOf(viewer, 'Is anybody')).toEqual(['Ada', 'you']);
    expect(await senderOf(moderator, 'I am.')).toEqual(['Grace', 'moderator', 'you']);

    await moderator.getByRole('article').filter({ hasText: 'I am.' }).click({ button: 'right' });
    expect(await moderator.getByRole('menuitem').allTextContents()).toEqual(['Copy text', 'Copy user ID', 'Delete']);
    await moderator.keyboard.press('Escape');
    await moderator.getByRole('article').filter({ hasText: 'Is anybody' }).click({ button: 'right' });
    expect(await moderator.getByRole('menuitem').allTextContents()).toEqual([
      'Copy text', 'Copy user ID', 'Delete', 'Delete all messages of Ada', 'Time out for 5 minutes', 'Ban',
    ]);
    await moderator.keyboard.press('Escape');

    // The menu of a message closes when the message is deleted.
    await viewer.getByRole('article').filter({ hasText: 'Is anybody' }).click({ button: 'right' });
    await viewer.getByRole('menu').waitFor();
    await choose(moderator, 'Ada', 'Is anybody <b>here</b>?', 'Delete');
    await viewer.getByRole('menu').waitFor({ state: 'detached' });
    await moderator.getByText('POST /delete-message').waitFor();
    await viewer.getByText('Message removed by a moderator').waitFor();
    await viewer.getByRole('status').filter({ hasText: 'A moderator removed a message.' }).waitFor();
    await gone(viewer.getByText('Is anybody <b>here</b>?'));
    // The focus is on the message after the deleted one.
    expect(await moderator.evaluate(() => document.activeElement!.textContent)).toContain('I am.');
    await moderator.locator('.removed').focus();
    await moderator.keyboard.press('m');
    expect(await moderator.getByRole('menu').count()).toBe(0);
  });

  test('the markup in the name and the message of a user is rendered as text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const text = '<img src=y onerror=alert(2)><b>bold</b>';
    const reader = await browser.join('Ada', '#moderator');
    const writer = await browser.join(name);
    await say(writer, text);
    for (const opened of [reader, writer]) {
      await opened.getByText(text, { exact: true }).waitFor();
      await opened.getByText(name, { exact: true }).waitFor();
      expect(await opened.locator('.messages :is(img, b)').count()).toBe(0);
    }
  });

  test('a refused message stays in the list of its author with a reason', async () => {
    const [author, reader] = [await browser.join('Ada'), await browser.join('Grace')];
    for (const text of ['See https://example.com/a?b', 'See you later']) await say(author, text);
    await author.getByText('The message was refused. Only you can see it.').waitFor();
    await reader.getByText('See you later').waitFor();
    expect(await reader.getByText('https://example.com').count()).toBe(0);
    const link = author.getByRole('link', { name: 'https://example.com/a?b' });
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow ugc');
    await author.getByRole('button', { name: 'Discard' }).click();
    await gone(author.getByText('https://example.com'));
  });

  test('a message that is too long is refused with a reason and stays in the field', async () => {
    const opened = await browser.join('Verbose');
    await opened.getByLabel('Message', { exact: true }).fill('x'.repeat(399));
    expect(await opened.getByText('of 500').count()).toBe(0);
    await opened.getByLabel('Message', { exact: true }).fill('𝒜'.repeat(400));
    await opened.getByText('400 of 500').waitFor();
    await opened.getByLabel('Message', { exact: true }).fill('x'.repeat(501));
    await opened.keyboard.press('Enter');
    await opened.getByRole('alert').filter({ hasText: 'Your message is too long.' }).waitFor();
    expect(await opened.getByLabel('Message', { exact: true }).inputValue()).toHaveLength(501);
  });

  test('Shift and Enter begin a new line, spaces are kept, and a blank message is not sent', async () => {
    const opened = await browser.join('Poet');
    await say(opened, '   ');
    await opened.getByLabel('Message', { exact: true }).fill('two  spaces');
    await opened.keyboard.press('Shift+Enter');
    await opened.keyboard.type('second line');
    await opened.keyboard.press('Enter');
    const content = opened.getByRole('article').locator('.content');
    await content.waitFor();
    expect(await content.innerText()).toBe('two  spaces\nsecond line');
  });

  test('two users with the same name can be told apart, and a mention of the reader stands out', async () => {
    const one = await browser.join('Sam');
    const other = await browser.join('sam');
    await say(one, 'I am the first Sam');
    await say(other, 'Hello @Sam, and @everyone else');
    await one.locator('.mention-of-me').getByText('@Sam').waitFor();
    expect(await one.locator('.mention').allTextContents()).toEqual(['@everyone']);
    const tags = await one.getByTitle('Another user has the same name').allTextContents();
    expect(new Set(tags).size).toBe(2);
  });

  test('a host announces, and everyone votes in a poll', async () => {
    const host = await browser.join('Hugo', '#host');
    const [ada, bob] = [await browser.join('Ada'), await browser.join('Bob')];
    await host.getByRole('button', { name: 'Announce' }).click();
    await host.getByLabel('Announcement').fill('We start at nine.');
    await host.getByRole('button', { name: 'Send to everyone' }).click();
    await ada.getByText('We start at nine.').waitFor();
    await ada.getByRole('button', { name: 'Close the announcement' }).click();
    await gone(ada.getByText('We start at nine.'));
    await host.getByRole('button', { name: 'Announce', exact: true }).click();
    expect(await host.getByRole('textbox', { name: 'Announcement' }).inputValue()).toBe('');
    await host.getByRole('button', { name: 'Close', exact: true }).click();
    await gone(host.getByRole('dialog'));

    await host.getByRole('button', { name: 'Start a poll' }).click();
    await host.getByLabel('Question').fill('Tea or coffee?');
    await host.getByLabel('Option 1').fill('Tea');
    await host.getByLabel('Option 2').fill(' Coffee ');
    for (let count = 0; count < 2; count++) await host.getByRole('button', { name: 'Add an option' }).click();
    await gone(host.getByRole('button', { name: 'Add an option' }));
    await host.getByLabel('Option 4').fill('Water');
    await host.getByRole('button', { name: 'Start', exact: true }).click();
    const vote = (page: Page, option: string) => page.getByRole('button', { name: option }).click();
    await vote(ada, 'Tea');
    await vote(bob, 'Tea');
    await bob.getByText('2 votes · open').waitFor();
    await vote(ada, 'Coffee'); // The second vote of a user replaces the first one.
    await bob.getByRole('button', { name: 'Coffee 50 %' }).waitFor();
    await bob.getByText('2 votes · open').waitFor();
    expect(await bob.getByRole('article').count()).toBe(0); // The list does not show votes.
    const poll = ada.getByRole('region', { name: 'Poll' });
    const chosen = poll.getByRole('button', { pressed: true });
    await chosen.getByText('Coffee').waitFor();
    expect(await chosen.count()).toBe(1);
    expect(await poll.locator('.option').allInnerTexts()).toEqual(['Tea\n50 %', 'Coffee\n50 %', 'Water\n0 %']);

    const late = await browser.join('Late');
    await late.getByText('Tea or coffee?').waitFor();
    await host.getByRole('button', { name: 'End the poll' }).click();
    await ada.getByText('2 votes · ended').waitFor();
    expect(await ada.getByRole('button', { name: 'Tea' }).isDisabled()).toBe(true);
    await ada.getByRole('button', { name: 'Close the poll' }).click();
    await gone(poll);
  });

  test('a poll ends 15 seconds after the page of its host, and a toast disappears after 8 seconds', async () => {
    const [host, viewer] = [await browser.join('Hugo', '#host'), await browser.join('Ada')];
    await viewer.clock.install();
    await host.getByRole('button', { name: 'Start a poll' }).click();
    await host.getByLabel('Question').fill('Anybody?');
    await host.getByLabel('Option 1').fill('Yes');
    await host.getByLabel('Option 2').fill('No');
    await host.getByRole('button', { name: 'Start', exact: true }).click();
    await host.getByRole('dialog').waitFor({ state: 'detached' });
    await say(host, 'I have to leave');
    await viewer.getByText('0 votes · open').waitFor();
    await choose(viewer, 'Hugo', 'I have to leave', 'Report …');
    await viewer.route('**/report-message', (route) => route.abort());
    await viewer.getByRole('button', { name: 'Report', exact: true }).click();
    await viewer.getByText('That did not work: Failed to fetch').waitFor();
    await viewer.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
    await host.context().close();
    await viewer.clock.fastForward(8_000);
    await viewer.locator('.toast').waitFor({ state: 'detached' });
    await viewer.clock.fastForward(15_000);
    await viewer.getByText('0 votes · ended').waitFor();
  });

  test('a poll continues after the host has reloaded the page', async () => {
    const [host, viewer] = [await browser.join('Hugo', '#host'), await browser.join('Ada')];
    await host.getByRole('button', { name: 'Start a poll' }).click();
    await host.getByLabel('Question').fill('Still there?');
    await host.getByLabel('Option 1').fill('Yes');
    await host.getByLabel('Option 2').fill('No');
    await host.getByRole('button', { name: 'Start', exact: true }).click();
    await viewer.getByRole('button', { name: 'Yes' }).click();
    await viewer.getByText('1 vote · open').waitFor();

    await host.reload();
    await host.getByRole('button', { name: 'Join' }).click();
    await connected(host);
    await host.getByRole('button', { name: 'End the poll' }).click();
    await viewer.getByText('1 vote · ended').waitFor();
    await host.reload();
    await host.getByRole('button', { name: 'Join' }).click();
    await host.getByRole('button', { name: 'Start a poll' }).waitFor();
  });

  test('a viewer cannot send the poll of a host', async () => {
    const viewer = await chat.tokenOf('Mallory');
    await expect(chat.call(viewer, 'send-event', { eventName: 'poll' })).rejects.toMatchObject({ status: 403 });
  });

  test('reactions float, unless the reader prefers reduced motion', async () => {
    const reader = await browser.join('Ada', '', { reducedMotion: 'no-preference' });
    const calm = await browser.join('Cal');
    const writer = await browser.join('Rita');
    await writer.getByRole('button', { name: 'React with 🔥' }).click();
    await reader.locator('.floating').getByText('🔥').waitFor();
    await say(writer, 'That was a reaction');
    await calm.getByText('That was a reaction').waitFor();
    expect(await calm.locator('.floating span').count()).toBe(0);
    expect(await calm.getByRole('article').count()).toBe(1);
    await reader.waitForFunction(() => document.querySelectorAll('.floating span').length === 0);
  });

  test('a viewer reports a message, and a moderator decides', async () => {
    const [viewer, writer] = [await browser.join('Ada'), await browser.join('Trudy')];
    const moderator = await browser.join('Grace', '#moderator');
    const report = async (category: string, comment: string) => {
      await choose(viewer, 'Trudy', 'Buy my followers', 'Report …');
      await viewer.getByLabel('What is wrong?').selectOption(category);
      await viewer.getByLabel('Comment (optional)').fill(comment);
      await viewer.getByRole('button', { name: 'Report', exact: true }).click();
      await viewer.getByText('You reported Trudy. A moderator decides.').waitFor();
      await viewer.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await say(writer, 'Buy my followers');
    await report('Spam', '');

    // The page only refreshes the reports because of an action, since its time stands still.
    await moderator.getByText('Buy my followers').waitFor();
    await moderator.clock.install();
    await moderator.clock.pauseAt(Date.now() + 60_000);
    await moderator.getByRole('button', { name: 'Reports' }).click();
    const queue = moderator.getByRole('dialog', { name: 'Reports' });
    await queue.getByText(/^Spam · Trudy · \d/).waitFor();
    expect(await queue.getByText('Comment:').count()).toBe(0);
    await queue.getByRole('button', { name: 'No action' }).click();
    await queue.getByText('No open reports.').waitFor();

    await report('Spam', 'The third time');
    await moderator.clock.fastForward(10_000);
    await queue.getByText('Comment: The third time').waitFor();
    await queue.getByText('Buy my followers').waitFor();
    expect(await moderator.locator('.count').textContent()).toBe('1');
    await queue.getByRole('button', { name: 'Delete the message' }).click();
    await queue.getByText('No open reports.').waitFor();
    await viewer.getByText('Message removed by a moderator').waitFor();
    await gone(moderator.locator('.count'));
  });

  test('a blocked user is not shown, also after a reload', async () => {
    const [reader, writer] = [await browser.join('Ada'), await browser.join('Trudy')];
    await say(writer, 'Look at me');
    await choose(reader, 'Trudy', 'Look at me', 'Block Trudy');
    await reader.getByText('You no longer see the messages of Trudy.').waitFor();
    await gone(reader.getByText('Look at me'));
    await reader.reload();
    await reader.getByRole('button', { name: 'Join' }).click();
    await connected(reader);
    await say(await browser.join('Bob'), 'Ready?');
    await reader.getByText('Ready?').waitFor();
    await say(writer, 'Look again');
    await say(writer, 'And again');
    await say(reader, 'Nobody else here');
    await reader.getByText('Nobody else here').waitFor();
    expect(await reader.getByText('again').count()).toBe(0);
  });

  test('a moderator deletes all messages of a user, times a user out, and undoes it', async () => {
    const [moderator, writer] = [await browser.join('Grace', '#moderator'), await browser.join('Trudy')];
    await say(writer, 'One');
    await say(writer, 'Two');
    await moderator.getByText('Two').waitFor();
    await choose(moderator, 'Trudy', 'One', 'Delete all messages of Trudy');
    await moderator.getByText('You deleted 2 messages of Trudy.').waitFor();
    expect(await moderator.getByText('Message removed by a moderator').count()).toBe(2);
    expect(await moderator.locator('.toast code').textContent()).toBe('POST /delete-message');

    await say(writer, 'Three');
    await choose(moderator, 'Trudy', 'Three', 'Time out for 5 minutes');
    await moderator.getByText('POST /mute-user').waitFor();
    await writer.getByText('A moderator has disconnected you.').waitFor();
    await writer.getByRole('button', { name: 'Connect again' }).click();
    await writer.getByText('A moderator has muted you. You can still read the chat.').waitFor();
    expect(await writer.getByLabel('Message', { exact: true }).isDisabled()).toBe(true);
    await moderator.getByRole('button', { name: 'Undo' }).click();
    await moderator.getByText('Trudy can write again.').waitFor();
    await writer.reload();
    await writer.getByRole('button', { name: 'Join' }).click();
    await connected(writer);
    await say(writer, 'Four');
    await moderator.getByText('Four').waitFor();
    expect(await senderOf(moderator, 'Three')).toEqual(['Trudy']);
    expect(await senderOf(moderator, 'Four')).toEqual([]); // It continues the message before.

    await choose(moderator, 'Trudy', 'Four', 'Ban');
    await moderator.getByText('You banned Trudy.').waitFor();
    await writer.getByText('A moderator has disconnected you.').waitFor();
    await moderator.getByRole('button', { name: 'Undo' }).click();
    await moderator.getByText('Trudy can enter again.').waitFor();
    await writer.getByRole('button', { name: 'Connect again' }).click();
    await connected(writer);
  });

  test('20 viewers enter, write and vote, and leave with the page', async () => {
    const host = await browser.join('Hugo', '#host');
    const guest = await browser.join('Ada');
    await guest.getByRole('button', { name: 'Bring in 20 viewers' }).click();
    const others = host.getByRole('article').filter({ hasNot: host.getByText('You', { exact: true }) });
    await others.first().waitFor({ timeout: 60_000 });
    const author = await others.first().locator('strong').textContent();
    expect(VIEWER_NAMES).toContain(author);
    await host.getByRole('button', { name: 'Start a poll' }).click();
    await host.getByLabel('Question').fill('Encore?');
    await host.getByLabel('Option 1').fill('Yes');
    await host.getByLabel('Option 2').fill('No');
    await host.getByRole('button', { name: 'Start', exact: true }).click();
    // On a busy machine, it can take longer until each viewer has voted.
    await host.getByText(/^(1\d|20) votes · open$/).waitFor({ timeout: 150_000 });

    await guest.context().close();
    // The server brings in other viewers only after the first ones have left.
    await new Promise<void>((left) => {
      host.on('response', (response) => {
        if (!response.url().endsWith('/viewers')) return;
        if (response.status() === 200) left();
        else void host.getByRole('button', { name: 'Bring in 20 viewers' }).click();
      });
      void host.getByRole('button', { name: 'Bring in 20 viewers' }).click();
    });
    await host.getByRole('button', { name: 'Send the viewers away' }).click();
    await host.getByRole('button', { name: 'Bring in 20 viewers' }).waitFor();
  });

  test('the drawer shows requests and frames without tokens, and the lines of the CDK app', async () => {
    const tokens: string[] = [];
    const page = await browser.open();
    page.on('response', async (response) => {
      if (!/sign-in|create-chat-token/.test(response.url()) || response.request().method() !== 'POST') return;
      const { token, idToken } = await response.json();
      tokens.push(token ?? idToken);
    });
    await page.getByRole('button', { name: 'Join' }).click();
    await connected(page);
    await say(page, 'Look below');
    await page.getByText('Look below').waitFor();
    await say(page, 'www.example.com');
    await page.getByText('The message was refused.').waitFor();
    await page.getByRole('button', { name: 'Under the hood' }).click();

    const drawer = page.getByRole('region', { name: 'Under the hood' });
    const rows = drawer.locator('.wire button');
    const names = (await rows.locator('code').allTextContents()).reverse();
    expect(names).toEqual(expect.arrayContaining([
      'POST /create-chat-token', '200 /create-chat-token', 'CONNECT', 'CONNECTED', 'SEND_MESSAGE', 'MESSAGE', 'ERROR',
    ]));
    expect(tokens).toHaveLength(2);
    const cdkApp = drawer.getByRole('region', { name: 'CDK app' });
    for (let index = 0; index < names.length; index++) {
      await rows.nth(index).click();
      await cdkApp.getByText('new ').first().waitFor();
      const html = await page.content();
      for (const token of tokens) expect(html.includes(token)).toBe(false);
    }
    const lineOf = async (name: string, line: string) => {
      await rows.filter({ hasText: name }).first().click();
      await cdkApp.getByText(line).waitFor();
      const lines = (await cdkApp.locator('pre').innerText()).trimEnd().split('\n');
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.at(-1)).toMatch(/;$/);
    };
    await lineOf('200 /create-chat-token', 'new ChatApi(');
    await lineOf('MESSAGE', 'new ChatRoom(');
    await lineOf('ERROR', 'new NodejsFunction(');
    await rows.filter({ hasText: 'SEND_MESSAGE' }).first().getByLabel('sent').waitFor();
    await rows.filter({ hasText: 'ERROR' }).first().getByLabel('received').waitFor();
    await drawer.getByRole('button', { name: 'Clear' }).click();
    await rows.first().waitFor({ state: 'detached' });
  });

  test('the reader can scroll up while messages arrive, and returns with the pill', async () => {
    const reader = await browser.join('Ada', '', { viewport: { width: 390, height: 600 } });
    const writer = await browser.join('Walter');
    for (let index = 1; index <= 20; index++) await say(writer, `Line ${index}`);
    await reader.getByText('Line 20', { exact: true }).waitFor();
    await reader.getByRole('log').hover();
    await reader.mouse.wheel(0, -300);
    await reader.waitForFunction(() => {
      const { scrollHeight, scrollTop, clientHeight } = document.querySelector('.messages')!;
      return scrollHeight - scrollTop - clientHeight > 100;
    });
    await say(writer, 'Line 21');
    await say(writer, 'Line 22');
    await reader.getByRole('button', { name: '2 new messages' }).click();
    const atEnd = () => reader.waitForFunction(() => {
      const { scrollHeight, scrollTop, clientHeight } = document.querySelector('.messages')!;
      return scrollHeight - scrollTop - clientHeight < 2;
    });
    await atEnd();
    await gone(reader.locator('.pill'));
    await reader.setViewportSize({ width: 390, height: 400 });
    await reader.waitForFunction(() => innerHeight === 400);
    await atEnd();
  });

  test('the theme follows the system, and the user can choose another one', async () => {
    const page = await browser.open('', { colorScheme: 'dark' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await background()).toBe('rgb(13, 12, 18)');
    await page.getByRole('button', { name: 'Theme: system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).waitFor();
    expect(await background()).toBe('rgb(242, 241, 245)');
    await page.reload();
    await page.getByRole('button', { name: 'Theme: light' }).waitFor();
    expect(await background()).toBe('rgb(242, 241, 245)');
  });

  test('axe finds no problem in the page, in both color schemes', async () => {
    async function problemsOf(page: Page) {
      const problems = await axeProblems(page);
      // The structure of the page is the same in both color schemes.
      await page.emulateMedia({ colorScheme: 'dark' });
      problems.push(...await axeProblems(page, ['color-contrast']));
      await page.emulateMedia({ colorScheme: 'light' });
      return problems;
    }
    expect(await problemsOf(await browser.open())).toEqual([]);

    const host = await browser.join('Hugo', '#host');
    const writer = await browser.join('Walter');
    for (const text of ['Look at this, @Hugo', '🎉', 'See www.example.com']) await say(writer, text);
    await writer.getByText('The message was refused.').waitFor();
    await say(host, 'Thank you');
    await host.getByText('Thank you').waitFor();

    await host.getByRole('button', { name: 'Announce' }).click();
    await host.getByLabel('Announcement').fill('Hello');
    expect(await problemsOf(host)).toEqual([]);
    await host.getByRole('button', { name: 'Send to everyone' }).click();
    await host.getByText('You announced it.').waitFor();
    await host.getByRole('button', { name: 'Start a poll' }).click();
    await host.getByLabel('Question').fill('Yes?');
    await host.getByLabel('Option 1').fill('Yes');
    await host.getByLabel('Option 2').fill('No');
    expect(await problemsOf(host)).toEqual([]);
    await host.getByRole('button', { name: 'Start', exact: true }).click();
    await writer.getByRole('button', { name: 'Yes' }).click();
    await writer.getByText('1 vote · open').waitFor();
    await writer.getByRole('button', { name: 'Under the hood' }).click();
    await writer.locator('.wire button').first().click();
    expect(await problemsOf(writer)).toEqual([]);
    await writer.getByRole('button', { name: 'Close the drawer' }).click();

    await choose(writer, 'Hugo', 'Thank you', 'Report …');
    expect(await problemsOf(writer)).toEqual([]);
    await writer.getByRole('button', { name: 'Report', exact: true }).click();
    await writer.getByText('You reported Hugo').waitFor();
    const moderator = await browser.join('Grace', '#moderator');
    await moderator.getByRole('button', { name: 'Reports' }).click();
    await moderator.getByRole('dialog').getByText('Thank you').first().waitFor();
    expect(await problemsOf(moderator)).toEqual([]);

    await host.getByRole('article').filter({ hasText: 'Look at this' }).click({ button: 'right' });
    await host.getByRole('menu').waitFor();
    expect(await problemsOf(host)).toEqual([]);
    await host.getByRole('menuitem', { name: 'Time out for 5 minutes' }).click();
    await writer.getByText('A moderator has disconnected you.').waitFor();
    expect(await problemsOf(host)).toEqual([]);
    expect(await problemsOf(writer)).toEqual([]);
  });

  test.each([[320, 640], [320, 256], [640, 400]])(
    'nothing is wider than a window of %i × %i pixels, and a user can write', async (width, height) => {
      const page = await browser.join('Zoe', '#host', { viewport: { width, height } });
      await say(page, 'A long word: Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen');
      await page.getByText('A long word').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.getByRole('button', { name: 'Start a poll' }).click();
      await page.getByLabel('Question').fill('Does it fit?');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });

  test('with the keyboard alone, a user joins, writes and recovers, and a moderator moderates', async () => {
    const writer = await browser.open();
    await writer.keyboard.type('Kay');
    await writer.keyboard.press('Enter');
    await connected(writer);
    await writer.keyboard.type('No mouse here');
    await writer.keyboard.press('Enter');
    await writer.getByText('No mouse here').waitFor();

    const moderator = await browser.open('#moderator');
    await moderator.keyboard.type('Grace');
    await moderator.keyboard.press('Enter');
    await connected(moderator);
    await writer.keyboard.type('Still no mouse');
    await writer.keyboard.press('Enter');
    await moderator.getByText('Still no mouse').waitFor();

    /** Presses the tab key until the focus is on an element. */
    async function tabTo(page: Page, selector: string) {
      for (let presses = 0; presses < 30; presses++) {
        if (await page.evaluate((wanted) => document.activeElement!.matches(wanted), selector)) return;
        await page.keyboard.press('Shift+Tab');
      }
      throw new Error(`The tab key does not reach ${selector}`);
    }
    await tabTo(writer, '.messages');
    const focused = () => writer.evaluate(() => document.activeElement!.textContent);
    const [first, last] = ['No mouse here', 'Still no mouse'];
    for (const [key, text] of [['Home', first], ['ArrowDown', last], ['ArrowUp', first], ['End', last]] as const) {
      await writer.keyboard.press(key);
      expect(await focused()).toContain(text);
    }
    await tabTo(moderator, '.messages');
    await moderator.keyboard.press('ArrowUp');
    await moderator.keyboard.press('m');
    await moderator.getByRole('menu').waitFor();
    await moderator.keyboard.press('Escape');
    expect(await moderator.evaluate(() => document.activeElement!.textContent)).toContain('Still no mouse');
    await moderator.keyboard.press('m');
    await moderator.keyboard.press('End');
    await moderator.keyboard.press('ArrowUp');
    expect(await moderator.evaluate(() => document.activeElement!.textContent)).toBe('Time out for 5 minutes');
    await moderator.keyboard.press('Enter');

    await writer.getByText('A moderator has disconnected you.').waitFor();
    await tabTo(writer, '.banner button');
    await writer.keyboard.press('Enter');
    await connected(writer);
    await writer.getByText('A moderator has muted you.').waitFor();
    expect(await writer.getByText('No mouse here').count()).toBe(1);
  });
});
