/**
 * The inputs and outputs of the 17 operations. The limits are those of the service. The client checks them before it
 * sends a request.
 */
import type {
  ChatTokenCapability, CreateLoggingConfigurationState, FallbackResult, LoggingConfigurationState, UpdateLoggingConfigurationState,
} from './enums';

export interface CreateChatTokenRequest {
  /** The ARN of the room. */
  roomIdentifier: string | undefined;
  /** 1 to 128 characters, chosen by the application. Several tokens can have the same user id. */
  userId: string | undefined;
  /** @default - no capabilities: the user can only read */
  capabilities?: ChatTokenCapability[] | undefined;
  /** The duration of the connection, 1 to 180 minutes. @default 60 */
  sessionDurationInMinutes?: number | undefined;
  /** Attached to every message of the user and visible to all users of the room. At most 1 KB in total. */
  attributes?: Record<string, string> | undefined;
}
export interface CreateChatTokenResponse {
  /** Opens one connection. Keep it secret. */
  token?: string | undefined;
  /** The time until which the token can open a connection. */
  tokenExpirationTime?: Date | undefined;
  /** The time at which that connection ends. */
  sessionExpirationTime?: Date | undefined;
}

export interface ValidationExceptionField {
  /** The name of the field that is not valid. */
  name: string | undefined;
  /** The reason. */
  message: string | undefined;
}

export interface CloudWatchLogsDestinationConfiguration {
  logGroupName: string | undefined;
}
export interface FirehoseDestinationConfiguration {
  deliveryStreamName: string | undefined;
}
export interface S3DestinationConfiguration {
  bucketName: string | undefined;
}
/** The destination of the logs: exactly one of `s3`, `cloudWatchLogs` and `firehose`. */
export type DestinationConfiguration =
  | DestinationConfiguration.CloudWatchLogsMember
  | DestinationConfiguration.FirehoseMember
  | DestinationConfiguration.S3Member
  | DestinationConfiguration.$UnknownMember;
export declare namespace DestinationConfiguration {
  interface S3Member {
    s3: S3DestinationConfiguration;
    cloudWatchLogs?: never;
    firehose?: never;
    $unknown?: never;
  }
  interface CloudWatchLogsMember {
    s3?: never;
    cloudWatchLogs: CloudWatchLogsDestinationConfiguration;
    firehose?: never;
    $unknown?: never;
  }
  interface FirehoseMember {
    s3?: never;
    cloudWatchLogs?: never;
    firehose: FirehoseDestinationConfiguration;
    $unknown?: never;
  }
  /** A destination that this version does not know: its name and its value. */
  interface $UnknownMember {
    s3?: never;
    cloudWatchLogs?: never;
    firehose?: never;
    $unknown: [string, any];
  }
}

export interface CreateLoggingConfigurationRequest {
  /** At most 128 letters, digits, hyphens and underscores. Several resources can have the same name. */
  name?: string | undefined;
  destinationConfiguration: DestinationConfiguration | undefined;
  /** At most 50. */
  tags?: Record<string, string> | undefined;
}
interface LoggingConfigurationMembers<State> {
  arn?: string | undefined;
  id?: string | undefined;
  createTime?: Date | undefined;
  updateTime?: Date | undefined;
  name?: string | undefined;
  destinationConfiguration?: DestinationConfiguration | undefined;
  /** Messages are logged while the state is ACTIVE. */
  state?: State | undefined;
  tags?: Record<string, string> | undefined;
}
export interface CreateLoggingConfigurationResponse extends LoggingConfigurationMembers<CreateLoggingConfigurationState> {}

/** The Lambda function that reviews each message before it is delivered. */
export interface MessageReviewHandler {
  /** The ARN of the function, in the account and Region of the room. An empty string removes the handler. */
  uri?: string | undefined;
  /** @default ALLOW */
  fallbackResult?: FallbackResult | undefined;
}

interface RoomSettings {
  /** At most 128 letters, digits, hyphens and underscores. Several resources can have the same name. */
  name?: string | undefined;
  /** The maximum number of messages per second in the room, 1 to 100. @default 10 */
  maximumMessageRatePerSecond?: number | undefined;
  /** The maximum length of a message, 1 to 500 Unicode code points. @default 500 */
  maximumMessageLength?: number | undefined;
  messageReviewHandler?: MessageReviewHandler | undefined;
  /** The ARNs of at most 3 logging configurations. */
  loggingConfigurationIdentifiers?: string[] | undefined;
}
interface RoomMembers extends RoomSettings {
  arn?: string | undefined;
  id?: string | undefined;
  createTime?: Date | undefined;
  updateTime?: Date | undefined;
  tags?: Record<string, string> | undefined;
}
export interface CreateRoomRequest extends RoomSettings {
  /** At most 50. */
  tags?: Record<string, string> | undefined;
}
export interface CreateRoomResponse extends RoomMembers {}

