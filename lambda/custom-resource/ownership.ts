import { createHash } from 'node:crypto';
import type { CustomResourceEvent } from './event';

/** Names the stack's resource for ever: two stacks, or two incarnations of one stack name, never share it. */
export function owner({ StackId, LogicalResourceId }: CustomResourceEvent): string {
  const hash = createHash('sha256').update(`${StackId}|${LogicalResourceId}`).digest('hex').slice(0, 32);
  return `${StackId.split('/').at(-1)}/${hash}`;
}

/** A name for what the user gave none: the same in every delivery of the request. At most 128 letters, digits and `-`. */
export function defaultName(event: CustomResourceEvent): string {
  const stack = event.StackId.split('/')[1] ?? 'stack';
  const readable = `${stack}-${event.LogicalResourceId}`.replace(/[^a-zA-Z0-9-]/g, '').slice(0, 119);
  return `${readable}-${owner(event).split('/')[1]!.slice(0, 8)}`;
}
