/** The chat page. It uses the official messaging client, and the chat API for its tokens and for moderation. */
import { ChatRoom, SendMessageRequest, type ChatMessage } from 'amazon-ivs-chat-messaging';
import { callChatApi, ChatApiProblem } from '../call-chat-api';
import { colorOf, initialsOf } from './people';

interface Configuration {
  /** The URL of the chat API. */
  readonly chatUrl: string;
  /** The Region of the room, or the `ws://` URL of a local service. */
  readonly messaging: string;
}

interface Me {
  readonly userId: string;
  readonly name: string;
  readonly role: string;
  readonly idToken: string;
}

const BANNED = 'https://cdk-ivs-chat.dev/problems/banned';
const RECONNECT_MILLISECONDS = 3000;
const MAXIMUM_MESSAGES = 500;

const element = <Type extends HTMLElement>(id: string) => document.getElementById(id) as Type;
const messages = element<HTMLDivElement>('messages');
const role = ['moderator', 'host'].find((name) => location.hash === `#${name}`) ?? 'viewer';
const blocked = new Set<string>();

element('role').textContent = role === 'viewer'
  ? 'You join as a viewer. Add #moderator to the address to join as a moderator.'
  : `You join as a ${role}.`;

element<HTMLFormElement>('join').addEventListener('submit', async (submit) => {
  submit.preventDefault();
  const name = element<HTMLInputElement>('name').value.trim();
  if (!name) return;
  try {
    const configuration: Configuration = await json('configuration.json');
    await enter(configuration, await signIn(name));
  } catch (error) {
    element('role').textContent = `The chat cannot be joined: ${(error as Error).message}`;
  }
});

/** In a product, the user pool signs the user in. The local sign-in accepts every name. */
async function signIn(name: string): Promise<Me> {
  // Each tab is a separate user. A reload keeps the user.
  const userId = sessionStorage.userId ??= crypto.randomUUID();
  const { idToken } = await json('sign-in', { method: 'POST', body: JSON.stringify({ userId, name, role }) });
  return { userId, name, role, idToken };
}

async function enter({ chatUrl, messaging }: Configuration, me: Me): Promise<void> {
  const call = (operation: string, input?: object) => callChatApi(chatUrl, me.idToken, operation, input);
  let refused: unknown;
  const room = new ChatRoom({
    regionOrUrl: messaging,
    tokenProvider: async () => {
      refused = undefined;
      try {
        const { token, tokenExpirationTime, sessionExpirationTime } = await call('create-chat-token');
        return {
          token,
          tokenExpirationTime: new Date(tokenExpirationTime),
          sessionExpirationTime: new Date(sessionExpirationTime),
        };
      } catch (error) {
        refused = error;
        throw error;
      }
    },
  });

  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    clearTimeout(timer);
    room.connect();
  };
  room.addListener('connecting', () => state('Connecting …'));
  room.addListener('connect', () => {
    state('Connected', 'connected');
    banner(undefined);
  });
  // The official client does not connect again after the service has closed the connection.
  room.addListener('disconnect', () => {
    state('Not connected');
    if (refused instanceof ChatApiProblem && refused.type === BANNED) {
      banner('A moderator has banned you from this chat.', false);
      return;
    }
    banner(refused ? `The chat refuses the connection: ${(refused as Error).message}` : 'The connection is closed.');
    timer = setTimeout(connect, RECONNECT_MILLISECONDS);
  });
  room.addListener('message', (message) => show(message, me, call));
  room.addListener('messageDelete', ({ messageId }) => remove(messageId));
  element('banner-action').addEventListener('click', connect);

  element('join').hidden = true;
  element('chat').hidden = false;
  element('content').focus();
  element<HTMLFormElement>('send').addEventListener('submit', (submit) => {
    submit.preventDefault();
    void say(room, element<HTMLInputElement>('content'));
  });
  connect();
}

async function say(room: ChatRoom, input: HTMLInputElement): Promise<void> {
  const problem = element('problem');
  problem.textContent = '';
  try {
    await room.sendMessage(new SendMessageRequest(input.value));
    input.value = '';
  } catch (error) {
    problem.textContent = reasonOf(error as { errorCode?: number; errorMessage?: string });
  }
}

