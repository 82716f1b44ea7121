/** The client of the chat API and a session, with the functions of the construct and the local service. */
import {
  ChatApiError, createChatApiClient, createChatSession, type ChatApiClient, type ChatMessage, type ChatSession,
} from '../../../front-end/session';
import { CHAT_API_OPERATIONS, chatApiPath, type ChatApiOperationName } from '../../../src/contract/chat-api/operations';
import { claimsOf, startApi, type Api } from '../../lambda/chat-api/api';

let api: Api;
const sessions: ChatSession[] = [];
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  for (const session of sessions) session.leave();
  await new Promise(setImmediate);
  await api.close();
});

/** Returns a client that calls the functions with the events of API Gateway. */
function clientOf(user: string, ...groups: string[]): ChatApiClient {
  const fetch = async (url: any, { body, headers }: any) => {
    expect(headers.authorization).toBe(`Bearer token of ${user}`);
    const path = new URL(url).pathname;
    const name = Object.keys(CHAT_API_OPERATIONS).find((operation) => chatApiPath(operation) === path);
    const answer = await api.call(name as ChatApiOperationName, claimsOf(user, ...groups), JSON.parse(body));
    return new Response(answer.body && JSON.stringify(answer.body), { status: answer.status });
  };
  return createChatApiClient({
    url: 'https://example.com/', room: 'lobby', idToken: async () => `token of ${user}`, fetch: fetch as never,
  });
}

async function join({ token }: ChatApiClient): Promise<ChatSession> {
  const session = createChatSession({ endpoint: api.ivsChat.messaging, token });
  sessions.push(session);
  const connected = reached(session, 'connected');
  session.join();
  await connected;
  return session;
}
const reached = (session: ChatSession, status: string) => new Promise<void>((resolve) => {
  session.on('status', (change) => change.status === status && resolve());
});

test('a viewer chats, reports and blocks, and a moderator bans the sender', async () => {
  const [ada, troll, moderator] = [clientOf('ada'), clientOf('troll'), clientOf('mod', 'moderator')];
  const [viewer, sender] = [await join(ada), await join(troll)];
  expect(viewer.getSnapshot()).toMatchObject({ userId: 'ada', can: { send: true, remove: false, disconnect: false } });
  const message = await sender.send('rude');
  await ada.reportMessage(message, 'SPAM', 'please look');
  await ada.reportUser('troll', 'SPAM');
  await ada.block('troll');
  const blocked = async () => (await ada.call('list-blocked-users')).blockedUsers.map((user: any) => user.userId);
  expect(await blocked()).toEqual(['troll']);
  await ada.unblock('troll');
  expect(await blocked()).toEqual([]);
  expect((await moderator.call('list-reports', { status: 'OPEN' })).reports).toHaveLength(2);

  await moderator.mute('ada', 5, 'too loud');
  await moderator.unmute('ada');
  const kicked = reached(sender, 'kicked');
  await moderator.ban('troll', { reason: 'spam', durationInMinutes: 60 });
  await kicked;
  const refused = reached(sender, 'refused');
  sender.retry();
  await refused;
  expect(sender.getSnapshot().reason).toBe('The user is banned.');
  await moderator.unban('troll');
  const connected = reached(sender, 'connected');
  sender.retry();
  await connected;
});

test('an operation without the right is an error with the problem', async () => {
  await expect(clientOf('ada').ban('troll')).rejects.toMatchObject({
    name: 'ChatApiError', status: 403, type: 'https://cdk-ivs-chat.dev/problems/forbidden',
  });
});

