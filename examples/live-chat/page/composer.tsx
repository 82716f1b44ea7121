import { useChat } from 'cdk-ivs-chat/react';
import type { ChatError } from 'cdk-ivs-chat/session';
import { useState, type FormEvent, type KeyboardEvent } from 'react';

const MAXIMUM_LENGTH = 500;
const COUNTER_FROM = 400;

/** The field for a message. Enter sends it, and Shift and Enter begin a new line. */
export function Composer({ onLatency }: { onLatency(milliseconds: number): void }) {
  const { can, send } = useChat();
  const [content, setContent] = useState('');
  const [problem, setProblem] = useState('');
  const length = [...content].length;

  async function say() {
    if (!content.trim()) return;
    setProblem('');
    const sent = content;
    setContent('');
    const start = performance.now();
    try {
      await send(sent);
      onLatency(performance.now() - start);
    } catch (error) {
      if ((error as ChatError).code !== 'tooLong') return; // The list shows the message and the reason.
      setContent(sent);
      setProblem(`Your message is too long. The maximum is ${MAXIMUM_LENGTH} characters.`);
    }
  }

  function pressed(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void say();
  }

  function submitted(submit: FormEvent) {
    submit.preventDefault();
    void say();
  }

  return (
    <form className="composer" onSubmit={submitted}>
      <label htmlFor="content" className="for-screen-readers">Message</label>
      <div className="row">
        <textarea
          id="content" rows={1} autoComplete="off" autoFocus disabled={!can.send} dir="auto"
          placeholder="Say something" aria-describedby="content-hint"
          value={content} onChange={({ target }) => setContent(target.value)} onKeyDown={pressed}
        />
        <button className="primary" disabled={!can.send || !content.trim()}>Send</button>
      </div>
      <p className="problem" role="alert">
        {problem || (can.send ? '' : 'A moderator has muted you. You can still read the chat.')}
      </p>
      <p id="content-hint" className={length > MAXIMUM_LENGTH ? 'problem' : 'hint'}>
        {length >= COUNTER_FROM && `${length} of ${MAXIMUM_LENGTH}`}
      </p>
    </form>
  );
}
