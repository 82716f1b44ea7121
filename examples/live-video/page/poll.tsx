/**
 * Polls. The host sends the poll to everyone with SendEvent, which only hosts can do. A vote is a message with
 * attributes. The page of the host counts the votes, and sends the result.
 */
import { useChat, useChatEvent } from 'cdk-ivs-chat/react';
import type { ChatApiClient } from 'cdk-ivs-chat/session';
import { useEffect, useRef, useState, type FormEvent } from 'react';

interface Poll {
  readonly id: string;
  readonly question: string;
  readonly options: readonly string[];
  /** The number of votes for each option. */
  readonly votes: readonly number[];
  readonly isOpen: boolean;
}

const PUBLISH_MILLISECONDS = 1_000;
/** Viewers who join later see the poll after at most this time. */
const REPEAT_MILLISECONDS = 5_000;
/** After this time without a repetition, the page of the host has closed. */
const SILENCE_MILLISECONDS = 15_000;

/** Shows the poll. Viewers can change their vote while the poll is open. */
export function PollCard() {
  const { send, can } = useChat();
  const [poll, setPoll] = useState<Poll>();
  const [choice, setChoice] = useState<{ pollId: string; option: number }>();
  const [problem, setProblem] = useState('');

  useChatEvent('event', ({ name, attributes }) => {
    if (name === 'poll') setPoll(JSON.parse(attributes.poll!) as Poll);
  });
  useEffect(() => {
    if (!poll?.isOpen) return undefined;
    const timer = setTimeout(() => setPoll({ ...poll, isOpen: false }), SILENCE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [poll]);

  if (!poll) return null;
  const { id: pollId, question, options, votes, isOpen } = poll;
  async function vote(option: number) {
    setChoice({ pollId, option });
    setProblem('');
    await send(options[option]!, { attributes: { poll: pollId, option: `${option}` } }).catch(() => {
      setChoice(undefined);
      setProblem('Your vote was not sent. Vote again.');
    });
  }

  const total = votes.reduce((sum, count) => sum + count, 0);
  return (
    <section className="card poll" aria-label="Poll">
      <h2 dir="auto">{question}</h2>
      {options.map((option, index) => {
        const share = total && Math.round(100 * votes[index]! / total);
        return (
          <button
            key={option} type="button" className="option" disabled={!isOpen || !can.send}
            aria-pressed={choice?.pollId === pollId && choice.option === index} onClick={() => void vote(index)}
          >
            <span className="bar" style={{ width: `${share}%` }} />
            <span dir="auto">{option}</span>
            <span>{share}%</span>
          </button>
        );
      })}
      <p className="hint">{total === 1 ? '1 vote' : `${total} votes`} · {isOpen ? 'open' : 'ended'}</p>
      <p className="problem" role="alert">{problem}</p>
    </section>
  );
}

/** Starts and ends the poll of this page, and counts its votes. Each user has one vote, the last one. */
export function HostTools({ api }: { api: ChatApiClient }) {
  const [poll, setPoll] = useState<Poll>();
  const [question, setQuestion] = useState('');
  const [lines, setLines] = useState('');
  const [problem, setProblem] = useState('');
  const votes = useRef(new Map<string, number>());

  useChatEvent('message', ({ attributes, sender }) => {
    if (poll && attributes.poll === poll.id) votes.current.set(sender.userId, Number(attributes.option));
  });

  /** Returns the attributes of the event: at most 1 KB. */
  function attributesOf(current: Poll) {
    const choices = [...votes.current.values()];
    const counts = current.options.map((_, option) => choices.filter((choice) => choice === option).length);
    return { poll: JSON.stringify({ ...current, votes: counts }) };
  }
  const publish = (attributes: { readonly poll: string }) => api.call('send-event', { eventName: 'poll', attributes });

  useEffect(() => {
    if (!poll) return undefined;
    let last = { text: '', time: 0 };
    const timer = setInterval(() => {
      const attributes = attributesOf(poll);
      if (attributes.poll === last.text && Date.now() - last.time < REPEAT_MILLISECONDS) return;
      last = { text: attributes.poll, time: Date.now() };
      publish(attributes).catch(() => {}); // The next event has the votes.
    }, PUBLISH_MILLISECONDS);
    return () => clearInterval(timer);
  }, [poll]);

  /** The first votes can arrive before the response of the chat API. */
  async function change(next: Poll, isOpen: boolean): Promise<boolean> {
    setPoll(isOpen ? next : undefined);
    setProblem('');
    try {
      await publish(attributesOf({ ...next, isOpen }));
      return true;
    } catch (error) {
      setPoll(poll);
      setProblem((error as Error).message);
      return false;
    }
  }

  /** The form keeps its texts until the poll is sent. */
  async function start(submit: FormEvent<HTMLFormElement>) {
    submit.preventDefault();
    const options = [...new Set(lines.split('\n').map((line) => line.trim()).filter(Boolean))];
    votes.current.clear();
    const next = { id: crypto.randomUUID(), question, options, votes: [], isOpen: true };
    if (!await change(next, true)) return;
    setQuestion('');
    setLines('');
  }

  if (poll) {
    return (
      <div className="host">
        <button type="button" onClick={() => void change(poll, false)}>End the poll</button>
        <p className="problem" role="alert">{problem}</p>
      </div>
    );
  }
  return (
    <details className="host" open={problem !== ''}>
      <summary>Start a poll</summary>
      <form className="card" onSubmit={start}>
        <label>
          Question
          <input
            required maxLength={60} autoComplete="off"
            value={question} onChange={({ target }) => setQuestion(target.value)}
          />
        </label>
        <label>
          Options, one on each line
          <textarea required rows={3} maxLength={120} value={lines} onChange={({ target }) => setLines(target.value)} />
        </label>
        <button className="primary">Start</button>
        <p className="problem" role="alert">{problem}</p>
      </form>
    </details>
  );
}
