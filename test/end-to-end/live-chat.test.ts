/**
 * The live chat example from deployment to removal. The tests use the CDK CLI, the deployed functions, the official
 * SDK, the official messaging client and a browser.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetRoomCommand, IvschatClient, ListRoomsCommand } from '@aws-sdk/client-ivschat';
import { type ChatMessage, type ChatRoom, DeleteMessageRequest, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { cdk } from '../../examples/live-chat/cdk-cli';
import { enterRoom, next } from '../../examples/live-chat/enter-room';
import type { Outputs } from '../../examples/live-chat/round-trip';
import { servePage } from '../../examples/live-chat/serve-page';
import type { SignIn } from '../../examples/live-chat/sign-in';
import { createChatApiClient } from '../../front-end/session';
import { startLocal, type Local } from '../../local';
import { chromiumPath } from '../chromium';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'end-to-end-'));
const rooms: ChatRoom[] = [];
let local: Local;
let page: Awaited<ReturnType<typeof servePage>>;
let ivsChat: IvschatClient;
let outputs: Outputs;

async function deploy(...context: string[]): Promise<Outputs> {
  await cdk([
    'deploy', '--require-approval', 'never', '--progress', 'events',
    '--app', `node --import tsx ${join(__dirname, 'app', 'app.ts')}`,
    '--output', join(folder, 'cdk.out'), '--outputs-file', join(folder, 'outputs.json'),
    '--context', `pageOrigin=${page.origin}`,
    ...context.flatMap((pair) => ['--context', pair]),
  ], { environment: local.environment });
  return JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')).LiveChat;
}

function signIn({ userId, name, role }: SignIn): Promise<string> {
  const claims = { name, 'cognito:groups': role === 'viewer' ? [] : [role] };
  return local.issueToken({ sub: userId, userPool: outputs.UserPoolId, tokenUse: 'id', claims });
}

/** Returns the ID token of a user. The user ID is the name in lower case. */
const tokenOf = (name: string, role: SignIn['role'] = 'viewer') => signIn({ userId: name.toLowerCase(), name, role });

const call = (idToken: string, operation: string, input?: object) =>
  createChatApiClient({ url: outputs.ChatUrl, idToken: () => idToken }).call(operation, input);

const deployedRoom = () => ivsChat.send(new GetRoomCommand({ identifier: outputs.RoomArn }));

/** Returns an official messaging client that is connected to the room. */
async function enter(name: string, role?: SignIn['role']): Promise<ChatRoom> {
  const idToken = await tokenOf(name, role);
  const room = await enterRoom(local.messaging, () => call(idToken, 'create-chat-token'));
  rooms.push(room);
  return room;
}

beforeAll(async () => {
  local = await startLocal();
  page = await servePage(0);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = local.environment;
  ivsChat = new IvschatClient({
    region: local.environment.AWS_REGION,
    endpoint: local.controlPlane,
    credentials: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! },
  });
  outputs = await deploy();
  page.configure({ chatUrl: outputs.ChatUrl, messaging: local.messaging }, signIn);
});

afterAll(async () => {
  rooms.forEach((room) => room.disconnect());
  ivsChat?.destroy();
  await page?.close();
  await local?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the deployed room has the properties of the template', async () => {
  const room = await deployedRoom();
  expect(room).toMatchObject({ maximumMessageLength: 500, maximumMessageRatePerSecond: 50 });
  expect(room.name).toMatch(/LiveChat.*Room/);
});

test('the chat API creates a chat token for a user who is signed in', async () => {
  expect(await call(await tokenOf('Ada'), 'create-chat-token')).toEqual({
    token: expect.any(String),
    tokenExpirationTime: expect.any(String),
    sessionExpirationTime: expect.any(String),
    userId: 'ada',
    displayName: 'Ada',
    role: 'viewer',
    capabilities: ['SEND_MESSAGE'],
    room: 'lobby',
  });
});

test.each([
  ['the user', { userId: 'grace' }, 400],
  ['the role', { role: 'moderator' }, 400],
  ['the capabilities', { capabilities: ['DELETE_MESSAGE'] }, 400],
  ['the attributes', { attributes: { role: 'host' } }, 400],
  ['a room that the chat API does not have', { room: 'backstage' }, 403],
])('the request cannot choose %s', async (_, input, status) => {
  await expect(call(await tokenOf('Eve'), 'create-chat-token', input)).rejects.toMatchObject({ status });
});

