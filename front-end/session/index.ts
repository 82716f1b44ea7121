export { createChatSession } from './create-chat-session';
export { ChatError, ChatRefused } from './chat-error';
export type { ChatErrorCode } from './chat-error';
export type {
  ChatAttributes, ChatClock, ChatConnectionStatus, ChatEvent, ChatGap, ChatHistoryMessage, ChatMessage, ChatPermissions,
  ChatSender, ChatSession, ChatSessionEvents, ChatSessionOptions, ChatSnapshot, ChatStatus, ChatToken,
  ChatTokenFunction, ChatTokenRequest, SendOptions,
} from './chat-session';
