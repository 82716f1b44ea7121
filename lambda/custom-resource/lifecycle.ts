/**
 * Create, Update and Delete of one resource, whatever its kind, so that nothing is orphaned and nothing living is lost.
 *
 * - What is created carries its owner in the create call; a create is never repeated blindly but looked for first.
 * - An update never changes the physical id and sends the whole desired state.
 * - A delete removes what the stack recorded and what else its own creates left, and nothing of anybody else's.
 */
import { AmbiguousOutcomeError, TagResourceCommand, UntagResourceCommand } from '../client';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { born, type CustomResourceEvent } from './event';
import { standing } from './fence';
import { defaultName, owner, tagsOf } from './ownership';
import type { Live, ResourceKind, Tags } from './resource-kind';
import type { Session } from './session';

const CREATE_ROUNDS = 4;
/** A request that was sent may be carried out this much later. */
const LATE_APPLICATION = 45_000;
const READ_EVERY = 1000;

/** The request can't be carried out, and nothing was done. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export interface Known {
  /** The ARN, as soon as one is known. */
  arn?: string;
  /** False only while it is certain that no create of this invocation can have had an effect. */
  mayExist: boolean;
}

export async function create(session: Session, kind: ResourceKind, event: CustomResourceEvent, known: Known): Promise<Live> {
  const { effects } = session;
  const desired = desiredState(kind, event);
  const tags = { ...desired.tags, ...tagsOf(event, effects.now()) };

  const before = await standing(session, event);
  if (!before.wanted) return lateDuplicate(session, kind, before.status, before.recorded, known);

  let created: Live | undefined;
  let live: Live | undefined;
  for (let round = 0; round < CREATE_ROUNDS && !live; round++) {
    live = (await list(session, kind, desired.name))
      .filter((other) => other.tags[ownershipTags.owner] === tags[ownershipTags.owner] && other.tags[ownershipTags.request] === event.RequestId)
      .sort((a, b) => a.createTime - b.createTime || (a.arn < b.arn ? -1 : 1))[0];
    if (live) break;
    try {
      known.mayExist = true;
      created = live = await session.call(`Create ${kind.arnResource}`, 'when refused for its rate only',
        () => kind.create(effects.client, { ...desired, tags }));
    } catch (error) {
      if (!(error instanceof AmbiguousOutcomeError)) {
        known.mayExist = round > 0 || !isRefusal(error);
        throw error;
      }
      await session.pause(effects.settlingTime);
    }
  }
  if (!live) throw new Error(`the answer to the create request was lost ${CREATE_ROUNDS} times`);
  known.arn = live.arn;

  const after = await standing(session, event);
  const overtaken = after.recorded !== undefined && after.recorded !== live.arn;
  if (created && (overtaken || !after.wanted)) {
    await remove(session, kind, created.arn);
    known.arn = undefined;
    return lateDuplicate(session, kind, after.wanted ? 'it was answered already' : after.status, after.recorded, known);
  }
  return untilShown(session, kind, live.arn, { ...desired, tags });
}

export async function update(session: Session, kind: ResourceKind, event: CustomResourceEvent): Promise<Live> {
  const { client } = session.effects;
  const arn = ownArn(session, kind, event);
  if (!arn) throw new Refused(`the physical id ${JSON.stringify(event.PhysicalResourceId)} is not the ARN of a ${kind.arnResource} of this account and Region`);
  const desired = desiredState(kind, event);
  const wanted = desired.tags ?? {};
  const old = kind.decode(event.OldResourceProperties ?? {}).properties.tags ?? {};

  const actual = (await read(session, kind, arn)).tags;
  await session.call(`Update ${kind.arnResource}`, 'whenever it may help', () => kind.update(client, arn, desired));

  // What was read may be stale, so the tags of the last request count as present as well.
  const differ = (tags: Tags) => Object.entries(wanted).some(([key, value]) => tags[key] !== value);
  if (differ(actual) || (event.OldResourceProperties && differ(old))) {
    await session.call('TagResource', 'whenever it may help', 
      () => client.send(new TagResourceCommand({ resourceArn: arn, tags: { ...wanted } })));
  }
  const surplus = [...new Set([...Object.keys(actual), ...Object.keys(old)])].filter((key) => !Object.hasOwn(wanted, key) && !isKept(key));
  if (surplus.length > 0) {
    await session.call('UntagResource', 'whenever it may help', () => client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: surplus })));
  }

  return untilShown(session, kind, arn, desired);
}

