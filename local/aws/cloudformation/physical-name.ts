import { randomBytes } from 'node:crypto';
import type { ResourceContext } from './resource-handler';

/** Generates a physical name as CloudFormation does, `<stack>-<logical ID>-<random>`, truncated to fit. */
export function physicalName({ stackName, logicalId }: ResourceContext, maximumLength = 64): string {
  const suffix = randomBytes(16)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase()
    .padEnd(12, 'X')
    .slice(0, 12);
  const room = maximumLength - suffix.length - 2;
  const half = Math.floor(room / 2);
  const stack = stackName.slice(0, Math.max(half, room - logicalId.length));
  return `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
}
