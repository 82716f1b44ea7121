import { Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { regions } from '../contract/regions';

/** The properties that determine the Region of a resource. */
export interface RegionProps {
  readonly region?: string;
  /** The existing resource to adopt. */
  readonly existing?: IEnvironmentAware;
}

/**
 * The Region that a resource asks for, or nothing if it is to live where its stack does.
 *
 * Throws where there is no Amazon IVS Chat. A stack that does not know its Region is left to the custom resource.
 */
export function regionOf(scope: Construct, id: string, { region, existing }: RegionProps): string | undefined {
  const stack = Stack.of(scope);
  const at = `(at ${scope.node.path}/${id})`;
  const offered = `Amazon IVS Chat is offered in ${regions.join(', ')}`;
  if (Token.isUnresolved(region)) {
    throw new Error(`\`region\` must be known at synthesis, got a token; ${offered} ${at}`);
  }
  const adopted = existing && !Token.isUnresolved(existing.env.region) ? existing.env.region : undefined;
  if (region && adopted && region !== adopted) {
    throw new Error(`\`region\` must be ${JSON.stringify(adopted)}, the Region of the existing resource,`
      + ` got ${JSON.stringify(region)}; leave out \`region\` ${at}`);
  }
  const given = region ?? adopted;
  if (given !== undefined && !(regions as readonly string[]).includes(given)) {
    throw new Error(`\`region\` must be one of ${regions.join(', ')}, got ${JSON.stringify(given)} ${at}`);
  }
  if (Token.isUnresolved(stack.region)) return given;
  const { partition } = RegionInfo.get(stack.region);
  if (partition !== undefined && partition !== 'aws') {
    throw new Error(`Amazon IVS Chat is not offered in the partition ${partition}, to which the stack's Region ${stack.region} belongs; ${offered} ${at}`);
  }
  if (given === undefined && !(regions as readonly string[]).includes(stack.region)) {
    throw new Error(`Amazon IVS Chat is not offered in the stack's Region ${JSON.stringify(stack.region)}; set \`region\` to one of ${regions.join(', ')} ${at}`);
  }
  return given;
}

/** Throws when what the service wants in the resource's own account and Region is known to be elsewhere. */
export function mustBeWhere(scope: Construct & IEnvironmentAware, what: string, other: IEnvironmentAware): void {
  for (const place of ['region', 'account'] as const) {
    if (Token.compareStrings(scope.env[place], other.env[place]) === TokenComparison.DIFFERENT) {
      throw new Error(`${what} must be in the same ${place} as ${scope.node.path} (${scope.env[place]}), got ${other.env[place]}`);
    }
  }
}
