import { allows, type PolicyDocument } from '../../../../local/aws/iam/policy-evaluation';
import type { Authorize } from './ivs-chat';

/** The ARN of the adopted resource in the policies. */
export const ADOPTED_ARN = 'arn:aws:ivschat:us-west-2:123456789012:room/ADOPTED00000';
/** The unique id of the stack in the policies. */
export const POLICY_STACK_UUID = '1a1b2c30-0000-1111-2222-333344445555';

/** Returns the permissions of the provider of a stack. All stacks share policies that are synthesized once. */
export function permissionsOfStack(policies: string, uuid: string, denied?: string): Authorize {
  const ofStack = policies.replaceAll(POLICY_STACK_UUID, uuid).replaceAll(':stack/chat/', ':stack/*/');
  return permissionsOf(JSON.parse(ofStack) as PolicyDocument[], denied);
}

/**
 * Returns the permissions of a provider from the policy that the constructs synthesize. Decisions are cached without
 * the ids of resources and requests, unless the policy names them.
 */
function permissionsOf(documents: readonly PolicyDocument[], denied?: string): Authorize {
  const deny = denied === undefined ? [] : [{ Statement: { Effect: 'Deny', Action: denied, Resource: '*' } }];
  const allowed = allows([...documents, ...deny]);
  // Everything that a policy can name: condition keys and resources.
  const named = new Set(JSON.stringify(documents).match(/(?<=")(aws|arn):[^"]*(?=")/g));
  const decisions = new Map<string, boolean>();
  return (action, resource, context) => {
    const isNamed = named.has(resource) || !resource.startsWith('arn:aws:ivschat:');
    const arn = isNamed ? resource : resource.replace(/\/[^/*]*$/, '/id');
    const seen: Record<string, string | string[]> = {};
    let key = `${action} ${arn}`;
    for (const [name, value] of Object.entries(context)) {
      if (!named.has(name)) continue;
      seen[name] = typeof value === 'string' ? value.replace(/\/.*$/s, '/rest') : value;
      key += ` ${name}=${String(seen[name])}`;
    }
    let decision = decisions.get(key);
    if (decision === undefined) decisions.set(key, decision = allowed(action, arn, seen));
    return decision;
  };
}
