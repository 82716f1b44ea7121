import { timeOf, timeText } from './event';
import type { Live, Tags } from './resource-kind';
import type { Target } from './target';
import { timesOf } from './times';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { TagResourceCommand, UntagResourceCommand } from '../client';

/** The tags that go into the create call, so that nothing is ever without an owner. */
export function birthTags({ owner, born, event }: Target): Tags {
  return { [ownershipTags.owner]: owner, [ownershipTags.request]: event.RequestId, [ownershipTags.born]: born };
}

/** The request whose create made it; `answering` is when that was about to be answered, if it says so. */
export function requestOf(tags: Tags): { request?: string; answering?: number } {
  const [, request, time] = /(.*?)(?:\/([0-9]{8}T[0-9]{6}Z))?$/s.exec(tags[ownershipTags.request] ?? '')!;
  return { request, ...(time ? { answering: timeOf(time) } : {}) };
}

/** Until when its create may have been at work, but for `ANSWER_TIME`. */
export function answering({ tags, createTime }: Live): number {
  return Math.max(createTime, requestOf(tags).answering ?? 0);
}

/**
 * Says on the resource that its create is about to be answered, if that took long: after a crash it does, for example.
 * The delete has no other way of knowing how long ago that was, and so whether another delivery of the create may still
 * believe that it is waited for.
 */
export async function markAnswering({ session, client, event }: Target, { arn, createTime }: Live): Promise<void> {
  const { effects } = session;
  const { answerTime } = timesOf(effects);
  const now = effects.now();
  if (now <= createTime + answerTime) return;
  const tags = { [ownershipTags.request]: `${event.RequestId}/${timeText(now)}` };
  await session.call('TagResource', () => client.send(new TagResourceCommand({ resourceArn: arn, tags })));
  await session.pause(effects.settlingTime); // a delete may follow at once, and has to see it
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
