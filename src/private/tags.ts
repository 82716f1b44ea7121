import { TagManager, TagType, type CfnTag } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { problems } from './validate';
import { Tags } from '../contract/generated/constraints';
import { isOwnershipTag, MAXIMUM_USER_TAGS } from '../contract/ownership-tags';
import type { Shape } from '../contract/shape';

const CUSTOM_RESOURCE_TAGS = { ...Tags, maximum: MAXIMUM_USER_TAGS };

/**
 * Returns the tag manager of a resource, for the tags of the `tags` property and of `Tags.of()`.
 *
 * The tags are validated at the end of synthesis, when all of them are known.
 *
 * @param resourceTypes The types by which `Tags.of()` can include and exclude the resource.
 */
export function tagManager(scope: Construct, resourceTypes: string[], tags?: { [key: string]: string }): TagManager {
  const manager = new ResourceTags(resourceTypes, tags ?? undefined);
  validateTags(scope, manager, CUSTOM_RESOURCE_TAGS);
  return manager;
}

/** Validates the tags at the end of synthesis. */
export function validateTags(scope: Construct, manager: TagManager, shape: Shape, fix = ''): void {
  scope.node.addValidation({ validate: () => tagProblems(manager.tagValues(), shape, fix) });
}

/** Returns tags in the format of a `CfnResource`. */
export function listOfTags(tags: { [key: string]: string } | undefined): CfnTag[] {
  return Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));
}

class ResourceTags extends TagManager {
  constructor(private readonly resourceTypes: string[], tags?: { [key: string]: string }) {
    super(TagType.MAP, resourceTypes[0]!, tags);
  }

  applyTagAspectHere(include: string[] = [], exclude: string[] = []): boolean {
    const isIn = (types: string[]) => this.resourceTypes.some((type) => types.includes(type));
    return !isIn(exclude) && (include.length === 0 || isIn(include));
  }
}

function tagProblems(tags: { [key: string]: string }, shape: Shape, fix: string): string[] {
  const reserved = Object.keys(tags).filter((key) => key.startsWith('aws:') || isOwnershipTag(key));
  return [
    ...problems({ tags: shape }, { tags }).map((problem) => problem + fix),
    ...reserved.map((key) => `\`tags\` must not contain the reserved key ${JSON.stringify(key)}; choose another key`),
  ];
}
