export { ChatProvider } from './chat-provider';
export type { ChatProviderProps } from './chat-provider';
export { useChatSession } from './use-chat-session';
export type { UseChatSessionOptions } from './use-chat-session';
export { useChat } from './use-chat';
export type { Chat } from './use-chat';
export { useChatEvent } from './use-chat-event';
