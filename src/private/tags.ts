import { TagManager, TagType } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { problems } from './validate';
import { Tags } from '../contract/generated/constraints';
import { isOwnershipTag, MAXIMUM_USER_TAGS } from '../contract/ownership-tags';

/**
 * Returns the tag manager of a resource, for the tags of the `tags` property and of `Tags.of()`.
 *
 * The tags are validated at the end of synthesis, when all of them are known.
 */
export function tagManager(scope: Construct, resourceType: string, tags?: { [key: string]: string }): TagManager {
  const manager = new TagManager(TagType.MAP, resourceType, tags, { tagPropertyName: 'Tags' });
  scope.node.addValidation({ validate: () => tagProblems(manager.tagValues()) });
  return manager;
}

function tagProblems(tags: { [key: string]: string }): string[] {
  const reserved = Object.keys(tags).filter((key) => key.startsWith('aws:') || isOwnershipTag(key));
  return [
    ...problems({ tags: { ...Tags, maximum: MAXIMUM_USER_TAGS } }, { tags }),
    ...reserved.map((key) => `\`tags\` must not contain the reserved key ${JSON.stringify(key)}; choose another key`),
  ];
}
