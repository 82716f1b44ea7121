import { useChatSession } from 'cdk-ivs-chat/react';
import {
  ChatApiError, ChatRefused, createChatApiClient, type ChatApiClient, type ChatSession,
} from 'cdk-ivs-chat/session';
import { useEffect, useMemo, useState } from 'react';
import type { Visit } from './enter';
import { WireLog } from './wire-log';

/** A cause of a lost connection that the session does not know. */
export type ConnectionProblem = 'banned' | 'serverEnded';

const BANNED = 'https://cdk-ivs-chat.dev/problems/banned';

export interface RoomSession {
  readonly session: ChatSession;
  readonly api: ChatApiClient;
  readonly wireLog: WireLog;
  readonly problem: ConnectionProblem | undefined;
}

/** Keeps the user in the room. */
export function useRoomSession({ configuration, me }: Visit, renewVisit: () => Promise<void>): RoomSession {
  const { chatUrl, messaging } = configuration;
  const [problem, setProblem] = useState<ConnectionProblem>();
  const wireLog = useMemo(() => new WireLog(), []);
  const api = useMemo(
    () => createChatApiClient({ url: chatUrl, idToken: () => me.idToken, fetch: wireLog.fetch }),
    [chatUrl, me, wireLog],
  );

  const session = useChatSession({
    endpoint: messaging,
    key: `${chatUrl} ${me.userId}`,
    keepDeletedMessages: true,
    WebSocket: wireLog.WebSocket,
    token: async ({ signal }) => {
      try {
        const { displayName, role, ...token } = await api.call('create-chat-token', {}, signal);
        setProblem(undefined);
        return { ...token, attributes: { displayName, role } };
      } catch (error) {
        const { status, type } = error as ChatApiError;
        if (status === 403) {
          setProblem(type === BANNED ? 'banned' : undefined);
          throw new ChatRefused((error as Error).message);
        }
        if (status === 410) throw error; // The room has been deleted. The session ends with the status `gone`.
        // Without a status, there was no response. The sign-in has expired, or the servers have been started again.
        if (status === 401 || status === undefined) await renew();
        throw new Error((error as Error).message);
      }
    },
  });

  /** Signs the user in again. The next attempt to connect uses the new sign-in. */
  async function renew(): Promise<void> {
    try {
      await renewVisit();
      setProblem(undefined);
    } catch (error) {
      // A server that is starting has no configuration yet, and answers with an error.
      setProblem(error instanceof TypeError && navigator.onLine ? 'serverEnded' : undefined);
    }
  }

  useEffect(() => {
    api.call('list-blocked-users').then(
      ({ blockedUsers }) => blockedUsers.forEach(({ userId }: { userId: string }) => session.block(userId)),
      () => {}, // Without the list, the page shows the messages of all users.
    );
  }, [session]);

  return { session, api, wireLog, problem };
}
