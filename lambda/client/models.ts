/** What the 17 operations take and give. Limits are those of the service; the client checks them before it sends anything. */
import type {
  ChatTokenCapability, CreateLoggingConfigurationState, FallbackResult, LoggingConfigurationState, UpdateLoggingConfigurationState,
} from './enums';

export interface CreateChatTokenRequest {
  /** The room's ARN. */
  roomIdentifier: string | undefined;
  /** 1 to 128 characters, chosen by the application; several tokens may share one. */
  userId: string | undefined;
  /** @default - none: the user may only read */
  capabilities?: ChatTokenCapability[] | undefined;
  /** How long a connection made with the token lasts, 1 to 180 minutes. @default 60 */
  sessionDurationInMinutes?: number | undefined;
  /** Attached to every message of the user, visible to everybody in the room; at most 1 KB in all. */
  attributes?: Record<string, string> | undefined;
}
export interface CreateChatTokenResponse {
  /** Opens one connection. A secret. */
  token?: string | undefined;
  /** Until when the token opens a connection. */
  tokenExpirationTime?: Date | undefined;
  /** Until when that connection lasts. */
  sessionExpirationTime?: Date | undefined;
}

export interface ValidationExceptionField {
  /** The field that was refused. */
  name: string | undefined;
  /** Why. */
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
/** Where chat is logged: exactly one of `s3`, `cloudWatchLogs` and `firehose`. */
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
  /** A destination that a newer service answered with: its name and its value. */
  interface $UnknownMember {
    s3?: never;
    cloudWatchLogs?: never;
    firehose?: never;
    $unknown: [string, any];
  }
}

export interface CreateLoggingConfigurationRequest {
  /** At most 128 letters, digits, - and _; need not be unique. */
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
  /** Messages are logged while it is ACTIVE. */
  state?: State | undefined;
  tags?: Record<string, string> | undefined;
}
export interface CreateLoggingConfigurationResponse extends LoggingConfigurationMembers<CreateLoggingConfigurationState> {}

/** The Lambda function that sees each message before it is delivered. */
export interface MessageReviewHandler {
  /** The function's ARN, in the room's account and Region; empty for no review. */
  uri?: string | undefined;
  /** @default ALLOW */
  fallbackResult?: FallbackResult | undefined;
}

interface RoomSettings {
  /** At most 128 letters, digits, - and _; need not be unique. */
  name?: string | undefined;
  /** Of the whole room, 1 to 100 messages. @default 10 */
  maximumMessageRatePerSecond?: number | undefined;
  /** 1 to 500 Unicode characters. @default 500 */
  maximumMessageLength?: number | undefined;
  messageReviewHandler?: MessageReviewHandler | undefined;
  /** ARNs of at most 3 logging configurations. */
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
  /** The logging configuration's ARN. */
  identifier: string | undefined;
}

export interface DeleteMessageRequest {
  /** The room's ARN. */
  roomIdentifier: string | undefined;
  /** The message's id: 12 letters and digits. */
  id: string | undefined;
  /** 1 to 256 characters, shown to the clients. */
  reason?: string | undefined;
}
export interface DeleteMessageResponse {
  /** The id of the event that tells the clients. */
  id?: string | undefined;
}

export interface DeleteRoomRequest {
  /** The room's ARN. */
  identifier: string | undefined;
}

export interface DisconnectUserRequest {
  /** The room's ARN. */
  roomIdentifier: string | undefined;
  /** All connections of this user are closed. */
  userId: string | undefined;
  /** 1 to 256 characters. */
  reason?: string | undefined;
}
export interface DisconnectUserResponse {}

export interface GetLoggingConfigurationRequest {
  /** The logging configuration's ARN. */
  identifier: string | undefined;
}
export interface GetLoggingConfigurationResponse extends LoggingConfigurationMembers<LoggingConfigurationState> {}

export interface GetRoomRequest {
  /** The room's ARN. */
  identifier: string | undefined;
}
export interface GetRoomResponse extends RoomMembers {}

export interface ListLoggingConfigurationsRequest {
  /** From the answer before. */
  nextToken?: string | undefined;
  /** 1 to 50. @default 50 */
  maxResults?: number | undefined;
}
export interface LoggingConfigurationSummary extends LoggingConfigurationMembers<LoggingConfigurationState> {}
export interface ListLoggingConfigurationsResponse {
  loggingConfigurations: LoggingConfigurationSummary[] | undefined;
  /** Absent on the last page. */
  nextToken?: string | undefined;
}

export interface ListRoomsRequest {
  /** Only rooms of this name. */
  name?: string | undefined;
  /** From the answer before. */
  nextToken?: string | undefined;
  /** 1 to 50. @default 50 */
  maxResults?: number | undefined;
  /** Only rooms with this review handler. */
  messageReviewHandlerUri?: string | undefined;
  /** Only rooms with this logging configuration. */
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
  /** The one updated last comes first. */
  rooms: RoomSummary[] | undefined;
  /** Absent on the last page. */
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
  /** The room's ARN. */
  roomIdentifier: string | undefined;
  /** 1 to 100 characters. */
  eventName: string | undefined;
  /** At most 1 KB in all. */
  attributes?: Record<string, string> | undefined;
}
export interface SendEventResponse {
  /** The event's id. */
  id?: string | undefined;
}

export interface TagResourceRequest {
  /** The ARN of a room or of a logging configuration. */
  resourceArn: string | undefined;
  /** Added, or changed where the key is there; at most 50. */
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
  /** The logging configuration's ARN. */
  identifier: string | undefined;
  /** @default - unchanged */
  name?: string | undefined;
  /** @default - unchanged */
  destinationConfiguration?: DestinationConfiguration | undefined;
}
export interface UpdateLoggingConfigurationResponse extends LoggingConfigurationMembers<UpdateLoggingConfigurationState> {}

/** What is left out stays as it is; `messageReviewHandler: { uri: '' }` removes the handler, `loggingConfigurationIdentifiers: []` all logging. */
export interface UpdateRoomRequest extends RoomSettings {
  /** The room's ARN. */
  identifier: string | undefined;
}
export interface UpdateRoomResponse extends RoomMembers {}
