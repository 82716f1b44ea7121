import { useChatEvent } from 'cdk-ivs-chat/react';
import { useEffect, useRef, useState } from 'react';
import { attributesOf, countVotes, type Poll } from './poll';
import { useRoom } from './room-context';
import { voteOf } from './signals';

const PUBLISH_MILLISECONDS = 1_000;
/** Users who come later see the poll after at most five seconds. */
const REPEAT_AFTER = 5;

/** An open poll, and the option of each user who has voted. */
interface SavedPoll {
  readonly poll: Poll;
  readonly ballots: readonly (readonly [userId: string, option: number])[];
}

/** Returns the poll that was open before a reload of the page. */
function takeSavedPoll(): SavedPoll | undefined {
  const saved: string | undefined = sessionStorage.hostedPoll;
  sessionStorage.removeItem('hostedPoll');
  return saved && JSON.parse(saved);
}

/**
 * The poll of the host on this page. It counts the votes, which are messages, and sends the poll as an event: at most
 * once a second if the votes have changed, and every five seconds otherwise. An open poll continues after a reload.
 */
export function useHostedPoll() {
  const { api, act } = useRoom();
  const [saved] = useState(takeSavedPoll);
  const [poll, setPoll] = useState(saved?.poll);
  const ballots = useRef(new Map(saved?.ballots));
  const hasChanged = useRef(false);

  useChatEvent('message', (message) => {
    const vote = voteOf(message);
    if (!poll?.isOpen || vote?.poll !== poll.id) return;
    ballots.current.set(message.sender.userId, vote.option);
    hasChanged.current = true;
  });

  const counted = (open: Poll): Poll => ({ ...open, votes: countVotes(ballots.current, open.options.length) });

  useEffect(() => {
    if (!poll?.isOpen) return undefined;
    let quietTicks = 0;
    const timer = setInterval(() => {
      if (!hasChanged.current && ++quietTicks < REPEAT_AFTER) return;
      hasChanged.current = false;
      quietTicks = 0;
      // Without a connection, the next event has the votes.
      api.call('send-event', { eventName: 'poll', attributes: attributesOf(counted(poll)) }).catch(() => {});
    }, PUBLISH_MILLISECONDS);
    const save = () => {
      sessionStorage.hostedPoll = JSON.stringify({ poll, ballots: [...ballots.current] } satisfies SavedPoll);
    };
    addEventListener('pagehide', save);
    return () => {
      clearInterval(timer);
      removeEventListener('pagehide', save);
    };
  }, [poll, api]);

  /** Sends the poll to everyone. The first votes can arrive before the response of the chat API. */
  async function publish(next: Poll, done: string): Promise<boolean> {
    setPoll(next);
    const isDone = await act({
      operation: 'send-event', input: { eventName: 'poll', attributes: attributesOf(next) }, done,
    });
    if (!isDone) setPoll(poll);
    return isDone;
  }

  return {
    isOpen: poll?.isOpen === true,
    start(question: string, options: string[]) {
      ballots.current = new Map();
      const votes = options.map(() => 0);
      return publish({ id: crypto.randomUUID(), question, options, votes, isOpen: true }, 'You started the poll.');
    },
    end: () => publish({ ...counted(poll!), isOpen: false }, 'You ended the poll.'),
  };
}
