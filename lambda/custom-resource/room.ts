import {
  CreateRoomCommand, DeleteRoomCommand, GetRoomCommand, ListRoomsCommand, UpdateRoomCommand,
} from '../client';
import { decodeRoomProperties, ROOM_DEFAULTS, type RoomProperties } from '../../src/contract/room-properties';
import type { Live, ResourceKind } from './resource-kind';

/** What the room shall be in full: what the template does not say is the service's default. */
function settings({ name, maximumMessageLength, maximumMessageRatePerSecond }: RoomProperties) {
  return {
    name,
    maximumMessageLength: maximumMessageLength ?? ROOM_DEFAULTS.maximumMessageLength,
    maximumMessageRatePerSecond: maximumMessageRatePerSecond ?? ROOM_DEFAULTS.maximumMessageRatePerSecond,
  };
}

interface Answer {
  readonly arn?: string;
  readonly id?: string;
  readonly createTime?: Date;
  readonly tags?: Record<string, string>;
}

function live(room: Answer): Live {
  return { ...room, arn: room.arn!, id: room.id!, tags: room.tags ?? {}, createTime: room.createTime!.getTime() };
}

export const room: ResourceKind<RoomProperties> = {
  arnResource: 'room',
  decode: decodeRoomProperties,

  async create(client, desired) {
    return live(await client.send(new CreateRoomCommand({ ...settings(desired), tags: { ...desired.tags } })));
  },

  async read(client, arn) {
    return live(await client.send(new GetRoomCommand({ identifier: arn })));
  },

  async update(client, arn, desired) {
    await client.send(new UpdateRoomCommand({ identifier: arn, ...settings(desired) }));
  },

  async remove(client, arn) {
    await client.send(new DeleteRoomCommand({ identifier: arn }));
  },

  async list(client, name) {
    const rooms: Live[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(new ListRoomsCommand({ name, nextToken }));
      rooms.push(...page.rooms!.map(live));
      nextToken = page.nextToken;
    } while (nextToken);
    return rooms;
  },

  shows(current, desired) {
    return Object.entries(settings(desired)).every(([member, value]) => current[member] === value);
  },
};
