import {
  DestinationConfiguration, LoggingConfigurationArn, LoggingConfigurationName, Tags,
} from './generated/constraints';
import { DeletionPolicy } from './deletion-policy';
import { Region } from './regions';
import type { StructureShape } from './shape';
import { decode, encode, type TemplateProperties } from './template-properties';

/** The resource type in templates. */
export const LOGGING_CONFIGURATION_RESOURCE_TYPE = 'Custom::IVSChatLoggingConfiguration';

/** The properties of a logging configuration in a stack. */
export interface LoggingConfigurationProperties {
  readonly name?: string;
  /** The destination. Exactly one of the three members is set. */
  readonly destinationConfiguration: {
    readonly s3?: { readonly bucketName: string };
    readonly cloudWatchLogs?: { readonly logGroupName: string };
    readonly firehose?: { readonly deliveryStreamName: string };
  };
  readonly tags?: { readonly [key: string]: string };
  /** The Region of the logging configuration, if it is not the Region of the stack. */
  readonly region?: string;
  /** The ARN of an existing logging configuration to adopt. */
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

/** Converts the properties to the format of the template. */
export function encodeLoggingConfigurationProperties(
  properties: { readonly [member in keyof LoggingConfigurationProperties]: unknown },
): TemplateProperties {
  return encode(LoggingConfigurationPropertiesShape, properties);
}

/**
 * Converts the properties from the format that CloudFormation sends.
 *
 * A rollback sends properties that an earlier release wrote, so every format of a release must stay readable.
 */
export function decodeLoggingConfigurationProperties(resourceProperties: TemplateProperties) {
  return decode<LoggingConfigurationProperties>(LoggingConfigurationPropertiesShape, resourceProperties);
}
