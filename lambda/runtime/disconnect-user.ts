import type { DisconnectUserRequest } from '../client';
import { DisconnectUserCommand } from '../client';
import { clientFor, type RunTimeOptions } from './client-for';

/**
 * Closes all connections of a user to the room. Succeeds if the user has no connection.
 *
 * The user can connect again with a new token. To ban a user, first stop creating tokens for them. `reason` has 1 to
 * 256 characters. The function needs the permission `room.grantModerate(fn)`.
 *
 * @throws The exceptions of the client. Invalid input throws a `ValidationException`, and no request is sent.
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DisconnectUser.html
 *
 * @example
 * await disconnectUser({ roomIdentifier: process.env.ROOM_ARN!, userId: 'u-17', reason: 'Spam' });
 */
export async function disconnectUser(request: DisconnectUserRequest, options?: RunTimeOptions): Promise<void> {
  await clientFor(request?.roomIdentifier, options).send(new DisconnectUserCommand(request));
}