const reported = { id: 'm1', content: 'Buy!', sender: { userId: 'bob', attributes: {} } } as never as ChatMessage;
const { signal } = new AbortController();
const room = 'lobby';
test.each<[string, object | undefined, (api: ChatApiClient) => Promise<unknown>]>([
  ['create-chat-token', { room }, ({ token }) => token()],
  ['create-chat-token', { room }, ({ token }) => token({ signal })],
  ['ban-user', { room, userId: 'bob' }, ({ ban }) => ban('bob')],
  ['ban-user', { room, userId: 'bob', reason: 'rude', durationInMinutes: 5 },
    ({ ban }) => ban('bob', { reason: 'rude', durationInMinutes: 5 })],
  ['unban-user', { room, userId: 'bob' }, ({ unban }) => unban('bob')],
  ['mute-user', { room, userId: 'bob', durationInMinutes: 5, reason: 'loud' }, ({ mute }) => mute('bob', 5, 'loud')],
  ['mute-user', { room, userId: 'bob', durationInMinutes: 5 }, ({ mute }) => mute('bob', 5)],
  ['unmute-user', { room, userId: 'bob' }, ({ unmute }) => unmute('bob')],
  ['report-message', { room, messageId: 'm1', userId: 'bob', content: 'Buy!', category: 'SPAM', comment: 'please' },
    ({ reportMessage }) => reportMessage(reported, 'SPAM', 'please')],
  ['report-message', { room, messageId: 'm1', userId: 'bob', content: 'Buy!', category: 'SPAM' },
    ({ reportMessage }) => reportMessage(reported, 'SPAM')],
  ['report-user', { room, userId: 'bob', category: 'SPAM', comment: 'please' },
    ({ reportUser }) => reportUser('bob', 'SPAM', 'please')],
  ['report-user', { room, userId: 'bob', category: 'SPAM' }, ({ reportUser }) => reportUser('bob', 'SPAM')],
  ['block-user', { userId: 'bob' }, ({ block }) => block('bob')],
  ['unblock-user', { userId: 'bob' }, ({ unblock }) => unblock('bob')],
  ['list-reports', {}, ({ call }) => call('list-reports')],
  ['list-reports', { status: 'OPEN' }, ({ call }) => call('list-reports', { status: 'OPEN' }, signal)],
])('the request %s with %j', async (operation, input, use) => {
  const requests: unknown[][] = [];
  const fetch = async (...request: any[]) => {
    requests.push([request[0], { ...request[1], body: JSON.parse(request[1].body) }]);
    return new Response('{"a":1}');
  };
  for (const url of ['https://example.com', 'https://example.com/']) {
    expect(await use(createChatApiClient({ url, room, idToken: () => 'an ID token', fetch }))).toEqual({ a: 1 });
  }
  const headers = { 'authorization': 'Bearer an ID token', 'content-type': 'application/json' };
  const [, { signal: given }] = requests[0] as [string, RequestInit];
  expect(requests).toEqual(Array(2).fill([
    `https://example.com/${operation}`, { method: 'POST', headers, body: input, signal: given },
  ]));
  expect(given).toBe(String(use).includes('signal') ? signal : undefined);
  // No method hides a failure.
  const failing = async () => new Response('{"title":"No"}', { status: 403 });
  await expect(use(createChatApiClient({ url: 'https://example.com', room, idToken: () => '', fetch: failing })))
    .rejects.toMatchObject({ name: 'ChatApiError', status: 403, message: 'No' });
});

test.each([[200, '{"a":1}', { a: 1 }], [201, '{"a":1}', { a: 1 }], [200, '', undefined], [204, null, undefined]])(
  'the answer %i %j to a request with the global fetch is a result', async (status, body, result) => {
    const fetch = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(body, { status }));
    const { call } = createChatApiClient({ url: 'https://example.com', idToken: () => '' });
    expect(await call('list-reports')).toEqual(result);
    expect(fetch.mock.calls.map(([url]) => url)).toEqual(['https://example.com/list-reports']);
    fetch.mockRestore();
  });

test('each request has the current ID token', async () => {
  const authorizations: string[] = [];
  const fetch = async (_url: unknown, { headers }: any) => {
    authorizations.push(headers.authorization);
    return new Response('{}');
  };
  let count = 0;
  const { token, block } = createChatApiClient({ url: 'u', idToken: () => `token ${++count}`, fetch: fetch as never });
  await token();
  await block('bob');
  expect(authorizations).toEqual(['Bearer token 1', 'Bearer token 2']);
});

test.each([
  [403, '{"type":"t","title":"No","message":"x"}', 't', 'No'], [503, '', '', 'The chat API answered with 503'],
  [500, '{"message":"Failed"}', '', 'Failed'],
])('the answer %i %s is an error', async (status, body, type, text) => {
  const fetch = async () => new Response(body, { status });
  const client = createChatApiClient({ url: 'u', idToken: () => '', fetch });
  const error = await client.unban('bob').catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ChatApiError);
  expect([error.name, error.status, error.type, error.message]).toEqual(['ChatApiError', status, type, text]);
});

const bodies = ['', 'null', '<html>', '{"message":"Service Unavailable"}'];
test.each(bodies)('the error body %j is an error', async (body) => {
  const fetch = async () => new Response(body, { status: 503 });
  const client = createChatApiClient({ url: 'https://example.com', idToken: () => '', fetch });
  const message = body.startsWith('{') ? 'Service Unavailable' : 'The chat API answered with 503';
  await expect(client.token()).rejects.toMatchObject({ status: 503, message });
});
