import { useChat } from 'cdk-ivs-chat/react';
import type { ChatGap, ChatMessage } from 'cdk-ivs-chat/session';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { nameOf } from './message';
import { ReportDialog } from './report-dialog';
import { isModerator, useRoom } from './room-context';

/** The message of a menu, and the point at which the menu opens. */
export interface MenuPlace {
  readonly message: ChatMessage;
  readonly x: number;
  readonly y: number;
}

interface MessageMenuProps {
  readonly place: MenuPlace;
  readonly entries: readonly (ChatMessage | ChatGap)[];
  /** @param focus What gets the focus: the message, or the message after it. */
  onClose(focus?: 'message' | 'next'): void;
}

const EDGE_PIXELS = 8;
const TIME_OUT_MINUTES = 5;

/** The actions for a message: those of viewers, and those of moderators. */
export function MessageMenu({ place, entries, onClose }: MessageMenuProps) {
  const { me, act, api, showToast } = useRoom();
  const { block } = useChat();
  const menu = useRef<HTMLDivElement>(null);
  const [isReporting, setReporting] = useState(false);
  const { message } = place;
  const { id: messageId, content, isOwn, sender: { userId } } = message;
  const name = nameOf(message);

  useLayoutEffect(() => {
    // The menu stays inside the window.
    const { style, offsetWidth, offsetHeight } = menu.current!;
    style.left = `${Math.max(EDGE_PIXELS, Math.min(place.x, innerWidth - EDGE_PIXELS) - offsetWidth)}px`;
    style.top = `${Math.max(EDGE_PIXELS, Math.min(place.y, innerHeight - EDGE_PIXELS - offsetHeight))}px`;
    menu.current!.querySelector('button')!.focus();
  }, [place]);

  useEffect(() => {
    const pointed = ({ target }: PointerEvent) => {
      if (!menu.current?.contains(target as Node)) onClose();
    };
    if (isReporting) return undefined;
    addEventListener('pointerdown', pointed);
    return () => removeEventListener('pointerdown', pointed);
  });

  const remove = () => act({
    operation: 'delete-message', input: { messageId }, done: `You deleted a message of ${name}.`,
  });

  /** Deletes the messages of the user that this page shows. */
  async function removeAll() {
    const shown = entries.filter((entry) =>
      entry.type === 'message' && entry.sender.userId === userId && !entry.isDeleted) as ChatMessage[];
    try {
      for (const { id } of shown) await api.call('delete-message', { messageId: id });
      const count = shown.length === 1 ? '1 message' : `${shown.length} messages`;
      showToast({ text: `You deleted ${count} of ${name}.`, call: 'POST /delete-message' });
    } catch (error) {
      showToast({ text: `That did not work: ${(error as Error).message}`, call: 'POST /delete-message' });
    }
  }

  const items: { label: string; isDanger?: boolean; focus?: 'next'; run(): unknown }[] = [
    {
      label: 'Copy text',
      run: () => copy(content, 'The text is copied.'),
    },
    {
      label: 'Copy user ID',
      run: () => copy(isOwn ? me.userId : userId, 'The user ID is copied.'),
    },
  ];
  if (!isOwn && !isModerator(me)) {
    items.push({ label: 'Report …', run: () => setReporting(true) }, {
      label: `Block ${name}`,
      isDanger: true,
      async run() {
        const isDone = await act({
          operation: 'block-user', input: { userId }, done: `You no longer see the messages of ${name}.`,
        });
        if (isDone) block(userId);
      },
    });
  }
  if (isModerator(me)) {
    items.push({ label: 'Delete', isDanger: true, focus: 'next', run: remove });
  }
  if (isModerator(me) && !isOwn) {
    items.push(
      { label: `Delete all messages of ${name}`, isDanger: true, focus: 'next', run: removeAll },
      {
        label: `Time out for ${TIME_OUT_MINUTES} minutes`,
        isDanger: true,
        run: () => act({
          operation: 'mute-user',
          input: { userId, durationInMinutes: TIME_OUT_MINUTES },
          done: `You muted ${name} for ${TIME_OUT_MINUTES} minutes.`,
          undo: { operation: 'unmute-user', input: { userId }, done: `${name} can write again.` },
        }),
      },
      {
        label: 'Ban',
        isDanger: true,
        run: () => act({
          operation: 'ban-user',
          input: { userId },
          done: `You banned ${name}.`,
          undo: { operation: 'unban-user', input: { userId }, done: `${name} can enter again.` },
        }),
      },
    );
  }

  async function copy(text: string, done: string) {
    await navigator.clipboard.writeText(text);
    showToast({ text: done });
  }

  function pressed(event: KeyboardEvent) {
    const buttons = [...menu.current!.querySelectorAll('button')];
    const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const targets: { [key: string]: HTMLElement | undefined } = {
      ArrowDown: buttons[(index + 1) % buttons.length],
      ArrowUp: buttons.at(index - 1),
      Home: buttons[0],
      End: buttons.at(-1),
    };
    if (targets[event.key]) targets[event.key]!.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else return;
    event.preventDefault();
  }

  if (isReporting) return <ReportDialog message={message} onClose={onClose} />;
  return (
    <div ref={menu} className="menu" role="menu" aria-label={`Actions: ${name}`} onKeyDown={pressed}>
      {items.map(({ label, isDanger, focus, run }) => (
        <button
          key={label} type="button" role="menuitem" tabIndex={-1} className={isDanger ? 'danger' : ''}
          onClick={() => {
            void run();
            if (!label.endsWith('…')) onClose(focus);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
