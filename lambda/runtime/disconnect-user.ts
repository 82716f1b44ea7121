import type { DisconnectUserRequest } from '../client';
import { DisconnectUserCommand } from '../client';
import { clientFor, type RunTimeOptions } from './client-for';

/**
 * Closes all connections of a user to the room. Succeeds when there are none.
 *
 * It does not keep the user out: stop issuing tokens to them first. `reason` is 1 to 256 characters. The function needs
 * `room.grantModerate(fn)`.
 *
 * @throws the client's exceptions, before any request where the input is wrong
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DisconnectUser.html
 *
 * @example
 * await disconnectUser({ roomIdentifier: process.env.ROOM_ARN!, userId: 'u-17', reason: 'Spam' });
 */
export async function disconnectUser(request: DisconnectUserRequest, options?: RunTimeOptions): Promise<void> {
  await clientFor(request.roomIdentifier, options).send(new DisconnectUserCommand(request));
}
