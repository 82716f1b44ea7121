import { createHash } from 'node:crypto';
import type { CustomResourceEvent } from './event';
import type { Tags } from './resource-kind';
import { ownershipTags } from '../../src/contract/ownership-tags';

/** Returns the unique id of the stack, the last part of its ARN. A stack that is created again gets another id. */
export function stackUuid({ StackId }: Pick<CustomResourceEvent, 'StackId'>): string {
  return StackId.split('/').at(-1)!;
}

/** Returns the value of the owner tag, which is unique across all stacks and logical ids. */
export function owner(event: Pick<CustomResourceEvent, 'StackId' | 'LogicalResourceId'>): string {
  return `${stackUuid(event)}/${hash(`${event.StackId}|${event.LogicalResourceId}`)}`;
}

/**
 * Returns the name of a resource that has no name in the template. Every request gets the same name, of at most 128
 * letters, digits and hyphens.
 */
export function defaultName(event: CustomResourceEvent): string {
  const stack = event.StackId.split('/')[1] ?? 'stack';
  const readable = `${stack}-${event.LogicalResourceId}`.replace(/[^a-zA-Z0-9-]/g, '').slice(0, 119);
  return `${readable}-${owner(event).split('/')[1]!.slice(0, 8)}`;
}

/** Returns the id of the request for tags and physical ids, which limit its characters and length. */
export function requestKey({ RequestId }: Pick<CustomResourceEvent, 'RequestId'>): string {
  return /^[\w-]{1,64}$/.test(RequestId) ? RequestId : hash(RequestId);
}

/** The request that created a resource, and the name that the resource had then. */
export interface CreatedBy {
  readonly request: string;
  /** In the basic format of ISO 8601. */
  readonly requestedAt: string;
  readonly name: string;
}

/**
 * Reads the tag `created-by`. Returns undefined for a resource that this library did not create, or that has lost the
 * tag.
 */
export function createdBy(tags: Tags): CreatedBy | undefined {
  const [, request, requestedAt, name] = (tags[ownershipTags.createdBy] ?? '').split('/');
  return request && requestedAt && name && request !== '-' ? { request, requestedAt, name } : undefined;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
