/**
 * Create, Update and Delete of one resource, whatever its kind, so that nothing is orphaned and nothing living is lost.
 *
 * - What is created carries its owner in the create call. A create is sent only while CloudFormation waits for it, and
 *   repeated only when what the last one made would have been found.
 * - An update never changes the physical id and sends the whole desired state.
 * - A delete removes what the stack recorded and what else its own creates made, once no more can come; never what
 *   somebody else made, nor what a later create of the same resource made.
 */
import { type Overtaken, standing } from './fence';
import { IncompleteAnswer, type Live, type Properties, type Tags } from './resource-kind';
import { Refused, type Target } from './target';
import { FRESHNESS, timesOf } from './times';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { AmbiguousOutcomeError, TagResourceCommand, UntagResourceCommand } from '../client';

const LOOK_EVERY = 3000;
/** A failed state may be one of the past, which a read of an instant ago still shows; after so many reads it is not. */
const SURELY = 5;

/** The physical id of a create that made nothing, whoever tries it and how often. */
export const NOTHING = 'nothing/';
/** The physical id of a create that may have made something. */
export const PENDING = 'pending/';

/** What is to be told if a create fails. */
export interface Known {
  /** Starts as `NOTHING`, becomes `PENDING` before anything can be made, and the ARN as soon as one is known. */
  id: string;
}

export async function create(target: Target, known: Known): Promise<Live> {
  const desired = target.desired();
  if (desired.adopt !== undefined) return adopt(target, desired.adopt, desired);

  known.id = PENDING;
  const tags = { ...desired.tags, ...birthTags(target) };
  const { arn, createdHere, late } = await findOrCreate(target, { ...desired, tags });
  known.id = arn;
  if (late) return late;

  // Cancelled or answered meanwhile? Then nobody will ever know of what was created here. What was found and not created
  // here may be just what the other delivery of this request answered with, so it stays.
  if (createdHere) {
    const now = await standing(target);
    if (!now.wanted && now.recorded !== arn) {
      known.id = PENDING;
      await target.remove(arn);
      return tooLate(target, now, desired.name!);
    }
  }
  return untilShown(target, arn, { ...desired, tags });
}

interface Found {
  readonly arn: string;
  readonly createdHere?: boolean;
  /** Nobody waits for it any more. */
  readonly late?: Live;
}

async function findOrCreate(target: Target, desired: Properties): Promise<Found> {
  const { session, kind, client } = target;
  const { effects } = session;
  const { untilListed } = timesOf(effects);
  for (let attempt = 0, looked = -Infinity; ; attempt++) {
    if (effects.now() - looked >= FRESHNESS) {
      const now = effects.now();
      const answer = await standing(target);
      if (!answer.wanted) {
        const late = await tooLate(target, answer, desired.name!);
        return { arn: late.arn, late };
      }
      const found = await madeByThisRequest(target, desired.name!);
      if (found) return { arn: found };
      looked = now;
      if (effects.now() - looked >= FRESHNESS) continue; // that took long: look again, or the create would come too late
    }
    const sent = effects.now();
    try {
      const { arn } = await session.once(`Create ${kind.arnResource}`, () => kind.create(client, desired));
      return { arn, createdHere: true };
    } catch (error) {
      if (error instanceof AmbiguousOutcomeError || error instanceof IncompleteAnswer) {
        // It may have been carried out, or be yet to be. Until that is certain, another one might make a second.
        do {
          await session.pause(Math.min(LOOK_EVERY, untilListed));
          const found = await madeByThisRequest(target, desired.name!);
          if (found) return { arn: found, createdHere: true };
        } while (effects.now() < sent + untilListed);
        looked = -Infinity;
      } else {
        if (!session.mayPass(error as Error)) throw error;
        await session.backOff(attempt, error as Error);
      }
    }
  }
}

/** What this very request has made already: the oldest, so that all its deliveries choose the same. */
async function madeByThisRequest(target: Target, name: string): Promise<string | undefined> {
  const made = await target.made(name);
  const mine = made.find(({ request }) => request === target.event.RequestId);
  for (const other of made) {
    if (other.request === target.event.RequestId) continue;
    if (other.born > target.born) throw new Refused('a later request has created it already; nothing was created');
    // It was made for an earlier incarnation of the resource, and CloudFormation creates only what it no longer has.
    if (other.born < target.born) await target.remove(other.arn);
  }
  return mine?.arn;
}

/**
 * Nobody waits for the answer any more, and what CloudFormation has recorded will stay: what else this request made can go.
 * Gives what is recorded.
 */
async function tooLate(target: Target, { status, recorded }: Overtaken, name: string): Promise<Live> {
  const arn = target.ownArn(recorded);
  for (const made of await target.made(name)) {
    if (made.request === target.event.RequestId && made.arn !== arn) await target.remove(made.arn);
  }
  const live = arn && await target.find(arn);
  if (!live) throw new Refused(`CloudFormation no longer waits for this request (${status}); nothing was created`);
  return live;
}

