import { TagManager, TagType } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { problems } from './validate';
import { Tags } from '../contract/constraints';
import { MAXIMUM_USER_TAGS, ownershipTags } from '../contract/ownership-tags';

/** The tags of a resource, from its `tags` property and from `Tags.of()`; checked when all of them are known. */
export function tagManager(scope: Construct, resourceType: string, tags: { [key: string]: string } | undefined): TagManager {
  const manager = new TagManager(TagType.MAP, resourceType, tags, { tagPropertyName: 'Tags' });
  scope.node.addValidation({ validate: () => tagProblems(manager.tagValues()) });
  return manager;
}

function tagProblems(tags: { [key: string]: string }): string[] {
  const reserved = Object.keys(tags).filter((key) => key.startsWith('aws:') || Object.values<string>(ownershipTags).includes(key));
  return [
    ...problems({ tags: { ...Tags, maximum: MAXIMUM_USER_TAGS } }, { tags }),
    ...reserved.map((key) => `\`tags\` must not have the key ${JSON.stringify(key)}, which is reserved; choose another`),
  ];
}
