// Tests of a chat with Jest. The local IVS Chat runs in the process of the tests.
const { startLocalIvsChat } = require('cdk-ivs-chat/local');
const { createChatSession } = require('cdk-ivs-chat/session');

let chat;
let roomIdentifier;
const sessions = [];

/** Joins the room as a user. In an application, the token comes from your token function. */
function join(userId, capabilities = ['SEND_MESSAGE']) {
  const token = () => chat.call('CreateChatToken', { roomIdentifier, userId, capabilities });
  const session = createChatSession({ endpoint: chat.messaging, token });
  sessions.push(session);
  session.join();
  return session;
}

const next = (session, event) => new Promise((resolve) => {
  session.on(event, resolve);
});

const reached = (session, expected) => new Promise((resolve) => {
  session.on('status', ({ status }) => status === expected && resolve());
});

beforeAll(async () => {
  chat = await startLocalIvsChat();
});

beforeEach(async () => {
  ({ arn: roomIdentifier } = await chat.call('CreateRoom', { maximumMessageLength: 100 }));
});

afterEach(() => {
  chat.faults.clear();
  sessions.splice(0).forEach((session) => session.leave());
});

afterAll(() => chat.close());

test('a user receives the message of another user', async () => {
  const [ada, grace] = [join('ada'), join('grace')];
  await reached(grace, 'connected');
  const received = next(grace, 'message');
  await ada.send('Good evening');
  expect(await received).toMatchObject({ content: 'Good evening', sender: { userId: 'ada' } });
});

test('a message that is too long is refused', async () => {
  await expect(join('ada').send('x'.repeat(101))).rejects.toMatchObject({ code: 'tooLong' });
});

test('a user without the capability cannot send messages', async () => {
  await expect(join('eve', []).send('Hello')).rejects.toMatchObject({ code: 'forbidden' });
});

test('a message is sent after the token function was throttled', async () => {
  chat.faults.add({ kind: 'throttle', operation: 'CreateChatToken', times: 1 });
  expect(await join('ada').send('Hello')).toMatchObject({ content: 'Hello' });
});

test('a user is back after a lost connection', async () => {
  const ada = join('ada');
  await ada.send('One');
  const lost = reached(ada, 'reconnecting');
  chat.dropConnections();
  await lost;
  expect(await ada.send('Two')).toMatchObject({ content: 'Two' });
});
