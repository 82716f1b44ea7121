import type { Problem } from '../../src/contract/check';
import type { IvschatClient } from '../client';

/** What every kind of resource is described with. */
export interface Properties {
  readonly name?: string;
  readonly tags?: Tags;
  readonly region?: string;
  readonly adopt?: string;
}

/** What one resource type adds to the protocol, which is the same for all of them. */
export interface ResourceKind<Desired extends Properties = Properties> {
  /** As in `arn:aws:ivschat:REGION:ACCOUNT:room/ID`. */
  readonly arnResource: 'room' | 'logging-configuration';
  /** How long to wait between two reads, in milliseconds: the account's rates are 5 and 3 per second. */
  readonly readEvery: number;
  /** What templates read besides `Arn` and `Id`. */
  attributes(live: Live): { readonly [name: string]: string };
  decode(resourceProperties: { readonly [name: string]: unknown }): { properties: Desired; problems: Problem[] };
  create(client: IvschatClient, desired: Desired): Promise<Live>;
  /** Throws `ResourceNotFoundException`. */
  read(client: IvschatClient, arn: string): Promise<Live>;
  /** Sends the whole desired state, so that it does not matter what was before. */
  update(client: IvschatClient, arn: string, desired: Desired): Promise<Live>;
  /** Throws `ResourceNotFoundException`, and `ConflictException` if something uses it. */
  remove(client: IvschatClient, arn: string): Promise<void>;
  /** All that have the name, on all pages; and others, where the service does not filter. */
  list(client: IvschatClient, name: string): Promise<Live[]>;
  /** Which settings the service shows otherwise than they were asked for. Tags aside. */
  differences(live: Live, desired: Desired): string[];
}

export type Tags = { readonly [key: string]: string };

/** One resource as the service shows it. */
export interface Live {
  readonly arn: string;
  readonly id: string;
  readonly name?: string;
  readonly tags: Tags;
  readonly createTime: number;
  /** Where the service says how far it is with the resource: on its way, ready to be used, or failed for good. */
  readonly state?: string;
  readonly [member: string]: unknown;
}

/** An answer came, but not all of it: it tells as little as none. */
export class IncompleteAnswer extends Error {
  override readonly name = 'TimeoutError'; // what is repeated for a lost answer is repeated for this one
}

/** What the service's answer shows. */
export function live(answer: { arn?: string; id?: string; createTime?: Date; tags?: Record<string, string>; name?: string; state?: string }): Live {
  const { arn, id, createTime, tags = {} } = answer;
  if (!arn || !id || !createTime) throw new IncompleteAnswer('the service\'s answer has no arn, id or createTime');
  return { ...answer, arn, id, tags, createTime: createTime.getTime() };
}
