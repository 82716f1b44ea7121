/**
 * The room of the page with its connection: the requests to the chat API, and the frames of the connection.
 *
 * @jest-environment ./test/jsdom-environment.cjs
 */
import type { ChatMessage } from 'cdk-ivs-chat/session';
import { createElement as h } from 'react';
import { ada, ChatPage } from './chat-page';
import { FakeWebSocket } from '../fake-web-socket';
import { enter } from '../../../../examples/live-chat/page/enter';
import { Room } from '../../../../examples/live-chat/page/room';
import { useRoomSession, type RoomSession } from '../../../../examples/live-chat/page/use-room-session';
import { WireLog } from '../../../../examples/live-chat/page/wire-log';

let page: ChatPage;
/** How the chat API answers: a status and a body, or no response. */
let answers: { [operation: string]: readonly [status: number, body: object] | TypeError };
const configuration = { chatUrl: 'http://api.test/prod/', messaging: 'ws://chat.test' };
const renewVisit = jest.fn<Promise<void>, []>();
const token = { token: 'secret', userId: 'ada-1', displayName: 'Ada', role: 'viewer', capabilities: ['SEND_MESSAGE'] };

beforeEach(() => {
  page = new ChatPage();
  page.open();
  FakeWebSocket.all = [];
  page.setGlobals({ WebSocket: FakeWebSocket });
  renewVisit.mockReset().mockResolvedValue();
  answers = {
    'create-chat-token': [200, token],
    'list-blocked-users': [200, { blockedUsers: [{ userId: 'kim-1' }, { userId: 'eve-1' }] }],
    'list-reports': [200, { reports: [] }],
  };
  page.fetch.mockImplementation(async (url) => {
    const answer = answers[url.slice(configuration.chatUrl.length)] ?? [200, {}];
    if (answer instanceof TypeError) throw answer;
    return new Response(JSON.stringify(answer[1]), { status: answer[0] });
  });
});
afterEach(() => page.close());

const show = (me = ada) => page.render(h(Room, { visit: { configuration, me }, renewVisit }));
const socket = () => FakeWebSocket.all.at(-1)!;
/** Renders the room, and opens its connection. */
async function join(me = ada) {
  await show(me);
  await page.do(() => socket().fire('open'));
  await page.advance(16);
}
async function receive(frame: object) {
  await page.do(() => socket().fire('message', { data: JSON.stringify(frame) }));
  await page.advance(16);
}
const chat = (number: number, userId: string, changed: object = {}) => receive({
  Type: 'MESSAGE',
  Id: `id-${number}`,
  RequestId: '',
  Content: `Message ${number}`,
  SendTime: new Date(page.clock.now()).toISOString(),
  Sender: { UserId: userId, Attributes: {} },
  ...changed,
});
const requests = (operation: string) => page.fetch.mock.calls.filter(([url]) => url.endsWith(`/${operation}`));
const authorizations = (operation = 'create-chat-token') => requests(operation).map(([, options]) =>
  new Headers(options!.headers).get('authorization'));
const state = () => page.find('.state span').textContent;
const banner = () => page.all('[role="alert"]').filter(Boolean).join();

test('the room connects with a chat token of the chat API', async () => {
  await join();
  expect(state()).toBe('Connected');
  expect(requests('create-chat-token')).toEqual([['http://api.test/prod/create-chat-token', {
    method: 'POST',
    headers: { 'authorization': 'Bearer the ID token', 'content-type': 'application/json' },
    body: '{}',
    signal: expect.any(AbortSignal),
  }]]);
  expect(FakeWebSocket.all.map(({ url, protocol }) => [url, protocol])).toEqual([['ws://chat.test', 'secret']]);
  expect(requests('list-blocked-users')).toHaveLength(1);
  await page.unmount();
  await page.advance(0);
  expect(socket().isClosed).toBe(true);
});

test('a message is sent, and its time is measured', async () => {
  await join();
  await page.enterText('textarea', 'Hi');
  await page.press('Enter');
  await page.advance(16);
  const { RequestId, ...frame } = JSON.parse(socket().sent[0]!);
  expect(frame).toEqual({ Action: 'SEND_MESSAGE', Content: 'Hi', Attributes: {} });
  expect(page.find('article').getAttribute('class')).toBe('message mine sending');
  await page.advance(84);
  await chat(1, 'ada-1', { Content: 'Hi', RequestId });
  expect(page.find('article').getAttribute('class')).toBe('message mine sent');
  expect(page.find('.latency').textContent).toBe(' · 100 ms');
  const Attributes = { MessageID: 'id-1', Reason: 'Rude' };
  await receive({ Type: 'EVENT', EventName: 'aws:DELETE_MESSAGE', Id: 'd1', SendTime: '', Attributes });
  expect(page.all('.removed')).toEqual(['Message removed by a moderator: Rude']);
});

