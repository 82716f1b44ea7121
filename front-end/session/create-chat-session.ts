import type { ChatClock, ChatSession, ChatSessionOptions, ChatToken } from './chat-session';
import { createSessionCore, type Action, type SessionEffects, type SessionEvent } from './session-core';

// Bundlers replace this expression. Without a bundler, browsers have no `process`.
declare const process: { readonly env: { readonly NODE_ENV?: string } };

const systemClock: ChatClock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

/** A browser has all of these members, Node.js and React Native have some. */
const page: Partial<Pick<Window, 'addEventListener' | 'removeEventListener' | 'navigator' | 'document'>> = globalThis;
const isVisible = () => page.document?.visibilityState === 'visible';

/**
 * Creates a session in a chat room. The session opens its connection when `join` is called, and keeps it until `leave`.
 *
 * @throws TypeError if the endpoint is not valid.
 *
 * @example
 * const session = createChatSession({
 *   endpoint: 'us-west-2',
 *   token: ({ signal }) => fetch('/chat-token', { method: 'POST', signal }),
 * });
 * session.on('message', ({ sender, content }) => console.log(sender.userId, content));
 * session.join();
 */
export function createChatSession(options: ChatSessionOptions): ChatSession {
  const { clock = systemClock, history, debug, random = Math.random } = options;
  const url = urlOf(options.endpoint);
  const core = createSessionCore({ ...options, hasHistory: !!history }, random);

  let snapshot = core.snapshot();
  const serverSnapshot = snapshot;
  const events: SessionEvent[] = [];
  let isHandling = false;
  let due = Infinity;
  let timer: unknown;
  let isListening = false;
  let isNotifying = false;
  let lastKey = 0;

  const subscribers = new Set<() => void>();
  const listeners = new Map<string, Set<(value: any) => void>>();
  const requests = new Map<string, (error: unknown, value: any) => void>();
  const links = new Map<number, { readonly controller: AbortController; token?: string; socket?: WebSocket }>();

  /** Handles an event. An event that a listener causes waits until the current one is handled. */
  function handle(...event: SessionEvent): void {
    events.push(event);
    if (isHandling) return;
    isHandling = true;
    for (let next = events.shift(); next; next = events.shift()) {
      const effects = core.handle(next, clock.now());
      snapshot = core.snapshot();
      if (debug) report(() => debug(`${next[0]}: ${snapshot.status}`));
      for (const [name, ...values] of effects) {
        // React Native throws an error for a write to a connection that is closing.
        report(() => (perform[name] as (...given: unknown[]) => void)(...values));
      }
      notify();
    }
    isHandling = false;
    listen();
    wake();
  }

  const perform: { [Name in keyof SessionEffects]: (...values: SessionEffects[Name]) => void } = {
    token(link, attempt) {
      const controller = new AbortController();
      const { signal } = controller;
      links.set(link, { controller });
      attempted(() => options.token({ signal, attempt })).then(readToken).then(({ token, ...details }) => {
        if (signal.aborted) return;
        links.get(link)!.token = token;
        handle('token', link, details);
      }, (error) => {
        if (signal.aborted) return;
        links.delete(link);
        handle('noToken', link, error?.message, endOf(error));
      });
    },
    open(link) {
      const opening = links.get(link)!;
      const closed = () => {
        if (links.delete(link)) handle('closed', link);
      };
      try {
        const socket = opening.socket = new (options.WebSocket ?? WebSocket)(url, opening.token!);
        opening.token = undefined;
        socket.onopen = () => handle('opened', link);
        socket.onmessage = ({ data }) => {
          const frame = parsed(data);
          if (frame) handle('frame', link, frame);
        };
        // After a refused handshake, some versions of Node.js have no event `close`.
        socket.onclose = socket.onerror = closed;
      } catch {
        closed(); // The token has a character that a WebSocket does not accept.
      }
    },
    close(link) {
      const { controller, socket } = links.get(link) ?? {};
      links.delete(link);
      controller?.abort();
      if (!socket) return;
      socket.onopen = socket.onmessage = null;
      socket.close(1000);
    },
    write: (link, frame) => links.get(link)?.socket!.send(JSON.stringify(frame)),
    settle(key, error, message) {
      requests.get(key)?.(error, message);
      requests.delete(key);
    },
    emit(name, value) {
      for (const listener of listeners.get(name) ?? []) report(() => listener(value));
    },
    history(gap, from, to) {
      attempted(() => history!({ from: from ? new Date(from) : undefined, to: new Date(to) })).then(
        (messages) => handle('history', gap, messages),
        () => debug?.('history: failed'),
      );
    },
    userChanged() {
      try {
        if (process.env.NODE_ENV !== 'production') console.warn('The chat tokens have different user IDs.');
      } catch {} // There is no bundler.
    },
  };

  /** Sets one timer for the next deadline. */
  function wake(): void {
    const next = core.deadline();
    if (next === due) return;
    if (timer) clock.clearTimeout(timer);
    due = next;
    timer = due === Infinity ? undefined : clock.setTimeout(() => {
      due = Infinity;
      handle('time');
    }, due - clock.now());
  }

  // The page

  const online = () => handle('online');
  const offline = () => handle('offline');
  function visibilityChanged(): void {
    if (isVisible()) handle('retry');
    else notifyNow(); // A hidden page shows no frames.
  }

  function listen(): void {
    if (isListening === core.isActive()) return;
    isListening = !isListening;
    const change = isListening ? 'addEventListener' : 'removeEventListener';
    page[change]?.('online', online);
    page[change]?.('offline', offline);
    page.document?.[change]('visibilitychange', visibilityChanged);
  }

  // Listeners

  /** Notifies the subscribers with the next frame of the screen. */
  function notify(): void {
    if (isNotifying || !subscribers.size) return;
    isNotifying = true;
    if (clock === systemClock && isVisible()) requestAnimationFrame(notifyNow);
    else clock.setTimeout(notifyNow, 16);
  }

  function notifyNow(): void {
    if (isNotifying) subscribers.forEach(report);
    isNotifying = false;
  }

  /** Makes a request with this key or with a new one, and returns its result. */
  function request(event: (key: string) => SessionEvent, given?: string): Promise<any> {
    const key = given ?? `${random().toString(36).slice(2)}-${++lastKey}`;
    const result = new Promise((resolve, reject) => {
      requests.set(key, (error, value) => (error ? reject(error) : resolve(value)));
    });
    result.catch(() => {}); // The list of messages and the snapshot show the error, so a caller can ignore it.
    handle(...event(key));
    return result;
  }
  const moderate = (action: Action, members: object) => request((key) => ['request', key, action, members]);

  return {
    get status() { return snapshot.status; },
    get messages() { return snapshot.messages; },
    get can() { return snapshot.can; },

    join() {
      if (!core.isActive()) handle(page.navigator?.onLine === false ? 'offline' : 'online');
      handle('join');
    },
    leave: () => handle('leave'),
    retry: () => handle('retry'),

    send: (content, { attributes } = {}) => request((key) => ['send', key, content, attributes]),
    resend: (given) => request((key) => ['resend', key], given),
    discard: (key) => handle('discard', key),
    remove: (Id, Reason) => moderate('DELETE_MESSAGE', { Id, Reason }),
    disconnect: (UserId, Reason) => moderate('DISCONNECT_USER', { UserId, Reason }),
    block: (userId) => handle('block', userId, true),
    unblock: (userId) => handle('block', userId, false),

    on(event, listener) {
      const others = listeners.get(event) ?? new Set();
      listeners.set(event, others.add(listener));
      return () => void others.delete(listener);
    },
    subscribe(listener) {
      subscribers.add(listener);
      return () => void subscribers.delete(listener);
    },
    getSnapshot: () => snapshot,
    getServerSnapshot: () => serverSnapshot,
  };
}

