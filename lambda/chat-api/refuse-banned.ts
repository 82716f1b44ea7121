import { ProblemError } from './problem-error';
import type { Attributes } from '../dynamodb/attribute-values';
import { restrictionIn } from '../runtime/restrictions';

/**
 * Refuses a user who is banned from one of the rooms or from all rooms, by the items of the user in the ban list.
 *
 * @throws ProblemError with the end of the ban that ends last.
 */
export function refuseBanned(roomIdentifiers: readonly string[], items: readonly Attributes[]): void {
  const ban = restrictionIn('BAN', roomIdentifiers, items);
  if (ban) throw new ProblemError('banned', { bannedUntil: ban.expirationTime });
}
