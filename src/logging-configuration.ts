import { ArnFormat, Names, PhysicalName, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import type { CfnResource, IResource, ITaggableV2, TagManager } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { CfnLoggingConfiguration } from 'aws-cdk-lib/aws-ivschat';
import type { ILoggingConfigurationRef, LoggingConfigurationReference } from 'aws-cdk-lib/aws-ivschat';
import type { Construct } from 'constructs';
import {
  BucketName, DeliveryStreamName, LoggingConfigurationArn, LoggingConfigurationID, LoggingConfigurationName,
  LogGroupName, Tags,
} from './contract/generated/constraints';
import {
  encodeLoggingConfigurationProperties, LOGGING_CONFIGURATION_RESOURCE_TYPE, type LoggingConfigurationProperties,
} from './contract/logging-configuration-properties';
import { LoggingConfigurationGrants } from './logging-configuration-grants';
import type { LoggingDestination, LoggingDestinationConfig } from './logging-destination';
import { CustomResource } from './private/custom-resource';
import { regionOf, validateSameEnvironment } from './private/environment';
import { LOGGING_DESTINATION, OBJECT, TEXT } from './private/expectations';
import { metric } from './private/metric';
import { LOGGING_CONFIGURATION_PROPERTIES, PROPERTY_NAMES } from './private/properties';
import { injectProperties } from './private/property-injection';
import { ControlPlaneProvider } from './private/provider/control-plane-provider';
import { provisioningOf } from './private/provisioning';
import { listOfTags, tagManager, validateTags } from './private/tags';
import {
  described, isLookup, validate, validateArgument, validateId, validateProperties, validateScope,
} from './private/validate';
import { Provisioning } from './provisioning';

/**
 * An Amazon IVS Chat logging configuration.
 */
export interface ILoggingConfiguration extends IResource, ILoggingConfigurationRef {
  /**
   * The ARN of the logging configuration.
   *
   * @attribute
   */
  readonly loggingConfigurationArn: string;

  /**
   * The ID of the logging configuration: the last part of the ARN, 12 letters and digits.
   *
   * @attribute
   */
  readonly loggingConfigurationId: string;

  /** The grants for all operations on this logging configuration. */
  readonly grants: LoggingConfigurationGrants;

  /**
   * Grants permission to read the settings, the state and the tags of this logging configuration.
   *
   * @param grantee The principal to grant the permission to.
   */
  grantRead(grantee: iam.IGrantable): iam.Grant;

  /**
   * Returns a metric of this logging configuration. The metric covers all rooms that use the logging configuration.
   *
   * @default - sum over 5 minutes
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Returns a metric for the number of failed log deliveries.
   *
   * @default - sum over 5 minutes
   */
  metricLogDestinationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Returns a metric for the number of log deliveries that failed because the destination denied access.
   *
   * @default - sum over 5 minutes
   */
  metricLogDestinationAccessDeniedError(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Returns a metric for the number of log deliveries that failed because the destination did not exist.
   *
   * @default - sum over 5 minutes
   */
  metricLogDestinationResourceNotFoundErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/**
 * Attributes of an existing logging configuration.
 */
export interface LoggingConfigurationAttributes {
  /** The ARN of the logging configuration, `arn:aws:ivschat:REGION:ACCOUNT:logging-configuration/ID`. */
  readonly loggingConfigurationArn: string;
}

/** The base class of logging configurations in the stack and of imported logging configurations. */
abstract class LoggingConfigurationBase extends Resource implements ILoggingConfiguration {
  public abstract readonly loggingConfigurationArn: string;
  public abstract readonly loggingConfigurationId: string;
  public readonly grants: LoggingConfigurationGrants = LoggingConfigurationGrants.fromLoggingConfiguration(this);

  public get loggingConfigurationRef(): LoggingConfigurationReference {
    return { loggingConfigurationArn: this.loggingConfigurationArn };
  }

  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.grants.read(grantee);
  }

  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    if (options) validateArgument('options', options, OBJECT, this);
    return metric(metricName, { ...this.env, ...options }, 'LoggingConfiguration', this.loggingConfigurationId);
  }

  public metricLogDestinationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('LogDestinationErrors', options);
  }

  public metricLogDestinationAccessDeniedError(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('LogDestinationAccessDeniedError', options);
  }

  public metricLogDestinationResourceNotFoundErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('LogDestinationResourceNotFoundErrors', options);
  }
}

