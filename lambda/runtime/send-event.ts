import type { SendEventRequest } from '../client';
import { SendEventCommand } from '../client';
import { clientFor, type RunTimeOptions } from './client-for';

/**
 * Sends an application event to everyone in the room.
 *
 * `eventName` is 1 to 100 characters; `attributes` are at most 1 KB together. Gives the id of the event. Not repeated when
 * the answer was lost, so that nobody sees an event twice. The function needs `room.grantSendEvent(fn)`.
 *
 * @throws the client's exceptions, before any request where the input is wrong
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_SendEvent.html
 *
 * @example
 * await sendEvent({ roomIdentifier: process.env.ROOM_ARN!, eventName: 'app:POLL_OPENED', attributes: { pollId: '42' } });
 */
export async function sendEvent(request: SendEventRequest, options?: RunTimeOptions): Promise<string> {
  const { id } = await clientFor(request.roomIdentifier, options).send(new SendEventCommand(request));
  return id!;
}
