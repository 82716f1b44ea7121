import type { Problem } from '../../src/contract/check';
import type { IvschatClient } from '../client';

/** The properties that both resource types have. */
export interface Properties {
  readonly name?: string;
  readonly tags?: Tags;
  readonly region?: string;
  readonly existingArn?: string;
  readonly deletionPolicy?: string;
}

/** The operations of one resource type. Both resource types follow the same protocol. */
export interface ResourceKind<Desired extends Properties = Properties> {
  /** The resource type in the ARN, such as `room` in `arn:aws:ivschat:REGION:ACCOUNT:room/ID`. */
  readonly arnResource: 'room' | 'logging-configuration';
  /** Time between two reads, in milliseconds. An account can read 5 rooms or 3 logging configurations per second. */
  readonly readEvery: number;
  decode(resourceProperties: { readonly [name: string]: unknown }): { properties: Desired; problems: Problem[] };
  create(client: IvschatClient, desired: Desired): Promise<Live>;
  /** @throws ResourceNotFoundException */
  read(client: IvschatClient, arn: string): Promise<Live>;
  /** Sends the complete desired state, independent of the former state. */
  update(client: IvschatClient, arn: string, desired: Desired): Promise<Live>;
  /** @throws ResourceNotFoundException, or ConflictException if the resource is in use. */
  remove(client: IvschatClient, arn: string): Promise<void>;
  /** Returns the resources of the name from all pages, and other resources if the service cannot filter by name. */
  list(client: IvschatClient, name: string): Promise<Live[]>;
  /** The names of the settings that differ from the desired ones. Tags are not compared. */
  differences(live: Live, desired: Desired): string[];
}

export type Tags = { readonly [key: string]: string };

/** One resource as the service shows it. */
export interface Live {
  readonly arn: string;
  readonly id: string;
  readonly name?: string;
  readonly tags: Tags;
  /** In milliseconds since 1970. */
  readonly createTime: number;
  readonly updateTime: number;
  /** The state of a logging configuration, such as `CREATING`, `ACTIVE` or `DELETE_FAILED`. */
  readonly state?: string;
  readonly [member: string]: unknown;
}

/** A response without the members that every resource has. It counts as no response. */
export class IncompleteResponseError extends Error {
  override readonly name = 'TimeoutError'; // retried like a lost response
}

interface Response {
  arn?: string;
  id?: string;
  createTime?: Date;
  updateTime?: Date;
  tags?: Record<string, string>;
  name?: string;
  state?: string;
}

/** Returns the resources on a page of a list. A page without a list is incomplete, not empty. */
export function liveOf(page: readonly Response[] | undefined): Live[] {
  if (!Array.isArray(page)) throw new IncompleteResponseError('the response of the service has no list');
  return page.map(live);
}

/** Returns the resource in a response of the service. */
export function live(response: Response): Live {
  const { arn, id, createTime, updateTime = createTime, tags = {} } = response;
  if (!arn || !id || !createTime) {
    throw new IncompleteResponseError('the response of the service has no arn, id or createTime');
  }
  return { ...response, arn, id, tags, createTime: createTime.getTime(), updateTime: updateTime!.getTime() };
}
