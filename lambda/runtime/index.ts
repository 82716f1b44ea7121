export { createChatToken } from './create-chat-token';
export type { ChatToken } from './create-chat-token';
export { deleteMessage } from './delete-message';
export { disconnectUser } from './disconnect-user';
export { sendEvent } from './send-event';
export type { RunTimeOptions } from './client-for';
export {
  AccessDeniedException, AmbiguousOutcomeError, ConflictException, InternalServerException, IvschatServiceException,
  PendingVerification, ResourceNotFoundException, ResponseTooLargeError, ServiceQuotaExceededException,
  ThrottlingException, TimeoutError, ValidationException,
} from '../client';
