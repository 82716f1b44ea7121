import { ROOM_DEFAULTS } from '../../src/contract/room-properties';
import { ResourceFailure, type Properties } from '../aws/cloudformation/resource-handler';
import { tagsOf, type ResourceType, type ResourceTypes } from '../aws/cloudformation/resource-type';
import type { LocalIvsChat } from './start-local-ivs-chat';

type Call = LocalIvsChat['call'];

/**
 * The CloudFormation resource types of Amazon IVS Chat, backed by the local IVS Chat.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IVSChat.html
 */
export function ivsChatResourceTypes(call: Call): ResourceTypes {
  return {
    'AWS::IVSChat::Room': resourceType(call, 'Room', roomSettings, (room) => ({
      Name: room.name,
      MaximumMessageLength: room.maximumMessageLength,
      MaximumMessageRatePerSecond: room.maximumMessageRatePerSecond,
      MessageReviewHandler: room.messageReviewHandler && pascalCase(room.messageReviewHandler),
      LoggingConfigurationIdentifiers: room.loggingConfigurationIdentifiers ?? [],
    })),
    'AWS::IVSChat::LoggingConfiguration': {
      ...resourceType(call, 'LoggingConfiguration', ({ Name = '', DestinationConfiguration }) => ({
        name: Name,
        destinationConfiguration: camelCase(DestinationConfiguration),
      }), ({ name, destinationConfiguration }) => ({
        Name: name, DestinationConfiguration: pascalCase(destinationConfiguration),
      })),
      required: ['DestinationConfiguration'],
    },
  };
}

function resourceType(
  call: Call,
  kind: string,
  settings: (properties: Properties) => object,
  propertiesOf: (resource: any) => Properties,
): ResourceType {
  return {
    identifier: 'Arn',
    async read(identifier, { stackTags }) {
      try {
        const resource = await call(`Get${kind}`, { identifier });
        const { arn, id, state, tags = {} } = resource;
        // A tag of the stack is no property of the resource.
        const own = Object.entries<string>(tags).filter(([key, value]) => stackTags[key] !== value);
        return {
          properties: { ...propertiesOf(resource), Tags: own.map(([Key, Value]) => ({ Key, Value })) },
          attributes: { Arn: arn, Id: id, State: state },
        };
      } catch (error: any) {
        if (error.code === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },
    async create(properties, context) {
      const { arn, id, state } = await call(`Create${kind}`, {
        ...settings(properties),
        tags: tagsOf(properties, context),
      });
      return { physicalId: arn, attributes: { Arn: arn, Id: id, State: state } };
    },
    async update(properties, { physicalId }, context) {
      const updated = await call(`Update${kind}`, { identifier: physicalId, ...settings(properties) });
      const tags = tagsOf(properties, context);
      const tagKeys = Object.keys(updated.tags).filter((key) => !Object.hasOwn(tags, key));
      if (tagKeys.length) await call('UntagResource', { resourceArn: physicalId, tagKeys });
      await call('TagResource', { resourceArn: physicalId, tags });
    },
    async delete({ physicalId }) {
      await call(`Delete${kind}`, { identifier: physicalId }).catch((error) => {
        if (error.code !== 'ResourceNotFoundException') throw error;
      });
    },
  };
}

/** Returns all settings, so that a property that is removed from the template returns to its default. */
function roomSettings(properties: Properties): object {
  const {
    Name,
    MaximumMessageLength,
    MaximumMessageRatePerSecond: rate,
    MessageReviewHandler,
    LoggingConfigurationIdentifiers,
  } = properties;
  if (Number(rate) > 10) {
    throw new ResourceFailure(
      `Properties validation failed: #/MaximumMessageRatePerSecond: ${rate} is not less or equal to 10`,
    );
  }
  return {
    name: Name ?? ROOM_DEFAULTS.name,
    maximumMessageLength: Number(MaximumMessageLength ?? ROOM_DEFAULTS.maximumMessageLength),
    maximumMessageRatePerSecond: Number(rate ?? ROOM_DEFAULTS.maximumMessageRatePerSecond),
    messageReviewHandler: { ...ROOM_DEFAULTS.messageReviewHandler, ...camelCase(MessageReviewHandler ?? {}) as object },
    loggingConfigurationIdentifiers: LoggingConfigurationIdentifiers ?? ROOM_DEFAULTS.loggingConfigurationIdentifiers,
  };
}

/** Converts property names to the names of the API, such as `S3: { BucketName }` to `s3: { bucketName }`. */
const camelCase = (value: unknown) => renamed(value, (name) => name[0]!.toLowerCase() + name.slice(1));

/** Converts the names of the API to property names. */
const pascalCase = (value: unknown) => renamed(value, (name) => name[0]!.toUpperCase() + name.slice(1));

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), renamed(member, rename)]));
}