test('a request without a token of the user pool is refused', async () => {
  for (const idToken of ['', 'no token', (await tokenOf('Ada')).slice(0, -4)]) {
    await expect(call(idToken, 'create-chat-token')).rejects.toMatchObject({ status: 401 });
  }
  const other = await local.issueToken({ sub: 'ada', issuer: 'https://issuer.example.com', client: 'page' });
  await expect(call(other, 'create-chat-token')).rejects.toMatchObject({ status: 401 });
});

test('a page from another origin cannot call the chat API', async () => {
  const preflight = (origin: string) => fetch(`${outputs.ChatUrl}create-chat-token`, {
    method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' },
  });
  const allowed = async (origin: string) => (await preflight(origin)).headers.get('access-control-allow-origin');
  expect(await allowed(page.origin)).toBe(page.origin);
  expect(await allowed('http://evil.example')).toBeNull();
});

test('two official messaging clients exchange a message, and only a moderator can delete it', async () => {
  const [ada, grace] = await Promise.all([enter('Ada'), enter('Grace', 'moderator')]);
  const heard = next<ChatMessage>(grace, 'message');
  const sent = await ada.sendMessage(new SendMessageRequest('Good evening, Grace.'));
  expect(await heard).toMatchObject({
    id: sent.id,
    content: 'Good evening, Grace.',
    sender: { attributes: { displayName: 'Ada', role: 'viewer' } },
  });

  await expect(ada.deleteMessage(new DeleteMessageRequest(sent.id))).rejects.toMatchObject({ errorCode: 403 });
  const deleted = next<{ messageId: string }>(ada, 'messageDelete');
  await grace.deleteMessage(new DeleteMessageRequest(sent.id, 'An example of a reason'));
  expect(await deleted).toMatchObject({ messageId: sent.id });
});

test.each([
  'See https://example.com', 'What an a$$hole', 'What a b i t c h',
])('the review function denies the message %j', async (content) => {
  const ada = await enter('Ada');
  await expect(ada.sendMessage(new SendMessageRequest(content))).rejects.toMatchObject({
    errorCode: 406,
  });
  await ada.sendMessage(new SendMessageRequest('Ask the assistant in Scunthorpe.'));
});

test('a viewer cannot moderate, and a moderator cannot send events', async () => {
  const [viewer, moderator] = await Promise.all([tokenOf('Ada'), tokenOf('Grace', 'moderator')]);
  for (const [operation, input] of [
    ['delete-message', { messageId: 'AAAAAAAAAAA1' }], ['ban-user', { userId: 'eve' }], ['list-reports', {}],
  ] as const) {
    await expect(call(viewer, operation, input)).rejects.toMatchObject({ status: 403 });
  }
  await expect(call(moderator, 'send-event', { eventName: 'poll' })).rejects.toMatchObject({ status: 403 });
  expect(await call(await tokenOf('Hugo', 'host'), 'send-event', { eventName: 'poll' })).toHaveProperty('id');
});

test('a muted user is disconnected, and reads the chat with the next token', async () => {
  const moderator = await tokenOf('Grace', 'moderator');
  const mallory = await enter('Mallory');
  const left = next(mallory, 'disconnect');
  await call(moderator, 'mute-user', { userId: 'mallory', durationInMinutes: 5 });
  await left;
  const muted = await enter('Mallory');
  await expect(muted.sendMessage(new SendMessageRequest('Hello?'))).rejects.toMatchObject({ errorCode: 403 });
  await call(moderator, 'unmute-user', { userId: 'mallory' });
  expect(await call(await tokenOf('Mallory'), 'create-chat-token')).toMatchObject({ capabilities: ['SEND_MESSAGE'] });
});

test('a banned user is disconnected and gets no token until the ban ends', async () => {
  const moderator = await tokenOf('Grace', 'moderator');
  const mallory = await enter('Mallory');
  const left = next(mallory, 'disconnect');
  await call(moderator, 'ban-user', { userId: 'mallory', reason: 'An example of a reason' });
  await left;
  await expect(call(await tokenOf('Mallory'), 'create-chat-token')).rejects.toMatchObject({
    status: 403, type: 'https://cdk-ivs-chat.dev/problems/banned',
  });
  expect((await call(moderator, 'list-bans')).bans).toMatchObject([{ userId: 'mallory' }]);
  await call(moderator, 'unban-user', { userId: 'mallory' });
  await enter('Mallory');
});

