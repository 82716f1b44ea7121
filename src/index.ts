export { BanList } from './ban-list';
export type { BanListProps, IBanList } from './ban-list';
export { ChatApi } from './chat-api';
export type { ChatApiProps, ChatClaims, ChatPolicy } from './chat-api';
export { ChatCapability } from './chat-capability';
export { ChatOperation } from './chat-operation';
export { ChatRole } from './chat-role';
export type { ChatRoleOptions } from './chat-role';
export { ChatRoom } from './chat-room';
export type { ChatRoomAttributes, ChatRoomProps, IChatRoom } from './chat-room';
export { ChatRoomGrants } from './chat-room-grants';
export { ChatRoomProvider } from './chat-room-provider';
export type { ChatRoomProviderOptions } from './chat-room-provider-options';
export { LoggingConfiguration } from './logging-configuration';
export type {
  ILoggingConfiguration, LoggingConfigurationAttributes, LoggingConfigurationProps,
} from './logging-configuration';
export { LoggingConfigurationGrants } from './logging-configuration-grants';
export { LoggingDestination } from './logging-destination';
export type { LoggingDestinationConfig, LoggingDestinationOptions } from './logging-destination';
export { FallbackResult, MessageReviewHandler } from './message-review-handler';
export type { LambdaMessageReviewHandlerOptions, MessageReviewHandlerConfig } from './message-review-handler';
export { MessagingAction } from './messaging-action';
export { Provisioning } from './provisioning';