test('a message that is being sent has the name and the role of its sender', async () => {
  let session: RoomSession['session'];
  function App() {
    ({ session } = useRoomSession({ configuration, me: ada }, renewVisit));
    return null;
  }
  await page.render(h(App));
  await page.do(() => socket().fire('open'));
  await page.do(() => void session.send('Hi'));
  const [{ status, sender }] = session!.messages as [ChatMessage];
  const attributes = { displayName: 'Ada', role: 'viewer' };
  expect([status, sender]).toEqual(['sending', { userId: 'ada-1', attributes }]);
});

test('the messages of blocked users are not shown', async () => {
  await join();
  for (const [index, userId] of ['kim-1', 'eve-1', 'bob-1', 'ian-1'].entries()) await chat(index, userId);
  expect(page.all('.content')).toEqual(['Message 2', 'Message 3']);
  const block = async () => {
    await page.click('Actions: bob-1, Message 2');
    await page.click('Block bob-1');
    await page.advance(16);
    return page.all('.content');
  };
  answers['block-user'] = [500, {}];
  expect(await block()).toEqual(['Message 2', 'Message 3']);
  answers['block-user'] = [200, {}];
  expect(await block()).toEqual(['Message 3']);
});

test('without the list of blocked users, all messages are shown', async () => {
  answers['list-blocked-users'] = [500, {}];
  await join();
  await chat(1, 'eve-1');
  expect(page.all('.content')).toEqual(['Message 1']);
});

const BANNED = 'https://cdk-ivs-chat.dev/problems/banned';
const none = Promise.resolve();
describe.each([
  ['the user is banned', [403, { type: BANNED, title: 'No' }], none, 0, 'A moderator has banned you from this chat.'],
  ['the user is refused', [403, { type: `${BANNED}-not`, title: 'No' }], none, 0, 'You cannot enter the chat: No'],
  ['the room has been deleted', [410, { title: 'Gone' }], none, 0, 'This chat has ended.'],
  ['the chat API fails', [500, {}], none, 0, ''],
  ['the sign-in has expired', [401, {}], none, 1, ''],
  ['the chat API does not answer', new TypeError('Failed to fetch'), none, 1, ''],
  ['the server has ended', new TypeError('Failed to fetch'), new TypeError('Failed to fetch'), 1,
    'The server of this chat has ended. Run npm start again.'],
  ['the server is starting', [401, {}], new Error('configuration.json answered 404'), 1, ''],
] as const)('if %s', (_, answer, renewal, renewals, text) => {
  test('the page tells it, and enters when the chat token is there', async () => {
    answers['create-chat-token'] = answer;
    renewVisit.mockImplementation(async () => {
      if (renewal instanceof Error) throw renewal;
    });
    await show();
    await page.advance(16);
    expect([renewVisit.mock.calls.length, banner()]).toEqual([renewals, text]);
    expect(FakeWebSocket.all).toEqual([]);
    answers['create-chat-token'] = [200, token];
    const [button] = page.elements('.banner button');
    if (button && renewals === 0) await page.do(() => button.click());
    else await page.advance(5000);
    await page.do(() => socket().fire('open'));
    await page.advance(16);
    expect([state(), banner()]).toEqual(['Connected', '']);
    await page.advance(11_000); // The session counts failures until a connection has lasted for 10 seconds.
    // The cause of the last failure is forgotten.
    answers['create-chat-token'] = [500, {}];
    await page.do(() => socket().fire('close', { code: 1006, reason: '' }));
    await page.advance(16);
    expect(banner()).toBe('The connection was lost.');
  });
});

test('without a network, a failed renewal does not mean that the server has ended', async () => {
  answers['create-chat-token'] = new TypeError('Failed to fetch');
  renewVisit.mockImplementation(async () => {
    page.isOnline = false;
    throw new TypeError('Failed to fetch');
  });
  await show();
  await page.advance(16);
  page.isOnline = true;
  await page.advance(5000);
  expect(banner()).not.toContain('has ended');
});

