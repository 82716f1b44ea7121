/**
 * Every constraint of the service model, once, in its own words.
 *
 * Two deviations from the published model, both on purpose: its `ResourceArn` pattern lacks a `+` and matches no real
 * ARN, and the limits that it gives in prose only (1 KB of attributes) are data here.
 */
import type { IntegerShape, ListShape, MapShape, StringShape, StructureShape, TimestampShape } from './shape';

const NAME = { pattern: /^[a-zA-Z0-9-_]*$/, patternDescription: 'letters, digits, - and _' };

export const RoomName: StringShape = { type: 'string', name: 'RoomName', minimumLength: 0, maximumLength: 128, ...NAME };
export const LoggingConfigurationName: StringShape = { ...RoomName, name: 'LoggingConfigurationName' };

export const RoomArn: StringShape = {
  type: 'string',
  name: 'RoomArn',
  minimumLength: 1,
  maximumLength: 128,
  pattern: /^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:room\/[a-zA-Z0-9-]+$/,
  patternDescription: 'a room ARN, arn:aws:ivschat:REGION:ACCOUNT:room/ID',
};
export const RoomIdentifier: StringShape = { ...RoomArn, name: 'RoomIdentifier' };
export const LoggingConfigurationArn: StringShape = {
  type: 'string',
  name: 'LoggingConfigurationArn',
  minimumLength: 1,
  maximumLength: 128,
  pattern: /^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:logging-configuration\/[a-zA-Z0-9-]+$/,
  patternDescription: 'a logging configuration ARN, arn:aws:ivschat:REGION:ACCOUNT:logging-configuration/ID',
};
export const LoggingConfigurationIdentifier: StringShape = { ...LoggingConfigurationArn, name: 'LoggingConfigurationIdentifier' };
export const ResourceArn: StringShape = {
  type: 'string',
  name: 'ResourceArn',
  minimumLength: 1,
  maximumLength: 128,
  pattern: /^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:(room|logging-configuration)\/[a-zA-Z0-9-]+$/,
  patternDescription: 'the ARN of a room or of a logging configuration',
};

const TWELVE = { minimumLength: 12, maximumLength: 12, pattern: /^[a-zA-Z0-9]+$/, patternDescription: 'letters and digits' };
export const RoomID: StringShape = { type: 'string', name: 'RoomID', ...TWELVE };
export const LoggingConfigurationID: StringShape = { type: 'string', name: 'LoggingConfigurationID', ...TWELVE };
export const MessageID: StringShape = { type: 'string', name: 'MessageID', ...TWELVE };
export const ID: StringShape = { type: 'string', name: 'ID', ...TWELVE };

export const RoomMaxMessageLength: IntegerShape = { type: 'integer', name: 'RoomMaxMessageLength', minimum: 1, maximum: 500 };
export const RoomMaxMessageRatePerSecond: IntegerShape = { type: 'integer', name: 'RoomMaxMessageRatePerSecond', minimum: 1, maximum: 100 };

export const TagKey: StringShape = { type: 'string', name: 'TagKey', minimumLength: 1, maximumLength: 128 };
export const TagValue: StringShape = { type: 'string', name: 'TagValue', minimumLength: 0, maximumLength: 256 };
export const Tags: MapShape = { type: 'map', name: 'Tags', key: TagKey, value: TagValue, maximumLength: 50 };
export const TagKeyList: ListShape = { type: 'list', name: 'TagKeyList', member: TagKey, minimumLength: 0, maximumLength: 50 };

export const LambdaArn: StringShape = {
  type: 'string',
  name: 'LambdaArn',
  minimumLength: 0,
  maximumLength: 170,
  pattern: /^$|^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:.+/,
  patternDescription: 'the ARN of a Lambda function, or empty for none',
};
export const FallbackResult: StringShape = { type: 'string', name: 'FallbackResult', values: ['ALLOW', 'DENY'] };
export const MessageReviewHandler: StructureShape = {
  type: 'structure',
  name: 'MessageReviewHandler',
  members: { uri: LambdaArn, fallbackResult: FallbackResult },
};
export const LoggingConfigurationIdentifierList: ListShape = {
  type: 'list',
  name: 'LoggingConfigurationIdentifierList',
  member: LoggingConfigurationIdentifier,
  minimumLength: 0,
  maximumLength: 3,
};

