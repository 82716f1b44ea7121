/**
 * The tags by which the custom resource knows what it made: written inside the create call, never taken off.
 *
 * `owner` names the stack and the logical id, `request` the CloudFormation request that created it, `born` when that
 * request was made. IAM policies build on `owner`, so the keys are part of the public contract.
 */
export const ownershipTags = {
  owner: 'cdk-ivs-chat:owner',
  request: 'cdk-ivs-chat:request',
  born: 'cdk-ivs-chat:born',
} as const;

/** How many tags are left to the user. */
export const MAXIMUM_USER_TAGS = 50 - Object.keys(ownershipTags).length;
