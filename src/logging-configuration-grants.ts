import type { PermissionsOptions } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnLoggingConfiguration } from 'aws-cdk-lib/aws-ivschat';
import type { ILoggingConfigurationRef } from 'aws-cdk-lib/aws-ivschat';

/**
 * Grants on a logging configuration. Works with a `LoggingConfiguration`, an imported one and a `CfnLoggingConfiguration`.
 *
 * @example
 * declare const loggingConfiguration: ivschat.CfnLoggingConfiguration;
 * declare const inventory: lambda.Function;
 * LoggingConfigurationGrants.fromLoggingConfiguration(loggingConfiguration).read(inventory);
 */
export class LoggingConfigurationGrants {
  /** Grants on the given logging configuration. */
  public static fromLoggingConfiguration(loggingConfiguration: ILoggingConfigurationRef): LoggingConfigurationGrants {
    return new LoggingConfigurationGrants(loggingConfiguration);
  }

  private constructor(private readonly loggingConfiguration: ILoggingConfigurationRef) {
  }

  /**
   * Grants the given actions on this logging configuration.
   *
   * @param grantee who may
   * @param actions IAM actions, such as `ivschat:GetLoggingConfiguration`
   * @param options other ARNs than the logging configuration's
   */
  public actions(grantee: iam.IGrantable, actions: string[], options: PermissionsOptions = {}): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: options.resourceArns ?? [CfnLoggingConfiguration.arnForLoggingConfiguration(this.loggingConfiguration)],
    });
  }

  /**
   * Read this logging configuration's settings, state and tags.
   *
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_GetLoggingConfiguration.html
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:GetLoggingConfiguration']);
  }

  /**
   * Read, change, tag and delete this logging configuration. A change made so is drift to the stack that owns it.
   *
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UpdateLoggingConfiguration.html
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, [
      'ivschat:GetLoggingConfiguration',
      'ivschat:UpdateLoggingConfiguration', 'ivschat:DeleteLoggingConfiguration', 'ivschat:TagResource', 'ivschat:UntagResource',
    ]);
  }
}