function urlOf(endpoint: string): string {
  if (/^wss?:\/\//.test(endpoint)) return endpoint;
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(endpoint)) return `wss://edge.ivschat.${endpoint}.amazonaws.com`;
  throw new TypeError(`endpoint must be a Region or a wss:// or ws:// URL, got ${endpoint}`);
}

/** Reads an answer of the token function. @throws if it has no token. */
async function readToken(answer: ChatToken | string | Response): Promise<ChatToken> {
  let token = typeof answer === 'string' ? { token: answer } : answer;
  if ('json' in token) {
    const { ok, status } = token;
    if (!ok) throw Object.assign(new Error(`The token function answered with status ${status}`), { status });
    token = await token.json() as ChatToken;
  }
  if (!token.token) throw new TypeError('The answer of the token function has no token');
  return token;
}

/** Returns how an error of the token function ends the session, or undefined if the session tries again. */
function endOf(error: any): 'refused' | 'gone' | undefined {
  const status = error?.status ?? error?.response?.status;
  if (status === 410) return 'gone';
  // An error of another copy of the package has the same name, but another class.
  return error?.name === 'ChatRefused' || [401, 403, 404].includes(status) ? 'refused' : undefined;
}

/** Calls a function, and returns a promise also if it throws an error. */
const attempted = async <Result>(call: () => PromiseLike<Result>): Promise<Result> => call();

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** Calls a listener. Its error stops nothing. */
function report(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    console.error(error);
  }
}
