import { useState } from 'react';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { MAXIMUM_OPTION_LENGTH, MAXIMUM_OPTIONS, MAXIMUM_QUESTION_LENGTH } from './poll';
import { useRoom } from './room-context';
import { useHostedPoll } from './use-hosted-poll';

const MAXIMUM_ANNOUNCEMENT_LENGTH = 200;

/** The tools of the host: announcements and polls. Both are events, which only a host can send. */
export function HostTools() {
  const { act } = useRoom();
  const [opened, setOpened] = useState<'announcement' | 'poll'>();
  const [text, setText] = useState('');
  const poll = useHostedPoll();
  const close = () => setOpened(undefined);

  async function announce() {
    const isDone = await act({
      operation: 'send-event', input: { eventName: 'announcement', attributes: { text } }, done: 'You announced it.',
    });
    if (isDone) setText('');
    return isDone;
  }

  return (
    <>
      <button type="button" onClick={() => setOpened('announcement')}><Icon name="announce" />Announce</button>
      {poll.isOpen
        ? <button type="button" onClick={() => void poll.end()}><Icon name="poll" />End the poll</button>
        : <button type="button" onClick={() => setOpened('poll')}><Icon name="poll" />Start a poll</button>}
      {opened === 'announcement' && (
        <Dialog title="Announce" action="Send to everyone" onAction={announce} onClose={close}>
          <label htmlFor="announcement">Announcement</label>
          <textarea
            id="announcement" rows={3} required autoFocus maxLength={MAXIMUM_ANNOUNCEMENT_LENGTH}
            value={text} onChange={({ target }) => setText(target.value)}
          />
        </Dialog>
      )}
      {opened === 'poll' && <PollDialog onStart={poll.start} onClose={close} />}
    </>
  );
}

interface PollDialogProps {
  onStart(question: string, options: string[]): Promise<boolean>;
  onClose(): void;
}

function PollDialog({ onStart, onClose }: PollDialogProps) {
  const [question, setQuestion] = useState('');
  const [options, setOptions] = useState<readonly string[]>(['', '']);
  const change = (index: number, text: string) =>
    setOptions(options.map((option, place) => (place === index ? text : option)));
  const start = () => onStart(question.trim(), options.map((option) => option.trim()).filter(Boolean));
  return (
    <Dialog title="Start a poll" action="Start" onAction={start} onClose={onClose}>
      <label htmlFor="question">Question</label>
      <input
        id="question" required autoFocus autoComplete="off" maxLength={MAXIMUM_QUESTION_LENGTH}
        value={question} onChange={({ target }) => setQuestion(target.value)}
      />
      {options.map((option, index) => (
        <div key={index}>
          <label htmlFor={`option-${index}`}>Option {index + 1}</label>
          <input
            id={`option-${index}`} required={index < 2} autoComplete="off" maxLength={MAXIMUM_OPTION_LENGTH}
            value={option} onChange={({ target }) => change(index, target.value)}
          />
        </div>
      ))}
      {options.length < MAXIMUM_OPTIONS && (
        <button type="button" onClick={() => setOptions([...options, ''])}>Add an option</button>
      )}
    </Dialog>
  );
}
