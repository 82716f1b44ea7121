/** The room: the connection, the messages and the form to send one. */
import { ChatProvider, useChat, useChatEvent, useChatSession } from 'cdk-ivs-chat/react';
import { ChatApiError, ChatRefused, createChatApiClient, type ChatError } from 'cdk-ivs-chat/session';
import { useEffect, useState, type FormEvent } from 'react';
import { MessageList } from './message-list';

export interface Configuration {
  /** The URL of the chat API. */
  readonly chatUrl: string;
  /** The Region of the room, or the `ws://` URL of a local service. */
  readonly messaging: string;
}

export interface Me {
  readonly userId: string;
  readonly name: string;
  readonly role: string;
  readonly idToken: string;
}

/** Calls an operation of the chat API as the user of this page, and tells the user about the result. */
export type Act = (operation: string, input: object, done: string) => Promise<void>;

const BANNED = 'https://cdk-ivs-chat.dev/problems/banned';
const MAXIMUM_LENGTH = 500;
const COUNTER_FROM = 400;

export function Room({ configuration, me }: { configuration: Configuration; me: Me }) {
  const [toast, setToast] = useState('');
  const [isBanned, setBanned] = useState(false);
  const [announcement, setAnnouncement] = useState('');
  const { call } = createChatApiClient({ url: configuration.chatUrl, idToken: () => me.idToken });

  const session = useChatSession({
    endpoint: configuration.messaging,
    key: me.userId,
    keepDeletedMessages: true,
    maximumMessages: 500,
    token: async () => {
      try {
        const { displayName, role, ...token } = await call('create-chat-token');
        return { ...token, attributes: { displayName, role } };
      } catch (error) {
        if (!(error instanceof ChatApiError) || ![401, 403].includes(error.status)) throw error;
        setBanned(error.type === BANNED);
        throw new ChatRefused(error.type === BANNED ? 'A moderator has banned you from this chat.' : error.message);
      }
    },
  });
  useEffect(() => {
    call('list-blocked-users').then(
      ({ blockedUsers }) => blockedUsers.forEach(({ userId }: { userId: string }) => session.block(userId)),
      () => {}, // Without the list, the page shows the messages of all users.
    );
  }, [session]);
  useChatEvent('event', ({ name, attributes }) => {
    if (name === 'announcement') setAnnouncement(attributes.text ?? '');
  }, session);

  const act: Act = async (operation, input, done) => {
    try {
      await call(operation, input);
      setToast(done);
    } catch (error) {
      setToast(`That did not work: ${(error as Error).message}`);
    }
  };

  return (
    <ChatProvider session={session}>
      <Header />
      <Banner isBanned={isBanned} />
      {announcement && <p className="announcement" role="status">📣 {announcement}</p>}
      <section id="chat" aria-label="Chat">
        <MessageList me={me} act={act} />
        <Composer me={me} act={act} />
      </section>
      <p className="toast" role="status">{toast}</p>
    </ChatProvider>
  );
}

function Header() {
  const { status } = useChat();
  const words = { connected: 'Connected', connecting: 'Connecting …', reconnecting: 'Reconnecting …' };
  return (
    <header>
      <h1>Live chat</h1>
      <p className="state" data-state={status} role="status">
        {words[status as keyof typeof words] ?? 'Not connected'}
      </p>
    </header>
  );
}

/** One sentence about a lost connection, and one action. */
function Banner({ isBanned }: { isBanned: boolean }) {
  const { status, reason, attempt, retry } = useChat();
  const sentences: { [status: string]: string } = {
    reconnecting: attempt > 1 ? 'The chat cannot be reached. The page tries again.' : '',
    connecting: attempt > 1 ? 'The chat cannot be reached. The page tries again.' : '',
    kicked: `A moderator has disconnected you. ${reason ?? ''}`,
    refused: reason ?? 'The chat refuses the connection.',
    gone: 'This chat has ended.',
  };
  const sentence = sentences[status];
  if (!sentence) return null;
  return (
    <div className="banner" role="alert">
      <span>{sentence}</span>
      {status !== 'gone' && !isBanned && (
        <button type="button" className="quiet" onClick={retry}>
          {status === 'kicked' ? 'Connect again' : 'Try again'}
        </button>
      )}
    </div>
  );
}

function Composer({ me, act }: { me: Me; act: Act }) {
  const { can, send } = useChat();
  const [content, setContent] = useState('');
  const [problem, setProblem] = useState('');
  const length = [...content].length;

  async function say(submit: FormEvent) {
    submit.preventDefault();
    setProblem('');
    const sent = content;
    setContent('');
    try {
      await send(sent);
    } catch (error) {
      if ((error as ChatError).code !== 'tooLong') return; // The list shows the message and the reason.
      setContent(sent);
      setProblem(`Your message is too long. The maximum is ${MAXIMUM_LENGTH} characters.`);
    }
  }

  return (
    <form onSubmit={say}>
      <label htmlFor="content">Message</label>
      <div className="row">
        <input
          id="content" required autoComplete="off" autoFocus disabled={!can.send}
          value={content} onChange={({ target }) => setContent(target.value)}
        />
        <button disabled={!can.send}>Send</button>
        {me.role === 'host' && (
          <button
            type="button" className="quiet" disabled={!content}
            onClick={() => {
              void act('send-event', { eventName: 'announcement', attributes: { text: content } }, 'You announced it.');
              setContent('');
            }}
          >
            Announce
          </button>
        )}
      </div>
      <p className="problem" role="alert">
        {problem || (can.send ? '' : 'A moderator has muted you. You can read the chat.')}
      </p>
      {length > COUNTER_FROM && <p className="hint">{length} of {MAXIMUM_LENGTH}</p>}
    </form>
  );
}
