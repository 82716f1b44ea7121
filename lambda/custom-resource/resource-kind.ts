import type { IvschatClient } from '../client';
import type { Problem } from '../../src/contract/check';

/** What one resource type adds to the protocol, which is the same for all of them. */
export interface ResourceKind<Properties extends { readonly name?: string; readonly tags?: Tags } = { readonly name?: string; readonly tags?: Tags }> {
  /** As in `arn:aws:ivschat:REGION:ACCOUNT:room/ID`. */
  readonly arnResource: 'room' | 'logging-configuration';
  decode(resourceProperties: { readonly [name: string]: unknown }): { properties: Properties; problems: Problem[] };
  create(client: IvschatClient, desired: Properties): Promise<Live>;
  /** Throws `ResourceNotFoundException`. */
  read(client: IvschatClient, arn: string): Promise<Live>;
  /** Sends the whole desired state, so that it does not matter what was before. */
  update(client: IvschatClient, arn: string, desired: Properties): Promise<void>;
  remove(client: IvschatClient, arn: string): Promise<void>;
  /** All that have the name, on all pages. */
  list(client: IvschatClient, name: string): Promise<Live[]>;
  /** Whether what the service shows is what was asked for. */
  shows(live: Live, desired: Properties): boolean;
}

export type Tags = { readonly [key: string]: string };

/** One resource as the service shows it. */
export interface Live {
  readonly arn: string;
  readonly id: string;
  readonly name?: string;
  readonly tags: Tags;
  readonly createTime: number;
  readonly [member: string]: unknown;
}
