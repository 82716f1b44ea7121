import { useChat, useChatEvent } from 'cdk-ivs-chat/react';
import type { ChatGap, ChatMessage } from 'cdk-ivs-chat/session';
import { useCallback, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { Icon } from './icon';
import { Message } from './message';
import { MessageMenu, type MenuPlace } from './message-menu';
import { namesakesIn, peopleIn } from './people';
import { isSignal } from './signals';
import { useAtEnd } from './use-at-end';

const GROUP_MILLISECONDS = 2 * 60_000;

/** The messages of the room. The list stays at its end unless the reader scrolls up. */
export function MessageList() {
  const { messages, status, resend, discard } = useChat();
  const entries = useMemo(() => shownIn(messages), [messages]);
  const namesakes = useMemo(() => namesakesIn(peopleIn(entries)), [entries]);
  const list = useRef<HTMLDivElement>(null);
  const { isAtEnd, newCount, toEnd, scrolled } = useAtEnd(list, entries);
  const [menu, setMenu] = useState<MenuPlace>();
  const [removal, setRemoval] = useState('');

  useChatEvent('remove', ({ reason }) => setRemoval(`A moderator removed a message.${reason ? ` ${reason}` : ''}`));

  /** Opens the menu of a message, beside its button or at the pointer. */
  const openMenu = useCallback((message: ChatMessage, x: number, y: number) => setMenu({ message, x, y }), []);

  // The message in the menu can have been deleted, or have left the list.
  const opened = menu && entries.find(({ key }) => key === menu.message.key) as ChatMessage | undefined;

  function closeMenu(focus: 'message' | 'next' = 'message') {
    const article = list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(menu!.message.key)}"]`);
    const target = focus === 'next' ? nextOf(article) ?? previousOf(article) : article;
    setMenu(undefined);
    (target ?? list.current)?.focus();
  }

  /** The arrow keys move between the messages, and M opens the menu. So the list is one stop of the tab key. */
  function pressed(event: KeyboardEvent) {
    const focused = (event.target as HTMLElement).closest<HTMLElement>('article, .removed');
    const all = list.current!.querySelectorAll<HTMLElement>('article, .removed');
    const targets: { [key: string]: HTMLElement | null | undefined } = {
      ArrowUp: focused ? previousOf(focused) : all[all.length - 1],
      ArrowDown: nextOf(focused),
      Home: all[0],
      End: all[all.length - 1],
    };
    if (targets[event.key]) {
      event.preventDefault();
      targets[event.key]!.focus();
    } else if (event.key.toLowerCase() === 'm' && focused && !event.ctrlKey && !event.metaKey) {
      const message = entries.find(({ key }) => key === focused.dataset.key) as ChatMessage | undefined;
      if (!message?.id || message.isDeleted) return;
      event.preventDefault();
      const { left, bottom } = focused.getBoundingClientRect();
      openMenu(message, left, bottom);
    }
  }

  return (
    <div className="messages-frame">
      <div
        ref={list} className="messages" role="log" aria-label="Messages" aria-describedby="messages-hint" tabIndex={0}
        onScroll={scrolled} onKeyDown={pressed}
      >
        {entries.length === 0 && status === 'connected' && <Empty />}
        {entries.map((entry, index) => {
          if (entry.type === 'gap') return <p key={entry.key} className="gap">Messages may be missing here</p>;
          return (
            <Message
              key={entry.key} message={entry} isGrouped={isGrouped(entries[index - 1], entry)}
              isNamesake={namesakes.has(entry.sender.userId)} onMenu={openMenu} onResend={resend} onDiscard={discard}
            />
          );
        })}
      </div>
      <p id="messages-hint" className="keys">Arrow keys choose a message, M opens its menu</p>
      {!isAtEnd && newCount > 0 && (
        <button type="button" className="pill" onClick={toEnd}>
          <Icon name="down" />{newCount === 1 ? '1 new message' : `${newCount} new messages`}
        </button>
      )}
      {opened?.id && !opened.isDeleted && <MessageMenu place={menu!} entries={entries} onClose={closeMenu} />}
      <p className="for-screen-readers" role="status">{removal}</p>
    </div>
  );
}

/** Returns the entries without reactions and votes. Gaps without a message between them are one gap. */
function shownIn(messages: readonly (ChatMessage | ChatGap)[]) {
  const entries = messages.filter((entry) => entry.type === 'gap' || !isSignal(entry));
  return entries.filter(({ type }, index) => type !== 'gap' || entries[index + 1]?.type !== 'gap');
}

function Empty() {
  return (
    <div className="empty">
      <p><strong>It is quiet here.</strong></p>
      <p>Say hello, open this page in a second tab, or bring in 20 viewers.</p>
    </div>
  );
}

/** Returns whether a message continues the one before it: the same user within two minutes. */
function isGrouped(before: ChatMessage | ChatGap | undefined, message: ChatMessage): boolean {
  return before?.type === 'message' && !before.isDeleted && before.sender.userId === message.sender.userId
    && message.sendTime.getTime() - before.sendTime.getTime() < GROUP_MILLISECONDS;
}

const messageBeside = (side: 'nextElementSibling' | 'previousElementSibling') =>
  (element: HTMLElement | null | undefined): HTMLElement | undefined => {
    let other = element?.[side];
    while (other && !other.matches('article, .removed')) other = other[side];
    return (other ?? undefined) as HTMLElement | undefined;
  };
const nextOf = messageBeside('nextElementSibling');
const previousOf = messageBeside('previousElementSibling');