/**
 * Properties for a LoggingConfiguration.
 */
export interface LoggingConfigurationProps {
  /** The destination of the messages and events: an S3 bucket, a log group or a delivery stream. */
  readonly destination: LoggingDestination;

  /**
   * The name of the logging configuration. It can contain up to 128 letters, digits, hyphens and underscores. Two
   * logging configurations can have the same name.
   *
   * @default - a name generated from the path of the construct; an existing logging configuration keeps its name
   */
  readonly loggingConfigurationName?: string;

  /**
   * The tags of the logging configuration. You can set up to 46 tags. A key has 1 to 128 characters and a value has 0
   * to 256 characters. You can add more with `Tags.of(loggingConfiguration)`.
   *
   * @default - no tags, except the tags of the library, which start with `cdk-ivs-chat:`
   */
  readonly tags?: { [key: string]: string };

  /**
   * The Region of the logging configuration. Amazon IVS Chat is available in seven Regions. The rooms and the
   * destination of the logging configuration must be in the same Region. You cannot change the Region of a logging
   * configuration.
   *
   * @default - the Region of the stack
   */
  readonly region?: string;

  /**
   * An existing logging configuration to adopt. The stack does not create a logging configuration, and applies the
   * other properties to the existing one. Keep the property after the deployment. If you remove it, the logging
   * configuration becomes an ordinary logging configuration of the stack, and the stack deletes it according to
   * `removalPolicy`.
   *
   * The stack never deletes an adopted logging configuration. When the logging configuration leaves the stack, or when
   * the deployment that adopted it is rolled back, the library removes its own tags from the logging configuration and
   * does not delete the logging configuration. With `RemovalPolicy.RETAIN`, the tags are retained as well.
   *
   * You cannot adopt a logging configuration that another stack owns. If that stack has retained the logging
   * configuration, remove the tag `cdk-ivs-chat:owner` from the logging configuration first.
   *
   * To move a logging configuration to another construct of the same stack, use three deployments: set `removalPolicy`
   * of the first construct to `RemovalPolicy.RETAIN`, remove the construct, and add the new construct with
   * `existingLoggingConfiguration`.
   *
   * @default - a new logging configuration
   */
  readonly existingLoggingConfiguration?: ILoggingConfigurationRef;

  /**
   * The policy to apply when the logging configuration leaves the stack.
   *
   * An adopted logging configuration is never deleted. `RemovalPolicy.DESTROY` removes the tags of the library from it,
   * and `RemovalPolicy.RETAIN` retains them.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How the logging configuration is provisioned: by a custom resource, or by the CloudFormation type
   * `AWS::IVSChat::LoggingConfiguration`. You cannot change it after the deployment; CloudFormation refuses the change.
   * To move a logging configuration from one to the other, see
   * https://github.com/cdk-ivs-chat/cdk-ivs-chat/blob/main/docs/provisioning.md
   *
   * @default - the value of the context key `cdk-ivs-chat:provisioning`, otherwise Provisioning.CUSTOM_RESOURCE
   */
  readonly provisioning?: Provisioning;
}

const LOGGING_CONFIGURATION = Symbol.for('cdk-ivs-chat.LoggingConfiguration');

