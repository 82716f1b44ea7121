import type { Probe } from './probe';
import { clocks } from './probes/clocks';
import { conformance } from './probes/conformance';
import { create, ends, updates } from './probes/lives';
import { logging } from './probes/logging';
import { messaging, sessionEnd } from './probes/messaging';
import { freshPermissions, permissions } from './probes/permissions';
import { requests } from './probes/requests';
import { rooms } from './probes/rooms';

/** All probes in order. The probes between the creation and the end of the main stack use that stack. */
export const probes: readonly Probe[] = [
  create,
  ...logging,
  ...permissions,
  ...requests,
  ...messaging,
  ...rooms,
  conformance,
  ...updates,
  ...freshPermissions,
  ...clocks,
  ...ends,
  sessionEnd,
];
