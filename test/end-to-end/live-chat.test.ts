/** The main job on real parts: the real CDK CLI, the deployed functions, the official SDK and messaging client, a real browser. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetRoomCommand, IvschatClient, ListRoomsCommand } from '@aws-sdk/client-ivschat';
import { type ChatRoom, DeleteMessageRequest, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { chromium, type Browser } from 'playwright-core';
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
    '--app', `node --import tsx ${join(__dirname, 'app', 'app.ts')}`, '--output', join(folder, 'cdk.out'), '--outputs-file', join(folder, 'outputs.json'),
    ...[`pageOrigin=${page.origin}`, `moderatorKey=${moderatorKey}`, ...context].flatMap((pair) => ['--context', pair]),
  ], { environment: local.environment });
  return JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')).LiveChat;
}

function askForToken(body: object, origin = page.origin) {
  return fetch(outputs.TokenUrl, { method: 'POST', headers: { 'content-type': 'application/json', origin }, body: JSON.stringify(body) });
}

/** An official messaging client that is in the room. */
async function enter(name: string, key?: string): Promise<ChatRoom> {
  const ask = { name, visitorKey: `the visitor whose name is ${name}`, moderatorKey: key };
  const room = await enterRoom(local.messaging, async () => (await askForToken(ask)).json());
  rooms.push(room);
  return room;
}

beforeAll(async () => {
  local = await startLocal();
  page = await servePage();
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = local.environment;
  ivsChat = new IvschatClient({
    region: local.environment.AWS_REGION, endpoint: local.controlPlane, credentials: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! },
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

test('the deployed room is what the template asked for', async () => {
  const room = await ivsChat.send(new GetRoomCommand({ identifier: outputs.RoomArn }));
  expect(room).toMatchObject({ maximumMessageLength: 500, maximumMessageRatePerSecond: 50 });
  expect(room.name).toMatch(/LiveChat.*Room/);
});

test('the deployed function issues a chat token with nothing but room.grantCreateChatToken', async () => {
  const response = await askForToken({ name: 'Ada', visitorKey: 'a key that nobody guesses' });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe(page.origin);
  expect(await response.json()).toEqual({
    token: expect.any(String), tokenExpirationTime: expect.any(String), sessionExpirationTime: expect.any(String), userId: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
});

test('another origin may not read the answer', async () => {
  const response = await askForToken({ name: 'Eve', visitorKey: 'a key that nobody guesses' }, 'http://evil.example');
  expect(response.headers.get('access-control-allow-origin')).not.toBe('http://evil.example');
});

test('two official messaging clients exchange a message, and only a moderator can delete it', async () => {
  const [ada, grace] = await Promise.all([enter('Ada'), enter('Grace', moderatorKey)]);
  const heard = next<{ id: string; content: string; sender: { attributes?: Record<string, string> } }>(grace, 'message');
  const sent = await ada.sendMessage(new SendMessageRequest('Good evening, Grace.'));
  expect(await heard).toMatchObject({ id: sent.id, content: 'Good evening, Grace.', sender: { attributes: { name: 'Ada', role: 'viewer' } } });

  await expect(ada.deleteMessage(new DeleteMessageRequest(sent.id))).rejects.toMatchObject({ errorCode: 403 });
  const deleted = next<{ messageId: string }>(ada, 'messageDelete');
  await grace.deleteMessage(new DeleteMessageRequest(sent.id, 'Just to show it'));
  expect(await deleted).toMatchObject({ messageId: sent.id });
});

test('a wrong moderator key makes a viewer', async () => {
  const eve = await enter('Eve', 'not the key');
  await expect(eve.deleteMessage(new DeleteMessageRequest('AAAAAAAAAAA1'))).rejects.toMatchObject({ errorCode: 403 });
});

const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
if (!browserPath) console.warn('SKIPPED: the chat page in a browser, because no Chromium is installed (apt-get install chromium, or CHROMIUM_PATH)');

(browserPath ? describe : describe.skip)('the chat page, in two tabs of a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  test('two people talk, and the moderator deletes a message', async () => {
    const errors: string[] = [];
    const tab = async (name: string, hash = '') => {
      const opened = await browser.newPage({ viewport: { width: 480, height: 640 } });
      opened.on('pageerror', (error) => errors.push(error.message));
      await opened.goto(`${page.origin}/${hash}`);
      await opened.getByLabel('Your name').fill(name);
      await opened.getByRole('button', { name: 'Join' }).click();
      await opened.getByText('Connected', { exact: true }).waitFor();
      return opened;
    };
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

  test('a message that is too long is refused with a reason, and stays in the field', async () => {
    const tab = await browser.newPage();
    await tab.goto(page.origin);
    await tab.getByLabel('Your name').fill('Verbose');
    await tab.getByRole('button', { name: 'Join' }).click();
    await tab.getByText('Connected', { exact: true }).waitFor();
    await tab.getByLabel('Message', { exact: true }).fill('x'.repeat(501));
    await tab.keyboard.press('Enter');
    await tab.getByRole('alert').filter({ hasText: '500' }).waitFor();
    expect(await tab.getByLabel('Message', { exact: true }).inputValue()).toHaveLength(501);
  });
});

test('an update keeps the room and its ARN', async () => {
  const updated = await deploy('maximumMessageLength=280');
  expect(updated.RoomArn).toBe(outputs.RoomArn);
  expect(await ivsChat.send(new GetRoomCommand({ identifier: outputs.RoomArn }))).toMatchObject({ maximumMessageLength: 280 });
});

test('a wrong property fails at synthesis, and nothing is touched', async () => {
  await expect(deploy('maximumMessageLength=501')).rejects.toThrow('`maximumMessageLength` must be between 1 and 500, got 501');
  expect(await ivsChat.send(new GetRoomCommand({ identifier: outputs.RoomArn }))).toMatchObject({ maximumMessageLength: 280 });
});

test('a failing update says why, and is rolled back', async () => {
  await expect(deploy('maximumMessageLength=100', 'second=true')).rejects.toThrow(/Name must contain only letters, digits, hyphens and underscores/);
  expect(await ivsChat.send(new GetRoomCommand({ identifier: outputs.RoomArn }))).toMatchObject({ maximumMessageLength: 280 });
  expect((await ivsChat.send(new ListRoomsCommand({}))).rooms).toHaveLength(1);
});

test('destroy leaves no room', async () => {
  await cdk(['destroy', '--force', '--app', join(folder, 'cdk.out')], { environment: local.environment });
  expect((await ivsChat.send(new ListRoomsCommand({}))).rooms).toEqual([]);
});
