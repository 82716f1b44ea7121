import {
  ARCHITECTURE, AUTHORIZER, BAN_LIST, BOOLEAN, DURATION, FALLBACK_RESULT, KEY, KEY_REFERENCE, list, LOG_RETENTION,
  LOGGING_CONFIGURATION, LOGGING_DESTINATION, MESSAGE_REVIEW_HANDLER, OBJECT, PROVISIONING, QUEUE, REMOVAL_POLICY, ROOM,
  TRACING, VPC,
} from './expectations';
import type { PropertyTable } from './validate';
import {
  ChatTokenCapability, LoggingConfigurationName, RoomMaxMessageLength, RoomMaxMessageRatePerSecond, RoomName, Tags,
} from '../contract/generated/constraints';
import { CHAT_API_OPERATIONS } from '../contract/chat-api/operations';
import { Region } from '../contract/regions';
import { integer, text } from '../contract/shape';

export const ROOM_PROPERTIES = {
  roomName: RoomName,
  maximumMessageLength: RoomMaxMessageLength,
  maximumMessageRatePerSecond: RoomMaxMessageRatePerSecond,
  messageReviewHandler: MESSAGE_REVIEW_HANDLER,
  loggingConfigurations: list('`[loggingConfiguration]`'),
  tags: Tags,
  region: Region,
  existingRoom: ROOM,
  removalPolicy: REMOVAL_POLICY,
  provisioning: PROVISIONING,
} satisfies PropertyTable;

export const LOGGING_CONFIGURATION_PROPERTIES = {
  destination: LOGGING_DESTINATION,
  loggingConfigurationName: LoggingConfigurationName,
  tags: Tags,
  region: Region,
  existingLoggingConfiguration: LOGGING_CONFIGURATION,
  removalPolicy: REMOVAL_POLICY,
  provisioning: PROVISIONING,
} satisfies PropertyTable;

export const HANDLER_OPTIONS = { fallbackResult: FALLBACK_RESULT } satisfies PropertyTable;

export const DESTINATION_OPTIONS = { manageDeliveryPermissions: BOOLEAN } satisfies PropertyTable;

export const PROVIDER_OPTIONS = {
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
} satisfies PropertyTable;

export const BAN_LIST_PROPERTIES = {
  tableName: text(3, 255, /^[a-zA-Z0-9_.-]*$/, 'contain only letters, digits, hyphens, underscores and periods'),
  encryptionKey: KEY_REFERENCE,
  pointInTimeRecovery: BOOLEAN,
  removalPolicy: REMOVAL_POLICY,
} satisfies PropertyTable;

export const CHAT_API_PROPERTIES = {
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
} satisfies PropertyTable;

const CLAIM = text(1, 256);
export const CHAT_CLAIMS = { userId: CLAIM, displayName: CLAIM, role: CLAIM } satisfies PropertyTable;
export const CHAT_POLICY = { contact: text(1, 256), termsUrl: text(1, 512) } satisfies PropertyTable;
export const CHAT_ROLE_OPTIONS = {
  capabilities: { type: 'list', member: { type: 'string', values: ChatTokenCapability.values } },
  operations: { type: 'list', member: { type: 'string', values: Object.keys(CHAT_API_OPERATIONS) } },
} satisfies PropertyTable;
/** HTTP APIs write a list of names as `[name name]`, so other names would be ambiguous. */
export const ROLE_NAME = text(1, 64, /^[^\s[\],]*$/, 'contain no blanks, brackets and commas');

/** The names of all properties. A struct of a user can extend the properties of several constructs. */
export const PROPERTY_NAMES: readonly string[] = [
  ROOM_PROPERTIES, LOGGING_CONFIGURATION_PROPERTIES, HANDLER_OPTIONS, DESTINATION_OPTIONS, PROVIDER_OPTIONS,
  BAN_LIST_PROPERTIES, CHAT_API_PROPERTIES,
].flatMap(Object.keys);
