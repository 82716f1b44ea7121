import type { DeleteMessageRequest } from '../client';
import { DeleteMessageCommand } from '../client';
import { clientFor, type RunTimeOptions } from './client-for';

/**
 * Sends the event `aws:DELETE_MESSAGE` to everyone in the room, which tells their clients to remove a message.
 *
 * `reason` has 1 to 256 characters, and everyone in the room can see it. The function needs the permission
 * `room.grantModerate(fn)`.
 *
 * @returns The ID of the event.
 * @throws The exceptions of the client. Invalid input throws a `ValidationException`, and no request is sent.
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteMessage.html
 *
 * @example
 * await deleteMessage({ roomIdentifier: process.env.ROOM_ARN!, id: message.id, reason: 'Off topic' });
 */
export async function deleteMessage(request: DeleteMessageRequest, options?: RunTimeOptions): Promise<string> {
  const { id } = await clientFor(request?.roomIdentifier, options).send(new DeleteMessageCommand(request));
  return id!;
}
