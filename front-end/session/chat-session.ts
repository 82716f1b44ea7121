import type { ChatError } from './chat-error';

/** An answer of the token function. Answers of CreateChatToken and of `createChatToken` can be used unchanged. */
export interface ChatToken {
  /** The chat token. It opens one connection. */
  readonly token: string;
  /**
   * The end of the session. A minute or two before it, the session opens its next connection.
   * @default - the session reconnects when the service closes the connection
   */
  readonly sessionExpirationTime?: Date | string | number;
  /** The ID of the user. It must be the same for all tokens. @default - learned from the first own message */
  readonly userId?: string;
  /** The attributes of the user, for messages that are being sent. @default - learned from the first own message */
  readonly attributes?: ChatAttributes;
  /** The capabilities of the token, such as `SEND_MESSAGE`. @default - learned from the errors of the service */
  readonly capabilities?: readonly string[];
}

/** A request for a chat token. */
export interface ChatTokenRequest {
  /** Is aborted after 10 seconds, and when the session no longer needs the token. */
  readonly signal: AbortSignal;
  /** The number of this attempt to connect. It starts at 1. */
  readonly attempt: number;
}

/**
 * Returns a chat token, or the `Response` of a `fetch` with a chat token in JSON.
 *
 * The session calls it once for each connection. A `ChatRefused`, and an error or a response with the status 401, 403
 * or 404, make the session `refused`. The status 410 makes it `gone`. After other errors, the session tries again.
 */
export type ChatTokenFunction = (request: ChatTokenRequest) => PromiseLike<ChatToken | string | Response>;

export type ChatAttributes = { readonly [key: string]: string };

export interface ChatSender {
  /** The ID of the user. It is empty for own messages until the ID is known. */
  readonly userId: string;
  /** The attributes of the user's chat token. */
  readonly attributes: ChatAttributes;
}

/** A message of the room, or an own message that is still being sent. */
export interface ChatMessage {
  readonly type: 'message';
  /** A key that stays the same from `send` on, for lists such as those of React. */
  readonly key: string;
  /** The ID of the message. It is empty until the service delivers the message. */
  readonly id: string;
  readonly status: 'sending' | 'sent' | 'failed';
  readonly content: string;
  readonly attributes: ChatAttributes;
  readonly sender: ChatSender;
  /** The time of the service, or the time of `send` until the service has delivered the message. */
  readonly sendTime: Date;
  /** Whether the user of this session has sent the message. */
  readonly isOwn: boolean;
  /** The reason why the message failed. @default - the message has not failed */
  readonly error?: ChatError;
  /** Whether a moderator has deleted the message. `content` is empty then. @default false */
  readonly isDeleted?: boolean;
  /** The reason of the deletion. @default - none */
  readonly deletionReason?: string;
}

/**
 * A time with a lost connection, from its last frame to the next connection. The room can have messages of this time
 * that are not in the list.
 */
export interface ChatGap {
  readonly type: 'gap';
  readonly key: string;
  readonly from: Date;
  readonly to: Date;
}

/** A message of the past, as `history` returns it. */
export interface ChatHistoryMessage {
  readonly id: string;
  readonly content: string;
  readonly attributes?: ChatAttributes | null;
  readonly sender: { readonly userId: string; readonly attributes?: ChatAttributes | null };
  readonly sendTime: Date | string | number;
}

/** An event that the application has sent with SendEvent. */
export interface ChatEvent {
  readonly id: string;
  readonly name: string;
  readonly attributes: ChatAttributes;
  readonly sendTime: Date;
}

/**
 * | status | meaning |
 * |---|---|
 * | `idle` | `join` has not been called |
 * | `connecting` | The session opens its first connection |
 * | `connected` | Messages arrive |
 * | `reconnecting` | The connection was lost. The session opens another one |
 * | `closed` | `leave` has been called |
 * | `kicked` | A moderator has disconnected the user |
 * | `refused` | The token function refused a token |
 * | `gone` | The room has been deleted |
 *
 * The session leaves the last four only by `join` or `retry`.
 */
export type ChatStatus =
  'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed' | 'kicked' | 'refused' | 'gone';

export interface ChatConnectionStatus {
  readonly status: ChatStatus;
  /** The reason of the status in words, such as the reason that a moderator gave. @default - none */
  readonly reason?: string;
  /** The number of attempts to connect that have failed, since the last connection of more than 10 seconds. */
  readonly attempt: number;
  /** The time of the next attempt to connect. @default - the session is not waiting */
  readonly retryAt?: Date;
}

/** The actions that the chat token permits. */
export interface ChatPermissions {
  readonly send: boolean;
  readonly remove: boolean;
  readonly disconnect: boolean;
}

