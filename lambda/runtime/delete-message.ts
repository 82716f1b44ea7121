import type { DeleteMessageRequest } from '../client';
import { DeleteMessageCommand } from '../client';
import { clientFor, type RunTimeOptions } from './client-for';

/**
 * Tells everyone in the room to delete a message, by the event `aws:DELETE_MESSAGE`.
 *
 * `reason` is 1 to 256 characters, and everyone in the room sees it. Gives the id of the event. The function needs
 * `room.grantModerate(fn)`.
 *
 * @throws the client's exceptions, before any request where the input is wrong
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteMessage.html
 *
 * @example
 * await deleteMessage({ roomIdentifier: process.env.ROOM_ARN!, id: message.id, reason: 'Off topic' });
 */
export async function deleteMessage(request: DeleteMessageRequest, options?: RunTimeOptions): Promise<string> {
  const { id } = await clientFor(request.roomIdentifier, options).send(new DeleteMessageCommand(request));
  return id!;
}
