import { CfnDeletionPolicy, CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { TemplateProperties } from '../contract/template-properties';
import { ControlPlaneProvider } from './provider/control-plane-provider';

export interface CustomResourceProps {
  readonly type: string;
  readonly provider: ControlPlaneProvider;
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Returns the properties of the resource. It is called during synthesis, so the properties need no lazy values.
   *
   * @param deletionPolicy The DeletionPolicy of the resource, for use as a property. CloudFormation does not send the
   * policy to the function. The property is absent if the policy is `Delete`.
   */
  properties(deletionPolicy?: string): TemplateProperties;
}

/**
 * The resource of a room or a logging configuration in the template.
 *
 * It is not a `CustomResource` of the CDK, because that construct is not a `CfnResource`. The default child of a
 * construct must be one, for `applyRemovalPolicy` and for escape hatches. The logical ID is the same.
 */
export class CustomResource extends CfnResource {
  constructor(scope: Construct, private readonly props: CustomResourceProps) {
    super(scope, 'Resource', { type: props.type });
    this.applyRemovalPolicy(props.removalPolicy, { default: RemovalPolicy.DESTROY });
  }

  protected get cfnProperties(): { [key: string]: any } {
    const { provider, properties } = this.props;
    const { deletionPolicy } = this.cfnOptions;
    return {
      ServiceToken: provider.serviceToken,
      ServiceTimeout: provider.serviceTimeout,
      ...properties(deletionPolicy === CfnDeletionPolicy.DELETE ? undefined : deletionPolicy),
    };
  }

  /** Keeps the DeletionPolicy property the same as a policy that an escape hatch sets. */
  addOverride(path: string, value: any): void {
    if (path === 'DeletionPolicy') this.cfnOptions.deletionPolicy = value;
    super.addOverride(path, value);
  }
}
