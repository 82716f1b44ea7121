import type { ChatApiEffects } from '../chat-api-effects';
import { ProblemError } from '../problem-error';
import { limitRate } from '../rate';
import { refuseBanned } from '../refuse-banned';
import type { User } from '../user';
import { itemsOfUser } from '../../runtime/ban-list';
import { createChatToken, type ChatToken } from '../../runtime/create-chat-token';
import { restrictionIn } from '../../runtime/restrictions';
import type { Capability } from '../../../src/contract/chat-api/role-capabilities';

/** A chat token with everything that its user interface needs to know. */
export interface Session extends ChatToken {
  readonly userId: string;
  readonly displayName?: string;
  readonly role: string;
  readonly capabilities: readonly Capability[];
  /** The version of the terms that the user has to accept before the next token can send messages. */
  readonly requiresTerms?: string;
  /** The time from which a new token can send messages. */
  readonly mutedUntil?: Date;
}

/** The maximum number of tokens for one user in a minute. */
const TOKENS_PER_MINUTE = 10;
/** The number of tokens that one request creates at most. */
const ATTEMPTS = 3;

/**
 * Creates a chat token for a user with the capabilities that the user has at this time.
 *
 * The ban list is read before and after the creation. A token only leaves the function if both reads agree. So each
 * token that a user can have was created before the ban, and it can open a connection for 60 seconds after its
 * creation. The second disconnect of a ban comes later than that.
 *
 * @throws ProblemError if the user is banned, or has too many tokens in this minute.
 */
export async function sessionFor(user: User, roomIdentifier: string, effects: ChatApiEffects): Promise<Session> {
  // A request that exceeds the rate uses nothing of the account's quota of chat tokens.
  let [access] = await Promise.all([
    accessOf(user, roomIdentifier, effects),
    limitRate('TOKEN', user.id, TOKENS_PER_MINUTE, effects),
  ]);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { capabilities, requiresTerms, mutedUntil } = access;
    const { id: userId, displayName, role } = user;
    const chatToken = await createChatToken({
      roomIdentifier,
      userId,
      capabilities: [...capabilities],
      sessionDurationInMinutes: effects.configuration.sessionDurationInMinutes,
      attributes: { role, ...displayName !== undefined && { displayName } },
    }, effects);

    access = await accessOf(user, roomIdentifier, effects);
    if (capabilities.every((capability) => access.capabilities.includes(capability))) {
      return { ...chatToken, userId, displayName, role, capabilities, requiresTerms, mutedUntil };
    }
  }
  throw new ProblemError('unavailable', { retryAfterInSeconds: 1 });
}

type Access = Pick<Session, 'capabilities' | 'requiresTerms' | 'mutedUntil'>;

/** Returns the capabilities of a user in a room, with one consistent read. */
async function accessOf(user: User, roomIdentifier: string, effects: ChatApiEffects): Promise<Access> {
  const { table, requiredTerms } = effects.configuration;
  const items = await itemsOfUser(table, user.id, undefined, effects);
  refuseBanned([roomIdentifier], items);

  const mute = restrictionIn('MUTE', [roomIdentifier], items);
  const hasAccepted = requiredTerms === undefined || items.some(({ version }) => version === requiredTerms);
  return {
    // A muted user keeps no other capability either: a moderator who is muted does not moderate.
    capabilities: mute || !hasAccepted ? [] : user.capabilities,
    requiresTerms: hasAccepted ? undefined : requiredTerms,
    mutedUntil: mute?.expirationTime,
  };
}
