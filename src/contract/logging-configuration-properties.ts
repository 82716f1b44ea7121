import { DestinationConfiguration, LoggingConfigurationArn, LoggingConfigurationName, Tags } from './constraints';
import { DeletionPolicy } from './deletion-policy';
import { Region } from './regions';
import type { StructureShape } from './shape';
import { decode, encode, type TemplateProperties } from './template-properties';

/** The resource type in templates. */
export const LOGGING_CONFIGURATION_RESOURCE_TYPE = 'Custom::IVSChatLoggingConfiguration';

/** What the service uses where a logging configuration does not say. */
export const LOGGING_CONFIGURATION_DEFAULTS = { name: '' } as const;

/** A logging configuration as a stack describes it. */
export interface LoggingConfigurationProperties {
  readonly name?: string;
  /** Exactly one of the three. */
  readonly destinationConfiguration: {
    readonly s3?: { readonly bucketName: string };
    readonly cloudWatchLogs?: { readonly logGroupName: string };
    readonly firehose?: { readonly deliveryStreamName: string };
  };
  readonly tags?: { readonly [key: string]: string };
  /** Where the logging configuration lives, if not in the stack's own Region. */
  readonly region?: string;
  /** The ARN of an existing logging configuration to take into the stack instead of creating one. */
  readonly existingArn?: string;
  /** The DeletionPolicy of the resource in the template. */
  readonly deletionPolicy?: string;
}

export const LoggingConfigurationPropertiesShape = {
  type: 'structure',
  members: {
    name: LoggingConfigurationName,
    destinationConfiguration: DestinationConfiguration,
    tags: Tags,
    region: Region,
    existingArn: LoggingConfigurationArn,
    deletionPolicy: DeletionPolicy,
  } satisfies { [member in keyof Required<LoggingConfigurationProperties>]: unknown },
  required: ['destinationConfiguration'],
} as const satisfies StructureShape;

/** The properties as the template has them. */
export function encodeLoggingConfigurationProperties(
  properties: { readonly [member in keyof LoggingConfigurationProperties]: unknown },
): TemplateProperties {
  return encode(LoggingConfigurationPropertiesShape, properties);
}

/** The properties as CloudFormation delivers them. Every format that a release ever wrote stays readable: a rollback sends old ones. */
export function decodeLoggingConfigurationProperties(resourceProperties: TemplateProperties) {
  return decode<LoggingConfigurationProperties>(LoggingConfigurationPropertiesShape, resourceProperties);
}
