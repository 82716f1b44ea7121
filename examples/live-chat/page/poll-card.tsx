import { useChat, useChatEvent } from 'cdk-ivs-chat/react';
import { useEffect, useState } from 'react';
import { Icon } from './icon';
import { pollOf, type Poll } from './poll';
import { useRoom } from './room-context';

/** A host sends an open poll every five seconds. Without it, the page of the host has ended. */
const SILENCE_MILLISECONDS = 15_000;

/** The poll of the host. A vote is a message with attributes. Users can change their vote while the poll is open. */
export function PollCard() {
  const { send, can } = useChat();
  const { showToast } = useRoom();
  const [poll, setPoll] = useState<Poll>();
  const [choice, setChoice] = useState<{ poll: string; option: number }>();
  const [closedId, setClosedId] = useState<string>();

  useChatEvent('event', ({ name, attributes }) => {
    if (name === 'poll') setPoll(pollOf(attributes));
  });
  useEffect(() => {
    if (!poll?.isOpen) return undefined;
    const timer = setTimeout(() => setPoll({ ...poll, isOpen: false }), SILENCE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [poll]);

  async function vote(option: number) {
    setChoice({ poll: poll!.id, option });
    try {
      await send(poll!.options[option]!, { attributes: { poll: poll!.id, option: `${option}` } });
    } catch {
      setChoice(undefined);
      showToast({ text: 'Your vote was not sent. Vote again.' });
    }
  }

  if (!poll || poll.id === closedId) return null;
  const total = poll.votes.reduce((sum, votes) => sum + votes, 0);
  return (
    <section className="card poll" aria-label="Poll">
      <header>
        <Icon name="poll" />
        <h2 dir="auto">{poll.question}</h2>
        <button type="button" className="icon" aria-label="Close the poll" onClick={() => setClosedId(poll.id)}>
          <Icon name="close" />
        </button>
      </header>
      <ul>
        {poll.options.map((option, index) => {
          const share = total === 0 ? 0 : Math.round(100 * poll.votes[index]! / total);
          const isChosen = choice?.poll === poll.id && choice.option === index;
          return (
            <li key={index}>
              <button
                type="button" className="option" aria-pressed={isChosen} disabled={!poll.isOpen || !can.send}
                onClick={() => void vote(index)}
              >
                <span className="bar" style={{ transform: `scaleX(${share / 100})` }} />
                <span dir="auto">{option}</span>
                <span>{share} %</span>
              </button>
            </li>
          );
        })}
      </ul>
      <p className="hint">{total === 1 ? '1 vote' : `${total} votes`} · {poll.isOpen ? 'open' : 'ended'}</p>
    </section>
  );
}
