import type { Fault } from '../../faults';
import { sendToServer } from './service-requests';

/** A fault that one switch turns on. */
export interface FaultSwitch {
  readonly title: string;
  /** The effect while it is on. */
  readonly effect: string;
  readonly fault: Fault;
  /** Performed after the fault is added. */
  readonly then?: () => Promise<unknown>;
}

export const faultSwitches: readonly FaultSwitch[] = [
  {
    title: 'Throttle',
    effect: 'Every request gets 429, in the control plane, in messaging and at the handshake.',
    fault: { kind: 'throttle' },
  },
  {
    title: 'Slow 2 s',
    effect: 'Every request and every handshake takes 2 seconds longer.',
    fault: { kind: 'latency', milliseconds: 2000 },
  },
  {
    title: 'Drop everyone',
    effect: 'All connections end without a close frame, and no client can connect.',
    fault: { kind: 'lostRequest', operation: 'CONNECT' },
    then: () => sendToServer('POST', 'drop-connections', {}),
  },
  {
    title: 'Review down',
    effect: 'Message review handlers fail, and the fallback result of each room applies.',
    fault: { kind: 'reviewFailed' },
  },
  {
    title: 'Expire tokens',
    effect: 'Every chat token is expired at the handshake.',
    fault: { kind: 'expiredToken', operation: 'CONNECT' },
  },
];

const isSame = (a: Fault, b: Fault) =>
  a.kind === b.kind && a.operation === b.operation && a.milliseconds === b.milliseconds
  && a.times === undefined && a.probability === undefined;

/** Returns the active fault of a switch. */
export const activeFaultOf = <T extends Fault>({ fault }: FaultSwitch, active: readonly T[]) =>
  active.find((other) => isSame(other, fault));

/** Describes an active fault. */
export function faultTitle(fault: Fault): string {
  const known = faultSwitches.find((other) => isSame(fault, other.fault));
  return known?.title ?? `${fault.kind} of ${fault.operation ?? 'all requests'}`;
}

export async function turnOn({ fault, then }: FaultSwitch): Promise<void> {
  await sendToServer('POST', 'faults', fault);
  await then?.();
}

export const removeFault = (id: number) => sendToServer('DELETE', `faults/${id}`);

export const removeAllFaults = () => sendToServer('DELETE', 'faults');
