/**
 * The tags by which the custom resource knows what it made or adopted: written inside the create call, never taken off.
 *
 * `owner` is `STACK/RESOURCE`: the stack's unique id (the last part of its ARN) and a hash of stack and logical id.
 * `request` is the CloudFormation request that created it, with `/` and the time of the answer where that took long; `born`
 * is when that request was made. IAM policies build on
 * `owner`: the provider of a stack may change only what begins with that stack's id. So the keys and that beginning are
 * part of the public contract.
 */
export const ownershipTags = {
  owner: 'cdk-ivs-chat:owner',
  request: 'cdk-ivs-chat:request',
  born: 'cdk-ivs-chat:born',
} as const;

/** How many tags are left to the user. */
export const MAXIMUM_USER_TAGS = 50 - Object.keys(ownershipTags).length;