export interface DeleteLoggingConfigurationRequest {
  /** The ARN of the logging configuration. */
  identifier: string | undefined;
}

export interface DeleteMessageRequest {
  /** The ARN of the room. */
  roomIdentifier: string | undefined;
  /** The id of the message: 12 letters and digits. */
  id: string | undefined;
  /** 1 to 256 characters. Clients receive the reason. */
  reason?: string | undefined;
}
export interface DeleteMessageResponse {
  /** The id of the event that the clients receive. */
  id?: string | undefined;
}

export interface DeleteRoomRequest {
  /** The ARN of the room. */
  identifier: string | undefined;
}

export interface DisconnectUserRequest {
  /** The ARN of the room. */
  roomIdentifier: string | undefined;
  /** The id of the user. All connections of the user are closed. */
  userId: string | undefined;
  /** 1 to 256 characters. */
  reason?: string | undefined;
}
export interface DisconnectUserResponse {}

export interface GetLoggingConfigurationRequest {
  /** The ARN of the logging configuration. */
  identifier: string | undefined;
}
export interface GetLoggingConfigurationResponse extends LoggingConfigurationMembers<LoggingConfigurationState> {}

export interface GetRoomRequest {
  /** The ARN of the room. */
  identifier: string | undefined;
}
export interface GetRoomResponse extends RoomMembers {}

export interface ListLoggingConfigurationsRequest {
  /** The token of the previous response. */
  nextToken?: string | undefined;
  /** The maximum number of results, 1 to 50. @default 50 */
  maxResults?: number | undefined;
}
export interface LoggingConfigurationSummary extends LoggingConfigurationMembers<LoggingConfigurationState> {}
export interface ListLoggingConfigurationsResponse {
  loggingConfigurations: LoggingConfigurationSummary[] | undefined;
  /** Not set on the last page. */
  nextToken?: string | undefined;
}

export interface ListRoomsRequest {
  /** Lists only rooms with this name. */
  name?: string | undefined;
  /** The token of the previous response. */
  nextToken?: string | undefined;
  /** The maximum number of results, 1 to 50. @default 50 */
  maxResults?: number | undefined;
  /** Lists only rooms with this review handler. */
  messageReviewHandlerUri?: string | undefined;
  /** Lists only rooms with this logging configuration. */
  loggingConfigurationIdentifier?: string | undefined;
}
export interface RoomSummary {
  arn?: string | undefined;
  id?: string | undefined;
  name?: string | undefined;
  messageReviewHandler?: MessageReviewHandler | undefined;
  createTime?: Date | undefined;
  updateTime?: Date | undefined;
  tags?: Record<string, string> | undefined;
  loggingConfigurationIdentifiers?: string[] | undefined;
}
export interface ListRoomsResponse {
  /** The most recently updated room is the first. */
  rooms: RoomSummary[] | undefined;
  /** Not set on the last page. */
  nextToken?: string | undefined;
}

export interface ListTagsForResourceRequest {
  /** The ARN of a room or of a logging configuration. */
  resourceArn: string | undefined;
}
export interface ListTagsForResourceResponse {
  tags: Record<string, string> | undefined;
}

export interface SendEventRequest {
  /** The ARN of the room. */
  roomIdentifier: string | undefined;
  /** 1 to 100 characters. */
  eventName: string | undefined;
  /** At most 1 KB in total. */
  attributes?: Record<string, string> | undefined;
}
export interface SendEventResponse {
  /** The id of the event. */
  id?: string | undefined;
}

export interface TagResourceRequest {
  /** The ARN of a room or of a logging configuration. */
  resourceArn: string | undefined;
  /** The tags to add, or to change if the key exists. At most 50. */
  tags: Record<string, string> | undefined;
}
export interface TagResourceResponse {}

export interface UntagResourceRequest {
  /** The ARN of a room or of a logging configuration. */
  resourceArn: string | undefined;
  tagKeys: string[] | undefined;
}
export interface UntagResourceResponse {}

export interface UpdateLoggingConfigurationRequest {
  /** The ARN of the logging configuration. */
  identifier: string | undefined;
  /** @default - not changed */
  name?: string | undefined;
  /** @default - not changed */
  destinationConfiguration?: DestinationConfiguration | undefined;
}
export interface UpdateLoggingConfigurationResponse extends LoggingConfigurationMembers<UpdateLoggingConfigurationState> {}

/**
 * Members that are not set stay unchanged. `messageReviewHandler: { uri: '' }` removes the handler;
 * `loggingConfigurationIdentifiers: []` ends logging.
 */
export interface UpdateRoomRequest extends RoomSettings {
  /** The ARN of the room. */
  identifier: string | undefined;
}
export interface UpdateRoomResponse extends RoomMembers {}
