import { useChat } from 'cdk-ivs-chat/react';
import { useMemo } from 'react';
import type { Me } from './enter';
import { peopleIn } from './people';
import { ThemeSwitch } from './theme-switch';

const WORDS: { [status: string]: string } = {
  connected: 'Connected', connecting: 'Connecting …', reconnecting: 'Reconnecting …',
};

/** The name of the room, the users who are known to be in it, and the connection in words. */
export function Header({ me, latency }: { me: Me; latency?: number }) {
  const { status, messages } = useChat();
  const count = useMemo(() => new Set([me.userId, ...peopleIn(messages).keys()]).size, [me, messages]);
  return (
    <header className="header">
      <h1>Live chat</h1>
      <p className="people" title="You, and the users who have written. IVS Chat has no list of viewers.">
        {count === 1 ? '1 person' : `${count} people`}
      </p>
      <p className="state" data-state={status}>
        <span role="status">{WORDS[status] ?? 'Not connected'}</span>
        {status === 'connected' && latency !== undefined && (
          <span className="latency" title="The time from sending your last message to its arrival">
            {' · '}{Math.round(latency)} ms
          </span>
        )}
      </p>
      <ThemeSwitch />
    </header>
  );
}
