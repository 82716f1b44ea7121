import { useChat } from 'cdk-ivs-chat/react';
import { useEffect, useState } from 'react';
import type { ConnectionProblem } from './use-room-session';

interface Banner {
  readonly text: string;
  /** The label of the button. @default - the page tries again on its own */
  readonly action?: string;
}

/** One sentence about a lost connection, and one action. */
export function ConnectionBanner({ problem }: { problem: ConnectionProblem | undefined }) {
  const { status, reason, attempt, retryAt, retry } = useChat();
  const isOnline = useOnline();
  const banner = bannerOf();
  if (!banner) return null;
  return (
    <div className="banner">
      <div className="grow">
        <p role="alert">{banner.text}</p>
        {retryAt && isOnline && <Countdown until={retryAt} />}
      </div>
      {banner.action && <button type="button" onClick={retry}>{banner.action}</button>}
    </div>
  );

  function bannerOf(): Banner | undefined {
    switch (status) {
      case 'connecting':
      case 'reconnecting':
        if (!isOnline) return { text: 'Your device is offline. The chat continues when the network is back.' };
        if (problem === 'serverEnded') {
          return { text: 'The server of this chat has ended. Run npm start again.', action: 'Retry now' };
        }
        // The loss of a connection counts as the first failure.
        if (attempt > 1) return { text: 'The chat cannot be reached.', action: 'Retry now' };
        return status === 'reconnecting' ? { text: 'The connection was lost.', action: 'Retry now' } : undefined;
      case 'kicked':
        return {
          text: `A moderator has disconnected you.${reason ? ` Reason: ${reason}` : ''}`,
          action: 'Connect again',
        };
      case 'refused':
        if (problem === 'banned') {
          return { text: 'A moderator has banned you from this chat.', action: 'Check again' };
        }
        return { text: `You cannot enter the chat: ${reason}`, action: 'Try again' };
      case 'gone':
        return { text: 'This chat has ended.', action: 'Check again' };
      default:
        return undefined;
    }
  }
}

/** The seconds until the next attempt. Screen readers do not read them each second. */
function Countdown({ until }: { until: Date }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until.getTime() - now) / 1000));
  return <span className="countdown" aria-hidden="true">Next attempt in {seconds} s</span>;
}

function useOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const changed = () => setOnline(navigator.onLine);
    addEventListener('online', changed);
    addEventListener('offline', changed);
    return () => {
      removeEventListener('online', changed);
      removeEventListener('offline', changed);
    };
  }, []);
  return isOnline;
}
