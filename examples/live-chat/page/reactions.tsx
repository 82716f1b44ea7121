import { useChat, useChatEvent } from 'cdk-ivs-chat/react';
import { useRef, useState, type CSSProperties } from 'react';
import { REACTIONS, reactionOf } from './signals';

/** The number of reactions that float at the same time. */
const MAXIMUM_FLOATING = 30;
/** A user can send a reaction this often. The service accepts 10 requests in a second of each connection. */
const INTERVAL_MILLISECONDS = 250;

interface Floating {
  readonly key: string;
  readonly reaction: string;
}

/** The buttons to react, and the reactions of everyone. They float unless the user prefers reduced motion. */
export function Reactions() {
  const { send, can, status } = useChat();
  const [floating, setFloating] = useState<readonly Floating[]>([]);
  const lastTime = useRef(0);

  useChatEvent('message', (message) => {
    const reaction = reactionOf(message);
    if (!reaction || document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    setFloating((others) => [...others, { key: message.key, reaction }].slice(-MAXIMUM_FLOATING));
  });

  function react(reaction: string) {
    const now = performance.now();
    if (now - lastTime.current < INTERVAL_MILLISECONDS) return;
    lastTime.current = now;
    void send(reaction, { attributes: { reaction } });
  }

  return (
    <div className="reactions" role="group" aria-label="Reactions">
      {REACTIONS.map((reaction) => (
        <button
          key={reaction} type="button" aria-label={`React with ${reaction}`}
          disabled={!can.send || status !== 'connected'} onClick={() => react(reaction)}
        >
          {reaction}
        </button>
      ))}
      <div className="floating" aria-hidden="true">
        {floating.map(({ key, reaction }) => (
          <span
            key={key} style={{ '--drift': `${hash(key) % 80}px` } as CSSProperties}
            onAnimationEnd={() => setFloating((others) => others.filter((other) => other.key !== key))}
          >
            {reaction}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Returns a number for a text, so a reaction keeps its place. */
function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % 9973, 0);
}
