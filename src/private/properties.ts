import {
  ARCHITECTURE, BOOLEAN, FALLBACK_RESULT, KEY, list, LOG_RETENTION, LOGGING_CONFIGURATION, LOGGING_DESTINATION,
  MESSAGE_REVIEW_HANDLER, OBJECT, QUEUE, REMOVAL_POLICY, ROOM, TRACING, VPC, type Expectation,
} from './expectations';
import type { ChatRoomProps } from '../chat-room';
import type { ChatRoomProviderOptions } from '../chat-room-provider';
import {
  LoggingConfigurationName, RoomMaxMessageLength, RoomMaxMessageRatePerSecond, RoomName, Tags,
} from '../contract/generated/constraints';
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

/** The names of all properties. A struct of a user can extend the properties of several constructs. */
export const PROPERTY_NAMES: readonly string[] = [
  ROOM_PROPERTIES, LOGGING_CONFIGURATION_PROPERTIES, HANDLER_OPTIONS, DESTINATION_OPTIONS, PROVIDER_OPTIONS,
].flatMap(Object.keys);
