/**
 * The tags that the custom resource sets on the resources that it manages. The keys and the prefixes of the values are
 * public, because IAM policies and audits depend on them.
 *
 * - `owner` identifies the construct that owns the resource. Its value is `STACK/RESOURCE`: the unique ID of the stack
 *   (the last part of the stack ARN), and a hash of the stack and the logical ID. The provider of a stack can change a
 *   resource only if the value starts with the ID of that stack.
 * - `createdBy` identifies the request that created the resource. Its value is `STACK/REQUEST/TIME/NAME`, and `NAME` is
 *   the name of the resource at that time. The create call sets the tag, and the tag never changes. A resource without
 *   it was not created by this library.
 * - `updatedBy` identifies the last request that waited for earlier requests to end. Its value is `TIME/REQUEST`.
 * - `tagKeys` lists the keys of the user tags that the stack has set, as five characters of a hash each. Other tags are
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

/** Returns whether the custom resource reserves a tag key. */
export function isOwnershipTag(key: string): boolean {
  return Object.values<string>(ownershipTags).includes(key);
}