test('a renewed sign-in is used for the next chat token, in the same session', async () => {
  await join();
  await chat(1, 'bob-1');
  await page.click('Under the hood');
  const names = () => page.all('code');
  const before = names();
  answers['create-chat-token'] = [401, {}];
  renewVisit.mockImplementation(async () => {
    answers['create-chat-token'] = [200, token];
    void show({ ...ada, idToken: 'another ID token' });
  });
  await page.do(() => socket().fire('close', { code: 1006, reason: '' }));
  for (let second = 0; second < 5; second++) await page.advance(1000);
  expect(authorizations()).toEqual(['Bearer the ID token', 'Bearer the ID token', 'Bearer another ID token']);
  await page.do(() => socket().fire('open'));
  await page.advance(16);
  expect([state(), page.all('.content')]).toEqual(['Connected', ['Message 1']]);
  expect(names().slice(-before.length)).toEqual(before);
  expect(names().filter((name) => name === 'CONNECTED')).toHaveLength(2);
  expect(requests('list-blocked-users')).toHaveLength(1);
  await page.click('Actions: bob-1, Message 1');
  await page.click('Block bob-1');
  expect(authorizations('block-user')).toEqual(['Bearer another ID token']);
});

test('an open poll and the reports use the renewed sign-in', async () => {
  const me = { ...ada, role: 'host' } as const;
  await join(me);
  await page.click('Start a poll');
  for (const [field, text] of [['question', 'Tea?'], ['option-0', 'Yes'], ['option-1', 'No']]) {
    await page.enterText(`[id="${field}"]`, text!);
  }
  await page.click('Start');
  await show({ ...me, idToken: 'another ID token' });
  await page.advance(5000);
  for (const operation of ['send-event', 'list-reports']) {
    expect(authorizations(operation)).toEqual(['Bearer the ID token', 'Bearer another ID token']);
  }
});

test('the cards are the connection, the announcement and the poll', async () => {
  await join();
  const event = (EventName: string, Attributes: object) =>
    receive({ Type: 'EVENT', Id: EventName, EventName, SendTime: '', Attributes });
  await event('announcement', { text: 'We start at nine.' });
  await event('poll', { id: 'p1', question: 'Tea?', options: '["Yes"]', votes: '0', state: 'open' });
  await page.do(() => socket().fire('close', { code: 1006, reason: '' }));
  await page.advance(16);
  expect(page.all('.cards > *').map((text) => text.slice(0, 10))).toEqual(['The connec', 'We start a', 'Tea?Yes0 %']);
});

test('after the server runs again, the page no longer tells that it has ended', async () => {
  answers['create-chat-token'] = new TypeError('Failed to fetch');
  renewVisit.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await show();
  await page.advance(16);
  expect(banner()).toBe('The server of this chat has ended. Run npm start again.');
  for (let second = 0; second < 5; second++) await page.advance(1000);
  expect(banner()).toBe('The chat cannot be reached.');
});

test('another user or another chat API gets another session', async () => {
  await join();
  await show({ ...ada, userId: 'grace-1' });
  await page.advance(0);
  expect([FakeWebSocket.all.length, FakeWebSocket.all[0]!.isClosed]).toEqual([2, true]);
  const other = { ...configuration, chatUrl: 'http://api.test/beta/' };
  const me = { ...ada, userId: 'grace-1' };
  await page.render(h(Room, { visit: { configuration: other, me }, renewVisit }));
  expect(requests('create-chat-token').at(-1)![0]).toBe('http://api.test/beta/create-chat-token');
});

test.each([
  ['viewer', ['Bring in 20 viewers', 'Under the hood']],
  ['moderator', ['Reports', 'Bring in 20 viewers', 'Under the hood']],
  ['host', ['Announce', 'Start a poll', 'Reports', 'Bring in 20 viewers', 'Under the hood']],
] as const)('the tools of a %s', async (role, tools) => {
  await join({ ...ada, role });
  expect(page.all('.tools button')).toEqual(tools);
});

test('the page shows the result of an action, and its failure', async () => {
  await join({ ...ada, role: 'moderator' });
  await chat(1, 'bob-1');
  const ban = async () => {
    await page.click('Actions: bob-1, Message 1');
    await page.click('Ban');
    return page.outline(page.find('.toast-place'));
  };
  expect(await ban()).toBe([
    '<div class="toast">',
    '  <span> "You banned bob-1."',
    '  <code> "POST /ban-user"',
    '  <button type="button"> "Undo"',
  ].join('\n'));
  expect(JSON.parse(requests('ban-user')[0]![1]!.body as string)).toEqual({ userId: 'bob-1' });
  await page.advance(7999);
  await page.click('Undo');
  expect(page.all('.toast')).toEqual(['bob-1 can enter again.POST /unban-user']);
  answers['ban-user'] = [403, { title: 'Not allowed' }];
  expect(await ban()).toBe([
    '<div class="toast">',
    '  <span> "That did not work: Not allowed"',
    '  <code> "POST /ban-user"',
  ].join('\n'));
  await page.advance(8000);
  expect(page.all('.toast')).toEqual([]);
});

