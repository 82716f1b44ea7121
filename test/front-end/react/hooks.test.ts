/**
 * The hooks in React, with sessions of the test and with real ones.
 *
 * @jest-environment ./test/jsdom-environment.cjs
 */
import { createElement as h } from 'react';
import { ChatProvider, useChat, useChatEvent, useChatSession, type Chat } from '../../../front-end/react';
import type { ChatSession } from '../../../front-end/session';
import { FakeWebSocket } from '../../examples/live-chat/fake-web-socket';
import { ChatPage, FakeSession, message } from '../../examples/live-chat/page/chat-page';

let page: ChatPage;
beforeEach(() => {
  page = new ChatPage();
  page.open();
  page.setGlobals({ WebSocket: FakeWebSocket });
  FakeWebSocket.all = [];
});
afterEach(() => page.close());

describe('useChatSession', () => {
  const requests: unknown[][] = [];
  let session: ChatSession;
  function App({ name, endpoint = 'ws://chat.test', sessionKey }: {
    name: string; endpoint?: string; sessionKey?: string;
  }) {
    session = useChatSession({
      endpoint,
      key: sessionKey,
      maximumMessages: 1,
      token: async (request) => {
        requests.push([name, request]);
        return name;
      },
    });
    return h('p', {}, name);
  }
  const show = (props: Parameters<typeof App>[0]) => page.render(h(App, props));
  const sockets = () => FakeWebSocket.all.map(({ url, protocol, isClosed }) => `${url} ${protocol} ${isClosed}`);
  beforeEach(() => requests.splice(0));

  test('keeps its session for the same endpoint and the same key', async () => {
    await show({ name: 'one' });
    const first = session;
    await show({ name: 'two' });
    expect(session).toBe(first);
    await show({ name: 'three', sessionKey: 'key' });
    await page.advance(0);
    expect(session).not.toBe(first);
    const second = session;
    await show({ name: 'four', sessionKey: 'key', endpoint: 'ws://other.test' });
    await page.advance(0);
    expect(session).not.toBe(second);
    expect(sockets()).toEqual([
      'ws://chat.test one true', 'ws://chat.test three true', 'ws://other.test four false',
    ]);
    await page.unmount();
    await page.advance(0);
    expect(FakeWebSocket.all.at(-1)!.isClosed).toBe(true);
    expect(page.pending()).toBe(0);
  });

  test('calls the token function of the last rendering', async () => {
    await show({ name: 'one' });
    await show({ name: 'two' });
    await page.do(() => FakeWebSocket.all[0]!.fire('close'));
    await page.advance(5000);
    expect(requests).toEqual([
      ['one', { attempt: 1, signal: expect.any(AbortSignal) }],
      ['two', { attempt: 2, signal: expect.any(AbortSignal) }],
    ]);
  });

  test('passes the other options on', async () => {
    await show({ name: 'one' });
    await page.do(() => FakeWebSocket.all[0]!.fire('open'));
    await page.do(() => void [session.send('A'), session.send('B')]);
    expect(session.messages).toMatchObject([{ content: 'B' }]);
  });
});

test('useChat returns the snapshot and the methods of its session', async () => {
  const [one, other] = [new FakeSession(), new FakeSession()];
  const chats: Chat[] = [];
  function App({ session }: { session?: ChatSession }) {
    chats.push(useChat(session));
    return null;
  }
  const last = () => chats.at(-1)!;
  await page.render(h(ChatProvider, { session: one.session }, h(App)));
  const { send, resend, discard, remove, disconnect, block, unblock, retry } = one.session;
  const methods = { send, resend, discard, remove, disconnect, block, unblock, retry };
  expect(last()).toEqual({ ...one.session.getSnapshot(), ...methods });
  expect(new Set(Object.values(methods)).size).toBe(8);
  await page.render(h(ChatProvider, { session: one.session }, h(App)));
  expect(chats[1]).toBe(chats[0]);
  await page.do(() => one.update({ messages: [message(1)] }));
  expect(last().messages).toEqual([message(1)]);
  // A session as argument has priority.
  await page.render(h(ChatProvider, { session: one.session }, h(App, { session: other.session })));
  expect([last().messages, last().send === other.session.send]).toEqual([[], true]);
  const rendered = chats.length;
  await page.do(() => one.update({ messages: [] }));
  expect(chats).toHaveLength(rendered);
});

test('useChatEvent calls the last listener, for the last name and the last session', async () => {
  const [one, other] = [new FakeSession(), new FakeSession()];
  const heard: string[] = [];
  function App({ name, event = 'message', session }: {
    name: string; event?: 'message' | 'remove'; session?: ChatSession;
  }) {
    useChatEvent(event, ({ id }) => heard.push(`${name} ${id}`), session);
    return null;
  }
  const show = (props: Parameters<typeof App>[0]) =>
    page.render(h(ChatProvider, { session: one.session }, h(App, props)));
  const say = (id: string) => {
    for (const chat of [one, other]) {
      chat.emit('message', { id: `${chat === one ? 'one' : 'other'} ${id}` });
      chat.emit('remove', { id: `removed ${id}` });
    }
    return heard.splice(0);
  };
  await show({ name: 'first' });
  expect(say('1')).toEqual(['first one 1']);
  await show({ name: 'second' });
  expect(say('2')).toEqual(['second one 2']);
  await show({ name: 'third', session: other.session });
  expect(say('3')).toEqual(['third other 3']);
  await show({ name: 'fourth', session: other.session, event: 'remove' });
  expect(say('4')).toEqual(['fourth removed 4']);
  await page.unmount();
  expect(say('5')).toEqual([]);
});