export const BucketName: StringShape = {
  type: 'string',
  name: 'BucketName',
  minimumLength: 3,
  maximumLength: 63,
  pattern: /^[a-z0-9-.]+$/,
  patternDescription: 'lower-case letters, digits, - and .',
};
export const LogGroupName: StringShape = {
  type: 'string',
  name: 'LogGroupName',
  minimumLength: 1,
  maximumLength: 512,
  pattern: /^[.\-_/#A-Za-z0-9]+$/,
  patternDescription: 'letters, digits and . - _ / #',
};
export const DeliveryStreamName: StringShape = {
  type: 'string',
  name: 'DeliveryStreamName',
  minimumLength: 1,
  maximumLength: 64,
  pattern: /^[a-zA-Z0-9_.-]+$/,
  patternDescription: 'letters, digits and _ . -',
};
export const S3DestinationConfiguration: StructureShape = {
  type: 'structure', name: 'S3DestinationConfiguration', members: { bucketName: BucketName }, required: ['bucketName'],
};
export const CloudWatchLogsDestinationConfiguration: StructureShape = {
  type: 'structure', name: 'CloudWatchLogsDestinationConfiguration', members: { logGroupName: LogGroupName }, required: ['logGroupName'],
};
export const FirehoseDestinationConfiguration: StructureShape = {
  type: 'structure', name: 'FirehoseDestinationConfiguration', members: { deliveryStreamName: DeliveryStreamName }, required: ['deliveryStreamName'],
};
export const DestinationConfiguration: StructureShape = {
  type: 'structure',
  name: 'DestinationConfiguration',
  members: {
    s3: S3DestinationConfiguration,
    cloudWatchLogs: CloudWatchLogsDestinationConfiguration,
    firehose: FirehoseDestinationConfiguration,
  },
  union: true,
};
export const CreateLoggingConfigurationState: StringShape = { type: 'string', name: 'CreateLoggingConfigurationState', values: ['ACTIVE'] };
export const UpdateLoggingConfigurationState: StringShape = { type: 'string', name: 'UpdateLoggingConfigurationState', values: ['ACTIVE'] };
export const LoggingConfigurationState: StringShape = {
  type: 'string',
  name: 'LoggingConfigurationState',
  values: ['CREATING', 'CREATE_FAILED', 'DELETING', 'DELETE_FAILED', 'UPDATING', 'UPDATE_FAILED', 'ACTIVE'],
};

export const UserID: StringShape = { type: 'string', name: 'UserID', minimumLength: 1, maximumLength: 128, sensitive: true };
export const ChatToken: StringShape = { type: 'string', name: 'ChatToken', sensitive: true };
export const ChatTokenCapability: StringShape = {
  type: 'string', name: 'ChatTokenCapability', values: ['SEND_MESSAGE', 'DISCONNECT_USER', 'DELETE_MESSAGE'],
};
export const ChatTokenCapabilities: ListShape = { type: 'list', name: 'ChatTokenCapabilities', member: ChatTokenCapability };
export const SessionDurationInMinutes: IntegerShape = { type: 'integer', name: 'SessionDurationInMinutes', minimum: 1, maximum: 180 };

const AttributeText: StringShape = { type: 'string', name: 'String', sensitive: true };
export const ChatTokenAttributes: MapShape = {
  type: 'map', name: 'ChatTokenAttributes', key: AttributeText, value: AttributeText, maximumBytes: 1024, sensitive: true,
};
export const EventAttributes: MapShape = { ...ChatTokenAttributes, name: 'EventAttributes' };
export const EventName: StringShape = { type: 'string', name: 'EventName', minimumLength: 1, maximumLength: 100 };
export const Reason: StringShape = { type: 'string', name: 'Reason', minimumLength: 1, maximumLength: 256 };

export const PaginationToken: StringShape = { type: 'string', name: 'PaginationToken', minimumLength: 0, maximumLength: 1024 };
export const MaxRoomResults: IntegerShape = { type: 'integer', name: 'MaxRoomResults', minimum: 1, maximum: 50 };
export const MaxLoggingConfigurationResults: IntegerShape = { type: 'integer', name: 'MaxLoggingConfigurationResults', minimum: 1, maximum: 50 };
export const Time: TimestampShape = { type: 'timestamp', name: 'Time' };
