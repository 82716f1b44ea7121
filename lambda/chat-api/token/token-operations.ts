import { randomUUID } from 'node:crypto';
import { sessionFor } from './session-for';
import type { OperationHandlers } from '../chat-api-handler';
import type { ChatApiEffects } from '../chat-api-effects';
import { invalidField } from '../problem-error';
import { roomOf } from '../rooms';
import { userKey } from '../../runtime/ban-list';
import { createChatToken } from '../../runtime/create-chat-token';
import { REPORT_CATEGORIES } from '../../../src/contract/chat-api/report-categories';

/** The operations of the token function. */
export function tokenOperations(effects: ChatApiEffects): OperationHandlers<'token'> {
  const { configuration, database, now } = effects;
  const { table, requiredTerms, policy, sessionDurationInMinutes } = configuration;

  return {
    async CreateChatToken({ room }, user) {
      const { key, arn } = roomOf(configuration, room);
      return { ...await sessionFor(user, arn, effects), room: key };
    },

    async CreateGuestChatToken({ room }) {
      const { key, arn } = roomOf(configuration, room);
      const userId = `guest-${randomUUID()}`;
      const request = { roomIdentifier: arn, userId, sessionDurationInMinutes, attributes: { role: 'guest' } };
      const chatToken = await createChatToken(request, effects);
      return { ...chatToken, userId, role: 'guest', capabilities: [], room: key };
    },

    async GetPolicy() {
      return { ...policy, requiredTerms, categories: REPORT_CATEGORIES };
    },

    async AcceptTerms({ version }, { id }) {
      if (version !== requiredTerms) throw invalidField('version', 'must be the `requiredTerms` of the policy');
      const acceptanceTime = new Date(now()).toISOString();
      await database.putItem({ TableName: table, Item: { ...userKey(id, 'TERMS'), version, acceptanceTime } });
    },
  };
}
