import { type CustomResourceEvent, requestTime, timeOf, timeText } from './event';
import { type Invocation, isAccessDenied } from './invocation';
import { createdBy, defaultName, owner, requestKey, stackUuid } from './ownership';
import type { Live, Properties, ResourceKind } from './resource-kind';
import { timingOf } from './timing';
import { isOwnershipTag, ownershipTags } from '../../src/contract/ownership-tags';
import { regions } from '../../src/contract/regions';
import type { IvschatClient } from '../client';

/** The request cannot be carried out. The message has the reason and the remedy. */
export class RefusedError extends Error {}

/** The resource that a request is about: its owner, its Region, and the calls that can be made for it. */
export class ManagedResource {
  readonly owner: string;
  readonly stack: string;
  readonly request: string;
  /** The time of the request in the format of the tags. */
  readonly requestedAt: string;
  /** When the request was made, in milliseconds since 1970. */
  readonly requestTime: number;
  readonly region: string;

  constructor(readonly invocation: Invocation, readonly kind: ResourceKind, readonly event: CustomResourceEvent) {
    const { effects } = invocation;
    this.owner = owner(event);
    this.stack = stackUuid(event);
    this.request = requestKey(event);
    this.requestedAt = requestTime(event) ?? timeText(effects.now());
    this.requestTime = timeOf(this.requestedAt);
    this.region = String(event.ResourceProperties.Region ?? effects.region);
  }

  /** Whether Amazon IVS Chat is available in the Region. */
  get isOffered(): boolean {
    return (regions as readonly string[]).includes(this.region);
  }

  get client(): IvschatClient {
    return this.invocation.effects.client(this.region);
  }

  /** The physical id, if it is an ARN of this kind in this account and Region. No other ARN is ever used. */
  get arn(): string | undefined {
    return this.ownArn(this.event.PhysicalResourceId);
  }

  ownArn(id: string | undefined): string | undefined {
    const [, partition, , , account] = this.event.StackId.split(':');
    const prefix = `arn:${partition}:ivschat:${this.region}:${account}:${this.kind.arnResource}/`;
    return id?.startsWith(prefix) && /^[a-zA-Z0-9-]{1,64}$/.test(id.slice(prefix.length)) ? id : undefined;
  }

  /** The state that the template asks for. Throws `RefusedError` with all problems of the properties. */
  desired(): Properties {
    if (!this.isOffered) {
      throw new RefusedError(`Amazon IVS Chat is not available in ${this.region}; use one of ${regions.join(', ')}`);
    }
    if (requestTime(this.event) === undefined && !this.invocation.effects.isEmulated) {
      throw new RefusedError('the age of the request is not known, because the ResponseURL has no X-Amz-Date '
        + 'and no Expires; nothing was changed');
    }

    const { properties, problems } = this.kind.decode(this.event.ResourceProperties);
    for (const key of Object.keys(properties.tags ?? {})) {
      const message = 'is a key that is reserved for the library';
      if (isOwnershipTag(key)) problems.push({ path: `Tags.${key}`, message });
    }
    if (problems.length > 0) {
      throw new RefusedError(problems.map(({ path, message }) => `${path} ${message}`).join('; '));
    }
    return { ...properties, name: this.nameOf(properties) };
  }

  /**
   * Returns the name of the resource with these properties, which can be of any version. An adopted resource without a
   * name in the template keeps its name.
   */
  nameOf({ name, existingArn }: Properties): string | undefined {
    if (typeof name === 'string' && name !== '') return name;
    return existingArn ? undefined : defaultName(this.event);
  }

  /** Lists the resources of this owner and name, oldest first. Every delivery of a request gets the same order. */
  async list(name: string): Promise<Live[]> {
    const listed = await this.listAll(name);
    return listed
      .filter((live) => (live.name ?? '') === name && live.tags[ownershipTags.owner] === this.owner)
      // Stryker disable next-line EqualityOperator: no two have the same ARN
      .sort((a, b) => a.createTime - b.createTime || (a.arn < b.arn ? -1 : 1));
  }

  private async listAll(name: string): Promise<Live[]> {
    const { invocation, kind, client } = this;
    try {
      return await invocation.call(`List ${kind.arnResource}s`, () => kind.list(client, name));
    } catch (error) {
      if ((error as Error).name !== 'ValidationException') throw error;
      return []; // no resource has a name that the service does not accept
    }
  }

  /** Lists the resources that a create request of this resource made, oldest first. */
  async listCreatedBy(request: string, name: string): Promise<Live[]> {
    return (await this.list(name)).filter(({ tags }) => createdBy(tags)?.request === request);
  }

  read(arn: string): Promise<Live> {
    return this.invocation.call(`Get ${this.kind.arnResource}`, () => this.kind.read(this.client, arn));
  }

  /** Reads the resource. Returns undefined if it does not exist. */
  async find(arn: string): Promise<Live | undefined> {
    try {
      return await this.read(arn);
    } catch (error) {
      if ((error as Error).name !== 'ResourceNotFoundException') throw error;
      return undefined;
    }
  }

  /** Reads the resource, and once more if it is not found, because a read may be older than the resource. */
  async findSurely(arn: string): Promise<Live | undefined> {
    const found = await this.find(arn);
    const { readLag } = timingOf(this.invocation.effects);
    if (found || readLag === 0) return found;
    await this.invocation.pause(readLag);
    return this.find(arn);
  }

  /** Deletes the resource. Succeeds if it does not exist any more. */
  async remove(arn: string): Promise<void> {
    const { invocation, kind, client } = this;
    await invocation.call(`Delete ${kind.arnResource}`, async () => {
      try {
        await kind.remove(client, arn);
      } catch (error) {
        if ((error as Error).name === 'ResourceNotFoundException') return;
        // The IAM condition needs the tags of the resource, so IAM also refuses the call if the resource is gone.
        if (isAccessDenied(error as Error) && !(await this.findSurely(arn))) return;
        throw error;
      }
    });
  }
}
