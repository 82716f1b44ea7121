export { IvschatClient } from './ivschat-client';
export { Ivschat } from './ivschat';
export { paginateListLoggingConfigurations, paginateListRooms, type IvschatPaginationConfiguration } from './paginators';
export type { IvschatClientConfig, IvschatClientResolvedConfig } from './config';
export {
  AccessDeniedException, AmbiguousOutcomeError, ConflictException, InternalServerException, IvschatServiceException, PendingVerification,
  ResourceNotFoundException, ResponseTooLargeError, ServiceQuotaExceededException, ThrottlingException, TimeoutError, ValidationException,
} from './exceptions';
export {
  ChatTokenCapability, CreateLoggingConfigurationState, FallbackResult, LoggingConfigurationState, ResourceType,
  UpdateLoggingConfigurationState, ValidationExceptionReason,
} from './enums';
export {
  Command, CreateChatTokenCommand, CreateLoggingConfigurationCommand, CreateRoomCommand, DeleteLoggingConfigurationCommand,
  DeleteMessageCommand, DeleteRoomCommand, DisconnectUserCommand, GetLoggingConfigurationCommand, GetRoomCommand,
  ListLoggingConfigurationsCommand, ListRoomsCommand, ListTagsForResourceCommand, SendEventCommand, TagResourceCommand,
  UntagResourceCommand, UpdateLoggingConfigurationCommand, UpdateRoomCommand,
} from './commands';
export type {
  CreateChatTokenCommandInput, CreateChatTokenCommandOutput, CreateLoggingConfigurationCommandInput,
  CreateLoggingConfigurationCommandOutput, CreateRoomCommandInput, CreateRoomCommandOutput,
  DeleteLoggingConfigurationCommandInput, DeleteLoggingConfigurationCommandOutput, DeleteMessageCommandInput,
  DeleteMessageCommandOutput, DeleteRoomCommandInput, DeleteRoomCommandOutput, DisconnectUserCommandInput,
  DisconnectUserCommandOutput, GetLoggingConfigurationCommandInput, GetLoggingConfigurationCommandOutput, GetRoomCommandInput,
  GetRoomCommandOutput, ListLoggingConfigurationsCommandInput, ListLoggingConfigurationsCommandOutput, ListRoomsCommandInput,
  ListRoomsCommandOutput, ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput, SendEventCommandInput,
  SendEventCommandOutput, TagResourceCommandInput, TagResourceCommandOutput, UntagResourceCommandInput,
  UntagResourceCommandOutput, UpdateLoggingConfigurationCommandInput, UpdateLoggingConfigurationCommandOutput,
  UpdateRoomCommandInput, UpdateRoomCommandOutput,
} from './commands';
export type {
  CloudWatchLogsDestinationConfiguration, CreateChatTokenRequest, CreateChatTokenResponse, CreateLoggingConfigurationRequest,
  CreateLoggingConfigurationResponse, CreateRoomRequest, CreateRoomResponse, DeleteLoggingConfigurationRequest,
  DeleteMessageRequest, DeleteMessageResponse, DeleteRoomRequest, DestinationConfiguration, DisconnectUserRequest,
  DisconnectUserResponse, FirehoseDestinationConfiguration, GetLoggingConfigurationRequest, GetLoggingConfigurationResponse,
  GetRoomRequest, GetRoomResponse, ListLoggingConfigurationsRequest, ListLoggingConfigurationsResponse, ListRoomsRequest,
  ListRoomsResponse, ListTagsForResourceRequest, ListTagsForResourceResponse, LoggingConfigurationSummary, MessageReviewHandler,
  RoomSummary, S3DestinationConfiguration, SendEventRequest, SendEventResponse, TagResourceRequest, TagResourceResponse,
  UntagResourceRequest, UntagResourceResponse, UpdateLoggingConfigurationRequest, UpdateLoggingConfigurationResponse,
  UpdateRoomRequest, UpdateRoomResponse, ValidationExceptionField,
} from './models';
export type {
  Provider, AwsCredentialIdentity, AwsCredentialIdentityProvider, ResponseMetadata, MetadataBearer, Logger, HttpRequest,
  HttpResponse, LegacyAbortSignal, HttpHandlerOptions, HttpHandler, RetryErrorInfo, RetryErrorType, RetryToken, RetryStrategy, Clock,
} from './types';
