/** Viewers who write, react and vote, for a person who is alone in the chat. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createChatApiClient, createChatSession, type ChatSession } from 'cdk-ivs-chat/session';
import type { SignIn } from './sign-in';

export interface ViewersOptions {
  /** The URL of the chat API. */
  readonly chatUrl: string;
  /** The Region of the room, or the `ws://` URL of a local service. */
  readonly messaging: string;
  signIn(user: SignIn): Promise<string>;
  /** The viewers leave when it is aborted. */
  readonly signal: AbortSignal;
  /** Returns a random number of at least 0 and less than 1. @default Math.random */
  readonly random?: () => number;
}

export const VIEWER_NAMES = [
  'Amara', 'Bjørn', 'Chiara', 'Diego', 'Esra', 'Farah', 'Goran', 'Hana', 'Ines', 'Jonas',
  'Kofi', 'Leila', 'Mateo', 'Nora', 'Omar', 'Priya', 'Quentin', 'Rosa', 'Sven', 'Yuki',
] as const;

const LINES = [
  'Hello from Oslo!', 'Just got here, what did I miss?', 'The sound is great today', 'First time here, hi everyone',
  'Can you play that part again?', 'Love this stage', 'Hola a todos', 'Who else is watching from work?',
  'That light show though', 'Volume up!', '👏👏', 'Is there a replay later?', 'This is my favorite part',
  'مرحبا من القاهرة', 'こんばんは', 'Good evening from Lagos', 'Here comes the best song', '🔥', 'I loved the last show',
  'How long is the show today?', 'The camera work is so good', 'My cat is watching too', 'Encore!', 'Hi from Split',
];
/** A message for moderators to delete. Another viewer reports it. */
const SPAM = 'CHEAP FOLLOWERS, write to me now!!! Only today!!!';
const REACTIONS = ['❤️', '🔥', '👏', '😂', '😮'];

/** The viewers together send at most two messages a second. The room accepts 50. */
const SHORTEST_PAUSE = 500;
const LONGEST_PAUSE = 1_600;
const JOIN_PAUSE = 100;

/** Brings 20 viewers into the room. The promise is settled when they have left. */
export async function bringViewers({ signal, random = Math.random, ...options }: ViewersOptions): Promise<void> {
  const { chatUrl, messaging, signIn } = options;
  const sessions: ChatSession[] = [];
  const aborted = once(signal, 'abort').then(() => signal.throwIfAborted());
  aborted.catch(() => {}); // After a failure, no viewer waits for it.
  const oneOf = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  const pause = (shortest: number, longest = shortest) =>
    sleep(shortest + random() * (longest - shortest), undefined, { signal });

  /** Enters the room as everyone does: with a sign-in, and a chat token of the chat API. */
  async function enter(name: string): Promise<void> {
    const userId = `viewer-${name.toLowerCase()}`;
    const { call, token } = createChatApiClient({
      url: chatUrl, idToken: () => signIn({ userId, name, role: 'viewer' }),
    });
    const session = createChatSession({ endpoint: messaging, token });
    sessions.push(session);
    let answered = '';
    session.on('event', ({ name: eventName, attributes: { id, options: texts, state } }) => {
      if (eventName !== 'poll' || state !== 'open' || answered === id) return;
      answered = id!;
      const count = (JSON.parse(texts!) as string[]).length;
      // The first option is the most popular one.
      const option = Math.floor(random() * random() * count);
      void pause(500, 12_000).then(
        () => session.send(JSON.parse(texts!)[option], { attributes: { poll: id!, option: `${option}` } }),
      ).catch(() => {
        answered = ''; // The host repeats the poll, and the viewer votes again.
      });
    });
    session.on('message', ({ id: messageId, content, sender: { userId: senderId } }) => {
      if (content !== SPAM || name !== VIEWER_NAMES[0]) return;
      void call('report-message', { messageId, userId: senderId, content, category: 'SPAM' }).catch(() => {});
    });
    session.join();
    const connected = new Promise((resolve) => session.on('status', ({ status }) => {
      if (status !== 'connecting') resolve(status);
    }));
    await Promise.race([connected, aborted]);
  }

  /** The viewers enter one after the other, because each token can start another process of the token function. */
  async function enterAll(): Promise<void> {
    for (const name of VIEWER_NAMES) {
      await enter(name);
      await pause(JOIN_PAUSE);
    }
  }

  async function talk(): Promise<void> {
    for (let turn = 1; ; turn++) {
      await pause(SHORTEST_PAUSE, LONGEST_PAUSE);
      const session = oneOf(sessions);
      if (session?.status !== 'connected') continue;
      const reaction = oneOf(REACTIONS);
      if (turn % 25 === 8) void session.send(SPAM);
      else if (turn % 3 === 0) void session.send(reaction, { attributes: { reaction } });
      else void session.send(oneOf(LINES));
    }
  }

  try {
    await Promise.all([enterAll(), talk()]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    sessions.forEach((session) => session.leave());
  }
}