/**
 * An Amazon IVS Chat logging configuration. It records the messages and events of the rooms that use it.
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
export class LoggingConfiguration extends LoggingConfigurationBase implements ITaggableV2 {
  /** The identifier of this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ivs-chat.LoggingConfiguration';

  /** Returns whether an object is a `LoggingConfiguration`, including one from another copy of this library. */
  public static isLoggingConfiguration(x: any): x is LoggingConfiguration {
    return x !== null && typeof x === 'object' && LOGGING_CONFIGURATION in x;
  }

  /** Imports an existing logging configuration by its ARN. */
  public static fromLoggingConfigurationArn(
    scope: Construct, id: string, loggingConfigurationArn: string,
  ): ILoggingConfiguration {
    return LoggingConfiguration.fromLoggingConfigurationAttributes(scope, id, { loggingConfigurationArn });
  }

  /** Imports an existing logging configuration in the account and Region of the stack by its ID. */
  public static fromLoggingConfigurationId(
    scope: Construct, id: string, loggingConfigurationId: string,
  ): ILoggingConfiguration {
    const path = validateScope(scope, id);
    validateId(
      'loggingConfigurationId', loggingConfigurationId, LoggingConfigurationID, 'fromLoggingConfigurationArn', path);
    const loggingConfigurationArn = loggingConfigurationArnOf(scope, loggingConfigurationId);
    return LoggingConfiguration.fromLoggingConfigurationAttributes(scope, id, { loggingConfigurationArn });
  }

  /** Imports an existing logging configuration by its attributes. */
  public static fromLoggingConfigurationAttributes(
    scope: Construct, id: string, attrs: LoggingConfigurationAttributes,
  ): ILoggingConfiguration {
    const path = validateScope(scope, id);
    validateArgument('attrs', attrs, OBJECT, path);
    const { loggingConfigurationArn } = attrs;
    validateArgument('loggingConfigurationArn', loggingConfigurationArn, TEXT, path);
    validate(path, { loggingConfigurationArn: LoggingConfigurationArn }, { loggingConfigurationArn });
    // The CDK cannot split the text of a lookup.
    const arn = isLookup(loggingConfigurationArn)
      ? loggingConfigurationArnOf(scope, loggingConfigurationArn) : loggingConfigurationArn;
    const { resourceName } = Stack.of(scope).splitArn(arn, ArnFormat.SLASH_RESOURCE_NAME);

    class Import extends LoggingConfigurationBase {
      public readonly loggingConfigurationArn = arn;
      public readonly loggingConfigurationId = resourceName!;
    }
    return new Import(scope, id, { environmentFromArn: arn });
  }

  public readonly loggingConfigurationArn: string;
  public readonly loggingConfigurationId: string;

  /**
   * The name of the logging configuration.
   *
   * @attribute
   */
  public readonly loggingConfigurationName: string;

  /** The tags of the logging configuration, from the `tags` property and from `Tags.of()`. */
  public readonly cdkTagManager: TagManager;

  /**
   * Whether the logging configuration is adopted, so that the stack never deletes it.
   *
   * @internal
   */
  public readonly _isAdopted: boolean;

  constructor(scope: Construct, id: string, props: LoggingConfigurationProps) {
    const path = validateScope(scope, id);
    props = injectProperties(LoggingConfiguration.PROPERTY_INJECTION_ID, scope, id, props ?? {});
    validateProperties('props', props, LOGGING_CONFIGURATION_PROPERTIES, PROPERTY_NAMES, path);
    validateArgument('destination', props.destination, LOGGING_DESTINATION, path);
    const existing = props.existingLoggingConfiguration;
    const region = regionOf(scope, id, { region: props.region, existing });
    // A name does not identify a logging configuration, so a reference from another environment never needs it.
    const givenName = props.loggingConfigurationName === PhysicalName.GENERATE_IF_NEEDED
      ? undefined : props.loggingConfigurationName;
    super(scope, id, { physicalName: givenName, region });
    Object.defineProperty(this, LOGGING_CONFIGURATION, { value: true });

    const existingArn = existing?.loggingConfigurationRef.loggingConfigurationArn;
    validate(this, { existingLoggingConfiguration: LoggingConfigurationArn }, {
      existingLoggingConfiguration: existingArn,
    });
    if (existing) validateSameEnvironment(this, '`existingLoggingConfiguration`', existing);
    this._isAdopted = existingArn !== undefined;

    const destination = props.destination.bind(this);
    if (!OBJECT.accepts(destination)) {
      throw new Error('`bind` of `destination` must return an object with `bucketName`, `logGroupName` or'
        + ` \`deliveryStreamName\`, got ${described(destination)} (at ${this.node.path})`);
    }
    const generatedName = existingArn ? undefined : Names.uniqueResourceName(this, {
      maxLength: LoggingConfigurationName.maximum,
      separator: '-',
      allowedSpecialCharacters: '-_',
    });
    const name = givenName ?? generatedName;

    const provisioning = provisioningOf(this, {
      provisioning: props.provisioning, region, existing: existing && 'existingLoggingConfiguration',
    });
    const settings = { name, destinationConfiguration: this.destinationConfiguration(destination) };
    let resource: CfnResource;
    if (provisioning === Provisioning.CLOUDFORMATION) {
      const loggingConfiguration = new CfnLoggingConfiguration(this, 'Resource', {
        ...settings, tags: listOfTags(props.tags),
      });
      loggingConfiguration.applyRemovalPolicy(props.removalPolicy, { default: RemovalPolicy.DESTROY });
      validateTags(this, loggingConfiguration.tags, Tags);
      resource = loggingConfiguration;
      this.cdkTagManager = loggingConfiguration.tags;
      this.loggingConfigurationId = loggingConfiguration.attrId;
    } else {
      this.cdkTagManager = tagManager(
        this, [LOGGING_CONFIGURATION_RESOURCE_TYPE, CfnLoggingConfiguration.CFN_RESOURCE_TYPE_NAME], props.tags);
      resource = this.customResource({ ...settings, region, existingArn }, destination, props);
      this.loggingConfigurationId = resource.getAtt('Id').toString();
    }
    if (destination.dependable) resource.node.addDependency(destination.dependable);

    this.loggingConfigurationArn = resource.ref;
    this.loggingConfigurationName = name ?? resource.getAtt('Name').toString();
  }

  private customResource(
    settings: Omit<LoggingConfigurationProperties, 'tags'>,
    destination: LoggingDestinationConfig,
    { removalPolicy }: LoggingConfigurationProps,
  ): CfnResource {
    const provider = ControlPlaneProvider.of(this);
    provider.allowCreate('LoggingConfiguration', this.env.region);
    const declared = destination.dependable !== undefined;
    provider.logDelivery.allowDelivery(this.env.region, { ...destination, declared });
    const resource = new CustomResource(this, {
      type: LOGGING_CONFIGURATION_RESOURCE_TYPE,
      provider,
      removalPolicy,
      properties: (deletionPolicy) => encodeLoggingConfigurationProperties({
        ...settings, tags: this.cdkTagManager.renderTags(), deletionPolicy,
      }),
    });
    resource.node.addDependency(provider.logDelivery);
    const { existingArn } = settings;
    if (existingArn) resource.node.addDependency(provider.allowAdopt(existingArn));
    return resource;
  }

  private destinationConfiguration({ bucketName, logGroupName, deliveryStreamName }: LoggingDestinationConfig) {
    const names = { bucketName, logGroupName, deliveryStreamName };
    validate(this, {
      bucketName: BucketName,
      logGroupName: LogGroupName,
      deliveryStreamName: DeliveryStreamName,
    }, names);

    const given = Object.entries(names).filter(([, name]) => name !== undefined).map(([name]) => name);
    if (given.length !== 1) {
      throw new Error(`\`destination\` must have exactly one of ${Object.keys(names).join(', ')},`
        + ` got ${given.join(', ') || 'none'} (at ${this.node.path})`);
    }
    return {
      s3: bucketName === undefined ? undefined : { bucketName },
      cloudWatchLogs: logGroupName === undefined ? undefined : { logGroupName },
      firehose: deliveryStreamName === undefined ? undefined : { deliveryStreamName },
    };
  }
}

function loggingConfigurationArnOf(scope: Construct, loggingConfigurationId: string): string {
  return Stack.of(scope).formatArn({
    service: 'ivschat', resource: 'logging-configuration', resourceName: loggingConfigurationId,
  });
}
