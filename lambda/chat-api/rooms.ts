import { invalidField, ProblemError } from './problem-error';
import type { ChatApiConfiguration } from '../../src/contract/chat-api/configuration';

/** A room of the API: its key in requests and its ARN. */
export interface ChatApiRoom {
  readonly key: string;
  readonly arn: string;
}

/**
 * Returns the room of a request, which can omit it if the API has one room.
 *
 * @throws ProblemError if the API does not have the room. The problem is the same as for a missing right.
 */
export function roomOf({ rooms }: ChatApiConfiguration, room: string | undefined): ChatApiRoom {
  const keys = Object.keys(rooms);
  if (room === undefined && keys.length !== 1) {
    throw invalidField('room', 'is required, because the API has several rooms');
  }
  const key = room ?? keys[0]!;
  if (!Object.hasOwn(rooms, key)) throw new ProblemError('forbidden');
  return { key, arn: rooms[key]! };
}

/** Returns the room of a request, or all rooms if it names none. */
export function roomsOf(configuration: ChatApiConfiguration, room: string | undefined): string[] {
  return room === undefined ? Object.values(configuration.rooms) : [roomOf(configuration, room).arn];
}

/** Returns the function that finds the key of a room. Other APIs that share the table can have other rooms. */
export function roomKeys({ rooms }: ChatApiConfiguration): (arn: string | undefined) => string | undefined {
  const keys = new Map(Object.entries(rooms).map(([key, arn]) => [arn, key]));
  return (arn) => keys.get(arn!);
}
