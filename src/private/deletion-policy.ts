import { CfnDeletionPolicy, Lazy, type CfnResource, type CustomResource } from 'aws-cdk-lib';

/**
 * Returns the DeletionPolicy of a custom resource, for use as a property of the resource. CloudFormation does not send
 * the policy to the function. The property is absent if the policy is `Delete`.
 */
export function deletionPolicyOf(resource: () => CustomResource): string {
  return Lazy.string({
    produce: () => {
      const { deletionPolicy } = (resource().node.defaultChild as CfnResource).cfnOptions;
      return deletionPolicy === CfnDeletionPolicy.DELETE ? undefined : deletionPolicy;
    },
  });
}
