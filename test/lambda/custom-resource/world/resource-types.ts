import type { HarnessOptions } from './harness';

/** A custom resource type, and the names that the service uses for it. */
export interface ResourceType {
  readonly title: string;
  readonly options: HarnessOptions;
  /** The resource type in the names of operations, such as `Room` in `CreateRoom`. */
  readonly kind: 'Room' | 'LoggingConfiguration';
  readonly arnResource: 'room' | 'logging-configuration';
  /** Properties that change a setting of the service, and the settings that show it. */
  readonly change: { readonly properties: object; readonly shown: object };
}

export const ROOM: ResourceType = {
  title: 'room',
  options: { resourceType: 'Custom::IVSChatRoom' },
  kind: 'Room',
  arnResource: 'room',
  change: { properties: { MaximumMessageLength: '7' }, shown: { maximumMessageLength: 7 } },
};

export const LOGGING_CONFIGURATION: ResourceType = {
  title: 'logging configuration',
  options: {
    resourceType: 'Custom::IVSChatLoggingConfiguration',
    properties: { DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } } },
  },
  kind: 'LoggingConfiguration',
  arnResource: 'logging-configuration',
  change: {
    properties: { DestinationConfiguration: { S3: { BucketName: 'other' } } },
    shown: { destinationConfiguration: { s3: { bucketName: 'other' } } },
  },
};

/** Rows for `describe.each` and `test.each`: the title and the type. */
export const resourceTypes = [ROOM, LOGGING_CONFIGURATION].map((type) => [type.title, type] as const);
