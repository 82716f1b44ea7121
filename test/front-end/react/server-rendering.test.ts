import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { ChatProvider, useChat, useChatSession } from '../../../front-end/react';
import { createChatSession } from '../../../front-end/session';

function Status() {
  const { status, messages } = useChat();
  return h('p', {}, `${status} ${messages.length}`);
}

test('a server renders a session that has not joined, without a token and without a connection', () => {
  const token = jest.fn();
  function App() {
    const session = useChatSession({ endpoint: 'us-west-2', token, WebSocket: token as never });
    return h(ChatProvider, { session }, h(Status));
  }
  expect(renderToString(h(App))).toBe('<p>idle 0</p>');
  expect(token).not.toHaveBeenCalled();
});

test('a session that has joined renders the same on a server', () => {
  const session = createChatSession({ endpoint: 'us-west-2', token: () => new Promise(() => {}) });
  session.join();
  expect(session.status).toBe('connecting');
  expect(renderToString(h(ChatProvider, { session }, h(Status)))).toBe('<p>idle 0</p>');
  session.leave();
});

test('useChat without a session is an error', () => {
  expect(() => renderToString(h(Status))).toThrow(
    new Error('useChat and useChatEvent need a ChatProvider around them, or a session as argument'));
});
