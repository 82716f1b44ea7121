import { useEffect, useRef } from 'react';
import { useSession } from './chat-provider';
import type { ChatSession, ChatSessionEvents } from '../session';

/**
 * Calls a function for each event of a session, without rendering. The function does not need `useCallback`.
 *
 * @param session @default - the session of the `ChatProvider`
 * @throws Error if there is no session.
 *
 * @example
 * useChatEvent('event', ({ name, attributes }) => name === 'goal' && setScore(attributes.score));
 */
export function useChatEvent<Name extends keyof ChatSessionEvents>(
  name: Name, listener: (value: ChatSessionEvents[Name]) => void, session?: ChatSession,
): void {
  const chat = useSession(session);
  const lastListener = useRef(listener);
  useEffect(() => {
    lastListener.current = listener;
  });
  useEffect(() => chat.on(name, (value) => lastListener.current(value)), [chat, name]);
}
