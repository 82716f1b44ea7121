import {
  CreateLoggingConfigurationCommand, DeleteLoggingConfigurationCommand, type DestinationConfiguration, GetLoggingConfigurationCommand,
  paginateListLoggingConfigurations, paginateListRooms, UpdateLoggingConfigurationCommand, type IvschatClient,
} from '../client';
import {
  decodeLoggingConfigurationProperties, LOGGING_CONFIGURATION_DEFAULTS, type LoggingConfigurationProperties,
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
    return live(await client.send(new CreateLoggingConfigurationCommand({ ...settings(desired), tags: { ...desired.tags } })));
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
    for await (const page of paginateListLoggingConfigurations({ client }, {})) all.push(...liveOf(page.loggingConfigurations));
    return all;
  },

  differences(current, desired) {
    const { name, destinationConfiguration } = settings(desired);
    return [
      ...(name !== undefined && (current.name ?? LOGGING_CONFIGURATION_DEFAULTS.name) !== name ? ['name'] : []),
      ...(comparable(current.destinationConfiguration) !== comparable(destinationConfiguration) ? ['destinationConfiguration'] : []),
      ...(current.state === 'ACTIVE' ? [] : [`the state ACTIVE (now ${current.state})`]),
    ];
  },
};

/** One destination of three, each with one name. */
function comparable(destination: unknown): string {
  return JSON.stringify(Object.entries(destination ?? {}).filter(([, value]) => value));
}

/** Which rooms still log with it, for the user; nothing where that can't be told. */
async function usersOf(client: IvschatClient, arn: string): Promise<string> {
  const rooms: string[] = [];
  try {
    for await (const page of paginateListRooms({ client }, { loggingConfigurationIdentifier: arn })) {
      rooms.push(...page.rooms!.map((room) => `${room.arn}${room.name ? ` (${room.name})` : ''}`));
    }
  } catch {} // the conflict is what matters
  return rooms.length > 0 ? `. It is still used by ${rooms.join(', ')}` : '';
}
