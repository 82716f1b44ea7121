import { useChat } from 'cdk-ivs-chat/react';
import type { ChatMessage } from 'cdk-ivs-chat/session';
import type { CSSProperties, FormEvent } from 'react';

/** Tells the user why no messages arrive. */
export function ConnectionStatus() {
  const { status, reason, retry } = useChat();
  if (status === 'connected') return null;
  const isFirst = status === 'idle' || status === 'connecting';
  return (
    <div className="card notice" role="status">
      <p>{isFirst ? 'Connecting to the chat' : `The chat is not connected. ${reason ?? ''}`}</p>
      {!isFirst && <button type="button" onClick={retry}>Try again</button>}
    </div>
  );
}

/** The messages of the room, without the votes. The style sheet keeps the list at its end. */
export function Messages() {
  const { messages } = useChat();
  return (
    <div className="messages" role="log" aria-label="Messages" tabIndex={0}>
      <ol>
        {messages.map((entry) => {
          if (entry.type === 'gap') return <li key={entry.key} className="hint">Some messages are missing here.</li>;
          return entry.attributes.poll ? null : <Message key={entry.key} message={entry} />;
        })}
      </ol>
      <p className="hint welcome">Welcome to the chat. Say hello.</p>
    </div>
  );
}

function Message({ message: { key, content, error, sender, status } }: { message: ChatMessage }) {
  const { resend } = useChat();
  const { displayName, role } = sender.attributes;
  return (
    <li className={status} style={{ '--hue': hueOf(sender.userId) } as CSSProperties}>
      <strong dir="auto">{displayName ?? sender.userId}</strong>{' '}
      {role && role !== 'viewer' && <><span className="role">{role}</span>{' '}</>}
      <span className="content" dir="auto">{content}</span>
      {error && <span className="problem" role="alert">{error.reason}</span>}
      {error?.retryable && <button type="button" onClick={() => void resend(key)}>Send again</button>}
    </li>
  );
}

/** Each user has a color. */
function hueOf(userId: string): number {
  return [...userId].reduce((hash, character) => (hash * 33 + character.codePointAt(0)!) % 9973, 5) * 137 % 360;
}

export function Composer() {
  const { send, can } = useChat();
  function say(submit: FormEvent<HTMLFormElement>) {
    submit.preventDefault();
    const content = String(new FormData(submit.currentTarget).get('content'));
    if (!content.trim()) return;
    send(content).catch(() => {}); // The list shows the message and the reason.
    submit.currentTarget.reset();
  }
  return (
    <form className="composer" onSubmit={say}>
      <input
        name="content" aria-label="Message" autoComplete="off" maxLength={500} dir="auto" disabled={!can.send}
        placeholder={can.send ? 'Say something' : 'You cannot send messages'}
      />
      <button className="primary" disabled={!can.send}>Send</button>
    </form>
  );
}
