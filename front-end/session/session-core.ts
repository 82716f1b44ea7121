import { ChatError, type ChatErrorCode } from './chat-error';
import type {
  ChatAttributes, ChatConnectionStatus, ChatGap, ChatHistoryMessage, ChatMessage, ChatSessionEvents, ChatSnapshot,
  ChatStatus, ChatToken,
} from './chat-session';

/** The longest time for a chat token, for a handshake, in the queue, and from a request to its result. */
export const PATIENCE = 10_000;
/** A connection of this length resets the back-off. */
export const STABLE = 10_000;
const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 30_000;
/** After a refresh, the earlier connection stays open for the frames that are on their way. */
export const OVERLAP = 2_000;
/**
 * A connection can send 10 requests a second. The interval is longer than a second, because the network can delay the
 * first requests.
 */
export const PACED_REQUESTS = 10;
export const PACE_INTERVAL = 1_100;
/** The next connection opens 60 to 120 seconds before the end of a session, so not all sessions open theirs at once. */
const REFRESH_EARLY = 60_000;
/** No connection is refreshed before this age. A clock that is wrong causes no burst of connections. */
export const REFRESH_AGE = 30_000;
const LONGEST_SESSION = 180 * 60_000;
/** The number of IDs that are remembered, to recognize a frame that arrives on two connections. */
const REMEMBERED = 500;
/** The service limits attributes to 1 KB. It is a number here, because the contract is larger than this module. */
export const MAXIMUM_ATTRIBUTE_BYTES = 1024;

export type Action = 'SEND_MESSAGE' | 'DELETE_MESSAGE' | 'DISCONNECT_USER';
type TokenDetails = Omit<ChatToken, 'token'>;

/** A request of the user that has no result yet. */
export interface PendingRequest {
  readonly key: string;
  readonly action: Action;
  readonly members: object;
  /** The end of the time in the queue, or of the time for a result. */
  readonly deadline: number;
  /** The connection that the request was sent on. */
  readonly link?: number;
  readonly isRepeated?: boolean;
}

export interface SessionLimits {
  readonly maximumMessages?: number;
  readonly maximumMessageLength?: number;
  readonly keepDeletedMessages?: boolean;
  readonly hasHistory: boolean;
  readonly blockedUsers?: readonly string[];
}

/** The events, with their values. A link is the number of a connection or of an attempt to open one. */
export interface SessionEvents {
  join: [];
  leave: [];
  retry: [];
  /** A deadline of `nextDeadline` is due. */
  time: [];
  /** The device has a network, or the page has become visible. */
  online: [];
  offline: [];
  token: [link: number, token: TokenDetails];
  noToken: [link: number, reason: string, ends?: 'refused' | 'gone'];
  opened: [link: number];
  closed: [link: number];
  frame: [link: number, frame: any];
  send: [key: string, content: string, attributes?: ChatAttributes];
  resend: [key: string];
  discard: [key: string];
  request: [key: string, action: Action, members: object];
  block: [userId: string, isBlocked: boolean];
  history: [gap: string | undefined, messages: readonly ChatHistoryMessage[]];
}
export type SessionEvent = { [Name in keyof SessionEvents]: [Name, ...SessionEvents[Name]] }[keyof SessionEvents];

/** The effects, with their values. */
export interface SessionEffects {
  token: [link: number, attempt: number];
  /** Opens the connection of a link, with the token that it has received. */
  open: [link: number];
  close: [link: number];
  write: [link: number, frame: object];
  settle: [key: string, error?: ChatError, message?: ChatMessage];
  emit: [name: keyof ChatSessionEvents, value: any];
  history: [gap: string | undefined, from: number | undefined, to: number];
  userChanged: [];
}
export type SessionEffect = { [Name in keyof SessionEffects]: [Name, ...SessionEffects[Name]] }[keyof SessionEffects];

/** A state machine without input and output. */
export interface SessionCore {
  /** Handles an event at this time, and returns its effects. */
  handle(event: SessionEvent, now: number): SessionEffect[];
  /** Returns the time of the next event `time`, or Infinity. */
  deadline(): number;
  /** Returns whether the session has a connection or wants one. */
  isActive(): boolean;
  snapshot(): ChatSnapshot;
}

/**
 * Creates the core of a session. It has no clock: each event has a time. All times are in milliseconds.
 *
 * @param random Returns a random number of at least 0 and less than 1.
 */