export async function destroy(session: Session, kind: ResourceKind, event: CustomResourceEvent): Promise<void> {
  const { effects } = session;
  const arn = ownArn(session, kind, event);
  const createTime = arn ? await read(session, kind, arn).then((live) => live.createTime, ignoringNotFound) : undefined;
  if (arn) await remove(session, kind, arn);

  const { properties } = kind.decode(event.ResourceProperties);
  const name = typeof properties.name === 'string' && properties.name !== '' ? properties.name : defaultName(event);
  const deleteBorn = born(event, effects.now());
  const sweep = async () => {
    for (const live of await list(session, kind, name)) {
      const mine = live.tags[ownershipTags.owner] === owner(event);
      // A late delivery of this Delete must not touch what a later create of the same resource made.
      const older = (live.tags[ownershipTags.born] ?? '') <= deleteBorn;
      if (mine && older && live.arn !== arn) await remove(session, kind, live.arn);
    }
  };
  await sweep();

  // A create that was cancelled may be running still, and its last request may be carried out later yet.
  const age = event.PhysicalResourceId!.startsWith(NOTHING) ? Infinity : createTime === undefined ? 0 : effects.now() - createTime;
  const wait = effects.settlingTime === 0 ? 0 : LATE_APPLICATION + effects.settlingTime - age;
  if (wait > 0) {
    session.step = 'Waiting for what a cancelled create may still bring';
    await session.pause(wait);
    await sweep();
  }
}

/** The physical id of a create that certainly made nothing. */
export const NOTHING = 'nothing/';
/** The physical id of a create that may have made something. */
export const PENDING = 'pending/';

function desiredState(kind: ResourceKind, event: CustomResourceEvent) {
  const { properties, problems } = kind.decode(event.ResourceProperties);
  if (problems.length > 0) throw new Refused(problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  return { ...properties, name: properties.name || defaultName(event) };
}

/** The physical id, if it is an ARN of this kind in this account and Region; nobody else's is ever touched. */
function ownArn(session: Session, kind: ResourceKind, event: CustomResourceEvent): string | undefined {
  const [, partition, , , account] = event.StackId.split(':');
  const prefix = `arn:${partition}:ivschat:${session.effects.region}:${account}:${kind.arnResource}/`;
  const id = event.PhysicalResourceId ?? '';
  return id.startsWith(prefix) && /^[a-zA-Z0-9-]+$/.test(id.slice(prefix.length)) ? id : undefined;
}

async function lateDuplicate(session: Session, kind: ResourceKind, status: string, recorded: string | undefined, known: Known): Promise<Live> {
  if (!recorded?.startsWith('arn:')) throw new Refused(`CloudFormation no longer waits for this request (${status}); nothing was created`);
  known.arn = recorded;
  return read(session, kind, recorded);
}

function read(session: Session, kind: ResourceKind, arn: string): Promise<Live> {
  return session.call(`Get ${kind.arnResource}`, 'whenever it may help', () => kind.read(session.effects.client, arn));
}

function list(session: Session, kind: ResourceKind, name: string): Promise<Live[]> {
  return session.call(`List ${kind.arnResource}s`, 'whenever it may help', () => kind.list(session.effects.client, name));
}

async function remove(session: Session, kind: ResourceKind, arn: string): Promise<void> {
  await session.call(`Delete ${kind.arnResource}`, 'whenever it may help', () => kind.remove(session.effects.client, arn)).catch(ignoringNotFound);
}

/** Reads until the service shows twice in a row what was asked for: it is eventually consistent. */
async function untilShown(session: Session, kind: ResourceKind, arn: string, desired: { readonly tags?: Tags }): Promise<Live> {
  for (let inARow = 0; ;) {
    const live = await read(session, kind, arn).catch(ignoringNotFound);
    inARow = live && kind.shows(live, desired) ? inARow + 1 : 0;
    if (live && inARow === 2) return live;
    session.step = `Waiting until the service shows the ${kind.arnResource} as asked for`;
    if (inARow === 0) await session.pause(READ_EVERY);
  }
}

function isKept(tagKey: string): boolean {
  return tagKey.startsWith('aws:') || Object.values<string>(ownershipTags).includes(tagKey);
}

function ignoringNotFound(error: unknown): undefined {
  if ((error as Error).name !== 'ResourceNotFoundException') throw error;
}

/** The service said no, and would say so again. */
function isRefusal(error: unknown): boolean {
  return ['ValidationException', 'AccessDeniedException', 'PendingVerification', 'ServiceQuotaExceededException'].includes((error as Error).name);
}
