import { CfnDeletionPolicy, Lazy, type CfnResource, type CustomResource } from 'aws-cdk-lib';

/**
 * The DeletionPolicy of a custom resource as a property of it, because CloudFormation does not send the policy to the
 * function. The property is left out for the policy `Delete`.
 */
export function deletionPolicyOf(resource: () => CustomResource): string {
  return Lazy.string({
    produce: () => {
      const { deletionPolicy } = (resource().node.defaultChild as CfnResource).cfnOptions;
      return deletionPolicy === CfnDeletionPolicy.DELETE ? undefined : deletionPolicy;
    },
  });
}
