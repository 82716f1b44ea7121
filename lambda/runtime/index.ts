export { createChatToken } from './create-chat-token';
export type { ChatToken, CreateChatTokenOptions } from './create-chat-token';
export { deleteMessage } from './delete-message';
export { disconnectUser } from './disconnect-user';
export { allow, deny, reviewMessage } from './review-message';
export type { MessageReviewAnswer, MessageReviewEvent, Review, ReviewMessageOptions } from './review-message';
export { sendEvent } from './send-event';
export { banUser, isBanned, listBans, unbanUser } from './bans';
export { isMuted, muteUser, unmuteUser } from './mutes';
export { blockUser, listBlockedUsers, unblockUser } from './blocked-users';
export type { BlockedUser, BlockedUsers, BlockUserRequest } from './blocked-users';
export {
  appealDecision, listDecisions, listReports, reportMessage, ReportNotFoundError, ReportStatusError, reportUser,
  resolveReport,
} from './reports';
export type {
  AppealDecisionRequest, DecisionRecord, Report, ReportMessageRequest, ReportReceipt, ReportStatus, ReportUserRequest,
  ResolveReportRequest,
} from './reports';
export type { Restriction, Restrictions, RestrictUserRequest, UserInRoom, UserInRooms } from './restrictions';
export type { BanListDatabase, BanListOptions, ListRequest } from './ban-list';
export type { RunTimeOptions } from './client-for';
export {
  AccessDeniedException, AmbiguousOutcomeError, ConflictException, InternalServerException, IvschatServiceException,
  PendingVerification, ResourceNotFoundException, ResponseTooLargeError, ServiceQuotaExceededException,
  ThrottlingException, TimeoutError, ValidationException,
} from '../client';
