import { Resource, Stack, Token } from 'aws-cdk-lib';
import type { IEnvironmentAware, ResourceEnvironment } from 'aws-cdk-lib/interfaces';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { isLookup, isUnknown } from './validate';
import { regions } from '../contract/regions';

/** The properties that determine the Region of a resource. */
export interface RegionProps {
  readonly region?: string;
  /** The existing resource to adopt. */
  readonly existing?: IEnvironmentAware;
}

/**
 * Returns the Region of a resource, or undefined if the resource is in the Region of its stack.
 *
 * Throws if Amazon IVS Chat is not available in the Region. If the Region of the stack is not known at synthesis, the
 * custom resource checks it.
 */
export function regionOf(scope: Construct, id: string, { region, existing }: RegionProps): string | undefined {
  const stack = Stack.of(scope);
  const at = `(at ${scope.node.path}/${id})`;
  const available = regions.join(', ');
  if (Token.isUnresolved(region)) {
    throw new Error(`\`region\` must be known at synthesis, got a token; set it to one of ${available} ${at}`);
  }

  // The CDK CLI synthesizes again with the Region.
  if (isLookup(region)) return region;

  const adopted = existing && !Token.isUnresolved(existing.env.region) ? existing.env.region : undefined;
  if (region && adopted && region !== adopted) {
    throw new Error(`\`region\` must be ${JSON.stringify(adopted)}, the Region of the existing resource,`
      + ` got ${JSON.stringify(region)}; leave out \`region\` ${at}`);
  }
  const given = region ?? adopted;
  if (given !== undefined && !isAvailable(given)) {
    throw new Error(`\`region\` must be one of ${available}, got ${JSON.stringify(given)} ${at}`);
  }

  // RegionInfo loads the facts of all Regions, so it is used only for an error.
  if (Token.isUnresolved(stack.region) || isAvailable(stack.region)) return given;
  const { partition } = RegionInfo.get(stack.region);
  if (partition !== undefined && partition !== 'aws') {
    throw new Error(`Amazon IVS Chat is not available in the partition ${partition} of the stack's Region`
      + ` ${JSON.stringify(stack.region)}; deploy the stack to one of ${available} ${at}`);
  }
  if (given === undefined) {
    throw new Error(`Amazon IVS Chat is not available in the stack's Region ${JSON.stringify(stack.region)};`
      + ` set \`region\` to one of ${available} ${at}`);
  }
  return given;
}

function isAvailable(region: string): boolean {
  return (regions as readonly string[]).includes(region);
}

/** Returns the environment of a resource, or the environment of the stack for any other construct. */
export function environmentOf(scope: Construct): ResourceEnvironment {
  if (Resource.isResource(scope)) return scope.env;
  const { account, region } = Stack.of(scope);
  return { account, region };
}

/**
 * Throws if another resource is known to be in a different account or Region than the scope.
 *
 * @param subject The subject of the error message, for example "the bucket of `destination`".
 */
export function validateSameEnvironment(scope: Construct, subject: string, other: IEnvironmentAware): void {
  const expected = environmentOf(scope);
  const words = { region: 'Region', account: 'account' } as const;
  for (const part of ['region', 'account'] as const) {
    if (isUnknown(expected[part]) || isUnknown(other.env[part])) continue;
    if (expected[part] !== other.env[part]) {
      throw new Error(`${subject} must be in the same ${words[part]} as ${scope.node.path} (${expected[part]}),`
        + ` got ${other.env[part]}`);
    }
  }
}
