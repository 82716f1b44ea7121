/**
 * The constraints of the service model.
 *
 * They deviate from the published model in two points. The `ResourceArn` pattern of the model lacks a `+` and matches
 * no real ARN. The limit of 1 KB for attributes is only in the documentation of the model.
 */
import type { IntegerShape, ListShape, MapShape, Shape, StringShape, StructureShape, TimestampShape } from './shape';

// The calls are marked as pure, so that bundlers remove unused shapes. Bundlers do not remove spread objects.

/** A pattern, and its description for error messages. */
type Pattern = Pick<StringShape, 'pattern' | 'patternDescription'>;

const text = (minimum?: number, maximum?: number, pattern?: Pattern): StringShape =>
  ({ type: 'string', minimum, maximum, ...pattern });
const sensitiveText = (minimum?: number, maximum?: number): StringShape =>
  ({ type: 'string', minimum, maximum, sensitive: true });
const oneOf = (...values: readonly string[]): StringShape => ({ type: 'string', values });
const integer = (minimum: number, maximum: number): IntegerShape => ({ type: 'integer', minimum, maximum });
const list = (member: Shape, minimum?: number, maximum?: number): ListShape =>
  ({ type: 'list', member, minimum, maximum });
const structure = (members: StructureShape['members'], required?: readonly string[]): StructureShape =>
  ({ type: 'structure', members, required });

const nameLike: Pattern = {
  pattern: /^[a-zA-Z0-9-_]*$/,
  patternDescription: 'contain only letters, digits, hyphens and underscores',
};
const roomArnLike: Pattern = {
  pattern: /^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:room\/[a-zA-Z0-9-]+$/,
  patternDescription: 'be the ARN of a room (arn:aws:ivschat:REGION:ACCOUNT:room/ID)',
};
const loggingConfigurationArnLike: Pattern = {
  pattern: /^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:logging-configuration\/[a-zA-Z0-9-]+$/,
  patternDescription:
    'be the ARN of a logging configuration (arn:aws:ivschat:REGION:ACCOUNT:logging-configuration/ID)',
};

export const RoomName = /* @__PURE__ */ text(0, 128, nameLike);
export const LoggingConfigurationName = RoomName;

export const RoomArn = /* @__PURE__ */ text(1, 128, roomArnLike);
export const RoomIdentifier = RoomArn;
export const LoggingConfigurationArn = /* @__PURE__ */ text(1, 128, loggingConfigurationArnLike);
export const LoggingConfigurationIdentifier = LoggingConfigurationArn;
export const ResourceArn = /* @__PURE__ */ text(1, 128, {
  pattern: /^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:(room|logging-configuration)\/[a-zA-Z0-9-]+$/,
  patternDescription: 'be the ARN of a room or a logging configuration',
});

export const ID = /* @__PURE__ */ text(12, 12, {
  pattern: /^[a-zA-Z0-9]+$/, patternDescription: 'contain only letters and digits',
});
export const RoomID = ID;
export const LoggingConfigurationID = ID;
export const MessageID = ID;

export const RoomMaxMessageLength = /* @__PURE__ */ integer(1, 500);
export const RoomMaxMessageRatePerSecond = /* @__PURE__ */ integer(1, 100);

export const TagKey = /* @__PURE__ */ text(1, 128);
export const TagValue = /* @__PURE__ */ text(0, 256);
export const Tags: MapShape = { type: 'map', key: TagKey, value: TagValue, maximum: 50 };
export const TagKeyList = /* @__PURE__ */ list(TagKey, 0, 50);

export const LambdaArn = /* @__PURE__ */ text(0, 170, {
  pattern: /^$|^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:.+/,
  patternDescription: 'be the ARN of a Lambda function or an empty string',
});
export const FallbackResult = /* @__PURE__ */ oneOf('ALLOW', 'DENY');
export const MessageReviewHandler = /* @__PURE__ */ structure({ uri: LambdaArn, fallbackResult: FallbackResult });
export const LoggingConfigurationIdentifierList = /* @__PURE__ */ list(
  LoggingConfigurationIdentifier, 0, 3);

export const BucketName = /* @__PURE__ */ text(3, 63, {
  pattern: /^[a-z0-9-.]+$/, patternDescription: 'contain only lowercase letters, digits, hyphens and periods',
});
export const LogGroupName = /* @__PURE__ */ text(1, 512, {
  pattern: /^[.\-_/#A-Za-z0-9]+$/,
  patternDescription: 'contain only letters, digits, periods, hyphens, underscores, slashes and number signs',
});
export const DeliveryStreamName = /* @__PURE__ */ text(1, 64, {
  pattern: /^[a-zA-Z0-9_.-]+$/, patternDescription: 'contain only letters, digits, underscores, periods and hyphens',
});
export const S3DestinationConfiguration = /* @__PURE__ */ structure(
  { bucketName: BucketName }, ['bucketName']);
export const CloudWatchLogsDestinationConfiguration = /* @__PURE__ */ structure(
  { logGroupName: LogGroupName }, ['logGroupName']);
export const FirehoseDestinationConfiguration = /* @__PURE__ */ structure(
  { deliveryStreamName: DeliveryStreamName }, ['deliveryStreamName']);
export const DestinationConfiguration: StructureShape = {
  type: 'structure',
  members: {
    s3: S3DestinationConfiguration,
    cloudWatchLogs: CloudWatchLogsDestinationConfiguration,
    firehose: FirehoseDestinationConfiguration,
  },
  union: true,
};
export const CreateLoggingConfigurationState = /* @__PURE__ */ oneOf('ACTIVE');
export const UpdateLoggingConfigurationState = CreateLoggingConfigurationState;
export const LoggingConfigurationState = /* @__PURE__ */ oneOf(
  'CREATING', 'CREATE_FAILED', 'DELETING', 'DELETE_FAILED', 'UPDATING', 'UPDATE_FAILED', 'ACTIVE');

export const UserID = /* @__PURE__ */ sensitiveText(1, 128);
export const ChatToken = /* @__PURE__ */ sensitiveText();
export const ChatTokenCapability = /* @__PURE__ */ oneOf('SEND_MESSAGE', 'DISCONNECT_USER', 'DELETE_MESSAGE');
export const ChatTokenCapabilities = /* @__PURE__ */ list(ChatTokenCapability);
export const SessionDurationInMinutes = /* @__PURE__ */ integer(1, 180);

function attributes(): MapShape {
  const attributeText = sensitiveText();
  return { type: 'map', key: attributeText, value: attributeText, maximumBytes: 1024, sensitive: true };
}
export const ChatTokenAttributes = /* @__PURE__ */ attributes();
export const EventAttributes = /* @__PURE__ */ attributes();
export const EventName = /* @__PURE__ */ text(1, 100);
export const Reason = /* @__PURE__ */ text(1, 256);

export const PaginationToken = /* @__PURE__ */ text(0, 1024);
export const MaxRoomResults = /* @__PURE__ */ integer(1, 50);
export const MaxLoggingConfigurationResults = MaxRoomResults;
export const Time: TimestampShape = { type: 'timestamp' };
