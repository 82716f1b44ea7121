import type { ChatErrorCode, ChatMessage } from 'cdk-ivs-chat/session';
import { memo, type MouseEvent } from 'react';
import { Avatar, colorOf } from './avatar';
import { MessageText } from './message-text';
import { useRoom } from './room-context';

/** One formatter for all messages. To create one takes longer than to render a message. */
const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });

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

export interface MessageProps {
  readonly message: ChatMessage;
  /** Whether the message continues the one before it. */
  readonly isGrouped: boolean;
  /** Whether another user has the same name. */
  readonly isNamesake: boolean;
  readonly onMenu: (message: ChatMessage, x: number, y: number) => void;
  readonly onResend: (key: string) => void;
  readonly onDiscard: (key: string) => void;
}

/** A message. It renders again only if its properties change. */
export const Message = memo(({ message, isGrouped, isNamesake, onMenu, onResend, onDiscard }: MessageProps) => {
  const { me } = useRoom();
  const { key, id, content, sender, sendTime, status, error, isOwn, isDeleted, deletionReason } = message;
  const userId = isOwn ? me.userId : sender.userId;
  const name = isOwn ? me.name : nameOf(message);
  const role = isOwn ? me.role : sender.attributes.role;
  if (isDeleted) {
    return (
      <p className="removed" tabIndex={-1} data-key={key}>
        Message removed by a moderator{deletionReason && `: ${deletionReason}`}
      </p>
    );
  }

  function rightClicked(event: MouseEvent) {
    if (!id || (event.target as HTMLElement).closest('a')) return;
    event.preventDefault();
    onMenu(message, event.clientX, event.clientY);
  }

  const mentionsMe = !isOwn && content.toLowerCase().includes(`@${me.name.toLowerCase()}`);
  const classes = ['message', isOwn && 'mine', isGrouped && 'grouped', mentionsMe && 'to-me', status];
  const time = clock.format(sendTime);
  return (
    <article
      className={classes.filter(Boolean).join(' ')} data-key={key} tabIndex={-1} aria-label={`${name}, ${time}`}
      onContextMenu={rightClicked}
    >
      {!isGrouped && <Avatar userId={userId} name={name} />}
      <div className="body">
        {!isGrouped && (
          <div className="sender" style={colorOf(userId)}>
            <strong dir="auto">{name}</strong>
            {isNamesake && <span title="Another user has the same name">#{userId.slice(0, 4)}</span>}
            {role && role !== 'viewer' && <span className={`badge ${role}`}>{role}</span>}
            {isOwn && <span className="badge">you</span>}
            <time dateTime={sendTime.toISOString()}>{time}</time>
          </div>
        )}
        <MessageText content={content} myName={me.name} />
        {error && (
          <p className="problem" role="alert">
            <span>{REASONS[error.code]}</span>
            {error.retryable && <button type="button" onClick={() => onResend(key)}>Retry</button>}
            <button type="button" onClick={() => onDiscard(key)}>Discard</button>
          </p>
        )}
      </div>
      {id && (
        <button
          type="button" className="icon menu-button" tabIndex={-1} aria-haspopup="menu"
          aria-label={`Actions: ${name}, ${content}`}
          onClick={({ currentTarget }) => {
            const { right, bottom } = currentTarget.getBoundingClientRect();
            onMenu(message, right, bottom);
          }}
        />
      )}
    </article>
  );
});

/** Returns the name of the user who has written a message. */
export function nameOf({ sender }: ChatMessage): string {
  return sender.attributes.displayName ?? sender.userId;
}
