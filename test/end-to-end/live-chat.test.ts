/**
 * The live chat example from deployment to removal. The tests use the CDK CLI, the deployed functions, the official
 * SDK, the official messaging client and a browser.
 */
import { join } from 'node:path';
import { GetRoomCommand, IvschatClient, ListRoomsCommand } from '@aws-sdk/client-ivschat';
import { type ChatMessage, type ChatRoom, DeleteMessageRequest, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import { build } from 'esbuild';
import { ChatPageBrowser } from './chat-page-browser';
import { DeployedLiveChat } from './deployed-live-chat';
import { enterRoom, next } from '../../examples/live-chat/enter-room';
import type { SignIn } from '../../examples/live-chat/sign-in';
import { chromiumPath } from '../chromium';

jest.setTimeout(120_000);

const rooms: ChatRoom[] = [];
let chat: DeployedLiveChat;
let ivsChat: IvschatClient;

const tokenOf = (name: string, role?: SignIn['role']) => chat.tokenOf(name, role);
const call = (idToken: string, operation: string, input?: object) => chat.call(idToken, operation, input);

const deployedRoom = () => ivsChat.send(new GetRoomCommand({ identifier: chat.outputs.RoomArn }));

/** Returns an official messaging client that is connected to the room. */
async function enter(name: string, role?: SignIn['role']): Promise<ChatRoom> {
  const idToken = await tokenOf(name, role);
  const room = await enterRoom(chat.local.messaging, () => call(idToken, 'create-chat-token'));
  rooms.push(room);
  return room;
}

beforeAll(async () => {
  chat = await DeployedLiveChat.start();
  const { environment, controlPlane } = chat.local;
  ivsChat = new IvschatClient({
    region: environment.AWS_REGION,
    endpoint: controlPlane,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
    },
  });
});

afterAll(async () => {
  rooms.forEach((room) => room.disconnect());
  ivsChat?.destroy();
  await chat?.close();
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
  const other = await chat.local.issueToken({ sub: 'ada', issuer: 'https://issuer.example.com', client: 'page' });
  await expect(call(other, 'create-chat-token')).rejects.toMatchObject({ status: 401 });
});

test('a page from another origin cannot call the chat API', async () => {
  const preflight = (origin: string) => fetch(`${chat.outputs.ChatUrl}create-chat-token`, {
    method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' },
  });
  const allowed = async (origin: string) => (await preflight(origin)).headers.get('access-control-allow-origin');
  expect(await allowed(chat.page.origin)).toBe(chat.page.origin);
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

if (!chromiumPath) console.warn('SKIPPED: clients in a browser. Install Chromium, or set CHROMIUM_PATH.');

(chromiumPath ? describe : describe.skip)('in Chromium', () => {
  let browser: ChatPageBrowser;
  beforeAll(async () => {
    browser = await ChatPageBrowser.launch(chat.page.origin);
  });
  afterAll(() => browser?.close());

  test('the official messaging client in the browser gets its token from the chat API', async () => {
    const { outputFiles: [bundle] } = await build({
      entryPoints: [require.resolve('amazon-ivs-chat-messaging')],
      bundle: true,
      format: 'iife',
      globalName: 'messaging',
      write: false,
    });
    const opened = await browser.open();
    await opened.addScriptTag({ content: bundle!.text });
    const options = { chatUrl: chat.outputs.ChatUrl, endpoint: chat.local.messaging, idToken: await tokenOf('Olga') };
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
    const opened = await browser.open();
    await opened.addScriptTag({ content: bundle!.text });
    const props = { endpoint: chat.local.messaging, url: chat.outputs.ChatUrl, idToken: await tokenOf('Rosa') };
    await opened.evaluate((given) => {
      document.body.replaceChildren();
      (globalThis as any).show(document.body.appendChild(document.createElement('main')), given);
    }, props);
    const reader = await browser.join('Ada');
    await opened.getByLabel('Message').fill('From the small example');
    await opened.keyboard.press('Enter');
    await reader.getByText('From the small example').waitFor();
    await opened.getByText('Rosa: From the small example').waitFor();
    expect(await opened.getByRole('status').count()).toBe(0);
    expect(browser.errors).toEqual([]);
  });
});

test('an update keeps the room and its ARN', async () => {
  const { RoomArn } = chat.outputs;
  await chat.deploy('maximumMessageLength=280');
  expect(chat.outputs.RoomArn).toBe(RoomArn);
  expect(await deployedRoom()).toMatchObject({ maximumMessageLength: 280 });
});

test('an invalid property fails the synthesis and changes no room', async () => {
  await expect(chat.deploy('maximumMessageLength=501'))
    .rejects.toThrow('`maximumMessageLength` must be between 1 and 500, got 501');
  expect(await deployedRoom()).toMatchObject({ maximumMessageLength: 280 });
});

test('a failed update prints the reason and is rolled back', async () => {
  await expect(chat.deploy('maximumMessageLength=100', 'second=true'))
    .rejects.toThrow(/Name must contain only letters, digits, hyphens and underscores/);
  expect(await deployedRoom()).toMatchObject({ maximumMessageLength: 280 });
  expect((await ivsChat.send(new ListRoomsCommand({}))).rooms).toHaveLength(1);
});

test('cdk destroy deletes the room', async () => {
  await chat.destroy();
  expect((await ivsChat.send(new ListRoomsCommand({}))).rooms).toEqual([]);
});