/** Returns the reason of a refused message in words. The codes and texts are those of the messaging API. */
function reasonOf({ errorCode, errorMessage }: { errorCode?: number; errorMessage?: string }): string {
  if (errorCode === 403) return 'A moderator has muted you. You can read the chat.';
  if (errorCode === 406) return 'Your message was refused. Change it and send it again.';
  if (errorCode === 429) return 'You send messages too fast. Wait a moment and send it again.';
  if (errorMessage?.includes('maximum length')) return 'Your message is too long.';
  return 'Your message was not sent. Check the connection and send it again.';
}

/** Adds a message to the page. All of its members are rendered as text, because users choose them. */
function show(
  { id, content, sender, sendTime }: ChatMessage, me: Me, call: (operation: string, input?: object) => Promise<unknown>,
): void {
  const { userId } = sender;
  if (blocked.has(userId)) return;

  const name = sender.attributes?.displayName ?? userId;
  const avatar = create('span', 'avatar', initialsOf(name));
  avatar.style.setProperty('--color', colorOf(userId));
  avatar.setAttribute('aria-hidden', 'true');
  const line = create('div', 'sender');
  line.append(create('strong', '', name));
  if (sender.attributes?.role && sender.attributes.role !== 'viewer') {
    line.append(create('span', 'badge', sender.attributes.role));
  }
  const time = create('time', '', sendTime.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
  line.append(time);

  const text = create('p', 'content', content);
  text.dir = 'auto';
  const body = create('div', 'body');
  body.append(line, text);
  const item = create('article', userId === me.userId ? 'message mine' : 'message');
  item.dataset.id = id;
  item.dataset.user = userId;
  item.append(avatar, body);

  if (userId !== me.userId) {
    const act = (label: string, operation: string, input: object, done: string) => {
      const button = create('button', 'action', label);
      button.type = 'button';
      button.setAttribute('aria-label', `${label}: ${name}, ${content}`);
      button.addEventListener('click', () => void perform(() => call(operation, input), done));
      return button;
    };
    const actions = create('div', 'actions');
    actions.append(...me.role === 'viewer'
      ? [
        act('Report', 'report-message', { messageId: id, userId, content, category: 'OTHER' }, `You reported ${name}.`),
        act('Block', 'block-user', { userId }, `You no longer see the messages of ${name}.`),
      ]
      : [
        act('Delete', 'delete-message', { messageId: id }, `You deleted a message of ${name}.`),
        act('Mute', 'mute-user', { userId, durationInMinutes: 5 }, `You muted ${name} for 5 minutes.`),
        act('Ban', 'ban-user', { userId }, `You banned ${name}.`),
      ]);
    actions.querySelector('[aria-label^="Block"]')?.addEventListener('click', () => hide(userId));
    item.append(actions);
  }

  append(item);
}

async function perform(action: () => Promise<unknown>, done: string): Promise<void> {
  const toast = element('toast');
  try {
    await action();
    toast.textContent = done;
  } catch (error) {
    toast.textContent = `That did not work: ${(error as Error).message}`;
  }
}

function hide(userId: string): void {
  blocked.add(userId);
  for (const item of messages.querySelectorAll<HTMLElement>('.message')) {
    if (item.dataset.user === userId) item.remove();
  }
}

function remove(messageId: string): void {
  for (const item of messages.querySelectorAll<HTMLElement>('.message')) {
    if (item.dataset.id !== messageId) continue;
    item.replaceChildren(create('p', 'note', 'Message removed by a moderator'));
  }
}

function append(item: HTMLElement): void {
  const isAtEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 40;
  messages.append(item);
  while (messages.childElementCount > MAXIMUM_MESSAGES) messages.firstElementChild!.remove();
  if (isAtEnd) messages.scrollTop = messages.scrollHeight;
}

function state(text: string, value = ''): void {
  const status = element('state');
  status.textContent = text;
  status.dataset.state = value;
}

function banner(text: string | undefined, canConnect = true): void {
  element('banner').hidden = text === undefined;
  element('banner-text').textContent = text ?? '';
  element('banner-action').hidden = !canConnect;
}

function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, className = '', text = '',
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = text;
  return created;
}

async function json(url: string, options?: RequestInit): Promise<any> {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
