import { ArnFormat, CustomResource, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ITaggableV2, TagManager } from 'aws-cdk-lib';
import type { ILoggingConfigurationRef } from 'aws-cdk-lib/aws-ivschat';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { BucketName, DeliveryStreamName, LoggingConfigurationArn, LoggingConfigurationName, LogGroupName, Tags } from './contract/constraints';
import { encodeLoggingConfigurationProperties, LOGGING_CONFIGURATION_RESOURCE_TYPE } from './contract/logging-configuration-properties';
import { LoggingConfigurationBase, type ILoggingConfiguration } from './logging-configuration-base';
import type { LoggingDestination, LoggingDestinationConfig } from './logging-destination';
import { ControlPlaneProvider } from './private/control-plane-provider';
import { deletionPolicyOf } from './private/deletion-policy';
import { mustBeWhere, regionOf } from './private/region';
import { tagManager } from './private/tags';
import { validate } from './private/validate';

/**
 * What identifies a logging configuration that exists already.
 */
export interface LoggingConfigurationAttributes {
  /** The ARN of the logging configuration, `arn:aws:ivschat:REGION:ACCOUNT:logging-configuration/ID`. */
  readonly loggingConfigurationArn: string;
}

/**
 * Settings of a logging configuration.
 */
export interface LoggingConfigurationProps {
  /** Where the messages and events of the rooms are sent: a bucket, a log group or a delivery stream. */
  readonly destination: LoggingDestination;

  /**
   * The name of the logging configuration: at most 128 letters, digits, `-` and `_`. Names need not be unique.
   *
   * @default - made from the path of the construct, so that the logging configuration is recognized in the console; one that is adopted keeps
   * its name
   */
  readonly loggingConfigurationName?: string;

  /**
   * Tags of the logging configuration: at most 46, keys of 1 to 128 and values of 0 to 256 characters.
   * `Tags.of(loggingConfiguration)` adds to them.
   *
   * @default - only the tags that the library keeps for itself, whose keys start with `cdk-ivs-chat:`
   */
  readonly tags?: { [key: string]: string };

  /**
   * The Region in which the logging configuration lives, one of the seven that have Amazon IVS Chat. Its rooms and its
   * destination have to be there, too. Can't be changed.
   *
   * @default - the Region of the stack
   */
  readonly region?: string;

  /**
   * An existing logging configuration to adopt instead of creating one. The deployment applies the other
   * properties to the logging configuration. Leave the property in place afterwards: without it, the logging
   * configuration becomes an ordinary logging configuration of the stack, which the stack deletes.
   *
   * The stack never deletes an adopted logging configuration. When the logging configuration leaves the stack, or when
   * the deployment that adopted it is rolled back, the library removes its own tags and leaves the logging
   * configuration in place. With `RemovalPolicy.RETAIN`, the logging configuration keeps the tags.
   *
   * A logging configuration that another stack owns is refused. If that stack has retained the logging configuration,
   * remove the tag `cdk-ivs-chat:owner` from the logging configuration first.
   *
   * To move a logging configuration to another construct of the same stack, use three deployments: set `removalPolicy`
   * of the first construct to `RemovalPolicy.RETAIN`, remove the construct, and add the new construct with
   * `existingLoggingConfiguration`.
   *
   * @default - a new logging configuration
   */
  readonly existingLoggingConfiguration?: ILoggingConfigurationRef;

  /**
   * The policy that applies when the logging configuration leaves the stack.
   *
   * An adopted logging configuration is never deleted. `RemovalPolicy.DESTROY` removes the tags of the library from it,
   * and `RemovalPolicy.RETAIN` keeps them.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

const LOGGING_CONFIGURATION = Symbol.for('cdk-ivs-chat.LoggingConfiguration');

/**
 * An Amazon IVS Chat logging configuration: records every message and event of the rooms that use it.
 *
 * @resource AWS::IVSChat::LoggingConfiguration
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateLoggingConfiguration.html
 *
 * @example
 * const loggingConfiguration = new LoggingConfiguration(this, 'Logging', {
 *   destination: LoggingDestination.cloudWatchLogs(new logs.LogGroup(this, 'ChatLog')),
 * });
 * new ChatRoom(this, 'Room', { loggingConfigurations: [loggingConfiguration] });
 */
@propertyInjectable
export class LoggingConfiguration extends LoggingConfigurationBase implements ITaggableV2 {
  /** Identifies the class to property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ivs-chat.LoggingConfiguration';

  /** Whether the given object is a `LoggingConfiguration` of this library, whichever copy of it. */
  public static isLoggingConfiguration(x: any): x is LoggingConfiguration {
    return x !== null && typeof x === 'object' && LOGGING_CONFIGURATION in x;
  }

  /** Refers to a logging configuration that exists already, by its ARN. */
  public static fromLoggingConfigurationArn(scope: Construct, id: string, loggingConfigurationArn: string): ILoggingConfiguration {
    return LoggingConfiguration.fromLoggingConfigurationAttributes(scope, id, { loggingConfigurationArn });
  }

