export { createChatSession } from './create-chat-session';
export { ChatApiError, createChatApiClient } from './create-chat-api-client';
export type { ChatApiClient, ChatApiClientOptions, RestrictionOptions } from './create-chat-api-client';
export { ChatError, ChatRefused } from './chat-error';
export type { ChatErrorCode } from './chat-error';
export type {
  ChatAttributes, ChatClock, ChatConnectionStatus, ChatEvent, ChatGap, ChatHistoryMessage, ChatMessage, ChatPermissions,
  ChatSender, ChatSession, ChatSessionEvents, ChatSessionOptions, ChatSnapshot, ChatStatus, ChatToken,
  ChatTokenFunction, ChatTokenRequest, SendOptions,
} from './chat-session';
