import {
  ARCHITECTURE, AUTHORIZER, BAN_LIST, BOOLEAN, DURATION, FALLBACK_RESULT, KEY, KEY_REFERENCE, list, LOG_RETENTION,
  LOGGING_CONFIGURATION, LOGGING_DESTINATION, MESSAGE_REVIEW_HANDLER, OBJECT, QUEUE, REMOVAL_POLICY, ROOM, TRACING, VPC,
  type Expectation,
} from './expectations';
import type { BanListProps } from '../ban-list';
import type { ChatApiProps, ChatClaims, ChatPolicy } from '../chat-api';
import type { ChatRoleOptions } from '../chat-role';
import type { ChatRoomProps } from '../chat-room';
import type { ChatRoomProviderOptions } from '../chat-room-provider';
import {
  ChatTokenCapability, LoggingConfigurationName, RoomMaxMessageLength, RoomMaxMessageRatePerSecond, RoomName, Tags,
} from '../contract/generated/constraints';
import { CHAT_API_OPERATIONS } from '../contract/chat-api/operations';
import { Region } from '../contract/regions';
import { integer, text, type Shape } from '../contract/shape';
import type { LoggingConfigurationProps } from '../logging-configuration';
import type { LoggingDestinationOptions } from '../logging-destination';
import type { LambdaMessageReviewHandlerOptions } from '../message-review-handler';

type PropertiesOf<Props> = { readonly [name in keyof Required<Props>]: Shape | Expectation };

export const ROOM_PROPERTIES: PropertiesOf<ChatRoomProps> = {
  roomName: RoomName,
  maximumMessageLength: RoomMaxMessageLength,
  maximumMessageRatePerSecond: RoomMaxMessageRatePerSecond,
  messageReviewHandler: MESSAGE_REVIEW_HANDLER,
  loggingConfigurations: list('`[loggingConfiguration]`'),
  tags: Tags,
  region: Region,
  existingRoom: ROOM,
  removalPolicy: REMOVAL_POLICY,
};

export const LOGGING_CONFIGURATION_PROPERTIES: PropertiesOf<LoggingConfigurationProps> = {
  destination: LOGGING_DESTINATION,
  loggingConfigurationName: LoggingConfigurationName,
  tags: Tags,
  region: Region,
  existingLoggingConfiguration: LOGGING_CONFIGURATION,
  removalPolicy: REMOVAL_POLICY,
};

export const HANDLER_OPTIONS: PropertiesOf<LambdaMessageReviewHandlerOptions> = { fallbackResult: FALLBACK_RESULT };

export const DESTINATION_OPTIONS: PropertiesOf<LoggingDestinationOptions> = { manageDeliveryPermissions: BOOLEAN };

export const PROVIDER_OPTIONS: PropertiesOf<ChatRoomProviderOptions> = {
  memorySize: integer(128, 10_240),
  architecture: ARCHITECTURE,
  reservedConcurrentExecutions: integer(1),
  deadLetterQueue: QUEUE,
  tracing: TRACING,
  logRetention: LOG_RETENTION,
  logEncryptionKey: KEY,
  rolePath: text(1, 512, /^\/([!-~]+\/)?$/, 'begin and end with a slash'),
  vpc: VPC,
  vpcSubnets: OBJECT,
  securityGroups: list('`[securityGroup]`'),
};

export const BAN_LIST_PROPERTIES: PropertiesOf<BanListProps> = {
  tableName: text(3, 255, /^[a-zA-Z0-9_.-]*$/, 'contain only letters, digits, hyphens, underscores and periods'),
  encryptionKey: KEY_REFERENCE,
  pointInTimeRecovery: BOOLEAN,
  removalPolicy: REMOVAL_POLICY,
};

export const CHAT_API_PROPERTIES: { readonly [name in keyof Required<ChatApiProps>]: Shape | Expectation } & {
  readonly rooms: Expectation;
  readonly authorizer: Expectation;
} = {
  rooms: { ...OBJECT, pass: '`{ lobby: room }`' },
  authorizer: AUTHORIZER,
  claims: OBJECT,
  roles: { ...OBJECT, pass: '`{ moderator: ChatRole.MODERATOR }`' },
  defaultRole: text(1, 64),
  banList: BAN_LIST,
  allowOrigins: list('`[\'https://example.com\']`'),
  sessionDuration: DURATION,
  requiredTerms: text(1, 64),
  policy: OBJECT,
  allowGuests: BOOLEAN,
  throttle: OBJECT,
  logRetention: LOG_RETENTION,
  logEncryptionKey: KEY_REFERENCE,
  tracing: TRACING,
};

const CLAIM = text(1, 256);
export const CHAT_CLAIMS: PropertiesOf<ChatClaims> = { userId: CLAIM, displayName: CLAIM, role: CLAIM };
export const CHAT_POLICY: PropertiesOf<ChatPolicy> = { contact: text(1, 256), termsUrl: text(1, 512) };
export const CHAT_ROLE_OPTIONS: PropertiesOf<ChatRoleOptions> = {
  capabilities: { type: 'list', member: { type: 'string', values: ChatTokenCapability.values } },
  operations: { type: 'list', member: { type: 'string', values: Object.keys(CHAT_API_OPERATIONS) } },
};
/** HTTP APIs write a list of names as `[name name]`, so other names would be ambiguous. */
export const ROLE_NAME = text(1, 64, /^[^\s[\],]*$/, 'contain no blanks, brackets and commas');

/** The names of all properties. A struct of a user can extend the properties of several constructs. */
export const PROPERTY_NAMES: readonly string[] = [
  ROOM_PROPERTIES, LOGGING_CONFIGURATION_PROPERTIES, HANDLER_OPTIONS, DESTINATION_OPTIONS, PROVIDER_OPTIONS,
  BAN_LIST_PROPERTIES, CHAT_API_PROPERTIES,
].flatMap(Object.keys);
