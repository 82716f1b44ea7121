/**
 * The tags that the custom resource keeps on the resources it manages. The keys and the beginning of the values are
 * public: IAM policies depend on them, and so do the people who audit them.
 *
 * - `owner` names the construct that a resource belongs to: `STACK/RESOURCE`, the unique id of the stack (the last part
 *   of its ARN) and a hash of the stack and the logical id. The provider of a stack may only change resources whose
 *   owner begins with the id of that stack.
 * - `createdBy` names the request that created the resource: `STACK/REQUEST/TIME/NAME`, where `NAME` is the name that
 *   the resource had then. It is part of the create call and never changes. A resource without it was not created by
 *   this library.
 * - `updatedBy` names the last request that had to make sure that no earlier one is still at work: `TIME/REQUEST`.
 * - `tagKeys` lists the keys of the user's tags that the stack has set, five characters of a hash each. Other tags are
 *   never removed.
 */
export const ownershipTags = {
  owner: 'cdk-ivs-chat:owner',
  createdBy: 'cdk-ivs-chat:created-by',
  updatedBy: 'cdk-ivs-chat:updated-by',
  tagKeys: 'cdk-ivs-chat:tag-keys',
} as const;

/** The maximum number of tags that a user can set: the service allows 50 for each resource. */
export const MAXIMUM_USER_TAGS = 50 - Object.keys(ownershipTags).length;

/** Returns whether the key is one of those that the custom resource keeps for itself. */
export function isOwnershipTag(key: string): boolean {
  return Object.values<string>(ownershipTags).includes(key);
}
