import { useMemo, useSyncExternalStore } from 'react';
import { useSession } from './chat-provider';
import type { ChatSession, ChatSnapshot } from '../session';

/** The snapshot of a session, and the methods that user interfaces need. */
export interface Chat extends ChatSnapshot, Pick<ChatSession, ChatMethod> {}
type ChatMethod = 'send' | 'resend' | 'discard' | 'remove' | 'disconnect' | 'block' | 'unblock' | 'retry';

/**
 * Returns the messages, the status and the methods of a session. The component renders again when they change, at most
 * once for each frame of the screen.
 *
 * @param session @default - the session of the `ChatProvider`
 * @throws Error if there is no session.
 */
export function useChat(session?: ChatSession): Chat {
  const chat = useSession(session);
  const snapshot = useSyncExternalStore(chat.subscribe, chat.getSnapshot, chat.getServerSnapshot);
  return useMemo(() => {
    const { send, resend, discard, remove, disconnect, block, unblock, retry } = chat;
    return { ...snapshot, send, resend, discard, remove, disconnect, block, unblock, retry };
  }, [chat, snapshot]);
}
