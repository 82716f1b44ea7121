import type { SendEventRequest } from '../client';
import { SendEventCommand } from '../client';
import { clientFor, type RunTimeOptions } from './client-for';

/**
 * Sends an event of the application to everyone in the room.
 *
 * `eventName` has 1 to 100 characters. `attributes` can have 1 KB in total. If the response is lost, the request is not
 * repeated, so users do not see an event twice. The function needs the permission `room.grantSendEvent(fn)`.
 *
 * @returns The ID of the event.
 * @throws The exceptions of the client. Invalid input throws a `ValidationException`, and no request is sent.
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_SendEvent.html
 *
 * @example
 * await sendEvent({
 *   roomIdentifier: process.env.ROOM_ARN!,
 *   eventName: 'app:POLL_OPENED',
 *   attributes: { pollId: '42' },
 * });
 */
export async function sendEvent(request: SendEventRequest, options?: RunTimeOptions): Promise<string> {
  const { id } = await clientFor(request?.roomIdentifier, options).send(new SendEventCommand(request));
  return id!;
}
