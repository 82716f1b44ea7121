/**
 * Create, Update and Delete of one resource, whatever its kind, so that nothing is orphaned and nothing living is lost.
 *
 * - What is created carries its owner in the create call. A create is sent only while CloudFormation waits for it, and
 *   repeated only when what the last one made would have been found.
 * - An update never changes the physical id and sends the whole desired state.
 * - A delete removes what the stack recorded and what else its own creates made, once no more can come; never what
 *   somebody else made, nor what a later create of the same resource made.
 */
import { adopt, release } from './adoption';
import { type Overtaken, standing } from './fence';
import { IncompleteAnswer, type Live, type Properties } from './resource-kind';
import { answering, birthTags, changeTags, markAnswering } from './tags';
import { Refused, type Target } from './target';
import { FRESHNESS, timesOf } from './times';
import { untilGone, untilShown } from './until-shown';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { AmbiguousOutcomeError } from '../client';

const LOOK_EVERY = 3000;
/** The physical id of a create that made nothing, whoever tries it and how often. */
export const NOTHING = 'nothing/';
/** The physical id of a create that may have made something. */
export const PENDING = 'pending/';

/** What is to be told if a create fails. */
export interface Known {
  /**
   * Starts as `NOTHING`, becomes `PENDING` before anything can be made. Never an ARN: a delete believes of a room
   * that has one as recorded that its create was answered soon, or says on the room when.
   */
  id: string;
}

export async function create(target: Target, known: Known): Promise<Live> {
  const desired = target.desired();
  if (desired.adopt !== undefined) return adopt(target, desired.adopt, desired);

  known.id = PENDING;
  const { arn, createdHere, late } = await findOrCreate(target, { ...desired, tags: { ...desired.tags, ...birthTags(target) } });
  if (late) return late;

  // Cancelled or answered meanwhile? Then nobody will ever know of what was created here. What was found and not created
  // here may be just what the other delivery of this request answered with, so it stays.
  if (createdHere) {
    const now = await standing(target);
    if (!now.wanted && now.recorded !== arn) {
      await target.remove(arn);
      return tooLate(target, now, desired.name!);
    }
  }
  const shown = await untilShown(target, arn, desired);
  await markAnswering(target, shown);
  return shown;
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
    while (effects.now() - looked >= FRESHNESS) { // again if looking takes that long, or the create would come too late
      const now = effects.now();
      const answer = await standing(target);
      if (!answer.wanted) {
        const late = await tooLate(target, answer, desired.name!);
        return { arn: late.arn, late };
      }
      const found = await madeByThisRequest(target, desired.name!);
      if (found) return { arn: found };
      looked = now;
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
          // Stryker disable next-line EqualityOperator: a millisecond more or less is no difference
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
  const mine = made.find(({ request, state }) => request === target.event.RequestId && state !== 'DELETING');
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
    await nowAndInTheEnd(target, answering(live) + timesOf(session.effects).untilNothingMoreComes, () => sweep(target, oldName));
  }
  return untilShown(target, arn, desired);
}

export async function destroy(target: Target): Promise<void> {
  const { session, kind, event, arn } = target;
  const { effects } = session;
  const { untilNothingMoreComes } = timesOf(effects);
  const { properties } = kind.decode(event.ResourceProperties);
  if (!target.isOffered) return; // so nothing was ever created
  const refused = event.PhysicalResourceId?.startsWith(NOTHING);
  if (typeof properties.adopt === 'string' && !arn) {
    return nowAndInTheEnd(target, refused ? 0 : target.bornAt + untilNothingMoreComes, () => release(target, properties.adopt!));
  }
  if (refused) return;

  const found = arn ? await target.find(arn) : undefined;
  const owner = found?.tags[ownershipTags.owner];
  const ours = arn && (owner === undefined || owner === target.owner);
  if (ours) await target.remove(arn);

  const name = target.nameOf(properties);
  // What has a state is deleted some time after the call, or not at all. The list that is read anyway shows that.
  let left = found?.state === undefined ? [] : [arn!];
  if (name !== undefined) {
    // A create that was cancelled, or another delivery of the one that was answered, may be at work still.
    const ended = Math.min(target.bornAt, found ? answering(found) : Infinity);
    const tidyUp = async () => { left = await sweep(target, name); };
    await nowAndInTheEnd(target, ended + untilNothingMoreComes, tidyUp).catch((error: Error) => {
      // Creates look before they create, so where looking is not allowed nothing was created.
      if (arn || !['AccessDeniedException', 'PendingVerification'].includes(error.name)) throw error;
    });
  }
  for (const one of left) if (ours || one !== arn) await untilGone(target, one);

  // A later create is told apart by its second of birth, so this request must not end in its own.
  if (effects.settlingTime > 0) await session.pause(Math.max(0, target.bornAt + 1000 - effects.now()));
}

/** Removes all that creates of this resource made, up to this request. Gives what was there, itself too, and is gone only when its state says so. */
async function sweep(target: Target, name: string): Promise<string[]> {
  const listed = await target.list(name);
  const removed = [target.arn];
  for (const { arn, born } of target.madeOf(listed, name)) {
    if (born > target.born || arn === target.arn) continue;
    await target.remove(arn);
    removed.push(arn);
  }
  return listed.filter(({ arn, state }) => state !== undefined && removed.includes(arn)).map(({ arn }) => arn);
}

/** Tidies up at once, and once more when the time is over in which something can still come. */
async function nowAndInTheEnd(target: Target, end: number, tidyUp: () => Promise<unknown>): Promise<void> {
  const { session } = target;
  await tidyUp();
  // Stryker disable next-line EqualityOperator: to wait for nothing is no difference
  if (end > session.effects.now()) {
    session.step = 'Waiting for what a create that is still on its way may bring';
    await session.pause(end - session.effects.now());
    await tidyUp();
  }
}
