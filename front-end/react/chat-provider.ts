import { createContext, createElement, useContext, type ReactElement, type ReactNode } from 'react';
import type { ChatSession } from '../session';

const SessionContext = createContext<ChatSession | undefined>(undefined);

/** The properties of `ChatProvider`. */
export interface ChatProviderProps {
  /** A session of `useChatSession` or `createChatSession`. */
  readonly session: ChatSession;
  readonly children?: ReactNode;
}

/** Makes a session available to `useChat` and `useChatEvent` in its children. */
export function ChatProvider({ session, children }: ChatProviderProps): ReactElement {
  return createElement(SessionContext.Provider, { value: session }, children);
}

/** Returns the given session, or the one of the `ChatProvider`. @throws Error if there is none. */
export function useSession(given: ChatSession | undefined): ChatSession {
  const provided = useContext(SessionContext);
  const session = given ?? provided;
  if (!session) throw new Error('useChat and useChatEvent need a ChatProvider around them, or a session as argument');
  return session;
}
