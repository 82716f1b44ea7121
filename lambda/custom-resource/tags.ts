import { createHash } from 'node:crypto';
import { timeOf, timeText } from './event';
import type { ManagedResource } from './managed-resource';
import type { Live, Properties, Tags } from './resource-kind';
import { isOwnershipTag, ownershipTags } from '../../src/contract/ownership-tags';
import { TagResourceCommand, UntagResourceCommand } from '../client';

/** The last request that marked the resource, and the time of the mark. */
export interface UpdatedBy {
  readonly request: string;
  /** In milliseconds since 1970, like `markedAt`. */
  readonly requestTime: number;
  readonly markedAt: number;
}

/** Reads the tag `updated-by`. */
export function updatedBy(tags: Tags): UpdatedBy | undefined {
  const [requestedAt = '', request = '', markedAt = ''] = (tags[ownershipTags.updatedBy] ?? '').split('/');
  const times = { requestTime: timeOf(requestedAt), markedAt: timeOf(markedAt) };
  return Number.isNaN(times.requestTime + times.markedAt) ? undefined : { request, ...times };
}

/** Returns the tags of the create call. The call includes the owner tag, so every resource always has an owner. */
export function birthTags(resource: ManagedResource, { name, tags = {} }: Properties): Tags {
  const { owner, stack, request, requestedAt } = resource;
  return {
    ...tags,
    [ownershipTags.owner]: owner,
    [ownershipTags.createdBy]: `${stack}/${request}/${requestedAt}/${name}`,
    ...(Object.keys(tags).length > 0 ? { [ownershipTags.tagKeys]: listOf(Object.keys(tags)) } : {}),
  };
}

/** Returns the tag that tells earlier requests that this request changes the resource. */
export function mark({ request, requestedAt, invocation }: ManagedResource): Tags {
  return { [ownershipTags.updatedBy]: `${requestedAt}/${request}/${timeText(invocation.effects.now())}` };
}

/**
 * Returns the tags to restore on a recorded resource that has lost its owner tag.
 *
 * @param userTags the tags of the stack, as far as the request has them
 */
export function lostTags({ owner, stack }: ManagedResource, { tags }: Live, userTags: Tags): Tags {
  return {
    [ownershipTags.owner]: owner,
    [ownershipTags.createdBy]: tags[ownershipTags.createdBy] ?? `${stack}/-/-/`,
    [ownershipTags.tagKeys]: tags[ownershipTags.tagKeys] ?? listOf(Object.keys(userTags)),
  };
}

/** Returns the keys of desired tags that are missing or have another value. */
export function missingTags(actual: Tags, desired: Tags): string[] {
  return Object.keys(desired).filter((key) => !Object.hasOwn(actual, key) || actual[key] !== desired[key]);
}

/**
 * Returns the keys of tags that the stack has set and no longer wants. They are in the former properties, or in the tag
 * `tag-keys` if a failed update has left them. Tags that others have set are kept.
 */
export function obsoleteTags(actual: Tags, former: Tags, desired: Tags): string[] {
  const listed = actual[ownershipTags.tagKeys] ?? '';
  const set = Object.keys(actual).filter((key) => isIn(listed, key));
  return [...new Set([...set, ...Object.keys(former)])]
    .filter((key) => !Object.hasOwn(desired, key) && !key.startsWith('aws:') && !isOwnershipTag(key));
}

/** Changes the tags that the stack has set. `check` runs before each attempt of a write. */
export async function changeTags(
  resource: ManagedResource, current: Live, former: Tags, desired: Tags, check: () => Promise<unknown>,
): Promise<void> {
  const missing = missingTags(current.tags, desired);
  const obsolete = obsoleteTags(current.tags, former, desired);
  if (missing.length + obsolete.length === 0) return;

  if (obsolete.length > 0) await untag(resource, current.arn, obsolete, check);
  // The mark is part of the last write, so the next update can see how recent that write is.
  const tags = Object.fromEntries(missing.map((key) => [key, desired[key]!]));
  await tag(resource, current.arn, () => ({
    ...tags, [ownershipTags.tagKeys]: listOf(Object.keys(desired)), ...mark(resource),
  }), check);
}

export async function tag(
  { invocation, client }: ManagedResource, resourceArn: string, tags: () => Tags, check: () => Promise<unknown>,
): Promise<void> {
  await invocation.call('TagResource', async () => {
    await check();
    await client.send(new TagResourceCommand({ resourceArn, tags: tags() }));
  });
}

export async function untag(
  { invocation, client }: ManagedResource, resourceArn: string, tagKeys: string[], check: () => Promise<unknown>,
): Promise<void> {
  await invocation.call('UntagResource', async () => {
    await check();
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  });
}

/** Returns five characters for each key, so that 46 keys fit into one tag. */
function listOf(keys: readonly string[]): string {
  return keys.map(abbreviated).sort().join('');
}

function isIn(list: string, key: string): boolean {
  const abbreviation = abbreviated(key);
  for (let index = 0; index < list.length; index += abbreviation.length) {
    if (list.startsWith(abbreviation, index)) return true;
  }
  return false;
}

function abbreviated(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 5);
}