test('the parts of the room have their order and their names', async () => {
  await join();
  const outline = page.outline().split('\n').filter((line) => /^ {0,6}</.test(line)).map((line) => line.replace(/>.*/, '>'));
  expect(outline).toEqual([
    '<div class="room">',
    '  <header class="header">',
    '    <h1>',
    '    <p class="people" title="You, and the users who have written. IVS Chat has no list of viewers.">',
    '    <p class="state" data-state="connected">',
    '      <span role="status">',
    '    <button type="button" class="icon" aria-label="Theme: system" title="Theme: system">',
    '  <main class="chat" aria-label="Chat">',
    '    <div class="cards">',
    '      <div role="status">',
    '    <div class="messages-frame">',
    '      <div class="messages" role="log" aria-label="Messages" aria-describedby="messages-hint" tabindex="0">',
    '      <p id="messages-hint" class="keys">',
    '      <p class="for-screen-readers" role="status">',
    '    <div class="reactions" role="group" aria-label="Reactions">',
    ...['❤️', '🔥', '👏', '😂', '😮'].map((reaction) => `      <button type="button" aria-label="React with ${reaction}">`),
    '      <div class="floating" aria-hidden="true">',
    '    <form class="composer">',
    '      <label for="content" class="for-screen-readers">',
    '      <div class="row">',
    '      <p class="problem" role="alert">',
    '      <p id="content-hint" class="hint">',
    '  <aside class="show" aria-label="Show">',
    '    <div class="stage">',
    '      <div class="lights" aria-hidden="true">',
    '      <p>',
    '    <div class="tools" role="group" aria-label="Tools">',
    '      <button type="button">',
    '      <button type="button" aria-expanded="false">',
    '  <div class="toast-place" role="status">',
  ]);
});

describe('the log of requests and frames', () => {
  const entriesOf = (log: WireLog) => log.getSnapshot().map(({ direction, name, body }) => [direction, name, body]);

  test('has no tokens', async () => {
    const log = new WireLog();
    answers['create-chat-token'] = [200, token];
    answers['ban-user'] = [403, { title: 'Not allowed' }];
    answers['mute-user'] = new TypeError('Failed to fetch');
    const url = (operation: string) => `${configuration.chatUrl}${operation}`;
    const options = { body: '{"userId":"bob-1"}', headers: { authorization: 'secret' } };
    const response = await log.fetch(url('create-chat-token'), { body: '{}' });
    expect(await response.json()).toEqual(token);
    expect((await log.fetch(url('ban-user'), options)).status).toBe(403);
    await expect(log.fetch(url('mute-user'))).rejects.toThrow('Failed to fetch');
    page.fetch.mockResolvedValueOnce(new Response('no JSON'));
    await log.fetch(url('x'));
    expect(page.fetch.mock.calls[1]).toEqual([url('ban-user'), options]);
    const authorization = 'Bearer ••••';
    expect(entriesOf(log)).toEqual([
      ['out', 'POST /prod/create-chat-token', { authorization }],
      ['in', '200 /prod/create-chat-token', { ...token, token: '••••' }],
      ['out', 'POST /prod/ban-user', { authorization, userId: 'bob-1' }],
      ['in', '403 /prod/ban-user', { title: 'Not allowed' }],
      ['out', 'POST /prod/mute-user', { authorization }],
      ['in', 'No response /prod/mute-user', {}],
      ['out', 'POST /prod/x', { authorization }],
      ['in', '200 /prod/x', {}],
    ]);
    expect(JSON.stringify(log.getSnapshot())).not.toContain('secret');
  });

  test('has the frames with their names', () => {
    const before = new Date().getTime(); // The page replaces `Date.now`.
    const log = new WireLog();
    const connection = new log.WebSocket('ws://chat.test', 'secret') as unknown as FakeWebSocket;
    connection.fire('open');
    const frames = [
      { Action: 'SEND_MESSAGE' }, { Type: 'MESSAGE' }, { Type: 'EVENT', EventName: 'poll' }, { Content: 'no name' },
    ];
    connection.send(JSON.stringify(frames[0]));
    for (const frame of frames.slice(1)) connection.fire('message', { data: JSON.stringify(frame) });
    connection.fire('message', { data: 'no JSON' });
    connection.fire('close', { code: 1000, reason: 'Bye' });
    connection.close();
    expect(() => connection.send('{}')).toThrow('The connection is closed');
    const times = log.getSnapshot().map(({ time }) => time.getTime());
    expect(times.every((time) => before <= time && time <= new Date().getTime())).toBe(true);
    expect(entriesOf(log)).toEqual([
      ['out', 'CONNECT', { url: 'ws://chat.test', token: '••••' }],
      ['in', 'CONNECTED', {}],
      ['out', 'SEND_MESSAGE', frames[0]],
      ['in', 'MESSAGE', frames[1]],
      ['in', 'poll', frames[2]],
      ['in', 'FRAME', frames[3]],
      ['in', 'FRAME', {}],
      ['in', 'CLOSED', { code: 1000, reason: 'Bye' }],
    ]);
    expect([connection.url, connection.protocol]).toEqual(['ws://chat.test', 'secret']);
  });

  test('keeps the last 200 entries, and notifies once for each frame of the screen', () => {
    const log = new WireLog();
    const listener = jest.fn();
    const add = () => new log.WebSocket('ws://chat.test', '');
    add(); // Nobody listens.
    const unsubscribe = log.subscribe(listener);
    for (let count = 0; count < 200; count++) add();
    expect(listener).toHaveBeenCalledTimes(0);
    page.clock.advance(16);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(log.getSnapshot().map(({ key }) => key)).toEqual(Array.from({ length: 200 }, (_, index) => index + 2));
    log.clear();
    expect(log.getSnapshot()).toEqual([]);
    page.clock.advance(16);
    expect(listener).toHaveBeenCalledTimes(2);
    add();
    unsubscribe();
    page.clock.advance(16);
    expect(listener).toHaveBeenCalledTimes(2);
    expect(log.getSnapshot()[0]!.key).toBe(202);
  });
});

