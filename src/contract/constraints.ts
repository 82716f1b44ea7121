/**
 * Every constraint of the service model, once, in its own words.
 *
 * Two deviations from the published model, both on purpose: its `ResourceArn` pattern lacks a `+` and matches no real
 * ARN, and the limits that it gives in prose only (1 KB of attributes) are data here.
 */
import type { IntegerShape, ListShape, MapShape, Shape, StringShape, StructureShape, TimestampShape } from './shape';

// Calls that are marked as pure, for bundlers to leave out what is not used. With objects that are spread into others they do not.

/** What text is like: for machines, and for people. */
type Pattern = Pick<StringShape, 'pattern' | 'patternDescription'>;

const text = (name: string, minimumLength?: number, maximumLength?: number, pattern?: Pattern): StringShape =>
  ({ type: 'string', name, minimumLength, maximumLength, ...pattern });
const sensitiveText = (name: string, minimumLength?: number, maximumLength?: number): StringShape =>
  ({ type: 'string', name, minimumLength, maximumLength, sensitive: true });
const oneOf = (name: string, ...values: readonly string[]): StringShape => ({ type: 'string', name, values });
const integer = (name: string, minimum: number, maximum: number): IntegerShape => ({ type: 'integer', name, minimum, maximum });
const list = (name: string, member: Shape, minimumLength?: number, maximumLength?: number): ListShape =>
  ({ type: 'list', name, member, minimumLength, maximumLength });
const structure = (name: string, members: StructureShape['members'], required?: readonly string[]): StructureShape =>
  ({ type: 'structure', name, members, required });

const nameLike: Pattern = { pattern: /^[a-zA-Z0-9-_]*$/, patternDescription: 'letters, digits, - and _' };
const idLike: Pattern = { pattern: /^[a-zA-Z0-9]+$/, patternDescription: 'letters and digits' };
const roomArnLike: Pattern = {
  pattern: /^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:room\/[a-zA-Z0-9-]+$/,
  patternDescription: 'a room ARN, arn:aws:ivschat:REGION:ACCOUNT:room/ID',
};
const loggingConfigurationArnLike: Pattern = {
  pattern: /^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:logging-configuration\/[a-zA-Z0-9-]+$/,
  patternDescription: 'a logging configuration ARN, arn:aws:ivschat:REGION:ACCOUNT:logging-configuration/ID',
};

export const RoomName = /* @__PURE__ */ text('RoomName', 0, 128, nameLike);
export const LoggingConfigurationName = /* @__PURE__ */ text('LoggingConfigurationName', 0, 128, nameLike);

export const RoomArn = /* @__PURE__ */ text('RoomArn', 1, 128, roomArnLike);
export const RoomIdentifier = /* @__PURE__ */ text('RoomIdentifier', 1, 128, roomArnLike);
export const LoggingConfigurationArn = /* @__PURE__ */ text('LoggingConfigurationArn', 1, 128, loggingConfigurationArnLike);
export const LoggingConfigurationIdentifier = /* @__PURE__ */ text('LoggingConfigurationIdentifier', 1, 128, loggingConfigurationArnLike);
export const ResourceArn = /* @__PURE__ */ text('ResourceArn', 1, 128, {
  pattern: /^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:(room|logging-configuration)\/[a-zA-Z0-9-]+$/,
  patternDescription: 'the ARN of a room or of a logging configuration',
});

export const RoomID = /* @__PURE__ */ text('RoomID', 12, 12, idLike);
export const LoggingConfigurationID = /* @__PURE__ */ text('LoggingConfigurationID', 12, 12, idLike);
export const MessageID = /* @__PURE__ */ text('MessageID', 12, 12, idLike);
export const ID = /* @__PURE__ */ text('ID', 12, 12, idLike);

export const RoomMaxMessageLength = /* @__PURE__ */ integer('RoomMaxMessageLength', 1, 500);
export const RoomMaxMessageRatePerSecond = /* @__PURE__ */ integer('RoomMaxMessageRatePerSecond', 1, 100);

export const TagKey = /* @__PURE__ */ text('TagKey', 1, 128);
export const TagValue = /* @__PURE__ */ text('TagValue', 0, 256);
export const Tags: MapShape = { type: 'map', name: 'Tags', key: TagKey, value: TagValue, maximumLength: 50 };
export const TagKeyList = /* @__PURE__ */ list('TagKeyList', TagKey, 0, 50);

