import { check, type Problem } from './check';
import { RoomMaxMessageLength, RoomMaxMessageRatePerSecond, RoomName, Tags } from './constraints';
import type { StructureShape } from './shape';

/** The resource type in templates. */
export const ROOM_RESOURCE_TYPE = 'Custom::IVSChatRoom';

/** What the service uses where a room does not say. */
export const ROOM_DEFAULTS = { name: '', maximumMessageLength: 500, maximumMessageRatePerSecond: 10 } as const;

/** A room as a stack describes it. */
export interface RoomProperties {
  readonly name?: string;
  readonly maximumMessageLength?: number;
  readonly maximumMessageRatePerSecond?: number;
  readonly tags?: { readonly [key: string]: string };
}

export const RoomPropertiesShape: StructureShape = {
  type: 'structure',
  name: 'RoomProperties',
  members: {
    name: RoomName,
    maximumMessageLength: RoomMaxMessageLength,
    maximumMessageRatePerSecond: RoomMaxMessageRatePerSecond,
    tags: Tags,
  },
};

const templateNames = {
  name: 'Name',
  maximumMessageLength: 'MaximumMessageLength',
  maximumMessageRatePerSecond: 'MaximumMessageRatePerSecond',
  tags: 'Tags',
} as const satisfies Record<keyof RoomProperties, string>;

/** The properties as the template has them. Unresolved values pass through untouched. */
export function encodeRoomProperties(properties: { readonly [member in keyof RoomProperties]: unknown }): { [templateName: string]: unknown } {
  return Object.fromEntries(Object.entries(templateNames).map(([member, templateName]) => [templateName, properties[member as keyof RoomProperties]]));
}

/**
 * The properties as CloudFormation delivers them: it turns every scalar into a string.
 *
 * Gives the properties, or what is wrong with them in the template's names. Every format that a release ever wrote stays
 * readable, because a rollback sends old ones.
 */
export function decodeRoomProperties(resourceProperties: { readonly [templateName: string]: unknown }): { properties: RoomProperties; problems: Problem[] } {
  const properties: { [member: string]: unknown } = {};
  for (const [member, templateName] of Object.entries(templateNames)) {
    const value = Object.hasOwn(resourceProperties, templateName) ? resourceProperties[templateName] : undefined;
    if (value === undefined || value === null) continue;
    properties[member] = RoomPropertiesShape.members[member]!.type === 'integer' ? decodeInteger(value) : value;
  }
  const problems = check(RoomPropertiesShape, properties).map(({ path, message }) => {
    const [member, ...rest] = path.split(/(?=[.[])/);
    return { path: [templateNames[member as keyof RoomProperties], ...rest].join(''), message };
  });
  return { properties: properties as RoomProperties, problems };
}

/** Only what CloudFormation makes of an integer: neither `1e1` nor ` 5` nor `5.0`, which stay strings and are refused. */
function decodeInteger(value: unknown): unknown {
  return typeof value === 'string' && /^(0|-?[1-9][0-9]{0,15})$/.test(value) ? Number(value) : value;
}
