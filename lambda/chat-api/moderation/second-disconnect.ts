import type { ChatApiEffects } from '../chat-api-effects';
import type { HttpEvent } from '../http-event';
import { disconnectFromRooms } from '../../runtime/disconnect-from-rooms';

/**
 * The delay of the second disconnect, in milliseconds. A chat token that exists at the time of a ban can open a
 * connection for 60 seconds at most.
 */
const DELAY = 62_000;

/** The event with which the moderation function invokes itself. */
export interface DisconnectEvent {
  readonly disconnect: {
    readonly userId: string;
    readonly roomIdentifiers: readonly string[];
    /** The time of the disconnect, in milliseconds since 1970. */
    readonly time: number;
  };
}

/**
 * Returns whether an event is from the function itself. API Gateway sets all members of its events, and a request
 * chooses only their contents, so a request cannot result in such an event.
 */
export function isDisconnectEvent(event: HttpEvent | DisconnectEvent): event is DisconnectEvent {
  return Object.keys(event).join() === 'disconnect';
}

/** Invokes this function with an event that disconnects a user from rooms after 62 seconds. */
export async function scheduleDisconnect(
  userId: string, roomIdentifiers: readonly string[], { invokeSelf, now }: ChatApiEffects,
): Promise<void> {
  const event: DisconnectEvent = { disconnect: { userId, roomIdentifiers, time: now() + DELAY } };
  await invokeSelf(event);
}

/** Waits until the time of an event, and disconnects the user. */
export async function disconnectLater({ disconnect }: DisconnectEvent, effects: ChatApiEffects): Promise<void> {
  const { userId, roomIdentifiers, time } = disconnect;
  await effects.sleep(Math.min(Math.max(time - effects.now(), 0), DELAY));
  await disconnectFromRooms(userId, roomIdentifiers, effects);
}
