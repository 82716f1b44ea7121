import { useEffect, useMemo, useRef } from 'react';
import { createChatSession, type ChatSession, type ChatSessionOptions } from '../session';

/** The options of `useChatSession`. */
export interface UseChatSessionOptions extends ChatSessionOptions {
  /**
   * A new key makes a new session, for example the ID of the room and the user who signed in. Other options than
   * `endpoint`, `key` and `token` are read when the session is created.
   * @default - one session for each endpoint
   */
  readonly key?: string;
}

/**
 * Creates a session, and keeps it in the room while the component is mounted.
 *
 * The session always calls the `token` function of the last rendering, so the function does not need `useCallback`.
 *
 * @example
 * const session = useChatSession({ endpoint: 'us-west-2', key: roomId, token: () => fetch(`/rooms/${roomId}/token`) });
 */
export function useChatSession(options: UseChatSessionOptions): ChatSession {
  const { endpoint, key, token } = options;
  const lastToken = useRef(token);
  useEffect(() => {
    lastToken.current = token;
  });
  const session = useMemo(
    () => createChatSession({ ...options, token: (request) => lastToken.current(request) }),
    [endpoint, key],
  );
  useEffect(() => {
    session.join();
    return () => session.leave();
  }, [session]);
  return session;
}
