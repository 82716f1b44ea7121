/**
 * The live chat example from deployment to removal. The tests use the CDK CLI, the deployed functions, the official
 * SDK, the official messaging client and a browser.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetRoomCommand, IvschatClient, ListRoomsCommand } from '@aws-sdk/client-ivschat';
import { type ChatMessage, type ChatRoom, DeleteMessageRequest, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { chromium, type Browser, type Page } from 'playwright-core';
import { cdk } from '../../examples/live-chat/cdk-cli';
import { enterRoom, next } from '../../examples/live-chat/enter-room';
import { servePage } from '../../examples/live-chat/serve-page';
import { startLocal, type Local } from '../../local';

jest.setTimeout(120_000);

const moderatorKey = 'the key of the moderators';
const folder = mkdtempSync(join(tmpdir(), 'end-to-end-'));
const rooms: ChatRoom[] = [];
let local: Local;
let page: Awaited<ReturnType<typeof servePage>>;
let ivsChat: IvschatClient;
let outputs: { RoomArn: string; TokenUrl: string };

async function deploy(...context: string[]): Promise<{ RoomArn: string; TokenUrl: string }> {
  await cdk([
    'deploy', '--require-approval', 'never', '--progress', 'events',
    '--app', `node --import tsx ${join(__dirname, 'app', 'app.ts')}`,
    '--output', join(folder, 'cdk.out'), '--outputs-file', join(folder, 'outputs.json'),
    '--context', `pageOrigin=${page.origin}`, '--context', `moderatorKey=${moderatorKey}`,
    ...context.flatMap((pair) => ['--context', pair]),
  ], { environment: local.environment });
  return JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')).LiveChat;
}

function askForToken(body: object, origin = page.origin) {
  const headers = { 'content-type': 'application/json', origin };
  return fetch(outputs.TokenUrl, { method: 'POST', headers, body: JSON.stringify(body) });
}

const deployedRoom = () => ivsChat.send(new GetRoomCommand({ identifier: outputs.RoomArn }));

/** Returns an official messaging client that is connected to the room. */
async function enter(name: string, key?: string): Promise<ChatRoom> {
  const ask = { name, visitorKey: `the visitor with the name ${name}`, moderatorKey: key };
  const room = await enterRoom(local.messaging, async () => (await askForToken(ask)).json());
  rooms.push(room);
  return room;
}

beforeAll(async () => {
  local = await startLocal();
  page = await servePage();
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = local.environment;
  ivsChat = new IvschatClient({
    region: local.environment.AWS_REGION,
    endpoint: local.controlPlane,
    credentials: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! },
  });
  outputs = await deploy();
  page.configure({ tokenUrl: outputs.TokenUrl, messaging: local.messaging });
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

test('the deployed function creates a chat token with the permission of room.grantCreateChatToken only', async () => {
  const response = await askForToken({ name: 'Ada', visitorKey: 'a key with enough characters' });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe(page.origin);
  expect(await response.json()).toEqual({
    token: expect.any(String),
    tokenExpirationTime: expect.any(String),
    sessionExpirationTime: expect.any(String),
    userId: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
});

test('a page from another origin cannot read the response', async () => {
  const body = { name: 'Eve', visitorKey: 'a key with enough characters' };
  const response = await askForToken(body, 'http://evil.example');
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('two official messaging clients exchange a message, and only a moderator can delete it', async () => {
  const [ada, grace] = await Promise.all([enter('Ada'), enter('Grace', moderatorKey)]);
  const heard = next<ChatMessage>(grace, 'message');
  const sent = await ada.sendMessage(new SendMessageRequest('Good evening, Grace.'));
  expect(await heard).toMatchObject({
    id: sent.id,
    content: 'Good evening, Grace.',
    sender: { attributes: { name: 'Ada', role: 'viewer' } },
  });

  await expect(ada.deleteMessage(new DeleteMessageRequest(sent.id))).rejects.toMatchObject({ errorCode: 403 });
  const deleted = next<{ messageId: string }>(ada, 'messageDelete');
  await grace.deleteMessage(new DeleteMessageRequest(sent.id, 'An example of a reason'));
  expect(await deleted).toMatchObject({ messageId: sent.id });
});

test.each([
  'not the key', moderatorKey.replace(/.$/, '!'), '', undefined,
])('a user with the wrong moderator key %j cannot delete a message', async (key) => {
  const eve = await enter('Eve', key);
  await expect(eve.deleteMessage(new DeleteMessageRequest('AAAAAAAAAAA1'))).rejects.toMatchObject({ errorCode: 403 });
});

const browserPath = [
  process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));
if (!browserPath) {
  console.warn(
    'SKIPPED: the chat page in a browser. Install Chromium (apt-get install chromium) or set CHROMIUM_PATH.',
  );
}

(browserPath ? describe : describe.skip)('the chat page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
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
    const moderator = await tab('Grace', `#moderator=${encodeURIComponent(moderatorKey)}`);
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
    expect(await viewer.getByRole('button', { name: /Delete/ }).count()).toBe(0);
    await moderator.getByRole('button', { name: 'Delete the message of Ada' }).click();
    await viewer.getByText('Is anybody <b>here</b>?').waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  test('the markup in the name and the message of a user is rendered as text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const text = '<img src=y onerror=alert(2)><b>bold</b>';
    const reader = await tab('Ada', `#moderator=${encodeURIComponent(moderatorKey)}`);
    const writer = await tab(name);
    await writer.getByLabel('Message', { exact: true }).fill(text);
    await writer.keyboard.press('Enter');
    for (const opened of [reader, writer]) {
      await opened.getByText(text, { exact: true }).waitFor();
      await opened.getByText(name, { exact: true }).waitFor();
      expect(await opened.locator('#messages :is(img, b)').count()).toBe(0);
    }
    expect(errors).toEqual([]);
  });

  test('a message that is too long is refused with a reason and stays in the field', async () => {
    const opened = await tab('Verbose');
    await opened.getByLabel('Message', { exact: true }).fill('x'.repeat(501));
    await opened.keyboard.press('Enter');
    await opened.getByRole('alert').filter({ hasText: 'exceeds maximum length' }).waitFor();
    expect(await opened.getByLabel('Message', { exact: true }).inputValue()).toHaveLength(501);
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
