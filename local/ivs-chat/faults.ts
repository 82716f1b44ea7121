import type { Random } from './ids';
import { check, type Problem } from '../../src/contract/check';
import * as contract from '../../src/contract/generated/operations';
import type { StructureShape } from '../../src/contract/shape';

/** The kinds of faults, for the control plane and for messaging. */
export const faultKinds = {
  throttle: 'ThrottlingException, or an ERROR 429',
  serverError: 'InternalServerException, or an ERROR 500',
  lostRequest: 'the connection is reset and the request has no effect',
  lostResponse: 'the request takes effect, and then the connection is reset',
  latency: 'the request takes `milliseconds` longer',
  expiredToken: 'the credentials, or the chat token at CONNECT, are treated as expired',
  permissionNotPropagated: 'a message review handler is rejected: invalid lambda permission',
  reviewFailed: 'the message review handler fails, and the fallback result of the room applies',
  reviewTimedOut: 'the message review handler does not answer within 200 ms, and the fallback result applies',
} as const;
export type FaultKind = keyof typeof faultKinds;

/** The operations and actions that a fault can affect. */
export const faultOperations: readonly string[] = [
  ...Object.values(contract).map(({ name }) => name),
  'CONNECT',
  'SEND_MESSAGE',
  'DELETE_MESSAGE',
  'DISCONNECT_USER',
];

/** A fault to inject. */
export interface Fault {
  readonly kind: FaultKind;
  /** An operation (`CreateRoom`), an action (`SEND_MESSAGE`) or `CONNECT`. @default - all */
  readonly operation?: string;
  /** The number of occurrences. @default - until the fault is removed */
  readonly times?: number;
  /** The probability of each occurrence, from 0 to 1. @default 1 */
  readonly probability?: number;
  /** The additional latency of `latency`, in milliseconds. @default 1000 */
  readonly milliseconds?: number;
}

const shape: StructureShape = {
  type: 'structure',
  members: {
    kind: { type: 'string', values: Object.keys(faultKinds) },
    operation: { type: 'string', values: faultOperations },
    times: { type: 'integer', minimum: 1 },
    milliseconds: { type: 'integer', minimum: 0, maximum: 600_000 },
  },
  required: ['kind'],
};

/** Returns the problems of a fault, such as an unknown operation. */
export function faultProblems(fault: Fault): Problem[] {
  const { probability } = fault;
  const isProbability = probability === undefined || (probability >= 0 && probability <= 1);
  return [
    ...check(shape, fault),
    ...(isProbability ? [] : [{ path: 'probability', message: `must be between 0 and 1, got ${probability}` }]),
  ];
}

/** The active faults. */
export class Faults {
  private readonly active = new Map<number, { fault: Fault; left: number }>();
  private lastId = 0;

  constructor(private readonly random: Random) {}

  /** Adds a fault and returns its ID. @throws RangeError if the fault is not valid. */
  add(fault: Fault): number {
    const problems = faultProblems(fault);
    if (problems.length) {
      throw new RangeError(
        `Not a valid fault: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
      );
    }
    this.active.set(++this.lastId, { fault, left: fault.times ?? Infinity });
    return this.lastId;
  }

  remove(id: number): boolean {
    return this.active.delete(id);
  }

  clear(): void {
    this.active.clear();
  }

  list(): (Fault & { readonly id: number })[] {
    return [...this.active].map(([id, { fault, left }]) => ({
      ...fault,
      id,
      times: left === Infinity ? undefined : left,
    }));
  }

  /** Returns an active fault of this kind, and counts it as an occurrence. */
  take(kind: FaultKind, operation?: string): Fault | undefined {
    if (this.active.size === 0) return undefined;
    for (const [id, entry] of this.active) {
      const { fault } = entry;
      if (
        fault.kind !== kind
        || (fault.operation !== undefined && operation !== undefined && fault.operation !== operation)
      ) {
        continue;
      }
      if (fault.probability !== undefined && this.random(1)[0]! / 256 >= fault.probability) continue;
      if (--entry.left <= 0) this.active.delete(id);
      return fault;
    }
    return undefined;
  }
}
