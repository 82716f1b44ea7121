import type { RunTimeOptions } from './client-for';
import { disconnectUser } from './disconnect-user';

/**
 * Closes all connections of a user to rooms. A room that has been deleted has no connections.
 *
 * @throws ResourceNotFoundException if none of the rooms exists.
 */
export async function disconnectFromRooms(
  userId: string, roomIdentifiers: readonly string[], options?: RunTimeOptions,
): Promise<void> {
  const results = await Promise.allSettled(
    roomIdentifiers.map((roomIdentifier) => disconnectUser({ roomIdentifier, userId }, options)),
  );
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  const fatal = errors.find(({ name }) => name !== 'ResourceNotFoundException');
  if (fatal) throw fatal;
  if (errors.length > 0 && errors.length === results.length) throw errors[0]!;
}