  /** Refers to a logging configuration that exists already in the stack's account and Region, by its id. */
  public static fromLoggingConfigurationId(scope: Construct, id: string, loggingConfigurationId: string): ILoggingConfiguration {
    const loggingConfigurationArn = Stack.of(scope).formatArn({
      service: 'ivschat', resource: 'logging-configuration', resourceName: loggingConfigurationId,
    });
    return LoggingConfiguration.fromLoggingConfigurationAttributes(scope, id, { loggingConfigurationArn });
  }

  /** Refers to a logging configuration that exists already. */
  public static fromLoggingConfigurationAttributes(scope: Construct, id: string, attrs: LoggingConfigurationAttributes): ILoggingConfiguration {
    class Import extends LoggingConfigurationBase {
      public readonly loggingConfigurationArn = attrs.loggingConfigurationArn;
      public readonly loggingConfigurationId = Stack.of(scope).splitArn(attrs.loggingConfigurationArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    }
    return new Import(scope, id, { environmentFromArn: attrs.loggingConfigurationArn });
  }

  public readonly loggingConfigurationArn: string;
  public readonly loggingConfigurationId: string;

  /**
   * The name of the logging configuration.
   *
   * @attribute
   */
  public readonly loggingConfigurationName: string;

  /**
   * The state of the logging configuration: `ACTIVE`, or the deployment fails.
   *
   * @attribute
   */
  public readonly loggingConfigurationState: string;

  /** Collects the logging configuration's tags, from the `tags` property and from `Tags.of()`. */
  public readonly cdkTagManager: TagManager;

  /**
   * Whether the logging configuration is adopted, so that the stack never deletes it.
   *
   * @internal
   */
  public readonly _isAdopted: boolean;

  constructor(scope: Construct, id: string, props: LoggingConfigurationProps) {
    const region = regionOf(scope, id, { region: props.region, existing: props.existingLoggingConfiguration });
    super(scope, id, { physicalName: props.loggingConfigurationName, region });
    Object.defineProperty(this, LOGGING_CONFIGURATION, { value: true });
    const existingArn = props.existingLoggingConfiguration?.loggingConfigurationRef.loggingConfigurationArn;
    validate(this, {
      loggingConfigurationName: LoggingConfigurationName,
      tags: Tags,
      existingLoggingConfiguration: LoggingConfigurationArn,
    }, { ...props, existingLoggingConfiguration: existingArn });
    if (props.existingLoggingConfiguration) {
      mustBeWhere(this, '`existingLoggingConfiguration`', props.existingLoggingConfiguration);
    }
    this._isAdopted = existingArn !== undefined;

    const destination = props.destination.bind(this);
    const name = props.loggingConfigurationName ?? (existingArn ? undefined
      : Names.uniqueResourceName(this, { maxLength: LoggingConfigurationName.maximum, separator: '-', allowedSpecialCharacters: '-_' }));
    this.cdkTagManager = tagManager(this, LOGGING_CONFIGURATION_RESOURCE_TYPE, props.tags);

    const provider = ControlPlaneProvider.of(this);
    provider.allowCreate('LoggingConfiguration', this.env.region);
    const declared = destination.dependable !== undefined;
    provider.logDelivery.allowDelivery(this.env.region, { ...destination, declared });
    const resource: CustomResource = new CustomResource(this, 'Resource', {
      resourceType: LOGGING_CONFIGURATION_RESOURCE_TYPE,
      serviceToken: provider.serviceToken,
      serviceTimeout: provider.serviceTimeout,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
      properties: encodeLoggingConfigurationProperties({
        name,
        destinationConfiguration: this.destinationConfiguration(destination),
        tags: this.cdkTagManager.renderedTags,
        region,
        existingArn,
        deletionPolicy: deletionPolicyOf(() => resource),
      }),
    });
    resource.node.addDependency(provider.logDelivery);
    if (existingArn) resource.node.addDependency(provider.allowAdopt(existingArn));
    if (destination.dependable) resource.node.addDependency(destination.dependable);
    this.loggingConfigurationArn = resource.ref;
    this.loggingConfigurationId = resource.getAttString('Id');
    this.loggingConfigurationName = name ?? resource.getAttString('Name');
    this.loggingConfigurationState = resource.getAttString('State');
  }

  private destinationConfiguration({ bucketName, logGroupName, deliveryStreamName }: LoggingDestinationConfig) {
    const names = { bucketName, logGroupName, deliveryStreamName };
    validate(this, { bucketName: BucketName, logGroupName: LogGroupName, deliveryStreamName: DeliveryStreamName }, names);
    const given = Object.entries(names).filter(([, name]) => name !== undefined).map(([name]) => name);
    if (given.length !== 1) {
      throw new Error(`\`destination\` must have exactly one of ${Object.keys(names).join(', ')}, got ${given.join(', ') || 'none'} (at ${this.node.path})`);
    }
    return {
      s3: bucketName === undefined ? undefined : { bucketName },
      cloudWatchLogs: logGroupName === undefined ? undefined : { logGroupName },
      firehose: deliveryStreamName === undefined ? undefined : { deliveryStreamName },
    };
  }
}