export function createSessionCore(limits: SessionLimits, random: () => number): SessionCore {
  const { maximumMessages = 200, maximumMessageLength = 500, keepDeletedMessages, hasHistory } = limits;
  let now = 0;
  let effects: SessionEffect[] = [];
  const effect = (...one: SessionEffect) => effects.push(one);

  let joins = 0;
  let leaveAt: number | undefined;
  let isActive = false;
  let wasConnected = false;
  let ended: ChatStatus = 'idle';
  let reason: string | undefined;
  /** The start of the time without a network. */
  let offlineAt: number | undefined;
  let failures = 0;
  let retryAt: number | undefined;
  let lastLink = 0;

  /** The link that waits for its chat token or for its handshake, and the end of this time. */
  let candidate: number | undefined;
  let candidateUntil = 0;
  let candidateToken: TokenDetails;
  /** The link of the connection. */
  let current: number | undefined;
  let openedAt = 0;
  let heardAt = 0;
  let refreshAt: number | undefined;
  /** The link of the earlier connection, after a refresh. */
  let old: number | undefined;
  let oldUntil = 0;
  /**
   * The time of the last frame, until which no message is missing. A device can suspend a page without a sign, and
   * deliver this frame and the event `closed` much later.
   */
  let completeUntil = 0;
  /** The time from which on messages can be missing. */
  let lostAt: number | undefined;

  let userId: string | undefined;
  let userAttributes: ChatAttributes | undefined;
  let capabilities: readonly string[] | undefined;
  /** The actions that the service has refused on this connection. */
  let forbidden: readonly Action[] = [];
  let requests: readonly PendingRequest[] = [];
  /** The times of the last requests on the current connection. */
  let paced: readonly number[] = [];
  let seen: readonly string[] = [];
  /** The reasons of deletions, by the ID of the message. */
  let deletions: ReadonlyMap<string, string | undefined> = new Map();
  let blocked = limits.blockedUsers ?? [];
  let messages: ChatSnapshot['messages'] = [];
  let error: ChatError | undefined;
  let status = connectionStatus();

  const handlers: { [Name in keyof SessionEvents]: (...values: SessionEvents[Name]) => void } = {
    join() {
      leaveAt = undefined;
      if (!joins++ && !isActive) begin();
    },
    leave() {
      if (joins && !--joins) leaveAt = now;
    },
    retry() {
      if (joins && !isActive) begin();
      hurry();
    },
    time() {
      if (leaveAt === undefined) return;
      leaveAt = undefined;
      if (isActive) end('closed');
    },
    online() {
      // The connection can be dead without a sign of it, so another one replaces it.
      if (offlineAt) doubt(offlineAt);
      offlineAt = undefined;
      hurry();
    },
    offline() {
      offlineAt ??= now;
    },

    token(link, token) {
      if (candidate !== link) return;
      candidateToken = token;
      candidateUntil = now + PATIENCE;
      effect('open', link);
    },
    noToken(link, text, ends) {
      if (candidate !== link) return;
      if (ends) end(ends, text);
      else fail();
    },
    opened(link) {
      if (candidate !== link) return;
      const { userId: newUserId = userId, attributes = userAttributes, ...token } = candidateToken;
      const [from, before] = [lostAt, current];
      if (current) replace();
      current = link;
      candidate = retryAt = lostAt = undefined;
      openedAt = heardAt = completeUntil = now;
      refreshAt = refreshTime(token.sessionExpirationTime);
      wasConnected = true;
      paced = forbidden = [];
      capabilities = token.capabilities;
      userAttributes = attributes;
      if (userId && userId !== newUserId) effect('userChanged');
      userId = newUserId;

      const gap = from === undefined ? undefined : `gap-${link}`;
      if (gap) append({ type: 'gap', key: gap, from: new Date(from!), to: new Date(now) });
      if (hasHistory && (gap || !before)) effect('history', gap, from, now);
    },
    closed(link) {
      if (candidate === link) fail();
      if (old === link) old = undefined;
      if (current === link) lose();
      // The result of a request arrives on every connection of the room, so another connection can still receive it.
      if (current) return;
      for (const { key, link: sentOn } of requests) {
        if (sentOn === link) refuse(key, 'unknownOutcome', 'The connection was lost');
      }
    },

    frame(link, { Type, Id, RequestId, ...frame }) {
      if (link === current) {
        heardAt = now;
        completeUntil = Math.min(now, +dateOf(frame.SendTime) || now);
        lostAt = undefined;
      } else if (link !== old) {
        return;
      }
      if (Type === 'ERROR') return receiveError(link, RequestId, frame.ErrorCode, frame.ErrorMessage);
      if (!Id || seen.includes(Id)) return;
      const { MessageID, UserId, Reason } = frame.Attributes ?? {};
      if (Type === 'MESSAGE') return receiveMessage(Id, RequestId, frame);
      remember(Id);
      if (take(RequestId)) effect('settle', RequestId);
      if (frame.EventName === 'aws:DELETE_MESSAGE') {
        receiveDeletion(MessageID, Reason);
      } else if (frame.EventName === 'aws:DISCONNECT_USER') {
        effect('emit', 'disconnect', { userId: UserId, reason: Reason });
        if (UserId === userId) end('kicked', Reason);
      } else {
        const attributes = frame.Attributes ?? {};
        effect('emit', 'event', { id: Id, name: frame.EventName, attributes, sendTime: dateOf(frame.SendTime) });
      }
    },
    history(gap, past) {
      const place = gap ? messages.findIndex(({ key }) => key === gap) : 0;
      if (place < 0) return;
      const shown = past.filter(({ id }) => !seen.includes(id)).flatMap((message) =>
        withDeletion(messageOf(message.id, message)) ?? []);
      const later = messages.slice(gap ? place + 1 : 0);
      messages = [...messages.slice(0, place), ...shown, ...later].slice(-maximumMessages);
    },

    send(key, content, attributes = {}) {
      const length = [...content].length;
      const bytes = new TextEncoder().encode(Object.entries(attributes).flat().join('')).length;
      const entry = entryOf(key);
      if (!content.trim()) return refuse(key, 'invalid', 'The message is blank');
      if (length > maximumMessageLength) {
        return refuse(key, 'tooLong', `The message has ${length} characters, the maximum is ${maximumMessageLength}`);
      }
      if (bytes > MAXIMUM_ATTRIBUTE_BYTES) {
        return refuse(key, 'tooLong', `The attributes have ${bytes} bytes, the maximum is ${MAXIMUM_ATTRIBUTE_BYTES}`);
      }
      const sender = { userId: userId ?? '', attributes: userAttributes };
      const message = messageOf(key, { id: '', content, attributes, sender, sendTime: now });
      handlers.request(key, 'SEND_MESSAGE', { Content: content, Attributes: attributes });
      if (error) return;
      if (entry) change(key, { ...message, status: 'sending' });
      else append({ ...message, status: 'sending' });
    },
    resend(key) {
      const entry = entryOf(key);
      if (entry?.status !== 'failed') return refuse(key, 'invalid', 'No failed message has this key');
      handlers.send(key, entry.content, entry.attributes);
    },
    discard(key) {
      if (entryOf(key)?.status === 'failed') change(key);
    },
    request(key, action, members) {
      if (!isActive) return refuse(key, 'notConnected', 'The session has not joined');
      if (!isPermitted(action)) return refuse(key, 'forbidden', `The chat token does not permit ${action}`);
      error = undefined;
      requests = [...requests, { key, action, members, deadline: now + PATIENCE }];
    },
    block(user, isBlocked) {
      blocked = [...blocked.filter((other) => other !== user), ...isBlocked ? [user] : []];
    },
  };

  return {
    handle([name, ...values], time) {
      now = time;
      effects = [];
      (handlers[name] as (...given: unknown[]) => void)(...values);
      meetDeadlines();
      flush();
      const before = JSON.stringify(status);
      status = connectionStatus();
      if (JSON.stringify(status) !== before) effect('emit', 'status', status);
      return effects;
    },
    deadline: () => Math.min(...[
      leaveAt,
      candidate && candidateUntil,
      old && oldUntil,
      ...offlineAt || candidate ? [] : [retryAt, current && refreshAt],
      ...requests.map(({ deadline }) => deadline),
      current && requests.some(({ link }) => !link) ? pacedUntil() : undefined,
    ].map((time) => time ?? Infinity)),
    isActive: () => isActive,
    snapshot: () => ({
      ...status,
      messages: blocked.length
        ? messages.filter((entry) => entry.type === 'gap' || !blocked.includes(entry.sender.userId))
        : messages,
      can: {
        send: isPermitted('SEND_MESSAGE'),
        remove: isPermitted('DELETE_MESSAGE'),
        disconnect: isPermitted('DISCONNECT_USER'),
      },
      userId,
      error,
    }),
  };

  function connectionStatus(): ChatConnectionStatus {
    let value = ended;
    if (current) value = 'connected';
    else if (isActive) value = wasConnected ? 'reconnecting' : 'connecting';
    return {
      status: value,
      reason,
      attempt: current ? 0 : failures,
      retryAt: current || offlineAt || !retryAt ? undefined : new Date(retryAt),
    };
  }

  // Connections

  function begin(): void {
    isActive = true;
    wasConnected = false;
    reason = error = undefined;
    failures = 0;
    retryAt = now;
  }

  function end(result: ChatStatus, text?: string): void {
    for (const link of [candidate, current, old]) {
      if (link) effect('close', link);
    }
    if (current) lostAt ??= completeUntil;
    candidate = current = old = retryAt = undefined;
    isActive = false;
    ended = result;
    reason = text;
    for (const { key, link } of requests) {
      refuse(key, link ? 'unknownOutcome' : 'notConnected', 'The session has ended');
    }
  }

  /** Ends the wait for the next attempt. */
  function hurry(): void {
    if (retryAt) retryAt = now;
  }

  /** Replaces the current connection, unless it has received a frame since this time. It can be dead. */
  function doubt(since: number): void {
    if (!current || heardAt > since) return;
    lostAt ??= completeUntil;
    retryAt ??= now;
  }

  function backOff(): void {
    retryAt = now + Math.ceil(random() * Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** failures++));
  }

  function fail(): void {
    candidate = undefined;
    backOff();
  }

  /** Keeps the current connection open for the frames that are on their way. */
  function replace(): void {
    if (old) effect('close', old);
    old = current;
    oldUntil = now + OVERLAP;
  }

  function lose(): void {
    if (now - openedAt >= STABLE) failures = 0;
    current = undefined;
    lostAt ??= completeUntil;
    if (!candidate && !retryAt) backOff();
  }

  function refreshTime(expiration: ChatToken['sessionExpirationTime']): number | undefined {
    const left = Math.min(+new Date(expiration ?? NaN) - now, LONGEST_SESSION);
    const early = REFRESH_EARLY + Math.floor(random() * Math.min(REFRESH_EARLY, left / 10));
    // The clock of the device can be wrong. At the end of its session, the service closes the connection.
    return left > REFRESH_AGE ? now + Math.max(REFRESH_AGE, left - early) : undefined;
  }

  function meetDeadlines(): void {
    if (candidate && candidateUntil <= now) {
      effect('close', candidate);
      fail();
    }
    if (old && oldUntil <= now) {
      effect('close', old);
      old = undefined;
    }
    for (const { key, link, deadline } of requests) {
      if (deadline > now) continue;
      if (link) refuse(key, 'unknownOutcome', 'No answer within 10 seconds');
      else if (current) refuse(key, 'rateLimited', 'More than 10 requests a second');
      else refuse(key, 'notConnected', 'No connection within 10 seconds');
      if (link && link === current) doubt(deadline - PATIENCE);
    }
    if (offlineAt || candidate) return;
    if (current && refreshAt! <= now) {
      refreshAt = undefined;
      retryAt ??= now;
    }
    if (retryAt! <= now) {
      retryAt = undefined;
      candidate = ++lastLink;
      candidateUntil = now + PATIENCE;
      effect('token', candidate, failures + 1);
    }
  }

  // Requests

  /** Returns whether the chat token permits an action, as far as the session knows. */
  function isPermitted(action: Action): boolean {
    return capabilities?.includes(action) !== false && !forbidden.includes(action);
  }

  /** Returns the time from which on the connection can send its next request. */
  function pacedUntil(): number {
    return paced.length < PACED_REQUESTS ? 0 : paced[0]! + PACE_INTERVAL;
  }

  /** Sends the requests of the queue, in their order, unless the connection exceeds its rate. */
  function flush(): void {
    const connection = current;
    if (!connection) return;
    requests = requests.map((pending) => {
      const { link, key, action, members } = pending;
      if (link || pacedUntil() > now) return pending;
      paced = [...paced, now].slice(-PACED_REQUESTS);
      effect('write', connection, { Action: action, RequestId: key, ...members });
      return { ...pending, link: connection, deadline: now + PATIENCE };
    });
  }

  /** Takes a request out of the list. */
  function take(key: string): PendingRequest | undefined {
    const pending = requests.find((other) => other.key === key);
    if (pending) requests = requests.filter((other) => other !== pending);
    return pending;
  }

  function refuse(key: string, code: ChatErrorCode, text: string): void {
    error = new ChatError(code, text);
    const entry = entryOf(key);
    take(key);
    if (entry && !entry.id) change(key, { ...entry, status: 'failed', error });
    effect('settle', key, error);
  }

  // Frames

  function receiveMessage(id: string, requestId: string, { Content, Attributes, Sender = {}, SendTime }: any): void {
    const pending = take(requestId);
    const sending = entryOf(requestId);
    const isAwaited = pending || sending?.id === '';
    const sender = { userId: Sender.UserId, attributes: Sender.Attributes };
    if (isAwaited) {
      userId ??= sender.userId;
      userAttributes = sender.attributes;
    }
    const message = messageOf(isAwaited ? requestId : id, {
      id, content: Content, attributes: Attributes, sender, sendTime: SendTime,
    });
    const shown = withDeletion(message);
    if (sending && isAwaited) change(requestId, shown);
    else if (shown) append(shown);
    if (pending) effect('settle', requestId, undefined, message);
    if (shown === message && !blocked.includes(sender.userId)) effect('emit', 'message', message);
  }

  function receiveDeletion(id: string, text?: string): void {
    deletions = new Map([...deletions, [id, text] as const].slice(-REMEMBERED));
    const entry = messages.find((other) => (other as ChatMessage).id === id);
    if (entry) change(entry.key, withDeletion(entry as ChatMessage));
    effect('emit', 'remove', { id, reason: text });
  }

  function receiveError(link: number, key: string, code: number, text: string): void {
    const pending = take(key);
    if (code === 401 && pending && !pending.isRepeated) {
      // The session has ended, so the request had no effect. It is sent again once, before the later requests.
      const isBefore = (other: PendingRequest) => other.link || other.isRepeated;
      requests = [
        ...requests.filter(isBefore),
        { ...pending, link: undefined, deadline: now + PATIENCE, isRepeated: true },
        ...requests.filter((other) => !isBefore(other)),
      ];
    } else if (pending) {
      if (code === 403) forbidden = [...forbidden, pending.action];
      refuse(key, codeOf(code, text), text);
    }
    if (code === 404) end('gone', text);
    if (code === 401 && link === current) {
      replace();
      lose();
      if (failures < 2) hurry();
    }
  }

  // The list of messages

  function remember(id: string): void {
    seen = [...seen, id].slice(-REMEMBERED);
  }

  function entryOf(key: string): ChatMessage | undefined {
    return messages.find((entry) => entry.key === key) as ChatMessage | undefined;
  }

  function messageOf(key: string, message: ChatHistoryMessage): ChatMessage {
    const { id, content, attributes, sender, sendTime } = message;
    if (id) remember(id);
    return {
      type: 'message',
      key,
      id,
      status: 'sent',
      content,
      attributes: attributes ?? {},
      sender: { userId: sender.userId, attributes: sender.attributes ?? {} },
      sendTime: dateOf(sendTime),
      isOwn: key !== id || sender.userId === userId,
    };
  }

  function append(entry: ChatMessage | ChatGap): void {
    messages = [...messages, entry].slice(-maximumMessages);
  }

  /** Replaces an entry, or removes it. */
  function change(key: string, entry?: ChatMessage): void {
    messages = messages.flatMap((other) => (other.key === key ? entry ?? [] : other));
  }

  /** Returns the message as the list shows it: unchanged, without its content, or not at all. */
  function withDeletion(message: ChatMessage): ChatMessage | undefined {
    if (!deletions.has(message.id)) return message;
    const deletionReason = deletions.get(message.id);
    if (!keepDeletedMessages) return undefined;
    return { ...message, content: '', attributes: {}, isDeleted: true, deletionReason };
  }
}

/** Reads a time of the service. Not every engine reads its nanoseconds. */
const dateOf = (time: Date | string | number) =>
  new Date(typeof time === 'string' ? time.replace(/(\.\d{3})\d+/, '$1') : time);

/** The service has no code of its own for a message that exceeds the maximum length of its room. */
function codeOf(code: number, reason: string): ChatErrorCode {
  if (code === 413 || (code === 400 && /length|chars/i.test(reason))) return 'tooLong';
  const codes: { readonly [code: number]: ChatErrorCode } = {
    401: 'notConnected', 403: 'forbidden', 404: 'notConnected', 406: 'rejected', 429: 'rateLimited', 500: 'serverError',
  };
  return codes[code] ?? 'invalid';
}
