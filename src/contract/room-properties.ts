import {
  LoggingConfigurationIdentifierList, MessageReviewHandler, RoomArn, RoomMaxMessageLength, RoomMaxMessageRatePerSecond,
  RoomName, Tags,
} from './generated/constraints';
import { DeletionPolicy } from './deletion-policy';
import { Region } from './regions';
import type { StructureShape } from './shape';
import { decode, encode, type TemplateProperties } from './template-properties';

/** The resource type in templates. */
export const ROOM_RESOURCE_TYPE = 'Custom::IVSChatRoom';

/** The defaults of the service. A property that is removed from the template returns to its default. */
export const ROOM_DEFAULTS = {
  name: '',
  maximumMessageLength: 500,
  maximumMessageRatePerSecond: 10,
  messageReviewHandler: { uri: '', fallbackResult: 'ALLOW' },
  loggingConfigurationIdentifiers: [],
} as const;

/** The properties of a room in a stack. */
export interface RoomProperties {
  readonly name?: string;
  readonly maximumMessageLength?: number;
  readonly maximumMessageRatePerSecond?: number;
  readonly messageReviewHandler?: { readonly uri?: string; readonly fallbackResult?: string };
  readonly loggingConfigurationIdentifiers?: readonly string[];
  readonly tags?: { readonly [key: string]: string };
  /** The Region of the room, if it is not the Region of the stack. */
  readonly region?: string;
  /** The ARN of an existing room to adopt. */
  readonly existingArn?: string;
  /** The DeletionPolicy of the resource in the template. */
  readonly deletionPolicy?: string;
}

export const RoomPropertiesShape = {
  type: 'structure',
  members: {
    name: RoomName,
    maximumMessageLength: RoomMaxMessageLength,
    maximumMessageRatePerSecond: RoomMaxMessageRatePerSecond,
    messageReviewHandler: MessageReviewHandler,
    loggingConfigurationIdentifiers: LoggingConfigurationIdentifierList,
    tags: Tags,
    region: Region,
    existingArn: RoomArn,
    deletionPolicy: DeletionPolicy,
  } satisfies { [member in keyof Required<RoomProperties>]: unknown },
} as const satisfies StructureShape;

/** Converts the properties to the format of the template. */
export function encodeRoomProperties(
  properties: { readonly [member in keyof RoomProperties]: unknown },
): TemplateProperties {
  return encode(RoomPropertiesShape, properties);
}

/**
 * Converts the properties from the format that CloudFormation sends.
 *
 * A rollback sends properties that an earlier release wrote, so every format of a release must stay readable.
 */
export function decodeRoomProperties(resourceProperties: TemplateProperties) {
  return decode<RoomProperties>(RoomPropertiesShape, resourceProperties);
}
