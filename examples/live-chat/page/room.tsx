/** The room: the connection, and the parts of the page. */
import { ChatProvider } from 'cdk-ivs-chat/react';
import { useCallback, useMemo, useState } from 'react';
import { Announcement } from './announcement';
import { Composer } from './composer';
import { ConnectionBanner } from './connection-banner';
import type { Visit } from './enter';
import { Header } from './header';
import { HostTools } from './host-tools';
import { MessageList } from './message-list';
import { PollCard } from './poll-card';
import { Reactions } from './reactions';
import { Reports } from './reports';
import { isModerator, RoomContext, type RoomAction, type Toast } from './room-context';
import { Stage } from './stage';
import { ToastView } from './toast-view';
import { UnderTheHood } from './under-the-hood';
import { useRoomSession } from './use-room-session';
import { ViewersButton } from './viewers-button';

export interface RoomProps {
  readonly visit: Visit;
  /** Reads the configuration and signs the user in again. */
  readonly renewVisit: () => Promise<void>;
}

export function Room({ visit, renewVisit }: RoomProps) {
  const { me } = visit;
  const { session, api, wireLog, problem } = useRoomSession(visit, renewVisit);
  const [toast, showToast] = useState<Toast>();
  const [latency, setLatency] = useState<number>();

  const act = useCallback(async ({ operation, input, done, undo }: RoomAction) => {
    try {
      await api.call(operation, input);
      showToast({ text: done, call: `POST /${operation}`, undo });
      return true;
    } catch (error) {
      showToast({ text: `That did not work: ${(error as Error).message}`, call: `POST /${operation}` });
      return false;
    }
  }, [api]);
  const room = useMemo(() => ({ me, api, act, showToast }), [me, api, act]);

  return (
    <RoomContext value={room}>
      <ChatProvider session={session}>
        <div className="room">
          <Header me={me} latency={latency} />
          <main className="chat" aria-label="Chat">
            <div className="cards">
              <ConnectionBanner problem={problem} />
              <Announcement />
              <PollCard />
            </div>
            <MessageList />
            <Reactions />
            <Composer onLatency={setLatency} />
          </main>
          <aside className="show" aria-label="Show">
            <Stage />
            <div className="tools" role="group" aria-label="Tools">
              {me.role === 'host' && <HostTools />}
              {isModerator(me) && <Reports />}
              <ViewersButton />
              <UnderTheHood wireLog={wireLog} />
            </div>
          </aside>
          <ToastView toast={toast} onClose={() => showToast(undefined)} />
        </div>
      </ChatProvider>
    </RoomContext>
  );
}
