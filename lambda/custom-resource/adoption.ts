import { standing } from './fence';
import type { Live, Properties } from './resource-kind';
import { changeTags } from './tags';
import { Refused, type Target } from './target';
import { untilShown } from './until-shown';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { TagResourceCommand, UntagResourceCommand } from '../client';

/** Takes an existing resource into the stack: nothing is created, and its state becomes the desired one. */
export async function adopt(target: Target, arn: string, desired: Properties): Promise<Live> {
  const { session, kind, client } = target;
  if (!target.ownArn(arn)) throw new Refused(`Adopt must be the ARN of a ${kind.arnResource} of this account in ${target.region}, got ${arn}`);
  const now = await standing(target);
  if (!now.wanted) throw new Refused(`CloudFormation no longer waits for this request (${now.status}); nothing was adopted`);
  const { tags } = await target.read(arn);
  const owner = tags[ownershipTags.owner];
  if (owner !== undefined && owner !== target.owner) {
    throw new Refused(`${arn} belongs to another stack or resource (its tag ${ownershipTags.owner} is ${JSON.stringify(owner)}); `
      + 'if that one has given it up, take the tag off the resource and deploy again');
  }
  const owned = { ...desired, tags: { ...desired.tags, [ownershipTags.owner]: target.owner } };
  // The tag comes first: without it there is no permission to change anything else.
  await session.call('TagResource', () => client.send(new TagResourceCommand({ resourceArn: arn, tags: owned.tags })));
  const live = await session.call(`Update ${kind.arnResource}`, () => kind.update(client, arn, owned));
  await changeTags(target, arn, { ...tags, ...live.tags }, owned.tags);
  return untilShown(target, arn, owned);
}

/** Gives back what could not be adopted. */
export async function release(target: Target, arn: string): Promise<void> {
  const { session, client } = target;
  const found = target.ownArn(arn) && await target.find(arn);
  if (!found || found.tags[ownershipTags.owner] !== target.owner || ownershipTags.born in found.tags) return;
  await session.call('UntagResource', () => client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [ownershipTags.owner] })));
}
