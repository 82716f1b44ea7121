import type { CreateChatTokenRequest } from '../client';
import { CreateChatTokenCommand } from '../client';
import { clientFor, type RunTimeOptions } from './client-for';

/** What the official messaging client's token provider gives. */
export interface ChatToken {
  /** Opaque and secret; good for one connection. */
  readonly token: string;
  /** Until when a connection may be made with it: about a minute from now. */
  readonly tokenExpirationTime: Date;
  /** Until when the connection may last. */
  readonly sessionExpirationTime: Date;
}

/**
 * Issues a chat token, in the shape that `tokenProvider` of `amazon-ivs-chat-messaging` takes.
 *
 * Decide `userId`, `capabilities` and `attributes` on the server, from who the user is, never from what a request says.
 * Viewing needs no capability; the default is none. `sessionDurationInMinutes` is 1 to 180, 60 by default; `attributes`
 * are at most 1 KB together, and everyone in the room sees them. The function needs `room.grantCreateChatToken(fn)`.
 *
 * The token is left out when the result is printed; `JSON.stringify` has it, for the answer to the user.
 *
 * @throws the client's exceptions, before any request where the input is wrong
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateChatToken.html
 *
 * @example
 * const chatToken = await createChatToken({
 *   roomIdentifier: process.env.ROOM_ARN!,
 *   userId: session.userId,
 *   capabilities: ['SEND_MESSAGE'],
 * });
 */
export async function createChatToken(request: CreateChatTokenRequest, options?: RunTimeOptions): Promise<ChatToken> {
  const { $metadata: _, ...chatToken } = await clientFor(request.roomIdentifier, options).send(new CreateChatTokenCommand(request));
  return Object.defineProperty(chatToken as ChatToken, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => ({ ...chatToken, token: '(a chat token is not printed)' }),
  });
}
