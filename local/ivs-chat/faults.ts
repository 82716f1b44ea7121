import type { Random } from './ids';
import { check, type Problem } from '../../src/contract/check';
import * as contract from '../../src/contract/operations';
import type { StructureShape } from '../../src/contract/shape';

/** What can go wrong on demand, in the control plane and in messaging alike. */
export const faultKinds = {
  throttle: 'ThrottlingException, or an ERROR 429',
  serverError: 'InternalServerException, or an ERROR 500',
  lostRequest: 'the connection is reset and nothing is done',
  lostResponse: 'it is done, and then the connection is reset',
  latency: 'it takes `milliseconds` longer',
  expiredToken: 'the credentials, or the chat token at CONNECT, are taken for expired',
  permissionNotPropagated: 'a message review handler is refused: invalid lambda permission',
} as const;
export type FaultKind = keyof typeof faultKinds;

/** What a fault can strike: an operation, connecting, an action. */
export const faultOperations: readonly string[] = [...Object.values(contract).map(({ name }) => name), 'CONNECT', 'SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'];

/** A fault to inject. */
export interface Fault {
  readonly kind: FaultKind;
  /** An operation (`CreateRoom`), an action (`SEND_MESSAGE`) or `CONNECT`. Default: all. */
  readonly operation?: string;
  /** How often, after which it is gone. Default: until it is removed. */
  readonly times?: number;
  /** 0 to 1. Default: 1. */
  readonly probability?: number;
  /** For `latency`. Default: 1000. */
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

/** What is wrong with a fault: one for an operation that there is not would never happen. */
export function faultProblems(fault: Fault): Problem[] {
  const { probability } = fault;
  const isProbability = probability === undefined || (probability >= 0 && probability <= 1);
  return [...check(shape, fault), ...(isProbability ? [] : [{ path: 'probability', message: `must be between 0 and 1, got ${probability}` }])];
}

/** The faults to inject: each request asks for its own. */
export class Faults {
  private readonly active = new Map<number, { fault: Fault; left: number }>();
  private lastId = 0;

  constructor(private readonly random: Random) {}

  /** @returns the id to remove it by. @throws when the fault is none. */
  add(fault: Fault): number {
    const problems = faultProblems(fault);
    if (problems.length) throw new RangeError(`Not a fault: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`);
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
    return [...this.active].map(([id, { fault, left }]) => ({ ...fault, id, times: left === Infinity ? undefined : left }));
  }

  /** The fault of this kind that is due, counted as having happened. */
  take(kind: FaultKind, operation?: string): Fault | undefined {
    if (this.active.size === 0) return undefined;
    for (const [id, entry] of this.active) {
      const { fault } = entry;
      if (fault.kind !== kind || (fault.operation !== undefined && operation !== undefined && fault.operation !== operation)) continue;
      if (fault.probability !== undefined && this.random(1)[0]! / 256 >= fault.probability) continue;
      if (--entry.left <= 0) this.active.delete(id);
      return fault;
    }
    return undefined;
  }
}
