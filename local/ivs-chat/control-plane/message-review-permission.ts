import { allows, statementsFor } from '../../aws/iam/policy-evaluation';

/** The resource-based policy of a Lambda function, as lambda:GetPolicy returns it. */
export interface FunctionPolicy {
  readonly Statement: readonly FunctionPolicyStatement[];
}

export interface FunctionPolicyStatement {
  readonly Effect: string;
  readonly Principal: string | { readonly [kind: string]: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}

/** Returns whether the policy allows Amazon IVS Chat to invoke the function for this room. */
export function mayInvoke(policy: FunctionPolicy, roomArn: string): boolean {
  // The policy belongs to one function, so its resource does not matter.
  const statements = statementsFor(policy.Statement, ['ivschat.amazonaws.com']).map(
    ({ Effect, Action, Condition }) => ({ Effect, Action, Condition, Resource: '*' }),
  );
  const context = { 'aws:SourceArn': roomArn, 'aws:SourceAccount': roomArn.split(':')[4]! };
  return allows([{ Statement: statements }])('lambda:InvokeFunction', '*', context);
}
