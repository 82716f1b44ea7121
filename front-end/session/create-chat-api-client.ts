import type { ChatMessage, ChatToken, ChatTokenRequest } from './chat-session';

export interface ChatApiClientOptions {
  /** The URL of the chat API. */
  readonly url: string;
  /** Returns the token of the user who is signed in, for the header `authorization`. */
  readonly idToken: () => string | PromiseLike<string>;
  /** The key of the room. @default - the room of an API with one room */
  readonly room?: string;
  /** @default - the global fetch */
  readonly fetch?: typeof fetch;
}

/** A response of the chat API with an error. */
export class ChatApiError extends Error {
  override readonly name = 'ChatApiError';

  /** @param type The type of the problem, a URL that ends with its name, such as `/banned`. */
  constructor(readonly status: number, readonly type: string, message: string) {
    super(message);
  }
}

export interface RestrictionOptions {
  readonly reason?: string;
  readonly durationInMinutes?: number;
}

/** A client of the construct `ChatApi` for front ends. Its methods are rejected with a `ChatApiError`. */
export interface ChatApiClient {
  /** Creates a chat token. It is the token function of a session. */
  token(request?: Partial<ChatTokenRequest>): Promise<ChatToken>;
  /** Bans a user from the room, and disconnects the user. @default - the ban has no end */
  ban(userId: string, options?: RestrictionOptions): Promise<void>;
  unban(userId: string): Promise<void>;
  /** Mutes a user in the room. The user can only read. */
  mute(userId: string, durationInMinutes: number, reason?: string): Promise<void>;
  unmute(userId: string): Promise<void>;
  /** Reports a message to the moderators. */
  reportMessage(message: ChatMessage, category: string, comment?: string): Promise<void>;
  reportUser(userId: string, category: string, comment?: string): Promise<void>;
  /** Blocks a user for the user who is signed in. Also call `block` of the session. */
  block(userId: string): Promise<void>;
  unblock(userId: string): Promise<void>;
  /** Calls an operation by its path, such as `list-reports`, and returns its result. */
  call(operation: string, input?: object, signal?: AbortSignal): Promise<any>;
}

/**
 * Creates a client of a chat API.
 *
 * @example
 * const api = createChatApiClient({ url: 'https://example.com/', idToken: () => 'the token of the sign-in' });
 * const chat = createChatSession({ endpoint: 'us-west-2', token: api.token });
 * await api.ban('a user ID', { reason: 'spam', durationInMinutes: 60 });
 */
export function createChatApiClient({ url, idToken, room, fetch: send = fetch }: ChatApiClientOptions): ChatApiClient {
  async function call(operation: string, input: object = {}, signal?: AbortSignal): Promise<any> {
    const response = await send(`${url.replace(/\/$/, '')}/${operation}`, {
      method: 'POST',
      headers: { 'authorization': `Bearer ${await idToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
      signal,
    });
    const body = await response.text();
    if (response.ok) return body ? JSON.parse(body) : undefined;
    const { type = '', title, message } = problemOf(body);
    throw new ChatApiError(response.status, type, title ?? message ?? `The chat API answered with ${response.status}`);
  }

  return {
    call,
    token: ({ signal } = {}) => call('create-chat-token', { room }, signal),
    ban: (userId, options) => call('ban-user', { room, userId, ...options }),
    unban: (userId) => call('unban-user', { room, userId }),
    mute: (userId, durationInMinutes, reason) => call('mute-user', { room, userId, durationInMinutes, reason }),
    unmute: (userId) => call('unmute-user', { room, userId }),
    reportMessage: ({ id: messageId, sender, content }, category, comment) =>
      call('report-message', { room, messageId, userId: sender.userId, content, category, comment }),
    reportUser: (userId, category, comment) => call('report-user', { room, userId, category, comment }),
    block: (userId) => call('block-user', { userId }),
    unblock: (userId) => call('unblock-user', { userId }),
  };
}

/** Reads the problem document of RFC 9457, or the message of API Gateway. */
function problemOf(body: string): { readonly type?: string; readonly title?: string; readonly message?: string } {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}
