import type { PermissionsOptions } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { CfnLoggingConfiguration } from 'aws-cdk-lib/aws-ivschat';
import type { ILoggingConfigurationRef } from 'aws-cdk-lib/aws-ivschat';
import { LOGGING_CONFIGURATION } from './private/expectations';
import { grant } from './private/grant';
import { validateArgument } from './private/validate';

/**
 * Grants for all operations on a logging configuration. You can use it with a `LoggingConfiguration`, an imported
 * logging configuration or a `CfnLoggingConfiguration`.
 *
 * @example
 * declare const loggingConfiguration: ivschat.CfnLoggingConfiguration;
 * declare const inventory: lambda.Function;
 * LoggingConfigurationGrants.fromLoggingConfiguration(loggingConfiguration).read(inventory);
 */
export class LoggingConfigurationGrants {
  /** Creates the grants of a logging configuration. */
  public static fromLoggingConfiguration(loggingConfiguration: ILoggingConfigurationRef): LoggingConfigurationGrants {
    validateArgument('loggingConfiguration', loggingConfiguration, LOGGING_CONFIGURATION);
    return new LoggingConfigurationGrants(loggingConfiguration);
  }

  private constructor(private readonly loggingConfiguration: ILoggingConfigurationRef) {
  }

  /**
   * Grants permission for the given actions on this logging configuration.
   *
   * @param grantee The principal to grant the permission to.
   * @param actions The IAM actions, such as `ivschat:GetLoggingConfiguration`.
   * @param options The options of the grant, such as ARNs to use instead of the ARN of the logging configuration.
   */
  public actions(grantee: iam.IGrantable, actions: string[], options?: PermissionsOptions): iam.Grant {
    return grant({
      kind: 'logging configuration',
      arn: CfnLoggingConfiguration.arnForLoggingConfiguration(this.loggingConfiguration),
      construct: this.loggingConfiguration,
    }, grantee, actions, options);
  }

  /**
   * Grants permission to read the settings, the state and the tags of this logging configuration.
   *
   * @param grantee The principal to grant the permission to.
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_GetLoggingConfiguration.html
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:GetLoggingConfiguration']);
  }

  /**
   * Grants permission to read, change, tag and delete this logging configuration. Changes made through this grant
   * appear as drift in the stack that owns the logging configuration.
   *
   * @param grantee The principal to grant the permission to.
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UpdateLoggingConfiguration.html
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, [
      'ivschat:GetLoggingConfiguration',
      'ivschat:UpdateLoggingConfiguration',
      'ivschat:DeleteLoggingConfiguration',
      'ivschat:TagResource',
      'ivschat:UntagResource',
    ]);
  }
}