test('the page enters the room as the user who joins, and signs the same user in again', async () => {
  const answerOfChatApi = page.fetch.getMockImplementation()!;
  const signIns: unknown[] = [];
  page.fetch.mockImplementation(async (url, options) => {
    if (url === 'configuration.json') return new Response(JSON.stringify(configuration));
    if (url !== 'sign-in') return answerOfChatApi(url, options);
    signIns.push(JSON.parse(options!.body as string));
    return new Response(JSON.stringify({ idToken: `ID token ${signIns.length}` }));
  });
  Object.assign(page.storage, { userId: 'ada-1', userName: 'Ada', role: 'moderator' });
  await page.load(() => jest.requireActual('../../../../examples/live-chat/page/chat'));
  expect([page.all('#join').length, page.all('.room').length, signIns]).toEqual([1, 0, []]);
  await page.click('Join');
  await page.do(() => socket().fire('open'));
  await page.advance(16);
  expect([page.all('#join').length, state()]).toEqual([0, 'Connected']);
  answers['create-chat-token'] = [401, {}];
  await page.do(() => socket().fire('close', { code: 1006, reason: '' }));
  for (let second = 0; second < 2; second++) await page.advance(1000);
  answers['create-chat-token'] = [200, token];
  for (let second = 0; second < 5; second++) await page.advance(1000);
  const user = { userId: 'ada-1', name: 'Ada', role: 'moderator' };
  expect(signIns[0]).toEqual(user);
  expect(signIns[1]).toMatchObject(user);
  expect([authorizations()[0], authorizations().at(-1)]).toEqual([
    'Bearer ID token 1', `Bearer ID token ${signIns.length}`,
  ]);
});

test('a user enters with the configuration and a sign-in', async () => {
  const { idToken, ...user } = ada;
  const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status });
  page.fetch.mockResolvedValueOnce(json(configuration)).mockResolvedValueOnce(json({ idToken }));
  expect(await enter(user)).toEqual({ configuration, me: ada });
  expect(page.fetch.mock.calls).toEqual([
    ['configuration.json', undefined], ['sign-in', { method: 'POST', body: JSON.stringify(user) }],
  ]);
  page.fetch.mockResolvedValueOnce(json({}, 404));
  await expect(enter(user)).rejects.toThrow('configuration.json answered 404');
  page.fetch.mockResolvedValueOnce(json(configuration)).mockResolvedValueOnce(json({}, 500));
  await expect(enter(user)).rejects.toThrow('sign-in answered 500');
});