/** The state of a session at one time. It is immutable. */
export interface ChatSnapshot extends ChatConnectionStatus {
  /** The last messages and gaps, in the order of their arrival. */
  readonly messages: readonly (ChatMessage | ChatGap)[];
  readonly can: ChatPermissions;
  /** The ID of the user. @default - it is not known yet */
  readonly userId?: string;
  /** The error of the last request. @default - the last request succeeded or is under way */
  readonly error?: ChatError;
}

/** The events of a session. */
export interface ChatSessionEvents {
  /** A message of the room, including own messages. */
  readonly message: ChatMessage;
  /** An event that the application has sent with SendEvent. */
  readonly event: ChatEvent;
  /** A moderator has deleted a message. */
  readonly remove: { readonly id: string; readonly reason?: string };
  /** A moderator has disconnected a user. */
  readonly disconnect: { readonly userId: string; readonly reason?: string };
  readonly status: ChatConnectionStatus;
}

/** A clock, for tests. `VirtualClock` of `cdk-ivs-chat/local` is one. */
export interface ChatClock {
  /** Returns the current time, in milliseconds since 1970. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface ChatSessionOptions {
  /** The Region of the room, such as `us-west-2`, or the `wss:` or `ws:` URL of a messaging endpoint. */
  readonly endpoint: string;
  readonly token: ChatTokenFunction;
  /** The number of messages in the list. @default 200 */
  readonly maximumMessages?: number;
  /** The maximum length of a message in the room, in Unicode code points. @default 500 */
  readonly maximumMessageLength?: number;
  /** Whether deleted messages stay in the list, without their content. @default false */
  readonly keepDeletedMessages?: boolean;
  /** The IDs of users, to filter their messages. @default - none */
  readonly blockedUsers?: readonly string[];
  /**
   * Returns the messages of a time, oldest first. The session calls it after the first connection, without `from`, and
   * after each gap.
   * @default - the list starts with the first received message, and gaps stay in it
   */
  readonly history?: (range: { readonly from?: Date; readonly to: Date }) => PromiseLike<readonly ChatHistoryMessage[]>;
  /** Receives one line for each change, without tokens and without the content of messages. @default - no log */
  readonly debug?: (line: string) => void;
  /** The class of the WebSocket. @default - the global WebSocket */
  readonly WebSocket?: new (url: string, protocol: string) => WebSocket;
  /** @default - the clock of the system */
  readonly clock?: ChatClock;
  /** Returns a random number of at least 0 and less than 1. @default Math.random */
  readonly random?: () => number;
}

export interface SendOptions {
  /** Attributes of the message: up to 1 KB of keys and values together. @default - none */
  readonly attributes?: ChatAttributes;
}

/** A session in a chat room. It keeps its connection until `leave`. */
export interface ChatSession {
  readonly status: ChatStatus;
  readonly messages: ChatSnapshot['messages'];
  readonly can: ChatPermissions;

  /** Opens the connection. The calls are counted: the session leaves with the `leave` of the last `join`. */
  join(): void;
  /** Undoes one `join`. After the last one, the connection closes, unless `join` is called in the same turn. */
  leave(): void;
  /** Ends the wait for the next attempt to connect, or starts again after `kicked`, `refused` or `gone`. */
  retry(): void;

  /**
   * Sends a message. Without a connection, it waits for up to 10 seconds. At most 10 requests a second are sent.
   *
   * @returns The delivered message. The promise is rejected with a `ChatError`. You can ignore it: the list of messages
   * contains the message and its error.
   */
  send(content: string, options?: SendOptions): Promise<ChatMessage>;
  /** Sends a message with the status `failed` again. After `unknownOutcome`, the room can receive it twice. */
  resend(key: string): Promise<ChatMessage>;
  /** Removes a message with the status `failed` from the list. */
  discard(key: string): void;
  /** Deletes a message for all users. Rejects with a `ChatError`. */
  remove(messageId: string, reason?: string): Promise<void>;
  /** Disconnects a user from the room. The user can connect again with another token. Rejects with a `ChatError`. */
  disconnect(userId: string, reason?: string): Promise<void>;
  /** Filters the messages of a user. */
  block(userId: string): void;
  unblock(userId: string): void;

  /** Adds a listener. @returns A function that removes it. An error of the listener is printed and stops nothing. */
  on<Name extends keyof ChatSessionEvents>(
    event: Name, listener: (value: ChatSessionEvents[Name]) => void,
  ): () => void;
  /** Adds a listener for changes of the snapshot. It is called at most once for each frame of the screen. */
  subscribe(listener: () => void): () => void;
  getSnapshot(): ChatSnapshot;
  /** Returns the snapshot of a new session, for rendering on a server. */
  getServerSnapshot(): ChatSnapshot;
}
