import { scheduleDisconnect } from './second-disconnect';
import type { ChatApiOperationHandler, OperationHandlers, OperationInput } from '../chat-api-handler';
import type { ChatApiEffects } from '../chat-api-effects';
import { invalidField } from '../problem-error';
import { limitRate } from '../rate';
import { refuseBanned } from '../refuse-banned';
import { roomKeys, roomOf, roomsOf } from '../rooms';
import type { User } from '../user';
import { itemsOfUser } from '../../runtime/ban-list';
import { banUser, listBans, unbanUser } from '../../runtime/bans';
import { blockUser, listBlockedUsers, unblockUser } from '../../runtime/blocked-users';
import { deleteMessage } from '../../runtime/delete-message';
import { disconnectUser } from '../../runtime/disconnect-user';
import { muteUser, unmuteUser } from '../../runtime/mutes';
import {
  appealDecision, listDecisions, listReports, reportMessage, reportUser, resolveReport, type ReportMessageRequest,
  type ResolveReportRequest,
} from '../../runtime/reports';
import type { RestrictUserRequest } from '../../runtime/restrictions';
import { sendEvent } from '../../runtime/send-event';

/** The maximum number of reports by one user in a minute. */
const REPORTS_PER_MINUTE = 10;

/** The operations of the moderation function. */
export function moderationOperations(effects: ChatApiEffects): OperationHandlers<'moderation'> {
  const { configuration } = effects;
  const { table: banList } = configuration;
  const keyOfRoom = roomKeys(configuration);

  /** Returns the rooms and the table of a request about a user. */
  const target = ({ userId, room }: OperationInput) =>
    ({ banList, userId, roomIdentifiers: roomsOf(configuration, room), allRooms: room === undefined });

  /** Bans or mutes a user. The second disconnect is also scheduled if the first one fails. */
  const restrict = (apply: typeof banUser) => async (input: OperationInput, user: User) => {
    refuseSelf(input.userId, user);
    const { durationInMinutes, reason } = input;
    const request: RestrictUserRequest = { ...target(input), durationInMinutes, reason, moderatorId: user.id };
    try {
      await apply(request, effects);
    } finally {
      await scheduleDisconnect(request.userId, request.roomIdentifiers, effects);
    }
  };

  /** Ends bans or mutes. A muted moderator cannot end their own mute. */
  const unrestrict = (end: typeof unbanUser) => async (input: OperationInput, user: User) => {
    refuseSelf(input.userId, user);
    await end(target(input), effects);
  };

  /** Reports a message or a user. */
  const report = (send: typeof reportMessage) => async (input: OperationInput, user: User) => {
    refuseSelf(input.userId, user);
    const { room, ...rest } = input;
    const roomIdentifier = room === undefined ? undefined : roomOf(configuration, room).arn;
    await limitRate('REPORT', user.id, REPORTS_PER_MINUTE, effects);
    return send({ ...rest as ReportMessageRequest, banList, reporterId: user.id, roomIdentifier }, effects);
  };

  const forUnbannedUsers = {
    async SendEvent({ room, eventName, attributes }) {
      const { arn: roomIdentifier } = roomOf(configuration, room);
      return { id: await sendEvent({ roomIdentifier, eventName, attributes }, effects) };
    },

    async DeleteMessage({ room, messageId, reason }) {
      const { arn: roomIdentifier } = roomOf(configuration, room);
      return { id: await deleteMessage({ roomIdentifier, id: messageId, reason }, effects) };
    },

    async DisconnectUser({ room, userId, reason }) {
      const { arn: roomIdentifier } = roomOf(configuration, room);
      await disconnectUser({ roomIdentifier, userId, reason }, effects);
    },

    BanUser: restrict(banUser),
    MuteUser: restrict(muteUser),

    UnbanUser: unrestrict(unbanUser),
    UnmuteUser: unrestrict(unmuteUser),

    async ListBans({ maxResults, nextToken }) {
      const page = await listBans({ banList, maxResults, nextToken }, effects);
      const bans = page.restrictions.map(({ roomIdentifier, ...ban }) =>
        ({ ...ban, room: keyOfRoom(roomIdentifier) }));
      return { bans, nextToken: page.nextToken };
    },

    ReportMessage: report(reportMessage),
    ReportUser: report(reportUser),

    async ListReports(input) {
      const page = await listReports({ ...input, banList }, effects);
      const reports = page.reports.map(({ roomIdentifier, ...rest }) =>
        ({ ...rest, room: keyOfRoom(roomIdentifier) }));
      return { reports, nextToken: page.nextToken };
    },

    async ResolveReport(input, user) {
      await resolveReport({ ...input as ResolveReportRequest, banList, moderatorId: user.id }, effects);
    },
  } satisfies Partial<OperationHandlers<'moderation'>>;

  /** A banned user can manage the own list of blocked users, read decisions and appeal against them. */
  const forAllUsers = {
    async BlockUser({ userId }, user) {
      refuseSelf(userId, user);
      await blockUser({ banList, userId: user.id, blockedUserId: userId }, effects);
    },

    async UnblockUser({ userId }, user) {
      await unblockUser({ banList, userId: user.id, blockedUserId: userId }, effects);
    },

    ListBlockedUsers: (page, user) => listBlockedUsers({ ...page, banList, userId: user.id }, effects),

    ListDecisions: (page, user) => listDecisions({ ...page, banList, userId: user.id }, effects),

    async AppealDecision({ reportId, comment }, user) {
      await appealDecision({ banList, reportId, userId: user.id, comment }, effects);
    },
  } satisfies Partial<OperationHandlers<'moderation'>>;

  /** Refuses users who are banned from the room of the request, or without a room, from any room of the API. */
  const refusingBanned = (handle: ChatApiOperationHandler): ChatApiOperationHandler => async (input, user) => {
    refuseBanned(roomsOf(configuration, input.room), await itemsOfUser(banList, user.id, 'BAN#', effects));
    return handle(input, user);
  };
  const checked = Object.entries<ChatApiOperationHandler>(forUnbannedUsers)
    .map(([name, handle]) => [name, refusingBanned(handle)]);
  return { ...Object.fromEntries(checked) as typeof forUnbannedUsers, ...forAllUsers };
}

function refuseSelf(userId: string, user: User): void {
  if (userId === user.id) throw invalidField('userId', 'must be the ID of another user');
}
