/** The messages of the room. The list stays at its end unless the reader scrolls up. */
import { useChat } from 'cdk-ivs-chat/react';
import type { ChatErrorCode, ChatMessage } from 'cdk-ivs-chat/session';
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Avatar } from './avatar';
import type { Act, Me } from './room';

const GROUP_MILLISECONDS = 2 * 60_000;
const END_PIXELS = 40;

const REASONS: { [code in ChatErrorCode]: string } = {
  invalid: 'The message is not valid.',
  tooLong: 'The message is too long.',
  rejected: 'The message was refused. Only you can see it.',
  forbidden: 'You cannot send messages.',
  rateLimited: 'You send messages too fast.',
  serverError: 'The chat could not send the message.',
  notConnected: 'There is no connection.',
  unknownOutcome: 'The connection was lost. The message may have been sent.',
};

export function MessageList({ me, act }: { me: Me; act: Act }) {
  const { messages } = useChat();
  const list = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(0);
  const last = messages.at(-1)?.key;

  useLayoutEffect(() => {
    if (isAtEnd) list.current!.scrollTop = list.current!.scrollHeight;
  }, [last, isAtEnd]);
  useEffect(() => {
    if (isAtEnd) setSeen(messages.length);
  }, [messages.length, isAtEnd]);

  function scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = list.current!;
    setAtEnd(scrollHeight - scrollTop - clientHeight < END_PIXELS);
  }

  return (
    <div className="messages-frame">
      <div ref={list} className="messages" role="log" aria-label="Messages" tabIndex={0} onScroll={scrolled}>
        {messages.length === 0 && (
          <p className="empty">Nothing said yet. Open this page in a second tab and say hello.</p>
        )}
        {messages.map((entry, index) => {
          if (entry.type === 'gap') return <p key={entry.key} className="gap">Messages may be missing here</p>;
          const before = messages[index - 1];
          const isGrouped = before?.type === 'message' && before.sender.userId === entry.sender.userId
            && entry.sendTime.getTime() - before.sendTime.getTime() < GROUP_MILLISECONDS;
          return <Message key={entry.key} message={entry} isGrouped={isGrouped} me={me} act={act} />;
        })}
      </div>
      {!isAtEnd && messages.length > seen && (
        <button type="button" className="pill" onClick={() => setAtEnd(true)}>
          {messages.length - seen} new messages
        </button>
      )}
    </div>
  );
}

interface MessageProps {
  readonly message: ChatMessage;
  /** Whether the message follows another one of the same user. */
  readonly isGrouped: boolean;
  readonly me: Me;
  readonly act: Act;
}

const Message = memo(({ message, isGrouped, me, act }: MessageProps) => {
  const { resend, discard, block } = useChat();
  const { key, content, sender, sendTime, status, error, isOwn, isDeleted, deletionReason } = message;
  const name = (isOwn ? me.name : sender.attributes.displayName) ?? sender.userId;
  const role = isOwn ? me.role : sender.attributes.role;
  if (isDeleted) {
    return <p className="gap">Message removed by a moderator{deletionReason ? `: ${deletionReason}` : ''}</p>;
  }

  const classes = ['message', isOwn && 'mine', isGrouped && 'grouped', status];
  return (
    <article className={classes.filter(Boolean).join(' ')}>
      {!isGrouped && <Avatar userId={isOwn ? me.userId : sender.userId} name={name} />}
      <div className="body">
        {!isGrouped && (
          <div className="sender">
            <strong>{name}</strong>
            {role && role !== 'viewer' && <span className="badge">{role}</span>}
            <time dateTime={sendTime.toISOString()}>
              {sendTime.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
            </time>
          </div>
        )}
        <p className="content" dir="auto">{content}</p>
        {error && (
          <p className="problem" role="alert">
            {REASONS[error.code]}{' '}
            {error.retryable && (
              <button type="button" className="action" onClick={() => resend(key)}>Retry</button>
            )}{' '}
            <button type="button" className="action" onClick={() => discard(key)}>Discard</button>
          </p>
        )}
      </div>
      {!isOwn && <Actions message={message} name={name} me={me} act={act} block={block} />}
    </article>
  );
});

interface ActionsProps extends Pick<MessageProps, 'message' | 'me' | 'act'> {
  readonly name: string;
  block(userId: string): void;
}

function Actions({ message: { id, content, sender: { userId } }, name, me, act, block }: ActionsProps) {
  const viewer = {
    Report: () => act('report-message', { messageId: id, userId, content, category: 'OTHER' }, `You reported ${name}.`),
    Block: async () => {
      await act('block-user', { userId }, `You no longer see the messages of ${name}.`);
      block(userId);
    },
  };
  const moderator = {
    Delete: () => act('delete-message', { messageId: id }, `You deleted a message of ${name}.`),
    Mute: () => act('mute-user', { userId, durationInMinutes: 5 }, `You muted ${name} for 5 minutes.`),
    Ban: () => act('ban-user', { userId }, `You banned ${name}.`),
  };
  return (
    <div className="actions">
      {Object.entries(me.role === 'viewer' ? viewer : moderator).map(([label, onClick]) => (
        <button
          key={label} type="button" className="action" aria-label={`${label}: ${name}, ${content}`}
          onClick={() => void onClick()}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
