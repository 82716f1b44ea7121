import { allows, type PolicyDocument } from '../../../../local/allows';
import type { Authorize } from '../world/ivs-chat';

/**
 * The permissions of a provider, by the very policy that the constructs synthesize. Decisions are remembered by what the
 * policy can see: the ids of resources and requests make no difference to it, unless it names them.
 */
export function permissionsOf(documents: readonly PolicyDocument[], denied?: string): Authorize {
  const deny = denied === undefined ? [] : [{ Statement: { Effect: 'Deny', Action: denied, Resource: '*' } }];
  const allowed = allows([...documents, ...deny]);
  const text = JSON.stringify(documents);
  const decisions = new Map<string, boolean>();
  return (action, resource, context) => {
    const isNamed = text.includes(`"${resource}"`) || !resource.startsWith('arn:aws:ivschat:');
    const arn = isNamed ? resource : resource.replace(/\/[^/*]+$/, '/id');
    const seen: Record<string, string | string[]> = {};
    for (const [key, value] of Object.entries(context)) {
      if (text.includes(`"${key}"`)) seen[key] = typeof value === 'string' ? value.replace(/\/.*$/s, '/rest') : value;
    }
    const key = JSON.stringify([action, arn, seen]);
    let decision = decisions.get(key);
    if (decision === undefined) decisions.set(key, decision = allowed(action, arn, seen));
    return decision;
  };
}
