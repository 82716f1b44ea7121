import { Resource } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { ILoggingConfigurationRef, LoggingConfigurationReference } from 'aws-cdk-lib/aws-ivschat';
import { LoggingConfigurationGrants } from './logging-configuration-grants';
import { metric } from './private/metric';

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
   * The id of the logging configuration, the last part of its ARN: 12 letters and digits.
   *
   * @attribute
   */
  readonly loggingConfigurationId: string;

  /** Grants for every operation that a logging configuration has. */
  readonly grants: LoggingConfigurationGrants;

  /** Lets the grantee read this logging configuration's settings, state and tags. */
  grantRead(grantee: iam.IGrantable): iam.Grant;

  /**
   * A metric of this logging configuration, over all rooms that use it.
   *
   * @default - sum over 5 minutes
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How often logs could not be delivered, for whatever reason.
   *
   * @default - sum over 5 minutes
   */
  metricLogDestinationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How often the destination did not let the logs in.
   *
   * @default - sum over 5 minutes
   */
  metricLogDestinationAccessDeniedError(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How often the destination was not there.
   *
   * @default - sum over 5 minutes
   */
  metricLogDestinationResourceNotFoundErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/**
 * What a logging configuration of the stack and an imported one have in common.
 *
 * @internal
 */
export abstract class LoggingConfigurationBase extends Resource implements ILoggingConfiguration {
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
    return metric(metricName, 'Sum', { ...this.env, ...options }, { LoggingConfiguration: this.loggingConfigurationId });
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
