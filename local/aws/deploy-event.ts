import type { StackEvent } from './cloudformation/engine/stack';

/** A record of the progress of a local deployment. It contains no secrets of the local service. */
export type DeployEvent =
  | { readonly kind: 'stack'; readonly event: StackEvent }
  | { readonly kind: 'function-output'; readonly functionName: string; readonly line: string }
  | {
    readonly kind: 'request';
    readonly service: string;
    readonly operation: string;
    readonly statusCode: number;
    readonly errorCode?: string;
  };
