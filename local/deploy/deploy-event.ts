import type { StackEvent } from './engine/stack';

/** What goes on in a local deployment, for showing progress. Nothing here holds a secret of the local service's own. */
export type DeployEvent =
  | { readonly kind: 'stack'; readonly event: StackEvent }
  | { readonly kind: 'function-output'; readonly functionName: string; readonly line: string }
  | { readonly kind: 'request'; readonly service: string; readonly operation: string; readonly statusCode: number; readonly errorCode?: string };
