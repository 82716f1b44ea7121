import {
  CreateLoggingConfigurationCommand, DeleteLoggingConfigurationCommand, type DestinationConfiguration,
  GetLoggingConfigurationCommand, type IvschatClient, paginateListLoggingConfigurations, paginateListRooms,
  UpdateLoggingConfigurationCommand,
} from '../client';
import {
  decodeLoggingConfigurationProperties, type LoggingConfigurationProperties,
} from '../../src/contract/logging-configuration-properties';
import { type Live, live, liveOf, type ResourceKind } from './resource-kind';

function settings({ name, destinationConfiguration }: LoggingConfigurationProperties) {
  return { name, destinationConfiguration: destinationConfiguration as DestinationConfiguration };
}

export const loggingConfiguration: ResourceKind<LoggingConfigurationProperties> = {
  arnResource: 'logging-configuration',
  readEvery: 2000,
  decode: decodeLoggingConfigurationProperties,

  async create(client, desired) {
    const input = { ...settings(desired), tags: { ...desired.tags } };
    return live(await client.send(new CreateLoggingConfigurationCommand(input)));
  },

  async read(client, arn) {
    return live(await client.send(new GetLoggingConfigurationCommand({ identifier: arn })));
  },

  async update(client, arn, desired) {
    return live(await client.send(new UpdateLoggingConfigurationCommand({ identifier: arn, ...settings(desired) })));
  },

  async remove(client, arn) {
    try {
      await client.send(new DeleteLoggingConfigurationCommand({ identifier: arn }));
    } catch (error) {
      if ((error as Error).name === 'ConflictException') (error as Error).message += await usersOf(client, arn);
      throw error;
    }
  },

  async list(client) {
    const all: Live[] = [];
    for await (const { loggingConfigurations } of paginateListLoggingConfigurations({ client }, {})) {
      all.push(...liveOf(loggingConfigurations));
    }
    return all;
  },

  differences(current, desired) {
    const { name, destinationConfiguration } = settings(desired);
    const isOtherDestination = comparable(current.destinationConfiguration) !== comparable(destinationConfiguration);
    return [
      ...(name !== undefined && current.name !== name ? ['name'] : []),
      ...(isOtherDestination ? ['destinationConfiguration'] : []),
      ...(current.state === 'ACTIVE' ? [] : [`the state ACTIVE (now ${current.state})`]),
    ];
  },
};

/** Returns text that is equal for equal destinations. A destination has one of three members, with one name. */
function comparable(destination: unknown): string {
  return JSON.stringify(Object.entries(destination ?? {}).filter(([, value]) => value));
}

/** Returns a sentence that names the rooms that still use the logging configuration, as far as they can be listed. */
async function usersOf(client: IvschatClient, arn: string): Promise<string> {
  const rooms: string[] = [];
  try {
    for await (const page of paginateListRooms({ client }, { loggingConfigurationIdentifier: arn })) {
      rooms.push(...page.rooms!.map((room) => `${room.arn}${room.name ? ` (${room.name})` : ''}`));
    }
  } catch {} // the conflict is what matters
  return rooms.length > 0 ? `. It is still used by ${rooms.join(', ')}` : '';
}
