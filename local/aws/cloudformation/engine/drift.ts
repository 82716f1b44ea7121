import { isDeepStrictEqual } from 'node:util';
import { resourceContext, type ResourceWorld } from './remove-resources';
import type { Properties } from '../resource-handler';
import type { Stack, StackResource } from './stack';

export interface PropertyDifference {
  readonly PropertyPath: string;
  readonly ExpectedValue: string;
  readonly ActualValue: string;
  readonly DifferenceType: 'ADD' | 'REMOVE' | 'NOT_EQUAL';
}

/** The drift of a resource: its differences from the properties of the template. */
export interface ResourceDrift {
  readonly resource: StackResource;
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED';
  readonly expected: Properties;
  /** Undefined if the resource does not exist. */
  readonly actual?: Properties;
  readonly differences: readonly PropertyDifference[];
}

/**
 * Returns the drift of the resources of a stack. As on AWS, only the properties of the template are compared, and
 * resource types without drift detection, such as custom resources, are left out.
 */
export async function detectDrift(stack: Stack, world: ResourceWorld): Promise<ResourceDrift[]> {
  const drifts: ResourceDrift[] = [];
  for (const resource of stack.resources.values()) {
    const { read } = world.handler(resource.type);
    if (!resource.state || !read) continue;
    const expected = resource.state.properties;
    const context = resourceContext(stack, world, resource, new AbortController().signal);
    const actual = (await read(context, resource.state.physicalId))?.properties;
    const differences = actual ? differencesOf(expected, actual) : [];
    const status = differences.length ? 'MODIFIED' : 'IN_SYNC';
    drifts.push({ resource, status: actual ? status : 'DELETED', expected, actual, differences });
  }
  return drifts;
}

function differencesOf(expected: Properties, actual: Properties, path = ''): PropertyDifference[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const [before, after] = [value, actual[name]].map(comparable);
    if (isDeepStrictEqual(before, after)) return [];
    const at = `${path}/${name}`;
    if (isObject(before) && isObject(after)) return differencesOf(before, after, at);
    return {
      PropertyPath: at,
      ExpectedValue: text(before),
      ActualValue: text(after),
      DifferenceType: after === undefined ? 'REMOVE' : 'NOT_EQUAL',
    };
  });
}

/** The lists of these resource types have no order, and templates contain numbers as text or as numbers. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable).sort((one, other) => text(one).localeCompare(text(other)));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value) ?? 'null');
