/** The page of the tests in a browser: a session with and without React. The test defines `issueToken`. */
import { createElement as h, StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ChatProvider, useChat, useChatEvent, useChatSession } from '../../../front-end/react';
import { createChatSession } from '../../../front-end/session';

const page = globalThis as any;
const token = () => page.issueToken();
Object.assign(page, { renders: 0, notifications: 0, frames: 0, heard: [] });

page.startSession = (endpoint: string) => {
  const session = page.session = createChatSession({ endpoint, token });
  session.subscribe(() => page.notifications++);
  session.join();
};

function Messages() {
  const { status, messages, send, can, error } = useChat();
  useChatEvent('message', ({ content }) => page.heard.push(content));
  page.renders++;
  page.send = send;
  return h('section', {},
    h('p', { id: 'status' }, status),
    h('p', { id: 'error' }, error?.code),
    h('ul', {}, can.send && messages.map((entry) =>
      h('li', { key: entry.key }, entry.type === 'gap' ? 'gap' : `${entry.content} ${entry.status}`))));
}

interface AppProps {
  endpoint: string;
  sessionKey?: string;
  /** The name of the token function. */
  issuer?: string;
}

function App({ endpoint, sessionKey, issuer }: AppProps) {
  const session = useChatSession({ endpoint, key: sessionKey, token: () => page.issueToken(issuer) });
  page.session = session;
  return h(ChatProvider, { session }, h(Messages));
}

function Page({ endpoint }: { endpoint: string }) {
  const [isShown, show] = useState(true);
  const [appProps, setAppProps] = useState<AppProps>({ endpoint });
  useEffect(() => {
    Object.assign(page, { show, setAppProps });
  });
  return isShown ? h(App, appProps) : h('p', { id: 'status' }, 'unmounted');
}

page.startReact = (endpoint: string) => {
  const count = () => {
    page.frames++;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  createRoot(document.getElementById('root')!).render(h(StrictMode, {}, h(Page, { endpoint })));
};
