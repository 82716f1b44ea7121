/** The round trip of `npm start -- --once` notices wrong results. The test provides the chat API. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { roundTrip } from '../../../examples/live-chat/round-trip';
import type { SignIn } from '../../../examples/live-chat/sign-in';
import { Terminal } from '../../../examples/live-chat/terminal';
import { startLocalIvsChat } from '../../../local/ivs-chat/start-local-ivs-chat';

const pageOrigin = 'http://127.0.0.1:3000';

/** A wrong answer of the chat API or of the service, or an effect that is missing. */
interface Wrong {
  /** The wrong answers of operations, by the operation and the user. */
  readonly answers?: { readonly [call: string]: readonly [status: number, body: object] };
  readonly allowedOrigin?: (origin: string) => string;
  /** The function that reviews the messages. */
  readonly review?: (content: string) => object;
  readonly maximumMessageLength?: number;
  readonly updatedRoomArn?: string;
  readonly roomIsLeft?: boolean;
  readonly content?: string;
  readonly displayName?: string;
  readonly reportedUserId?: string;
  readonly muteIsLost?: boolean;
  readonly banIsLost?: boolean;
  readonly connectionIsLost?: boolean;
}

/** Makes the round trip, and returns its error, the lines that it printed, and the calls of the chat API. */
async function trip(wrong: Wrong = {}) {
  const review = wrong.review ?? ((content) => ({ ReviewResult: /https?:/.test(content) ? 'DENY' : 'ALLOW' }));
  const ivsChat = await startLocalIvsChat({
    verifySignatures: false,
    invokeFunction: async (_arn, { Content }) => ({
      Content: wrong.content ?? Content, Attributes: {}, ...review(Content),
    }),
  });
  const uri = 'arn:aws:lambda:us-west-2:123456789012:function:review';
  const { arn: roomIdentifier } = await ivsChat.call('CreateRoom', {
    messageReviewHandler: { uri, fallbackResult: 'DENY' },
  });
  if (wrong.connectionIsLost) ivsChat.faults.add({ kind: 'lostRequest', operation: 'CONNECT', times: 1 });
  const users = new Map<string, SignIn>();
  const [banned, muted] = [new Set<string>(), new Set<string>()];
  let reports: { reportId: string; userId: string }[] = [];
  const calls: (readonly [call: string, input: any])[] = [];
  const preflights: string[] = [];

  async function answer(operation: string, user: SignIn | undefined, input: any): Promise<[number, object]> {
    if (!user) return [401, {}];
    const { userId, name, role } = user;
    const isAllowed = role === 'moderator' || ['create-chat-token', 'report-user'].includes(operation);
    if (!isAllowed || (operation === 'create-chat-token' && banned.has(userId))) return [403, {}];
    switch (operation) {
      case 'create-chat-token': {
        const capabilities = muted.has(userId) ? [] : ['SEND_MESSAGE'];
        const attributes = { displayName: wrong.displayName ?? name, role };
        const token = await ivsChat.call('CreateChatToken', { roomIdentifier, userId, capabilities, attributes });
        return [200, { ...token, capabilities }];
      }
      case 'delete-message':
        return [200, await ivsChat.call('DeleteMessage', { roomIdentifier, id: input.messageId })];
      case 'report-user':
        reports.push({ reportId: 'r1', userId: wrong.reportedUserId ?? input.userId });
        return [200, {}];
      case 'list-reports':
        return [200, { reports }];
      case 'resolve-report':
        reports = reports.filter(({ reportId }) => reportId !== input.reportId);
        return [200, {}];
      default: {
        if (operation === 'ban-user' && !wrong.banIsLost) banned.add(input.userId);
        if (operation === 'mute-user' && !wrong.muteIsLost) muted.add(input.userId);
        return [200, await ivsChat.call('DisconnectUser', { roomIdentifier, userId: input.userId })];
      }
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    if (method === 'OPTIONS') {
      preflights.push(`${headers['access-control-request-method']} ${url} from ${headers.origin}`);
      const allowed = wrong.allowedOrigin?.(headers.origin!) ?? (headers.origin === pageOrigin ? pageOrigin : '');
      if (allowed) response.setHeader('access-control-allow-origin', allowed);
      response.end();
      return;
    }
    const user = users.get(headers.authorization!.slice('Bearer '.length));
    const call = `${url!.slice(1)} ${user?.name}`;
    const input = JSON.parse(await text(request));
    calls.push([call, input]);
    const rightAnswer = await answer(url!.slice(1), user, input);
    const [status, body] = wrong.answers?.[call] ?? rightAnswer;
    response.writeHead(status).end(JSON.stringify(body));
  }

  const chatApi = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
  await once(chatApi, 'listening');
  const deployed = {
    RoomArn: roomIdentifier,
    ChatUrl: `http://127.0.0.1:${(chatApi.address() as AddressInfo).port}/`,
    UserPoolId: 'pool',
  };
  /** Returns the number of connections, after the users who leave have left. */
  async function openConnections(): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const { rooms: [room] } = await (await fetch(`${ivsChat.console}state`)).json() as any;
      if (room.connections === 0 || attempt === 100) return room.connections;
    }
  }
  let connections: number | undefined;
  const printed: string[] = [];
  const write = (line: string) => printed.push(line.replace(/ +\d+\.\d s\n/, ''));
  let error: { code?: string } | undefined;
  try {
    await roundTrip({
      terminal: new Terminal({ write } as never, { verbose: false }),
      async deploy(_progress, ...context) {
        expect(context).toEqual(['maximumMessageLength=280']);
        connections = await openConnections();
        const { maximumMessageLength = 280, updatedRoomArn = roomIdentifier } = wrong;
        await ivsChat.call('UpdateRoom', { identifier: roomIdentifier, maximumMessageLength });
        return { ...deployed, RoomArn: updatedRoomArn };
      },
      async destroy() {
        if (!wrong.roomIsLeft) await ivsChat.call('DeleteRoom', { identifier: roomIdentifier });
      },
      deployed,
      local: {
        ...ivsChat,
        environment: { AWS_REGION: ivsChat.region, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
      },
      pageOrigin,
      async signIn(user) {
        users.set(`token-of-${user.userId}`, user);
        return `token-of-${user.userId}`;
      },
    });
  } catch (thrown) {
    error = thrown as { code?: string };
  } finally {
    chatApi.close();
    chatApi.closeAllConnections();
    await ivsChat.close();
  }
  return { error, printed, calls, preflights, connections, users: [...users.values()] };
}

