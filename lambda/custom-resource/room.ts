import { decodeRoomProperties, ROOM_DEFAULTS, type RoomProperties } from '../../src/contract/room-properties';
import {
  CreateRoomCommand, DeleteRoomCommand, FallbackResult, GetRoomCommand, paginateListRooms, UpdateRoomCommand,
} from '../client';
import { type Live, live, liveOf, type ResourceKind } from './resource-kind';

const DEFAULT_FALLBACK_RESULT = ROOM_DEFAULTS.messageReviewHandler.fallbackResult;

/** Returns the complete settings of the room. Settings that are not in the template have the default of the service. */
function settings(desired: RoomProperties) {
  const {
    name,
    maximumMessageLength = ROOM_DEFAULTS.maximumMessageLength,
    maximumMessageRatePerSecond = ROOM_DEFAULTS.maximumMessageRatePerSecond,
    loggingConfigurationIdentifiers = ROOM_DEFAULTS.loggingConfigurationIdentifiers,
  } = desired;
  const { uri = '', fallbackResult = DEFAULT_FALLBACK_RESULT } = desired.messageReviewHandler ?? {};
  return {
    name,
    maximumMessageLength,
    maximumMessageRatePerSecond,
    messageReviewHandler: uri === '' ? { uri } : { uri, fallbackResult: fallbackResult as FallbackResult },
    loggingConfigurationIdentifiers: [...loggingConfigurationIdentifiers],
  };
}

/** Returns one form of a setting that the service can return in several forms. */
function comparable(member: string, value: any): unknown {
  switch (member) {
    case 'messageReviewHandler':
      return value?.uri ? `${value.uri} ${value.fallbackResult ?? DEFAULT_FALLBACK_RESULT}` : '';
    case 'loggingConfigurationIdentifiers':
      return [...value ?? []].sort().join();
    default:
      return value ?? ROOM_DEFAULTS[member as keyof typeof ROOM_DEFAULTS];
  }
}

export const room: ResourceKind<RoomProperties> = {
  arnResource: 'room',
  readEvery: 1000,
  decode: decodeRoomProperties,

  async create(client, desired) {
    const { messageReviewHandler, ...rest } = settings(desired);
    const review = messageReviewHandler.uri === '' ? {} : { messageReviewHandler };
    return live(await client.send(new CreateRoomCommand({ ...rest, ...review, tags: { ...desired.tags } })));
  },

  async read(client, arn) {
    return live(await client.send(new GetRoomCommand({ identifier: arn })));
  },

  async update(client, arn, desired) {
    return live(await client.send(new UpdateRoomCommand({ identifier: arn, ...settings(desired) })));
  },

  async remove(client, arn) {
    await client.send(new DeleteRoomCommand({ identifier: arn }));
  },

  async list(client, name) {
    const rooms: Live[] = [];
    for await (const page of paginateListRooms({ client }, { name })) rooms.push(...liveOf(page.rooms));
    return rooms;
  },

  differences(current, desired) {
    return Object.entries(settings(desired))
      .filter(([, value]) => value !== undefined)
      .filter(([member, value]) => comparable(member, current[member]) !== comparable(member, value))
      .map(([member]) => member);
  },
};
