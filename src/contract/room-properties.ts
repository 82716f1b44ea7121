import {
  LoggingConfigurationIdentifierList, MessageReviewHandler, RoomArn, RoomMaxMessageLength, RoomMaxMessageRatePerSecond, RoomName, Tags,
} from './constraints';
import { DeletionPolicy } from './deletion-policy';
import { Region } from './regions';
import type { StructureShape } from './shape';
import { decode, encode, type TemplateProperties } from './template-properties';

/** The resource type in templates. */
export const ROOM_RESOURCE_TYPE = 'Custom::IVSChatRoom';

/** What the service uses where a room does not say; what a property that was taken out of the template goes back to. */
export const ROOM_DEFAULTS = {
  name: '',
  maximumMessageLength: 500,
  maximumMessageRatePerSecond: 10,
  messageReviewHandler: { uri: '', fallbackResult: 'ALLOW' },
  loggingConfigurationIdentifiers: [],
} as const;

/** A room as a stack describes it. */
export interface RoomProperties {
  readonly name?: string;
  readonly maximumMessageLength?: number;
  readonly maximumMessageRatePerSecond?: number;
  readonly messageReviewHandler?: { readonly uri?: string; readonly fallbackResult?: string };
  readonly loggingConfigurationIdentifiers?: readonly string[];
  readonly tags?: { readonly [key: string]: string };
  /** Where the room lives, if not in the stack's own Region. */
  readonly region?: string;
  /** The ARN of an existing room to take into the stack instead of creating one. */
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

/** The properties as the template has them. */
export function encodeRoomProperties(properties: { readonly [member in keyof RoomProperties]: unknown }): TemplateProperties {
  return encode(RoomPropertiesShape, properties);
}

/** The properties as CloudFormation delivers them. Every format that a release ever wrote stays readable: a rollback sends old ones. */
export function decodeRoomProperties(resourceProperties: TemplateProperties) {
  return decode<RoomProperties>(RoomPropertiesShape, resourceProperties);
}
