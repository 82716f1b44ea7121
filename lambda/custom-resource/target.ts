import { born, type CustomResourceEvent, timeOf } from './event';
import { defaultName, owner } from './ownership';
import type { Live, Properties, ResourceKind } from './resource-kind';
import type { Session } from './session';
import { isOurs, requestOf } from './tags';
import { ownershipTags } from '../../src/contract/ownership-tags';
import { regions } from '../../src/contract/regions';
import type { IvschatClient } from '../client';

/** The request can't be carried out, and nothing was done for it. */
export class Refused extends Error {}

/** What a create of this resource made, and which. */
export interface Made {
  readonly arn: string;
  readonly createTime: number;
  /** Of the request that made it. */
  readonly born: string;
  readonly request?: string;
  readonly state?: string;
}

/** The resource that a request is about: whose it is, where it lives, and the calls that can be made for it. */
export class Target {
  readonly owner: string;
  /** When the request was made, as its tag has it, */
  readonly born: string;
  /** and in milliseconds since 1970. */
  readonly bornAt: number;
  readonly region: string;

  constructor(readonly session: Session, readonly kind: ResourceKind, readonly event: CustomResourceEvent) {
    const { effects } = session;
    this.owner = owner(event);
    this.born = born(event, effects.now());
    this.bornAt = timeOf(this.born);
    this.region = String(event.ResourceProperties.Region ?? effects.region);
  }

  /** Whether there is Amazon IVS Chat in the Region. */
  get isOffered(): boolean {
    return (regions as readonly string[]).includes(this.region);
  }

  get client(): IvschatClient {
    return this.session.effects.client(this.region);
  }

  /** The physical id, if it is an ARN of this kind in this account and Region. No other is ever touched. */
  get arn(): string | undefined {
    return this.ownArn(this.event.PhysicalResourceId);
  }

  ownArn(id: string | undefined): string | undefined {
    const [, partition, , , account] = this.event.StackId.split(':');
    const prefix = `arn:${partition}:ivschat:${this.region}:${account}:${this.kind.arnResource}/`;
    return id?.startsWith(prefix) && /^[a-zA-Z0-9-]{1,64}$/.test(id.slice(prefix.length)) ? id : undefined;
  }

  /** What the template asks for. Throws `Refused` with all that is wrong in it. */
  desired(): Properties {
    if (!this.isOffered) throw new Refused(`Amazon IVS Chat is not offered in ${this.region}; use one of ${regions.join(', ')}`);
    const { properties, problems } = this.kind.decode(this.event.ResourceProperties);
    for (const key of Object.keys(properties.tags ?? {})) {
      if (isOurs(key)) problems.push({ path: `Tags.${key}`, message: 'is a key that the library keeps for itself' });
    }
    if (problems.length > 0) throw new Refused(problems.map(({ path, message }) => `${path} ${message}`).join('; '));
    return { ...properties, name: this.nameOf(properties) };
  }

  /** The name that the properties, of whatever age, give the resource. What was adopted without a new name keeps its own. */
  nameOf({ name, adopt }: Properties): string | undefined {
    return typeof name === 'string' && name !== '' ? name : adopt ? undefined : defaultName(this.event);
  }

  /** Those of the name that creates of this resource made, oldest first. Never what was adopted: that has no birth. */
  async made(name: string): Promise<Made[]> {
    return this.madeOf(await this.list(name), name);
  }

  madeOf(listed: readonly Live[], name: string): Made[] {
    return listed
      .filter((live) => (live.name ?? '') === name && live.tags[ownershipTags.owner] === this.owner && live.tags[ownershipTags.born] !== undefined)
      .map(({ arn, tags, createTime, state }) => ({ arn, createTime, state, born: tags[ownershipTags.born]!, request: requestOf(tags).request }))
      // Stryker disable next-line EqualityOperator: no two have the same ARN
      .sort((a, b) => a.createTime - b.createTime || (a.arn < b.arn ? -1 : 1)); // the same order for everybody
  }

  /** Those of the name, and perhaps others. */
  list(name: string): Promise<Live[]> {
    return this.session.call(`List ${this.kind.arnResource}s`, () => this.kind.list(this.client, name)).catch((error: Error) => {
      if (error.name !== 'ValidationException') throw error;
      return []; // a name that the service does not take is nobody's
    });
  }

  read(arn: string): Promise<Live> {
    return this.session.call(`Get ${this.kind.arnResource}`, () => this.kind.read(this.client, arn));
  }

  /** Like `read`, but nothing where there is nothing. */
  find(arn: string): Promise<Live | undefined> {
    return this.read(arn).catch((error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
      return undefined;
    });
  }

  /** Deletes it. Fine if it is gone already. */
  async remove(arn: string): Promise<void> {
    const { session, kind, client } = this;
    try {
      await session.call(`Delete ${kind.arnResource}`, () => kind.remove(client, arn));
    } catch (error) {
      const { name } = error as Error;
      if (name === 'ResourceNotFoundException') return;
      // IAM allows it only for what carries our tag, which says no as well for what is gone.
      if (name === 'AccessDeniedException' && !(await this.find(arn))) return;
      throw error;
    }
  }
}
