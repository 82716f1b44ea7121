/** A chat in React, with the chat API of the example live-chat. */
import { ChatProvider, useChat, useChatSession } from 'cdk-ivs-chat/react';
import { createChatApiClient } from 'cdk-ivs-chat/session';
import type { FormEvent } from 'react';

export interface ChatProps {
  /** The Region of the room, or the `ws://` URL of a local service. */
  readonly endpoint: string;
  /** The URL of the chat API. */
  readonly url: string;
  /** The token of the user who is signed in. */
  readonly idToken: string;
}

export function Chat({ endpoint, url, idToken }: ChatProps) {
  const api = createChatApiClient({ url, idToken: () => idToken });
  const session = useChatSession({ endpoint, key: idToken, token: api.token });
  return <ChatProvider session={session}><Messages /><Composer /></ChatProvider>;
}

function Messages() {
  const { messages, status, reason, retry } = useChat();
  const lines = messages.map((entry) => entry.type === 'message' && (
    <li key={entry.key}>{entry.sender.attributes.displayName}: {entry.content} {entry.error?.reason}</li>
  ));
  const banner = <p role="status">{status} {reason} <button onClick={retry}>Try again</button></p>;
  return <>{status !== 'connected' && banner}<ol>{lines}</ol></>;
}

function Composer() {
  const { send, can } = useChat();
  function say(submit: FormEvent<HTMLFormElement>) {
    submit.preventDefault();
    void send(String(new FormData(submit.currentTarget).get('content')));
    submit.currentTarget.reset();
  }
  return <form onSubmit={say}><input name="content" aria-label="Message" disabled={!can.send} /></form>;
}
