/** The chat page. It uses the official messaging client, with tokens from the deployed function. */
import { ChatRoom, DeleteMessageRequest, SendMessageRequest, type ChatMessage } from 'amazon-ivs-chat-messaging';

interface Configuration {
  /** The URL of the token function. */
  readonly tokenUrl: string;
  /** The Region of the room, or the `ws://` URL of a local service. */
  readonly messaging: string;
}

const element = <Type extends HTMLElement>(id: string) => document.getElementById(id) as Type;
const messages = element<HTMLOListElement>('messages');
const moderatorKey = new URLSearchParams(location.hash.slice(1)).get('moderator') ?? undefined;
// Each tab is a separate visitor. A reload keeps the visitor.
const visitorKey = sessionStorage.visitorKey ??= crypto.randomUUID();
let me: string | undefined;

element<HTMLFormElement>('join').addEventListener('submit', async (submit) => {
  submit.preventDefault();
  const name = element<HTMLInputElement>('name').value.trim();
  if (!name) return;
  const configuration: Configuration = await (await fetch('configuration.json')).json();
  const room = new ChatRoom({
    regionOrUrl: configuration.messaging,
    tokenProvider: () => token(configuration.tokenUrl, name),
  });
  room.addListener('connecting', () => state('Connecting …'));
  room.addListener('connect', () => state('Connected', 'connected'));
  room.addListener('disconnect', (reason) => state(`Disconnected (${reason})`));
  room.addListener('message', (message) => show(room, message));
  room.addListener('messageDelete', ({ messageId }) => {
    messages.querySelector(`[data-id="${messageId}"]`)?.remove();
  });
  room.addListener('userDisconnect', () => note('A moderator disconnected a user.'));
  room.connect();

  element('join').hidden = true;
  element('chat').hidden = false;
  element('content').focus();
  element<HTMLFormElement>('send').addEventListener('submit', (send) => {
    send.preventDefault();
    void say(room, element<HTMLInputElement>('content'));
  });
});

async function token(tokenUrl: string, name: string) {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, visitorKey, moderatorKey }),
  });
  if (!response.ok) throw new Error(`The token function answered ${response.status}`);
  const { token: value, tokenExpirationTime, sessionExpirationTime, userId } = await response.json();
  me = userId;
  return {
    token: value,
    tokenExpirationTime: new Date(tokenExpirationTime),
    sessionExpirationTime: new Date(sessionExpirationTime),
  };
}

async function say(room: ChatRoom, input: HTMLInputElement) {
  const problem = element('problem');
  problem.textContent = '';
  try {
    await room.sendMessage(new SendMessageRequest(input.value));
    input.value = '';
  } catch (error) {
    problem.textContent = (error as { errorMessage?: string }).errorMessage ?? String(error);
  }
}

/** Adds a message to the page. All of its members are rendered as text, because users choose them. */
function show(room: ChatRoom, { id, content, sender }: ChatMessage) {
  const item = document.createElement('li');
  item.dataset.id = id;
  if (sender.userId === me) item.className = 'mine';
  const line = document.createElement('div');
  line.className = 'sender';
  const who = document.createElement('strong');
  who.textContent = sender.attributes?.name ?? sender.userId;
  line.append(who);
  if (sender.attributes?.role === 'moderator') {
    const role = document.createElement('span');
    role.className = 'role';
    role.textContent = 'moderator';
    line.append(role);
  }
  if (moderatorKey) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'delete';
    button.textContent = 'Delete';
    button.setAttribute('aria-label', `Delete the message of ${who.textContent}`);
    button.addEventListener('click', () => {
      void room.deleteMessage(new DeleteMessageRequest(id, 'Deleted by a moderator'));
    });
    line.append(button);
  }
  const text = document.createElement('div');
  text.textContent = content;
  item.append(line, text);
  append(item);
}

function note(text: string) {
  const item = document.createElement('li');
  item.className = 'event';
  item.textContent = text;
  append(item);
}

function append(item: HTMLLIElement) {
  messages.append(item);
  item.scrollIntoView({ block: 'end' });
}

function state(text: string, value = '') {
  const status = element('state');
  status.textContent = text;
  status.dataset.state = value;
}