export const LambdaArn = /* @__PURE__ */ text('LambdaArn', 0, 170, {
  pattern: /^$|^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:.+/,
  patternDescription: 'the ARN of a Lambda function, or empty for none',
});
export const FallbackResult = /* @__PURE__ */ oneOf('FallbackResult', 'ALLOW', 'DENY');
export const MessageReviewHandler = /* @__PURE__ */ structure('MessageReviewHandler', { uri: LambdaArn, fallbackResult: FallbackResult });
export const LoggingConfigurationIdentifierList = /* @__PURE__ */ list(
  'LoggingConfigurationIdentifierList', LoggingConfigurationIdentifier, 0, 3);

export const BucketName = /* @__PURE__ */ text('BucketName', 3, 63, {
  pattern: /^[a-z0-9-.]+$/, patternDescription: 'lower-case letters, digits, - and .',
});
export const LogGroupName = /* @__PURE__ */ text('LogGroupName', 1, 512, {
  pattern: /^[.\-_/#A-Za-z0-9]+$/, patternDescription: 'letters, digits and . - _ / #',
});
export const DeliveryStreamName = /* @__PURE__ */ text('DeliveryStreamName', 1, 64, {
  pattern: /^[a-zA-Z0-9_.-]+$/, patternDescription: 'letters, digits and _ . -',
});
export const S3DestinationConfiguration = /* @__PURE__ */ structure(
  'S3DestinationConfiguration', { bucketName: BucketName }, ['bucketName']);
export const CloudWatchLogsDestinationConfiguration = /* @__PURE__ */ structure(
  'CloudWatchLogsDestinationConfiguration', { logGroupName: LogGroupName }, ['logGroupName']);
export const FirehoseDestinationConfiguration = /* @__PURE__ */ structure(
  'FirehoseDestinationConfiguration', { deliveryStreamName: DeliveryStreamName }, ['deliveryStreamName']);
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
export const CreateLoggingConfigurationState = /* @__PURE__ */ oneOf('CreateLoggingConfigurationState', 'ACTIVE');
export const UpdateLoggingConfigurationState = /* @__PURE__ */ oneOf('UpdateLoggingConfigurationState', 'ACTIVE');
export const LoggingConfigurationState = /* @__PURE__ */ oneOf(
  'LoggingConfigurationState', 'CREATING', 'CREATE_FAILED', 'DELETING', 'DELETE_FAILED', 'UPDATING', 'UPDATE_FAILED', 'ACTIVE');

export const UserID = /* @__PURE__ */ sensitiveText('UserID', 1, 128);
export const ChatToken = /* @__PURE__ */ sensitiveText('ChatToken');
export const ChatTokenCapability = /* @__PURE__ */ oneOf('ChatTokenCapability', 'SEND_MESSAGE', 'DISCONNECT_USER', 'DELETE_MESSAGE');
export const ChatTokenCapabilities = /* @__PURE__ */ list('ChatTokenCapabilities', ChatTokenCapability);
export const SessionDurationInMinutes = /* @__PURE__ */ integer('SessionDurationInMinutes', 1, 180);

function attributes(name: string): MapShape {
  const attributeText = sensitiveText('String');
  return { type: 'map', name, key: attributeText, value: attributeText, maximumBytes: 1024, sensitive: true };
}
export const ChatTokenAttributes = /* @__PURE__ */ attributes('ChatTokenAttributes');
export const EventAttributes = /* @__PURE__ */ attributes('EventAttributes');
export const EventName = /* @__PURE__ */ text('EventName', 1, 100);
export const Reason = /* @__PURE__ */ text('Reason', 1, 256);

export const PaginationToken = /* @__PURE__ */ text('PaginationToken', 0, 1024);
export const MaxRoomResults = /* @__PURE__ */ integer('MaxRoomResults', 1, 50);
export const MaxLoggingConfigurationResults = /* @__PURE__ */ integer('MaxLoggingConfigurationResults', 1, 50);
export const Time: TimestampShape = { type: 'timestamp', name: 'Time' };
