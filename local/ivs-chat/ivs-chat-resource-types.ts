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
    'AWS::IVSChat::Room': resourceType(call, 'Room', roomSettings),
    'AWS::IVSChat::LoggingConfiguration': {
      ...resourceType(call, 'LoggingConfiguration', ({ Name = '', DestinationConfiguration }) => ({
        name: Name,
        destinationConfiguration: camelCase(DestinationConfiguration),
      })),
      required: ['DestinationConfiguration'],
    },
  };
}

function resourceType(call: Call, kind: string, settings: (properties: Properties) => object): ResourceType {
  return {
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
function camelCase(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name[0]!.toLowerCase() + name.slice(1), camelCase(member)]),
  );
}
