import type { Tags } from './resource-kind';
import type { Target } from './target';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { TagResourceCommand, UntagResourceCommand } from '../client';

/** The tags that go into the create call, so that nothing is ever without an owner. */
export function birthTags({ owner, born, event }: Target): Tags {
  return { [ownershipTags.owner]: owner, [ownershipTags.request]: event.RequestId, [ownershipTags.born]: born };
}

/** Changes the tags from the actual to the wanted ones. Never touches AWS's own, nor those that say who owns it. */
export async function changeTags({ session, client }: Target, resourceArn: string, actual: Tags, wanted: Tags): Promise<void> {
  const { missing, surplus } = tagDifferences(actual, wanted);
  if (missing.length > 0) {
    const tags = Object.fromEntries(missing.map((key) => [key, wanted[key]!]));
    await session.call('TagResource', () => client.send(new TagResourceCommand({ resourceArn, tags })));
  }
  if (surplus.length > 0) {
    await session.call('UntagResource', () => client.send(new UntagResourceCommand({ resourceArn, tagKeys: surplus })));
  }
}

/** The keys that are not as wanted, and those that are not wanted at all. */
export function tagDifferences(actual: Tags, wanted: Tags): { missing: string[]; surplus: string[] } {
  return {
    missing: Object.keys(wanted).filter((key) => !Object.hasOwn(actual, key) || actual[key] !== wanted[key]),
    surplus: Object.keys(actual).filter((key) => !Object.hasOwn(wanted, key) && !key.startsWith('aws:') && !isOurs(key)),
  };
}

/** Whether the key is one of those that say who owns it. */
export function isOurs(tagKey: string): boolean {
  return Object.values<string>(ownershipTags).includes(tagKey);
}
