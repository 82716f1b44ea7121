import type { ChatApiEffects } from './chat-api-effects';
import { ProblemError } from './problem-error';
import { expiring, key } from '../runtime/ban-list';

const MINUTE = 60_000;

/**
 * Counts a request of a user.
 *
 * @throws ProblemError if the user has sent the maximum number of requests in this minute.
 */
export async function limitRate(
  kind: 'TOKEN' | 'REPORT', userId: string, maximum: number, { configuration, database, now }: ChatApiEffects,
): Promise<void> {
  const minute = Math.floor(now() / MINUTE);
  const end = (minute + 1) * MINUTE;
  try {
    await database.updateItem({
      TableName: configuration.table,
      Key: key(`RATE#${userId}`, `${kind}#${minute}`),
      UpdateExpression: 'SET expiresAt = :expiresAt ADD requests :one',
      ConditionExpression: 'attribute_not_exists(requests) OR requests < :maximum',
      ExpressionAttributeValues: { ':one': 1, ':maximum': maximum, ':expiresAt': expiring(end + MINUTE).expiresAt },
    });
  } catch (error) {
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
    throw new ProblemError('too-many-requests', { retryAfterInSeconds: Math.ceil((end - now()) / 1000) });
  }
}