test('a viewer reports a user, and a moderator resolves the report', async () => {
  const [viewer, moderator] = await Promise.all([tokenOf('Ada'), tokenOf('Grace', 'moderator')]);
  await call(viewer, 'report-user', { userId: 'mallory', category: 'HARASSMENT' });
  const { reports } = await call(moderator, 'list-reports');
  expect(reports).toMatchObject([{ userId: 'mallory', category: 'HARASSMENT' }]);
  await call(moderator, 'resolve-report', {
    reportId: reports[0].reportId, decision: 'NO_ACTION', facts: 'Mallory was polite.', ground: 'The terms of the chat',
  });
  expect((await call(moderator, 'list-reports')).reports).toEqual([]);
});

if (!chromiumPath) {
  console.warn(
    'SKIPPED: the chat page in a browser. Install Chromium (apt-get install chromium) or set CHROMIUM_PATH.',
  );
}

(chromiumPath ? describe : describe.skip)('the chat page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  const errors: string[] = [];
  beforeEach(() => {
    errors.length = 0;
  });

  /** Opens the page in a tab of its own and joins the chat. */
  async function tab(name: string, hash = ''): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width: 480, height: 640 } });
    opened.on('pageerror', (error) => errors.push(error.message));
    opened.on('dialog', (dialog) => {
      errors.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await opened.goto(`${page.origin}/${hash}`);
    await opened.getByLabel('Your name').fill(name);
    await opened.getByRole('button', { name: 'Join' }).click();
    await opened.getByText('Connected', { exact: true }).waitFor();
    return opened;
  }

  test('two users chat, and the moderator deletes a message', async () => {
    const viewer = await tab('Ada');
    const moderator = await tab('Grace', '#moderator');
    await viewer.getByLabel('Message', { exact: true }).fill('Is anybody <b>here</b>?');
    await viewer.keyboard.press('Enter');
    await moderator.getByText('Is anybody <b>here</b>?').waitFor();
    await moderator.getByLabel('Message', { exact: true }).fill('I am.');
    await moderator.getByRole('button', { name: 'Send' }).click();
    await viewer.getByText('I am.').waitFor();
    if (process.env.SCREENSHOTS) {
      await viewer.screenshot({ path: join(process.env.SCREENSHOTS, 'viewer.png') });
      await moderator.emulateMedia({ colorScheme: 'dark' });
      await moderator.screenshot({ path: join(process.env.SCREENSHOTS, 'moderator.png') });
    }
    expect(await viewer.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
    await moderator.getByRole('button', { name: 'Delete: Ada, Is anybody <b>here</b>?' }).click();
    await viewer.getByText('Message removed by a moderator').waitFor();
    expect(await viewer.getByText('Is anybody <b>here</b>?').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test('the markup in the name and the message of a user is rendered as text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const text = '<img src=y onerror=alert(2)><b>bold</b>';
    const reader = await tab('Ada', '#moderator');
    const writer = await tab(name);
    await writer.getByLabel('Message', { exact: true }).fill(text);
    await writer.keyboard.press('Enter');
    for (const opened of [reader, writer]) {
      await opened.getByText(text, { exact: true }).waitFor();
      await opened.getByText(name, { exact: true }).waitFor();
      expect(await opened.locator('.messages :is(img, b)').count()).toBe(0);
    }
    expect(errors).toEqual([]);
  });

  test('a refused message stays in the list of its author with a reason', async () => {
    const [author, reader] = [await tab('Ada'), await tab('Grace')];
    for (const text of ['See https://example.com', 'See you later']) {
      await author.getByLabel('Message', { exact: true }).fill(text);
      await author.keyboard.press('Enter');
    }
    await author.getByText('The message was refused. Only you can see it.').waitFor();
    await reader.getByText('See you later').waitFor();
    expect(await reader.getByText('See https://example.com').count()).toBe(0);
    await author.getByRole('button', { name: 'Discard' }).click();
    expect(await author.getByText('See https://example.com').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test('a message that is too long is refused with a reason and stays in the field', async () => {
    const opened = await tab('Verbose');
    await opened.getByLabel('Message', { exact: true }).fill('x'.repeat(501));
    await opened.keyboard.press('Enter');
    await opened.getByRole('alert').filter({ hasText: 'Your message is too long.' }).waitFor();
    expect(await opened.getByLabel('Message', { exact: true }).inputValue()).toHaveLength(501);
    expect(errors).toEqual([]);
  });

  test('a banned user reads the reason, and a user who is disconnected connects again', async () => {
    const moderator = await tab('Grace', '#moderator');
    const banned = await tab('Trudy');
    await banned.getByLabel('Message', { exact: true }).fill('Hello from Trudy');
    await banned.keyboard.press('Enter');
    await moderator.getByRole('button', { name: 'Mute: Trudy, Hello from Trudy' }).click();
    await banned.getByText('A moderator has disconnected you.').waitFor();
    await banned.getByRole('button', { name: 'Connect again' }).click();
    await banned.getByText('Connected', { exact: true }).waitFor();
    await banned.getByText('A moderator has muted you. You can read the chat.').waitFor();

    await moderator.getByRole('button', { name: 'Ban: Trudy, Hello from Trudy' }).click();
    await moderator.getByText('You banned Trudy.').waitFor();
    await banned.getByText('A moderator has disconnected you.').waitFor();
    await banned.getByRole('button', { name: 'Connect again' }).click();
    await banned.getByText('A moderator has banned you from this chat.').waitFor();
    expect(await banned.getByRole('button', { name: 'Connect again' }).count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('axe finds no problem in the page, color scheme %s', async (colorScheme) => {
    const problemsOf = async (opened: Page) => {
      await opened.emulateMedia({ colorScheme });
      await opened.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
      const { violations } = await opened.evaluate(() => (globalThis as any).axe.run());
      return violations.map(({ id, nodes }: any) => `${id}: ${nodes[0].html}`);
    };
    const card = await browser.newPage();
    await card.goto(page.origin);
    await card.getByLabel('Your name').waitFor();
    expect(await problemsOf(card)).toEqual([]);

    const host = await tab('Hugo', '#host');
    const writer = await tab('Walter');
    await writer.getByLabel('Message', { exact: true }).fill(`Look at this, in ${colorScheme}`);
    await writer.keyboard.press('Enter');
    await host.getByText(`Look at this, in ${colorScheme}`).waitFor();
    await host.getByRole('button', { name: /^Mute: Walter/ }).click();
    await writer.getByText('A moderator has disconnected you.').waitFor();
    expect(await problemsOf(host)).toEqual([]);
    expect(await problemsOf(writer)).toEqual([]);
  });

  test('a user joins and writes, and a moderator deletes the message, with the keyboard alone', async () => {
    const opened = await browser.newPage();
    await opened.goto(page.origin);
    await opened.getByLabel('Your name').waitFor();
    await opened.keyboard.type('Kay');
    await opened.keyboard.press('Enter');
    await opened.getByText('Connected', { exact: true }).waitFor();
    await opened.keyboard.type('No mouse here');
    await opened.keyboard.press('Enter');
    const moderator = await tab('Grace', '#moderator');
    await opened.keyboard.type('Still no mouse');
    await opened.keyboard.press('Enter');
    const remove = moderator.getByRole('button', { name: 'Delete: Kay, Still no mouse' });
    await remove.focus();
    await moderator.keyboard.press('Enter');
    await opened.getByText('Message removed by a moderator').waitFor();
    expect(await opened.getByText('No mouse here').count()).toBe(1);
  });

  test('the official messaging client in the browser gets its token from the chat API', async () => {
    const { outputFiles: [bundle] } = await build({
      entryPoints: [require.resolve('amazon-ivs-chat-messaging')],
      bundle: true,
      format: 'iife',
      globalName: 'messaging',
      write: false,
    });
    const opened = await browser.newPage();
    await opened.goto(page.origin);
    await opened.addScriptTag({ content: bundle!.text });
    const options = { chatUrl: outputs.ChatUrl, endpoint: local.messaging, idToken: await tokenOf('Olga') };
    const sent = await opened.evaluate(async ({ chatUrl, endpoint, idToken }) => {
      const { ChatRoom: Room, SendMessageRequest: Message } = (globalThis as any).messaging;
      const tokenProvider = async () => {
        const response = await fetch(`${chatUrl}create-chat-token`, {
          method: 'POST',
          headers: { 'authorization': `Bearer ${idToken}`, 'content-type': 'application/json' },
          body: '{}',
        });
        const { token, sessionExpirationTime, tokenExpirationTime } = await response.json();
        return {
          token,
          sessionExpirationTime: new Date(sessionExpirationTime),
          tokenExpirationTime: new Date(tokenExpirationTime),
        };
      };
      const room = new Room({ regionOrUrl: endpoint, tokenProvider });
      await new Promise((resolve) => {
        room.addListener('connect', resolve);
        room.connect();
      });
      const { content, sender } = await room.sendMessage(new Message('From the official client'));
      room.disconnect();
      return { content, userId: sender.userId };
    }, options);
    expect(sent).toEqual({ content: 'From the official client', userId: 'olga' });
  });

  test('the example react-chat', async () => {
    const { outputFiles: [bundle] } = await build({
      stdin: {
        contents: `import { createRoot } from 'react-dom/client';
          import { Chat } from './chat';
          globalThis.show = (element, props) => createRoot(element).render(<Chat {...props} />);`,
        resolveDir: join(__dirname, '..', '..', 'examples', 'react-chat'),
        loader: 'tsx',
      },
      bundle: true,
      format: 'iife',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      write: false,
    });
    const opened = await browser.newPage();
    opened.on('pageerror', (error) => errors.push(error.message));
    await opened.goto(page.origin);
    await opened.addScriptTag({ content: bundle!.text });
    const props = { endpoint: local.messaging, url: outputs.ChatUrl, idToken: await tokenOf('Rosa') };
    await opened.evaluate((given) => {
      document.body.replaceChildren();
      (globalThis as any).show(document.body.appendChild(document.createElement('main')), given);
    }, props);
    const reader = await tab('Ada');
    await opened.getByLabel('Message').fill('From the small example');
    await opened.keyboard.press('Enter');
    await reader.getByText('From the small example').waitFor();
    await opened.getByText('Rosa: From the small example').waitFor();
    expect(await opened.getByRole('status').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test('a viewer reports a message, and blocks its author', async () => {
    const reader = await tab('Ada');
    const writer = await tab('Walter');
    for (const text of ['First', 'Second']) {
      await writer.getByLabel('Message', { exact: true }).fill(text);
      await writer.keyboard.press('Enter');
      await reader.getByText(text, { exact: true }).waitFor();
    }
    await reader.getByRole('button', { name: 'Report: Walter, First' }).click();
    await reader.getByText('You reported Walter.').waitFor();
    await reader.getByRole('button', { name: 'Block: Walter, First' }).click();
    await reader.getByText('You no longer see the messages of Walter.').waitFor();
    expect(await reader.getByText('Second', { exact: true }).count()).toBe(0);
    expect(errors).toEqual([]);
  });
});

test('an update keeps the room and its ARN', async () => {
  const updated = await deploy('maximumMessageLength=280');
  expect(updated.RoomArn).toBe(outputs.RoomArn);
  expect(await deployedRoom()).toMatchObject({ maximumMessageLength: 280 });
});

test('an invalid property fails the synthesis and changes no room', async () => {
  await expect(deploy('maximumMessageLength=501'))
    .rejects.toThrow('`maximumMessageLength` must be between 1 and 500, got 501');
  expect(await deployedRoom()).toMatchObject({ maximumMessageLength: 280 });
});

test('a failed update prints the reason and is rolled back', async () => {
  await expect(deploy('maximumMessageLength=100', 'second=true'))
    .rejects.toThrow(/Name must contain only letters, digits, hyphens and underscores/);
  expect(await deployedRoom()).toMatchObject({ maximumMessageLength: 280 });
  expect((await ivsChat.send(new ListRoomsCommand({}))).rooms).toHaveLength(1);
});

test('cdk destroy deletes the room', async () => {
  await cdk(['destroy', '--force', '--app', join(folder, 'cdk.out')], { environment: local.environment });
  expect((await ivsChat.send(new ListRoomsCommand({}))).rooms).toEqual([]);
});