/** Takes an existing resource into the stack: nothing is created, and its state becomes the desired one. */
async function adopt(target: Target, arn: string, desired: Properties): Promise<Live> {
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

export async function update(target: Target): Promise<Live> {
  const { session, kind, client, event, arn } = target;
  if (!arn) {
    throw new Refused(`${JSON.stringify(event.PhysicalResourceId)} is not a ${kind.arnResource} of this account in ${target.region}; `
      + 'to move one to another Region, give the construct another id');
  }
  const desired = target.desired();
  if (desired.adopt !== undefined && desired.adopt !== arn) {
    throw new Refused(`it is ${arn} and can't become ${desired.adopt}; to adopt another one, give the construct another id`);
  }
  const now = await standing(target);
  if (!now.wanted) throw new Refused(`CloudFormation no longer waits for this request (${now.status}); nothing was updated`);

  const live = await session.call(`Update ${kind.arnResource}`, () => kind.update(client, arn, desired)).catch(async (error) => {
    // IAM allows it only for what carries our tag, which says no as well for what is gone.
    if (error.name === 'AccessDeniedException') await target.read(arn);
    throw error;
  });

  // What the service answers with may be stale, so the tags of the last request count as present as well.
  const before = kind.decode(event.OldResourceProperties ?? {}).properties;
  const oldTags = typeof before.tags === 'object' ? before.tags : {};
  const stillThere = Object.fromEntries(Object.entries(oldTags).filter(([key, value]) => desired.tags?.[key] !== value));
  await changeTags(target, arn, { ...live.tags, ...stillThere }, desired.tags ?? {});

  // What else this resource's creates made is found by its name, and the old name will be forgotten.
  const oldName = target.nameOf(before);
  if (oldName !== undefined && oldName !== desired.name && event.OldResourceProperties) {
    await sweep(target, oldName, live.createTime + timesOf(session.effects).untilNothingMoreComes);
  }
  return untilShown(target, arn, desired);
}

export async function destroy(target: Target): Promise<void> {
  const { session, kind, event, arn } = target;
  const { effects } = session;
  const { properties } = kind.decode(event.ResourceProperties);
  if (typeof properties.adopt === 'string' && !arn) return release(target, properties.adopt);
  if (event.PhysicalResourceId?.startsWith(NOTHING)) return;

  const found = arn && await target.find(arn);
  const owner = found ? found.tags[ownershipTags.owner] : undefined;
  if (arn && (owner === undefined || owner === target.owner)) await target.remove(arn);

  const name = target.nameOf(properties);
  if (name !== undefined) {
    // A create that was cancelled, or another delivery of the one that was answered, may be at work still.
    const ended = Math.min(target.bornAt, found ? found.createTime : Infinity);
    await sweep(target, name, ended + timesOf(effects).untilNothingMoreComes).catch((error: Error) => {
      // Creates look before they create, so where looking is not allowed nothing was created.
      if (arn || !['AccessDeniedException', 'PendingVerification'].includes(error.name)) throw error;
    });
  }

  // A later create is told apart by its second of birth, so this request must not end in its own.
  if (effects.settlingTime > 0) await session.pause(Math.max(0, target.bornAt + 1000 - effects.now()));
}

/** Gives back what could not be adopted. */
async function release(target: Target, arn: string): Promise<void> {
  const { session, client } = target;
  const found = target.ownArn(arn) && await target.find(arn);
  if (!found || found.tags[ownershipTags.owner] !== target.owner || ownershipTags.born in found.tags) return;
  await session.call('UntagResource', () => client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [ownershipTags.owner] })));
}

/** Removes all that creates of this resource made, up to this request: now, and when no more can come. */
async function sweep(target: Target, name: string, until: number): Promise<void> {
  const { session } = target;
  const once = async () => {
    for (const { arn, born } of await target.made(name)) {
      if (born <= target.born && arn !== target.arn) await target.remove(arn);
    }
  };
  await once();
  if (until > session.effects.now()) {
    session.step = 'Waiting for what a create that is still on its way may bring';
    await session.pause(until - session.effects.now());
    await once();
  }
}

/** Changes the tags from the actual to the wanted ones. Never touches AWS's own, nor those that say who owns it. */
async function changeTags({ session, client }: Target, resourceArn: string, actual: Tags, wanted: Tags): Promise<void> {
  const missing = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => !Object.hasOwn(actual, key) || actual[key] !== value));
  const surplus = Object.keys(actual).filter((key) => !Object.hasOwn(wanted, key) && !isKept(key));
  if (Object.keys(missing).length > 0) {
    await session.call('TagResource', () => client.send(new TagResourceCommand({ resourceArn, tags: missing })));
  }
  if (surplus.length > 0) {
    await session.call('UntagResource', () => client.send(new UntagResourceCommand({ resourceArn, tagKeys: surplus })));
  }
}

/** Reads until the service shows twice in a row what was asked for: it is eventually consistent. */
async function untilShown(target: Target, arn: string, desired: Properties): Promise<Live> {
  const { session, kind } = target;
  for (let right = 0, failed = 0; ;) {
    const live = await target.find(arn);
    const differences = live ? [...kind.differences(live, desired), ...tagDifferences(live.tags, desired.tags ?? {})] : ['it'];
    right = differences.length === 0 ? right + 1 : 0;
    if (live && right === 2) return live;
    failed = live?.state?.endsWith('_FAILED') ? failed + 1 : 0;
    if (failed === SURELY) throw new Error(`the service says of ${arn}: ${live!.state}`);
    if (right === 0) {
      session.step = `Waiting until the service shows ${differences.join(', ')} as asked for`;
      await session.pause(kind.readEvery * (0.75 + session.effects.random() / 2));
    }
  }
}

function tagDifferences(actual: Tags, wanted: Tags): string[] {
  const wrong = Object.keys(wanted).filter((key) => !Object.hasOwn(actual, key) || actual[key] !== wanted[key]);
  const surplus = Object.keys(actual).filter((key) => !Object.hasOwn(wanted, key) && !isKept(key));
  return [...wrong, ...surplus].map((key) => `the tag ${key}`);
}

function isKept(tagKey: string): boolean {
  return tagKey.startsWith('aws:') || Object.values<string>(ownershipTags).includes(tagKey);
}

function birthTags({ owner, born, event }: Target): Tags {
  return { [ownershipTags.owner]: owner, [ownershipTags.request]: event.RequestId, [ownershipTags.born]: born };
}