test('the round trip prints its steps, and each connection has a chat token of its own', async () => {
  const { error, printed, calls, preflights, connections, users } = await trip({ connectionIsLost: true });
  expect(error).toBeUndefined();
  expect(users).toEqual([
    { userId: 'ada', name: 'Ada', role: 'viewer' },
    { userId: 'grace', name: 'Grace', role: 'moderator' },
    { userId: 'edsger', name: 'Edsger', role: 'viewer' },
  ]);
  expect(preflights).toEqual([
    `POST /create-chat-token from ${pageOrigin}`, 'POST /create-chat-token from https://example.com',
  ]);
  expect(printed).toEqual([
    '✔ Refuse a request without a sign-in, and pages of other origins',
    '✔ Exchange a message between two official messaging clients, and delete it',
    '✔ Report a user to the moderators, and resolve the report',
    '✔ Mute a user, and ban another',
    '✔ cdk deploy with another message length',
    '✔ cdk destroy',
    '✔ Check that no room is left',
  ]);
  // Two connections of Ada, one of Grace and one of Edsger, the lost one, the refused call, and two later calls.
  const [tokens, others] = [true, false].map((isToken) =>
    calls.filter(([call]) => call.startsWith('create-chat-token') === isToken)) as [typeof calls, typeof calls];
  expect(tokens.map(([, input]) => input)).toEqual(Array(8).fill({}));
  const { messageId } = others[0]![1];
  const reason = 'An example of a reason';
  expect(others).toEqual([
    ['delete-message Grace', { messageId: expect.any(String), reason }],
    ['delete-message Ada', { messageId }],
    ['report-user Edsger', { userId: 'ada', category: 'HARASSMENT' }],
    ['list-reports Edsger', {}],
    ['list-reports Grace', {}],
    ['resolve-report Grace', {
      reportId: 'r1', decision: 'NO_ACTION', facts: 'Ada was polite.', ground: 'The terms of the chat',
    }],
    ['list-reports Grace', {}],
    ['mute-user Grace', { userId: 'ada', durationInMinutes: 5 }],
    ['ban-user Grace', { userId: 'edsger', durationInMinutes: 5, reason }],
  ]);
  expect(connections).toBe(0);
});

const resolved = { reports: [{ userId: 'ada', reportId: 'r1' }] };
test.each<[string, string, Wrong]>([
  ['a user without a sign-in gets a token', 'Refuse', { answers: { 'create-chat-token undefined': [200, {}] } }],
  ['the chat API fails', 'Refuse', { answers: { 'create-chat-token undefined': [500, {}] } }],
  ['the page cannot call the chat API', 'Refuse', { allowedOrigin: () => '' }],
  ['pages of other origins can call the chat API', 'Refuse', { allowedOrigin: (origin) => origin }],
  ['a message has another content', 'Exchange', { content: 'Hi' }],
  ['a sender has another name', 'Exchange', { displayName: 'Somebody' }],
  ['a link is allowed', 'Exchange', { review: () => ({ ReviewResult: 'ALLOW' }) }],
  ['a viewer can delete messages', 'Exchange', { answers: { 'delete-message Ada': [200, {}] } }],
  ['a viewer can read the reports', 'Report', { answers: { 'list-reports Edsger': [200, { reports: [] }] } }],
  ['a report has another user', 'Report', { reportedUserId: 'eve' }],
  ['a resolved report is still open', 'Report', { answers: { 'list-reports Grace': [200, resolved] } }],
  ['a muted user can write', 'Mute', { muteIsLost: true }],
  ['a banned user gets a chat token', 'Mute', { banIsLost: true }],
  ['the update has no effect', 'cdk deploy', { maximumMessageLength: 500 }],
  ['the update replaces the room', 'cdk deploy', { updatedRoomArn: 'arn:aws:ivschat:us-west-2:123456789012:room/A' }],
  ['a room is left', 'Check', { roomIsLeft: true }],
])('the round trip fails if %s', async (_, step, wrong) => {
  const { error, printed } = await trip(wrong);
  expect(error!.code).toBe('ERR_ASSERTION');
  expect(printed.at(-1)).toMatch(new RegExp(`^✘ ${step}`));
});
