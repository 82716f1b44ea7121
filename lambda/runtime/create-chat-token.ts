import type { CreateChatTokenRequest } from '../client';
import { CreateChatTokenCommand } from '../client';
import { clientFor, type RunTimeOptions } from './client-for';
import { invalidInput } from '../client/invalid-input';
import { ROLE_CAPABILITIES, type Capability, type StandardRole } from '../../src/contract/chat-api/role-capabilities';

/** The input of `createChatToken`. */
export interface CreateChatTokenOptions extends CreateChatTokenRequest {
  /**
   * The role of the user, which determines the capabilities of the token. `guest` can read, `viewer` can also send
   * messages, and `moderator` and `host` can also delete messages and disconnect users.
   *
   * @default - the token has `capabilities`
   */
  readonly role?: StandardRole;
}

/** A chat token. A `tokenProvider` for `amazon-ivs-chat-messaging` returns an object of this shape. */
export interface ChatToken {
  /** The token. It is opaque and secret, and it is valid for one connection. */
  readonly token: string;
  /** The time at which the service closes the connection. */
  readonly sessionExpirationTime: Date;
  /**
   * Equal to `sessionExpirationTime`. The messaging client opens its next connection one minute before this time. With
   * the expiration of the token itself, which is one minute after its creation, the client would ask for a new token
   * and open a new connection every 30 seconds. `CreateChatTokenCommand` of the client returns the expiration of the
   * token.
   */
  readonly tokenExpirationTime: Date;
}

/**
 * Creates a chat token for one user. A `tokenProvider` for `amazon-ivs-chat-messaging` can return it unchanged.
 *
 * Choose `userId`, `capabilities` and `attributes` on the server, for the user who signed in. Do not copy them from the
 * request of a browser.
 *
 * Without `role` and `capabilities`, the user can only view the chat. `sessionDurationInMinutes` is 1 to
 * 180 minutes, and 60 minutes by default. `attributes` can have 1 KB in total, and everyone in the room can see them.
 * The function needs the permission `room.grantCreateChatToken(fn)`.
 *
 * `console.log` and `util.inspect` hide the token. `JSON.stringify` includes it, for the response to the user.
 *
 * @throws The exceptions of the client. Invalid input throws a `ValidationException`, and no request is sent.
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateChatToken.html
 *
 * @example
 * const chatToken = await createChatToken({
 *   roomIdentifier: process.env.ROOM_ARN!,
 *   userId: session.userId,
 *   role: 'viewer',
 * });
 */
export async function createChatToken(request: CreateChatTokenOptions, options?: RunTimeOptions): Promise<ChatToken> {
  const client = clientFor(request?.roomIdentifier, options);
  const { token, sessionExpirationTime } = await client.send(new CreateChatTokenCommand(withCapabilities(request)));
  const times = { sessionExpirationTime, tokenExpirationTime: sessionExpirationTime };
  return Object.defineProperty({ token, ...times } as ChatToken, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => ({ token: '***', ...times }),
  });
}

/** Returns the request with the capabilities of its role. */
function withCapabilities(request: CreateChatTokenOptions): CreateChatTokenRequest {
  const role = request?.role;
  if (!role) return request;
  if (Object.hasOwn(ROLE_CAPABILITIES, role)) {
    return { ...request, capabilities: ROLE_CAPABILITIES[role] as Capability[] };
  }
  const message = `must be one of ${Object.keys(ROLE_CAPABILITIES).join(', ')}`;
  throw invalidInput('createChatToken', [{ path: 'role', message }]);
}
